package job

import (
	"context"
	"errors"
	"time"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// leaseLife is how long a job stays with a worker that has gone silent, by the store's own time.
	leaseLife = 5 * time.Second
	// renewEvery keeps the lease of a batch that takes long.
	renewEvery = 1500 * time.Millisecond
	// cancelEvery is how often one looks meanwhile whether somebody wants the job to end.
	cancelEvery = 500 * time.Millisecond
	// letGo is how long giving a lease back may take after everything else was told to stop.
	letGo = 5 * time.Second
)

// leased is a job that this queue's worker holds.
type leased struct {
	queue  *Queue
	job    value.ID
	holder string // this turn of this worker, among all there are
	token  int64  // fences: who comes later has a greater one
}

// lease takes a job, or fails with Conflict "store.leased".
func (q *Queue) lease(ctx context.Context, id value.ID) (*leased, error) {
	holder := string(q.config.NewID())
	token, err := q.config.Store.Acquire(ctx, leaseOf(id), holder, leaseLife)
	if err != nil {
		return nil, err
	}
	return &leased{queue: q, job: id, holder: holder, token: token}, nil
}

// hold makes a transaction depend on the lease.
func (l *leased) hold(ctx context.Context, tx store.Tx) error {
	return tx.Hold(ctx, leaseOf(l.job), l.token)
}

// errCancelled ends a batch that takes long of a job that is to end.
var errCancelled = errors.New("the job is cancelled")

// keep renews the lease until stop is called, and ends the context of the batch when somebody cancels the job. A
// renewal that fails ends the lease in time, and with it the batch: nothing more is to be done about it.
func (l *leased) keep(ctx context.Context) (batch context.Context, stop func() error) {
	batch, cancel := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.attend(batch, cancel) }()
	return batch, func() error {
		cancel(nil)
		return <-ended
	}
}

func (l *leased) attend(ctx context.Context, cancel context.CancelCauseFunc) error {
	renew, look := time.NewTicker(renewEvery), time.NewTicker(cancelEvery)
	defer renew.Stop()
	defer look.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-renew.C:
			_, err = l.queue.config.Store.Acquire(ctx, leaseOf(l.job), l.holder, leaseLife)
		case <-look.C:
			var s *stored
			if s, err = load(ctx, l.queue.config.Store, l.job); err == nil && s.Cancel {
				cancel(errCancelled)
			}
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// release gives the job back, also when everything was told to stop.
func (l *leased) release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGo)
	defer cancel()
	return l.queue.config.Store.Release(ctx, leaseOf(l.job), l.holder, l.token)
}
