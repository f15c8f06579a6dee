package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What follows from other records may turn a field: one that the system sets when a condition has come to hold, see
// meta.Turn. That is no figure any more but a change that people see: it makes a version and an event, as if the
// system had saved the record, whoever saved the one from which it follows. The rules of the form are not asked, for
// nobody is there whom they could tell.

// putTurned writes a record of which something has turned with its figures, its event, and what follows from it in the
// transaction. done is false where figures are all that may be written: what lies in the recycle bin is not turned, nor
// does a record win its group by it that another has won.
func (v *visit) putTurned(ctx context.Context, tx store.Tx, form *catalog.Form, next, r *value.Record) (done bool, err error) {
	if r.Deleted() {
		return false, nil
	}
	by := *v
	by.actor, by.decided = follower(), map[value.FormKey]*access.Decision{}
	next.Version = r.Version + 1
	next.UpdatedAt, next.UpdatedBy = v.now, by.actor.Key()
	w := &write{visit: &by, form: form, decision: by.decision(form), old: r, next: next, kind: event.RecordChanged}
	w.derive(next)
	err = w.put(ctx, tx, next, r)
	if fault.CodeOf(err) == "group.won" {
		return false, nil // it was told before anything was written
	}
	return err == nil, err
}
