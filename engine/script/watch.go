package script

import (
	"sync"
	"time"
)

// A worker has so much processor time for what it is asked. The clock is no measure of it: beside others'
// work an honest script would be ended for what it waits. It only bounds what is never done at all, and is the
// measure where the system tells no processor time of a child.

const (
	// maxWaits is how many times its processor time a worker may take by the clock. A short run gets more, up to
	// shortWaits or shortWait, whichever is less: it stands behind all others once it has overstayed, and whoever
	// ends it for that suspends honest scripts on a busy machine.
	maxWaits   = 8
	shortWaits = 40
	shortWait  = 10 * time.Second
	// overstay is the processor time after which a run is no short one: others need not wait for its end.
	overstay = 8 * time.Millisecond
)

// watch looks on while a worker works, as rarely as it can: when the time that is left could be used up.
type watch struct {
	worker    *worker
	limit     time.Duration // of processor time
	ceiling   time.Duration // by the clock
	overstays func()        // nil once it was called
	begun     time.Time
	from      time.Duration // processor time of the worker at the beginning
	counted   bool          // the system tells it
	looked    bool
	queued    time.Duration // what the worker had waited for a processor when it was first looked at

	mu    sync.Mutex
	timer *time.Timer
	over  bool
}

// begin looks on until end. overstays, if not nil, is called once the run is no short one.
func (w *worker) begin(of timed) *watch {
	limit, overstays := of.limit, of.overstays
	t := &watch{worker: w, limit: limit, ceiling: ceilingOf(limit) + of.waits, overstays: overstays, begun: w.clock()}
	if t.from, t.counted = cpuTime(w.cmd.Process.Pid); !t.counted {
		t.ceiling = limit + of.waits
	}
	first := limit
	if overstays != nil {
		first = min(first, overstay)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(first, t.look)
	return t
}

// ceilingOf is how long a worker may take by the clock for a processor time.
func ceilingOf(limit time.Duration) time.Duration {
	return max(maxWaits*limit, min(shortWaits*limit, shortWait))
}

// used is the time that counts so far.
func (t *watch) used() time.Duration {
	clock := t.worker.clock().Sub(t.begun)
	if !t.counted {
		return clock
	}
	if now, told := cpuTime(t.worker.cmd.Process.Pid); told {
		return now - t.from
	}
	return clock // it is gone
}

func (t *watch) look() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	used, clock := t.used(), t.worker.clock().Sub(t.begun)
	late := !t.looked && clock >= t.ceiling // whoever looks on was not let by the machine either
	if !t.looked {
		t.looked, t.queued = true, t.worker.queued()
	}
	if used >= t.limit || clock >= t.ceiling {
		// Whoever wanted to work most of the time and was not let by the machine has done nothing wrong.
		t.worker.starved.Store(used < t.limit && (late || t.worker.queued()-t.queued >= clock/2))
		t.worker.stop()
		return
	}
	next := min(t.limit-used, t.ceiling-clock)
	if t.overstays != nil && used >= overstay {
		t.overstays()
		t.overstays = nil
	}
	if t.overstays != nil {
		next = min(next, overstay-used)
	}
	t.timer.Reset(max(next, time.Millisecond))
}

// end stops looking on and returns the time that was used.
func (t *watch) end() time.Duration {
	used := t.used()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.timer.Stop()
	return used
}
