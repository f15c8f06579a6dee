package record

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/explain"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Action is something that is done to a record beyond editing it, such as claiming it. The parts of the
// engine that know some are listed in engine.go.
type Action interface {
	// Key is its name in routes and among a record's rights.
	Key() string
	// Describe says what people are asked before it is done; false where the reader could never do it.
	Describe(to Reader) (ActionView, bool)
	// Offers tells whether the actor may do it to the record as it stands, as far as these alone tell. Lists
	// ask it for each record: it reads nothing else.
	Offers(on Asked) bool
	// Begin works out, before the transaction, what becomes of the record, and says so to the Acting. It is
	// asked only where Offers says yes, and again from the beginning where somebody was faster. A fault refuses.
	Begin(ctx context.Context, on *Acting) error
}

// Refuser is an action that says itself why it is not offered.
type Refuser interface {
	// Refuse returns the fault, nil for the usual one. seen tells whether the actor may read the record at all.
	Refuse(on Asked, seen bool) error
}

// Asked is who asks about which record, and what decides.
type Asked struct {
	Actor  value.Actor
	Form   *catalog.Form
	Record *value.Record // as it stands, never to be changed
	People *org.Snapshot
	Rule   expr.Context // for the form's expressions; Old is the record's values
	Update bool         // the actor may edit the record
	// Share says that they may by roles of their own, and not because it was shared with them or they stand in.
	Share bool
	// Own says that they may read it by roles of their own.
	Own bool
}

// Acting is one action on its way.
type Acting struct {
	Asked
	Args   map[string]any // what came with it, as decoded from JSON
	Reason string

	w      *write
	within []func(ctx context.Context, tx store.Tx) error
	along  []*write
	idle   bool
	quiet  bool
}

// Next is the record as the action leaves it: to be changed by the engine's own parts, which answer for it.
func (a *Acting) Next() *value.Record { return a.w.next }

// Within adds what the transaction writes beside the record, and what must hold in it. It runs before the
// record is written, may run more than once, and draws nothing from outside; a fault undoes everything.
func (a *Acting) Within(do func(ctx context.Context, tx store.Tx) error) {
	a.within = append(a.within, do)
}

// Tally is what the actions of one run of a transaction of Many count together, by keys of their own; each run begins
// with an empty one. It is nil where a record is dealt with alone, and is for what runs Within.
func (a *Acting) Tally() map[string]int { return a.w.counted }

// Along changes another record in the same transaction, as something that follows from the action.
func (a *Acting) Along(form *catalog.Form, r *value.Record, change func(next *value.Record)) {
	w := a.w.systemWrite(form, r)
	w.reason, w.action = a.Reason, a.w.action
	change(w.next)
	w.deriveAhead()
	a.along = append(a.along, w)
}

// Tell keeps, with the line of history, what decided: see event.Event.
func (a *Acting) Tell(detail value.Doc) { a.w.detail = detail }

// Explain keeps, beside what Tell keeps, how it came about, as it can be read later: see Service.ExplainMove. Call
// it after Tell.
func (a *Acting) Explain(root *explain.Node) error {
	body, err := explain.Store(root)
	if err != nil {
		return err
	}
	if a.w.detail == nil {
		a.w.detail = value.Doc{}
	}
	a.w.detail[keptExplanation], a.w.detail[keptMetadata] = string(body), a.w.catalog.Version
	return nil
}

// Warn says, for whoever acts, what they had better know of what is done all the same: one word, the last of those said
// by what runs Within.
func (a *Acting) Warn(issue fault.Issue) { a.w.warning = &issue }

// Leave says that there is nothing to do.
func (a *Acting) Leave() { a.idle = true }

// Renew says that nothing is done to the record, but that what is kept beside its values is worked out anew.
func (a *Acting) Renew() { a.quiet = true }

// ActInput is what comes with an action.
type ActInput struct {
	Args    map[string]any
	Reason  string
	Version int64 // that the actor knows; 0: whatever it is by then
	Once    *Once
}

// Act does an action to one record, and answers with it as the actor sees it afterwards; nil where they no
// longer may. Faults: NotFound "action.unknown", Forbidden "action.mayNot", those of Update, and the action's own.
func (s *Service) Act(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, action string, in ActInput) (answer *View, err error) {
	err = again(func() error {
		answer, err = s.act(ctx, actor, form, id, action, in)
		if fault.CodeOf(err) == "store.stale" && in.Version == 0 {
			return errMoved
		}
		return err
	})
	return answer, err
}

func (s *Service) act(ctx context.Context, actor value.Actor, form value.FormKey, id value.ID, action string, in ActInput) (*View, error) {
	v := s.visit(actor)
	if records, done, err := v.replayed(ctx, in.Once); done || err != nil {
		if err != nil || len(records) != 1 {
			return nil, err
		}
		return seen(v.again(ctx, &records[0]))
	}
	w, err := v.acting(ctx, form, Change{Op: OpAct, Action: action, ID: id, Values: in.Args, Reason: in.Reason})
	if err != nil {
		return nil, err
	}
	if in.Version != 0 && w.old.Version != in.Version {
		return nil, v.stale(ctx, w, nil)
	}
	if !w.changes() {
		return v.look(ctx, w)
	}
	err = v.tx(ctx, in.Once, func(tx store.Tx) error {
		if err := w.apply(ctx, tx); err != nil {
			return err
		}
		return v.remember(ctx, tx, in.Once, w.saved)
	})
	if fault.CodeOf(err) == "store.stale" && in.Version != 0 {
		return nil, v.stale(ctx, w, nil)
	}
	if err != nil {
		return nil, w.explain(err)
	}
	if !w.decision.Reaches(meta.Read, w.saved) {
		return nil, nil
	}
	return w.answer(ctx)
}

// seen is an answer, none where the record is no longer there for the actor.
func seen(answer *View, err error) (*View, error) {
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return answer, err
}

// acting takes an action through every step before the transaction.
func (v *visit) acting(ctx context.Context, key value.FormKey, c Change) (*write, error) {
	return v.actingBy(ctx, key, c, nil)
}

// actingBy is acting as something that a write has set off; nil for none.
func (v *visit) actingBy(ctx context.Context, key value.FormKey, c Change, by *write) (*write, error) {
	form, old, err := v.read(ctx, key, c.ID)
	if fault.CodeOf(err) == "record.notFound" {
		return nil, v.missed(ctx, key, c, err)
	}
	if err != nil {
		return nil, err
	}
	if old.Deleted() {
		return nil, notFound(key, c.ID)
	}
	at := slices.IndexFunc(v.actions(form), func(a Action) bool { return a.Key() == c.Action })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "action.unknown").With("action", c.Action)
	}
	action, asked := v.actions(form)[at], v.asked(form, old)
	if !v.decision(form).MayAct() || !action.Offers(asked) {
		return nil, refusal(action, asked, true, fault.New(fault.Forbidden, "action.mayNot").With("action", c.Action))
	}
	w := v.systemWrite(form, old)
	w.reason, w.action, w.by = c.Reason, c.Action, by
	w.acting = &Acting{Asked: asked, Args: maps.Clone(c.Values), Reason: c.Reason, w: w}
	if err := action.Begin(ctx, w.acting); err != nil {
		return nil, err
	}
	if w.acting.idle {
		w.next = old.Clone()
		return w, nil
	}
	if err := w.mirror(ctx); err != nil {
		return nil, err
	}
	w.compute()
	w.deriveAhead()
	return w, w.told().Fault("record.act", "record.invalid")
}

// missed is what is said of a record that the actor does not see: mostly that it is not there.
func (v *visit) missed(ctx context.Context, key value.FormKey, c Change, notThere error) error {
	form, err := v.form(key)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(v.actions(form), func(a Action) bool { return a.Key() == c.Action })
	r, err := v.Store.Get(ctx, key, c.ID)
	if at < 0 || err != nil || r.Deleted() {
		return notThere
	}
	return refusal(v.actions(form)[at], v.asked(form, r), false, notThere)
}

func refusal(action Action, on Asked, seen bool, otherwise error) error {
	if r, ok := action.(Refuser); ok {
		if err := r.Refuse(on, seen); err != nil {
			return err
		}
	}
	return otherwise
}

// actions are those on a record: of the engine's parts, then those that are scripts of the form.
func (v *visit) actions(form *catalog.Form) []Action {
	var out []Action
	if v.Actions != nil {
		out = v.Actions(form)
	}
	for _, s := range form.Scripts {
		if s.Def.Action != nil && !s.OnForm() {
			out = append(out, scriptAction{s})
		}
	}
	return out
}

// HasAction tells whether records of a form have an action of that name. Faults: NotFound "form.unknown".
func (s *Service) HasAction(actor value.Actor, key value.FormKey, action string) (bool, error) {
	v := s.visit(actor)
	form, err := v.form(key)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(v.actions(form), func(a Action) bool { return a.Key() == action }), nil
}

func (v *visit) asked(form *catalog.Form, r *value.Record) Asked {
	d := v.decision(form)
	return Asked{
		Actor: v.actor, Form: form, Record: r, People: v.people, Rule: v.rule(r.Values), Update: d.Reaches(meta.Update, r), Share: d.MayShare(r),
		Own: d.MayTakeBack(r),
	}
}

// offered are the actions that the actor may do to a record.
func (p *page) offered(r *value.Record) []string {
	out := []string{}
	if r.Deleted() || !p.decision.MayAct() {
		return out
	}
	asked := p.asked(p.form, r)
	for _, action := range p.acts {
		if action.Offers(asked) {
			out = append(out, action.Key())
		}
	}
	return out
}

// renew works out anew what is kept beside the record's values, which is no change of it.
func (w *write) renew(ctx context.Context, tx store.Tx) error {
	now, err := tx.Get(ctx, w.old.Form, w.old.ID)
	if err != nil {
		return err
	}
	if now.Version != w.old.Version {
		return errMoved
	}
	_, err = w.putFigures(ctx, tx, w.form, now, nil)
	return err
}

// act writes what goes along with an action.
func (a *Acting) act(ctx context.Context, tx store.Tx) error {
	for _, do := range a.within {
		if err := do(ctx, tx); err != nil {
			return err
		}
	}
	for _, w := range a.along {
		if err := w.commit(ctx, tx, w.next.Clone(), w.old); err != nil {
			return err
		}
	}
	return nil
}
