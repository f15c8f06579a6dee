package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What a tenant has with the services by which its people are told outside the app. Side documents: an account by
// channel, and by person what they are called in the channels that have names of their own.
const (
	channelAccounts  = "channelAccount" // channel → keptAccount
	channelAddresses = "channelAddress" // user → keptAddresses
)

// Vault seals what a tenant keeps secret, so that nobody reads it out of the tenant's data alone.
type Vault interface {
	// Seal seals. Faults: Unavailable "secret.noKey" where there is nothing to seal with.
	Seal(plain []byte) ([]byte, error)
	// Open returns what was sealed. Faults: Unavailable "secret.sealed" where it was sealed for another tenant, or by
	// another key.
	Open(sealed []byte) ([]byte, error)
}

// keptAccount is an account as it lies in the store.
type keptAccount struct {
	On       bool            `json:"on"`
	Usual    notify.Way      `json:"usual"`
	Settings json.RawMessage `json:"settings"`
	// Sealed is the secret, or of one that needs none nothing: it ties the account to this tenant, so that a copy of the
	// tenant tells nobody outside.
	Sealed    []byte `json:"sealed,omitempty"`
	HasSecret bool   `json:"hasSecret,omitempty"`

	By value.ID  `json:"by"`
	At time.Time `json:"at"`

	revision int64
}

// ChannelView is a channel as administrators see it.
type ChannelView struct {
	Channel  notify.Channel
	On       bool            // messages go by it
	Usual    notify.Way      // how they do where nobody has said otherwise
	Settings json.RawMessage // "{}" while nobody has written any
	Secret   bool            // there is one
	Waiting  int             // messages that are to leave, up to 100
	Version  int64           // 0: nobody has written it yet
	By       value.ID
	At       time.Time
}

// ChannelOrder is what an administrator makes of a channel.
type ChannelOrder struct {
	On       bool
	Usual    notify.Way
	Settings json.RawMessage
	Secret   *string // nil: the one that is kept, which goes with the settings it was given for and no others
}

// ChannelList lists the channels that can be used here. Faults: Forbidden "access.admin".
func (e *Engine) ChannelList(ctx context.Context, actor value.Actor) ([]ChannelView, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	var out []ChannelView
	for _, channel := range notify.Channels() {
		if e.config.Carriers[channel] == nil {
			continue
		}
		account, err := e.account(ctx, e.config.Store, channel)
		if err != nil {
			return nil, err
		}
		view, err := e.channelView(ctx, channel, account)
		if err != nil {
			return nil, err
		}
		out = append(out, view)
	}
	return out, nil
}

func (e *Engine) channelView(ctx context.Context, channel notify.Channel, a keptAccount) (ChannelView, error) {
	const most = 100
	waiting, err := e.post.Waiting(ctx, string(channel), most)
	return ChannelView{
		Channel: channel, On: a.On, Usual: a.Usual, Settings: a.Settings, Secret: a.HasSecret, Waiting: waiting,
		Version: a.revision, By: a.By, At: a.At,
	}, err
}

func (e *Engine) account(ctx context.Context, from store.Side, channel notify.Channel) (keptAccount, error) {
	item, err := from.Load(ctx, channelAccounts, string(channel))
	if fault.KindOf(err) == fault.NotFound {
		return keptAccount{Usual: notify.Now, Settings: json.RawMessage("{}")}, nil
	}
	a := keptAccount{revision: item.Revision}
	if err == nil {
		err = readItem(channelAccounts, item, &a)
	}
	return a, fault.Wrap("engine.account", err)
}

// carrier is the one of a channel. Faults: NotFound "channel.unknown".
func (e *Engine) carrier(channel notify.Channel) (notify.Carrier, error) {
	carrier := e.config.Carriers[channel]
	if carrier == nil {
		return nil, fault.New(fault.NotFound, "channel.unknown").In("engine.channel").With("channel", string(channel))
	}
	return carrier, nil
}

// PutChannel writes what a tenant has with the service of a channel, in place of that version. Faults: Forbidden
// "access.admin", NotFound "channel.unknown", Conflict "channel.stale", Invalid with issues, "channel.secretAgain"
// among them.
func (e *Engine) PutChannel(ctx context.Context, actor value.Actor, channel notify.Channel, version int64, order ChannelOrder) (ChannelView, error) {
	const op = "engine.putChannel"
	if err := access.Administer(actor); err != nil {
		return ChannelView{}, err
	}
	carrier, err := e.carrier(channel)
	if err != nil {
		return ChannelView{}, err
	}
	was, err := e.account(ctx, e.config.Store, channel)
	if err != nil {
		return ChannelView{}, err
	}
	if was.revision != version {
		return ChannelView{}, fault.New(fault.Conflict, "channel.stale").In(op)
	}
	secret, err := e.secretFor(was, order)
	if err != nil {
		return ChannelView{}, err
	}
	if !slices.Contains(notify.Ways(), order.Usual) {
		return ChannelView{}, fault.Issues{{Path: "/usual", Code: "notification.way", Args: fault.Args{"way": string(order.Usual)}}}.Fault(op, "record.invalid")
	}
	if order.On { // one that is off may be what it is
		if err := carrier.Check(notify.Account{Settings: order.Settings, Secret: secret}); err != nil {
			return ChannelView{}, err
		}
	}
	next := keptAccount{On: order.On, Usual: order.Usual, Settings: order.Settings, By: actor.Key(), At: e.config.Clock().UTC()}
	if next.Sealed, next.HasSecret, err = e.sealedFor(was, order, secret); err != nil {
		return ChannelView{}, fault.Wrap(op, err)
	}
	if err := e.keepAccount(ctx, channel, version, was, next); err != nil {
		return ChannelView{}, fault.Wrap(op, err)
	}
	next.revision = version + 1
	return e.channelView(ctx, channel, next)
}

// secretFor is the secret that goes with an order: what is kept is for the host that it was given for, and whoever names
// another must have it themselves.
func (e *Engine) secretFor(was keptAccount, order ChannelOrder) (string, error) {
	if order.Secret != nil {
		return *order.Secret, nil
	}
	if !was.HasSecret {
		return "", nil
	}
	if !sameJSON(was.Settings, order.Settings) {
		return "", fault.Issues{{Path: "/secret", Code: "channel.secretAgain"}}.Fault("engine.putChannel", "record.invalid")
	}
	if !order.On {
		return "", nil // nor need it open
	}
	plain, err := e.config.Vault.Open(was.Sealed)
	return string(plain), err
}

// sealedFor is what is kept of the secret that goes with an order.
func (e *Engine) sealedFor(was keptAccount, order ChannelOrder, secret string) (sealed []byte, hasSecret bool, err error) {
	if order.Secret == nil && was.HasSecret {
		return was.Sealed, true, nil
	}
	if !order.On && secret == "" {
		return nil, false, nil
	}
	sealed, err = e.config.Vault.Seal([]byte(secret))
	return sealed, secret != "", err
}

func sameJSON(a, b json.RawMessage) bool {
	var left, right bytes.Buffer
	return json.Compact(&left, a) == nil && json.Compact(&right, b) == nil && bytes.Equal(left.Bytes(), right.Bytes())
}

func (e *Engine) keepAccount(ctx context.Context, channel notify.Channel, version int64, was, next keptAccount) error {
	body, err := json.Marshal(next)
	if err != nil {
		return err
	}
	note := audit.Entry{
		At: next.At, Actor: next.By, Op: audit.ChannelChanged, Target: string(channel),
		Changes: []audit.Change{
			{Part: "on", From: was.On, To: next.On}, {Part: "usual", From: was.Usual, To: next.Usual},
			{Part: "settings", From: was.Settings, To: next.Settings},
			{Part: "secret", From: digestOf(was.Sealed), To: digestOf(next.Sealed)},
		},
	}
	note.Changes = slices.DeleteFunc(note.Changes, func(c audit.Change) bool { return sameValue(c.From, c.To) })
	noteID := e.config.NewID()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, channelAccounts, store.Item{Key: string(channel), Body: body}, version); err != nil {
			return err
		}
		return audit.Write(ctx, tx, noteID, note)
	})
	if fault.CodeOf(err) == "store.stale" {
		return fault.New(fault.Conflict, "channel.stale").Because(err)
	}
	return err
}

// digestOf tells one sealed secret from another and nothing else of it.
func digestOf(sealed []byte) any {
	if len(sealed) == 0 {
		return nil
	}
	return shortHash(string(sealed))
}

func sameValue(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}

// opened is an account with its secret, as a carrier wants it.
func (e *Engine) opened(a keptAccount) (notify.Account, error) {
	out := notify.Account{Settings: a.Settings}
	if len(a.Sealed) == 0 && !a.On {
		return out, nil
	}
	plain, err := e.config.Vault.Open(a.Sealed)
	out.Secret = string(plain)
	return out, err
}

// TestChannel sends the asker a message by a channel, whether it is on or not. Faults: Forbidden "access.admin",
// NotFound "channel.unknown", Invalid "channel.noAddress", those of the carrier.
func (e *Engine) TestChannel(ctx context.Context, actor value.Actor, channel notify.Channel) error {
	const op = "engine.testChannel"
	if err := access.Administer(actor); err != nil {
		return err
	}
	carrier, err := e.carrier(channel)
	if err != nil {
		return err
	}
	account, err := e.account(ctx, e.config.Store, channel)
	if err != nil {
		return err
	}
	to, err := e.addressOf(ctx, actor.User, channel)
	if err != nil {
		return err
	}
	if to == "" {
		return fault.New(fault.Invalid, "channel.noAddress").In(op)
	}
	open, err := e.opened(account)
	if err != nil {
		return fault.Wrap(op, err)
	}
	m := e.testMessage(actor.Locale)
	m.To = to
	return fault.Wrap(op, carrier.Carry(ctx, open, m))
}

// testMessage says when it was made: services that drop a repeat of the words would drop the second test.
func (e *Engine) testMessage(locale string) notify.Message {
	return notify.Message{
		Key: "t-" + string(e.config.NewID()), Link: e.config.Home, Subject: e.config.Texts.Text(locale, "channel.testSubject", nil),
		Text: e.config.Texts.Text(locale, "channel.testText", nil) + "\n" + e.config.Clock().In(e.config.Zone).Format(time.DateTime),
	}
}

// Addresses are what somebody is called in the channels that have names of their own.
type Addresses map[notify.Channel]string

const maxAddress = 200

// isOdd tells of what no id has in it.
func isOdd(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '|' || r == ',' }

// AddressesOf returns somebody's. Faults: Forbidden "access.admin", NotFound "user.unknown".
func (e *Engine) AddressesOf(ctx context.Context, actor value.Actor, user value.ID) (Addresses, error) {
	if err := e.administers(actor, user); err != nil {
		return nil, err
	}
	return e.addresses(ctx, e.config.Store, user)
}

func (e *Engine) administers(actor value.Actor, user value.ID) error {
	if err := access.Administer(actor); err != nil {
		return err
	}
	if _, known := e.config.Org().User(user); !known {
		return fault.New(fault.NotFound, "user.unknown").In("engine.addresses")
	}
	return nil
}

func (e *Engine) addresses(ctx context.Context, from store.Side, user value.ID) (Addresses, error) {
	out := Addresses{}
	item, err := from.Load(ctx, channelAddresses, string(user))
	if fault.KindOf(err) == fault.NotFound {
		return out, nil
	}
	if err == nil {
		err = readItem(channelAddresses, item, &out)
	}
	return out, fault.Wrap("engine.addresses", err)
}

// PutAddresses says anew what somebody is called in channels; mail goes to the address that they have among the people.
// Faults: Forbidden "access.admin", NotFound "user.unknown", Invalid with issues "channel.unknown", "channel.address".
func (e *Engine) PutAddresses(ctx context.Context, actor value.Actor, user value.ID, next Addresses) error {
	const op = "engine.putAddresses"
	if err := e.administers(actor, user); err != nil {
		return err
	}
	var issues fault.Issues
	for _, channel := range slices.Sorted(maps.Keys(next)) {
		text := next[channel]
		switch {
		case channel == notify.Mail || !slices.Contains(notify.Channels(), channel):
			issues.Add("/"+fault.Escape(string(channel)), "channel.unknown", "channel", string(channel))
		case text == "":
			delete(next, channel)
		case len(text) > maxAddress || strings.HasPrefix(text, "@") || strings.ContainsFunc(text, isOdd): // "@all" is everybody
			issues.Add("/"+fault.Escape(string(channel)), "channel.address", "max", maxAddress)
		}
	}
	if err := issues.Fault(op, "record.invalid"); err != nil {
		return err
	}
	body, err := json.Marshal(next)
	if err != nil {
		return fault.Wrap(op, err)
	}
	noteID, now := e.config.NewID(), e.config.Clock().UTC()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		was, err := e.addresses(ctx, tx, user)
		if err != nil {
			return err
		}
		if err := tx.Save(ctx, channelAddresses, store.Item{Key: string(user), Body: body}, store.AnyRevision); err != nil {
			return err
		}
		return audit.Write(ctx, tx, noteID, audit.Entry{
			At: now, Actor: actor.Key(), Op: audit.AddressesChanged, Target: string(user),
			Changes: []audit.Change{{Part: "addresses", From: was, To: next}},
		})
	})
	return fault.Wrap(op, err)
}

// addressOf is what somebody is called in a channel; "" where nobody has said it.
func (e *Engine) addressOf(ctx context.Context, user value.ID, channel notify.Channel) (string, error) {
	if channel == notify.Mail {
		found, _ := e.config.Org().User(user)
		return found.Email, nil
	}
	all, err := e.addresses(ctx, e.config.Store, user)
	return all[channel], err
}
