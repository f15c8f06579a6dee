package record

import (
	"context"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// An action on a form is a script of it that is about no record: what it does, it wants of records, and all of
// that is written in one transaction or not at all.

// FormActed is what an action on a form has done.
type FormActed struct {
	// Records are those that it has written and that the actor may read, in the order in which it asked for them.
	Records []Acted `json:"records"`
}

// Acted is a record that something has written.
type Acted struct {
	Form    value.FormKey `json:"form"`
	ID      value.ID      `json:"id"`
	Created bool          `json:"created"` // it was made by it
}

// formActions are the scripts of a form that are actions on no record.
func (v *visit) formActions(form *catalog.Form) []scriptAction {
	var out []scriptAction
	for _, s := range form.Scripts {
		if s.OnForm() {
			out = append(out, scriptAction{s})
		}
	}
	return out
}

// offersOnForm tells whether the actor may do an action on a form now.
func (v *visit) offersOnForm(form *catalog.Form, action scriptAction) bool {
	return v.decision(form).MayPressOnForm(v.actor, action.script.Def.Action.Roles) && action.script.Offers(nil, v.rule(nil))
}

// ActOnForm does an action on a form; a version that comes with it means nothing. Faults: NotFound
// "form.unknown" and "action.unknown", Forbidden "action.mayNotNow", Invalid "action.refused" with what
// the script refuses, those of the script and of what it wants.
func (s *Service) ActOnForm(ctx context.Context, actor value.Actor, form value.FormKey, action string, in ActInput) (answer *FormActed, err error) {
	err = again(func() error {
		answer, err = s.actOnForm(ctx, actor, form, action, in)
		return err
	})
	return answer, err
}

func (s *Service) actOnForm(ctx context.Context, actor value.Actor, key value.FormKey, action string, in ActInput) (*FormActed, error) {
	v := s.visit(actor)
	if records, done, err := v.replayed(ctx, in.Once); done || err != nil {
		if err != nil {
			return nil, err
		}
		return v.actedAgain(ctx, records)
	}
	form, err := v.form(key)
	if err != nil {
		return nil, err
	}
	all := v.formActions(form)
	at := slices.IndexFunc(all, func(a scriptAction) bool { return a.Key() == action })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "action.unknown").With("action", action)
	}
	if !v.offersOnForm(form, all[at]) {
		return nil, fault.New(fault.Forbidden, "action.mayNotNow").With("action", all[at].script.Def.Label)
	}
	w := v.nothing(form)
	w.reason = in.Reason
	if err := all[at].beginOnForm(ctx, w, in); err != nil {
		return nil, err
	}
	err = v.tx(ctx, in.Once, func(tx store.Tx) error {
		if err := w.applySetOff(ctx, tx); err != nil {
			return err
		}
		return v.remember(ctx, tx, in.Once, w.written()...)
	})
	if err != nil {
		return nil, w.explain(err)
	}
	return v.acted(w), nil
}

// beginOnForm runs the script with the rights of whoever asked for it, and prepares what it wants.
func (a scriptAction) beginOnForm(ctx context.Context, w *write, in ActInput) error {
	asked := Asked{Actor: w.actor, Form: w.form, People: w.people, Rule: w.rule(nil)}
	if err := a.asked(asked, in.Args, in.Reason); err != nil {
		return err
	}
	if w.Scripts == nil {
		return noWalls("record.act")
	}
	call := w.call("action")
	call.Args = plainArgs(in.Args)
	got, err := w.runScript(ctx, script.Waiting, a.script, "", call)
	if err != nil {
		return w.scriptFailed(a.script, err)
	}
	w.refused(a.script, got.Refused)
	if err := w.told().Fault("record.act", "action.refused"); err != nil {
		return err
	}
	return w.setOffAll(ctx, a.script, got.Effects)
}

// written names the records that the write has set off, as they were written.
func (w *write) written() []*value.Record {
	var out []*value.Record
	for _, one := range w.setOff {
		if one.saved != nil {
			out = append(out, &value.Record{Form: one.form.Key, ID: one.saved.ID, Version: one.saved.Version})
		}
	}
	return out
}

func (v *visit) acted(w *write) *FormActed {
	out := &FormActed{Records: []Acted{}}
	for _, one := range w.setOff {
		if one.saved != nil && !one.saved.Deleted() && v.decision(one.form).Reaches(meta.Read, one.saved) {
			out.Records = append(out.Records, actedOn(one.saved))
		}
	}
	return out
}

// actedAgain answers a request that was carried out before: by then some of it may be out of sight.
func (v *visit) actedAgain(ctx context.Context, records []value.Record) (*FormActed, error) {
	out := &FormActed{Records: []Acted{}}
	for n := range records {
		_, now, err := v.read(ctx, records[n].Form, records[n].ID)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !now.Deleted() {
			out.Records = append(out.Records, actedOn(&records[n]))
		}
	}
	return out, nil
}

func actedOn(r *value.Record) Acted { return Acted{Form: r.Form, ID: r.ID, Created: r.Version == 1} }
