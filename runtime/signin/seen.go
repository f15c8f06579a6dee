package signin

import (
	"sync"
	"time"
)

const (
	// seenFor is how long a grant is believed without asking the store again: as long as one that another
	// process has ended may still be used. What ends all of a user's grants at once, another password say,
	// is held against the people at each request and waits for nothing.
	seenFor = time.Second
	// maxSeen bounds the grants that are remembered.
	maxSeen = 10_000
)

// seen remembers the grants that came just now, so that a client's next request asks no store for what its
// last one asked. It is safe for concurrent use.
type seen struct {
	clock func() time.Time
	mu    sync.Mutex
	by    map[seenKey]seenGrant
	ended int64 // how many grants were ended here: what was read before such an end is not remembered after it
}

type seenKey struct{ tenant, key string }

type seenGrant struct {
	granted
	at time.Time
}

func newSeen(clock func() time.Time) *seen { return &seen{clock: clock, by: map[seenKey]seenGrant{}} }

// find returns a grant from memory or by load, whose faults it passes on.
func (s *seen) find(tenant, key string, load func() (granted, error)) (granted, error) {
	at, now := seenKey{tenant, key}, s.clock()
	s.mu.Lock()
	known, ok := s.by[at]
	ended := s.ended
	s.mu.Unlock()
	if since := now.Sub(known.at); ok && since >= 0 && since < seenFor {
		return known.granted, nil
	}
	g, err := load()
	if err != nil {
		return g, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ended != s.ended {
		return g, nil
	}
	if len(s.by) >= maxSeen {
		clear(s.by)
	}
	s.by[at] = seenGrant{g, now}
	return g, nil
}

// forget is told of a grant that has ended.
func (s *seen) forget(tenant, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended++
	delete(s.by, seenKey{tenant, key})
}
