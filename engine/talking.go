package engine

import (
	"context"
	"slices"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What is said about a record is told to those who listen, and to whoever has or follows it.

// What the detail of an event of talk says.
const (
	talkedForm    = "form"
	talkedComment = "comment"
)

// talked is the event of what is said of a record; comment is the one that is new, "" for none.
func talked(at record.Name, by value.ID, when time.Time, comment string) event.Event {
	return event.Event{
		Kind: event.RecordTalked, Record: at.ID, Actor: by, At: when,
		Detail: value.Doc{talkedForm: string(at.Form), talkedComment: comment},
	}
}

// talkedOf is the record that an event of talk is about.
func talkedOf(one event.Event) record.Name {
	return record.Name{Form: value.FormKey(one.Detail.Text(talkedForm)), ID: one.Record}
}

// tellTalk tells whoever has a record, and those who follow it, of what is newly said of it: not the writer, not those
// whom it mentions, and nobody who may not read the record.
func (e *Engine) tellTalk(ctx context.Context, events []event.Event) error {
	const op = "engine.tellTalk"
	var tell []notify.Telling
	for _, one := range events {
		at, id := talkedOf(one), one.Detail.Text(talkedComment)
		form, known := e.Catalog().Forms[at.Form]
		if one.Kind != event.RecordTalked || !known || id == "" {
			continue
		}
		kept, err := loadComment(ctx, e.config.Store, at, id)
		var r *value.Record
		if err == nil {
			r, err = e.config.Store.Get(ctx, at.Form, at.ID)
		}
		if fault.KindOf(err) == fault.NotFound {
			continue // taken back, or gone
		}
		if err != nil {
			return fault.Wrap(op, err)
		}
		who, err := e.followersOf(ctx, at)
		if err != nil {
			return fault.Wrap(op, err)
		}
		who = append(who, form.HolderOf(r))
		who = slices.DeleteFunc(who, func(user value.ID) bool { return slices.Contains(kept.Mentions, user) })
		t := e.tellingOf(notify.Commented, at, kept)
		t.Once = "commented " + id
		if t.To, err = e.mayRead(ctx, at, who, kept.By); err != nil {
			return err
		}
		if len(t.To) > 0 {
			tell = append(tell, t)
		}
	}
	return e.inbox.TellInParts(ctx, tell...)
}
