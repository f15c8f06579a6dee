package engine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// ScriptRequest asks what a script of the drafts, or of documents that are only tried, would do.
type ScriptRequest struct {
	Form, Script string
	Documents    map[string]string // tried upon the drafts, content by path
	After        value.ID          // of what jobs run for each record, without an ID: where the records before ended
	record.ScriptTrial
}

// ScriptFault is why a run failed, and where.
type ScriptFault struct {
	Code   string     `json:"code"`
	Line   int        `json:"line,omitempty"`
	Text   string     `json:"text,omitempty"`
	Source string     `json:"source,omitempty"` // the line between its neighbours
	Args   fault.Args `json:"-"`
}

// ScriptRun is a run that was tried.
type ScriptRun struct {
	ID     string       `json:"id,omitempty"` // by which it can be looked up and replayed; "" where it was too large to keep
	Script string       `json:"script"`
	Record value.ID     `json:"record,omitempty"` // that it was tried on; "" for none, or a new one
	At     time.Time    `json:"at"`
	By     value.ID     `json:"by"`
	Fault  *ScriptFault `json:"fault,omitempty"`
	*record.Tried
	// Published is what the published script would do, where that is another; nil where it would do the same,
	// or there is none.
	Published *ScriptRun `json:"published,omitempty"`
	// Differs tells whether the published script would do something else, or there is none.
	Differs bool `json:"differs"`
	// Records are the runs over some of the records that jobs would run the script for, in their order, and Next is
	// where the ones after these begin, "" at the end. The report is then that of all of them.
	Records []ScriptRun `json:"records,omitempty"`
	Next    value.ID    `json:"next,omitempty"`
}

// keptRun is a run with all that it saw.
type keptRun struct {
	Run     ScriptRun       `json:"run"`
	Script  script.Script   `json:"script"`
	Call    script.Call     `json:"call"`
	Answers []script.Answer `json:"answers"`
	IDs     []string        `json:"ids"`
}

// keptRuns is what one request has tried: one run, or those over some records.
type keptRuns struct {
	Runs []keptRun `json:"runs"`
}

// What is kept of runs, by who has tried them.
const (
	scriptRuns   = "scriptRun"     // asker/id → keptRuns
	scriptRunsOf = "scriptRunList" // the same keys → nothing: they are counted without what they name
	runLife      = 7 * 24 * time.Hour
	// maxRuns bounds the requests of one asker whose runs are kept, maxRunBytes one run, and maxRunsBytes all of one
	// request.
	maxRuns      = 50
	maxRunBytes  = 256 << 10
	maxRunsBytes = 1 << 20
)

// RunScript tells what a script would do to records on hand, beside what the published one would. Nothing but
// the run itself is kept. The asker needs an administrator's desk, and the script sees of records what their
// roles let them. Faults: those of publish.Desk.Rehearsal and record.Service.TryScript.
func (e *Engine) RunScript(ctx context.Context, req ScriptRequest) (*ScriptRun, error) {
	const op = "engine.runScript"
	desk, err := e.Apps.Desk(req.Actor)
	if err != nil {
		return nil, err
	}
	r, err := desk.Rehearsal(ctx, req.Documents)
	if err != nil {
		return nil, err
	}
	if overRecords(r.Next, req) {
		out, err := e.runOver(ctx, r.Next, req)
		return out, fault.Wrap(op, err)
	}
	out, err := e.runOne(ctx, r.Next, req)
	if err == nil {
		err = e.keepRuns(ctx, r.Next, req, []*ScriptRun{out})
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return out, nil
}

// runOne tries a script once, beside the published one.
func (e *Engine) runOne(ctx context.Context, next *catalog.Catalog, req ScriptRequest) (*ScriptRun, error) {
	out, err := e.tryScript(ctx, next, req)
	if err != nil {
		return nil, err
	}
	out.Differs = true
	was, err := e.tryScript(ctx, e.Catalog(), req)
	switch {
	case err == nil && was.Outcome() == out.Outcome():
		out.Differs = false
	case err == nil:
		out.Published = was
	case fault.CodeOf(err) != "script.unknown" && fault.CodeOf(err) != "form.unknown" && fault.CodeOf(err) != "script.event":
		return nil, err
	}
	return out, nil
}

// triedOver is how many records a batch is tried on at once.
const triedOver = 20

// overRecords tells whether a request is for the records that jobs run a script for, and not for one of them.
func overRecords(c *catalog.Catalog, req ScriptRequest) bool {
	form, known := c.Forms[value.FormKey(req.Form)]
	if !known || req.ID != "" {
		return false
	}
	one, known := form.Script(req.Script)
	return known && one.Batch() && (one.Def.Hook == nil || req.Event == "batch")
}

// runOver tries a script on the next records that a job would run it for, as far as the asker may read them.
func (e *Engine) runOver(ctx context.Context, next *catalog.Catalog, req ScriptRequest) (*ScriptRun, error) {
	slice := record.BatchSlice{Form: value.FormKey(req.Form), Script: req.Script, After: req.After, Limit: triedOver}
	ids, after, err := e.Records.BatchRecords(ctx, next, req.Actor, slice)
	if err != nil {
		return nil, err
	}
	out := &ScriptRun{
		Script: req.Form + "/" + req.Script, At: e.config.Clock().UTC(), By: req.Actor.Key(), Next: after, Records: []ScriptRun{},
		Tried: &record.Tried{Event: "batch", Effects: []record.TriedEffect{}, Refused: []script.Refusal{}, Report: script.Report{Log: []script.LogLine{}}},
	}
	var tried []*ScriptRun
	for _, id := range ids {
		req.ID = id
		one, err := e.runOne(ctx, next, req)
		if fault.CodeOf(err) == "record.mayNot" {
			continue // the asker may read it and not change it
		}
		if err != nil {
			return nil, err
		}
		tried = append(tried, one)
		out.Differs = out.Differs || one.Differs
		out.Used.Add(one.Used)
		out.Limit = one.Limit
	}
	if err := e.keepRuns(ctx, next, req, tried); err != nil {
		return nil, err
	}
	for _, one := range tried {
		out.Records = append(out.Records, *one)
	}
	return out, nil
}

func (e *Engine) tryScript(ctx context.Context, c *catalog.Catalog, req ScriptRequest) (*ScriptRun, error) {
	tried, err := e.Records.TryScript(ctx, c, value.FormKey(req.Form), req.Script, req.ScriptTrial)
	if err != nil {
		return nil, err
	}
	return &ScriptRun{
		Script: req.Form + "/" + req.Script, Record: req.ID, At: e.config.Clock().UTC(), By: req.Actor.Key(), Tried: tried,
		Fault: scriptFaultOf(tried.Fault),
	}, nil
}

func scriptFaultOf(f *fault.Error) *ScriptFault {
	if f == nil {
		return nil
	}
	out := &ScriptFault{Code: f.Code, Args: f.Args}
	out.Line, _ = f.Args["line"].(int)
	out.Text, _ = f.Args["text"].(string)
	out.Source, _ = f.Args["source"].(string)
	return out
}

// keepRuns keeps the runs of one request with their inputs, as far as they fit, and gives them the ids by which they are
// found; the oldest of its asker goes.
func (e *Engine) keepRuns(ctx context.Context, c *catalog.Catalog, req ScriptRequest, runs []*ScriptRun) error {
	one, ok := c.Forms[value.FormKey(req.Form)].Script(req.Script)
	if !ok || len(runs) == 0 {
		return nil
	}
	id, room := string(e.config.NewID()), maxRunsBytes
	var parts []json.RawMessage
	for n, run := range runs {
		run.ID = id
		if len(runs) > 1 {
			run.ID += "." + strconv.Itoa(n)
		}
		kept := keptRun{Run: *run, Script: one.Run, Call: run.Call, Answers: run.Recorded.Answers, IDs: run.Recorded.IDs}
		kept.Run.Published = nil
		part, err := json.Marshal(kept)
		if err != nil {
			return fault.Wrap("engine.keepRuns", err)
		}
		if len(part) > min(maxRunBytes, room) {
			run.ID = ""
			continue
		}
		parts, room = append(parts, part), room-len(part)
	}
	if len(parts) == 0 {
		return nil
	}
	body, err := json.Marshal(map[string]any{"runs": parts})
	if err != nil {
		return fault.Wrap("engine.keepRuns", err)
	}
	mine := runsOf(req.Actor)
	item := store.Item{Key: mine + id, Body: body, Expires: e.config.Clock().Add(runLife)}
	return e.config.Store.Tx(ctx, func(tx store.Tx) error { return saveRuns(ctx, tx, mine, item) })
}

func runsOf(actor value.Actor) string { return string(actor.Key()) + "/" }

func saveRuns(ctx context.Context, tx store.Tx, mine string, item store.Item) error {
	if err := tx.Save(ctx, scriptRuns, item, 0); err != nil {
		return err
	}
	if err := tx.Save(ctx, scriptRunsOf, store.Item{Key: item.Key, Body: []byte("{}"), Expires: item.Expires}, 0); err != nil {
		return err
	}
	all, err := tx.Scan(ctx, scriptRunsOf, mine, "", maxRuns+1)
	if err != nil || len(all) <= maxRuns {
		return err
	}
	if err := tx.Drop(ctx, scriptRuns, all[0].Key); err != nil {
		return err
	}
	return tx.Drop(ctx, scriptRunsOf, all[0].Key)
}

// ScriptRuns lists the runs of the actor that are kept, the newest first: another's show what another may see. Faults:
// Forbidden "access.admin".
func (e *Engine) ScriptRuns(ctx context.Context, actor value.Actor) ([]ScriptRun, error) {
	if _, err := e.Apps.Desk(actor); err != nil {
		return nil, err
	}
	items, err := e.config.Store.Scan(ctx, scriptRuns, runsOf(actor), "", maxRuns)
	if err != nil {
		return nil, err
	}
	out := []ScriptRun{}
	for _, item := range items {
		kept, err := readRuns(item)
		if err != nil {
			return nil, err
		}
		for _, one := range kept.Runs {
			out = append(out, one.Run)
		}
	}
	slices.Reverse(out)
	return out, nil
}

// ScriptRun returns a run that is kept, tried or at work. Faults: NotFound "script.runUnknown", also for what somebody
// else has tried; Forbidden "script.runUnseen" for one at work that saw what the actor does not see.
func (e *Engine) ScriptRun(ctx context.Context, actor value.Actor, id string) (*ScriptRun, error) {
	kept, err := e.keptRun(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &kept.Run, nil
}

func (e *Engine) keptRun(ctx context.Context, actor value.Actor, id string) (*keptRun, error) {
	if _, err := e.Apps.Desk(actor); err != nil {
		return nil, err
	}
	unknown := fault.New(fault.NotFound, "script.runUnknown")
	if id == "" || strings.ContainsRune(id, 0) {
		return nil, unknown
	}
	of, _, _ := strings.Cut(id, ".")
	item, err := e.config.Store.Load(ctx, scriptRuns, runsOf(actor)+of)
	if fault.KindOf(err) == fault.NotFound {
		return e.keptAtWork(ctx, actor, id)
	}
	if err != nil {
		return nil, err
	}
	kept, err := readRuns(item)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(kept.Runs, func(one keptRun) bool { return one.Run.ID == id })
	if at < 0 {
		return nil, unknown
	}
	return &kept.Runs[at], nil
}

func readRuns(item store.Item) (kept keptRuns, err error) {
	return kept, readItem(scriptRuns, item, &kept)
}

// Replay is a run repeated from what it saw.
type Replay struct {
	Same    bool             `json:"same"` // it came to what it came to then
	Changed map[string]any   `json:"changed,omitempty"`
	Effects []script.Effect  `json:"effects"`
	Refused []script.Refusal `json:"refused"`
	Value   any              `json:"value,omitempty"`
	Fault   *ScriptFault     `json:"fault,omitempty"`
	script.Report
}

// ReplayScript repeats a run from its inputs alone: whatever has become of the records and the metadata since,
// it comes to the same. Faults: those of ScriptRun.
func (e *Engine) ReplayScript(ctx context.Context, actor value.Actor, id string) (*Replay, error) {
	kept, err := e.keptRun(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if e.config.Scripts == nil {
		return nil, fault.New(fault.Unavailable, "script.noWalls").In("engine.replay")
	}
	got, err := e.config.Scripts.Run(ctx, script.Waiting, kept.Script, kept.Call, &script.Replayer{Answers: kept.Answers, IDs: kept.IDs})
	out := &Replay{Effects: got.Effects, Refused: got.Refused, Value: script.Wire(got.Value), Report: got.Report}
	if len(got.Changed) > 0 {
		out.Changed = script.WireMap(got.Changed)
	}
	for n := range out.Effects {
		out.Effects[n].Values = script.WireMap(out.Effects[n].Values)
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid {
		out.Fault, err = scriptFaultOf(f), nil
	}
	if err != nil {
		return nil, err
	}
	out.Same, err = sameOutcome(out, &kept.Run)
	return out, err
}

// sameOutcome compares a replay with the run that it repeats.
func sameOutcome(again *Replay, run *ScriptRun) (bool, error) {
	then := Replay{Changed: run.Changed, Refused: run.Refused, Value: run.Value, Effects: []script.Effect{}}
	for _, e := range run.Effects {
		then.Effects = append(then.Effects, script.Effect{Op: e.Op, Form: e.Form, ID: e.ID, Action: e.Action, Values: e.Values, To: e.To, Message: e.Message, Send: e.Send, Line: e.Line})
	}
	now := Replay{Changed: again.Changed, Refused: again.Refused, Value: again.Value, Effects: again.Effects}
	if run.Fault != nil {
		then.Fault = &ScriptFault{Code: run.Fault.Code, Line: run.Fault.Line}
	}
	if again.Fault != nil {
		now.Fault = &ScriptFault{Code: again.Fault.Code, Line: again.Fault.Line}
	}
	a, err := json.Marshal(then)
	if err != nil {
		return false, err
	}
	b, err := json.Marshal(now)
	return string(a) == string(b), err
}

// ScriptState is what administrators see of scripts: of this process, since it began.
type ScriptState struct {
	Runs    bool             `json:"runs"`   // whether scripts run here at all
	Walled  bool             `json:"walled"` // whether the system shuts them in
	Scripts []script.Figures `json:"scripts"`
}

// ScriptState tells how scripts are doing here. Faults: Forbidden "access.admin".
func (e *Engine) ScriptState(actor value.Actor) (*ScriptState, error) {
	if _, err := e.Apps.Desk(actor); err != nil {
		return nil, err
	}
	if e.config.Scripts == nil {
		return &ScriptState{Scripts: []script.Figures{}}, nil
	}
	return &ScriptState{Runs: e.config.Scripts.Runs(), Walled: e.config.Scripts.Walled(), Scripts: e.config.Scripts.Figures()}, nil
}
