package record

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// checkReferences makes an issue of each reference that is new and names nothing the actor can see:
// what does not exist and what is not theirs to see read the same.
func (w *write) checkReferences(ctx context.Context) error {
	for _, field := range w.form.References {
		ids := newIDs(field, w.heldBefore(), w.next.Values)
		for _, id := range ids {
			code, err := w.unfit(ctx, field, id)
			if err != nil {
				return err
			}
			if code != "" {
				w.issues = append(w.issues, fault.Issue{Path: place(field), Code: code, Args: fault.Args{"field": field.Def.Label}})
			}
		}
	}
	w.checkPeople()
	return nil
}

// heldBefore are the values whose references are known to be good: none at creation, and none of a
// record in the recycle bin, because nothing held them while it lay there.
func (w *write) heldBefore() value.Doc {
	if w.old == nil || w.old.Deleted() {
		return nil
	}
	return w.old.Values
}

// unfit says why a record cannot be referred to, "" when it can: it is not there for this actor, or the
// field's own filter does not offer it.
func (w *write) unfit(ctx context.Context, field *catalog.Field, stored value.ID) (code string, err error) {
	form, id := field.Named(stored)
	_, r, err := w.read(ctx, form, id)
	if coming, ok := w.coming[id]; ok && coming.Form == form && (fault.KindOf(err) == fault.NotFound || err == nil && r.Deleted()) {
		r, err = coming, nil
	}
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return "field.reference", nil
	case err != nil:
		return "", err
	case r.Deleted():
		return "field.reference", nil
	case !query.Match(field.Choice(w.rule(w.oldValues())), r):
		return "field.referenceFilter", nil
	}
	return "", nil
}

// checkPeople holds member, unit and zone fields against the organisation.
func (w *write) checkPeople() {
	w.form.EachOrgValue(w.next.Values, func(field *catalog.Field, kind string, id value.ID) {
		var ok bool
		switch kind {
		case "member":
			_, ok = w.people.User(id)
		case "orgunit":
			_, ok = w.people.Unit(id)
		case "zone":
			_, ok = w.people.Zone(id)
		}
		if !ok {
			w.issues.Add(place(field), "field.reference", "field", field.Def.Label)
		}
	})
}

// holdReferences makes sure, inside the transaction, that the records referred to are still there
// when it commits: deleting one guards the same key.
func (w *write) holdReferences(ctx context.Context, tx store.Tx, next *value.Record) error {
	held := map[string]value.FormKey{}
	for _, field := range w.form.References {
		for _, stored := range newIDs(field, w.heldBefore(), next.Values) {
			form, id := field.Named(stored)
			held[string(id)] = form
		}
	}
	for _, id := range slices.Sorted(maps.Keys(held)) {
		form := held[id]
		if w.trial.has(value.ID(id)) || w.holding[referenceGuard(form, value.ID(id))] {
			continue
		}
		if err := tx.Guard(ctx, referenceGuard(form, value.ID(id))); err != nil {
			return err
		}
		target, err := tx.Get(ctx, form, value.ID(id))
		if err != nil || target.Deleted() {
			return fault.New(fault.Conflict, "record.referenceGone").With("id", id).Because(err)
		}
		if w.holding != nil {
			w.holding[referenceGuard(form, value.ID(id))] = true
		}
	}
	return nil
}

func referenceGuard(form value.FormKey, id value.ID) string {
	return "ref:" + string(form) + ":" + string(id)
}

// maxPointing bounds how many records one deletion may touch: a transaction's limit.
const maxPointing = 500

// leave writes a record that goes to the recycle bin, and lets go of every reference to it, as each reference says. It lies
// there before they do: figures that their changes bring to it are then no more than figures, and find it as it is by now.
func (w *write) leave(ctx context.Context, tx store.Tx, next, before *value.Record) error {
	clear(w.holding) // what was sure before may be what goes now
	if err := tx.Guard(ctx, referenceGuard(next.Form, next.ID)); err != nil {
		return err
	}
	if err := w.commit(ctx, tx, next, before); err != nil {
		return err
	}
	for _, back := range w.catalog.Pointing(next.Form) {
		named := back.Field.Naming(next.Form, next.ID)
		pointing, err := tx.List(ctx, query.List{
			Form: back.Form.Key, Filter: query.Cmp{Path: pathOf(back.Field), Op: query.Eq, Value: string(named)}, Limit: maxPointing,
		})
		if err != nil {
			return err
		}
		if pointing.Next != nil {
			return fault.New(fault.Conflict, "record.referredByTooMany").With("form", back.Form.Def.Label)
		}
		for _, r := range pointing.Records {
			if err := w.release(ctx, tx, back, r.ID, named); err != nil {
				return err
			}
		}
	}
	return nil
}

// release lets one record go of another that has left. It is read once more: what went before may have changed it, or
// taken it along.
func (v *visit) release(ctx context.Context, tx store.Tx, back catalog.Backlink, id, named value.ID) error {
	r, err := tx.Get(ctx, back.Form.Key, id)
	if err != nil || r.Deleted() {
		return err
	}
	w := v.systemWrite(back.Form, r)
	switch back.Field.Def.OnDelete {
	case "clear":
		w.clear(back.Field, named)
		w.showNothing(back.Field)
		w.compute()
		if err := w.issues.Fault("record.release", "record.invalid"); err != nil {
			return err
		}
		return w.commit(ctx, tx, w.next, r)
	case "cascade":
		w.bin("")
		return w.leave(ctx, tx, w.next, r)
	}
	return fault.New(fault.Conflict, "record.referred").With("form", back.Form.Def.Label)
}

// systemWrite begins a change that follows from another one, which the actor had the right to make.
func (v *visit) systemWrite(form *catalog.Form, r *value.Record) *write {
	next := r.Clone()
	next.Version++
	next.UpdatedAt, next.UpdatedBy = v.now, v.actor.Key()
	return &write{visit: v, form: form, decision: v.decision(form), old: r, next: next, kind: "recordChanged"}
}

// idsOf are the ids in a value, one or many, or what stands for them where a field names forms too.
func idsOf(v value.Value) []value.ID {
	switch v := v.(type) {
	case string:
		return []value.ID{value.ID(v)}
	case value.List:
		var out []value.ID
		for _, e := range v {
			out = append(out, idsOf(e)...)
		}
		return out
	}
	return nil
}

// idsIn are the ids that a reference field holds: its own, or those of a column in all rows.
func idsIn(field *catalog.Field, values value.Doc) []value.ID {
	if field.Table == nil {
		return idsOf(values[string(field.Key)])
	}
	var out []value.ID
	rows, _ := values[string(field.Table.Key)].(value.List)
	for _, row := range rows {
		if row, ok := row.(value.Doc); ok {
			out = append(out, idsOf(row[string(field.Key)])...)
		}
	}
	return out
}

func newIDs(field *catalog.Field, before, after value.Doc) []value.ID {
	old := idsIn(field, before)
	added := slices.DeleteFunc(idsIn(field, after), func(id value.ID) bool { return slices.Contains(old, id) })
	slices.Sort(added)
	return slices.Compact(added)
}

// clear takes one id out of a reference field, wherever it stands.
func (w *write) clear(field *catalog.Field, gone value.ID) {
	if field.Table == nil {
		w.set(string(field.Key), without(w.next.Values[string(field.Key)], gone))
		return
	}
	rows, _ := w.next.Values[string(field.Table.Key)].(value.List)
	for _, row := range rows {
		if row, ok := row.(value.Doc); ok {
			if rest := without(row[string(field.Key)], gone); rest != nil {
				row[string(field.Key)] = rest
			} else {
				delete(row, string(field.Key))
			}
		}
	}
}

func without(v value.Value, gone value.ID) value.Value {
	switch v := v.(type) {
	case string:
		if v == string(gone) {
			return nil
		}
	case value.List:
		return value.Normal(slices.DeleteFunc(slices.Clone(v), func(e value.Value) bool { return e == string(gone) }))
	}
	return v
}

// pathOf is where filters find a field: a column stands below its table.
func pathOf(field *catalog.Field) query.Path {
	if field.Table == nil {
		return query.At(field.Key)
	}
	return query.Path{Field: field.Table.Key, Sub: field.Key}
}

// place is where an issue of a field points to in the input.
func place(field *catalog.Field) string {
	if field.Table == nil {
		return "/values/" + fault.Escape(string(field.Key))
	}
	return "/values/" + fault.Escape(string(field.Table.Key))
}

// resolve turns conditions on the fields of a referred form into the ids that meet them, under the
// actor's own rights over that form; more than 1,000 are Invalid "filter.tooWide".
func (v *visit) resolve(ctx context.Context, filter catalog.Bound) (query.Filter, error) {
	return filter.Resolve(func(target value.FormKey, where catalog.Bound) (value.List, error) {
		form, err := v.form(target)
		if err != nil {
			return nil, err
		}
		v.noteForm(target)
		inner, err := v.restricted(ctx, form, meta.Read, where)
		if err != nil {
			return nil, err
		}
		return v.idsWhere(ctx, form, inner)
	})
}

const maxResolved = 1000

func (v *visit) idsWhere(ctx context.Context, form *catalog.Form, where query.Filter) (value.List, error) {
	var ids value.List
	q := query.List{Form: form.Key, Filter: where, Limit: 500}
	for {
		page, err := v.Store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Records {
			ids = append(ids, string(r.ID))
		}
		if len(ids) > maxResolved || page.Incomplete {
			return nil, fault.New(fault.Invalid, "filter.tooWide").With("form", form.Def.Label)
		}
		if page.Next == nil {
			return ids, nil
		}
		q.After = page.Next
	}
}
