package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// A follow-up restarts the clock of the record that it is of: from the outbox, as rollups that may lag do, and
// once per record however many were entered.

// followed is a record whose follow-ups have changed.
type followed struct {
	activity *catalog.Activity
	id       value.ID
}

func (v *visit) noteFollowed(records map[followed]bool, image *value.Record) {
	if image == nil {
		return
	}
	form, ok := v.catalog.Forms[image.Form]
	if !ok {
		return
	}
	for _, a := range form.Activities {
		if id := image.Values.Text(a.Via); id != "" {
			records[followed{a, value.ID(id)}] = true
		}
	}
}

// restart brings a record's clock up to its follow-ups. Those of other pools than its own are no matter.
func (v *visit) restart(ctx context.Context, key followed) ([]moved, error) {
	at, err := v.lastActivity(ctx, key.activity, key.id)
	if err != nil {
		return nil, err
	}
	form := key.activity.Of
	return v.figure(ctx, form, key.id, func(r *value.Record) value.Doc {
		if pool, ok := form.PoolOf(r.Values); !ok || pool.Activity != key.activity {
			return nil
		}
		return value.Doc{string(value.SysActivityAt): at}
	})
}

// lastActivity is when the last follow-up of a record was that counts, nil where none does.
func (v *visit) lastActivity(ctx context.Context, a *catalog.Activity, id value.ID) (value.Value, error) {
	q := query.List{Form: a.Form.Key, Filter: query.Where(a.Via, query.Eq, string(id)), Limit: maxLimit}
	last := int64(0)
	for {
		page, err := v.Store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		last = max(last, a.FollowedUp(page.Records, v.rule(nil)))
		if page.Next == nil {
			break
		}
		q.After = page.Next
	}
	if last == 0 {
		return nil, nil
	}
	return last, nil
}

// checkAhead refuses a follow-up that says it will have happened.
func (w *write) checkAhead() {
	for _, a := range w.form.Activities {
		if w.sent[a.At.Key] && a.Ahead(w.next.Values, w.rule(nil)) {
			w.issues.Add(valuePathOf(a.At.Key), "pool.ahead", "field", a.At.Def.Label)
			return
		}
	}
}

func valuePathOf(key value.FieldKey) string { return "/values/" + fault.Escape(string(key)) }
