package record

import (
	"context"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Stale is the Detail of a "record.stale" conflict: what was sent, and the record as it is now.
type Stale struct {
	Yours  map[string]any `json:"yours"`
	Theirs *View          `json:"theirs"`
}

// Update changes the named fields of a record that the caller knows at version; null clears, absent
// keys stay. Faults: as Create, and Conflict "record.stale" with Detail Stale.
func (s *Service) Update(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, in Input) (answer *View, err error) {
	err = again(func() error {
		answer, err = s.update(ctx, actor, form, id, version, in)
		return err
	})
	return answer, err
}

func (s *Service) update(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, in Input) (*View, error) {
	v := s.visit(actor)
	if answer, ok, err := v.replay(ctx, in.Once); ok || err != nil {
		return answer, err
	}
	w, err := v.changeOf(ctx, form, id, meta.Update)
	if err != nil {
		return nil, err
	}
	if w.old.Version != version {
		return nil, v.stale(ctx, w, in.Values)
	}
	w.answered = true
	if err := w.fill(ctx, in); err != nil {
		return nil, err
	}
	if value.Equal(w.old.Values, w.next.Values) {
		return v.look(ctx, w)
	}
	err = v.tx(ctx, in.Once, func(tx store.Tx) error {
		if err := w.commit(ctx, tx, w.next.Clone(), w.old); err != nil {
			return err
		}
		return v.remember(ctx, tx, in.Once, w.saved)
	})
	if fault.CodeOf(err) == "store.stale" {
		return nil, v.stale(ctx, w, in.Values)
	}
	if err != nil {
		return nil, w.explain(err)
	}
	return w.answer(ctx)
}

// changeOf begins a change of a living record, if the actor may read it (else it does not exist for
// them) and the verb reaches it (else Forbidden).
func (v *visit) changeOf(ctx context.Context, key value.FormKey, id value.ID, verb meta.Verb) (*write, error) {
	form, old, err := v.read(ctx, key, id)
	if err != nil {
		return nil, err
	}
	if old.Deleted() {
		return nil, notFound(key, id)
	}
	decision := v.decision(form)
	if !decision.Reaches(verb, old) {
		return nil, fault.New(fault.Forbidden, "record.mayNot").With("verb", string(verb)).With("form", form.Def.Label)
	}
	next := old.Clone()
	next.Version++
	next.UpdatedAt, next.UpdatedBy = v.now, v.actor.Key()
	return &write{visit: v, form: form, decision: decision, old: old, next: next, kind: event.RecordChanged}, nil
}

// stale tells that someone was faster, with both versions so that the two can be merged.
func (v *visit) stale(ctx context.Context, w *write, yours map[string]any) error {
	if err := v.lost(ctx, w.form, w.next.ID, yours); err != nil {
		return err
	}
	theirs, err := v.Get(ctx, v.actor, w.form.Key, w.next.ID)
	if err != nil {
		return err
	}
	f := fault.New(fault.Conflict, "record.stale").In("record.update")
	f.Detail = Stale{Yours: yours, Theirs: theirs}
	return f
}

func notFound(form value.FormKey, id value.ID) error {
	return fault.New(fault.NotFound, "record.notFound").With("form", string(form)).With("id", string(id))
}
