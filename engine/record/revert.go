package record

import (
	"context"

	"tidewater/engine/event"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// reverting begins taking back the change that made a version of a record, as a change of the actor's: to the
// values of before, if nothing came after and they may set these. Faults beside those of an update: Conflict
// "record.stale" where something did.
func (v *visit) reverting(ctx context.Context, key value.FormKey, id value.ID, version int64) (*write, error) {
	w, err := v.changeOf(ctx, key, id, meta.Update)
	if err != nil {
		return nil, err
	}
	if w.old.Version != version {
		return nil, staleChange()
	}
	events, err := v.Store.History(ctx, key, id, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || events[0].Version != version || events[0].Kind != event.RecordChanged {
		return nil, staleChange()
	}
	w.frozen = w.form.State(w.old.Values, w.rule(w.old.Values))
	w.sent = map[value.FieldKey]bool{}
	for _, c := range events[0].Changes {
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
