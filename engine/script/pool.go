package script

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tidewater/engine/fault"
)

// Config says how a Pool runs its workers.
type Config struct {
	// Program is what to start as a worker: this very binary. Its main must ask IsWorker before anything else.
	Program string
	// Cores is how many there are: all but one may be busy with what people wait for.
	Cores int
	Clock func() time.Time
	// Insecure lets scripts run where the system cannot shut a worker in.
	Insecure bool
}

func (c Config) command() []string {
	out := []string{c.Program, workerWord}
	if c.Insecure {
		out = append(out, openWord)
	}
	return out
}

// Class says who waits for a run.
type Class int

const (
	// Waiting is for what somebody waits for: hooks before a save, actions.
	Waiting Class = iota
	// Background is for schedules, batches and hooks after a save. It never takes the place of Waiting.
	Background
)

// Pool is the workers of one process, for all of its tenants. It begins none before the first run. It is safe
// for concurrent use.
type Pool struct {
	config Config
	slots  map[Class]*semaphore.Weighted // who may be busy
	aside  *semaphore.Weighted           // who goes on behind all others, having been busy for long
	waits  func(pid int) time.Duration   // what a process has waited for a processor
	share  map[Class]int64               // of one tenant

	mu     sync.Mutex
	idle   []*worker // of nobody yet, ready to begin
	bound  []*worker // of a tenant, at rest, the longest at rest first
	boxes  map[string]*Box
	coming int // processes that are being started for idle
	closed bool
	work   sync.WaitGroup
}

const (
	// spare is how many workers stand ready for a tenant that has none.
	spare = 2
	// maxBound bounds the workers at rest that belong to a tenant; each takes some ten megabytes.
	maxBound = 8
	// maxAside bounds the runs that go on behind all others.
	maxAside = 8
)

// NewPool returns a pool that has no workers yet.
func NewPool(config Config) *Pool {
	busy := int64(max(config.Cores-1, 1))
	return &Pool{
		config: config, boxes: map[string]*Box{},
		slots: map[Class]*semaphore.Weighted{Waiting: semaphore.NewWeighted(busy), Background: semaphore.NewWeighted(1)},
		share: map[Class]int64{Waiting: max(busy/2, 1), Background: 1},
		aside: semaphore.NewWeighted(maxAside), waits: waitedTime,
	}
}

// Walled tells whether workers are shut in by the system; where they are not, scripts run only with Insecure.
func (p *Pool) Walled() bool { return walled() }

// Runs tells whether scripts run here at all.
func (p *Pool) Runs() bool { return walled() || p.config.Insecure }

// State says in a word for operators how scripts run here: "walled", "insecure" where the operator lets them run
// without the system's walls, or "none".
func (p *Pool) State() string {
	switch {
	case walled():
		return "walled"
	case p.config.Insecure:
		return "insecure"
	}
	return "none"
}

// take returns a worker for a tenant: its own, else one that serves nobody yet, else a new one.
func (p *Pool) take(tenant string) (*worker, error) {
	w, err := p.ready(tenant)
	if err != nil {
		return nil, err
	}
	if w == nil {
		if w, err = p.spawn(); err != nil {
			return nil, fault.New(fault.Unavailable, "script.noWorker").Because(err)
		}
	}
	w.tenant = tenant
	p.refill()
	return w, nil
}

// ready is a worker that there is already, nil where there is none.
func (p *Pool) ready(tenant string) (*worker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, fault.New(fault.Unavailable, "http.shuttingDown")
	}
	for n := len(p.bound) - 1; n >= 0; n-- {
		if w := p.bound[n]; w.tenant == tenant {
			p.bound = append(p.bound[:n], p.bound[n+1:]...)
			return w, nil
		}
	}
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return w, nil
	}
	return nil, nil
}

// refill starts what is missing of the spare workers, while others go on.
func (p *Pool) refill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed && len(p.idle)+p.coming < spare {
		p.coming++
		p.work.Go(func() {
			w, err := p.spawn()
			p.mu.Lock()
			p.coming--
			keep := err == nil && !p.closed
			if keep {
				p.idle = append(p.idle, w)
			}
			p.mu.Unlock()
			if err == nil && !keep {
				w.kill()
			}
		})
	}
}

// give takes a worker back, or kills one that is not to be trusted or has worked enough.
func (p *Pool) give(w *worker, whole bool) {
	// Whom this process may not bring back from behind all others makes room for a new one.
	if whole && w.behind.Load() {
		whole = yields(w.cmd.Process.Pid, false)
		w.behind.Store(false)
	}
	if !whole || w.busy > maxBusy {
		w.kill()
		p.refill()
		return
	}
	var old *worker
	p.mu.Lock()
	if p.closed {
		old = w
	} else {
		p.bound = append(p.bound, w)
		if len(p.bound) > maxBound {
			old, p.bound = p.bound[0], p.bound[1:]
		}
	}
	p.mu.Unlock()
	if old != nil {
		old.kill()
	}
}

// Standing counts the workers that there are at rest.
func (p *Pool) Standing() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.idle) + len(p.bound)
}

// Close ends all workers at rest; those at work end with their runs.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	all := append(p.idle, p.bound...)
	p.idle, p.bound = nil, nil
	p.mu.Unlock()
	for _, w := range all {
		w.kill()
	}
	p.work.Wait()
}

// place is a run's among the busy, and among those of its tenant.
type place struct {
	box   *Box
	class Class

	mu    sync.Mutex
	aside bool // it has given the first up
	left  bool
}

// enter waits for a place, of the tenant first and then of all.
func (b *Box) enter(ctx context.Context, class Class) (*place, error) {
	wait, cancel := context.WithTimeout(ctx, waitFor[class])
	defer cancel()
	if err := b.places[class].Acquire(wait, 1); err != nil {
		return nil, busy(ctx, err)
	}
	if err := b.pool.slots[class].Acquire(wait, 1); err != nil {
		b.places[class].Release(1)
		return nil, busy(ctx, err)
	}
	return &place{box: b, class: class}, nil
}

// overstay puts a run that is no short one behind all others, and lets those who wait have its place. Its
// tenant's share it keeps. Where too many stand aside already, others have to wait for its end.
func (p *place) overstay(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left || p.aside || !yields(w.cmd.Process.Pid, true) {
		return
	}
	w.behind.Store(true)
	if p.box.pool.aside.TryAcquire(1) {
		p.aside = true
		p.box.pool.slots[p.class].Release(1)
	}
}

func (p *place) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = true
	if p.aside {
		p.box.pool.aside.Release(1)
	} else {
		p.box.pool.slots[p.class].Release(1)
	}
	p.box.places[p.class].Release(1)
}

// waitFor is how long a run waits for its place.
var waitFor = map[Class]time.Duration{Waiting: 2 * time.Second, Background: time.Minute}

func busy(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return ctx.Err()
	}
	return fault.New(fault.Unavailable, "script.busy").Because(err)
}
