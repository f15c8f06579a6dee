package store

import (
	"sync/atomic"
	"time"
)

// Pace is how many events a consumer takes at once: fewer where those it took last came near the end of their lease,
// and step by step as many as before once they no longer do. What is slow, because many records follow from it or because
// the writer has others to serve, would else never be done, but taken again and again. Safe for concurrent use.
type Pace struct {
	Most  int           // at once, above 0
	Lease time.Duration // of what is taken
	now   atomic.Int64  // 0: Most
}

// paceWithin is the part of a lease that all of a batch should take.
const paceWithin = 4

// Next is how many events to take now, 1 to Most.
func (p *Pace) Next() int {
	if n := int(p.now.Load()); n > 0 {
		return n
	}
	return p.Most
}

// Took is told how long it took to deal with n events that were taken at once, whether or not all went well.
func (p *Pace) Took(n int, took time.Duration) {
	switch now := p.Next(); {
	case took > p.Lease/paceWithin:
		p.now.Store(int64(max(1, min(n, now)/2)))
	case n >= now:
		p.now.Store(int64(min(p.Most, 2*now)))
	}
}
