package record

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Hooks are scripts that a save sets off before the rules are asked. One sees what its actor sees of the
// record, and may set what its actor's roles may write and nothing computes. What it wants of other records is
// prepared by their own recipes, hooks included, and written in the transaction of the save or not at all.

// runHooks runs the scripts of a change or a new record. A draft runs none: nobody saves it, and each key
// pressed would.
func (w *write) runHooks(ctx context.Context) error {
	if w.draft || w.quiet || len(w.form.Scripts) == 0 || len(w.issues) > 0 {
		return nil
	}
	moment := "beforeUpdate"
	if w.old == nil {
		moment = "beforeCreate"
	}
	for _, s := range w.hooks(moment) {
		if err := w.runHook(ctx, s, moment); err != nil || len(w.issues) > 0 {
			return err
		}
		if err := w.mirror(ctx); err != nil {
			return err
		}
		w.compute()
	}
	return nil
}

// binWith is bin with the scripts that a deletion sets off.
func (w *write) binWith(ctx context.Context, reason string) error {
	w.bin(reason)
	for _, s := range w.hooks("beforeDelete") {
		if err := w.runHook(ctx, s, "beforeDelete"); err != nil {
			return err
		}
	}
	return w.told().Fault("record.delete", "record.invalid")
}

func (w *write) hooks(moment string) []*catalog.Script {
	var changed func(value.FieldKey) bool
	if moment == "beforeUpdate" {
		changed = func(key value.FieldKey) bool {
			return !value.Equal(w.old.Values[string(key)], w.next.Values[string(key)])
		}
	}
	return w.form.Hooks(moment, w.next.Values, w.rule(w.oldValues()), changed)
}

// runHook runs one script and takes over what it wants.
func (w *write) runHook(ctx context.Context, s *catalog.Script, moment string) error {
	if w.depth() >= s.Run.Limits.Depth {
		return scriptFault(s, "script.depth").With("max", s.Run.Limits.Depth)
	}
	if w.Scripts == nil {
		return noWalls("record.hook")
	}
	call := w.hookCall(moment)
	got, err := w.runScript(ctx, script.Waiting, s, w.next.ID, call)
	if err != nil {
		return w.scriptFailed(s, err)
	}
	w.refused(s, got.Refused)
	if len(w.issues) > 0 {
		return nil
	}
	if moment == "beforeDelete" && len(got.Changed) > 0 {
		return scriptFault(s, "script.deleting")
	}
	w.setByScript(s, got.Changed)
	return w.setOffAll(ctx, s, got.Effects)
}

// hookCall is what a hook is given.
func (w *write) hookCall(moment string) script.Call {
	call := w.call(moment)
	call.Record, call.Old = w.seenByScript(w.next), w.seenByScript(w.old)
	return call
}

// call is what every run of this request has in common.
func (v *visit) call(moment string) script.Call { return ScriptCall(moment, v.actor, v.now, v.Zone) }

// scriptFailed tells a save that a script of its form has failed. Who is no administrator does not read the
// script's text.
func (w *write) scriptFailed(s *catalog.Script, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	out := *f
	out.Args = maps.Clone(f.Args)
	out.Args["label"] = s.Def.Label
	if !w.actor.Admin && !w.actor.IsSystem() {
		out.Args["text"] = ""
		delete(out.Args, "source")
	}
	return &out
}

func noWalls(op string) error { return fault.New(fault.Unavailable, "script.noWalls").In(op) }

func scriptFault(s *catalog.Script, code string) *fault.Error {
	return fault.New(fault.Invalid, code).In("record.hook").With("script", s.Run.Name).With("label", s.Def.Label)
}

// refused makes issues of what a script refuses.
func (w *write) refused(s *catalog.Script, all []script.Refusal) {
	for _, r := range all {
		w.issues = append(w.issues, fault.Issue{Path: s.At(w.form, r.Field), Code: "script.refused", Args: fault.Args{
			"script": s.Run.Name, "code": r.Code, "message": messageOf(r.Message),
		}})
	}
}

// messageOf is a text, or texts by locale.
func messageOf(v any) any {
	texts, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := map[string]string{}
	for locale, text := range texts {
		out[locale], _ = text.(string)
	}
	return out
}

// setByScript takes over the fields that a script has set: those that people may only read too, never what is
// computed, nor what the actor's roles keep from them.
func (w *write) setByScript(s *catalog.Script, values map[string]any) {
	w.givenBy(s, values)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		key, at := value.FieldKey(name), "/values/"+fault.Escape(name)
		field, known := w.form.Field(key)
		switch {
		case !known || w.hidden(key):
			w.issues.Add(at, "field.unknown", "field", name)
			continue
		case field.Computed():
			w.issues.Add(at, "field.computed", "field", field.Def.Label)
			continue
		case !w.actor.IsSystem() && !w.decision.MayWrite(key, w.old), w.moves(field), w.takes(field):
			w.issues.Add(at, "field.readOnly", "field", field.Def.Label)
			continue
		}
		decoded, issues := w.form.DecodeValues(map[string]any{name: script.Wire(values[name])})
		if w.issues = append(w.issues, issues...); len(issues) > 0 {
			continue
		}
		w.checkOptions(field, decoded[name])
		w.set(name, w.merged(field, decoded[name], w.next.Values)) // the rows that the script has seen, new ones too
	}
}

// depth counts the hooks that have led to this write.
func (w *write) depth() int {
	n := w.visit.depth
	for by := w.by; by != nil; by = by.by {
		n++
	}
	return n
}

// root is the write that people asked for.
func (w *write) root() *write {
	for w.by != nil {
		w = w.by
	}
	return w
}

// writes tells whether this write, or one that it has set off, writes a record.
func (w *write) writes(form value.FormKey, id value.ID) bool {
	if !w.done && w.form.Key == form && w.next.ID == id {
		return true
	}
	return slices.ContainsFunc(w.setOff, func(one *write) bool { return one.writes(form, id) })
}

// setOffAll prepares what a script wants of other records.
func (w *write) setOffAll(ctx context.Context, s *catalog.Script, effects []script.Effect) error {
	for _, e := range effects {
		switch e.Op {
		case "notify":
			w.says = append(w.says, w.saying(s, e))
			continue
		case "send":
			w.sends = append(w.sends, w.sending(s, e))
			continue
		}
		form, id := value.FormKey(e.Form), value.ID(e.ID)
		if w.root().writes(form, id) {
			return scriptFault(s, "script.twice").With("line", e.Line).With("form", e.Form)
		}
		one, err := w.prepareEffect(ctx, form, id, e)
		if err != nil {
			if !isOwn(err) || errors.Is(err, errMoved) {
				return err
			}
			return scriptFault(s, "script.effect").With("line", e.Line).With("form", e.Form).With("op", e.Op).Because(err)
		}
		if e.Op == "create" || e.Op == "update" {
			one.givenBy(s, e.Values)
		}
		if one.changes() {
			w.setOff = append(w.setOff, one)
		}
	}
	return nil
}

func (w *write) prepareEffect(ctx context.Context, form value.FormKey, id value.ID, e script.Effect) (one *write, err error) {
	values := script.WireMap(e.Values)
	reason := w.reason
	switch e.Op {
	case "create":
		if one, err = w.newRecord(form); err != nil {
			return nil, err
		}
		one.by, one.next.ID = w, id
		w.expect(one.next)
		return one, one.fill(ctx, Input{Values: values, Reason: reason})
	case "update":
		if one, err = w.changeOf(ctx, form, id, "update"); err != nil {
			return nil, err
		}
		one.by = w
		return one, one.fill(ctx, Input{Values: values, Reason: reason})
	case "delete":
		if one, err = w.changeOf(ctx, form, id, "delete"); err != nil {
			return nil, err
		}
		one.by = w
		return one, one.binWith(ctx, reason)
	case "act":
		if given, named := values["reason"].(string); named {
			reason = given
			delete(values, "reason")
		}
		return w.actingBy(ctx, form, Change{Op: OpAct, Action: e.Action, ID: id, Values: values, Reason: reason}, w)
	}
	return nil, fault.New(fault.Invalid, "script.argument")
}

// saying is what a script says to people.
func (w *write) saying(s *catalog.Script, e script.Effect) Saying {
	out := Saying{
		To: e.To, Message: e.Message, About: Name{value.FormKey(e.Form), value.ID(e.ID)}, Script: s.Run.Name,
		Once: string(w.visit.NewID()), At: w.now,
	}
	if w.occasion != "" && w.occurs == s {
		sum := sha256.Sum256([]byte(fmt.Sprint(out.Message))) // texts by language come in the order of these
		out.Once = fmt.Sprintf("%s %s %s/%s %x", s.Run.Name, w.occasion, e.Form, e.ID, sum[:12])
	}
	return out
}

// sending is what a script sends to another host.
func (w *write) sending(s *catalog.Script, e script.Effect) Sending {
	return Sending{
		What: *e.Send, About: Name{w.form.Key, w.next.ID}, Version: w.next.Version, Actor: w.actor.Key(), Script: s.Def.Key, Key: w.visit.NewID(), At: w.now,
	}
}

// expect lets what is prepared from now on refer to a record that is not written yet.
func (v *visit) expect(r *value.Record) {
	if v.coming == nil {
		v.coming = map[value.ID]*value.Record{}
	}
	v.coming[r.ID] = r
}

// applySetOff writes what the hooks of a written record want, and says what they say. That somebody was faster with one of those
// records is no conflict of this one: it is prepared again.
func (w *write) applySetOff(ctx context.Context, tx store.Tx) error {
	for _, one := range w.setOff {
		err := one.apply(ctx, tx)
		if fault.CodeOf(err) == "store.stale" {
			return errMoved
		}
		if err != nil {
			return err
		}
	}
	for _, one := range w.sends {
		if w.Send == nil {
			return fault.New(fault.Unavailable, "script.httpOff").In("record.send")
		}
		if err := w.Send(ctx, tx, one); err != nil {
			return err
		}
	}
	for _, one := range w.says {
		if w.Notify == nil {
			break
		}
		if err := w.Notify(ctx, tx, one); err != nil {
			return err
		}
	}
	return nil
}
