package record

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// ScriptTrial asks what a script would do: a hook within the save of a record, or of a new one; an action on a record.
type ScriptTrial struct {
	Event  string         // of a hook: one that it is for; "" is the first of these
	ID     value.ID       // "" is a new record
	Values map[string]any // what is changed of it, as an edit has them
	Args   map[string]any // of an action
	Actor  value.Actor
}

// Tried is what a script would do. Nothing of it was written.
type Tried struct {
	Event   string           `json:"event"`
	Changed map[string]any   `json:"changed,omitempty"` // fields of the record that it sets
	Effects []TriedEffect    `json:"effects"`
	Refused []script.Refusal `json:"refused"`
	Value   any              `json:"value,omitempty"` // what it returns
	Issues  fault.Issues     `json:"issues,omitempty"`
	Fault   *fault.Error     `json:"-"` // why it failed
	script.Report

	Call     script.Call     `json:"-"`
	Recorded script.Recorder `json:"-"`
}

// TriedEffect is one thing that a script wants of another record, with what would refuse it.
type TriedEffect struct {
	Op      string           `json:"op"`
	Form    string           `json:"form"`
	ID      string           `json:"id,omitempty"`
	Action  string           `json:"action,omitempty"`
	Values  map[string]any   `json:"values,omitempty"`
	To      []string         `json:"to,omitempty"`      // of notify
	Message any              `json:"message,omitempty"` // of notify
	Send    *script.Outgoing `json:"send,omitempty"`    // of send
	Line    int              `json:"line,omitempty"`
	Code    string           `json:"code,omitempty"`
	Issues  fault.Issues     `json:"issues,omitempty"`
}

// TryScript runs a script of a catalog, published or not, over the records on hand, with the actor's rights, by the
// steps of a save short of the transaction. Faults: those of reading the record, "script.event", and what
// keeps scripts from running at all; what the script itself does wrong is told in Tried.
func (s *Service) TryScript(ctx context.Context, c *catalog.Catalog, form value.FormKey, key string, t ScriptTrial) (*Tried, error) {
	v := s.visit(t.Actor)
	v.catalog = c
	f, err := v.form(form)
	if err != nil {
		return nil, err
	}
	one, ok := f.Script(key)
	if !ok {
		return nil, fault.New(fault.NotFound, "script.unknown").With("script", string(form)+"/"+key)
	}
	if v.Scripts == nil {
		return nil, noWalls("record.try")
	}
	w, event, err := v.onTrial(ctx, form, one, t)
	if err != nil {
		return nil, err
	}
	return w.try(ctx, one, event, t)
}

// onTrial begins the write that a script is tried in.
func (v *visit) onTrial(ctx context.Context, form value.FormKey, one *catalog.Script, t ScriptTrial) (w *write, event string, err error) {
	event = "action"
	if hook := one.Def.Hook; hook != nil {
		if event = t.Event; event == "" {
			event = hook.On[0]
			if at := slices.IndexFunc(hook.On, func(on string) bool { return strings.HasSuffix(on, "Create") == (t.ID == "") }); at >= 0 {
				event = hook.On[at]
			}
		}
		if !slices.Contains(hook.On, event) || strings.HasSuffix(event, "Create") != (t.ID == "") {
			return nil, "", fault.New(fault.Invalid, "script.event").With("event", event)
		}
	} else if t.ID == "" {
		return nil, "", fault.New(fault.Invalid, "script.event").With("event", event)
	}
	verb := meta.Update
	switch event {
	case "beforeCreate", "afterCreate":
		w, err = v.newRecord(form)
	case "beforeDelete", "afterDelete":
		verb = meta.Delete
		fallthrough
	default:
		w, err = v.changeOf(ctx, form, t.ID, verb)
	}
	if err != nil {
		return nil, "", err
	}
	w.setInput(t.Values)
	w.setDefaults()
	if err := w.mirror(ctx); err != nil {
		return nil, "", err
	}
	w.compute()
	return w, event, nil
}

// numbered draws ids that are the same each time: what is tried is compared with what was tried before.
type numbered struct {
	*scriptHost
	drawn int
}

func (h *numbered) NewID() string { h.drawn++; return fmt.Sprintf("new%d", h.drawn) }

func (w *write) try(ctx context.Context, one *catalog.Script, event string, t ScriptTrial) (*Tried, error) {
	call := w.hookCall(event)
	call.Trace, call.Seed = true, 1
	if one.Def.Action != nil {
		call.Old, call.Args = nil, plainArgs(t.Args)
	}
	out := &Tried{Event: event, Effects: []TriedEffect{}, Refused: []script.Refusal{}, Call: call, Issues: w.told()}
	out.Recorded.Host = &numbered{scriptHost: &scriptHost{visit: w.visit}}
	got, err := w.Scripts.Run(ctx, script.Waiting, one.Run, call, &out.Recorded)
	out.Report = got.Report
	if err != nil {
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid {
			return nil, err
		}
		out.Fault = f
		return out, nil
	}
	out.Refused, out.Value = got.Refused, script.Wire(got.Value)
	if len(got.Changed) > 0 {
		out.Changed = script.WireMap(got.Changed)
	}
	before := len(w.issues)
	if strings.HasPrefix(event, "after") {
		w.done, out.Fault = true, refusedAfter(one, got)
	} else {
		w.setByScript(got.Changed)
	}
	out.Issues = append(out.Issues, w.issues[before:]...)
	for _, e := range got.Effects {
		out.Effects = append(out.Effects, w.triedEffect(ctx, e))
	}
	return out, nil
}

func (w *write) triedEffect(ctx context.Context, e script.Effect) TriedEffect {
	out := TriedEffect{Op: e.Op, Form: e.Form, ID: e.ID, Action: e.Action, Values: script.WireMap(e.Values), To: e.To, Message: e.Message, Send: e.Send, Line: e.Line}
	if e.Op == "notify" || e.Op == "send" {
		return out
	}
	if w.root().writes(value.FormKey(e.Form), value.ID(e.ID)) {
		out.Code = "script.twice"
		return out
	}
	one, err := w.prepareEffect(ctx, value.FormKey(e.Form), value.ID(e.ID), e)
	var f *fault.Error
	switch {
	case err == nil:
		w.setOff = append(w.setOff, one)
	case errors.As(err, &f):
		out.Code, out.Issues = f.Code, f.Issues
	default:
		out.Code = "internal"
	}
	return out
}

// Outcome is what can be compared of two runs: all that would become of anything.
func (t *Tried) Outcome() string {
	var b strings.Builder
	fmt.Fprint(&b, t.Changed, t.Value)
	for _, r := range t.Refused {
		fmt.Fprint(&b, r.Code, r.Message, r.Field)
	}
	for _, e := range t.Effects {
		fmt.Fprint(&b, e.Op, e.Form, e.ID, e.Action, e.Values, e.To, e.Message, e.Code)
		if e.Send != nil {
			fmt.Fprint(&b, *e.Send)
		}
	}
	if t.Fault != nil {
		b.WriteString(t.Fault.Code)
	}
	return b.String()
}
