package live_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/live"
	"tidewater/engine/value"
)

// outbox is a store.Log in memory, which counts what it is asked.
type outbox struct {
	mu     sync.Mutex
	events []event.Event
	oldest int64
	more   chan struct{}
	reads  int
}

func newOutbox() *outbox { return &outbox{oldest: 1, more: make(chan struct{})} }

func (o *outbox) add(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for range n {
		o.events = append(o.events, event.Event{Seq: int64(len(o.events) + 1), Record: value.ID("r")})
	}
	close(o.more)
	o.more = make(chan struct{})
}

func (o *outbox) Since(_ context.Context, after int64, limit int) ([]event.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reads++
	from := max(after, o.oldest-1)
	return o.events[from:min(from+int64(limit), int64(len(o.events)))], nil
}

func (o *outbox) Span(context.Context) (int64, int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.oldest, int64(len(o.events)), nil
}

func (o *outbox) Wait(ctx context.Context, after int64) error {
	for {
		o.mu.Lock()
		there, more := int64(len(o.events)) > after, o.more
		o.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-more:
		}
	}
}

// reads follows a feed up to a number, and holds that nothing is left out or comes twice.
func reads(t *testing.T, feed *live.Feed, after, until int64) {
	t.Helper()
	for after < until {
		events, err := feed.Next(t.Context(), after)
		if err != nil {
			t.Error(err)
			return
		}
		for _, one := range events {
			if one.Seq != after+1 {
				t.Errorf("after %d came %d", after, one.Seq)
				return
			}
			after = one.Seq
		}
	}
}

func TestManyReadAlongWithoutLossAndTheStoreIsReadOnce(t *testing.T) {
	o := newOutbox()
	feed := live.New(o)
	const readers, events = 50, 3000
	var all sync.WaitGroup
	for range readers {
		all.Go(func() { reads(t, feed, 0, events) })
	}
	for range events / 10 {
		o.add(10)
	}
	all.Wait()
	if t.Failed() {
		return
	}
	// Each reads on by itself only where it has fallen behind what is held.
	if o.reads > readers*events/live.AtOnce {
		t.Errorf("the store was read %d times", o.reads)
	}
}

func TestWhoComesLateReadsOnFromTheStore(t *testing.T) {
	o := newOutbox()
	feed := live.New(o)
	o.add(1500)
	reads(t, feed, 0, 1500)
	o.add(20)
	reads(t, feed, 1500, 1520)
	reads(t, feed, 3, 1520) // long before what is held
	o.add(10)
	reads(t, feed, 1525, 1530) // ahead of what was read
	reads(t, feed, 1500, 1530)
}

func TestWhereSomebodyGoesOn(t *testing.T) {
	o := newOutbox()
	o.add(100)
	o.oldest = 11
	feed := live.New(o)
	for _, c := range []struct {
		after, from int64
		lost        bool
	}{{0, 100, false}, {10, 10, false}, {9, 100, true}, {100, 100, false}, {101, 100, true}} {
		if from, lost, err := feed.Here(t.Context(), c.after); err != nil || from != c.from || lost != c.lost {
			t.Errorf("after %d: %d %v %v", c.after, from, lost, err)
		}
	}
	o.add(live.MaxBehind + 1)
	if _, lost, err := feed.Here(t.Context(), 50); err != nil || !lost {
		t.Errorf("far behind: %v %v", lost, err)
	}
}

// The one who waits for all may go; another takes the place.
func TestWhoLeadsMayLeave(t *testing.T) {
	o := newOutbox()
	feed := live.New(o)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := feed.Next(ctx, 0)
		left <- err
	}()
	var other sync.WaitGroup
	other.Go(func() { reads(t, feed, 0, 5) })
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("left with %v", err)
	}
	o.add(5)
	other.Wait()
	late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := feed.Next(late, 5); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nothing to come: %v", err)
	}
}
