package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

const (
	// followEvery is how long what follows from other records may lag behind.
	followEvery = 300 * time.Millisecond
	// sweepEvery is how often what has expired is cleared away.
	sweepEvery = 10 * time.Minute
	// poolsEvery is how often one looks whether it is time for a pool's sweep, or for reminders.
	poolsEvery = 30 * time.Second
)

// Settle carries out everything that follows from what was written so far.
func (e *Engine) Settle(ctx context.Context) error {
	for {
		done, err := e.Records.Follow(ctx)
		if err != nil || done == 0 {
			return err
		}
	}
}

// Work does what is due in the background until ctx ends: jobs, what follows from other records, and
// clearing away what has expired. What fails is told and tried again.
func (e *Engine) Work(ctx context.Context, tell func(error)) {
	ctx = store.Later(ctx) // nobody waits for any of it
	var jobs sync.WaitGroup
	defer jobs.Wait()
	jobs.Go(func() { e.Jobs.Work(ctx, tell) })
	// Scripts after commits, and what they send, and what goes to people and hosts outside, go on beside the rest, which they may not hold up; nor each other.
	jobs.Go(func() { work(ctx, followEvery, e.RunHooks, tell) })
	jobs.Go(func() { work(ctx, followEvery, e.RunLate, tell) })
	jobs.Go(func() { work(ctx, followEvery, e.RunPost, tell) })
	jobs.Go(func() { work(ctx, hearEvery, e.Hear, tell) })
	jobs.Go(func() { untilDone(ctx, followEvery, e.FillMentions, tell) })
	follow, sweep := time.NewTicker(followEvery), time.NewTicker(sweepEvery)
	pools := time.NewTicker(poolsEvery)
	defer pools.Stop()
	defer follow.Stop()
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-follow.C:
			err = e.catchUp(ctx)
		case <-pools.C:
			err = e.Due(ctx)
		case <-sweep.C:
			_, err = e.config.Store.Sweep(ctx, e.config.Clock())
			err = errors.Join(err, e.Apps.Tidy(ctx))
		}
		if err != nil && ctx.Err() == nil {
			tell(err)
		}
	}
}

// catchUp carries out what follows from what was written and tells people of it, until nothing is left of either. By
// turns, for in a long sweep the one would not end before the other begins, and both take the same events, which are
// read once where they are taken soon after each other.
func (e *Engine) catchUp(ctx context.Context) error {
	return errors.Join(fault.Wrap("engine.inform", e.tellPauses(ctx)), byTurns(ctx, e.Records.Follow, e.inform))
}

// byTurns takes the next step of each, again and again until none finds anything to do; one that fails has had its turns.
func byTurns(ctx context.Context, steps ...func(context.Context) (done int, err error)) error {
	faults := make([]error, len(steps))
	for found := true; found; {
		found = false
		for n, step := range steps {
			if faults[n] != nil {
				continue
			}
			done, err := step(ctx)
			found, faults[n] = found || done > 0, err
		}
	}
	return errors.Join(faults...)
}

// work does something again and again until ctx ends.
func work(ctx context.Context, often time.Duration, do func(context.Context) error, tell func(error)) {
	every := time.NewTicker(often)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			if err := do(ctx); err != nil && ctx.Err() == nil {
				tell(err)
			}
		}
	}
}

// untilDone does something once, and again until it went well or ctx ends.
func untilDone(ctx context.Context, often time.Duration, do func(context.Context) error, tell func(error)) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work(ctx, often, func(ctx context.Context) error {
		err := do(ctx)
		if err == nil {
			stop()
		}
		return err
	}, tell)
}
