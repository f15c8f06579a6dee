package post

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// pauses are lanes whose host does not answer, or wants to be left alone for a while. They are this process's own: another
// finds out for itself.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (p *pauses) has(lane string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.until[lane])
}

func (p *pauses) set(lane string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until[lane] = until
}

// Run sends what is due, a few lanes beside each other, until nothing is. Errors are the store's: what goes wrong with a
// parcel is noted with it.
func (o *Office) Run(ctx context.Context) error {
	const op = "post.run"
	for {
		waiting, err := o.waiting(ctx)
		if err != nil || len(waiting) == 0 {
			return fault.Wrap(op, err)
		}
		var group errgroup.Group
		group.SetLimit(lanesAtOnce)
		for _, lane := range waiting {
			group.Go(func() error { return o.runLane(ctx, lane) })
		}
		if err := group.Wait(); err != nil || ctx.Err() != nil {
			return fault.Wrap(op, errors.Join(err, ctx.Err()))
		}
	}
}

// waiting are the lanes in which something is due.
func (o *Office) waiting(ctx context.Context) ([]string, error) {
	some, err := o.Store.Scan(ctx, due, "", "", 1)
	near := err != nil
	defer func() { o.idle.Store(!near) }()
	if err != nil || len(some) == 0 {
		return nil, err
	}
	const page = 200
	var out []string
	now := o.Clock()
	for after := ""; ; {
		items, err := o.Store.Scan(ctx, lanes, "", after, page)
		if err != nil {
			near = true
			return nil, err
		}
		for _, item := range items {
			after = item.Key
			if o.paused.has(item.Key, now) {
				near = true
				continue
			}
			first, err := o.Store.Scan(ctx, due, item.Key+"/", "", 1)
			if err != nil {
				near = true
				return nil, err
			}
			near = near || len(first) > 0 && isDue(first[0].Key, now.Add(soon))
			if len(first) > 0 && isDue(first[0].Key, now) {
				out = append(out, item.Key)
			}
		}
		if len(items) < page {
			return out, nil
		}
	}
}

// isDue tells by the key of what waits whether it is due.
func isDue(key string, now time.Time) bool {
	_, place, _ := strings.Cut(key, "/")
	at, _, _ := strings.Cut(place, "/")
	return at <= timeKey(now)
}

func idIn(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }

// runLane sends what is due in a lane, in one process at a time.
func (o *Office) runLane(ctx context.Context, lane string) error {
	name, holder := "post/"+lane, o.Holder()
	token, err := o.Store.Acquire(ctx, name, holder, lease)
	if fault.CodeOf(err) == codeLeased {
		o.paused.set(lane, o.Clock().Add(firstDelay)) // another process is at it
		return nil
	}
	if err != nil {
		return err
	}
	w := work{Office: o, lane: lane, name: name, holder: holder, token: token}
	err = w.run(ctx)
	if fault.CodeOf(err) == codeLeased {
		return nil // it went to another, who does what is left
	}
	return errors.Join(err, o.Store.Release(context.WithoutCancel(ctx), name, holder, token))
}

const codeLeased = "store.leased"

// work is one look at a lane, under its lease.
type work struct {
	*Office
	lane, name, holder string
	token              int64
}

func (w work) run(ctx context.Context) error {
	items, err := w.Store.Scan(ctx, due, w.lane+"/", "", atOnce)
	if err != nil {
		return err
	}
	for _, item := range items {
		if !isDue(item.Key, w.Clock()) || w.paused.has(w.lane, w.Clock()) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.Store.Acquire(ctx, w.name, w.holder, lease); err != nil {
			return err // for as long as one try may take
		}
		p, err := load(ctx, w.Store, idIn(item.Key))
		if err != nil || p.State != Waiting || p.dueKey() != item.Key {
			if fault.KindOf(err) == fault.NotFound {
				err = nil
			}
			// It would stand before all others for ever.
			if err := errors.Join(err, w.Store.Drop(ctx, due, item.Key)); err != nil {
				return err
			}
			continue
		}
		if err := w.try(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// try sends a parcel once and notes what became of it.
func (w work) try(ctx context.Context, p Parcel) error {
	verdict, why := w.Send(ctx, p)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // whoever was told to stop leaves it as it is, for the next
	}
	was, now := p, w.Clock().UTC()
	also := verdict.Also
	switch {
	case why != nil:
		w.failure(&p, why, now)
		also = nil
	case !verdict.Held.IsZero():
		p.Due = verdict.Held.UTC()
	case verdict.Idle:
		p.State, p.At = Idle, now
	default:
		p.State, p.At, p.Why = Sent, now, nil
	}
	if verdict.Body != nil && why == nil {
		p.Body = verdict.Body
	}
	return w.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Hold(ctx, w.name, w.token); err != nil {
			return err
		}
		if err := was.unplace(ctx, tx); err != nil {
			return err
		}
		if err := p.save(ctx, tx); err != nil {
			return err
		}
		if p.State == Failed {
			return w.GivenUp(ctx, tx, p)
		}
		if also == nil || p.State == Waiting {
			return nil
		}
		return also(ctx, tx)
	})
}

// failure is what becomes of a parcel whose try has failed. Where a host does not answer or wants to be left alone
// its lane rests, and only the latter is no fault of the parcel's.
func (w work) failure(p *Parcel, why error, now time.Time) {
	f := faultIn(why)
	p.Why = &Why{Code: f.Code, Args: f.Args}
	p.At = now
	if f.Kind == fault.Throttled && now.Sub(p.begun()) < patience {
		p.Due = now.Add(restOf(f))
		w.paused.set(w.lane, p.Due)
		return
	}
	p.Tries++
	passes := f.Kind == fault.Unavailable || f.Kind == fault.Internal || f.Kind == fault.Conflict
	if !passes || p.Tries >= maxTries {
		p.State = Failed
		return
	}
	p.Due = now.Add(delay(p.Tries))
	if f.Kind == fault.Unavailable {
		w.paused.set(w.lane, now.Add(firstDelay))
	}
}

// begun is when a parcel began to be tried.
func (p Parcel) begun() time.Time {
	if p.Since.IsZero() {
		return p.Made
	}
	return p.Since
}

// ArgRest names how long a host wants to be left alone, in seconds, in a fault that is Throttled.
const ArgRest = "seconds"

// restOf is what a host asks for, within what is sensible.
func restOf(f *fault.Error) time.Duration {
	const usual, most = time.Minute, time.Hour
	seconds, ok := f.Args[ArgRest].(int)
	if !ok || seconds <= 0 {
		return usual
	}
	return min(time.Duration(seconds)*time.Second, most)
}

// faultIn is the fault in an error; what is none, and what is a fault inside, shows nothing of itself.
func faultIn(err error) *fault.Error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return fault.New(fault.Internal, "internal")
	}
	return f
}
