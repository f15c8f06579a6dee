package record

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A mirror shows a field of the record that a reference names, stored beside it so that lists can
// filter, sort and group by it. It is set at each save, and follows when the other record changes.

// mirror copies what the record's references show.
func (w *write) mirror(ctx context.Context) error {
	for _, f := range w.form.Fields {
		if f.Def.Kind != field.Mirror {
			continue
		}
		shown, err := w.mirrored(ctx, f)
		if err != nil {
			return err
		}
		w.set(string(f.Key), shown)
	}
	return nil
}

func (w *write) mirrored(ctx context.Context, f *catalog.Field) (value.Value, error) {
	via, ok := w.form.Field(f.Def.Via)
	id, named := w.next.Values[string(f.Def.Via)].(string)
	if !ok || !named {
		return nil, nil
	}
	target, err := w.fetch(ctx, via.Def.Ref, value.ID(id))
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil // checkReferences makes the issue
	}
	if err != nil {
		return nil, err
	}
	if slices.Contains(newIDs(via, w.heldBefore(), w.next.Values), target.ID) && !w.reaches(target) {
		return nil, nil // as above: a reference that may not be made shows nothing
	}
	return value.Clone(target.Get(f.Def.Of)), nil
}

// showNothing empties the mirrors of a reference that names nothing any more.
func (w *write) showNothing(via *catalog.Field) {
	if via.Table != nil || w.next.Values[string(via.Key)] != nil {
		return
	}
	for _, f := range w.form.Fields {
		if f.Def.Kind == field.Mirror && f.Def.Via == via.Key {
			w.set(string(f.Key), nil)
		}
	}
}

// mirrorAnew brings the mirrors of a record that comes back from the recycle bin up to date, where they do not follow, and
// what is worked out from them. It does so in the transaction, so that nothing changes between.
func (w *write) mirrorAnew(ctx context.Context, tx store.Tx, next *value.Record) error {
	shown := value.Doc{}
	for _, f := range w.form.Fields {
		via, known := w.form.Field(f.Def.Via)
		id := value.ID(next.Values.Text(f.Def.Via))
		if f.Def.Kind != field.Mirror || !known || id == "" {
			continue
		}
		target, err := tx.Get(ctx, via.Def.Ref, id)
		if fault.KindOf(err) == fault.NotFound {
			continue // holdReferences refuses it
		}
		if err != nil {
			return err
		}
		shown[string(f.Key)] = value.Clone(target.Get(f.Def.Of))
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(shown)), func(name string) bool { return !value.Equal(shown[name], next.Values[name]) }) {
		return nil
	}
	anew, err := withFigures(next, shown, w.form.Settle, w.rule(w.oldValues()))
	if err != nil {
		return err
	}
	next.Values = anew.Values
	return nil
}

// reaches tells whether the actor may name this record in a reference.
func (w *write) reaches(target *value.Record) bool {
	form, ok := w.catalog.Forms[target.Form]
	return ok && !target.Deleted() && w.visit.decision(form).Reaches(meta.Read, target)
}

// follow brings the mirrors of a changed record up to date; they are no change of the records that hold them, so these
// keep their version.
func (v *visit) follow(ctx context.Context, e event.Event) ([]moved, error) {
	if e.After == nil || len(e.Changes) == 0 {
		return nil, nil
	}
	changed := map[value.FieldKey]bool{}
	for _, c := range e.Changes {
		changed[c.Field] = true
	}
	return v.mirrorAll(ctx, e.Form, e.Record, changed, e.Before == nil)
}

// mirrorAll brings the mirrors of a record's changed fields up to date, and answers with the records that hold them. A
// record that was just created is shown otherwise only by what was written together with it, so that a job need not look
// at all that have come to show it since.
func (v *visit) mirrorAll(ctx context.Context, form value.FormKey, id value.ID, changed map[value.FieldKey]bool, created bool) ([]moved, error) {
	var out []moved
	for _, back := range v.catalog.Pointing(form) {
		if len(mirrorsOf(back, changed)) == 0 {
			continue
		}
		of := slices.Sorted(maps.Keys(changed))
		shown, err := v.mirrorFirst(ctx, Mirrors{Form: back.Form.Key, Via: back.Field.Key, Shown: id, Of: of}, !created)
		if err != nil {
			return nil, err
		}
		out = append(out, shown...)
	}
	return out, nil
}

// mirrorsOf are the fields of a pointing form that show one of the changed fields through this reference.
func mirrorsOf(back catalog.Backlink, changed map[value.FieldKey]bool) []*catalog.Field {
	var out []*catalog.Field
	for _, f := range back.Form.Fields {
		if f.Def.Kind == field.Mirror && back.Field.Table == nil && f.Def.Via == back.Field.Key && changed[f.Def.Of] {
			out = append(out, f)
		}
	}
	return out
}

// mirrorFirst brings the first records up to date, as many as who waits for what follows may have to wait for, and where
// leave says so leaves the others to a job.
func (v *visit) mirrorFirst(ctx context.Context, m Mirrors, leave bool) (out []moved, err error) {
	for n := 1; ; n++ {
		page, err := v.mirrorNext(ctx, m, func(tx store.Tx, page mirrorPage) error {
			if !leave || n < mirrorPages || page.next == nil {
				return nil
			}
			left := m
			left.After, left.Seen = page.next, m.Seen+int64(page.seen)
			return v.Leave(ctx, tx, left)
		})
		if out = append(out, page.shown...); err != nil || page.next == nil || n == mirrorPages {
			return out, err
		}
		m.After, m.Seen = page.next, m.Seen+int64(page.seen)
	}
}
