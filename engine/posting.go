package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/record"
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
}

func (p plannedPost) put(ctx context.Context, tx store.Tx) error {
	if p.digest != "" {
		_, err := tx.Load(ctx, digested, p.digest)
		if fault.KindOf(err) != fault.NotFound {
			return err // planned once more, after it was sent
		}
		mark := store.Item{Key: p.digest, Body: []byte("{}"), Expires: p.parcel.Due.Add(digestsKept)}
		if err := tx.Save(ctx, digests, mark, store.AnyRevision); err != nil {
			return err
		}
	}
	return post.Put(ctx, tx, p.parcel)
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
	body := notePost{User: one.user, Channel: channel, Notice: one.id}
	due, digest := now, ""
	if len(n.About) > 0 && n.Kind != notify.Said {
		due = now.Add(gather)
	}
	if way == notify.Digest {
		due, digest = choices.DigestAfter(now, e.config.Zone), digestPrefix(channel, one.user)+one.id
		body.Notice = ""
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
	return plannedPost{post.Parcel{ID: "n-" + shortHash(name), Lane: string(channel), Body: packed, Made: now, Due: due}, digest}, nil
}

func digestPrefix(channel notify.Channel, user value.ID) string {
	return string(channel) + "/" + string(user) + "/"
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
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
	w := wording{Engine: e, actor: actor, choices: choices, usual: account.Usual, body: body}
	m, verdict, err := w.message(ctx)
	if err != nil || verdict.Idle {
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
	if err == nil {
		err = carrier.Carry(ctx, open, m)
	}
	return verdict, e.tellBroken(ctx, p.Lane, err)
}

// tellBroken tells administrators, once a day, of a lane that does not work until they mend it, and returns why.
func (e *Engine) tellBroken(ctx context.Context, lane string, why error) error {
	if code := fault.CodeOf(why); code != "channel.credentials" && code != "secret.sealed" {
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

// wording makes of a parcel what its reader gets.
type wording struct {
	*Engine
	actor   value.Actor
	choices notify.Choices
	usual   notify.Way
	body    notePost
}

func (w wording) message(ctx context.Context) (notify.Message, post.Verdict, error) {
	if w.body.Notice == "" {
		return w.digest(ctx)
	}
	seen, found, err := w.notice(ctx, w.body.Notice)
	if err != nil || !found {
		return notify.Message{}, post.Verdict{Idle: true}, err
	}
	lines := []string{seen.Text}
	if seen.Count > 1 {
		for _, r := range seen.Records[:min(len(seen.Records), mostListed)] {
			if r.Title != "" {
				lines = append(lines, "· "+r.Title)
			}
		}
	}
	// Services that drop a repeat of the words tell by the time that this is none.
	lines = append(lines, w.shown(seen.At))
	return notify.Message{Subject: seen.Text, Text: strings.Join(lines, "\n"), Link: w.linkTo(seen)}, post.Verdict{}, nil
}

// shown is a time as the tenant's clocks show it.
func (w wording) shown(at time.Time) string { return at.In(w.config.Zone).Format("01-02 15:04") }

// notice is one that is still to be sent: not read, not cleared away, and wanted.
func (w wording) notice(ctx context.Context, id string) (Notice, bool, error) {
	n, err := w.inbox.Notice(ctx, w.body.User, id)
	if fault.KindOf(err) == fault.NotFound {
		return Notice{}, false, nil
	}
	if err != nil {
		return Notice{}, false, err
	}
	if !n.ReadAt.IsZero() || w.choices.Way(n.Kind, w.body.Channel, w.usual) == notify.Never {
		return Notice{}, false, nil
	}
	seen, err := w.noticeFor(ctx, w.actor, n)
	return seen, err == nil, err
}

// digest is all that waits for it, which is taken off the list once it is sent.
func (w wording) digest(ctx context.Context) (notify.Message, post.Verdict, error) {
	prefix := digestPrefix(w.body.Channel, w.body.User)
	items, err := w.config.Store.Scan(ctx, digests, prefix, "", mostGathered)
	if err != nil {
		return notify.Message{}, post.Verdict{}, err
	}
	var lines []string
	var last Notice
	more := false
	for _, item := range items {
		if more = len(lines) == mostDigested; more {
			break
		}
		seen, wanted, err := w.notice(ctx, strings.TrimPrefix(item.Key, prefix))
		if err != nil {
			return notify.Message{}, post.Verdict{}, err
		}
		if wanted {
			last = seen
			lines = append(lines, w.shown(seen.At)+" "+seen.Text)
		}
	}
	verdict := post.Verdict{Idle: len(lines) == 0, Also: func(ctx context.Context, tx store.Tx) error {
		for _, item := range items {
			if err := tx.Drop(ctx, digests, item.Key); err != nil {
				return err
			}
			done := store.Item{Key: item.Key, Body: item.Body, Expires: w.config.Clock().Add(digestsKept)}
			if err := tx.Save(ctx, digested, done, store.AnyRevision); err != nil {
				return err
			}
		}
		return nil
	}}
	if len(lines) == 1 {
		return notify.Message{Subject: last.Text, Text: lines[0], Link: w.linkTo(last)}, verdict, nil
	}
	subject := w.config.Texts.Text(w.actor.Locale, "notice.digest", fault.Args{"count": len(lines)})
	if more {
		lines = append(lines, w.config.Texts.Text(w.actor.Locale, "notice.digestMore", nil))
	}
	return notify.Message{Subject: subject, Text: strings.Join(append([]string{subject}, lines...), "\n"), Link: w.config.Home}, verdict, nil
}

// linkTo is the address of the one record that a notice is about, or of the app.
func (w wording) linkTo(n Notice) string {
	if len(n.Records) != 1 {
		return w.config.Home
	}
	return w.recordLink(record.Name{Form: n.Records[0].Form, ID: n.Records[0].ID})
}
