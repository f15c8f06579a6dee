package sqlite

import (
	"context"
	"database/sql/driver"
	"maps"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Emit writes a line of history, what happened without images, that stays with the record, and a line of
// the outbox, the images, that goes when every consumer is done. The head of the latter is empty, for it is
// in the history; a purge, which has none, keeps it there.
func (t *tx) Emit(ctx context.Context, e event.Event) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	head, err := encodeOrNull(headOf(e))
	if err != nil {
		return err
	}
	before, err := encodeOrNull(imageOf(e.Before))
	if err != nil {
		return err
	}
	after, err := encodeOrNull(afterOf(e))
	if err != nil {
		return err
	}
	outboxHead := driver.Value([]byte{})
	if e.Kind == event.RecordPurged {
		outboxHead = head
	}
	_, seq, err := t.conn.exec("INSERT INTO outbox (form, record, at, head, before, after) VALUES (?, ?, ?, ?, ?, ?)",
		string(e.Form), string(e.Record), e.At.UnixMilli(), outboxHead, before, after)
	if err != nil || e.Kind == event.RecordPurged {
		return err
	}
	_, _, err = t.conn.exec("INSERT INTO history VALUES (?, ?, ?, ?)", seq, string(e.Form), string(e.Record), head)
	return err
}

// maxHistory bounds the events of one page.
const maxHistory = 500

// History returns a record's events, newest first.
func (s *Store) History(ctx context.Context, form value.FormKey, id value.ID, before int64, limit int) (events []event.Event, err error) {
	if limit < 1 || limit > maxHistory {
		return nil, tooLarge()
	}
	sql := "SELECT seq, head FROM history WHERE form = ? AND record = ? AND (? = 0 OR seq < ?) ORDER BY seq DESC LIMIT ?"
	args := []driver.Value{string(form), string(id), before, before, int64(limit)}
	err = s.read(ctx, func(c *conn) error {
		return c.rows(context.Background(), sql, args, func(row []driver.Value) error {
			e := event.Event{Form: form, Record: id}
			e.Seq, _ = row[0].(int64)
			events = append(events, e)
			return readHead(&events[len(events)-1], row[1])
		})
	})
	return events, err
}

func headOf(e event.Event) value.Doc {
	changes := make(value.List, len(e.Changes))
	for i, c := range e.Changes {
		line := value.Doc{"field": string(c.Field)}
		if c.From != nil {
			line["from"] = c.From
		}
		if c.To != nil {
			line["to"] = c.To
		}
		changes[i] = line
	}
	head := value.Doc{
		"kind": string(e.Kind), "version": e.Version, "at": e.At.UnixMilli(), "actor": string(e.Actor), "reason": e.Reason, "changes": changes,
	}
	if e.Action != "" {
		head["action"] = e.Action
	}
	if len(e.Detail) > 0 {
		head["detail"] = e.Detail
	}
	return head
}

func readHead(e *event.Event, stored driver.Value) error {
	b, _ := stored.([]byte)
	doc, err := decode(b)
	if err != nil {
		return fault.New(fault.Internal, "store.corrupt").In("store.history").Because(err)
	}
	kind, _ := doc["kind"].(string)
	e.Kind = event.Kind(kind)
	e.Version, _ = doc["version"].(int64)
	at, _ := doc["at"].(int64)
	e.At = time.UnixMilli(at).UTC()
	actor, _ := doc["actor"].(string)
	e.Actor = value.ID(actor)
	e.Reason, _ = doc["reason"].(string)
	e.Action, _ = doc["action"].(string)
	e.Detail, _ = doc["detail"].(value.Doc)
	changes, _ := doc["changes"].(value.List)
	for _, c := range changes {
		line, _ := c.(value.Doc)
		field, _ := line["field"].(string)
		e.Changes = append(e.Changes, event.Change{Field: value.FieldKey(field), From: line["from"], To: line["to"]})
	}
	return nil
}

// byChanges marks an image whose values are those before, changed as the event says: they need not rest twice.
const byChanges = "byChanges"

// afterOf is the image of the record after an event.
func afterOf(e event.Event) value.Doc {
	image := imageOf(e.After)
	if e.After != nil && value.Equal(changed(e), e.After.Values) {
		delete(image, "values")
		image[byChanges] = true
	}
	return image
}

// changed are the values before an event with its changes.
func changed(e event.Event) value.Doc {
	values := value.Doc{}
	if e.Before != nil {
		maps.Copy(values, e.Before.Values)
	}
	for _, c := range e.Changes {
		if c.To == nil {
			delete(values, string(c.Field))
			continue
		}
		values[string(c.Field)] = c.To
	}
	return values
}

func readAfter(e event.Event, stored driver.Value) (*value.Record, error) {
	b, _ := stored.([]byte)
	doc, err := decode(b)
	if err != nil {
		return nil, damagedImage(err)
	}
	r := recordOf(e.Form, doc)
	if doc[byChanges] == true {
		r.Values = changed(e).Clone() // of its own, as Before is
	}
	return r, nil
}

// imageOf is a record as a document; its tokens are left out, for they follow from its values.
func imageOf(r *value.Record) value.Doc {
	if r == nil {
		return nil
	}
	doc := value.Doc{"id": string(r.ID), "version": r.Version}
	if len(r.Values) > 0 {
		doc["values"] = r.Values
	}
	if len(r.Shadow) > 0 {
		doc["shadow"] = r.Shadow
	}
	if len(r.Principals) > 0 {
		doc["principals"] = joinPrincipals(r.Principals)
	}
	for key, at := range map[string]time.Time{"createdAt": r.CreatedAt, "updatedAt": r.UpdatedAt, "deletedAt": r.DeletedAt} {
		if !at.IsZero() {
			doc[key] = at.UnixMilli()
		}
	}
	for key, by := range map[string]value.ID{"createdBy": r.CreatedBy, "updatedBy": r.UpdatedBy, "deletedBy": r.DeletedBy} {
		if by != "" {
			doc[key] = string(by)
		}
	}
	return doc
}

func readImage(form value.FormKey, stored driver.Value) (*value.Record, error) {
	b, _ := stored.([]byte)
	doc, err := decode(b)
	if err != nil {
		return nil, damagedImage(err)
	}
	return recordOf(form, doc), nil
}

func damagedImage(err error) error {
	return fault.New(fault.Internal, "store.corrupt").In("store.outbox").Because(err)
}

// recordOf is the record that imageOf made a document of.
func recordOf(form value.FormKey, doc value.Doc) *value.Record {
	if doc == nil {
		return nil
	}
	r := &value.Record{Form: form, ID: value.ID(textOf(doc["id"]))}
	r.Version, _ = doc["version"].(int64)
	r.Values, _ = doc["values"].(value.Doc)
	r.Shadow, _ = doc["shadow"].(value.Doc)
	r.Principals = splitPrincipals(textOf(doc["principals"]))
	r.CreatedAt, r.CreatedBy = timeOf(doc["createdAt"]), value.ID(textOf(doc["createdBy"]))
	r.UpdatedAt, r.UpdatedBy = timeOf(doc["updatedAt"]), value.ID(textOf(doc["updatedBy"]))
	r.DeletedAt, r.DeletedBy = timeOf(doc["deletedAt"]), value.ID(textOf(doc["deletedBy"]))
	return r
}
