package job

import (
	"context"
	"errors"
	"time"

	"tidewater/engine/fault"
)

const (
	// maxTries is how often in a row a batch may fail before its job is given up: over an hour and a half.
	maxTries   = 10
	firstDelay = 2 * time.Second
	longest    = 30 * time.Minute
)

// delay is how long a job waits after its nth failure in a row: each time four times as long.
func delay(n int) time.Duration {
	d := firstDelay
	for range n - 1 {
		d = min(4*d, longest)
	}
	return d
}

const codeLeased = "store.leased"

// failed is what becomes of a job whose batch went wrong: a worker that was told to stop, or has lost its
// lease, leaves it as it is for the next; what may pass is tried again later; the rest ends it.
func (q *Queue) failed(ctx context.Context, l *leased, cause error) error {
	if ctx.Err() != nil || fault.CodeOf(cause) == codeLeased {
		return nil //nolint:nilerr // the job is as it was: whoever has it next tells what is to be told
	}
	f := faultOf(cause)
	why := &Refusal{Code: f.Code, Args: f.Args, Issues: f.Issues}
	if !passes(f.Kind) {
		return q.finish(ctx, l, Failed, why)
	}
	now, last := q.now(), false
	err := q.change(ctx, l, func(s *stored) {
		s.Tries++
		s.Reason = why
		if last = s.Tries >= maxTries; last {
			return
		}
		s.State, s.Due = Queued, now.Add(delay(s.Tries))
	})
	if err == nil && last {
		err = q.finish(ctx, l, Failed, why)
	}
	if fault.CodeOf(err) == codeLeased {
		return nil // another has it, who tells what is to be told
	}
	return errors.Join(fault.Wrap("job.batch", cause), err)
}

// passes tells whether a fault may be gone when the batch is tried again.
func passes(kind fault.Kind) bool {
	return kind == fault.Unavailable || kind == fault.Conflict || kind == fault.Internal
}

// faultOf is the fault in an error; what is none, and what is a fault inside, shows nothing of itself.
func faultOf(err error) *fault.Error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return fault.New(fault.Internal, "internal")
	}
	return f
}
