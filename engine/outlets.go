package engine

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Outlets are places outside that a tenant as such sends to, not to a person: groups in chat services, to which scripts
// speak through a robot, and other systems, which hear what becomes of records by webhooks.

const (
	outlets    = "outlet" // key → keptOutlet
	maxOutlets = 50
	maxName    = 60 // characters
)

var outletKey = regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,39}$`)

// Service is what an outlet is of: that of a channel for a group's robot, or Webhook.
type Service = notify.Channel

// Webhook is the service of other systems.
const Webhook Service = "webhook"

// hookKinds are the events that other systems can hear of.
var hookKinds = []event.Kind{event.RecordCreated, event.RecordChanged, event.RecordDeleted, event.RecordRestored, event.RecordPurged}

// OutletOrder is what an administrator makes of an outlet.
type OutletOrder struct {
	Service  Service         `json:"service"`
	Name     string          `json:"name"` // what people call it
	On       bool            `json:"on"`
	Locale   string          `json:"locale,omitempty"` // the language that a group is spoken to in
	Forms    []value.FormKey `json:"forms,omitempty"`  // of a webhook; none: all
	Events   []event.Kind    `json:"events,omitempty"` // of a webhook
	Settings json.RawMessage `json:"settings"`         // as the carrier knows them
	Secret   *string         `json:"-"`                // nil: the one that is kept, as for channels
}

// OutletView is an outlet as administrators see it.
type OutletView struct {
	Key string
	OutletOrder
	HasSecret bool
	Waiting   int // messages that are to leave, up to 100
	Version   int64
	By        value.ID
	At        time.Time
}

// keptOutlet is an outlet as it lies in the store.
type keptOutlet struct {
	OutletOrder
	Sealed    []byte    `json:"sealed,omitempty"` // as a channel's
	HasSecret bool      `json:"hasSecret,omitempty"`
	By        value.ID  `json:"by"`
	At        time.Time `json:"at"`

	revision int64
}

func (o keptOutlet) account() keptAccount {
	return keptAccount{On: o.On, Settings: o.Settings, Sealed: o.Sealed, HasSecret: o.HasSecret}
}

func outletLane(key string) string { return "outlet-" + key }

func readOutlet(item store.Item) (keptOutlet, error) {
	o := keptOutlet{revision: item.Revision}
	return o, readItem(outlets, item, &o)
}

// outlet reads one. Faults: NotFound "outlet.unknown".
func (e *Engine) outlet(ctx context.Context, from store.Side, key string) (keptOutlet, error) {
	unknown := fault.New(fault.NotFound, "outlet.unknown").In("engine.outlet").With("outlet", key)
	if !outletKey.MatchString(key) {
		return keptOutlet{}, unknown
	}
	item, err := from.Load(ctx, outlets, key)
	if fault.KindOf(err) == fault.NotFound {
		return keptOutlet{}, unknown
	}
	if err != nil {
		return keptOutlet{}, fault.Wrap("engine.outlet", err)
	}
	return readOutlet(item)
}

// Outlets lists all. Faults: Forbidden "access.admin".
func (e *Engine) Outlets(ctx context.Context, actor value.Actor) ([]OutletView, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	items, err := e.config.Store.Scan(ctx, outlets, "", "", maxOutlets)
	if err != nil {
		return nil, fault.Wrap("engine.outlets", err)
	}
	out := make([]OutletView, len(items))
	for n, item := range items {
		one, err := readOutlet(item)
		if err != nil {
			return nil, err
		}
		if out[n], err = e.outletView(ctx, item.Key, one); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *Engine) outletView(ctx context.Context, key string, o keptOutlet) (OutletView, error) {
	const most = 100
	waiting, err := e.post.Waiting(ctx, outletLane(key), most)
	return OutletView{
		Key: key, OutletOrder: o.OutletOrder, HasSecret: o.HasSecret, Waiting: waiting, Version: o.revision, By: o.By, At: o.At,
	}, err
}

// PutOutlet writes an outlet in place of that version, 0 for a new one. Its service stays what it is. Faults: Forbidden
// "access.admin", Conflict "channel.stale", "outlet.tooMany", Malformed "outlet.key", Invalid with issues.
func (e *Engine) PutOutlet(ctx context.Context, actor value.Actor, key string, version int64, order OutletOrder) (OutletView, error) {
	const op = "engine.putOutlet"
	if err := access.Administer(actor); err != nil {
		return OutletView{}, err
	}
	if !outletKey.MatchString(key) {
		return OutletView{}, fault.New(fault.Malformed, "outlet.key").In(op).With("outlet", key)
	}
	was, err := e.outlet(ctx, e.config.Store, key)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return OutletView{}, err
	}
	if was.revision != version {
		return OutletView{}, fault.New(fault.Conflict, "channel.stale").In(op)
	}
	next := keptOutlet{OutletOrder: order, By: actor.Key(), At: e.config.Clock().UTC()}
	if err := e.checkOutlet(was, order).Fault(op, "record.invalid"); err != nil {
		return OutletView{}, err
	}
	same := ChannelOrder{On: order.On, Settings: order.Settings, Secret: order.Secret}
	secret, err := e.secretFor(was.account(), same)
	if err != nil {
		return OutletView{}, err
	}
	if order.On {
		if err := e.config.Outlets[order.Service].Check(notify.Account{Settings: order.Settings, Secret: secret}); err != nil {
			return OutletView{}, err
		}
	}
	if next.Sealed, next.HasSecret, err = e.sealedFor(was.account(), same, secret); err != nil {
		return OutletView{}, fault.Wrap(op, err)
	}
	if err := e.keepOutlet(ctx, key, version, was, next); err != nil {
		return OutletView{}, fault.Wrap(op, err)
	}
	next.revision = version + 1
	return e.outletView(ctx, key, next)
}

func (e *Engine) checkOutlet(was keptOutlet, order OutletOrder) fault.Issues {
	var issues fault.Issues
	if e.config.Outlets[order.Service] == nil || was.revision > 0 && was.Service != order.Service {
		issues.Add("/service", "channel.unknown", "channel", string(order.Service))
	}
	if length := len([]rune(order.Name)); length == 0 || length > maxName {
		issues.Add("/name", "outlet.name", "max", maxName)
	}
	if isHook := order.Service == Webhook; isHook != (len(order.Events) > 0) || !isHook && len(order.Forms) > 0 {
		issues.Add("/events", "outlet.events")
	}
	for _, kind := range order.Events {
		if !slices.Contains(hookKinds, kind) {
			issues.Add("/events", "outlet.event", "event", string(kind))
		}
	}
	for _, form := range order.Forms {
		if e.Catalog().Forms[form] == nil {
			issues.Add("/forms", "form.unknown", "form", string(form))
		}
	}
	if order.Service != Webhook && !slices.Contains(message.Locales(), order.Locale) {
		issues.Add("/locale", "outlet.locale", "locale", order.Locale)
	}
	return issues
}

func (e *Engine) keepOutlet(ctx context.Context, key string, version int64, was, next keptOutlet) error {
	body, err := json.Marshal(next)
	if err != nil {
		return err
	}
	noteID := e.config.NewID()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		others, err := tx.Scan(ctx, outlets, "", "", maxOutlets)
		if err != nil {
			return err
		}
		if version == 0 && len(others) == maxOutlets {
			return fault.New(fault.Conflict, "outlet.tooMany").With("max", maxOutlets)
		}
		if err := tx.Save(ctx, outlets, store.Item{Key: key, Body: body}, version); err != nil {
			return err
		}
		return audit.Write(ctx, tx, noteID, outletNote(key, next.By, next.At, was, next))
	})
	if fault.CodeOf(err) == "store.stale" {
		return fault.New(fault.Conflict, "channel.stale").Because(err)
	}
	return err
}

func outletNote(key string, by value.ID, at time.Time, was, next keptOutlet) audit.Entry {
	changes := []audit.Change{
		{Part: "outlet", From: was.shown(), To: next.shown()}, {Part: "secret", From: digestOf(was.Sealed), To: digestOf(next.Sealed)},
	}
	return audit.Entry{
		At: at, Actor: by, Op: audit.OutletChanged, Target: key,
		Changes: slices.DeleteFunc(changes, func(c audit.Change) bool { return sameValue(c.From, c.To) }),
	}
}

// shown is what the log of administrators shows of an outlet; nil for none.
func (o keptOutlet) shown() any {
	if o.Service == "" {
		return nil
	}
	return o.OutletOrder
}

// DropOutlet ends an outlet of that version, with all that waits for it. Faults: as PutOutlet, NotFound "outlet.unknown".
func (e *Engine) DropOutlet(ctx context.Context, actor value.Actor, key string, version int64) error {
	const op = "engine.dropOutlet"
	if err := access.Administer(actor); err != nil {
		return err
	}
	noteID, now := e.config.NewID(), e.config.Clock().UTC()
	err := e.config.Store.Tx(ctx, func(tx store.Tx) error {
		was, err := e.outlet(ctx, tx, key)
		if err != nil {
			return err
		}
		if was.revision != version {
			return fault.New(fault.Conflict, "channel.stale")
		}
		if err := tx.Drop(ctx, outlets, key); err != nil {
			return err
		}
		return audit.Write(ctx, tx, noteID, outletNote(key, actor.Key(), now, was, keptOutlet{}))
	})
	if err != nil {
		return fault.Wrap(op, err)
	}
	return e.post.CloseLane(ctx, outletLane(key))
}

// TestOutlet sends an outlet a message at once, whether it is on or not. Faults: Forbidden "access.admin", NotFound
// "outlet.unknown", those of the carrier.
func (e *Engine) TestOutlet(ctx context.Context, actor value.Actor, key string) error {
	const op = "engine.testOutlet"
	if err := access.Administer(actor); err != nil {
		return err
	}
	o, err := e.outlet(ctx, e.config.Store, key)
	if err != nil {
		return err
	}
	m := e.testMessage(o.Locale)
	if o.Service == Webhook {
		if m, err = hookMessage(m.Key, hookEvent{Kind: "test", At: e.config.Clock().UTC()}); err != nil {
			return err
		}
	}
	return fault.Wrap(op, e.carryOut(ctx, o, m))
}

func (e *Engine) carryOut(ctx context.Context, o keptOutlet, m notify.Message) error {
	carrier := e.config.Outlets[o.Service]
	if carrier == nil {
		return fault.New(fault.Unavailable, "channel.unknown").With("channel", string(o.Service))
	}
	open, err := e.opened(o.account())
	if err != nil {
		return err
	}
	return carrier.Carry(ctx, open, m)
}

// sendOut sends a parcel to its outlet.
func (e *Engine) sendOut(ctx context.Context, p post.Parcel, body outPost) (post.Verdict, error) {
	o, err := e.outlet(ctx, e.config.Store, body.Outlet)
	if fault.CodeOf(err) == "outlet.unknown" || err == nil && !o.On {
		return post.Verdict{Idle: true}, nil
	}
	if err != nil {
		return post.Verdict{}, err
	}
	m := notify.Message{Key: p.ID, Text: body.Text, Link: body.Link}
	if body.Event != nil {
		if m, err = hookMessage(p.ID, *body.Event); err != nil {
			return post.Verdict{}, err
		}
	}
	err = e.carryOut(ctx, o, m)
	if fault.CodeOf(err) == codeSealed {
		return e.sealedOff(ctx, p.Lane)
	}
	return post.Verdict{}, err
}
