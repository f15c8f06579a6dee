package record

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// scriptAction is an action that is a script of the form: a button that its author has made.
type scriptAction struct{ script *catalog.Script }

func (a scriptAction) Key() string { return a.script.Def.Key }

// Offers asks the roles that the script names, or without any for the right to change the record.
func (a scriptAction) Offers(on Asked) bool {
	return access.MayPress(on.Actor, a.script.Def.Action.Roles, on.Update) && a.script.Offers(on.Record.Values, on.Rule)
}

// Describe tells what its author has said of it.
func (a scriptAction) Describe(to Reader) (ActionView, bool) {
	def := a.script.Def.Action
	if !access.MayPress(to.Actor, def.Roles, true) {
		return ActionView{}, false
	}
	out := ActionView{
		Label: a.script.Def.Label, Kind: ActionPlain, Many: def.On == meta.OnRecords, OnForm: a.script.OnForm(), Confirm: def.Confirm,
		Ask: Asking{Reason: NoReason, Args: def.Args},
	}
	if def.Reason {
		out.Ask.Reason = RequiredReason
	}
	if def.Danger {
		out.Kind = ActionDanger
	}
	return out, true
}

// Begin runs the script with the rights of whoever asked for it. What it sets on the record passes the rules,
// and hooks, of an edit by the same person.
func (a scriptAction) Begin(ctx context.Context, on *Acting) error {
	if err := a.asked(on.Asked, on.Args, on.Reason); err != nil {
		return err
	}
	w := on.w
	if on.w.by != nil && a.script.Run.HTTP && !on.w.root().done {
		return scriptFault(a.script, "script.http").With("text", a.script.Def.Key) // nothing within a save waits for another host
	}
	if w.depth() >= a.script.Run.Limits.Depth {
		return scriptFault(a.script, "script.depth").With("max", a.script.Run.Limits.Depth)
	}
	if w.Scripts == nil {
		return noWalls("record.act")
	}
	call := w.call("action")
	call.Record, call.Args = w.seenByScript(w.old), plainArgs(on.Args)
	got, err := w.runScript(ctx, script.Waiting, a.script, w.old.ID, call)
	if err != nil {
		return w.scriptFailed(a.script, err)
	}
	w.refused(a.script, got.Refused)
	if len(w.issues) == 0 && len(got.Changed) > 0 {
		if err := w.editByScript(ctx, a.script, got.Changed); err != nil {
			return err
		}
	}
	if err := w.told().Fault("record.act", "record.invalid"); err != nil {
		return err
	}
	if err := w.setOffAll(ctx, a.script, got.Effects); err != nil {
		return err
	}
	if len(w.setOff)+len(w.says)+len(w.sends) == 0 && value.Equal(w.old.Values, w.next.Values) {
		on.Leave()
	}
	return nil
}

// asked refuses what comes without the reason, or the arguments, that the script asks for.
func (a scriptAction) asked(on Asked, args map[string]any, reason string) error {
	if a.script.Def.Action.Reason && reason == "" {
		return fault.New(fault.Invalid, "action.reason").With("action", a.script.Def.Label)
	}
	return checkArgs(on, a.script.Def.Action.Args, args)
}

// editByScript takes what a script sets on the record through the steps of an edit.
func (w *write) editByScript(ctx context.Context, s *catalog.Script, changed map[string]any) error {
	if !w.decision.Reaches(meta.Update, w.old) {
		return fault.New(fault.Forbidden, "record.mayNot").With("verb", string(meta.Update)).With("form", w.form.Def.Label)
	}
	w.setByScript(s, changed)
	if err := w.workOut(ctx); err != nil || len(w.issues) > 0 {
		return err
	}
	return w.mayKeep()
}

// plainArgs are what came with an action; nothing is an empty table.
func plainArgs(args map[string]any) map[string]any {
	if args == nil {
		return map[string]any{}
	}
	return args
}
