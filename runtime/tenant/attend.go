package tenant

import (
	"context"
	"sync"
	"time"

	"tidewater/engine/fault"
)

// What a process keeps in memory, and why others over the same MongoDB may do as they like:
//
//	in the store, asked each time    sessions and tokens (for a second they are believed, signin/seen.go), failed sign-ins, idempotency
//	                                 keys, jobs, schedules, sweeps and their leases, who has settled which event, files and pieces of
//	                                 uploads, the key of cursors, since when scripts hear of commits
//	refreshed by a number            this list (every 500 ms); people (700 ms, their stamps at each request); what is published, the working
//	                                 calendar, suspended scripts (500 ms, engine/hearing.go), and what is published once more in
//	                                 the transaction of each save; the layouts of forms (500 ms, and at the gate of each transaction,
//	                                 store/mongo/layouts.go); to which of these schedules were brought last
//	read again from the store        the ring of events (engine/live); files and plans that jobs have in hand, by the id of a job
//	                                 whose lease this process has
//	each process's own, and harmless three streams per session, uploads at once, time for scripts and how often each is kept an hour,
//	                                 hosts that do not answer, tokens of chat services, figures for the operator
const (
	// listEvery is how often one looks for tenants that other processes have made, suspended or taken away.
	listEvery = 500 * time.Millisecond
	// attendEvery is how often one looks whether work waits in tenants that are closed here: what another process had
	// begun when it died.
	attendEvery = 10 * time.Minute
	// behindAfter is how long a process is asked that has not heard of what others have changed.
	behindAfter = 2 * time.Second
)

// Attend looks after the tenants until ctx ends, whoever asks for them: it opens each once, so that work which waits
// from before goes on, and those that were closed when something is due there. Where other processes serve from the same
// place it hears of what they do to the list, and looks again now and then for work that one has left. Those with nothing
// to do are closed again as others come. What fails is logged.
func (d *Directory) Attend(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	if d.config.At.isShared() {
		all.Go(func() { every(ctx, listEvery, d.listen) })
		all.Go(func() { every(ctx, attendEvery, d.openAll) })
	} else {
		d.openAll(ctx)
	}
	every(ctx, wakeEvery, d.Wake)
}

// every does something at once and then again and again until ctx ends.
func every(ctx context.Context, often time.Duration, do func(context.Context)) {
	tick := time.NewTicker(often)
	defer tick.Stop()
	for ctx.Err() == nil {
		do(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

func (d *Directory) listen(ctx context.Context) {
	now := d.config.Clock()
	if err := d.refresh(ctx); err != nil {
		if ctx.Err() == nil {
			d.config.Log.Error("background", "error", err.Error())
		}
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = now
}

// openAll opens those that are not. Each is let go at once.
func (d *Directory) openAll(ctx context.Context) {
	for _, entry := range d.List() {
		if !d.isOpen(entry.ID) {
			d.attend(ctx, entry.ID)
		}
	}
}

func (d *Directory) isOpen(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open[id] != nil
}

// upToDate is part of Ready: the list of tenants, and what is kept in memory of each that is open, are not older than
// two seconds. Without Attend nobody has promised that of the list.
func (d *Directory) upToDate() error {
	latest := d.config.Clock().Add(-behindAfter)
	d.mu.Lock()
	defer d.mu.Unlock()
	behind := !d.heard.IsZero() && d.heard.Before(latest)
	for _, s := range d.open {
		if t := s.opened.Load(); t != nil {
			behind = behind || t.heard.Load().Before(latest) || t.Engine.Heard().Before(latest)
		}
	}
	if behind {
		return fault.New(fault.Unavailable, "http.behind")
	}
	return nil
}

// unlisted takes those out of the open ones that are in the list no more, or suspended; those that somebody holds are
// closed by the last who does. d.mu is held.
func (d *Directory) unlisted() []*Tenant {
	served := make(map[string]bool, len(d.entries))
	for _, e := range d.entries {
		served[e.ID] = !e.Suspended
	}
	var idle []*Tenant
	for id, s := range d.open {
		if s.gone = !served[id]; !s.gone || s.users > 0 {
			continue
		}
		delete(d.open, id)
		if t := s.opened.Load(); t != nil {
			idle = append(idle, t)
		}
	}
	return idle
}
