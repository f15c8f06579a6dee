package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// eventCounter counts the events that have a number.
const eventCounter = "events"

// maxHistory bounds the events of one page.
const maxHistory = 500

// Emit leaves what happened, and its images, for whoever gives it its number (settle.go): a line of history without
// images, that stays with the record, and one of the outbox with them, that goes when every consumer is done.
func (t *tx) Emit(ctx context.Context, e event.Event) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	doc, err := told(e)
	if err != nil {
		return fault.New(fault.Internal, "internal").In("store.emit").Because(err)
	}
	t.leave(append(d("kind", lateEvent), doc...))
	return nil
}

// told is an event as it rests, but for its number.
func told(e event.Event) (bson.D, error) {
	doc := bson.D{
		{Key: "form", Value: string(e.Form)}, {Key: "record", Value: string(e.Record)}, {Key: "version", Value: e.Version},
		{Key: "what", Value: string(e.Kind)}, {Key: "at", Value: e.At.UnixMilli()}, {Key: "actor", Value: string(e.Actor)},
	}
	add := func(key string, v any, there bool) {
		if there {
			doc = append(doc, bson.E{Key: key, Value: v})
		}
	}
	add("reason", e.Reason, e.Reason != "")
	add("action", e.Action, e.Action != "")
	add("scopes", e.Scopes, len(e.Scopes) > 0)
	add("depth", int64(e.Depth), e.Depth != 0)
	add("import", string(e.Import), e.Import != "")
	detail, err := encodeDoc(e.Detail, false)
	if err != nil {
		return nil, err
	}
	add("detail", detail, len(e.Detail) > 0)
	changes := make(bson.A, len(e.Changes))
	for i, c := range e.Changes {
		if changes[i], err = toldChange(c); err != nil {
			return nil, err
		}
	}
	add("changes", changes, len(changes) > 0)
	for _, image := range []struct {
		key string
		of  *value.Record
	}{{"before", e.Before}, {"after", e.After}} {
		if image.of == nil {
			continue
		}
		w, err := write(image.of, false)
		if err != nil {
			return nil, err
		}
		add(image.key, append(d(atID, string(image.of.ID)), w.has...), true)
	}
	return doc, nil
}

func toldChange(c event.Change) (bson.Raw, error) {
	b := value.Doc{"field": string(c.Field)}
	if c.From != nil {
		b["from"] = c.From
	}
	if c.To != nil {
		b["to"] = c.To
	}
	return encodeDoc(b, false)
}

// readEvent reads a line of the history or of the outbox.
func readEvent(raw bson.Raw) (event.Event, error) {
	e := event.Event{
		Seq: intOf(raw.Lookup(atID)), Form: value.FormKey(textOf(raw.Lookup("form"))), Record: value.ID(textOf(raw.Lookup("record"))),
		Version: intOf(raw.Lookup("version")), Kind: event.Kind(textOf(raw.Lookup("what"))), At: time.UnixMilli(intOf(raw.Lookup("at"))).UTC(),
		Actor: value.ID(textOf(raw.Lookup("actor"))), Reason: textOf(raw.Lookup("reason")), Action: textOf(raw.Lookup("action")),
		Depth: int(intOf(raw.Lookup("depth"))), Import: value.ID(textOf(raw.Lookup("import"))),
	}
	var err error
	if v := raw.Lookup("scopes"); !v.IsZero() {
		if e.Scopes, err = textsOf(v); err != nil {
			return e, damaged(e.Form, string(e.Record), err)
		}
	}
	if v := raw.Lookup("detail"); !v.IsZero() {
		if e.Detail, err = docOf(v); err != nil {
			return e, damaged(e.Form, string(e.Record), err)
		}
	}
	if v := raw.Lookup("changes"); !v.IsZero() {
		if e.Changes, err = readChanges(v); err != nil {
			return e, damaged(e.Form, string(e.Record), err)
		}
	}
	if v := raw.Lookup("before"); !v.IsZero() {
		if e.Before, err = readRecord(e.Form, v.Document()); err != nil {
			return e, err
		}
	}
	if v := raw.Lookup("after"); !v.IsZero() {
		e.After, err = readRecord(e.Form, v.Document())
	}
	return e, err
}

func readChanges(v bson.RawValue) (changes []event.Change, err error) {
	lines, err := v.Array().Values()
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		doc, err := docOf(line)
		if err != nil {
			return nil, err
		}
		field, _ := doc["field"].(string)
		changes = append(changes, event.Change{Field: value.FieldKey(field), From: doc["from"], To: doc["to"]})
	}
	return changes, nil
}

// History returns a record's events, newest first.
func (s *Store) History(ctx context.Context, form value.FormKey, id value.ID, before int64, limit int) (events []event.Event, err error) {
	if limit < 1 || limit > maxHistory {
		return nil, store.TooLarge()
	}
	where := bson.D{{Key: "form", Value: string(form)}, {Key: "record", Value: string(id)}}
	if before > 0 {
		where = append(where, bson.E{Key: atID, Value: d("$lt", before)})
	}
	err = s.read(ctx, func(c conn) error {
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		l := look{where: where, sort: d(atID, int32(-1)), limit: int64(limit), hint: "record"}
		return c.find(ctx, inHistory, l, func(raw bson.Raw) error {
			e, err := readEvent(raw)
			events = append(events, e)
			return err
		})
	})
	return events, err
}
