package record

import (
	"context"
	"fmt"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Several pools may work on one target at once, each by a record of its own: a group of siblings. What is shared is
// changed in all of them, and the first that wins closes the others, each in the transaction of the save that does
// it. A guard of the group keeps two transactions from doing so at the same time.

// What a save that follows from a sibling's is called in the history.
const actionClosed = "closed"

// maxSiblings is how many records a group may have: all of them may change in one transaction.
const maxSiblings = 50

func groupGuard(form value.FormKey, group string) string {
	return "group:" + string(form) + ":" + group
}

// siblings are the other living records of a record's group.
func siblings(ctx context.Context, in lister, form *catalog.Form, of *value.Record) ([]*value.Record, error) {
	group := of.Values.Text(value.SysGroup)
	if group == "" || !form.Grouped() {
		return nil, nil
	}
	page, err := in.List(ctx, query.List{
		Form: form.Key, Filter: query.Where(value.SysGroup, query.Eq, group), Limit: maxSiblings + 1,
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page.Records, func(r *value.Record) bool { return r.ID == of.ID }), nil
}

// sameGroup tells whether two records stand for one target. A group has the id of the record that it began with, which
// may not have been saved with it yet.
func sameGroup(a, b *value.Record) bool {
	group := a.Values.Text(value.SysGroup)
	return group != "" && (group == b.Values.Text(value.SysGroup) || group == string(b.ID))
}

func closed(r *value.Record) bool { return r.Values.Text(value.SysClosedBy) != "" }

// among is what a save means for the others of its group.
type among struct {
	others []*value.Record
	shared []*catalog.Field // that it changes
	won    bool
	leaves bool // into the recycle bin
}

// holdGroup finds, in the transaction and before the record is written, what it means for its group, and notes with
// the record that it has won, or that another has. Faults: Conflict "group.won", "group.inPool", "group.full".
func (w *write) holdGroup(ctx context.Context, tx store.Tx, next, before *value.Record) (among, error) {
	var out among
	group := next.Values.Text(value.SysGroup)
	if group == "" || w.follows || !w.form.Grouped() {
		return out, nil
	}
	joins := before == nil || before.Deleted() || before.Values.Text(value.SysGroup) == ""
	out.leaves = next.Deleted()
	if !out.leaves {
		out.won, out.shared = w.wins(next, before), w.changesShared(next, before)
	}
	if !joins && !out.won && len(out.shared) == 0 && !w.reopens && !out.leaves {
		return out, nil
	}
	if err := tx.Guard(ctx, groupGuard(w.form.Key, group)); err != nil {
		return out, err
	}
	var err error
	if out.others, err = siblings(ctx, tx, w.form, next); err != nil {
		return out, err
	}
	at := slices.IndexFunc(out.others, func(r *value.Record) bool { return r.Values.At(value.SysGroupWonAt) != 0 })
	switch {
	case len(out.others) >= maxSiblings:
		return out, fault.New(fault.Conflict, "group.full").With("max", maxSiblings)
	case w.reopens || out.leaves:
		return out, nil
	case at >= 0 && out.won:
		return out, groupWon(w.form, out.others[at])
	case at >= 0 && joins:
		closeBy(next, out.others[at])
		w.derive(next)
	case joins:
		if err := onlyOneIn(w.form, next, out.others); err != nil {
			return out, err
		}
	}
	switch {
	case out.won:
		next.Values.Put(value.SysGroupWonAt, w.now.UnixMilli())
		next.Values.Put(value.SysBeside, nil)
	case joins && slices.ContainsFunc(out.others, counts):
		next.Values.Put(value.SysBeside, true)
	}
	return out, nil
}

// counts tells whether a record is the one of its group that counts for the target: the winner, or the first.
func counts(r *value.Record) bool { return r.Values[string(value.SysBeside)] != true }

// wins tells whether the save makes its record one that has won.
func (w *write) wins(next, before *value.Record) bool {
	p, known := w.form.PoolOf(next.Values)
	if closed(next) {
		p, known = w.form.Pool(next.Values.Text(value.SysClosedIn))
	}
	rule := w.rule(w.oldValues())
	return known && !w.reopens && p.Wins(next, rule) && (before == nil || !p.Wins(before, rule))
}

// changesShared are the shared fields that the save changes.
func (w *write) changesShared(next, before *value.Record) []*catalog.Field {
	if before == nil {
		return nil
	}
	return slices.DeleteFunc(w.form.Shared(), func(one *catalog.Field) bool {
		return value.Equal(before.Values[string(one.Key)], next.Values[string(one.Key)])
	})
}

// onlyOneIn refuses a second record of a group in one pool.
func onlyOneIn(form *catalog.Form, next *value.Record, others []*value.Record) error {
	key := next.Values.Text(value.SysPool)
	for _, one := range others {
		if p, known := form.PoolOf(one.Values); known && p.Def.Key == key {
			return fault.New(fault.Conflict, "group.inPool").With("pool", p.Def.Label)
		}
	}
	return nil
}

// groupWon names who was faster.
func groupWon(form *catalog.Form, winner *value.Record) error {
	out := fault.New(fault.Conflict, "group.won").In("record.group").With("pool", winner.Values.Text(value.SysPool))
	if p, known := form.PoolOf(winner.Values); known {
		out = out.With("pool", p.Def.Label)
	}
	return out
}

// closeBy takes a record out of its pool because another of its group has won.
func closeBy(r, winner *value.Record) {
	r.Values.Put(value.SysClosedBy, string(winner.ID))
	r.Values.Put(value.SysClosedIn, r.Values.Text(value.SysPool))
	r.Values.Put(value.SysPool, nil)
	r.Values.Put(value.SysPinned, true)
	r.Values.Put(value.SysLocked, nil)
	r.Values.Put(value.SysLockedBy, nil)
}

// reopen puts it back where it was.
func reopen(r *value.Record) {
	r.Values.Put(value.SysPool, r.Values.Text(value.SysClosedIn))
	r.Values.Put(value.SysClosedBy, nil)
	r.Values.Put(value.SysClosedIn, nil)
}

// tellGroup writes what a save that was written means for the others of its group.
func (w *write) tellGroup(ctx context.Context, tx store.Tx, saved *value.Record, to among) error {
	if !to.won && len(to.shared) == 0 && !w.reopens && !to.leaves {
		return nil
	}
	heir := -1
	if to.leaves && counts(saved) {
		heir = 0
	}
	for n, one := range to.others {
		follower := w.systemWrite(w.form, one)
		follower.follows, follower.reason, follower.action = true, w.reason, w.action
		for _, f := range to.shared {
			follower.set(string(f.Key), value.Clone(saved.Values[string(f.Key)]))
		}
		if to.won {
			follower.next.Values.Put(value.SysBeside, true)
		}
		switch {
		case n == heir:
			follower.next.Values.Put(value.SysBeside, nil)
		case to.won && !closed(one):
			closeBy(follower.next, saved)
			follower.action, follower.detail = actionClosed, value.Doc{"pool": saved.Values.Text(value.SysPool)}
		case w.reopens && closed(one):
			reopen(follower.next)
		case w.reopens:
			follower.next.Values.Put(value.SysGroupWonAt, nil)
		}
		if len(to.shared) > 0 {
			follower.compute()
			if err := follower.issues.Fault("record.group", "record.invalid"); err != nil {
				return err
			}
		}
		if value.Equal(follower.next.Values, one.Values) {
			continue
		}
		if err := follower.commit(ctx, tx, follower.next.Clone(), one); err != nil {
			return err
		}
	}
	return nil
}

// lost names who has won, to whoever would have won with what they sent and was not fast enough; nil for others.
func (v *visit) lost(ctx context.Context, form *catalog.Form, id value.ID, sent map[string]any) error {
	if !form.Grouped() || len(sent) == 0 {
		return nil
	}
	now, err := v.Store.Get(ctx, form.Key, id)
	if err != nil || !closed(now) {
		return err
	}
	p, known := form.Pool(now.Values.Text(value.SysClosedIn))
	if !known {
		return nil
	}
	would := now.Clone()
	decoded, _ := form.DecodeValues(sent)
	for name, one := range decoded {
		would.Values[name] = one
	}
	if rule := v.rule(now.Values); !p.Wins(would, rule) || p.Wins(now, rule) {
		return nil
	}
	winner, err := v.Store.Get(ctx, form.Key, value.ID(now.Values.Text(value.SysClosedBy)))
	if err != nil {
		return err
	}
	return groupWon(form, winner)
}

// Spread makes a sibling of the record in another pool, in the action's transaction: with what is shared, and nobody's.
func (a *Acting) Spread(ctx context.Context, pool *catalog.Pool) error {
	if a.Record.Values.Text(value.SysGroup) == "" {
		a.Next().Values.Put(value.SysGroup, string(a.Record.ID))
	}
	values := value.Doc{}
	for _, one := range a.Form.Shared() {
		values.Put(one.Key, value.Clone(a.Record.Values[string(one.Key)]))
	}
	return a.w.beside(ctx, pool, values)
}

// Winner is the record that has won the group of one that is closed.
func (a *Acting) Winner(ctx context.Context) (*value.Record, error) {
	return a.w.Store.Get(ctx, a.Form.Key, value.ID(a.Record.Values.Text(value.SysClosedBy)))
}

// Reopen lets the whole group go on as if nobody had won it.
func (a *Acting) Reopen() {
	a.w.reopens = true
	reopen(a.Next())
}

// bringTo makes siblings of a new record in more pools, in its transaction: with what was sent, and nobody's.
func (w *write) bringTo(ctx context.Context, pools []string) error {
	if len(pools) == 0 {
		return nil
	}
	w.next.Values.Put(value.SysGroup, string(w.next.ID))
	w.derive(w.next)
	values := value.Doc{}
	for key := range w.sent {
		values.Put(key, value.Clone(w.next.Values[string(key)]))
	}
	for _, key := range pools {
		p, known := w.form.Pool(key)
		switch {
		case !known:
			return fault.New(fault.Invalid, "pool.unknown").In("record.group").With("pool", key)
		case !w.mayPlace(p):
			return mayNotPlace(p)
		}
		if err := w.beside(ctx, p, values); err != nil {
			return err
		}
	}
	return nil
}

// beside prepares a sibling that is made in the same transaction.
func (w *write) beside(ctx context.Context, pool *catalog.Pool, values value.Doc) error {
	if home, known := w.form.PoolOf(w.next.Values); pool.Def.Group == nil || !known || home.Def.Group == nil {
		return fault.New(fault.Invalid, "group.not").In("record.group").With("pool", pool.Def.Label)
	}
	next := &value.Record{
		ID: w.NewID(), Form: w.form.Key, Version: 1, Values: values.Clone(),
		CreatedAt: w.now, CreatedBy: w.actor.Key(), UpdatedAt: w.now, UpdatedBy: w.actor.Key(),
	}
	next.Values.Put(value.SysGroup, w.next.Values.Text(value.SysGroup))
	next.Values.Put(value.SysPool, pool.Def.Key)
	next.Values.Put(value.SysPinned, true)
	next.Values.Put(value.SysBeside, true)
	made := &write{visit: w.visit, form: w.form, decision: w.decision, next: next, kind: event.RecordCreated, action: w.action, reason: w.reason, imports: w.imports}
	made.setDefaults()
	held := w.form.Def.Holders
	for _, key := range []value.FieldKey{held.Owner, held.Unit, held.Zone} { // it waits for whoever claims it there
		if key != "" {
			next.Values.Put(key, nil)
		}
	}
	if err := made.workOut(ctx); err != nil {
		return err
	}
	if err := made.told().Fault("record.group", "record.invalid"); err != nil {
		return err
	}
	w.setOff = append(w.setOff, made)
	w.siblings = append(w.siblings, made)
	return nil
}

// verifyGroup holds that one of a group counts for its target, and that a closed record was closed by one that has won.
func (v *visit) verifyGroup(ctx context.Context, form *catalog.Form, r *value.Record) ([]string, error) {
	if !form.Grouped() || r.Deleted() || r.Values.Text(value.SysGroup) == "" {
		return nil, nil
	}
	all, err := siblings(ctx, v.Store, form, r)
	if err != nil {
		return nil, err
	}
	var found []string
	if all = slices.DeleteFunc(append(all, r), func(one *value.Record) bool { return !counts(one) }); len(all) != 1 {
		found = append(found, fmt.Sprintf("%d of its group count for the target", len(all)))
	}
	if !closed(r) {
		return found, nil
	}
	winner, err := v.Store.Get(ctx, form.Key, value.ID(r.Values.Text(value.SysClosedBy)))
	if fault.KindOf(err) == fault.NotFound {
		return found, nil // it was purged since
	}
	if err != nil {
		return nil, err
	}
	if !sameGroup(r, winner) || winner.Values.At(value.SysGroupWonAt) == 0 || closed(winner) {
		found = append(found, "it is closed by a record that has not won its group")
	}
	return found, nil
}
