package engine

import (
	"context"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// scripting is the work of a job that runs a script: over the records of its form, slice by slice, or by turns. What a
// slice or a turn comes to and how far the job is are written in one transaction, so that one that was cut off is
// repeated as a whole.
//
// It runs as "system:schedule", which no role narrows: nobody has asked for it, whoever lets it run by hand gets what
// the night would have brought, and what it changes says so in its history. It is as published meanwhile: a new
// version of the script goes on where the one before stood.
type scripting struct{ *Engine }

type scriptingArgs struct {
	Schedule string        `json:"schedule"`
	Form     value.FormKey `json:"form"`
	Script   string        `json:"script"`
}

type scriptingCursor struct {
	After  value.ID `json:"after,omitempty"`  // over records
	Row    int      `json:"row,omitempty"`    // records in a row over which the script has broken
	Lost   int      `json:"lost,omitempty"`   // those in a row that it was kept from by what may pass
	Cursor string   `json:"cursor,omitempty"` // by turns
	Turns  int      `json:"turns,omitempty"`
}

const (
	// maxTurns bounds the turns of one job.
	maxTurns = 10_000
	// patience is how often a slice is tried again before what its first record meets is that record's fault. After
	// many such records in a row it is no record's: then the job is tried for as long as any, and fails by it.
	patience = 3
)

func (scripting) Name() string { return "script" }

// Step does the next slice, or turn.
func (w scripting) Step(ctx context.Context, run *job.Run) error {
	var args scriptingArgs
	var at scriptingCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	if err := w.Apps.Refresh(ctx); err != nil {
		return err
	}
	s, known := w.Catalog().Schedule(args.Schedule)
	if !known || s.Script == nil || s.Form != args.Form || s.Script.Def.Key != args.Script {
		gone := fault.New(fault.NotFound, "schedule.unknown").With("schedule", args.Schedule)
		return run.Commit(ctx, job.Did{Ended: true, Refused: []job.Refusal{job.RefusalOf(args.Schedule, gone)}})
	}
	if s.Script.Batch() {
		return w.slice(ctx, run, s, at)
	}
	return w.turn(ctx, run, s, at)
}

func (w scripting) slice(ctx context.Context, run *job.Run, s *catalog.Schedule, at scriptingCursor) error {
	if at.Row >= record.MaxRow {
		return fault.New(fault.Invalid, "script.givenUp").In("engine.script").With("script", s.Script.Run.Name).With("count", at.Row)
	}
	slice := record.BatchSlice{
		Form: s.Form, Script: s.Script.Def.Key, After: at.After, At: run.StartedAt, Limit: min(w.config.batch(), bulkAtOnce), Row: at.Row, Lost: at.Lost,
		Patient: run.Tries < patience || at.Lost >= record.MaxRow, Counts: run.Cursor == nil, Job: run.ID, Occasion: w.occasion(s, run.StartedAt),
	}
	return w.Records.RunBatch(ctx, run.Actor, slice, func(tx store.Tx, came record.Batched) error {
		did := job.Did{
			Cursor: scriptingCursor{After: came.Last, Row: came.Row, Lost: came.Lost}, Total: came.Total, Done: came.Seen, Ended: came.End && came.Row < record.MaxRow,
			Counts: map[string]int64{
				"changed": came.Changed, "skipped": int64(len(came.Skipped)), "failed": int64(len(came.Failed)),
				"unchanged": came.Seen - came.Changed - int64(len(came.Skipped)+len(came.Failed)),
			},
		}
		for op, n := range came.Did {
			did.Counts[didCount[op]] += n
		}
		for _, one := range append(came.Skipped[:len(came.Skipped):len(came.Skipped)], came.Failed...) {
			did.Refused = append(did.Refused, job.RefusalOf(string(one.ID), one.Err))
		}
		return run.Advance(ctx, tx, did)
	})
}

// occasion is the day of a run, where the schedule is not to run several times on one: whoever lets it run by hand as
// well, or twice, bothers nobody with what they have heard.
func (w scripting) occasion(s *catalog.Schedule, at time.Time) string {
	if s.Cron != nil {
		if perDay, _ := s.Cron.Often(); perDay {
			return ""
		}
	}
	return at.In(w.config.Zone).Format(time.DateOnly)
}

// didCount is what effects are counted by.
var didCount = map[string]string{
	"create": "created", "update": "updated", "delete": "deleted", "act": "acted", "notify": "told", "send": "sent",
}

func (w scripting) turn(ctx context.Context, run *job.Run, s *catalog.Schedule, at scriptingCursor) error {
	if at.Turns >= maxTurns {
		return fault.New(fault.Invalid, "script.turns").In("engine.script").With("script", s.Script.Run.Name).With("max", maxTurns)
	}
	turn := record.Turn{
		Form: s.Form, Script: s.Script.Def.Key, At: run.StartedAt, Cursor: at.Cursor, Patient: run.Tries < patience,
		Job: run.ID, Occasion: w.occasion(s, run.StartedAt),
	}
	return w.Records.RunTurn(ctx, run.Actor, turn, func(tx store.Tx, came record.Turned) error {
		did := job.Did{
			Cursor: scriptingCursor{Cursor: came.Cursor, Turns: at.Turns + 1}, Done: 1, Ended: came.Cursor == "", Counts: map[string]int64{},
		}
		for op, n := range came.Did {
			did.Counts[didCount[op]] += n
		}
		return run.Advance(ctx, tx, did)
	})
}

// running tells whether a job that runs the script of a schedule is still on its way. No second one begins meanwhile,
// by whichever schedule, taken away and published anew or not: over each record it would run twice.
func (e *Engine) running(ctx context.Context, from store.Side, s *catalog.Schedule) (bool, error) {
	if s.Script == nil {
		return false, nil
	}
	item, err := from.Load(ctx, scripted, s.Script.Run.Name)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var last value.ID
	if err := readItem(scripted, item, &last); err != nil {
		return false, err
	}
	return e.Jobs.Going(ctx, from, last)
}

// outward asks other hosts for scripts. Whoever waits for one lets the jobs of others have the turn meanwhile.
type outward struct{ record.Outward }

func (o outward) Do(ctx context.Context, out script.Outgoing) (*script.Incoming, error) {
	job.Aside(ctx)
	return o.Outward.Do(ctx, out)
}
