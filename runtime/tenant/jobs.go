package tenant

import (
	"context"
	"maps"
	"sync"

	"tidewater/engine/fault"
	"tidewater/engine/job"
)

// Tally counts jobs for the operator.
type Tally struct {
	Active map[job.State]int // that have not ended, of the tenants that are open
	Ended  map[Ending]int64  // since this process began
}

// Ending is how a kind of job came to its end.
type Ending struct {
	Kind  string
	State job.State
}

// endings counts jobs as they end. It is safe for concurrent use.
type endings struct {
	mu    sync.Mutex
	count map[Ending]int64
}

func (e *endings) add(kind string, state job.State) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.count == nil {
		e.count = map[Ending]int64{}
	}
	e.count[Ending{kind, state}]++
}

func (e *endings) all() map[Ending]int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return maps.Clone(e.count)
}

// Jobs counts the jobs of all tenants. One with jobs that wait stays open, so that none is missed.
func (d *Directory) Jobs(ctx context.Context) (Tally, error) {
	out := Tally{Active: map[job.State]int{job.Queued: 0, job.Running: 0}, Ended: d.ended.all()}
	for _, id := range d.busy() {
		t, release, err := d.Use(ctx, id)
		if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Forbidden) {
			continue // gone or suspended meanwhile
		}
		if err != nil {
			return out, err
		}
		active, err := t.Engine.Jobs.Active(ctx)
		release()
		if err != nil {
			return out, err
		}
		for state, n := range active {
			out.Active[state] += n
		}
	}
	return out, nil
}

// busy are the open tenants that have jobs, and those in use, which may.
func (d *Directory) busy() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []string
	for id, s := range d.open {
		if s.users > 0 || s.busy() {
			ids = append(ids, id)
		}
	}
	return ids
}
