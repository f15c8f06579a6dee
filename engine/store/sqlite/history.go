package sqlite

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Emit writes a line of history, what happened without images, that stays with the record, and a line of
// the outbox, the images, that goes when every consumer is done. The head of the latter is empty, for it is
// in the history; a purge, and what happened to no record, which have none, keep it there.
func (t *tx) Emit(ctx context.Context, e event.Event) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	head, before, after, err := written(e)
	if err != nil {
		return fault.New(fault.Internal, "internal").In("store.emit").Because(err)
	}
	outboxHead, outside := driver.Value([]byte{}), e.Kind == event.RecordPurged || e.Form == ""
	if outside {
		outboxHead = head
	}
	_, seq, err := t.conn.exec("INSERT INTO outbox (form, record, at, head, before, after) VALUES (?, ?, ?, ?, ?, ?)",
		string(e.Form), string(e.Record), e.At.UnixMilli(), outboxHead, before, after)
	if err != nil {
		return err
	}
	e.Seq = seq
	if t.told = append(t.told, e); outside {
		return nil
	}
	_, _, err = t.conn.exec("INSERT INTO history VALUES (?, ?, ?, ?)", seq, string(e.Form), string(e.Record), head)
	return err
}

// maxHistory bounds the events of one page.
const maxHistory = 500

// History returns a record's events, newest first.
func (s *Store) History(ctx context.Context, form value.FormKey, id value.ID, before int64, limit int) (events []event.Event, err error) {
	if limit < 1 || limit > maxHistory {
		return nil, store.TooLarge()
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

// written is an event as it rests: what happened, and its images, each nil where there is none.
func written(e event.Event) (head, before, after driver.Value, err error) {
	b, err := appendHead(make([]byte, 0, 1024), e)
	if err != nil {
		return nil, nil, nil, err
	}
	head = b
	if e.Before != nil {
		if b, err = appendImage(make([]byte, 0, 1024), e.Before, false); err != nil {
			return nil, nil, nil, err
		}
		before = b
	}
	if e.After != nil {
		if b, err = appendImage(make([]byte, 0, 1024), e.After, follows(e)); err != nil {
			return nil, nil, nil, err
		}
		after = b
	}
	return head, before, after, nil
}

// appendHead writes what happened as a document, its fields in order.
func appendHead(b []byte, e event.Event) ([]byte, error) {
	return appendNested(b, jsonObject, func(b []byte) (_ []byte, err error) {
		if e.Action != "" {
			b = appendText(appendText(b, "action"), e.Action)
		}
		b = appendText(appendText(b, "actor"), string(e.Actor))
		b = appendInt(appendText(b, "at"), e.At.UnixMilli())
		if b, err = appendNested(appendText(b, "changes"), jsonArray, func(b []byte) ([]byte, error) { return appendChanges(b, e.Changes) }); err != nil {
			return nil, err
		}
		if e.Depth > 0 {
			b = appendInt(appendText(b, "depth"), int64(e.Depth))
		}
		if len(e.Detail) > 0 {
			if b, err = appendElement(appendText(b, "detail"), e.Detail, 1); err != nil {
				return nil, err
			}
		}
		if e.Import != "" {
			b = appendText(appendText(b, "import"), string(e.Import))
		}
		b = appendText(appendText(b, "kind"), string(e.Kind))
		b = appendText(appendText(b, "reason"), e.Reason)
		if len(e.Scopes) > 0 {
			scopes := make(value.List, len(e.Scopes))
			for n, scope := range e.Scopes {
				scopes[n] = scope
			}
			if b, err = appendElement(appendText(b, "scopes"), scopes, 1); err != nil {
				return nil, err
			}
		}
		return appendInt(appendText(b, "version"), e.Version), nil
	})
}

func appendChanges(b []byte, changes []event.Change) (_ []byte, err error) {
	for _, c := range changes {
		b, err = appendNested(b, jsonObject, func(b []byte) (_ []byte, err error) {
			b = appendText(appendText(b, "field"), string(c.Field))
			if c.From != nil {
				if b, err = appendElement(appendText(b, "from"), c.From, 2); err != nil {
					return nil, err
				}
			}
			if c.To != nil {
				b, err = appendElement(appendText(b, "to"), c.To, 2)
			}
			return b, err
		})
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// readHead reads what appendHead wrote; most of it is the changes, which it takes apart without a document for each.
func readHead(e *event.Event, stored driver.Value) error {
	b, _ := stored.([]byte)
	if len(b) == 0 {
		return nil
	}
	kind, rest, _, err := element(string(b))
	if err == nil && kind != jsonObject {
		err = errJSONB
	}
	for err == nil && len(rest) > 0 {
		var name, at string
		if _, name, at, err = element(rest); err != nil {
			break
		}
		if name == "changes" {
			var payload string
			if _, payload, rest, err = element(at); err == nil {
				e.Changes, err = readChanges(payload)
			}
			continue
		}
		var v value.Value
		if v, rest, err = readElement(at, 1); err == nil {
			tell(e, name, v)
		}
	}
	if err != nil {
		return fault.New(fault.Internal, "store.corrupt").In("store.history").Because(err)
	}
	return nil
}

// tell sets what a member of a head says of an event.
func tell(e *event.Event, name string, v value.Value) {
	text, _ := v.(string)
	number, _ := v.(int64)
	switch name {
	case "kind":
		e.Kind = event.Kind(text)
	case "version":
		e.Version = number
	case "at":
		e.At = time.UnixMilli(number).UTC()
	case "actor":
		e.Actor = value.ID(text)
	case "reason":
		e.Reason = text
	case "action":
		e.Action = text
	case "scopes":
		scopes, _ := v.(value.List)
		for _, scope := range scopes {
			text, _ := scope.(string)
			e.Scopes = append(e.Scopes, text)
		}
	case "depth":
		e.Depth = int(number)
	case "import":
		e.Import = value.ID(text)
	case "detail":
		e.Detail, _ = v.(value.Doc)
	}
}

func readChanges(b string) (changes []event.Change, err error) {
	n, err := count(b)
	if err != nil || n == 0 {
		return nil, err
	}
	changes = make([]event.Change, 0, n)
	for len(b) > 0 {
		var line string
		if _, line, b, err = element(b); err != nil {
			return nil, err
		}
		var c event.Change
		for len(line) > 0 {
			var name string
			if _, name, line, err = element(line); err != nil {
				return nil, err
			}
			var v value.Value
			if v, line, err = readElement(line, 3); err != nil {
				return nil, err
			}
			switch name {
			case "field":
				field, _ := v.(string)
				c.Field = value.FieldKey(field)
			case "from":
				c.From = v
			case "to":
				c.To = v
			}
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// byChanges marks an image whose values are those before, changed as the event says: they need not rest twice.
const byChanges = "byChanges"

// follows tells whether the values after an event are those before, changed as it says.
func follows(e event.Event) bool {
	ascending := slices.IsSortedFunc(e.Changes, func(next, last event.Change) int {
		if next.Field > last.Field {
			return 1
		}
		return -1 // also where a field stands twice
	})
	if e.Before != nil || !ascending || len(e.Changes) != len(e.After.Values) {
		return value.Equal(changed(e), e.After.Values)
	}
	for _, c := range e.Changes { // a new record, of which all is told
		if v, there := e.After.Values[string(c.Field)]; !there || !value.Equal(v, c.To) {
			return false
		}
	}
	return true
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
	switch {
	case doc[byChanges] != true:
	case e.Before == nil:
		r.Values = make(value.Doc, len(e.Changes))
		for _, c := range e.Changes {
			r.Values[string(c.Field)] = value.Clone(c.To)
		}
	default:
		r.Values = changed(e).Clone() // of its own, as Before is
	}
	if r != nil && len(r.Values) == 0 {
		r.Values = nil // as an image has it that is written in full
	}
	return r, nil
}

// appendImage writes a record as a document, its fields in order; its tokens are left out, for they follow from
// its values, and the values where they follow from the event.
func appendImage(b []byte, r *value.Record, follows bool) ([]byte, error) {
	return appendNested(b, jsonObject, func(b []byte) (_ []byte, err error) {
		if follows {
			b = append(appendText(b, byChanges), jsonTrue)
		}
		b = appendMoment(b, "created", r.CreatedAt, r.CreatedBy)
		b = appendMoment(b, "deleted", r.DeletedAt, r.DeletedBy)
		b = appendText(appendText(b, "id"), string(r.ID))
		if len(r.Principals) > 0 {
			b = appendText(appendText(b, "principals"), strings.Join(r.Principals, "\n"))
		}
		if len(r.Shadow) > 0 {
			if b, err = appendElement(appendText(b, "shadow"), r.Shadow, 1); err != nil {
				return nil, err
			}
		}
		b = appendMoment(b, "updated", r.UpdatedAt, r.UpdatedBy)
		if len(r.Values) > 0 && !follows {
			if b, err = appendElement(appendText(b, "values"), r.Values, 1); err != nil {
				return nil, err
			}
		}
		return appendInt(appendText(b, "version"), r.Version), nil
	})
}

// appendMoment writes when something was done and by whom, as far as it was.
func appendMoment(b []byte, what string, at time.Time, by value.ID) []byte {
	if !at.IsZero() {
		b = appendInt(appendText(b, what+"At"), at.UnixMilli())
	}
	if by != "" {
		b = appendText(appendText(b, what+"By"), string(by))
	}
	return b
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

// recordOf is the record that appendImage made a document of.
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
