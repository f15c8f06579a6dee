package engine

import (
	"context"

	"tidewater/engine/job"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// mirroring is the work of bringing mirrors up to date where more records show one than may be waited for.
type mirroring struct{ *Engine }

// mirroringCursor is where it stands: which records have to be looked at yet, and what has still to follow from the last
// that were.
type mirroringCursor struct {
	After   query.Key        `json:"after"`
	Ended   bool             `json:"ended,omitempty"`
	Moved   []value.ID       `json:"moved,omitempty"`
	Changed []value.FieldKey `json:"changed,omitempty"`
}

func (mirroring) Name() string { return "mirror" }

// leaveMirrors queues what is left of such work, in the transaction that has done the rest.
func (e *Engine) leaveMirrors(ctx context.Context, tx store.Tx, left record.Mirrors) error {
	j, err := e.Jobs.Draft(job.New{Kind: mirroring{}.Name(), Actor: value.SystemActor("follow"), Args: left})
	if err != nil {
		return err
	}
	return e.Jobs.Put(ctx, tx, j)
}

// Step does a page, and before it what follows from the page before: that a kill between the two loses nothing.
func (w mirroring) Step(ctx context.Context, run *job.Run) error {
	var left record.Mirrors
	var at mirroringCursor
	if err := run.From(&left, &at); err != nil {
		return err
	}
	if len(at.Moved) > 0 {
		if err := w.Records.Spread(ctx, left.Form, at.Moved, at.Changed); err != nil {
			return err
		}
	}
	if at.Ended {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	total := run.Total
	if run.Cursor == nil {
		var err error
		if total, err = w.Records.CountMirrors(ctx, left); err != nil {
			return err
		}
	} else {
		left.After, left.Seen = at.After, 0
	}
	return w.Records.Mirror(ctx, left, func(tx store.Tx, done record.Mirrored) error {
		next := mirroringCursor{After: done.After, Ended: done.After == nil, Moved: done.Moved, Changed: done.Changed}
		return run.Advance(ctx, tx, job.Did{
			Cursor: next, Done: left.Seen + done.Seen, Total: total, Ended: next.Ended && len(next.Moved) == 0,
		})
	})
}
