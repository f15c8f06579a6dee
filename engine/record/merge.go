package record

import (
	"context"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// MergedBy names, in events, what a merge did; of the record that went, the detail says "into" which.
const MergedBy = actionMerge

// actionMerge names, in the history, what a merge did to the two records and to what pointed to the one that went.
const actionMerge = "merge"

// Merging makes one record out of two of a form that knows duplicates: drop goes to the recycle bin, and keep
// takes over some of what it held. What points to drop is moved to keep afterwards, see OpRepoint.
type Merging struct {
	Keep, Drop               value.ID
	KeepVersion, DropVersion int64            // those that the actor has seen
	Take                     []value.FieldKey // whose values keep takes over from drop
	Reason                   string
}

// MergePreview is what somebody sees before they merge two records.
type MergePreview struct {
	Keep *View `json:"keep"`
	Drop *View `json:"drop"`
	// Fields differ between the two, and keep may take them over; in the form's order.
	Fields []value.FieldKey `json:"fields"`
	// Moves are the living records that point to drop, as many as the actor may read.
	Moves []MergeMoves `json:"moves"`
}

// MergeMoves counts the records of a form that will point to the one that is kept.
type MergeMoves struct {
	Form  value.FormKey `json:"form"`
	Count query.Counted `json:"count"`
}

// MergePreview tells what merging drop into keep would mean. Faults: those of Merge that need no version, and of Open.
func (s *Service) MergePreview(ctx context.Context, actor value.Actor, form value.FormKey, keep, drop value.ID) (*MergePreview, error) {
	v := s.visit(actor)
	m, err := v.merging(ctx, form, keep, drop)
	if err != nil {
		return nil, err
	}
	for _, w := range []*write{m.keep, m.drop} {
		if err := v.countOpened(ctx, w.form, w.old); err != nil {
			return nil, err
		}
	}
	out := &MergePreview{Fields: []value.FieldKey{}, Moves: []MergeMoves{}}
	for _, f := range m.keep.form.Fields {
		if m.differ(f) && m.refuses(f) == "" {
			out.Fields = append(out.Fields, f.Key)
		}
	}
	views, err := v.answers(ctx, m.keep.form, []*value.Record{m.keep.old, m.drop.old}, nil)
	if err != nil {
		return nil, err
	}
	out.Keep, out.Drop = views[0], views[1]
	out.Moves, err = v.moves(ctx, m.drop.old)
	return out, err
}

// moves counts the records of each form that point to one, as far as the actor may read them.
func (v *visit) moves(ctx context.Context, to *value.Record) ([]MergeMoves, error) {
	out := []MergeMoves{}
	for _, form := range v.pointing(to.Form) {
		if !v.decision(form).May(meta.Read) {
			continue
		}
		filter, err := v.restrict(ctx, form, meta.Read, PointingTo(v.catalog, form.Key, to.Form, to.ID))
		if err != nil {
			return nil, err
		}
		counted, err := v.Store.Count(ctx, query.Count{Form: form.Key, Filter: filter, Cap: countCap})
		if err != nil {
			return nil, err
		}
		if counted.Value > 0 {
			out = append(out, MergeMoves{Form: form.Key, Count: counted})
		}
	}
	return out, nil
}

// pointing are the forms with fields that can name a record of a form, by key.
func (v *visit) pointing(to value.FormKey) []*catalog.Form {
	var out []*catalog.Form
	for _, key := range Pointing(v.catalog, to) {
		out = append(out, v.catalog.Forms[key])
	}
	return out
}

// Pointing are the forms with fields that can name a record of a form, sorted.
func Pointing(c *catalog.Catalog, to value.FormKey) []value.FormKey {
	var out []value.FormKey
	for _, back := range c.Pointing(to) {
		out = append(out, back.Form.Key)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// PointingTo holds for the records of a form that name a record of another, in whichever field.
func PointingTo(c *catalog.Catalog, form, to value.FormKey, id value.ID) query.Filter {
	var either query.Or
	for _, back := range c.Pointing(to) {
		if back.Form.Key == form {
			either = append(either, query.Cmp{Path: pathOf(back.Field), Op: query.Eq, Value: string(back.Field.Naming(to, id))})
		}
	}
	if len(either) == 1 {
		return either[0]
	}
	return either
}

// Merge makes one record out of two, at once for the two themselves. In the same transaction also writes what is
// left to do; it is told the versions after. The actor must be able to change the one and to delete the other,
// and to see what they take over. Faults: NotFound, Forbidden, Conflict "record.stale" with Detail Stale, Invalid
// "merge.self", "merge.notOffered" and, for fields, "merge.field"; those of Update and Delete.
func (s *Service) Merge(
	ctx context.Context, actor value.Actor, form value.FormKey, of Merging, also func(tx store.Tx, keep, drop int64) error,
) error {
	return again(func() error { return s.merge(ctx, actor, form, of, also) })
}

func (s *Service) merge(
	ctx context.Context, actor value.Actor, form value.FormKey, of Merging, also func(tx store.Tx, keep, drop int64) error,
) error {
	v := s.visit(actor)
	m, err := v.merging(ctx, form, of.Keep, of.Drop)
	if err != nil {
		return err
	}
	switch {
	case m.keep.old.Version != of.KeepVersion:
		return v.stale(ctx, m.keep, nil)
	case m.drop.old.Version != of.DropVersion:
		return v.stale(ctx, m.drop, nil)
	}
	if err := m.prepare(ctx, of); err != nil {
		return err
	}
	err = v.tx(ctx, nil, func(tx store.Tx) error {
		// Whoever is about to point to the record that goes finds out.
		if err := tx.Guard(ctx, referenceGuard(form, of.Drop)); err != nil {
			return err
		}
		for _, w := range []*write{m.drop, m.keep} { // in this order: what must be the only one lets go first
			if err := w.commit(ctx, tx, w.next.Clone(), w.old); err != nil {
				return err
			}
		}
		return also(tx, m.keep.next.Version, m.drop.next.Version)
	})
	return m.keep.explain(err)
}

// merge is two records on their way to become one.
type merge struct{ keep, drop *write }

// merging begins a merge, if the actor may make it.
func (v *visit) merging(ctx context.Context, form value.FormKey, keep, drop value.ID) (m merge, err error) {
	if m.keep, err = v.changeOf(ctx, form, keep, meta.Update); err != nil {
		return m, err
	}
	if m.drop, err = v.changeOf(ctx, form, drop, meta.Delete); err != nil {
		return m, err
	}
	switch {
	case keep == drop:
		return m, fault.New(fault.Invalid, "merge.self")
	case len(m.keep.form.Duplicates) == 0:
		return m, fault.New(fault.Invalid, "merge.notOffered").With("form", m.keep.form.Def.Label)
	}
	return m, nil
}

// prepare takes both records through every step before the transaction.
func (m merge) prepare(ctx context.Context, of Merging) error {
	keep, drop := m.keep, m.drop
	keep.instead = of.Drop
	keep.frozen = keep.form.State(keep.old.Values, keep.rule(keep.old.Values))
	keep.sent = map[value.FieldKey]bool{}
	for _, key := range of.Take {
		m.take(key)
	}
	m.forgetItself()
	if err := keep.workOut(ctx); err != nil {
		return err
	}
	if err := keep.told().Fault("record.merge", "record.invalid"); err != nil {
		return err
	}
	if err := keep.mayKeep(); err != nil {
		return err
	}
	if err := drop.binWith(ctx, of.Reason); err != nil {
		return err
	}
	keep.reason, keep.action, keep.detail = of.Reason, actionMerge, value.Doc{"merged": string(of.Drop)}
	drop.action, drop.detail = actionMerge, value.Doc{"into": string(of.Keep)}
	return nil
}

// take sets a field of the record that is kept to what the other holds.
func (m merge) take(key value.FieldKey) {
	at := "/take/" + fault.Escape(string(key))
	f, known := m.keep.form.Field(key)
	if !known || m.keep.hidden(key) {
		m.keep.issues.Add(at, "field.unknown", "field", string(key))
		return
	}
	if code := m.refuses(f); code != "" {
		m.keep.issues.Add(at, code, "field", f.Def.Label)
		return
	}
	m.keep.sent[key] = true
	m.keep.set(string(key), value.Clone(m.drop.old.Values[string(key)]))
}

func (m merge) differ(f *catalog.Field) bool {
	return !value.Equal(m.keep.old.Values[string(f.Key)], m.drop.old.Values[string(f.Key)])
}

// refuses says why a field cannot be taken over, "" where it can: what the actor does not see whole on both
// would be told by taking it, and files stay with the record that they were put to, which undoing brings back.
func (m merge) refuses(f *catalog.Field) string {
	key := f.Key
	switch {
	case m.drop.decision.Sees(key, m.drop.old) != access.Whole || m.keep.decision.Sees(key, m.keep.old) != access.Whole:
		return "merge.unseen"
	case m.holdsFiles(f):
		return "merge.files"
	case m.keep.locked(f):
		return "field.readOnly"
	}
	return ""
}

func (m merge) holdsFiles(f *catalog.Field) bool {
	return slices.ContainsFunc(m.keep.form.Files, func(file *catalog.Field) bool { return file == f || file.Table != nil && file.Table.Key == f.Key })
}

// forgetItself empties what of the record kept would point to itself: it named the one that goes.
func (m merge) forgetItself() {
	for _, f := range m.keep.form.References {
		named := f.Naming(m.drop.form.Key, m.drop.next.ID)
		if slices.Contains(idsIn(f, m.keep.next.Values), named) {
			m.keep.clear(f, named)
		}
	}
}

// Repoint is what a change of OpRepoint does: every field that names From, a record of Form, names To. With
// Back it takes back the change that did so, which must have been the record's last.
type Repoint struct {
	Form     value.FormKey
	From, To value.ID
	Back     bool
}

// repointing begins moving the references of a record, as something that follows from a merge and needs no right
// of its own. One that is gone stays as it is.
func (v *visit) repointing(ctx context.Context, key value.FormKey, c Change) (*write, error) {
	form, known := v.catalog.Forms[key]
	if !known {
		return nil, fault.New(fault.NotFound, "form.unknown").With("form", string(key))
	}
	old, err := v.fetch(ctx, key, c.ID)
	if fault.KindOf(err) == fault.NotFound {
		return nil, notFound(key, c.ID)
	}
	if err != nil {
		return nil, err
	}
	w := v.systemWrite(form, old)
	if old.Deleted() {
		return nil, notFound(key, c.ID)
	}
	w.reason, w.action = c.Reason, actionMerge
	if c.Repoint.Back {
		err = w.pointBack(ctx, c.Version)
	} else {
		w.detail = value.Doc{"merged": string(c.Repoint.From)}
		w.point(c.Repoint)
	}
	if err != nil {
		return nil, err
	}
	if err := w.mirror(ctx); err != nil {
		return nil, err
	}
	w.compute()
	return w, w.told().Fault("record.repoint", "record.invalid")
}

// point makes every field that names the one record name the other.
func (w *write) point(to *Repoint) {
	for _, f := range w.form.References {
		from, now := f.Naming(to.Form, to.From), f.Naming(to.Form, to.To)
		if !slices.Contains(idsIn(f, w.next.Values), from) {
			continue
		}
		if w.next.Form == to.Form && w.next.ID == to.To {
			w.clear(f, from) // it would name itself
			continue
		}
		w.exchange(f, from, now)
	}
}

// exchange puts one id in the place of another in a reference field, wherever it stands.
func (w *write) exchange(f *catalog.Field, from, to value.ID) {
	if f.Table == nil {
		w.set(string(f.Key), exchanged(w.next.Values[string(f.Key)], from, to))
		return
	}
	rows, _ := w.next.Values[string(f.Table.Key)].(value.List)
	for _, row := range rows {
		if row, ok := row.(value.Doc); ok && row[string(f.Key)] != nil {
			row[string(f.Key)] = exchanged(row[string(f.Key)], from, to)
		}
	}
}

// exchanged names each id once.
func exchanged(v value.Value, from, to value.ID) value.Value {
	switch v := v.(type) {
	case string:
		if v == string(from) {
			return string(to)
		}
	case value.List:
		var out value.List
		for _, e := range v {
			if e == string(from) {
				e = string(to)
			}
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
		return out
	}
	return v
}

// pointBack sets the references to what they were before the record's last change, which must have made the version.
func (w *write) pointBack(ctx context.Context, version int64) error {
	if w.old.Version != version {
		return staleChange()
	}
	events, err := w.Store.History(ctx, w.old.Form, w.old.ID, 0, 1)
	if err != nil {
		return err
	}
	if len(events) == 0 || events[0].Version != version || events[0].Kind != event.RecordChanged || events[0].Action != actionMerge {
		return staleChange()
	}
	for _, c := range events[0].Changes {
		if f, known := w.form.Field(c.Field); known && !f.Computed() {
			w.set(string(c.Field), value.Clone(c.From))
		}
	}
	return nil
}
