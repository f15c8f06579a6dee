package engine

import (
	"cmp"
	"context"
	"fmt"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// undoing takes back what an import did, a merge or a change of many: records that were made go to the recycle bin, those
// deleted come out of it, those changed get the values of before, each only if nobody touched it since. The rest is told.
type undoing struct{ *Engine }

type undoArgs struct {
	Import value.ID      `json:"import"`
	Form   value.FormKey `json:"form"`
}

type undoCursor struct {
	After string `json:"after,omitempty"` // of the batches of the import's outcomes
	Done  int    `json:"done,omitempty"`  // of the next one
}

func (undoing) Name() string { return "undo" }

// Undo takes an import, a merge or a change of many back, by a job with the rights that the asker has at each batch. It may
// be asked for once; again it answers the same job for a day. Faults: NotFound "job.notFound" for all but one's own;
// Conflict "import.running" while it is at work; Invalid "import.notUndone" where nothing can be taken back, see Undoable.
func (e *Engine) Undo(ctx context.Context, actor value.Actor, id value.ID) (*job.Job, error) {
	const op = "engine.undo"
	j, err := e.Jobs.Get(ctx, actor, id)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	switch {
	case j.Asker != actor.Key():
		return nil, fault.New(fault.NotFound, "job.notFound").In(op).With("id", string(id))
	case !j.State.Ended():
		return nil, fault.New(fault.Conflict, "import.running").In(op)
	}
	once := &job.Once{Key: "undo " + string(id)}
	if before, err := e.Jobs.Before(ctx, actor, once); before != nil || err != nil {
		return before, fault.Wrap(op, err)
	}
	if !Undoable(j) {
		return nil, fault.New(fault.Invalid, "import.notUndone").In(op)
	}
	made, err := e.importMade(ctx, id)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	n := job.New{
		Kind: undoing{}.Name(), Actor: actor, Args: undoArgs{Import: id, Form: made.Form},
		Total: j.Counts[rowMade] + j.Counts[rowChanged] + j.Counts[rowMoved], Once: once,
	}
	undo, err := e.Jobs.Draft(n)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	err = e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := e.Jobs.TakeBack(ctx, tx, id); err != nil {
			return err
		}
		return e.Jobs.Ask(ctx, tx, n, undo)
	})
	if err != nil {
		// It may have been asked for twice at once.
		if before, lost := e.Jobs.Before(ctx, actor, once); before != nil || lost != nil {
			return before, fault.Wrap(op, lost)
		}
		return nil, fault.Wrap(op, err)
	}
	e.Jobs.Wake()
	return &undo, nil
}

// Undoable tells whether Undo can take back what a job did: it has ended, changed something, and was not taken back.
func Undoable(j *job.Job) bool { return j.Undo && j.State.Ended() }

// Step takes back what one batch did.
func (w undoing) Step(ctx context.Context, run *job.Run) error {
	var args undoArgs
	var at undoCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	items, err := w.config.Store.Scan(ctx, importDid, string(args.Import)+"/", at.After, 1)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	outcomes, err := readOutcomes(items[0])
	if err != nil {
		return err
	}
	var changes []record.Change
	var rows []int
	for _, one := range outcomes {
		switch one.Op {
		case rowMade:
			changes = append(changes, record.Change{Op: record.OpDelete, ID: one.ID, Version: one.Version})
		case rowDeleted:
			changes = append(changes, record.Change{Op: record.OpRestore, ID: one.ID, Version: one.Version})
		case rowChanged:
			changes = append(changes, record.Change{Op: record.OpRevert, ID: one.ID, Version: one.Version})
		case rowMoved:
			changes = append(changes, record.Change{Op: record.OpRepoint, ID: one.ID, Version: one.Version, Repoint: &record.Repoint{Back: true}})
		default:
			continue
		}
		rows = append(rows, one.Row)
	}
	changes, rows = changes[min(at.Done, len(changes)):], rows[min(at.Done, len(rows)):]
	next := undoCursor{After: items[0].Key}
	if len(changes) == 0 {
		return run.Commit(ctx, job.Did{Cursor: next})
	}
	form := cmp.Or(outcomes[0].Form, args.Form) // those of one batch are of one form
	return w.Records.Many(ctx, run.Actor, form, changes, func(tx store.Tx, dealt int, did []record.Outcome) error {
		here := job.Did{Cursor: next, Done: int64(len(did)), Counts: map[string]int64{}}
		if dealt < len(changes) {
			here.Cursor = undoCursor{After: at.After, Done: at.Done + dealt}
		}
		told := make([]RowOutcome, len(did))
		for n, one := range did {
			told[n] = RowOutcome{Row: rows[dealt-len(did)+n], Op: rowUndone, ID: one.ID, Form: outcomes[0].Form}
			if one.Err != nil {
				refusal := job.RefusalOf(string(one.ID), one.Err)
				here.Refused = append(here.Refused, refusal)
				told[n].Op, told[n].Flaws = rowKept, []intake.Flaw{{Column: -1, Issue: fault.Issue{Code: refusal.Code, Args: refusal.Args}}}
			}
			here.Counts[told[n].Op]++
		}
		if err := keepOutcomes(ctx, tx, run.Job, 0, told); err != nil {
			return err
		}
		return run.Advance(ctx, tx, here)
	})
}

// What becomes of the rows of an import that is taken back.
const (
	rowUndone = "undone"
	rowKept   = "kept" // somebody has touched the record since, or may not be changed any more
)

// importMade is what is kept of an import that wrote something.
type importMade struct {
	Form value.FormKey `json:"form"`
}

const importForm = "importForm"

func (e *Engine) importMade(ctx context.Context, id value.ID) (made importMade, err error) {
	item, err := e.config.Store.Load(ctx, importForm, string(id))
	if err != nil {
		return made, err
	}
	if err := readItem(importForm, item, &made); err != nil {
		return made, err
	}
	return made, nil
}

// keepMade writes, as an import begins, what undoing it needs.
func keepMade(ctx context.Context, tx store.Tx, run *job.Run, req ImportRequest) error {
	if req.DryRun {
		return nil
	}
	return keepForm(ctx, tx, run.Job, req.Plan.Form)
}

// keepForm writes which form's records a job changes.
func keepForm(ctx context.Context, tx store.Tx, of job.Job, form value.FormKey) error {
	body := fmt.Appendf(nil, `{"form":%q}`, form)
	item := store.Item{Key: string(of.ID), Body: body, Expires: of.CreatedAt.Add(2 * importKept)}
	return tx.Save(ctx, importForm, item, store.AnyRevision)
}
