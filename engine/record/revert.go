package record

import (
	"context"
	"slices"

	"tidewater/engine/event"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// reverting begins taking back the change that made a version of a record, as a change of the actor's: to the
// values of before, if nothing came after and they may set these; what the system has turned of other fields since stays.
// Faults beside those of an update: Conflict "record.stale" where something did come.
func (v *visit) reverting(ctx context.Context, key value.FormKey, id value.ID, version int64) (*write, error) {
	w, err := v.changeOf(ctx, key, id, meta.Update)
	if err != nil {
		return nil, err
	}
	made, err := v.madeBy(ctx, w, version)
	if err != nil {
		return nil, err
	}
	w.frozen = w.form.State(w.old.Values, w.rule(w.old.Values))
	w.sent = map[value.FieldKey]bool{}
	for _, c := range made.Changes {
		field, known := w.form.Field(c.Field)
		if !known || field.Computed() {
			continue // what follows from other values follows these too
		}
		if w.hidden(c.Field) || w.locked(field) {
			w.issues.Add(place(field), "field.readOnly", "field", field.Def.Label)
			continue
		}
		w.sent[c.Field] = true
		w.set(string(c.Field), value.Clone(c.From))
	}
	if err := w.mirror(ctx); err != nil {
		return nil, err
	}
	w.compute()
	if err := w.checkRules(ctx); err != nil {
		return nil, err
	}
	if err := w.checkReferences(ctx); err != nil {
		return nil, err
	}
	if err := w.checkFiles(ctx); err != nil {
		return nil, err
	}
	if err := w.told().Fault("record.revert", "record.invalid"); err != nil {
		return nil, err
	}
	return w, w.mayKeep()
}

// turnsSince is how many turns may have come after a change that is taken back, at most.
const turnsSince = 16

// madeBy is the change that made a version of a record, if all that came after are turns of fields that it did not change.
func (v *visit) madeBy(ctx context.Context, w *write, version int64) (*event.Event, error) {
	events, err := v.Store.History(ctx, w.form.Key, w.old.ID, 0, turnsSince+1)
	if err != nil {
		return nil, err
	}
	turned := map[value.FieldKey]bool{}
	for n := range events {
		e := &events[n]
		if e.Kind != event.RecordChanged {
			break
		}
		if e.Version == version {
			if slices.ContainsFunc(e.Changes, func(c event.Change) bool { return turned[c.Field] }) {
				break
			}
			return e, nil
		}
		if e.Actor != follower().Key() {
			break
		}
		for _, c := range e.Changes {
			if one, known := w.form.Field(c.Field); known && !one.Computed() {
				turned[c.Field] = true
			}
		}
	}
	return nil, staleChange()
}
