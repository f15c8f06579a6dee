package engine

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/post"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// wording makes of a parcel what its reader gets.
type wording struct {
	*Engine
	actor   value.Actor
	choices notify.Choices
	usual   notify.Way
	body    notePost
	parcel  post.Parcel
}

func (w wording) message(ctx context.Context) (notify.Message, post.Verdict, error) {
	if w.body.Notice == "" {
		return w.digest(ctx)
	}
	seen, found, err := w.notice(ctx, w.body.Notice)
	if err != nil || !found {
		return notify.Message{}, post.Verdict{Idle: true}, err
	}
	verdict, err := w.whole(ctx, seen)
	if err != nil || verdict.Idle || !verdict.Held.IsZero() {
		return notify.Message{}, verdict, err
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
	return notify.Message{Subject: seen.Text, Text: strings.Join(lines, "\n"), Link: w.linkTo(seen)}, verdict, nil
}

// whole holds a notice back that an import still adds to, has nothing left of one that the parcel before has told whole, and
// notes of what is sent how much it told.
func (w wording) whole(ctx context.Context, seen Notice) (post.Verdict, error) {
	if seen.Import != "" {
		j, err := w.Jobs.Get(ctx, value.SystemActor("post"), seen.Import)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return post.Verdict{}, err
		}
		if err == nil && j.EndedAt.IsZero() {
			return post.Verdict{Held: w.config.Clock().Add(gather)}, nil
		}
	}
	if w.body.Before != "" {
		before, err := post.Find(ctx, w.config.Store, w.body.Before)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return post.Verdict{}, err
		}
		var told notePost
		if err == nil && json.Unmarshal(before.Body, &told) == nil && before.State != post.Failed && told.Count >= seen.Count {
			return post.Verdict{Idle: true}, nil
		}
	}
	body := w.body
	body.Count = seen.Count
	packed, err := json.Marshal(body)
	return post.Verdict{Body: packed}, err
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
	told := map[string]int{}
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
			told[item.Key] = seen.Count
			lines = append(lines, w.shown(seen.At)+" "+seen.Text)
		}
	}
	verdict := post.Verdict{Idle: len(lines) == 0, Also: func(ctx context.Context, tx store.Tx) error {
		return w.digestEnded(ctx, tx, items, told)
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

// digestEnded takes what a digest has told off the list; what came or grew meanwhile is for the next one.
func (w wording) digestEnded(ctx context.Context, tx store.Tx, items []store.Item, told map[string]int) error {
	now := w.config.Clock().UTC()
	for _, item := range items {
		var was digestMark
		if err := readItem(digests, item, &was); err != nil {
			return err
		}
		mark, err := loadMark(ctx, tx, digests, item.Key)
		if err != nil {
			return err
		}
		was.Count = max(was.Count, told[item.Key])
		if err := saveMark(ctx, tx, digested, item.Key, was, now.Add(digestsKept)); err != nil {
			return err
		}
		if mark.Count > was.Count {
			continue
		}
		if err := tx.Drop(ctx, digests, item.Key); err != nil {
			return err
		}
	}
	left, err := tx.Scan(ctx, digests, digestPrefix(w.body.Channel, w.body.User), "", 1)
	if err != nil || len(left) == 0 {
		return err
	}
	next := post.Parcel{ID: w.parcel.ID, Lane: w.parcel.Lane, Body: w.parcel.Body, Made: now, Due: w.parcel.Due}
	return plannedPost{parcel: next, digest: left[0].Key}.place(ctx, tx)
}

// linkTo is the address of the one record that a notice is about, or of the app.
func (w wording) linkTo(n Notice) string {
	if len(n.Records) != 1 {
		return w.config.Home
	}
	return w.recordLink(record.Name{Form: n.Records[0].Form, ID: n.Records[0].ID})
}
