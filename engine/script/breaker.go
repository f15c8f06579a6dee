package script

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tidewater/engine/fault"
)

// Figures are what a tenant's administrators see of a script: how often it ran, what it took, and whether it
// is suspended. They are of this process since it began, but for the latter, which counts in all.
type Figures struct {
	Script    string    `json:"script"`
	Runs      int64     `json:"runs"`
	Failed    int64     `json:"failed"`
	Killed    int64     `json:"killed"` // of those that failed: the worker had to be ended
	Busy      int64     `json:"busyMilliseconds"`
	LastFault string    `json:"lastFault,omitempty"`
	LastAt    time.Time `json:"lastAt,omitzero"`
	Suspended time.Time `json:"suspendedUntil,omitzero"`

	digest string
	row    []time.Time // kills without a good run between
}

// Suspension says until when a script is not run.
type Suspension struct {
	Script, Digest string
	Until          time.Time
}

const (
	// maxKills kills within killsIn, without a good run between, suspend a script.
	maxKills   = 3
	killsIn    = 10 * time.Minute
	suspension = 10 * time.Minute
	// maxFigures bounds the scripts that are told apart; sources come and go.
	maxFigures = 500
)

// killing are the faults for which a worker had to be ended.
var killing = []string{"script.time", "script.died", "script.memory"}

// mayRun refuses a script that is suspended, and a tenant that has used up its time.
func (b *Box) mayRun(class Class, s Script) error {
	if !b.pool.Runs() {
		return fault.New(fault.Unavailable, "script.noWalls")
	}
	now := b.pool.config.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until(s.Name, s.Digest).After(now) {
		return fault.New(fault.Unavailable, "script.suspended").With("script", s.Name)
	}
	if !b.budgets[class].left(now) {
		return fault.New(fault.Throttled, "script.budget").With("script", s.Name)
	}
	return nil
}

// until is until when a script is suspended, here or everywhere; b.mu is held.
func (b *Box) until(name, digest string) time.Time {
	var until time.Time
	if f, ok := b.figures[name]; ok && f.digest == digest {
		until = f.Suspended
	}
	if all := b.shared[name]; all.Digest == digest && all.Until.After(until) {
		until = all.Until
	}
	return until
}

// note counts a run, and suspends a script that had to be killed again and again.
func (b *Box) note(class Class, s Script, busy time.Duration, err error) {
	until := b.count(class, s, busy, err)
	b.mu.Lock()
	hear := b.suspended
	b.mu.Unlock()
	if !until.IsZero() && hear != nil {
		hear(Suspension{s.Name, s.Digest, until})
	}
}

// OnSuspend lets somebody hear of each script that is suspended here, and until when.
func (b *Box) OnSuspend(hear func(Suspension)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.suspended = hear
}

// Share says which scripts are suspended in every process, in place of what it said before. What was suspended here
// and is among them ends with them.
func (b *Box) Share(all []Suspension) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shared = make(map[string]Suspension, len(all))
	for _, one := range all {
		b.shared[one.Script] = one
		if f, ok := b.figures[one.Script]; ok && f.digest == one.Digest {
			f.Suspended = time.Time{}
		}
	}
}

// count counts a run; until is zero unless it has suspended the script.
func (b *Box) count(class Class, s Script, busy time.Duration, err error) (until time.Time) {
	now := b.pool.config.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.budgets[class].spend(now, busy)
	f, ok := b.figures[s.Name]
	if !ok || f.digest != s.Digest {
		if len(b.figures) >= maxFigures {
			b.figures = map[string]*Figures{}
		}
		f = &Figures{Script: s.Name, digest: s.Digest}
		b.figures[s.Name] = f
	}
	f.Runs++
	f.Busy += busy.Milliseconds()
	var why *fault.Error
	if !errors.As(err, &why) {
		f.row = nil
		return until
	}
	f.Failed++
	f.LastFault, f.LastAt = why.Code, now
	if !slices.Contains(killing, why.Code) {
		return until
	}
	f.Killed++
	f.row = slices.DeleteFunc(append(f.row, now), func(at time.Time) bool { return now.Sub(at) > killsIn })
	if len(f.row) >= maxKills {
		f.Suspended, f.row = now.Add(suspension), nil
		return f.Suspended
	}
	return until
}

// Figures lists the tenant's scripts that have run here, by name.
func (b *Box) Figures() []Figures {
	now := b.pool.config.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Figures, 0, len(b.figures))
	for name, f := range b.figures {
		one := *f
		if one.Suspended = b.until(name, f.digest); !one.Suspended.After(now) {
			one.Suspended = time.Time{}
		}
		out = append(out, one)
	}
	for name, one := range b.shared {
		if f, ran := b.figures[name]; one.Until.After(now) && (!ran || f.digest != one.Digest) {
			out = append(out, Figures{Script: name, Suspended: one.Until}) // it has not run here
		}
	}
	slices.SortFunc(out, func(a, b Figures) int { return strings.Compare(a.Script, b.Script) })
	return out
}

// Resume lets a suspended script run again here; false where it was not suspended.
func (b *Box) Resume(name string) bool {
	now := b.pool.config.Clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.shared[name].Until.After(now)
	delete(b.shared, name)
	if f, ok := b.figures[name]; ok {
		was = was || f.Suspended.After(now)
		f.Suspended, f.row = time.Time{}, nil
	}
	return was
}

// allowance is time that comes back by and by: a tenant may use up to most at once, and half of the clock's
// time for good.
type allowance struct {
	most, used time.Duration
	at         time.Time
}

// budgets are how much of the workers' time a tenant may use at once.
var budgets = map[Class]time.Duration{Waiting: 30 * time.Second, Background: 5 * time.Minute}

func (a *allowance) refresh(now time.Time) {
	if !a.at.IsZero() && now.After(a.at) {
		a.used = max(a.used-now.Sub(a.at)/2, 0)
	}
	a.at = now
}

func (a *allowance) left(now time.Time) bool {
	a.refresh(now)
	return a.used < a.most
}

func (a *allowance) spend(now time.Time, busy time.Duration) {
	a.refresh(now)
	a.used += busy
}
