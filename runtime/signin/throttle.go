package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"strings"
	"sync"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
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
	// tallies is the side collection of counts, by the hash of what is counted.
	tallies = "throttle"
	// forgetAfter is how long after the last failure all of them are forgotten.
	forgetAfter = 30 * time.Minute
	// sweepEvery is how often forgotten counts are cleared away.
	sweepEvery = 10 * time.Minute
)

// tally is a count as it lies in the store.
type tally struct {
	Failures int       `json:"failures"`
	Last     time.Time `json:"last"`
}

// Tallies is where counts are kept, the same for every tenant and for tenants that do not exist, so that
// a restart forgives nobody and no answer comes sooner than another.
type Tallies interface {
	Tx(ctx context.Context, do func(tx store.Tx) error) error
	Sweep(ctx context.Context, now time.Time) (int, error)
}

// Throttle slows down guessing. It is safe for concurrent use, also by several processes.
type Throttle struct {
	clock func() time.Time
	store Tallies

	mu    sync.Mutex
	swept time.Time
}

// NewThrottle returns a Throttle over a clock and a store.
func NewThrottle(clock func() time.Time, s Tallies) *Throttle {
	return &Throttle{clock: clock, store: s, swept: clock()}
}

// Attempt is one try to sign in, counted as failed until it succeeds.
type Attempt struct {
	throttle         *Throttle
	pair, name, addr counted
}

// counted is something that is counted, and how.
type counted struct {
	key   string
	limit limit
}

func counting(l limit, parts ...string) counted {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return counted{key: hex.EncodeToString(sum[:]), limit: l}
}

// Try counts a try, or refuses it with Throttled "auth.throttled" whose arg seconds says how long to wait.
// A try counts as failed at once, so that many at the same time gain nothing.
func (t *Throttle) Try(ctx context.Context, door, username, addr string) (*Attempt, error) {
	addr = network(addr)
	a := &Attempt{
		throttle: t,
		pair:     counting(pairLimit(), "pair", door, username, addr),
		name:     counting(nameLimit(), "name", door, username),
		addr:     counting(addrLimit(), "addr", addr),
	}
	now := t.clock().UTC()
	if err := t.sweep(ctx, now); err != nil {
		return nil, err
	}
	var wait time.Duration
	err := t.store.Tx(ctx, func(tx store.Tx) error {
		wait = 0
		var had [3]tally
		for i, c := range []counted{a.pair, a.name, a.addr} {
			var err error
			if had[i], err = load(ctx, tx, c.key); err != nil {
				return err
			}
			wait = max(wait, had[i].wait(c.limit, now))
		}
		if wait > 0 {
			return nil
		}
		for i, c := range []counted{a.pair, a.name, a.addr} {
			if now.Sub(had[i].Last) > forgetAfter {
				had[i] = tally{}
			}
			if err := save(ctx, tx, c.key, tally{had[i].Failures + 1, now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fault.Wrap("signin.try", err)
	}
	if wait > 0 {
		seconds := int64((wait + time.Second - 1) / time.Second)
		return nil, fault.New(fault.Throttled, "auth.throttled").In("signin").With("seconds", seconds)
	}
	return a, nil
}

func load(ctx context.Context, tx store.Tx, key string) (c tally, err error) {
	item, err := tx.Load(ctx, tallies, key)
	if fault.KindOf(err) == fault.NotFound {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(item.Body, &c); err != nil {
		return c, fault.New(fault.Internal, "store.corrupt").In("signin.try").Because(err)
	}
	return c, nil
}

func save(ctx context.Context, tx store.Tx, key string, c tally) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return tx.Save(ctx, tallies, store.Item{Key: key, Expires: c.Last.Add(forgetAfter), Body: body}, store.AnyRevision)
}

// sweep clears forgotten counts away, now and then.
func (t *Throttle) sweep(ctx context.Context, now time.Time) error {
	t.mu.Lock()
	due := now.Sub(t.swept) >= sweepEvery
	if due {
		t.swept = now
	}
	t.mu.Unlock()
	if !due {
		return nil
	}
	_, err := t.store.Sweep(ctx, now)
	return fault.Wrap("signin.sweep", err)
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
func (a *Attempt) Succeeded(ctx context.Context) error {
	return fault.Wrap("signin.succeeded", a.throttle.store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Drop(ctx, tallies, a.pair.key); err != nil {
			return err
		}
		for _, c := range []counted{a.name, a.addr} {
			had, err := load(ctx, tx, c.key)
			if err != nil || had.Failures == 0 {
				return err
			}
			had.Failures--
			if err := save(ctx, tx, c.key, had); err != nil {
				return err
			}
		}
		return nil
	}))
}

// wait is how long one has to wait still.
func (c tally) wait(l limit, now time.Time) time.Duration {
	over := c.Failures - l.free
	if over < 0 || now.Sub(c.Last) > forgetAfter {
		return 0
	}
	pause := l.most
	// Beyond 20 doublings every limit has reached its most.
	if over < 20 {
		pause = min(l.first<<over, l.most)
	}
	return max(0, c.Last.Add(pause).Sub(now))
}
