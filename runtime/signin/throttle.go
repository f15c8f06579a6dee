package signin

import (
	"net/netip"
	"sync"
	"time"

	"tidewater/engine/fault"
)

// limit says how many failures are free and how long one waits after those.
type limit struct {
	free  int
	first time.Duration // the wait after the first failure beyond the free ones; each further one doubles it
	most  time.Duration
}

// Three things are counted: one name from one address, which is a person or a guesser; one name from
// anywhere, which is many guessers after one person; one address, which is one guesser after many people.
// The latter two are wide, because they also stop those who have done nothing.
func pairLimit() limit { return limit{free: 5, first: 5 * time.Second, most: 15 * time.Minute} }
func nameLimit() limit { return limit{free: 100, first: 5 * time.Second, most: time.Minute} }
func addrLimit() limit { return limit{free: 200, first: 5 * time.Second, most: 5 * time.Minute} }

const (
	// forgetAfter is how long after the last failure all of them are forgotten.
	forgetAfter = 30 * time.Minute
	// maxTallies bounds what strangers can make us remember.
	maxTallies = 50_000
)

type tally struct {
	failures int
	last     time.Time
}

// Throttle slows down guessing. It is safe for concurrent use; what it remembers ends with the process.
type Throttle struct {
	clock func() time.Time
	mu    sync.Mutex
	seen  map[string]tally
}

// NewThrottle returns a Throttle over a clock.
func NewThrottle(clock func() time.Time) *Throttle {
	return &Throttle{clock: clock, seen: map[string]tally{}}
}

// Attempt is one try to sign in, counted as failed until it succeeds.
type Attempt struct {
	throttle   *Throttle
	pair, name string
	addr       string
}

// Try counts a try, or refuses it with Throttled "auth.throttled" whose arg seconds says how long to wait.
// A try counts as failed at once, so that many at the same time gain nothing.
func (t *Throttle) Try(door, username, addr string) (*Attempt, error) {
	addr = network(addr)
	a := &Attempt{
		throttle: t,
		pair:     "pair\x00" + door + "\x00" + username + "\x00" + addr,
		name:     "name\x00" + door + "\x00" + username,
		addr:     "addr\x00" + addr,
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	wait := max(t.wait(a.pair, pairLimit(), now), t.wait(a.name, nameLimit(), now), t.wait(a.addr, addrLimit(), now))
	if wait > 0 {
		seconds := int64((wait + time.Second - 1) / time.Second)
		return nil, fault.New(fault.Throttled, "auth.throttled").In("signin").With("seconds", seconds)
	}
	t.makeRoom(now)
	for _, key := range []string{a.pair, a.name, a.addr} {
		c := t.seen[key]
		if now.Sub(c.last) > forgetAfter {
			c = tally{}
		}
		t.seen[key] = tally{failures: c.failures + 1, last: now}
	}
	return a, nil
}

// network is what one guesser has to try from: one IPv4 address, but of IPv6 a whole /64.
func network(addr string) string {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return addr
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	// A prefix of 64 bits fits every IPv6 address.
	prefix, _ := ip.WithZone("").Prefix(64)
	return prefix.String()
}

// Succeeded takes the count back: the name's from this address wholly, the others by this try.
func (a *Attempt) Succeeded() {
	t := a.throttle
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, a.pair)
	for _, key := range []string{a.name, a.addr} {
		if c, ok := t.seen[key]; ok {
			c.failures--
			t.seen[key] = c
		}
	}
}

func (t *Throttle) wait(key string, l limit, now time.Time) time.Duration {
	c, ok := t.seen[key]
	over := c.failures - l.free
	if !ok || over < 0 || now.Sub(c.last) > forgetAfter {
		return 0
	}
	pause := l.most
	// Beyond 20 doublings every limit has reached its most.
	if over < 20 {
		pause = min(l.first<<over, l.most)
	}
	return max(0, c.last.Add(pause).Sub(now))
}

// makeRoom drops what is forgotten, and when that is not enough, everything: guessing from that many
// places at once is not stopped here anyway.
func (t *Throttle) makeRoom(now time.Time) {
	if len(t.seen) < maxTallies {
		return
	}
	for key, c := range t.seen {
		if now.Sub(c.last) > forgetAfter {
			delete(t.seen, key)
		}
	}
	if len(t.seen) >= maxTallies {
		clear(t.seen)
	}
}
