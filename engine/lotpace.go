package engine

import (
	"sync/atomic"
	"time"
)

const (
	// lotTime is how long a lot should take to be written: whoever saves meanwhile waits for it, and for the rest of the
	// commit that it shares. Large lots cost less for each record, where a machine is quick enough for them.
	lotTime = 75 * time.Millisecond
	// lotFirst is how many records the first lot has, lotLeast and lotMost bound those behind it.
	lotFirst, lotLeast, lotMost = 100, 50, 250
)

// lotPace is how many records a lot has, by how long the last took. Safe for concurrent use.
type lotPace struct{ now atomic.Int64 } // 0: lotFirst

func (p *lotPace) next() int {
	if n := int(p.now.Load()); n > 0 {
		return n
	}
	return lotFirst
}

// wrote is told how long a lot of n took to be written. A smaller one than was asked for says too little of larger ones.
func (p *lotPace) wrote(n int, took time.Duration) {
	now := p.next()
	if n < now && took <= lotTime {
		return
	}
	fits := int(int64(n) * int64(lotTime) / max(1, int64(took)))
	fits = min(max(fits, now/2), now+now/4)
	p.now.Store(int64(min(max(fits, lotLeast), lotMost)))
}
