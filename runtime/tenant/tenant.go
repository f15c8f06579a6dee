package tenant

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/runtime/people"
)

// Tenant is an open tenant: its data, its people, its engine.
type Tenant struct {
	Entry
	Store  store.Store
	People *people.Book
	Engine *engine.Engine

	heard atomic.Pointer[time.Time] // up to when it is known here what others have changed of the people
	stop  context.CancelFunc        // ends the work in the background
	idle  chan struct{}             // closed when it has ended
}

// work begins what is done in the background.
func (t *Tenant) work(clock func() time.Time, tell func(error)) {
	now := clock()
	t.heard.Store(&now)
	ctx, stop := context.WithCancel(context.Background())
	t.stop, t.idle = stop, make(chan struct{})
	go func() {
		defer close(t.idle)
		var people sync.WaitGroup
		defer people.Wait()
		people.Go(func() { t.refresh(ctx, clock, tell) })
		t.Engine.Work(ctx, tell)
	}()
}

// refreshEvery is how often one looks whether another process has changed the people: within a second a
// session must end everywhere.
const refreshEvery = 700 * time.Millisecond

func (t *Tenant) refresh(ctx context.Context, clock func() time.Time, tell func(error)) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := clock()
		err := t.People.Refresh(ctx)
		if err == nil || fault.CodeOf(err) == "store.corrupt" { // so it is for everybody
			t.heard.Store(&now)
		}
		if err != nil && ctx.Err() == nil {
			tell(err)
		}
	}
}

// Close ends what is done in the background and closes the tenant's store.
func (t *Tenant) Close() error {
	t.stop()
	<-t.idle
	return t.Store.Close()
}

// slot is a tenant that is open or being opened. uses and users are guarded by the directory.
type slot struct {
	once   sync.Once
	tenant *Tenant
	opened atomic.Pointer[Tenant] // tenant, for who has not waited for it
	err    error
	used   int64 // the directory's count at the last use
	users  int   // who holds it now
	gone   bool  // its tenant is in the list no more: the last who holds it closes it
}

// Use opens the tenant of an id, or takes it where it is open, and keeps it open until release is called.
// Faults: NotFound "tenant.unknown", Forbidden "tenant.suspended", Unavailable "http.shuttingDown" after
// Close, and those of its store.
func (d *Directory) Use(ctx context.Context, id string) (t *Tenant, release func(), err error) {
	entry, known := d.byID(id)
	if !known {
		return nil, nil, fault.New(fault.NotFound, "tenant.unknown").In("tenant.use").With("tenant", id)
	}
	if entry.Suspended {
		return nil, nil, fault.New(fault.Forbidden, "tenant.suspended").In("tenant.use")
	}
	s, err := d.hold(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	s.once.Do(func() {
		s.tenant, s.err = d.start(context.WithoutCancel(ctx), entry)
		s.opened.Store(s.tenant)
	})
	if s.err != nil {
		d.forget(id, s)
		return nil, nil, fault.Wrap("tenant.use", s.err)
	}
	var once sync.Once
	return s.tenant, func() { once.Do(func() { d.release(s) }) }, nil
}

func (d *Directory) hold(ctx context.Context, id string) (*slot, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.closing[id] != nil {
		if err := d.awaitClosed(ctx, d.closing[id]); err != nil {
			return nil, err
		}
	}
	if d.closed {
		return nil, fault.New(fault.Unavailable, "http.shuttingDown").In("tenant.use")
	}
	s := d.open[id]
	if s == nil {
		s = &slot{}
		d.open[id] = s
	}
	d.uses++
	s.used = d.uses
	s.users++
	return s, nil
}

// forget drops a slot whose tenant did not open, so that the next use tries again.
func (d *Directory) forget(id string, s *slot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open[id] == s {
		delete(d.open, id)
	}
}

func (d *Directory) release(s *slot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.users--
	for _, t := range d.surplus() {
		d.shutDown(t, d.rest)
	}
	if s.gone && s.users == 0 && d.open[s.tenant.ID] == s {
		delete(d.open, s.tenant.ID)
		d.shutDown(s.tenant, never)
	}
}

// busy tells whether jobs wait in an open tenant, or messages that are to leave soon.
func (s *slot) busy() bool { return s.tenant != nil && s.tenant.Engine.Busy() }

// surplus takes the least recently used tenants that nobody holds and that have nothing to do soon out of the open
// ones, down to MaxOpen.
func (d *Directory) surplus() []*Tenant {
	var idle []*Tenant
	for len(d.open) > d.config.MaxOpen {
		oldest := ""
		for id, s := range d.open {
			if s.users == 0 && !s.busy() && (oldest == "" || s.used < d.open[oldest].used) {
				oldest = id
			}
		}
		if oldest == "" {
			return idle
		}
		idle = append(idle, d.open[oldest].tenant)
		delete(d.open, oldest)
	}
	return idle
}

// Close closes all tenants and gives the place free. Whoever still uses a tenant must have released it.
func (d *Directory) Close() error {
	d.mu.Lock()
	was := d.closed
	d.closed = true
	d.mu.Unlock()
	d.shut.Wait()
	if was {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, s := range d.open {
		if s.tenant != nil {
			errs = append(errs, s.tenant.Close())
		}
	}
	return errors.Join(append(errs, d.home.close())...)
}
