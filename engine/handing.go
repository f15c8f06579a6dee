package engine

import (
	"context"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/handover"
	"tidewater/engine/job"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Holding is how many living records of a form somebody owns.
type Holding struct {
	Form    value.FormKey
	Label   meta.Label
	Records int64
	// Reads says that whoever gets them reads records that are their own.
	Reads bool
}

// Holdings lists what somebody owns, form by form; to is whoever shall get it, with the roles that they will have.
// Faults: Forbidden "access.admin", those of the store.
func (e *Engine) Holdings(ctx context.Context, actor value.Actor, from value.ID, to value.Actor) ([]Holding, error) {
	const op = "engine.holdings"
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	out := []Holding{}
	for _, form := range e.Catalog().InOrder() {
		if form.Def.Holders.Owner == "" {
			continue
		}
		n, err := e.Records.CountHeldBy(ctx, form.Key, from)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		if n > 0 {
			out = append(out, Holding{form.Key, form.Def.Label, n, e.Records.ReadsOwn(to, form)})
		}
	}
	return out, nil
}

// HandOverRequest asks that all that somebody owns be somebody else's.
type HandOverRequest struct {
	From   value.ID        `json:"from"`
	To     value.ID        `json:"to"`
	Reason string          `json:"reason"` // told in the history of each record
	Forms  []value.FormKey `json:"forms"`  // of Holdings
}

// HandOver gives one person's records to another, by a job: the records of each form one after the other, and each
// once, also where it is killed and goes on. Faults: Forbidden "access.admin", Invalid "handover.to" and
// "handover.reason".
func (e *Engine) HandOver(ctx context.Context, actor value.Actor, req HandOverRequest, total int64, once *job.Once) (*job.Job, error) {
	const op = "engine.handOver"
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	if _, active := e.config.Org().Actor(req.To); !active || req.To == req.From {
		return nil, fault.New(fault.Invalid, "handover.to").In(op).At("/to")
	}
	if req.Reason == "" {
		return nil, fault.New(fault.Invalid, "handover.reason").In(op).At("/reason")
	}
	j, err := e.Jobs.Add(ctx, job.New{Kind: handing{}.Name(), Actor: actor, Args: req, Total: total, Once: once})
	return &j, fault.Wrap(op, err)
}

// handing is the work of a HandOverRequest.
type handing struct{ *Engine }

type handingCursor struct {
	At    int      `json:"at"` // of the forms
	After value.ID `json:"after,omitempty"`
}

func (handing) Name() string { return "handover" }

// Step gives the next records. It ends where its asker is no administrator any more, or whoever was to get them has
// left.
func (w handing) Step(ctx context.Context, run *job.Run) error {
	var req HandOverRequest
	var at handingCursor
	if err := run.From(&req, &at); err != nil {
		return err
	}
	if err := access.Administer(run.Actor); err != nil {
		return err
	}
	if _, active := w.config.Org().Actor(req.To); !active {
		return fault.New(fault.Invalid, "handover.to").In("engine.handing")
	}
	if at.At >= len(req.Forms) {
		return run.Commit(ctx, job.Did{Cursor: at, Ended: true})
	}
	form := req.Forms[at.At]
	next := handingCursor{At: at.At + 1}
	if _, known := w.Catalog().Forms[form]; !known { // taken away since
		return run.Commit(ctx, job.Did{Cursor: next})
	}
	ids, end, err := w.Records.HeldBy(ctx, form, req.From, at.After, min(w.config.batch(), bulkAtOnce))
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return run.Commit(ctx, job.Did{Cursor: next})
	}
	changes := make([]record.Change, len(ids))
	for n, id := range ids {
		changes[n] = record.Change{Op: record.OpAct, Action: handover.Give, ID: id, Values: handover.Args(req.From, req.To), Reason: req.Reason}
	}
	return w.Records.Many(ctx, handover.Actor(), form, changes, func(tx store.Tx, dealt int, did []record.Outcome) error {
		here := job.Did{Cursor: next, Done: int64(len(did)), Counts: map[string]int64{}}
		if !end || dealt < len(ids) {
			here.Cursor = handingCursor{At: at.At, After: ids[dealt-1]}
		}
		countOutcomes(&here, did, "handedOver", "spared")
		return run.Advance(ctx, tx, here)
	})
}
