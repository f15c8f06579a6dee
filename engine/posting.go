package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// How what somebody was told goes on to them outside the app: planned from the outbox by what they have chosen, and
// made into words when it leaves, with what they may see by then. What they have read meanwhile is not sent.
const (
	digests  = "noticeDigest"   // channel/user/notice → nothing: it is to be in their next digest
	digested = "noticeDigested" // the same key → nothing: it was in one
	// gather is how long one waits for more of what becomes one notice.
	gather = time.Minute
	// plannedAtOnce is how many parcels one transaction plans: each takes up to four of the thousand documents that one
	// may write.
	plannedAtOnce = 200
	// mostListed bounds the records that a message names, and mostDigested the notices of a digest, which is made of the
	// newest of those that have come together.
	mostListed   = 10
	mostDigested = 50
	mostGathered = 300
	digestsKept  = 7 * day
)

// notePost is the body of a parcel that tells somebody something.
type notePost struct {
	User    value.ID       `json:"user"`
	Channel notify.Channel `json:"channel"`
	Notice  string         `json:"notice,omitempty"` // "": all that wait for their digest
	Count   int            `json:"count,omitempty"`  // of the records that it tells of
	Before  string         `json:"before,omitempty"` // the parcel that told of fewer of them
}

// toldNotice is a notice that was just written, or has grown.
type toldNotice struct {
	user value.ID
	id   string
}

// plan has what people were told go on to them by the channels that they have chosen. Done again it plans nothing twice:
// a parcel is named after its notice.
func (e *Engine) plan(ctx context.Context, events []event.Event) error {
	var told []toldNotice
	for _, one := range events {
		if one.Kind != event.PersonTold {
			continue
		}
		for _, id := range notify.NoticesIn(one) {
			told = append(told, toldNotice{one.Record, id})
		}
	}
	if len(told) == 0 || len(e.config.Carriers) == 0 {
		return nil
	}
	usual, err := e.channelsOn(ctx)
	if err != nil || len(usual) == 0 {
		return err
	}
	now := e.config.Clock().UTC()
	var parcels []plannedPost
	for _, one := range told {
		planned, err := e.planNotice(ctx, one, usual, now)
		if err != nil {
			return err
		}
		parcels = append(parcels, planned...)
	}
	return e.putAll(ctx, parcels)
}

// putAll keeps parcels, in transactions that are not too large.
func (e *Engine) putAll(ctx context.Context, parcels []plannedPost) error {
	for some := range slices.Chunk(parcels, plannedAtOnce) {
		err := e.config.Store.Tx(ctx, func(tx store.Tx) error {
			for _, one := range some {
				if err := one.put(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// channelsOn are the channels by which messages go, with their usual ways.
func (e *Engine) channelsOn(ctx context.Context) (map[notify.Channel]notify.Way, error) {
	items, err := e.config.Store.Scan(ctx, channelAccounts, "", "", len(notify.Channels()))
	if err != nil {
		return nil, err
	}
	on := map[notify.Channel]notify.Way{}
	for _, item := range items {
		var a keptAccount
		if err := readItem(channelAccounts, item, &a); err != nil {
			return nil, err
		}
		if channel := notify.Channel(item.Key); a.On && e.config.Carriers[channel] != nil {
			on[channel] = a.Usual
		}
	}
	return on, nil
}

// plannedPost is a parcel, and what it is to gather; "" for nothing.
type plannedPost struct {
	parcel post.Parcel
	digest string
	body   notePost // of the parcel; the zero value for one of no notice
}

// digestMark is a notice in somebody's digest.
type digestMark struct {
	Count int `json:"count"`
}

func (p plannedPost) put(ctx context.Context, tx store.Tx) error {
	if p.digest != "" {
		told, err := loadMark(ctx, tx, digested, p.digest)
		if err == nil && p.body.Count <= told.Count {
			return nil // planned once more, after it was sent
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err := saveMark(ctx, tx, digests, p.digest, digestMark{p.body.Count}, p.parcel.Due.Add(digestsKept)); err != nil {
			return err
		}
	}
	return p.place(ctx, tx)
}

// place keeps the parcel. Where one of its name has left already, or is just leaving, there is one more with what came
// after: a notice that has grown, the next digest.
func (p plannedPost) place(ctx context.Context, tx store.Tx) error {
	name, next := p.parcel.ID, p.parcel
	for n := 1; ; n++ {
		was, err := post.Find(ctx, tx, next.ID)
		if fault.KindOf(err) == fault.NotFound {
			return post.Put(ctx, tx, next)
		}
		if err != nil {
			return err
		}
		var body notePost
		if err := json.Unmarshal(was.Body, &body); err != nil {
			return fault.New(fault.Internal, "store.corrupt").At("post/" + was.ID).Because(err)
		}
		waits := was.State == post.Waiting && (p.digest != "" || was.Due.After(p.parcel.Made))
		if waits || p.digest == "" && p.body.Count <= body.Count {
			return nil
		}
		next.ID = name + "-" + strconv.Itoa(n)
		if p.digest != "" {
			next.Due = next.Due.Add(day)
			continue
		}
		p.body.Before = was.ID
		if next.Body, err = json.Marshal(p.body); err != nil {
			return err
		}
	}
}

func loadMark(ctx context.Context, from store.Side, collection, key string) (mark digestMark, err error) {
	item, err := from.Load(ctx, collection, key)
	if err == nil {
		err = readItem(collection, item, &mark)
	}
	return mark, err
}

func saveMark(ctx context.Context, tx store.Tx, collection, key string, mark digestMark, expires time.Time) error {
	body, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	return tx.Save(ctx, collection, store.Item{Key: key, Body: body, Expires: expires}, store.AnyRevision)
}

func (e *Engine) planNotice(ctx context.Context, one toldNotice, usual map[notify.Channel]notify.Way, now time.Time) ([]plannedPost, error) {
	n, err := e.inbox.Notice(ctx, one.user, one.id)
	if fault.KindOf(err) == fault.NotFound || err == nil && !n.ReadAt.IsZero() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	choices, err := e.inbox.Choices(ctx, one.user)
	if err != nil {
		return nil, err
	}
	var out []plannedPost
	for _, channel := range slices.Sorted(maps.Keys(usual)) {
		way := choices.Way(n.Kind, channel, usual[channel])
		if way == notify.Never {
			continue
		}
		to, err := e.addressOf(ctx, one.user, channel)
		if err != nil {
			return nil, err
		}
		if to == "" {
			continue
		}
		planned, err := e.postOf(one, n, channel, way, choices, now)
		if err != nil {
			return nil, err
		}
		out = append(out, planned)
	}
	return out, nil
}

func (e *Engine) postOf(one toldNotice, n notify.Notice, channel notify.Channel, way notify.Way, choices notify.Choices, now time.Time) (plannedPost, error) {
	body := notePost{User: one.user, Channel: channel, Notice: one.id, Count: n.Count}
	due, digest := now, ""
	if len(n.About) > 0 && n.Kind != notify.Said {
		due = now.Add(gather)
	}
	if way == notify.Digest {
		due, digest = choices.DigestAfter(now, e.config.Zone), digestPrefix(channel, one.user)+one.id
		body.Notice, body.Count = "", 0
	}
	due = choices.LoudAt(due, e.config.Zone)
	packed, err := json.Marshal(body)
	if err != nil {
		return plannedPost{}, fault.Wrap("engine.plan", err)
	}
	name := string(channel) + " " + string(one.user) + " " + body.Notice
	if digest != "" {
		name += due.UTC().Format(time.RFC3339)
	}
	body.Count = n.Count
	return plannedPost{post.Parcel{ID: "n-" + shortHash(name), Lane: string(channel), Body: packed, Made: now, Due: due}, digest, body}, nil
}

func digestPrefix(channel notify.Channel, user value.ID) string {
	return string(channel) + "/" + string(user) + "/"
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// Busy tells whether jobs wait, or messages that are to leave soon.
func (e *Engine) Busy() bool {
	return e.Jobs.Busy() || len(e.config.Carriers)+len(e.config.Outlets) > 0 && e.post.Busy()
}

// RunPost sends what is due to leave for people and hosts outside.
func (e *Engine) RunPost(ctx context.Context) error {
	return fault.Wrap("engine.post", e.post.Run(ctx))
}

// sendParcel sends one parcel once. What leaves is put into words anew each time, by what its reader may see then.
func (e *Engine) sendParcel(ctx context.Context, p post.Parcel) (post.Verdict, error) {
	var body struct {
		notePost
		outPost
	}
	if err := json.Unmarshal(p.Body, &body); err != nil {
		return post.Verdict{}, fault.New(fault.Internal, "store.corrupt").At("post/" + p.ID).Because(err)
	}
	if body.Outlet != "" {
		verdict, err := e.sendOut(ctx, p, body.outPost)
		return verdict, e.tellBroken(ctx, p.Lane, err)
	}
	return e.sendNote(ctx, p, body.notePost)
}

func (e *Engine) sendNote(ctx context.Context, p post.Parcel, body notePost) (post.Verdict, error) {
	account, err := e.account(ctx, e.config.Store, body.Channel)
	if err != nil {
		return post.Verdict{}, err
	}
	carrier := e.config.Carriers[body.Channel]
	actor, active := e.config.Org().Actor(body.User)
	if !active || !account.On || carrier == nil {
		return post.Verdict{Idle: true}, nil
	}
	choices, err := e.inbox.Choices(ctx, body.User)
	if err != nil {
		return post.Verdict{}, err
	}
	now := e.config.Clock()
	if loud := choices.LoudAt(now, e.config.Zone); loud.After(now) {
		return post.Verdict{Held: loud}, nil
	}
	w := wording{Engine: e, actor: actor, choices: choices, usual: account.Usual, body: body, parcel: p}
	m, verdict, err := w.message(ctx)
	if err != nil || verdict.Idle || !verdict.Held.IsZero() {
		return verdict, err
	}
	m.Key = p.ID
	if m.To, err = e.addressOf(ctx, body.User, body.Channel); err != nil {
		return post.Verdict{}, err
	}
	if m.To == "" {
		return post.Verdict{}, fault.New(fault.Invalid, "channel.noAddress").In("engine.post")
	}
	open, err := e.opened(account)
	if fault.CodeOf(err) == codeSealed {
		return e.sealedOff(ctx, p.Lane)
	}
	if err == nil {
		err = carrier.Carry(ctx, open, m)
	}
	return verdict, e.tellBroken(ctx, p.Lane, err)
}

const codeSealed = "secret.sealed"

// sealedOff is what becomes of messages whose account does not open: this is a copy of its tenant, or the operator has
// another key. Nobody is told outside, and administrators are told why.
func (e *Engine) sealedOff(ctx context.Context, lane string) (post.Verdict, error) {
	return post.Verdict{Idle: true}, e.inbox.TellInParts(ctx, e.channelTelling(lane, codeSealed))
}

// tellBroken tells administrators, once a day, of a lane that does not work until they mend it, and returns why.
func (e *Engine) tellBroken(ctx context.Context, lane string, why error) error {
	if fault.CodeOf(why) != "channel.credentials" {
		return why
	}
	if err := e.inbox.TellInParts(ctx, e.channelTelling(lane, fault.CodeOf(why))); err != nil {
		return err
	}
	return why
}

func (e *Engine) channelTelling(lane, code string) notify.Telling {
	now := e.config.Clock().UTC()
	return notify.Telling{
		To: notify.PeopleIn(e.config.Org()).Admins(), Kind: notify.PostFailed, At: now, Args: fault.Args{"channel": e.laneLabel(lane)},
		Once: "post " + lane + " " + code + " " + now.In(e.config.Zone).Format(time.DateOnly), Until: now.Add(2 * day),
	}
}

// laneLabel is what people call a way that messages go: a channel by its name, an outlet by its key.
func (e *Engine) laneLabel(lane string) map[string]string {
	key, isOutlet := strings.CutPrefix(lane, outletLane(""))
	if !isOutlet {
		return e.config.Texts.Label("channel." + lane)
	}
	label := map[string]string{}
	for _, locale := range message.Locales() {
		label[locale] = key
	}
	return label
}

// postGivenUp tells administrators, once a day for a channel and what is wrong, that something could not be sent.
func (e *Engine) postGivenUp(ctx context.Context, tx store.Tx, p post.Parcel) error {
	return e.inbox.Tell(ctx, tx, e.channelTelling(p.Lane, p.Why.Code))
}
