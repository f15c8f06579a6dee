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
	scriptsRan = "scriptRan"
	// ranAnHour bounds the runs of one script that a process keeps in an hour: one that fails for everybody tells
	// nothing new with each.
	ranAnHour = 20
	// maxRanScripts bounds the scripts that are told apart for that.
	maxRanScripts = 500
)

// ranRun is a run at work with all that it saw.
type ranRun struct {
	keptRun
	Job value.ID     `json:"job,omitempty"`
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
	kept := ranRun{Job: ran.Job, Saw: ran.Saw, keptRun: keptRun{
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
	if len(body) > maxRunBytes || !ran.Recorded.Whole() {
		// What it came to is told, without what it saw.
		kept.keptRun.Script, kept.Call, kept.Answers, kept.IDs, kept.Saw = script.Script{}, script.Call{}, nil, nil, nil
		kept.Run.Tried = &record.Tried{Event: tried.Event, Effects: []record.TriedEffect{}, Refused: []script.Refusal{}, Report: script.Report{
			Log: []script.LogLine{}, Used: tried.Used, Limit: tried.Limit,
		}}
		if body, err = json.Marshal(kept); err != nil {
			return fault.Wrap(op, err)
		}
	}
	item := store.Item{Key: kept.Run.ID, Body: body, Expires: now.Add(runLife)}
	if err := e.config.Store.Save(ctx, scriptsRan, item, 0); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, e.dropOldest(ctx, scriptsRan))
}

// dropOldest lets go of what is beyond maxRuns.
func (e *Engine) dropOldest(ctx context.Context, collection string) error {
	all, err := e.config.Store.Scan(ctx, collection, "", "", maxRuns+1)
	if err != nil || len(all) <= maxRuns {
		return err
	}
	return e.config.Store.Drop(ctx, collection, all[0].Key)
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
		kept, err := readRan(item)
		if err != nil {
			return nil, err
		}
		if job != "" && kept.Job != job {
			continue
		}
		one := ScriptRan{
			ID: kept.Run.ID, Script: kept.Run.Script, Event: kept.Run.Event, Record: kept.Run.Record, Job: kept.Job, At: kept.Run.At, By: kept.Run.By,
			Used: kept.Run.Used, Limit: kept.Run.Limit,
		}
		if kept.Run.Fault != nil {
			one.Code, one.Line = kept.Run.Fault.Code, kept.Run.Fault.Line
		}
		out = append(out, one)
	}
	return out, nil
}

// keptAtWork is a run at work, for whose it was and for whoever sees all that it saw. Faults: NotFound
// "script.runUnknown", Forbidden "script.runUnseen".
func (e *Engine) keptAtWork(ctx context.Context, actor value.Actor, id string) (*keptRun, error) {
	item, err := e.config.Store.Load(ctx, scriptsRan, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "script.runUnknown")
	}
	if err != nil {
		return nil, err
	}
	kept, err := readRan(item)
	if err != nil {
		return nil, err
	}
	open := kept.Saw != nil && kept.Run.By == actor.Key()
	if kept.Saw != nil && !open {
		if open, err = e.Records.SeesAll(ctx, actor, kept.Saw); err != nil {
			return nil, err
		}
	}
	if !open {
		return nil, fault.New(fault.Forbidden, "script.runUnseen")
	}
	return &kept.keptRun, nil
}

func readRan(item store.Item) (*ranRun, error) {
	kept := &ranRun{}
	return kept, readItem(scriptsRan, item, kept)
}
