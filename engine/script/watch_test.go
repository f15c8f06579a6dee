package script_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

// slow is a host that takes its time, which is none of the script's.
type slow struct{ takes time.Duration }

func (h slow) Answer(context.Context, string, []any) (any, int, error) {
	for from := time.Now(); time.Since(from) < h.takes; {
		continue
	}
	return nil, 0, nil
}
func (slow) NewID() string { return "new" }

func TestWaitingIsNoWork(t *testing.T) {
	pool := newPool(t)
	s := of(`return get("thing", "x")`)
	s.Limits.Time = 50 * time.Millisecond
	got, err := pool.Box("one").Run(t.Context(), script.Waiting, s, script.Call{Event: "beforeUpdate"}, slow{3 * s.Limits.Time})
	if err != nil || got.Used.Milliseconds >= got.Limit.Milliseconds {
		t.Errorf("%v, used %d of %d ms", err, got.Used.Milliseconds, got.Limit.Milliseconds)
	}
}

// TestTheClockIsNoLimit: beside others' work a run takes many times its processor time, and a short one more.
func TestTheClockIsNoLimit(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{
		20 * time.Millisecond: 800 * time.Millisecond, 250 * time.Millisecond: 10 * time.Second, 2 * time.Second: 16 * time.Second, time.Minute: 8 * time.Minute,
	} {
		if got := script.CeilingOf(limit); got != want {
			t.Errorf("%v of processor time may take %v by the clock, want %v", limit, got, want)
		}
	}
}

// endless is a script that is stopped by nothing but its time, of which it has more than any test.
func endless() script.Script {
	s := of(`while true do end`)
	s.Limits.Time, s.Limits.Instructions = time.Hour, 1<<50
	return s
}

// TestAShortRunNeedNotWaitForALongOne: there is one place for both, and the long one ends when the test says so.
func TestAShortRunNeedNotWaitForALongOne(t *testing.T) {
	pool := newPool(t)
	ctx, stop := context.WithCancel(t.Context())
	var long sync.WaitGroup
	ended := make(chan error, 1)
	long.Go(func() {
		_, err := pool.Box("hog").Run(ctx, script.Waiting, endless(), script.Call{Event: "beforeUpdate"}, slow{})
		ended <- err
	})
	for range 5 {
		if _, err := pool.Box("one").Run(t.Context(), script.Waiting, of("return 1"), script.Call{Event: "beforeUpdate"}, slow{}); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("the long run has ended: %v", err)
	default:
	}
	stop()
	long.Wait()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the long run ends with %v", err)
	}
}

// TestALongRunKeepsItsTenantsShare: on two cores a tenant has one run at a time, however long it takes.
func TestALongRunKeepsItsTenantsShare(t *testing.T) {
	pool := newPool(t)
	for n := range 3 * script.MaxAside { // places aside come back too
		s := of(`while true do end`)
		s.Limits.Time, s.Limits.Instructions = 15*time.Millisecond, 1<<50
		_, err := pool.Box("hog"+string(rune('a'+n))).Run(t.Context(), script.Waiting, s, script.Call{Event: "beforeUpdate"}, slow{})
		if fault.CodeOf(err) != "script.time" {
			t.Fatalf("%d ends with %v", n, err)
		}
	}
	if aside := pool.Aside(); aside != 0 {
		t.Errorf("%d are still aside", aside)
	}
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			_, _ = pool.Box("hog").Run(ctx, script.Waiting, endless(), script.Call{Event: "beforeUpdate"}, slow{})
		})
	}
	for pool.Aside() == 0 {
		if _, err := pool.Box("one").Run(t.Context(), script.Waiting, of("return 1"), script.Call{Event: "beforeUpdate"}, slow{}); err != nil {
			t.Fatal(err)
		}
	}
	if aside := pool.Aside(); aside != 1 {
		t.Errorf("%d of one tenant run at once", aside)
	}
	stop()
	all.Wait()
}

// TestWaitedTime: a process that is as old as this one has stood in the queue for a moment.
func TestWaitedTime(t *testing.T) {
	told := script.WaitedTime(os.Getpid())
	if _, err := os.Stat("/proc/self/schedstat"); (err == nil) != (told > 0) || told > time.Since(began)*time.Duration(1000) {
		t.Errorf("this process has waited %v; the system tells: %v", told, err)
	}
	if gone := script.WaitedTime(1 << 30); gone != 0 {
		t.Errorf("a process that is not there has waited %v", gone)
	}
}

var began = time.Now()

// TestAStarvedRunIsNoFaultOfItsScript: a worker that has stood ready most of the time, and was not let by the
// machine, is ended as any other, and its script goes on being trusted. So is one whom nobody could look after in time.
func TestAStarvedRunIsNoFaultOfItsScript(t *testing.T) {
	faulty := []string{"script.time", "script.time", "script.time", "script.suspended"}
	starved := slices.Repeat([]string{"script.starved"}, len(faulty))
	for name, is := range map[string]struct {
		waits, step time.Duration // at each look at them
		want        []string
	}{
		"stood ready":     {time.Hour, 100 * time.Millisecond, starved},
		"looked at late":  {0, time.Hour, starved},
		"does not answer": {0, 100 * time.Millisecond, faulty},
	} {
		t.Run(name, func(t *testing.T) {
			pool := hostilePool(t, "silent") // it uses next to no time
			var waited, passed atomic.Int64
			pool.Waits(func(int) time.Duration { return time.Duration(waited.Add(int64(is.waits))) })
			pool.Clocked(func() time.Time { return began.Add(time.Duration(passed.Add(int64(is.step)))) })
			s := of("return 1")
			s.Limits.Time = 25 * time.Millisecond
			box := pool.Box("one")
			for n, code := range is.want {
				_, err := box.Run(t.Context(), script.Waiting, s, script.Call{Event: "beforeUpdate"}, slow{})
				if fault.CodeOf(err) != code || code == starved[0] && fault.KindOf(err) != fault.Unavailable {
					t.Errorf("run %d: %v, want %s", n, err, code)
				}
			}
			if got := box.Figures()[0]; is.want[0] == starved[0] && (got.Killed != 0 || got.Failed != int64(len(is.want))) {
				t.Errorf("%+v", got)
			}
		})
	}
}
