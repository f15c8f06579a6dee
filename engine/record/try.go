package record

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A trial carries changes out by the recipe of Many, transaction and all, and then lets the transaction
// fail: what it says is what a save would say, for it is one, but for the commit. Over several calls it keeps
// in mind what would be there by then.

// Trial is a number of changes of which nothing is kept. The zero value is the beginning of one; it is
// not safe for concurrent use.
type Trial struct {
	held map[claim]struct{} // unique values of changes that would have been made
	made map[value.ID]*value.Record
}

// claim stands for the values of a unique group.
type claim struct {
	group int
	hash  uint64
}

func claimOf(group int, name string) claim {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // writing to a hash never fails
	return claim{group, h.Sum64()}
}

func (r *Trial) holds(group int, name string) bool {
	if r == nil {
		return false
	}
	_, held := r.held[claimOf(group, name)]
	return held
}

// claimed tells whether a change before would have made such a claim.
func (r *Trial) claimed(c claim) bool {
	if r == nil {
		return false
	}
	_, held := r.held[c]
	return held
}

// has tells whether a record would have been made or changed.
func (r *Trial) has(id value.ID) bool { return r != nil && r.made[id] != nil }

// record is one as it would be by then; nil where it is as it is.
func (r *Trial) record(form value.FormKey, id value.ID) *value.Record {
	if !r.has(id) || r.made[id].Form != form {
		return nil
	}
	return r.made[id]
}

var errTried = errors.New("a trial is not kept")

// Try says what Many would do, and does nothing. Later calls with the same trial know of the changes
// before them. Faults: as Many.
func (s *Service) Try(ctx context.Context, actor value.Actor, form value.FormKey, changes []Change, r *Trial) ([]Outcome, error) {
	v := s.visit(actor)
	v.trial = r
	m, err := v.prepareMany(ctx, form, changes)
	if err != nil {
		return nil, err
	}
	err = m.tx(ctx, func(tx store.Tx) error {
		if err := m.apply(ctx, tx); err != nil {
			return err
		}
		return errTried
	})
	if !errors.Is(err, errTried) {
		if !isOwn(err) {
			return nil, err
		}
		if err := m.tryEach(ctx); err != nil {
			return nil, err
		}
	}
	for i, w := range m.writes {
		if w != nil && m.outcomes[i].Changed {
			m.outcomes[i].Changes = w.shownChanges()
			r.note(w)
		}
	}
	return m.outcomes, m.entitle(ctx)
}

// entitle puts titles beside the ids that the changes show, those of all together.
func (m *many) entitle(ctx context.Context) error {
	var form *catalog.Form
	var records []*value.Record
	for i, w := range m.writes {
		if len(m.outcomes[i].Changes) == 0 {
			continue
		}
		form, records = w.form, append(records, w.next)
		if w.old != nil {
			records = append(records, w.old)
		}
	}
	if form == nil {
		return nil
	}
	found, err := m.visit.titles(ctx, form, records)
	if err != nil {
		return err
	}
	for _, one := range m.outcomes {
		for _, c := range one.Changes {
			found.into(form, map[string]any{c.Field: c.From})
			found.into(form, map[string]any{c.Field: c.To})
		}
	}
	return nil
}

// tryEach finds which of the changes stands in the way of the others.
func (m *many) tryEach(ctx context.Context) error {
	for i, w := range m.writes {
		if w == nil || !m.outcomes[i].Changed {
			continue
		}
		err := m.visit.tx(ctx, nil, func(tx store.Tx) error {
			m.holding = map[string]bool{}
			if err := w.apply(ctx, tx); err != nil {
				return err
			}
			return errTried
		})
		if errors.Is(err, errTried) {
			continue
		}
		if !isOwn(err) || errors.Is(err, errMoved) {
			return err
		}
		m.refuse(i, w.explain(err))
	}
	return nil
}

// note keeps in mind what a change would have made. Records are kept only where later changes may refer to
// them or take what they let go.
func (r *Trial) note(w *write) {
	if r.held == nil {
		r.held, r.made = map[claim]struct{}{}, map[value.ID]*value.Record{}
	}
	for n, group := range w.form.Layout.Unique {
		if key, claims := w.claims(group); claims {
			r.held[claimOf(n, nameOf(key))] = struct{}{}
		}
	}
	for c := range w.claimsAlone() {
		r.held[c] = struct{}{}
	}
	if w.old != nil || w.refersToItself() {
		r.made[w.next.ID] = w.next
	}
}

// refersToItself tells whether records of the form can refer to others of it.
func (w *write) refersToItself() bool {
	for _, field := range w.form.References {
		if field.Def.Ref == w.form.Key || slices.Contains(field.Def.Refs, w.form.Key) {
			return true
		}
	}
	return false
}

// shownChanges is what changes of the record, as its actor may see it: of a new one all that it holds.
func (w *write) shownChanges() []FieldChange {
	out := []FieldChange{}
	for _, c := range changes(w.old, w.next) {
		field, known := w.form.Field(c.Field)
		if !known || w.hidden(c.Field) {
			continue
		}
		from, to := c.From, c.To
		if w.old != nil && w.decision.Sees(c.Field, w.old) == access.Masked {
			from = mask(field, from)
			if !w.sent[c.Field] {
				to = mask(field, to)
			}
		}
		out = append(out, FieldChange{Field: string(c.Field), From: field.Encode(from), To: field.Encode(to)})
	}
	return out
}

// staleChange is what a change meets whose record has moved on.
func staleChange() error { return fault.New(fault.Conflict, "record.stale").In("record.many") }
