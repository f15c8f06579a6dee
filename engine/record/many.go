package record

import (
	"context"
	"errors"
	"runtime"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Op is what a Change does to its record.
type Op string

const (
	OpCreate  Op = "create"
	OpUpdate  Op = "update"
	OpDelete  Op = "delete"  // into the recycle bin
	OpRestore Op = "restore" // out of it
	OpAct     Op = "act"     // by Action
	OpRevert  Op = "revert"  // what its Version was made by is taken back, if nothing but turns of other fields came after
	OpRepoint Op = "repoint" // what it refers to, by Repoint: what follows from a merge, with no right of its own
)

// Change is one thing to do to one record.
type Change struct {
	Op      Op
	ID      value.ID // of all but OpCreate
	Version int64    // the one that the record must have; 0: whatever it is by then
	Action  string   // of OpAct, which has its args in Values
	Pool    string   // of OpCreate: the record's home; "": the pool whose condition holds
	Also    []string // of OpCreate: more pools, each of which gets a record of its own for the same target
	Values  map[string]any
	Reason  string
	Repoint *Repoint
	Import  value.ID // that it is of, whose asker tells people what it gives them; "" for none
}

// Outcome tells what became of one change.
type Outcome struct {
	ID      value.ID
	Version int64         // the record's after it; 0 with Err
	Changed bool          // false where the record was so already, and with Err
	Renewed bool          // an action has only worked out anew what is kept beside the record
	Err     error         // why it was refused
	Changes []FieldChange // of a trial: what would change of the record, as the actor sees it
	// Beside are the records that were made with it for more pools.
	Beside []value.ID
	// Alike is what a row of an import may be a duplicate of, also where it was refused; and Likes what else of the
	// import holds the same: see Likes.
	Alike []Duplicate
	Likes Likes
	// Warning is what an action says beside that it is done; nil for nothing.
	Warning *fault.Issue
	// Was and Is are its owners before and after, "" for none; both where it was refused or left as it is.
	Was, Is value.ID
}

// Also is written in a transaction of Many: dealt is how many changes, from the first on, are dealt with when
// it commits, did the outcomes of those that no Also before has heard of. It may run more than once.
type Also func(tx store.Tx, dealt int, did []Outcome) error

// Many carries out changes that stand alone, in their order, in as few transactions as it can, each by the
// recipe of its kind and with the actor's rights. Each transaction writes also, so that it is never in doubt
// what is done. Faults: what is no change's own, such as Unavailable, and those of also; what was committed
// before stays.
func (s *Service) Many(ctx context.Context, actor value.Actor, form value.FormKey, changes []Change, also Also) error {
	p, err := s.Prepare(ctx, actor, form, changes)
	if err != nil {
		return err
	}
	return p.Write(ctx, also)
}

// Prepared are changes that have been through every step before their transaction.
type Prepared struct {
	service *Service
	actor   value.Actor
	form    value.FormKey
	changes []Change
	many    *many
}

// Prepare takes changes through all that Many does before it writes, so that the next can be made ready while some are
// written. What it reads may be other by the time of Write, which then does it anew. Faults: as Many, nothing is written.
func (s *Service) Prepare(ctx context.Context, actor value.Actor, form value.FormKey, changes []Change) (*Prepared, error) {
	m, err := s.visit(actor).prepareMany(ctx, form, changes)
	if err != nil {
		return nil, err
	}
	return &Prepared{s, actor, form, changes, m}, nil
}

// Write carries out what was prepared. Faults: as Many.
func (p *Prepared) Write(ctx context.Context, also Also) error {
	mine, err := p.atOnce(ctx, also)
	switch {
	case err == nil || mine:
		return err
	case fault.CodeOf(err) == "store.tooLarge" && len(p.changes) > 1:
		return p.inHalves(ctx, also)
	}
	var untold []Outcome
	for i, c := range p.changes {
		did, err := p.service.single(ctx, p.actor, p.form, c, untold, func(tx store.Tx, did []Outcome) error { return also(tx, i+1, did) })
		if err != nil {
			return err
		}
		untold = did
	}
	if len(untold) == 0 {
		return nil
	}
	return p.service.Store.Tx(ctx, func(tx store.Tx) error { return also(tx, len(p.changes), untold) })
}

// inHalves carries out what is more than a transaction may write, for what follows from it is much, in two or more.
func (p *Prepared) inHalves(ctx context.Context, also Also) error {
	half := len(p.changes) / 2
	dealt := 0
	for _, part := range [][]Change{p.changes[:half], p.changes[half:]} {
		before := dealt
		err := p.service.Many(ctx, p.actor, p.form, part, func(tx store.Tx, dealt int, did []Outcome) error { return also(tx, before+dealt, did) })
		if err != nil {
			return err
		}
		dealt += len(part)
	}
	return nil
}

// atOnce writes all changes together. mine is false where one of them stands in the way of the others.
func (p *Prepared) atOnce(ctx context.Context, also Also) (mine bool, err error) {
	err = p.many.tx(ctx, func(tx store.Tx) error {
		mine = false
		if err := p.many.apply(ctx, tx); err != nil {
			return err
		}
		mine = true
		return also(tx, len(p.changes), p.many.outcomes)
	})
	return mine || err != nil && !isOwn(err), err
}

// tx is a transaction of all the changes; once more without those that are taken, where that is what it failed by.
func (m *many) tx(ctx context.Context, do func(tx store.Tx) error) error {
	err := m.visit.tx(ctx, nil, do)
	if fault.CodeOf(err) != "store.taken" {
		return err
	}
	if err := m.checkTaken(ctx, true); err != nil {
		return err
	}
	return m.visit.tx(ctx, nil, do)
}

// many are changes on their way into the store together.
type many struct {
	*visit
	writes   []*write // nil for one that is refused
	outcomes []Outcome
}

// prepareMany takes changes through every step before the transaction.
func (v *visit) prepareMany(ctx context.Context, form value.FormKey, changes []Change) (*many, error) {
	m := &many{visit: v, writes: make([]*write, len(changes)), outcomes: make([]Outcome, len(changes))}
	if err := v.fetchAhead(ctx, form, changes); err != nil {
		return nil, err
	}
	v.expectBack(form, changes)
	for i, c := range changes {
		runtime.Gosched() // whoever writes meanwhile has more to do, and would wait until this goroutine's time is up
		w, err := v.begin(ctx, form, c)
		switch {
		case err != nil && !isOwn(err):
			return nil, err
		case err != nil:
			m.outcomes[i] = w.fails(c.ID, err)
		default:
			m.writes[i], m.outcomes[i] = w, w.outcome()
		}
	}
	return m, m.checkTaken(ctx, false)
}

// expectBack lets the changes refer to what comes back from the recycle bin with them, if the actor may bring it.
func (v *visit) expectBack(form value.FormKey, changes []Change) {
	for _, c := range changes {
		r := v.ahead[parentKey{form, c.ID}]
		if c.Op != OpRestore || r == nil || !r.Deleted() {
			continue
		}
		if d := v.decision(v.catalog.Forms[form]); !d.Reaches(meta.Read, r) || !d.Reaches(meta.Delete, r) {
			continue
		}
		back := r.Clone()
		back.DeletedAt, back.DeletedBy = time.Time{}, ""
		v.expect(back)
	}
}

// outcome is what becomes of a write unless something stands in its way.
func (w *write) outcome() Outcome {
	if !w.changes() {
		return Outcome{ID: w.next.ID, Version: w.old.Version}
	}
	out := Outcome{ID: w.next.ID, Version: w.next.Version, Changed: true, Renewed: w.renews(), Alike: w.alike, Likes: w.likes(), Warning: w.warning}
	for _, one := range w.siblings {
		out.Beside = append(out.Beside, one.next.ID)
	}
	if w.form.Def.Holders.Owner == "" {
		return out
	}
	if out.Is = w.form.OwnerOf(w.next.Values); w.old != nil {
		out.Was = w.form.OwnerOf(w.old.Values)
	}
	return out
}

// refuse ends one of the changes.
func (m *many) refuse(i int, err error) {
	var id value.ID
	if m.writes[i].old != nil {
		id = m.writes[i].old.ID
	}
	m.outcomes[i] = m.writes[i].fails(id, err)
	m.writes[i] = nil
}

// apply writes what there is to write. It may run more than once.
func (m *many) apply(ctx context.Context, tx store.Tx) error {
	m.holding, m.counted = map[string]bool{}, map[string]int{}
	for i, w := range m.writes {
		if m.outcomes[i].Changed && w.kind == event.RecordRestored {
			m.holding[referenceGuard(w.next.Form, w.next.ID)] = true // or else nothing of this commits
		}
	}
	for i, w := range m.writes {
		if m.outcomes[i].Changed {
			if err := w.apply(ctx, tx); err != nil {
				return err
			}
			m.outcomes[i].Warning = w.warning
		}
	}
	return nil
}

// single carries out one change in a transaction of its own, and tells of those before it that are not told
// yet. It returns what is left to tell.
func (s *Service) single(
	ctx context.Context, actor value.Actor, form value.FormKey, c Change, untold []Outcome,
	also func(tx store.Tx, did []Outcome) error,
) ([]Outcome, error) {
	for range maxTries {
		v, written := s.visit(actor), false
		w, err := v.begin(ctx, form, c)
		begun := err == nil
		if begun && !w.changes() {
			return append(untold, w.outcome()), nil
		}
		if begun {
			err = v.tx(ctx, nil, func(tx store.Tx) error {
				written = false
				if err := w.apply(ctx, tx); err != nil {
					return err
				}
				written = true
				return also(tx, append(untold[:len(untold):len(untold)], w.outcome()))
			})
			if err == nil {
				return nil, nil
			}
		}
		switch {
		case written || !isOwn(err):
			return nil, err
		case errors.Is(err, errMoved) || fault.CodeOf(err) == "store.stale":
			continue // somebody was faster: what they wrote is what is to be changed
		case begun:
			err = w.explain(err)
		}
		return append(untold, w.fails(c.ID, err)), nil
	}
	return append(untold, Outcome{ID: c.ID, Err: fault.New(fault.Unavailable, "record.busy")}), nil
}

// MayCreate refuses an actor who may make no record of a form. Faults: as Create.
func (s *Service) MayCreate(actor value.Actor, form value.FormKey) error {
	_, err := s.visit(actor).newRecord(form)
	return err
}

// Fillable are the fields that the actor may set on a new record, in the form's order. Faults: as MayCreate.
func (s *Service) Fillable(actor value.Actor, form value.FormKey) ([]*catalog.Field, error) {
	w, err := s.visit(actor).newRecord(form)
	if err != nil {
		return nil, err
	}
	var out []*catalog.Field
	for _, f := range w.form.Fields {
		if !w.hidden(f.Key) && !w.locked(f) && !f.Def.ReadOnly {
			out = append(out, f)
		}
	}
	return out, nil
}

// isOwn tells whether a change itself is what stands in its way.
func isOwn(err error) bool {
	if errors.Is(err, errMoved) {
		return true
	}
	kind := fault.KindOf(err)
	return kind != fault.Internal && kind != fault.Unavailable
}

// begin takes a change through every step before the transaction. With a fault it returns the write as far as it has
// come, nil where it has not begun.
func (v *visit) begin(ctx context.Context, form value.FormKey, c Change) (w *write, err error) {
	in := Input{Values: c.Values, Reason: c.Reason}
	switch c.Op {
	case OpCreate:
		if w, err = v.newRecord(form); err == nil {
			w.imports = c.Import
			err = w.bring(ctx, c.Pool, in)
		}
		if err == nil {
			err = w.bringTo(ctx, c.Also)
		}
	case OpUpdate:
		if w, err = v.changeOf(ctx, form, c.ID, meta.Update); err == nil {
			w.imports = c.Import
			err = w.fill(ctx, in)
		}
	case OpDelete:
		if w, err = v.changeOf(ctx, form, c.ID, meta.Delete); err == nil {
			err = w.binWith(ctx, c.Reason)
		}
	case OpRestore:
		if w, err = v.restoring(ctx, form, c.ID); err == nil {
			w.reason = c.Reason
		}
	case OpAct:
		w, err = v.acting(ctx, form, c)
	case OpRevert:
		if w, err = v.reverting(ctx, form, c.ID, c.Version); err == nil {
			w.reason = c.Reason
		}
	case OpRepoint:
		w, err = v.repointing(ctx, form, c)
	default:
		err = fault.New(fault.Malformed, "batch.unknownOp").With("op", string(c.Op))
	}
	// What is taken back asks by itself what has come after.
	if err == nil && c.Version > 0 && c.Op != OpRevert && w.old != nil && w.old.Version != c.Version {
		err = staleChange()
	}
	if w != nil {
		w.imports = c.Import
	}
	return w, err
}

// renews tells whether the record itself stays as it is.
func (w *write) renews() bool { return w.acting != nil && w.acting.quiet }

// changes tells whether there is anything to write.
func (w *write) changes() bool {
	if w.acting != nil {
		return !w.acting.idle
	}
	return w.old == nil || len(w.setOff)+len(w.says)+len(w.sends) > 0 || w.old.Deleted() != w.next.Deleted() || !value.Equal(w.old.Values, w.next.Values)
}

// Selection are records chosen by what they hold, in the order of their ids.
type Selection struct {
	Form    value.FormKey
	View    string // as ListRequest has it, as the next two
	Filter  any
	Deleted bool
}

// Select returns the ids of the next selected records that the actor may read, those after the one named, at
// most limit; next is "" at the end. A page may be empty and have a next one all the same. Faults: as List.
func (s *Service) Select(ctx context.Context, actor value.Actor, of Selection, after value.ID, limit int) (ids []value.ID, next value.ID, err error) {
	v := s.visit(actor)
	form, err := v.form(of.Form)
	if err != nil {
		return nil, "", err
	}
	q, err := v.listQuery(ctx, form, ListRequest{Form: of.Form, View: of.View, Filter: of.Filter, Deleted: of.Deleted, Sort: "id", Limit: limit})
	if err != nil {
		return nil, "", err
	}
	q.Spent = nil // a page that ends by the clock may lack some before its end
	if q.Sorts = nil; after != "" {
		q.After = query.Key{string(after)}
	}
	page, err := s.Store.List(ctx, q)
	if err != nil {
		return nil, "", err
	}
	for _, r := range page.Records {
		ids = append(ids, r.ID)
	}
	if len(page.Next) > 0 {
		last, _ := page.Next[len(page.Next)-1].(string)
		next = value.ID(last)
	}
	return ids, next, nil
}
