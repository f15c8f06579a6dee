package engine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// mortal is the store as one process has it that dies at a call: before it, or after its commit, of which it then does
// not hear. From then on no call of the process comes through, not even those that clear up.
type mortal struct {
	store.Store
	left  atomic.Int64 // calls until it dies
	after bool         // it dies after the commit
	dies  context.CancelFunc
}

var errKilled = errors.New("killed")

// shortLife is how long a lease outlives its process here: the others take over while one is still at work, too.
const shortLife = 30 * time.Millisecond

func (m *mortal) call() (last bool, err error) {
	left := m.left.Add(-1)
	if left <= 0 {
		m.dies()
	}
	if left < 0 || left == 0 && !m.after {
		return false, errKilled
	}
	return left == 0, nil
}

func (m *mortal) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	last, err := m.call()
	if err != nil {
		return err
	}
	if err := m.Store.Tx(context.WithoutCancel(ctx), do); err != nil || !last {
		return err
	}
	return errKilled
}

func (m *mortal) Load(ctx context.Context, collection, key string) (store.Item, error) {
	if _, err := m.call(); err != nil {
		return store.Item{}, err
	}
	return m.Store.Load(ctx, collection, key)
}

func (m *mortal) Scan(ctx context.Context, collection, prefix, after string, limit int) ([]store.Item, error) {
	if _, err := m.call(); err != nil {
		return nil, err
	}
	return m.Store.Scan(ctx, collection, prefix, after, limit)
}

func (m *mortal) List(ctx context.Context, q query.List) (query.Page, error) {
	if _, err := m.call(); err != nil {
		return query.Page{}, err
	}
	return m.Store.List(ctx, q)
}

func (m *mortal) Acquire(ctx context.Context, name, holder string, _ time.Duration) (int64, error) {
	if _, err := m.call(); err != nil {
		return 0, err
	}
	return m.Store.Acquire(ctx, name, holder, shortLife)
}

func (m *mortal) Release(ctx context.Context, name, holder string, token int64) error {
	if _, err := m.call(); err != nil {
		return err
	}
	return m.Store.Release(ctx, name, holder, token)
}

// lives lets one process work until it dies, and tells whether it did.
func (w *world) lives(calls int64, after bool) bool {
	ctx, kill := context.WithCancel(w.Context())
	defer kill()
	m := &mortal{Store: w.store, after: after, dies: kill}
	const opening = 1_000 // calls that opening may take
	m.left.Store(opening)
	e := w.openOver(m)
	m.left.Store(calls)
	for idle := 0; ctx.Err() == nil && idle < 20; {
		err := errors.Join(e.Sweeps(ctx), e.Schedules(ctx))
		if err == nil {
			// A process that dies tells nobody; one that was fenced goes on.
			if worked, err := e.Jobs.RunOnce(ctx); err == nil && !worked {
				idle++ // nothing is left to do, or others are at it
			}
		}
	}
	return ctx.Err() != nil
}

// Ten processes sweep and hand out at once, and die at any call of the store: nothing twice, nothing lost.
func TestTenProcessesThatDieAtAnyCallDoNothingTwiceAndLoseNothing(t *testing.T) {
	rounds := 1
	if asked, err := strconv.Atoi(os.Getenv("TIDEWATER_SOAK_SWEEPS")); err == nil {
		rounds = asked
	}
	deaths := int64(0)
	for round := range rounds {
		seed := rand.Uint64()
		t.Logf("round %d: seed %d", round, seed)
		deaths += manyAtOnce(t, seed)
		if t.Failed() {
			break
		}
	}
	t.Logf("%d deaths", deaths)
	if deaths < int64(rounds)*5 {
		t.Errorf("only %d died", deaths)
	}
}

func manyAtOnce(t *testing.T, seed uint64) int64 {
	const processes, lives, held, waiting = 10, 4, 40, 24
	w := newDepot(t, poolFiles(idle("")+mondays(""), ""))
	w.clock("2026-11-02 12:00")
	for range held {
		w.held("ann", "A")
	}
	w.cranes(waiting)
	w.turnOn()
	must(t, w.Schedules(t.Context()))
	w.clock("2026-11-23 09:30") // three Mondays on: what was claimed has left long ago
	var deaths atomic.Int64
	var all sync.WaitGroup
	for n := range processes {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() {
			for range lives {
				if w.lives(1+random.Int64N(250), random.IntN(2) == 0) {
					deaths.Add(1)
				}
			}
		})
	}
	all.Wait()
	w.drain()
	w.counted(held)
	w.clean()
	return deaths.Load()
}

// drain lets one process that does not die finish what is left; leases of the dead end by the store's own time.
func (w *world) drain() {
	w.Helper()
	last := w.open()
	for {
		must(w, last.Sweeps(w.Context()))
		must(w, last.Schedules(w.Context()))
		w.pass(time.Hour) // what waits for its next try is due
		_, err := last.Jobs.RunOnce(w.Context())
		must(w, err)
		active, err := last.Jobs.Active(w.Context())
		must(w, err)
		if len(active) == 0 {
			return
		}
	}
}

// counted holds histories, reports and ledgers against each other.
func (w *world) counted(held int) {
	w.Helper()
	ctx := w.Context()
	reclaimed, dealt := 0, 0
	must(w, w.store.Each(ctx, "asset", "", func(r *value.Record) error {
		events, err := w.store.History(ctx, "asset", r.ID, 0, 100)
		took, gave := 0, 0
		for _, one := range events {
			switch one.Action {
			case "reclaim":
				took++
			case "deal":
				gave++
			}
		}
		if took > 1 || gave > 1 {
			w.Errorf("%s was taken %d times and given %d times", r.ID, took, gave)
		}
		reclaimed, dealt = reclaimed+took, dealt+gave
		return err
	}))
	if reclaimed != held {
		w.Errorf("%d of %d were taken", reclaimed, held)
	}
	runs := w.begun()
	if len(runs) != 1 || runs[0].Told.State != "done" {
		w.Fatalf("it was due once; begun: %+v", runs)
	}
	if got := runs[0].Told.Counts["dealt"]; dealt == 0 || got != int64(dealt) {
		w.Errorf("%d were handed out, the report tells of %d", dealt, got)
	}
	shares, err := w.Ledger(ctx, w.actor("boss"), "asset", "east", "weekly")
	must(w, err)
	inLedger := 0
	for _, s := range shares {
		inLedger += s.Got
	}
	if inLedger != dealt {
		w.Errorf("%d were handed out, the ledger tells of %d", dealt, inLedger)
	}
	page, _, err := w.Jobs.List(ctx, value.SystemActor("test"), true, "", 50)
	must(w, err)
	swept, begun, told := 0, 0, int64(0)
	for _, j := range page {
		if j.Kind == "distribute" {
			begun++
		}
		if j.Kind == "reclaim" {
			swept++
			told += j.Counts["reclaimed"]
		}
	}
	if begun != 1 {
		w.Errorf("it was due once and begun %d times", begun)
	}
	if told != int64(held) {
		w.Errorf("%d were taken, the %d reports tell of %d", reclaimed, swept, told)
	}
}
