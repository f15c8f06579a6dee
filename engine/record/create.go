package record

import (
	"context"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Input is what someone wants a record to hold, as decoded from JSON with numbers kept as text
// (json.Number).
type Input struct {
	Values map[string]any
	Reason string // why, for the history
	Once   *Once  // nil unless the caller wants the same request answered once
}

// Create makes a record: the life of a save, a step a line. Faults: NotFound, Forbidden, Invalid with
// all issues, Conflict "record.taken".
func (s *Service) Create(ctx context.Context, actor value.Actor, form value.FormKey, in Input) (answer *View, err error) {
	err = again(func() error {
		answer, err = s.create(ctx, actor, form, in)
		return err
	})
	return answer, err
}

func (s *Service) create(ctx context.Context, actor value.Actor, form value.FormKey, in Input) (*View, error) {
	v := s.visit(actor)
	if answer, ok, err := v.replay(ctx, in.Once); ok || err != nil {
		return answer, err
	}
	w, err := v.newRecord(form)
	if err != nil {
		return nil, err
	}
	w.answered = true
	if err := w.fill(ctx, in); err != nil {
		return nil, err
	}
	err = v.tx(ctx, in.Once, func(tx store.Tx) error {
		next, err := w.create(ctx, tx)
		if err != nil {
			return err
		}
		return v.remember(ctx, tx, in.Once, next)
	})
	if err != nil {
		return nil, w.explain(err)
	}
	return w.answer(ctx)
}

// newRecord begins a record of the form, if this actor may make one.
func (v *visit) newRecord(key value.FormKey) (*write, error) {
	form, err := v.form(key)
	if err != nil {
		return nil, err
	}
	decision := v.decision(form)
	if !decision.MayCreate() {
		return nil, fault.New(fault.Forbidden, "record.mayNotCreate").With("form", form.Def.Label)
	}
	next := &value.Record{
		ID: v.NewID(), Form: key, Version: 1, Values: make(value.Doc, len(form.Fields)),
		CreatedAt: v.now, CreatedBy: v.actor.Key(), UpdatedAt: v.now, UpdatedBy: v.actor.Key(),
	}
	return &write{visit: v, form: form, decision: decision, next: next, kind: event.RecordCreated}, nil
}

// fill takes the input through every step before the transaction.
func (w *write) fill(ctx context.Context, in Input) error {
	w.reason = in.Reason
	if err := w.draw(ctx, in.Values); err != nil {
		return err
	}
	if err := w.told().Fault("record.save", "record.invalid"); err != nil {
		return err
	}
	return w.mayKeep()
}

// draw makes the record that the input asks for, and collects everything that is wrong with it.
func (w *write) draw(ctx context.Context, values map[string]any) error {
	w.setInput(values)
	w.setDefaults()
	return w.workOut(ctx)
}

// workOut makes what follows from the values as they were set, and collects everything that is wrong with it.
func (w *write) workOut(ctx context.Context) error {
	if err := w.mirror(ctx); err != nil {
		return err
	}
	w.compute()
	if err := w.runHooks(ctx); err != nil {
		return err
	}
	if err := w.checkRules(ctx); err != nil {
		return err
	}
	w.checkAhead()
	if err := w.checkReferences(ctx); err != nil {
		return err
	}
	if err := w.checkDuplicates(ctx); err != nil {
		return err
	}
	return w.checkFiles(ctx)
}

// create is what happens inside the transaction; it may run more than once.
func (w *write) create(ctx context.Context, tx store.Tx) (*value.Record, error) {
	next := w.next
	if len(w.form.Numbered) > 0 {
		next = w.next.Clone() // each run may draw another number
		if err := w.number(ctx, tx, next); err != nil {
			return nil, err
		}
		w.form.Derive(next, w.Zone, w.people)
	}
	if err := w.room(ctx, tx, next); err != nil {
		return nil, err
	}
	return next, w.commit(ctx, tx, next, nil)
}

// room holds that whom the record is made for may hold one more. The engine's own parts ask no pool.
func (w *write) room(ctx context.Context, tx store.Tx, next *value.Record) error {
	owner := w.form.OwnerOf(next.Values)
	if w.Room == nil || len(w.form.Pools) == 0 || owner == "" || w.actor.IsSystem() {
		return nil
	}
	return w.Room(ctx, tx, w.asked(w.form, next), owner)
}
