package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"tidewater/engine/query"
)

// request does a thing once; n differs from any other call's in this run.
type request func(ctx context.Context, n int64) error

// load is one thing that users do, and the same done at the store alone.
type load struct {
	name     string
	at       int // how many do it at once
	api, raw request
	// examined is what the store touches for it, where it tells.
	examined *query.Work
}

// turn is what one contestant did in its slice of a round.
type turn struct {
	middle time.Duration // the median of its requests
	rate   float64       // requests a second
}

// contest is all rounds of a load: the API, the raw store, the floor.
type contest struct{ api, raw, floor []turn }

// measure lets a load and its baselines take turns, so that whatever else the machine does meets all of
// them. The first round is warm-up and is thrown away.
func (s *site) measure(ctx context.Context, l load) (c contest, err error) {
	for round := range s.Rounds + 1 {
		var got [3]turn
		for n, do := range []request{l.raw, l.api, s.floor} {
			if got[n], err = s.turn(ctx, l.at, do); err != nil {
				return c, err
			}
		}
		if round > 0 {
			c.raw, c.api, c.floor = append(c.raw, got[0]), append(c.api, got[1]), append(c.floor, got[2])
		}
	}
	return c, nil
}

// turn repeats a request for one slice, by at senders at once.
func (s *site) turn(ctx context.Context, at int, do request) (turn, error) {
	var (
		wait  sync.WaitGroup
		mu    sync.Mutex
		took  []time.Duration
		errs  []error
		began = s.Clock()
	)
	for range at {
		wait.Go(func() {
			mine, err := s.repeat(ctx, began.Add(s.Slice), do)
			mu.Lock()
			defer mu.Unlock()
			took, errs = append(took, mine...), append(errs, err)
		})
	}
	wait.Wait()
	spent := s.Clock().Sub(began)
	return turn{median(took), float64(len(took)) / spent.Seconds()}, errors.Join(errs...)
}

func (s *site) repeat(ctx context.Context, until time.Time, do request) (took []time.Duration, err error) {
	for {
		began := s.Clock()
		if len(took) > 0 && !began.Before(until) {
			return took, nil
		}
		if err := do(ctx, s.next.Add(1)); err != nil {
			return took, err
		}
		took = append(took, s.Clock().Sub(began))
	}
}

// median returns the middle one; all must not be empty.
func median[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// spread is the median of rounds with the least and the most of them.
type spread struct{ middle, least, most float64 }

func spreadOf(all []turn, of func(turn) float64) spread {
	return spreadBy(len(all), func(n int) float64 { return of(all[n]) })
}

func spreadBy(rounds int, of func(round int) float64) spread {
	values := make([]float64, rounds)
	for n := range values {
		values[n] = of(n)
	}
	return spread{median(values), slices.Min(values), slices.Max(values)}
}

func (t turn) milliseconds() float64 { return float64(t.middle) / float64(time.Millisecond) }
func (t turn) perSecond() float64    { return t.rate }

// times relates two contestants round by round, by what is asked of the load: time where one sender waits,
// throughput where many send.
func (c contest) times(than []turn, many bool) spread {
	return spreadBy(len(c.api), func(n int) float64 {
		if many {
			return than[n].rate / c.api[n].rate
		}
		return c.api[n].milliseconds() / than[n].milliseconds()
	})
}

func (c contest) print(out io.Writer, l load) {
	fmt.Fprintln(out, l.name)
	row := func(name string, turns []turn) {
		ms, rate := spreadOf(turns, turn.milliseconds), spreadOf(turns, turn.perSecond)
		fmt.Fprintf(out, "  %-10s %8.3f ms [%.3f – %.3f] %9.0f/s [%.0f – %.0f]", name, ms.middle, ms.least, ms.most, rate.middle, rate.least, rate.most)
	}
	row("API", c.api)
	fmt.Fprintln(out)
	against := func(name string, turns []turn) {
		row(name, turns)
		r := c.times(turns, l.at > 1)
		fmt.Fprintf(out, "   the API costs %.1f× [%.1f – %.1f]\n", r.middle, r.least, r.most)
	}
	against("raw store", c.raw)
	against("healthz", c.floor)
	if l.examined != nil {
		fmt.Fprintf(out, "  examined   %d records, %d entries\n", l.examined.Records, l.examined.Entries)
	}
	fmt.Fprintln(out)
}
