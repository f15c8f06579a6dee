package engine

import (
	"context"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// recompute is the work that a publication, or a move in the organisation, leaves behind: what is made of records' values is made anew, form
// by form, where it may have become something else.
type recompute struct{ *Engine }

// recomputeArgs names the forms, each after those that it takes from.
type recomputeArgs struct {
	Version string          `json:"version"` // of the catalog that made it needed
	Forms   []value.FormKey `json:"forms"`
	// Org is the revision of the people whose moves made it needed; 0 after a publication.
	Org int64 `json:"org,omitempty"`
	// Calendar is the version of the working calendar that made it needed; 0: no change of it did.
	Calendar int64 `json:"calendar,omitempty"`
}

type recomputeCursor struct {
	Form  int      `json:"form"`
	After value.ID `json:"after"`
}

func (recompute) Name() string { return "recompute" }

func (w recompute) Step(ctx context.Context, run *job.Run) error {
	var args recomputeArgs
	var at recomputeCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	// The transaction that made this job made the catalog active; here it may not be known yet.
	if err := w.Apps.Refresh(ctx); err != nil {
		return err
	}
	if args.Calendar > 0 {
		if err := w.refreshCalendar(ctx); err != nil {
			return err
		}
	}
	if w.config.Org().Version() < args.Org {
		return fault.New(fault.Unavailable, "limit.busy").In("engine.recompute") // this process has not heard of the move yet
	}
	if at.Form >= len(args.Forms) {
		return w.config.Store.Tx(ctx, func(tx store.Tx) error { return w.advance(ctx, tx, run, args, job.Did{Ended: true}) })
	}
	total := run.Total
	if run.Cursor == nil {
		var err error
		if total, err = w.records(ctx, args.Forms); err != nil {
			return err
		}
	}
	form := args.Forms[at.Form]
	err := w.Records.Recompute(ctx, form, at.After, min(w.config.batch(), recomputedAtOnce), func(tx store.Tx, page record.Recomputed) error {
		next := recomputeCursor{Form: at.Form, After: page.Last}
		if page.End {
			next = recomputeCursor{Form: at.Form + 1}
		}
		did := job.Did{
			Cursor: next, Done: page.Seen, Total: total, Ended: next.Form == len(args.Forms),
			Counts: map[string]int64{"changed": page.Changed, "unchanged": page.Seen - page.Changed - int64(len(page.Failed))},
		}
		for _, f := range page.Failed {
			did.Refused = append(did.Refused, job.RefusalOf(string(form)+"/"+string(f.ID), f.Err))
		}
		if err := w.tellSudden(ctx, tx, form, page.Sudden, run.Now); err != nil {
			return err
		}
		return w.advance(ctx, tx, run, args, did)
	})
	if fault.KindOf(err) == fault.NotFound { // taken away by a later publication, which has left work of its own
		return run.Commit(ctx, job.Did{Cursor: recomputeCursor{Form: at.Form + 1}})
	}
	return err
}

// recomputedAtOnce leaves room, in a transaction of 1,000 documents, for telling each record's owner.
const recomputedAtOnce = 300

// advance is run.Advance, which at the end of what a move left behind says that the records have followed.
func (w recompute) advance(ctx context.Context, tx store.Tx, run *job.Run, args recomputeArgs, did job.Did) error {
	if err := run.Advance(ctx, tx, did); err != nil || !did.Ended || args.Org == 0 || w.config.Settled == nil {
		return err
	}
	return w.config.Settled(ctx, tx, args.Org)
}

// followMoves is how long after a move the records follow it: by then no request is under way that has seen
// the people as they were before. Until they have followed, access trusts no principal that the move changes.
const followMoves = 40 * time.Second

// Moved returns what queues the work that a move of units or people leaves behind, in its transaction.
func (e *Engine) Moved(revision int64) (func(ctx context.Context, tx store.Tx) error, error) {
	forms := []value.FormKey{}
	for _, form := range e.Catalog().InOrder() {
		forms = append(forms, form.Key)
	}
	j, err := e.Jobs.Draft(job.New{
		Kind: recompute{}.Name(), Actor: value.SystemActor("org"), Args: recomputeArgs{Version: e.Catalog().Version, Forms: forms, Org: revision},
		Due: e.config.Clock().Add(followMoves),
	})
	return func(ctx context.Context, tx store.Tx) error { return e.Jobs.Put(ctx, tx, j) }, err
}

// records counts what is to be looked at.
func (w recompute) records(ctx context.Context, forms []value.FormKey) (int64, error) {
	all := int64(0)
	for _, form := range forms {
		if _, known := w.Catalog().Forms[form]; !known {
			continue
		}
		for _, deleted := range []bool{false, true} {
			n, err := w.config.Store.Count(ctx, query.Count{Form: form, Deleted: deleted})
			if err != nil {
				return 0, err
			}
			all += n.Value
		}
	}
	return all, nil
}

// entails returns what queues the work that a publication leaves behind, in its transaction. The first
// publication of a tenant finds no records.
func (e *Engine) entails(before, after *catalog.Catalog) (func(ctx context.Context, tx store.Tx) error, error) {
	nothing := func(context.Context, store.Tx) error { return nil }
	forms := after.Outdated(before)
	if len(before.Forms) == 0 || len(forms) == 0 {
		return nothing, nil
	}
	j, err := e.Jobs.Draft(job.New{
		Kind: recompute{}.Name(), Actor: value.SystemActor("publish"), Args: recomputeArgs{Version: after.Version, Forms: forms},
	})
	return func(ctx context.Context, tx store.Tx) error { return e.Jobs.Put(ctx, tx, j) }, err
}
