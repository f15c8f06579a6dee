package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
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

// reaches tells whether the actor may name this record in a reference.
func (w *write) reaches(target *value.Record) bool {
	form, ok := w.catalog.Forms[target.Form]
	return ok && !target.Deleted() && w.visit.decision(form).Reaches(meta.Read, target)
}

const mirrorPage = 200

// follow brings the mirrors of a changed record up to date, page by page; they are no change of the
// records that hold them, so these keep their version.
func (v *visit) follow(ctx context.Context, e event.Event) ([]moved, error) {
	if e.After == nil || len(e.Changes) == 0 {
		return nil, nil
	}
	changed := map[value.FieldKey]bool{}
	for _, c := range e.Changes {
		changed[c.Field] = true
	}
	return v.mirrorAll(ctx, e.Form, e.Record, changed)
}

// mirrorAll brings the mirrors of a record's changed fields up to date, and answers with the records that hold them.
func (v *visit) mirrorAll(ctx context.Context, form value.FormKey, id value.ID, changed map[value.FieldKey]bool) ([]moved, error) {
	var out []moved
	for _, back := range v.catalog.Pointing(form) {
		mirrors := mirrorsOf(back, changed)
		if len(mirrors) == 0 {
			continue
		}
		shown, err := v.followIn(ctx, back, id, mirrors)
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

func (v *visit) followIn(ctx context.Context, back catalog.Backlink, id value.ID, mirrors []*catalog.Field) (out []moved, err error) {
	q := query.List{Form: back.Form.Key, Filter: query.Where(back.Field.Key, query.Eq, string(id)), Limit: mirrorPage}
	for {
		var next query.Key
		var shown []moved
		err := v.tx(ctx, nil, func(tx store.Tx) error {
			target, err := tx.Get(ctx, back.Field.Def.Ref, id)
			if err != nil {
				return err
			}
			page, err := tx.List(ctx, q)
			if err != nil {
				return err
			}
			next = page.Next
			shown, err = v.show(ctx, tx, back.Form, page.Records, target, mirrors)
			return err
		})
		if fault.KindOf(err) == fault.NotFound {
			return out, nil
		}
		if out = append(out, shown...); err != nil || next == nil {
			return out, err
		}
		q.After = next
	}
}

func (v *visit) show(
	ctx context.Context, tx store.Tx, form *catalog.Form, records []*value.Record, target *value.Record, mirrors []*catalog.Field,
) (out []moved, err error) {
	for _, r := range records {
		shown := value.Doc{}
		for _, f := range mirrors {
			shown[string(f.Key)] = value.Clone(target.Get(f.Def.Of))
		}
		next, err := v.putFigures(ctx, tx, form, r, shown)
		if err != nil {
			return nil, err
		}
		out = v.movedTo(out, form, r, next)
	}
	return out, nil
}
