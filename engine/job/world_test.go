package job_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/job"
	"tidewater/engine/store"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// counting is work that writes a line per part into the store, some parts a batch. A line written a
// second time is a conflict.
type counting struct {
	store  job.Store
	parts  int
	each   int
	before func(ctx context.Context, run *job.Run) error // nil, or what happens before a batch is written
	tell   func(did *job.Did)                            // nil, or what a batch says beside its parts
}

type at struct{ Part int }

func (c *counting) Name() string { return "counting" }

func (c *counting) Step(ctx context.Context, run *job.Run) error {
	var args struct{}
	var from at
	if err := run.From(&args, &from); err != nil {
		return err
	}
	if c.before != nil {
		if err := c.before(ctx, run); err != nil {
			return err
		}
	}
	return c.store.Tx(ctx, func(tx store.Tx) error {
		end := min(from.Part+c.each, c.parts)
		n := int64(end - from.Part)
		did := job.Did{
			Cursor: at{end}, Done: n, Total: int64(c.parts), Counts: map[string]int64{"written": n}, Ended: end == c.parts,
		}
		for part := from.Part; part < end; part++ {
			item := store.Item{Key: fmt.Sprintf("%s/%04d", run.ID, part), Body: []byte(`"` + string(run.Actor.Key()) + `"`)}
			if err := tx.Save(ctx, "line", item, 0); err != nil {
				return err
			}
		}
		if c.tell != nil {
			c.tell(&did)
		}
		return run.Advance(ctx, tx, did)
	})
}

// world is a store with a queue over it, whose clock stands still unless it is told to go.
type world struct {
	*testing.T
	store store.Store
	kind  *counting
	queue *job.Queue
	ids   atomic.Int64

	mu    sync.Mutex
	now   time.Time
	gone  bool // ann may no longer act
	ended []job.State
}

var (
	ann   = value.Actor{User: "ann", Name: "Ann"}
	bob   = value.Actor{User: "bob", Name: "Bob"}
	admin = value.Actor{User: "root", Admin: true}
)

func newWorld(t *testing.T, parts, each int) *world {
	t.Helper()
	s := teststore.OpenTwice(t, filepath.Join(t.TempDir(), "jobs.db"), "jobs")
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{T: t, store: s, now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)}
	w.kind = &counting{store: s, parts: parts, each: each}
	w.queue = w.open(w.kind)
	return w
}

// open returns one more queue over the same store, as another process would have it.
func (w *world) open(kind job.Kind) *job.Queue {
	return job.Open(job.Config{
		Store: w.store, Kinds: []job.Kind{kind}, Clock: w.clock,
		NewID:  func() value.ID { return value.ID(fmt.Sprintf("id%06d", w.ids.Add(1))) },
		Person: w.person,
		Ended: func(_ string, state job.State) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.ended = append(w.ended, state)
		},
	})
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = true
}

func (w *world) person(id value.ID) (value.Actor, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range []value.Actor{ann, bob, admin} {
		if one.User == id {
			return one, !(w.gone && id == ann.User)
		}
	}
	return value.Actor{}, false
}

func (w *world) add(actor value.Actor) job.Job {
	w.Helper()
	j, err := w.queue.Add(w.Context(), job.New{Kind: "counting", Actor: actor, Args: struct{}{}})
	must(w.T, err)
	return j
}

// turns gives turns until there is nothing due.
func (w *world) turns() {
	w.Helper()
	for {
		worked, err := w.queue.RunOnce(w.Context())
		must(w.T, err)
		if !worked {
			return
		}
		w.pass(time.Second)
	}
}

func (w *world) get(actor value.Actor, id value.ID) *job.Job {
	w.Helper()
	j, err := w.queue.Get(w.Context(), actor, id)
	must(w.T, err)
	return j
}

// lines are how many parts of a job have been written.
func (w *world) lines(id value.ID) int {
	w.Helper()
	items, err := w.store.Scan(w.Context(), "line", string(id)+"/", "", 1000)
	must(w.T, err)
	return len(items)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// holder is who has taken the last lease.
func (w *world) holder() string { return fmt.Sprintf("id%06d", w.ids.Load()) }
