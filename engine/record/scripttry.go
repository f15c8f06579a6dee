package record

import (
	"cmp"
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

// ScriptTrial asks what a script would do: a hook within the save of a record, or of a new one; an action, or what a
// job runs for each record, on one; an action on the form, or what a job runs by turns, on none.
type ScriptTrial struct {
	Event  string         // of a hook: one that it is for, "batch" as jobs run it; "" is the first of these
	ID     value.ID       // "" is a new record
	Values map[string]any // what is changed of it, as an edit has them
	Args   map[string]any // of an action; of what runs by turns the cursor
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

// BatchRecords lists the next records that a batch script of a catalog is for and the actor may read, as a job would
// come to them; next is "" at the end. Faults: as List, and NotFound "script.unknown".
func (s *Service) BatchRecords(
	ctx context.Context, c *catalog.Catalog, actor value.Actor, slice BatchSlice,
) (ids []value.ID, next value.ID, err error) {
	v := s.visit(actor)
	v.catalog = c
	b, err := v.batch(slice)
	if err != nil {
		return nil, "", err
	}
	page, err := b.page(ctx)
	for _, r := range page.Records {
		ids = append(ids, r.ID)
	}
	next, _ = lastOf(page.Next)
	return ids, next, err
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
	event = trialEvent(one, t)
	isNew, onNone := strings.HasSuffix(event, "Create"), event == eventTurn || one.OnForm()
	switch {
	case event == "", (isNew || onNone) != (t.ID == ""), onNone && len(t.Values) > 0:
		return nil, "", fault.New(fault.Invalid, "script.event").With("event", cmp.Or(event, t.Event))
	case onNone:
		f, err := v.form(form)
		if err != nil {
			return nil, "", err
		}
		return v.nothing(f), event, nil
	case isNew:
		w, err = v.newRecord(form)
	case strings.HasSuffix(event, "Delete"):
		w, err = v.changeOf(ctx, form, t.ID, meta.Delete)
	default:
		w, err = v.changeOf(ctx, form, t.ID, meta.Update)
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

// trialEvent is the moment that a script is tried at; "" for one that it is not for.
func trialEvent(one *catalog.Script, t ScriptTrial) string {
	hook := one.Def.Hook
	switch {
	case one.Batch() && (hook == nil || t.Event == eventBatch):
		return eventBatch
	case one.Def.Kind == meta.ScriptSchedule:
		return eventTurn
	case hook == nil:
		return "action"
	case t.Event != "" && !slices.Contains(hook.On, t.Event):
		return ""
	case t.Event != "":
		return t.Event
	}
	if at := slices.IndexFunc(hook.On, func(on string) bool { return strings.HasSuffix(on, "Create") == (t.ID == "") }); at >= 0 {
		return hook.On[at]
	}
	return hook.On[0]
}

// numbered draws ids that are the same each time: what is tried is compared with what was tried before.
type numbered struct {
	*scriptHost
	drawn int
}

func (h *numbered) NewID() string { h.drawn++; return fmt.Sprintf("new%d", h.drawn) }

func (w *write) try(ctx context.Context, one *catalog.Script, event string, t ScriptTrial) (*Tried, error) {
	call := w.trialCall(one, event, t)
	call.Trace, call.Seed = true, 1
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
	if err := w.takeTried(ctx, one, event, got, t); err != nil {
		var f *fault.Error
		if !errors.As(err, &f) || !isOwn(err) {
			return nil, err
		}
		out.Fault = f
	}
	out.Issues = append(out.Issues, w.issues[before:]...)
	for _, e := range got.Effects {
		out.Effects = append(out.Effects, w.triedEffect(ctx, e))
	}
	return out, nil
}

// trialCall is what a run on trial is given.
func (w *write) trialCall(one *catalog.Script, event string, t ScriptTrial) script.Call {
	switch event {
	case eventTurn:
		cursor, _ := t.Args["cursor"].(string)
		return w.turnCall(Turn{At: w.now, Cursor: cursor})
	case eventBatch, "action":
		call := w.call(event)
		call.Args = plainArgs(t.Args)
		if !one.OnForm() {
			call.Record = w.seenByScript(w.next)
		}
		return call
	}
	return w.hookCall(event)
}

// takeTried takes over what a run on trial has set, and returns what would refuse the run as a whole.
func (w *write) takeTried(ctx context.Context, one *catalog.Script, event string, got *script.Result, t ScriptTrial) error {
	switch {
	case strings.HasPrefix(event, "after"):
		w.done = true
		if why := refusedAfter(one, got); why != nil {
			return why
		}
	case event == eventTurn:
		cursor, _ := t.Args["cursor"].(string)
		_, err := cursorOf(one, got.Value, cursor)
		return err
	case event == eventBatch && len(got.Changed) > 0 && len(got.Refused) == 0:
		return w.editByScript(ctx, one, got.Changed)
	default:
		w.setByScript(one, got.Changed)
	}
	return nil
}

func triedOf(e script.Effect) TriedEffect {
	return TriedEffect{
		Op: e.Op, Form: e.Form, ID: e.ID, Action: e.Action, Values: script.WireMap(e.Values), To: e.To, Message: e.Message, Send: e.Send, Line: e.Line,
	}
}

func (w *write) triedEffect(ctx context.Context, e script.Effect) TriedEffect {
	out := triedOf(e)
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
