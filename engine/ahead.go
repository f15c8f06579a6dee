package engine

import (
	"context"
	"fmt"
	"runtime/debug"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// lotsOfStep bounds the lots that one step of a job carries out one behind the other: other queues wait for the turn of
// a step, and only the first of its lots is made ready while nothing is written.
const lotsOfStep = 10

// lot is what one transaction is to change, and what it writes of that beside.
type lot struct {
	changes []record.Change
	also    func(ctx context.Context, tx store.Tx, dealt int, did []record.Outcome) error // see record.Also
	last    bool                                                                          // nothing comes behind it
}

// inLots carries out the lots that next gives, each of most records at most, one after the other until one is the last,
// at most lotsOfStep. Each is made ready while the one before is written: reading and rules are one half of the work,
// writing is the other. A lot without changes is the end, and left to done. Faults: those of next and of
// record.Service.Many; what was committed stays.
func (e *Engine) inLots(
	ctx context.Context, actor value.Actor, form value.FormKey, next func(ctx context.Context, most int) (lot, error), done func() error,
) error {
	ctx, stop := context.WithCancel(ctx)
	ready := make(chan prepared)
	over := make(chan struct{})
	defer func() { stop(); <-over }()
	go func() {
		defer close(over)
		for range lotsOfStep {
			one := e.prepared(ctx, actor, form, next)
			select {
			case ready <- one:
			case <-ctx.Done():
				return
			}
			if one.err != nil || one.last || len(one.changes) == 0 {
				return
			}
		}
	}()
	for range lotsOfStep {
		var one prepared
		select {
		case one = <-ready:
		case <-over: // without another lot: the step was called off
			return ctx.Err()
		}
		switch {
		case one.err != nil:
			return one.err
		case len(one.changes) == 0:
			return done()
		}
		began := e.config.Clock()
		if err := one.write(ctx); err != nil || one.last {
			return err
		}
		e.lots.wrote(len(one.changes), e.config.Clock().Sub(began))
	}
	return nil
}

// prepared is a lot that is ready to be written.
type prepared struct {
	lot
	changed *record.Prepared
	err     error
}

func (p prepared) write(ctx context.Context) error {
	return p.changed.Write(ctx, func(tx store.Tx, dealt int, did []record.Outcome) error { return p.also(ctx, tx, dealt, did) })
}

// prepared makes the next lot ready. A panic is a fault of it, as it is in the step of a job: it runs beside that.
func (e *Engine) prepared(
	ctx context.Context, actor value.Actor, form value.FormKey, next func(ctx context.Context, most int) (lot, error),
) (out prepared) {
	defer func() {
		if p := recover(); p != nil {
			out.err = fault.New(fault.Internal, "internal").In("engine.ahead").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if out.lot, out.err = next(ctx, min(e.config.batch(), e.lots.next())); out.err != nil || len(out.changes) == 0 {
		return out
	}
	out.changed, out.err = e.Records.Prepare(ctx, actor, form, out.changes)
	return out
}
