package engine

import (
	"context"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// merging moves, after two records have become one, what points to the one that went: batch by batch, form by
// form. Nothing new can point to it any more, so there is an end.
type merging struct{ *Engine }

type mergeArgs struct {
	Form value.FormKey `json:"form"`
	Keep value.ID      `json:"keep"`
	Drop value.ID      `json:"drop"`
}

type mergeCursor struct {
	Form  value.FormKey `json:"form"`  // whose records are being moved
	After value.ID      `json:"after"` // of these; those before are moved, or were refused
	Ended bool          `json:"ended"` // none of the form is left
}

func (merging) Name() string { return "merge" }

// Finishes says that the rest is moved even when who merged has left: the one record is gone already.
func (merging) Finishes() {}

// Merge makes one record out of two, see record.Merging: at once for the two, by the job that it returns for what
// points to the one that goes. The job can be taken back, see Undo, for as long as it is kept. With a once the same
// request finds the same job. Faults: those of record.Merge, Invalid "idempotency.otherBody".
func (e *Engine) Merge(ctx context.Context, actor value.Actor, form value.FormKey, of record.Merging, once *job.Once) (*job.Job, error) {
	const op = "engine.merge"
	before, err := e.Jobs.Before(ctx, actor, once)
	if before != nil || err != nil {
		return before, fault.Wrap(op, err)
	}
	n := job.New{Kind: merging{}.Name(), Actor: actor, Args: mergeArgs{Form: form, Keep: of.Keep, Drop: of.Drop}, Once: once}
	j, err := e.Jobs.Draft(n)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	j.Undo = true
	// What undoing begins with, in this order: what keep took over must be free before drop comes back.
	did := func(keep, drop int64) []RowOutcome {
		return []RowOutcome{{Op: rowChanged, ID: of.Keep, Version: keep}, {Op: rowDeleted, ID: of.Drop, Version: drop}}
	}
	err = e.Records.Merge(ctx, actor, form, of, func(tx store.Tx, keep, drop int64) error {
		if err := keepForm(ctx, tx, j, form); err != nil {
			return err
		}
		if err := keepOutcomes(ctx, tx, j, 0, did(keep, drop)); err != nil {
			return err
		}
		return e.Jobs.Ask(ctx, tx, n, j)
	})
	if err != nil && once != nil {
		// The same request may have come twice at once.
		if before, lost := e.Jobs.Before(ctx, actor, once); before != nil || lost != nil {
			return before, fault.Wrap(op, lost)
		}
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	e.Jobs.Wake()
	return &j, nil
}

// Step moves the next records.
func (w merging) Step(ctx context.Context, run *job.Run) error {
	var args mergeArgs
	var at mergeCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	form, ok := w.nextForm(args.Form, at)
	if !ok {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	if form != at.Form {
		at = mergeCursor{Form: form}
	}
	q := query.List{Form: form, Filter: record.PointingTo(w.Catalog(), form, args.Form, args.Drop), Limit: min(w.config.batch(), bulkAtOnce)}
	if at.After != "" {
		q.After = query.Key{string(at.After)}
	}
	page, err := w.config.Store.List(ctx, q)
	if err != nil {
		return err
	}
	next := mergeCursor{Form: form, Ended: page.Next == nil}
	changes := make([]record.Change, len(page.Records))
	for n, r := range page.Records {
		next.After = r.ID
		changes[n] = record.Change{Op: record.OpRepoint, ID: r.ID, Repoint: &record.Repoint{Form: args.Form, From: args.Drop, To: args.Keep}}
	}
	if len(changes) == 0 {
		return run.Commit(ctx, job.Did{Cursor: next})
	}
	return w.Records.Many(ctx, run.Actor, form, changes, func(tx store.Tx, dealt int, did []record.Outcome) error {
		here := next
		if dealt < len(changes) {
			here = mergeCursor{Form: form, After: changes[dealt-1].ID}
		}
		return w.keep(ctx, tx, run, here, dealt-len(did), did)
	})
}

// nextForm is the form to go on with; false after the last.
func (w merging) nextForm(merged value.FormKey, at mergeCursor) (value.FormKey, bool) {
	for _, form := range record.Pointing(w.Catalog(), merged) {
		if form > at.Form || form == at.Form && !at.Ended {
			return form, true
		}
	}
	return "", false
}

// keep writes what was done to the records of a batch, from the place of its first on, which undoing it needs.
func (merging) keep(ctx context.Context, tx store.Tx, run *job.Run, at mergeCursor, place int, did []record.Outcome) error {
	here := job.Did{Cursor: at, Done: int64(len(did)), Counts: map[string]int64{}}
	var moved []RowOutcome
	for _, one := range did {
		switch {
		case one.Err != nil:
			here.Counts[rowRefused]++
			here.Refused = append(here.Refused, job.RefusalOf(string(one.ID), one.Err))
		case one.Changed:
			here.Counts[rowMoved]++
			moved = append(moved, RowOutcome{Op: rowMoved, ID: one.ID, Version: one.Version, Form: at.Form})
		}
	}
	if len(moved) > 0 {
		// Batches are told apart by how much was done before them; 0 is that of the two themselves.
		moved[0].Row = 1 + int(run.Done) + place
	}
	if err := keepOutcomes(ctx, tx, run.Job, 0, moved); err != nil {
		return err
	}
	return run.Advance(ctx, tx, here)
}
