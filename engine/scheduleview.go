package engine

import (
	"context"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Schedule is a schedule as an administrator sees it.
type Schedule struct {
	Key       string
	Label     meta.Label
	Kind      string // of the work: "distribute" or "script"
	Form      value.FormKey
	Pool      string // of a distribution
	Part      string // the distribution
	Script    string // of a job: its script's key
	Cron      string // "": it is due only when somebody says so
	OnHoliday string
	Paused    bool
	Next      time.Time // zero: nothing is to come
	Runs      []ScheduleRun
}

// ScheduleRun is what a schedule has begun.
type ScheduleRun struct {
	Job  value.ID
	Due  time.Time
	At   time.Time
	By   value.ID // who let it run by hand; "": the time had come
	Told *job.Job // how it stands; nil where it is not kept any more
}

// ScheduleList lists all schedules. Faults: Forbidden "access.admin".
func (e *Engine) ScheduleList(ctx context.Context, actor value.Actor) ([]Schedule, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	if err := e.Schedules(ctx); err != nil {
		return nil, err
	}
	all := e.Catalog().Schedules
	out := make([]Schedule, len(all))
	for n, s := range all {
		state, err := e.loadSchedule(ctx, e.config.Store, s.Key)
		if err != nil {
			return nil, fault.Wrap("engine.scheduleList", err)
		}
		out[n] = Schedule{Key: s.Key, Label: s.Label, Form: s.Form, Cron: s.Text, OnHoliday: s.OnHoliday, Paused: state.Paused, Next: state.Next}
		if s.Script != nil {
			out[n].Kind, out[n].Script = scripting{}.Name(), s.Script.Def.Key
		} else {
			out[n].Kind, out[n].Pool, out[n].Part = dealing{}.Name(), s.Pool.Def.Key, s.Distribution
		}
		for _, run := range state.Runs {
			told, err := e.Jobs.Get(ctx, actor, run.Job)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return nil, fault.Wrap("engine.scheduleList", err)
			}
			out[n].Runs = append(out[n].Runs, ScheduleRun{Job: run.Job, Due: run.Due, At: run.At, By: run.By, Told: told})
		}
	}
	return out, nil
}

// TellSchedule pauses a schedule, resumes it from now on, or lets its work run now; do is "pause", "resume" or "run".
// It answers with the job of "run". Faults: Forbidden "access.admin", NotFound "schedule.unknown", Malformed
// "schedule.do", Conflict "schedule.running" where the script of one runs already.
func (e *Engine) TellSchedule(ctx context.Context, actor value.Actor, key, do string) (*job.Job, error) {
	const op = "engine.tellSchedule"
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	s, known := e.Catalog().Schedule(key)
	if !known {
		return nil, fault.New(fault.NotFound, "schedule.unknown").In(op).With("schedule", key)
	}
	if do != "pause" && do != "resume" && do != "run" {
		return nil, fault.New(fault.Malformed, "schedule.do").In(op).At("/do")
	}
	now := e.config.Clock().UTC().Truncate(time.Millisecond)
	draft, err := e.Jobs.Draft(e.workOf(s, now))
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	noteID := e.config.NewID()
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		note := audit.Entry{At: now, Actor: actor.Key(), Op: audit.ScheduleTold, Target: key, Note: do}
		if err := audit.Write(ctx, tx, noteID, note); err != nil {
			return err
		}
		return e.changeIn(ctx, tx, key, func(tx store.Tx, state *scheduleState) (bool, error) {
			switch do {
			case "pause":
				state.Paused, state.Next = true, time.Time{}
			case "resume":
				if state.Paused || state.Next.IsZero() {
					state.Paused, state.Next = false, e.next(s, now)
				}
				state.Mark = e.markOf(s)
			case "run":
				if running, err := e.running(ctx, tx, s); err != nil {
					return false, err
				} else if running {
					return false, fault.New(fault.Conflict, "schedule.running").With("schedule", s.Label)
				}
				state.ran(scheduleRun{Job: draft.ID, Due: now, At: now, By: actor.Key()})
				return true, e.put(ctx, tx, s, draft)
			}
			return true, nil
		})
	})
	if err != nil || do != "run" {
		return nil, fault.Wrap(op, err)
	}
	e.Jobs.Wake()
	return &draft, nil
}
