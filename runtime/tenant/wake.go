package tenant

import (
	"context"
	"slices"
	"time"

	"tidewater/engine/fault"
)

// Of many tenants those that nobody uses are closed, and what is due there has to be done all the same: sweeps,
// schedules, reminders, a digest in the evening. Whoever closes one asks it when it wants to be opened again. These
// times are this process's own; one that begins opens each tenant once, and so learns them.

const (
	// wakeEvery is how often one looks for tenants that are to be opened.
	wakeEvery = time.Second
	// restWithin bounds what is done for a tenant before it is closed; whoever comes back waits for that.
	restWithin = 5 * time.Second
	// anew is when a tenant is opened again that could not tell, or could not be opened.
	anew, suspendedAnew = time.Minute, 10 * time.Minute
)

// Wake opens the tenants in which something is due by now. Those with nothing to do are closed again as others come.
func (d *Directory) Wake(ctx context.Context) {
	for _, id := range d.due() {
		d.attend(ctx, id)
	}
}

func (d *Directory) due() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.config.Clock()
	var ids []string
	for id, at := range d.wakes {
		if !at.After(now) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return d.wakes[a].Compare(d.wakes[b]) })
	return ids
}

// attend opens a tenant and begins what is due there.
func (d *Directory) attend(ctx context.Context, id string) {
	if ctx.Err() != nil {
		return
	}
	d.mu.Lock()
	delete(d.wakes, id)
	d.mu.Unlock()
	t, release, err := d.Use(ctx, id)
	if err == nil {
		defer release()
		err = t.Engine.Due(ctx)
	}
	switch {
	case err == nil || ctx.Err() != nil || fault.KindOf(err) == fault.NotFound: // gone meanwhile
		return
	case fault.KindOf(err) == fault.Forbidden:
		d.wakeAt(id, d.config.Clock().Add(suspendedAnew))
		return
	}
	d.wakeAt(id, d.config.Clock().Add(anew))
	d.config.Log.Error("background", "tenant", id, "error", err.Error())
}

func (d *Directory) wakeAt(id string, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wakes[id] = at
}

// shutDown closes a tenant that is among the open ones no more, beside those who wait for others, and opens it again
// when again says. What it returns is closed when that is done. d.mu is held.
func (d *Directory) shutDown(t *Tenant, again func(*Tenant) time.Time) <-chan struct{} {
	done := make(chan struct{})
	d.closing[t.ID] = done
	d.shut.Go(func() {
		at := again(t)
		// An error of closing is kept by the store's own log: nobody could do anything about it here.
		_ = t.Close()
		d.mu.Lock()
		defer d.mu.Unlock()
		if !at.IsZero() {
			d.wakes[t.ID] = at
		}
		delete(d.closing, t.ID)
		close(done)
	})
	return done
}

// rest asks a tenant when it wants to be opened again.
func (d *Directory) rest(t *Tenant) time.Time {
	ctx, end := context.WithTimeout(context.Background(), restWithin)
	defer end()
	until, err := t.Engine.Rest(ctx)
	if err != nil {
		d.config.Log.Error("background", "tenant", t.ID, "error", err.Error())
		return d.config.Clock().Add(anew)
	}
	return until
}

// never is for those who are in the list no more: nothing is done for them.
func never(*Tenant) time.Time { return time.Time{} }

// awaitClosed waits until a tenant is closed. d.mu is held, but not while one waits.
func (d *Directory) awaitClosed(ctx context.Context, done <-chan struct{}) error {
	d.mu.Unlock()
	defer d.mu.Lock()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
