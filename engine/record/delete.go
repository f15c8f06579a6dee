package record

import (
	"context"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Delete moves a record to the recycle bin, with what its references say of the records that point
// to it: restrict refuses, clear empties, cascade takes them along.
func (s *Service) Delete(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, reason string) error {
	return s.deleteOnce(ctx, actor, form, id, version, reason, nil)
}

func (s *Service) deleteOnce(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, reason string, once *Once) error {
	return again(func() error { return s.delete(ctx, actor, form, id, version, reason, once) })
}

func (s *Service) delete(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, version int64, reason string, once *Once) error {
	v := s.visit(actor)
	if _, done, err := v.replayed(ctx, once); done || err != nil {
		return err
	}
	w, err := v.changeOf(ctx, form, id, meta.Delete)
	if err != nil {
		return err
	}
	if w.old.Version != version {
		return v.stale(ctx, w, nil)
	}
	if err := w.binWith(ctx, reason); err != nil {
		return err
	}
	err = v.tx(ctx, once, func(tx store.Tx) error {
		if err := w.leave(ctx, tx, w.next.Clone(), w.old); err != nil {
			return err
		}
		return v.remember(ctx, tx, once)
	})
	if fault.CodeOf(err) == "store.stale" {
		return v.stale(ctx, w, nil)
	}
	return err
}

func (w *write) bin(reason string) {
	w.kind, w.reason = event.RecordDeleted, reason
	w.next.DeletedAt, w.next.DeletedBy = w.now, w.actor.Key()
}

// Restore takes a record back from the recycle bin; its unique values must still be free.
func (s *Service) Restore(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, once *Once) (answer *View, err error) {
	err = again(func() error {
		answer, err = s.restore(ctx, actor, form, id, once)
		return err
	})
	return answer, err
}

func (s *Service) restore(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, once *Once) (*View, error) {
	v := s.visit(actor)
	if answer, ok, err := v.replay(ctx, once); ok || err != nil {
		return answer, err
	}
	w, err := v.restoring(ctx, form, id)
	if err != nil {
		return nil, err
	}
	err = v.tx(ctx, once, func(tx store.Tx) error {
		if err := w.commit(ctx, tx, w.next.Clone(), w.old); err != nil {
			return err
		}
		return v.remember(ctx, tx, once, w.saved)
	})
	if err != nil {
		return nil, w.explain(err)
	}
	return v.answer(ctx, w.form, w.saved)
}

// restoring takes a restoration through every step before the transaction.
func (v *visit) restoring(ctx context.Context, form value.FormKey, id value.ID) (*write, error) {
	w, err := v.binned(ctx, form, id)
	if err != nil {
		return nil, err
	}
	w.kind = event.RecordRestored
	w.next.Version++
	w.next.DeletedAt, w.next.DeletedBy = time.Time{}, ""
	w.next.UpdatedAt, w.next.UpdatedBy = v.now, v.actor.Key()
	if err := w.checkReferences(ctx); err != nil {
		return nil, err
	}
	return w, w.told().Fault("record.restore", "record.invalid")
}

// Purge takes a record out of the recycle bin for good, with its history.
func (s *Service) Purge(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, once *Once) error {
	v := s.visit(actor)
	if _, done, err := v.replayed(ctx, once); done || err != nil {
		return err
	}
	w, err := v.binned(ctx, form, id)
	if err != nil {
		return err
	}
	w.kind = event.RecordPurged
	return s.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Remove(ctx, form, id, w.old.Version); err != nil {
			return err
		}
		if err := v.releaseFiles(ctx, tx, w.old); err != nil {
			return err
		}
		e := w.event(w.old, w.old)
		e.After = nil
		if err := tx.Emit(ctx, e); err != nil {
			return err
		}
		return v.remember(ctx, tx, once)
	})
}

// binned begins work on a record in the recycle bin that the actor may delete.
func (v *visit) binned(ctx context.Context, key value.FormKey, id value.ID) (*write, error) {
	form, old, err := v.read(ctx, key, id)
	if err != nil {
		return nil, err
	}
	if !old.Deleted() {
		return nil, fault.New(fault.Conflict, "record.notDeleted").With("id", string(id))
	}
	decision := v.decision(form)
	if !decision.Reaches(meta.Delete, old) {
		return nil, fault.New(fault.Forbidden, "record.mayNot").With("verb", string(meta.Delete)).With("form", form.Def.Label)
	}
	return &write{visit: v, form: form, decision: decision, old: old, next: old.Clone()}, nil
}
