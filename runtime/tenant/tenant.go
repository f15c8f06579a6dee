package tenant

import (
	"context"
	"errors"
	"sync"
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

	stop context.CancelFunc // ends the work in the background
	idle chan struct{}      // closed when it has ended
}

// work begins what is done in the background.
func (t *Tenant) work(tell func(error)) {
	ctx, stop := context.WithCancel(context.Background())
	t.stop, t.idle = stop, make(chan struct{})
	go func() {
		defer close(t.idle)
		var people sync.WaitGroup
		defer people.Wait()
		people.Go(func() { t.refresh(ctx, tell) })
		t.Engine.Work(ctx, tell)
	}()
}

// refreshEvery is how often one looks whether another process has changed the people: within a second a
// session must end everywhere.
const refreshEvery = 700 * time.Millisecond

func (t *Tenant) refresh(ctx context.Context, tell func(error)) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := t.People.Refresh(ctx); err != nil && ctx.Err() == nil {
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
	err    error
	used   int64 // the directory's count at the last use
	users  int   // who holds it now
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
	s, err := d.hold(id)
	if err != nil {
		return nil, nil, err
	}
	s.once.Do(func() { s.tenant, s.err = d.start(context.WithoutCancel(ctx), entry) })
	if s.err != nil {
		d.forget(id, s)
		return nil, nil, fault.Wrap("tenant.use", s.err)
	}
	var once sync.Once
	return s.tenant, func() { once.Do(func() { d.release(s) }) }, nil
}

func (d *Directory) hold(id string) (*slot, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
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
	s.users--
	idle := d.surplus()
	d.mu.Unlock()
	// An error of closing is kept by the store's own log: nobody who waits here could do anything about it.
	for _, t := range idle {
		_ = t.Close()
	}
}

// busy tells whether jobs or messages wait in an open tenant, which would wait for somebody to come if it were closed.
func (s *slot) busy() bool { return s.tenant != nil && s.tenant.Engine.Busy() }

// surplus takes the least recently used tenants that nobody holds and that have no jobs out of the open
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

// Attend opens each tenant once, so that work which waits from before goes on although nobody asks for it.
// Those with nothing to do are closed again as others come. What fails is logged.
func (d *Directory) Attend(ctx context.Context) {
	for _, entry := range d.List() {
		if ctx.Err() != nil {
			return
		}
		_, release, err := d.Use(ctx, entry.ID)
		if err == nil {
			release()
		} else if fault.KindOf(err) != fault.Forbidden {
			d.config.Log.Error("background", "tenant", entry.ID, "error", err.Error())
		}
	}
}

// Close closes all tenants and gives the place free. Whoever still uses a tenant must have released it.
func (d *Directory) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	var errs []error
	for _, s := range d.open {
		if s.tenant != nil {
			errs = append(errs, s.tenant.Close())
		}
	}
	return errors.Join(append(errs, d.home.close())...)
}
