package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// After a commit hooks run as whoever saved, with the rights that they have by then. They see the record as it
// was saved and cannot refuse what is done: what they want is written in a transaction of its own, together with
// the word that they have run.

// AfterHooks are the scripts that a change sets off once it is committed, in their order, and the moment that
// they are told.
func (s *Service) AfterHooks(e event.Event, actor value.Actor) (moment string, scripts []*catalog.Script) {
	form := s.Catalog().Forms[e.Form]
	moment = map[event.Kind]string{
		event.RecordCreated: "afterCreate", event.RecordChanged: "afterUpdate", event.RecordDeleted: "afterDelete",
	}[e.Kind]
	if form == nil || moment == "" || e.After == nil || len(form.Scripts) == 0 {
		return moment, nil
	}
	ctx := expr.Context{Now: e.At, Zone: s.Zone, Calendar: s.Calendar(), Actor: actor}
	if e.Before != nil {
		ctx.Old = e.Before.Values
	}
	var changed func(value.FieldKey) bool
	if moment == "afterUpdate" {
		changed = func(key value.FieldKey) bool {
			return !value.Equal(e.Before.Values[string(key)], e.After.Values[string(key)])
		}
	}
	return moment, form.Hooks(moment, e.After.Values, ctx, changed)
}

// RunAfter runs one of them and writes what it wants with also, in one transaction. One that the metadata has no
// more has nothing to do. Faults: those of the script, of what it wants, and of also.
func (s *Service) RunAfter(ctx context.Context, actor value.Actor, e event.Event, moment, key string, also func(store.Tx) error) error {
	return again(func() error {
		v := s.visit(actor)
		v.depth = e.Depth
		w, err := v.afterwards(ctx, e, moment, key)
		if err != nil {
			return err
		}
		err = v.tx(ctx, nil, func(tx store.Tx) error {
			if err := also(tx); err != nil {
				return err
			}
			return w.applySetOff(ctx, tx)
		})
		return w.explain(err)
	})
}

// afterwards runs the script; the write that it returns is done already, and only carries what the script wants.
func (v *visit) afterwards(ctx context.Context, e event.Event, moment, key string) (*write, error) {
	w := &write{visit: v, old: e.Before, next: e.After, kind: e.Kind, reason: e.Reason, done: true}
	form := v.catalog.Forms[e.Form]
	if form == nil {
		return w, nil
	}
	s, there := form.Script(key)
	if !there {
		return w, nil
	}
	w.form, w.decision = form, v.decision(form)
	if w.depth() >= s.Run.Limits.Depth {
		return nil, scriptFault(s, "script.depth").With("max", s.Run.Limits.Depth)
	}
	if v.Scripts == nil {
		return nil, noWalls("record.after")
	}
	got, err := v.runScript(ctx, script.Background, s, w.next.ID, w.hookCall(moment))
	if err != nil {
		return nil, err
	}
	if why := refusedAfter(s, got); why != nil {
		return nil, why
	}
	return w, w.setOffAll(ctx, s, got.Effects)
}

// refusedAfter is what is wrong with a script that would change or refuse what is saved already; nil for nothing.
func refusedAfter(s *catalog.Script, got *script.Result) *fault.Error {
	switch {
	case len(got.Refused) > 0:
		first := got.Refused[0]
		return scriptFault(s, "script.refusedAfter").With("line", first.Line).With("code", first.Code).With("message", messageOf(first.Message))
	case len(got.Changed) > 0:
		return scriptFault(s, "script.changedAfter")
	}
	return nil
}
