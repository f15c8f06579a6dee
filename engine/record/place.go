package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Records that come many at once, from a file say, may come into a pool that is named and to people that are.
// Whoever brings them must have the right over the pool that giving them out afterwards would take: a file is no
// way around it. An owner counts as assigned at the time the record is made.

// MayPlace refuses an actor who may not bring records into a pool of a form. Faults: NotFound "form.unknown";
// Invalid "pool.unknown"; Forbidden "pool.mayNotPlace".
func (s *Service) MayPlace(actor value.Actor, key value.FormKey, pool string) error {
	w, err := s.visit(actor).newRecord(key)
	if err != nil {
		return err
	}
	return w.into(pool)
}

// bring takes a new record through every step before the transaction, into a named pool ("": it is routed).
func (w *write) bring(ctx context.Context, pool string, in Input) error {
	if err := w.into(pool); err != nil {
		return err
	}
	if err := w.fill(ctx, in); err != nil {
		return err
	}
	return w.mayHandOut()
}

// into makes a named pool the home of a new record, until a field that routes changes.
func (w *write) into(pool string) error {
	if pool == "" {
		return nil
	}
	p, known := w.form.Pool(pool)
	if !known {
		return fault.New(fault.Invalid, "pool.unknown").In("record.place").With("pool", pool)
	}
	if !w.mayPlace(p) {
		return mayNotPlace(p)
	}
	w.next.Values.Put(value.SysPool, p.Def.Key)
	w.next.Values.Put(value.SysPinned, true)
	return nil
}

// mayHandOut refuses a new record for somebody else to whoever may not assign those of its pool, and to those who
// have left: nobody would follow it up.
func (w *write) mayHandOut() error {
	owner := w.form.OwnerOf(w.next.Values)
	p, pooled := w.form.PoolOf(w.next.Values)
	if owner == "" || owner == w.actor.User || !pooled {
		return nil
	}
	if !w.mayPlace(p) {
		return mayNotPlace(p)
	}
	if _, active := w.people.Actor(owner); !active {
		field, _ := w.form.Field(w.form.Def.Holders.Owner)
		w.issues.Add(place(field), "field.reference", "field", field.Def.Label)
	}
	return w.issues.Fault("record.save", "record.invalid")
}

func (v *visit) mayPlace(p *catalog.Pool) bool {
	rights := p.Def.Rights
	return v.actor.IsSystem() || access.Among(rights.Assign, v.actor, v.people, "") || access.Among(rights.Manage, v.actor, v.people, "")
}

func mayNotPlace(p *catalog.Pool) error {
	return fault.New(fault.Forbidden, "pool.mayNotPlace").In("record.place").With("pool", p.Def.Label)
}
