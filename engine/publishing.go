package engine

import (
	"context"
	"errors"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/publish"
	"tidewater/engine/value"
)

// publishing is the work of making drafts, or an earlier publication, the active one: building indexes
// over many records takes longer than a request may.
type publishing struct{ *Engine }

type publishingArgs struct {
	Version  string `json:"version,omitempty"` // of what was checked
	Note     string `json:"note,omitempty"`
	Rollback bool   `json:"rollback,omitempty"`
	To       int64  `json:"to,omitempty"` // rollback: the number to go back to
	From     int64  `json:"from"`         // what was active when it was asked for
}

func (publishing) Name() string { return "publish" }

// Publish queues publishing the drafts, after everything that forbids it has been told at once. Faults are
// those of publish.Desk.Publish.
func (e *Engine) Publish(ctx context.Context, actor value.Actor, order publish.Order, once *job.Once) (*job.Job, error) {
	desk, err := e.Apps.Desk(actor)
	if err != nil {
		return nil, err
	}
	if before, err := e.Jobs.Before(ctx, actor, once); before != nil || err != nil {
		return before, err
	}
	if order.Version, err = desk.Ready(ctx, order.Version); err != nil {
		return nil, err
	}
	return e.publishing(ctx, actor, publishingArgs{Version: order.Version, Note: order.Note, From: desk.Active().Number}, once)
}

// Rollback queues going back to an earlier publication, 0 for the one before. Faults are those of
// publish.Desk.Rollback.
func (e *Engine) Rollback(ctx context.Context, actor value.Actor, to int64, once *job.Once) (*job.Job, error) {
	desk, err := e.Apps.Desk(actor)
	if err != nil {
		return nil, err
	}
	if before, err := e.Jobs.Before(ctx, actor, once); before != nil || err != nil {
		return before, err
	}
	if to, err = desk.Earlier(ctx, to); err != nil {
		return nil, err
	}
	return e.publishing(ctx, actor, publishingArgs{Rollback: true, To: to, From: desk.Active().Number}, once)
}

func (e *Engine) publishing(ctx context.Context, actor value.Actor, args publishingArgs, once *job.Once) (*job.Job, error) {
	j, err := e.Jobs.Add(ctx, job.New{Kind: publishing{}.Name(), Actor: actor, Args: args, Once: once})
	return &j, fault.Wrap("engine.publishing", err)
}

// Step publishes in one go. Begun again after a kill, it finds what it has done by the job's id.
func (w publishing) Step(ctx context.Context, run *job.Run) error {
	var args publishingArgs
	if err := run.From(&args, &struct{}{}); err != nil {
		return err
	}
	desk, err := w.Apps.Desk(run.Actor)
	if err != nil {
		return err
	}
	if err := w.Apps.Refresh(ctx); err != nil {
		return err
	}
	if desk.Active().Number > args.From {
		made, err := desk.Publication(ctx, args.From+1)
		if err != nil {
			return err
		}
		if made.Job != run.ID {
			return fault.New(fault.Invalid, "publish.moved").In("engine.publishing")
		}
		return run.Commit(ctx, job.Did{Ended: true})
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	done := 0
	order := publish.Order{Version: args.Version, Note: args.Note, Job: run.ID, Progress: func(at, total int) {
		// Who has lost the lease, or is told to stop, must not go on.
		if err := run.Commit(ctx, job.Did{Done: int64(at - done), Total: int64(total)}); err != nil {
			stop(err)
		}
		done = at
	}}
	if args.Rollback {
		_, err = desk.RollbackAs(ctx, args.To, order)
	} else {
		_, err = desk.Publish(ctx, order)
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	if err != nil {
		return lasting(err)
	}
	return run.Commit(ctx, job.Did{Ended: true})
}

// lasting turns a conflict that does not pass by itself, such as records that break a unique index, into
// one that ends the job. Another publication that is running does pass.
func lasting(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Conflict || f.Code == "publish.running" {
		return err
	}
	out := *f
	out.Kind = fault.Invalid
	return &out
}
