package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// A figure or a mirror that has changed may be what other figures and mirrors are made of: a sum over records that
// hold sums. What follows from other records is no change of a record and makes no event, so whoever writes it hands
// on what it has moved.

// moved is a record in which something that follows from others has changed.
type moved struct {
	form    *catalog.Form
	record  *value.Record // as it is now
	changed map[value.FieldKey]bool
}

// movedTo adds a record that has become another; next is nil where it has not.
func (v *visit) movedTo(all []moved, form *catalog.Form, was, next *value.Record) []moved {
	if next == nil || !v.feeds(form) {
		return all
	}
	changed := map[value.FieldKey]bool{}
	for _, f := range form.Fields {
		if key := string(f.Key); !value.Equal(was.Values[key], next.Values[key]) {
			changed[f.Key] = true
		}
	}
	return append(all, moved{form, next, changed})
}

// feeds tells whether anything is made of a form's records.
func (v *visit) feeds(form *catalog.Form) bool {
	mirrored := func(back catalog.Backlink) bool {
		return slices.ContainsFunc(back.Form.Fields, func(f *catalog.Field) bool { return f.Def.Kind == field.Mirror && f.Def.Via == back.Field.Key })
	}
	return len(form.Feeds) > 0 || slices.ContainsFunc(v.catalog.Pointing(form.Key), mirrored)
}

// spread brings up to date what is made of what has moved, and what is made of that. A chain passes each form once at
// most; where forms are made of each other in a circle, what has not come to rest by then is left.
func (v *visit) spread(ctx context.Context, on []moved) error {
	for range v.catalog.Forms {
		parents := map[parentKey]*catalog.Form{}
		var next []moved
		for _, m := range on {
			for _, feed := range m.form.Feeds {
				parent := m.record.Values.Text(feed.Via)
				if parent != "" && !feed.InTransaction && slices.ContainsFunc(feed.Reads(), func(key value.FieldKey) bool { return m.changed[key] }) {
					parents[parentKey{feed.Parent.Key, value.ID(parent)}] = feed.Parent
				}
			}
			shown, err := v.mirrorAll(ctx, m.form.Key, m.record.ID, m.changed, false)
			if err != nil {
				return err
			}
			next = append(next, shown...)
		}
		counted, err := v.recountAll(ctx, parents)
		if err != nil {
			return err
		}
		if on = append(next, counted...); len(on) == 0 {
			return nil
		}
	}
	return nil
}

// risen are the records whose figures changed in the transaction of the save that the event tells of.
func (v *visit) risen(ctx context.Context, e event.Event) ([]moved, error) {
	form, ok := v.catalog.Forms[e.Form]
	if !ok {
		return nil, nil
	}
	var out []moved
	for _, feed := range form.Feeds {
		if !feed.InTransaction || !v.feeds(feed.Parent) {
			continue
		}
		for _, id := range parentsOf(feed.Via, e) {
			r, err := v.Store.Get(ctx, feed.Parent.Key, id)
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			changed := map[value.FieldKey]bool{feed.Field.Key: true}
			for _, f := range feed.Parent.Fields {
				changed[f.Key] = changed[f.Key] || slices.Contains(feed.Parent.MadeOf(f.Key), feed.Field.Key)
			}
			out = append(out, moved{feed.Parent, r, changed})
		}
	}
	return out, nil
}

// parentsOf are the records that one refers to, or referred to before.
func parentsOf(via value.FieldKey, e event.Event) []value.ID {
	var out []value.ID
	for _, image := range []*value.Record{e.Before, e.After} {
		if image == nil {
			continue
		}
		if id := value.ID(image.Values.Text(via)); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
