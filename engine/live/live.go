// Package live lets many read along what is committed, each at their own pace: the events of a tenant's outbox
// are read once, as they come, and kept for a while for all who listen. Whoever was away reads on from the outbox
// itself, so that nothing is missed within the day that it keeps.
//
// It knows numbers and events; who may hear what, the one decides who hands it on.
package live

import (
	"context"
	"sync"

	"tidewater/engine/event"
	"tidewater/engine/store"
)

const (
	// AtOnce is how many events are read, and handed on, together.
	AtOnce = 200
	// held is how many events are kept for those who listen.
	held = 1000
	// MaxBehind is how far somebody may be behind before they are told to begin anew.
	MaxBehind = 2000
)

// Feed hands out a tenant's events. It is safe for concurrent use; the zero value is not usable, see New.
type Feed struct {
	from store.Log

	mu      sync.Mutex
	ring    []event.Event // those after base up to last, in order
	base    int64
	last    int64
	leading bool          // somebody waits at the store for all
	moved   chan struct{} // closed when last, or who leads, has changed
}

// New returns a feed that has read nothing yet.
func New(from store.Log) *Feed { return &Feed{from: from, moved: make(chan struct{})} }

// Here tells from where somebody goes on who was last at a place (0: begins now). lost tells that what came
// between is no longer kept, or is too much: they have to look at everything anew.
func (f *Feed) Here(ctx context.Context, after int64) (from int64, lost bool, err error) {
	oldest, newest, err := f.from.Span(ctx)
	if err != nil || after == 0 {
		return newest, false, err
	}
	if after < oldest-1 || after > newest || newest-after > MaxBehind {
		return newest, true, nil
	}
	return after, false, nil
}

// Next returns the next events after a place, at most 200, as soon as there are any. Faults: those of the store,
// and the context's end.
func (f *Feed) Next(ctx context.Context, after int64) ([]event.Event, error) {
	for {
		events, behind, wait, lead := f.look(after)
		switch {
		case behind:
			return f.from.Since(ctx, after, AtOnce)
		case len(events) > 0:
			return events, nil
		case lead:
			if err := f.advance(ctx); err != nil {
				return nil, err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wait:
		}
	}
}

// look takes what is held. Where there is nothing yet, the caller waits, or leads: waits at the store for all.
func (f *Feed) look(after int64) (events []event.Event, behind bool, wait <-chan struct{}, lead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if after > f.last { // nobody has listened for a while
		f.ring, f.base, f.last = nil, after, after
	}
	if after < f.base {
		return nil, true, nil, false
	}
	for n, one := range f.ring {
		if one.Seq > after {
			end := min(n+AtOnce, len(f.ring))
			return f.ring[n:end:end], false, nil, false
		}
	}
	lead = !f.leading
	f.leading = true
	return nil, false, f.moved, lead
}

// advance waits for the next events and keeps them.
func (f *Feed) advance(ctx context.Context) error {
	f.mu.Lock()
	last := f.last
	f.mu.Unlock()
	err := f.from.Wait(ctx, last)
	var events []event.Event
	if err == nil {
		events, err = f.from.Since(ctx, last, AtOnce)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leading = false
	if err == nil && f.last == last && len(events) > 0 {
		f.ring = append(f.ring, events...)
		f.last = events[len(events)-1].Seq
		if over := len(f.ring) - held; over > 0 {
			f.base = f.ring[over-1].Seq
			f.ring = append([]event.Event(nil), f.ring[over:]...)
		}
	}
	close(f.moved)
	f.moved = make(chan struct{})
	return err
}
