package engine

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// BulkRequest asks for one change to many records: to those named, or to those that a filter finds.
type BulkRequest struct {
	Form   value.FormKey  `json:"form"`
	Action string         `json:"action"` // update, delete, restore, or an action of the form
	IDs    []value.ID     `json:"ids,omitempty"`
	View   string         `json:"view,omitempty"` // with Filter and without IDs, as lists have it
	Filter any            `json:"filter,omitempty"`
	Values map[string]any `json:"values,omitempty"` // of update
	Args   map[string]any `json:"args,omitempty"`   // of an action of the form
	Reason string         `json:"reason,omitempty"`
}

const (
	// bulkAtOnce is how many records are changed while the asker waits.
	bulkAtOnce = 100
	maxBulk    = 10_000
)

var bulkOps = map[string]record.Op{"update": record.OpUpdate, "delete": record.OpDelete, "restore": record.OpRestore}

// Bulk changes many records with the asker's rights over each: few at once, with an outcome for each in the
// order of the ids; more, or those of a filter, by a job, with the rights that the asker has at each batch. A
// request with a once goes by a job too, so that sent again it finds that one. Faults: NotFound
// "action.unknown" and those of lists; a record that may not be changed is its own outcome.
func (e *Engine) Bulk(ctx context.Context, actor value.Actor, req BulkRequest, once *job.Once) ([]record.Outcome, *job.Job, error) {
	const op = "engine.bulk"
	if err := e.checkBulk(ctx, actor, req); err != nil {
		return nil, nil, fault.Wrap(op, err)
	}
	req.IDs = distinct(req.IDs)
	if n := len(req.IDs); n == 0 || n > bulkAtOnce || once != nil {
		j, err := e.Jobs.Add(ctx, job.New{Kind: bulk{}.Name(), Actor: actor, Args: req, Total: int64(n), Once: once})
		return nil, &j, fault.Wrap(op, err)
	}
	outcomes := make([]record.Outcome, len(req.IDs))
	err := e.Records.Many(ctx, actor, req.Form, req.changes(req.IDs), func(_ store.Tx, dealt int, did []record.Outcome) error {
		copy(outcomes[dealt-len(did):dealt], did)
		return nil
	})
	return outcomes, nil, fault.Wrap(op, err)
}

// checkBulk refuses what no record could be changed by.
func (e *Engine) checkBulk(ctx context.Context, actor value.Actor, req BulkRequest) error {
	if _, known := bulkOps[req.Action]; !known {
		has, err := e.Records.HasAction(actor, req.Form, req.Action)
		if err != nil {
			return err
		}
		if !has {
			return fault.New(fault.NotFound, "action.unknown").With("action", req.Action)
		}
	} else if len(req.Args) > 0 {
		return unknownArgs(req.Args)
	}
	if len(req.IDs) > maxBulk {
		return fault.New(fault.TooLarge, "limit.batch").At("/ids").With("max", maxBulk)
	}
	if len(req.IDs) > 0 && (req.Filter != nil || req.View != "") {
		return fault.New(fault.Malformed, "bulk.idsOrFilter").At("/ids")
	}
	_, _, err := e.Records.Select(ctx, actor, req.selection(), "", 1)
	return err
}

// unknownArgs says that nobody knows these.
func unknownArgs(args map[string]any) error {
	var issues fault.Issues
	for _, key := range slices.Sorted(maps.Keys(args)) {
		issues.Add("/args/"+fault.Escape(key), "json.unknownKey", "key", key)
	}
	return &fault.Error{Kind: fault.Malformed, Code: issues[0].Code, Args: issues[0].Args, Issues: issues}
}

// distinct leaves out what was named before.
func distinct(ids []value.ID) []value.ID {
	seen := make(map[value.ID]bool, len(ids))
	var out []value.ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (r BulkRequest) selection() record.Selection {
	return record.Selection{Form: r.Form, View: r.View, Filter: r.Filter, Deleted: r.Action == "restore"}
}

func (r BulkRequest) changes(ids []value.ID) []record.Change {
	out := make([]record.Change, len(ids))
	for n, id := range ids {
		if op, known := bulkOps[r.Action]; known {
			out[n] = record.Change{Op: op, ID: id, Values: r.Values, Reason: r.Reason}
			continue
		}
		out[n] = record.Change{Op: record.OpAct, Action: r.Action, ID: id, Values: r.Args, Reason: r.Reason}
	}
	return out
}

// bulk is the work of a BulkRequest.
type bulk struct{ *Engine }

type bulkCursor struct {
	At    int      `json:"at,omitempty"`    // of the ids
	After value.ID `json:"after,omitempty"` // of those that the filter finds
}

func (bulk) Name() string { return "bulk" }

// Step changes the next records. Whoever lost the form meanwhile ends the job; whoever lost a record has it
// refused.
func (w bulk) Step(ctx context.Context, run *job.Run) error {
	var req BulkRequest
	var at bulkCursor
	if err := run.From(&req, &at); err != nil {
		return err
	}
	ids, next, total, ended, err := w.next(ctx, run, req, at)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return run.Commit(ctx, job.Did{Cursor: next, Total: total, Ended: ended})
	}
	return w.Records.Many(ctx, run.Actor, req.Form, req.changes(ids), func(tx store.Tx, dealt int, did []record.Outcome) error {
		kept, err := req.keep(ctx, tx, run, dealt-len(did), did)
		if err != nil {
			return err
		}
		here := job.Did{Cursor: next, Done: int64(len(did)), Total: total, Ended: ended, Undo: kept, Counts: map[string]int64{}}
		if dealt < len(ids) {
			here.Cursor, here.Ended = bulkCursor{At: at.At + dealt, After: ids[dealt-1]}, false
		}
		countOutcomes(&here, did, "changed", "unchanged")
		return run.Advance(ctx, tx, here)
	})
}

// countOutcomes adds what was done to records to what a batch tells, by the words for those that changed and those that
// were left as they are.
func countOutcomes(here *job.Did, did []record.Outcome, changed, unchanged string) {
	for _, one := range did {
		switch {
		case one.Err != nil:
			here.Counts["refused"]++
			here.Refused = append(here.Refused, job.RefusalOf(string(one.ID), one.Err))
		case one.Changed:
			here.Counts[changed]++
			if one.Warning != nil {
				here.Counts["warned"]++ // they are among the changed
			}
		default:
			here.Counts[unchanged]++
		}
	}
}

// next are the records of the next batch, and where the one after it begins. The total is 0 where it is said.
func (w bulk) next(ctx context.Context, run *job.Run, req BulkRequest, at bulkCursor) (ids []value.ID, next bulkCursor, total int64, ended bool, err error) {
	limit := min(w.config.batch(), bulkAtOnce)
	if len(req.IDs) > 0 {
		next.At = min(at.At+limit, len(req.IDs))
		return req.IDs[at.At:next.At], next, 0, next.At == len(req.IDs), nil
	}
	if run.Cursor == nil {
		counted, err := w.Records.List(ctx, run.Actor, record.ListRequest{
			Form: req.Form, View: req.View, Filter: req.Filter, Deleted: req.Action == "restore", Limit: 1, Count: "exact",
		})
		if err != nil {
			return nil, next, 0, false, err
		}
		total = counted.Count.Value
	}
	ids, next.After, err = w.Records.Select(ctx, run.Actor, req.selection(), at.After, limit)
	return ids, next, total, next.After == "", err
}

// undoableBulk says which changes of many can be taken back, and what is then kept of them.
var undoableBulk = map[string]string{"update": rowChanged, "delete": rowDeleted}

// keep writes what was done to the records of a batch, from the place of its first on, which undoing it needs, and
// tells whether there is something to undo.
func (r BulkRequest) keep(ctx context.Context, tx store.Tx, run *job.Run, place int, did []record.Outcome) (bool, error) {
	op, undoable := undoableBulk[r.Action]
	if !undoable {
		return false, nil
	}
	var outcomes []RowOutcome
	for _, one := range did {
		if one.Err == nil && one.Changed {
			outcomes = append(outcomes, RowOutcome{Op: op, ID: one.ID, Version: one.Version})
		}
	}
	if len(outcomes) == 0 {
		return false, nil
	}
	if err := keepForm(ctx, tx, run.Job, r.Form); err != nil {
		return false, err
	}
	// Batches are told apart by how much was done before them.
	outcomes[0].Row = int(run.Done) + place
	return true, keepOutcomes(ctx, tx, run.Job, 0, outcomes)
}
