package engine

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Runs of scripts at work are kept where somebody may want to know: those that have failed, and of jobs those that
// have logged something. They are looked into and replayed like runs that were tried, by whoever would see all that
// they saw.

const (
	scriptsRan    = "scriptRan"    // id → ScriptRan, what every administrator hears
	scriptsRanSaw = "scriptRanSaw" // id → ranRun, what it saw: read for one run at a time
	// ranAnHour bounds the runs of one script that a process keeps in an hour: one that fails for everybody tells
	// nothing new with each.
	ranAnHour = 20
	// maxRanScripts bounds the scripts that are told apart for that.
	maxRanScripts = 500
)

// ranRun is a run at work with all that it saw.
type ranRun struct {
	keptRun
	Saw []record.Saw `json:"saw"` // all of it; nil: nobody may look into it
}

// ranLately is how often scripts were kept lately. It is safe for concurrent use.
type ranLately struct {
	mu   sync.Mutex
	hour time.Time
	kept map[string]int
}

// more tells whether one more run of a script is kept in this hour.
func (r *ranLately) more(name string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if hour := now.Truncate(time.Hour); !hour.Equal(r.hour) || len(r.kept) >= maxRanScripts {
		r.hour, r.kept = hour, map[string]int{}
	}
	r.kept[name]++
	return r.kept[name] <= ranAnHour
}

// keepRan keeps a run of a script at work, and lets the oldest go.
func (e *Engine) keepRan(ctx context.Context, ran record.Ran) error {
	const op = "engine.keepRan"
	now := e.config.Clock().UTC()
	if !e.ran.more(ran.Script.Run.Name, now) {
		return nil
	}
	tried := &record.Tried{Event: ran.Call.Event, Effects: []record.TriedEffect{}, Refused: []script.Refusal{}, Report: ran.Result.Report}
	kept := ranRun{Saw: ran.Saw, keptRun: keptRun{
		Run: ScriptRun{
			ID: string(e.config.NewID()), Script: ran.Script.Run.Name, Record: ran.Record, At: now, By: ran.Actor.Key(),
			Fault: scriptFaultOf(ran.Fault), Tried: tried,
		},
		Script: ran.Script.Run, Call: ran.Call, Answers: ran.Recorded.Answers, IDs: ran.Recorded.IDs,
	}}
	if ran.Fault == nil {
		tried.Effects, tried.Refused, tried.Value = record.TriedEffects(ran.Result.Effects), ran.Result.Refused, script.Wire(ran.Result.Value)
		if len(ran.Result.Changed) > 0 {
			tried.Changed = script.WireMap(ran.Result.Changed)
		}
	}
	body, err := json.Marshal(kept)
	if err != nil {
		return fault.Wrap(op, err)
	}
	told, err := json.Marshal(ranOf(kept.Run, ran.Job))
	if err != nil {
		return fault.Wrap(op, err)
	}
	expires := now.Add(runLife)
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		// Of one that is too large it is told what it came to, without what it saw.
		if len(body) <= maxRunBytes && ran.Recorded.Whole() {
			if err := tx.Save(ctx, scriptsRanSaw, store.Item{Key: kept.Run.ID, Body: body, Expires: expires}, 0); err != nil {
				return err
			}
		}
		return tx.Save(ctx, scriptsRan, store.Item{Key: kept.Run.ID, Body: told, Expires: expires}, 0)
	})
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, e.dropOldest(ctx, scriptsRan, scriptsRanSaw))
}

// dropOldest lets go of what a collection has beyond maxRuns, and of what others keep by its key.
func (e *Engine) dropOldest(ctx context.Context, collection string, others ...string) error {
	all, err := e.config.Store.Scan(ctx, collection, "", "", maxRuns+1)
	if err != nil || len(all) <= maxRuns {
		return err
	}
	for _, one := range append(others, collection) {
		if err := e.config.Store.Drop(ctx, one, all[0].Key); err != nil {
			return err
		}
	}
	return nil
}

// ScriptRan is a run at work as every administrator hears of it: nothing of what it saw.
type ScriptRan struct {
	ID     string      `json:"id"`
	Script string      `json:"script"`
	Event  string      `json:"event"`
	Record value.ID    `json:"record,omitempty"`
	Job    value.ID    `json:"job,omitempty"`
	At     time.Time   `json:"at"`
	By     value.ID    `json:"by"`
	Code   string      `json:"code,omitempty"` // why it failed
	Line   int         `json:"line,omitempty"`
	Used   script.Used `json:"used"`
	Limit  script.Used `json:"limit"`
}

// ScriptsRan lists the runs at work that are kept, of a job unless that is "", the newest first. Faults: Forbidden
// "access.admin".
func (e *Engine) ScriptsRan(ctx context.Context, actor value.Actor, job value.ID) ([]ScriptRan, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	items, err := e.config.Store.Scan(ctx, scriptsRan, "", "", maxRuns)
	if err != nil {
		return nil, fault.Wrap("engine.scriptsRan", err)
	}
	out := []ScriptRan{}
	for _, item := range slices.Backward(items) {
		var one ScriptRan
		if err := readItem(scriptsRan, item, &one); err != nil {
			return nil, err
		}
		if job == "" || one.Job == job {
			out = append(out, one)
		}
	}
	return out, nil
}

// ranOf is what is told of a run.
func ranOf(run ScriptRun, job value.ID) ScriptRan {
	out := ScriptRan{
		ID: run.ID, Script: run.Script, Event: run.Event, Record: run.Record, Job: job, At: run.At, By: run.By, Used: run.Used, Limit: run.Limit,
	}
	if run.Fault != nil {
		out.Code, out.Line = run.Fault.Code, run.Fault.Line
	}
	return out
}

// keptAtWork is a run at work, for whose it was and for whoever sees all that it saw. Faults: NotFound
// "script.runUnknown", Forbidden "script.runUnseen".
func (e *Engine) keptAtWork(ctx context.Context, actor value.Actor, id string) (*keptRun, error) {
	unseen := fault.New(fault.Forbidden, "script.runUnseen")
	item, err := e.config.Store.Load(ctx, scriptsRanSaw, id)
	if fault.KindOf(err) == fault.NotFound {
		if _, err = e.config.Store.Load(ctx, scriptsRan, id); err == nil {
			return nil, unseen
		}
		if fault.KindOf(err) == fault.NotFound {
			return nil, fault.New(fault.NotFound, "script.runUnknown")
		}
	}
	if err != nil {
		return nil, err
	}
	kept := &ranRun{}
	if err := readItem(scriptsRanSaw, item, kept); err != nil {
		return nil, err
	}
	open := kept.Saw != nil && kept.Run.By == actor.Key()
	if kept.Saw != nil && !open {
		if open, err = e.Records.SeesAll(ctx, actor, kept.Saw); err != nil {
			return nil, err
		}
	}
	if !open {
		return nil, unseen
	}
	return &kept.keptRun, nil
}
