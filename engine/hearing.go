package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"tidewater/engine/fault"
)

// What other processes over the same store have changed and every one keeps in memory: what is published, the
// working calendar, which scripts are suspended. Whoever has not heard for long must not be asked: see Heard.

// hearEvery is how often one looks; within two seconds all must have heard.
const hearEvery = 500 * time.Millisecond

// hearing is when this process has last heard.
type hearing struct{ at atomic.Pointer[time.Time] }

// Hear takes over what others have changed; it asks for a few small documents. What cannot be read by anybody has been
// heard all the same.
func (e *Engine) Hear(ctx context.Context) error {
	now := e.config.Clock()
	heard := true
	var failed []error
	for _, take := range []func(context.Context) error{e.Apps.Refresh, e.refreshCalendar, e.refreshPauses} {
		if err := take(ctx); err != nil {
			heard = heard && fault.CodeOf(err) == "store.corrupt"
			failed = append(failed, err)
		}
	}
	if heard {
		e.hearing.at.Store(&now)
	}
	return fault.Wrap("engine.hear", errors.Join(failed...))
}

// Heard is up to when this process knows what others have changed.
func (e *Engine) Heard() time.Time { return *e.hearing.at.Load() }
