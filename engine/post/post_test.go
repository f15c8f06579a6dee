package post_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/post"
	"tidewater/engine/store"
	"tidewater/engine/store/teststore"
)

// counter is an office over a real store whose clock stands still, and the hosts that it sends to.
type counter struct {
	*testing.T
	*post.Office
	store store.Store

	mu      sync.Mutex
	now     time.Time
	holders int
	answers map[string][]any // by parcel: what becomes of each try, error or post.Verdict; none is sent
	sent    []string         // parcels as they were tried
	given   []string         // up
	breaks  bool             // the next transaction of the office fails, as where the process is killed
}

// Tx is the store's, unless it breaks.
func (c *counter) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	c.mu.Lock()
	broken := c.breaks
	c.breaks = false
	c.mu.Unlock()
	if broken {
		return errKilled
	}
	return c.store.Tx(ctx, do)
}

var errKilled = errors.New("killed")

// port is the store as the office has it.
type port struct {
	store.Store
	c *counter
}

func (p port) Tx(ctx context.Context, do func(tx store.Tx) error) error { return p.c.Tx(ctx, do) }

func newCounter(t *testing.T) *counter {
	t.Helper()
	s := teststore.Open(t, filepath.Join(t.TempDir(), "post.db"), "post")
	t.Cleanup(func() { must(t, s.Close()) })
	c := &counter{T: t, store: s, now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC), answers: map[string][]any{}}
	c.Office = c.open()
	return c
}

// open is one more office over the same store, as another process has it.
func (c *counter) open() *post.Office {
	return post.Open(post.Config{
		Store: port{c.store, c},
		Clock: func() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now },
		Holder: func() string {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.holders++
			return fmt.Sprint("holder", c.holders)
		},
		Send: func(_ context.Context, p post.Parcel) (post.Verdict, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.sent = append(c.sent, p.ID)
			if len(c.answers[p.ID]) == 0 {
				return post.Verdict{}, nil
			}
			answer := c.answers[p.ID][0]
			c.answers[p.ID] = c.answers[p.ID][1:]
			if verdict, ok := answer.(post.Verdict); ok {
				return verdict, nil
			}
			return post.Verdict{}, answer.(error)
		},
		GivenUp: func(_ context.Context, _ store.Tx, p post.Parcel) error {
			c.given = append(c.given, p.ID+" "+p.Why.Code)
			return nil
		},
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *counter) put(lane string, ids ...string) {
	c.Helper()
	must(c.T, c.store.Tx(c.Context(), func(tx store.Tx) error {
		for _, id := range ids {
			if err := post.Put(c.Context(), tx, post.Parcel{ID: id, Lane: lane, Body: []byte(`{}`), Made: c.now, Due: c.now}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (c *counter) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// run does what is due and tells what was tried.
func (c *counter) run() string {
	c.Helper()
	must(c.T, c.Office.Run(c.Context()))
	c.mu.Lock()
	defer c.mu.Unlock()
	tried := c.sent
	c.sent = nil
	slices.Sort(tried)
	return strings.Join(tried, " ")
}

func (c *counter) tries(want string) {
	c.Helper()
	if got := c.run(); got != want {
		c.Errorf("tried %q, want %q", got, want)
	}
}

// log is a lane's, or with "" what was given up.
func (c *counter) log(lane string) string {
	c.Helper()
	read := c.Failures
	if lane != "" {
		read = func(ctx context.Context, after string, limit int) ([]post.Parcel, string, error) {
			return c.Log(ctx, lane, after, limit)
		}
	}
	var out []string
	for after := ""; ; {
		page, next, err := read(c.Context(), after, 2)
		must(c.T, err)
		for _, p := range page {
			out = append(out, fmt.Sprint(p.ID, " ", p.State, " ", p.Tries))
		}
		if after = next; after == "" {
			return strings.Join(out, ", ")
		}
	}
}

func TestAParcelLeavesOnce(t *testing.T) {
	c := newCounter(t)
	c.put("mail", "a", "b")
	c.put("mail", "a")
	c.tries("a b")
	c.put("mail", "a") // known, although it is gone
	c.tries("")
	c.pass(time.Hour)
	c.tries("")
	if got := c.log("mail"); got != "a sent 0, b sent 0" {
		t.Error(got)
	}
}

func TestWhatMayPassIsTriedAgainAndGivenUpInTheEnd(t *testing.T) {
	c := newCounter(t)
	busy := fault.New(fault.Unavailable, "channel.busy").With("code", -1)
	for range 30 {
		c.answers["never"] = append(c.answers["never"], busy)
	}
	c.answers["late"] = []any{busy, errors.New("odd")}
	c.answers["refused"] = []any{fault.New(fault.Invalid, "channel.refused")}
	c.put("a", "never")
	c.put("b", "late")
	c.put("c", "refused")
	c.tries("late never refused")
	c.tries("") // not yet
	tried := map[string]int{}
	for range 100 {
		c.pass(10 * time.Minute)
		for _, id := range strings.Fields(c.run()) {
			tried[id]++
		}
	}
	if tried["never"] != 9 || tried["late"] != 2 || tried["refused"] != 0 {
		t.Errorf("tried %v", tried)
	}
	if got := strings.Join(c.given, ", "); got != "refused channel.refused, never channel.busy" {
		t.Errorf("given up: %s", got)
	}
	if got := c.log(""); got != "never failed 10, refused failed 1" {
		t.Errorf("failures: %s", got)
	}
	// What was given up is tried again when somebody says so, and is no failure any more.
	c.answers["never"] = nil
	must(t, c.Again(t.Context(), "never"))
	c.tries("never")
	must(t, c.Forget(t.Context(), "refused"))
	if got := c.log("") + c.log("c"); got != "" {
		t.Errorf("failures: %s", got)
	}
	for _, id := range []string{"never", "refused", "none", "", "\x00"} {
		if err := c.Again(t.Context(), id); fault.CodeOf(err) != "post.unknown" {
			t.Errorf("%q again: %v", id, err)
		}
	}
}

// A host that wants to be left alone is, for as long as it says, and no parcel is the worse for it. Others go on.
func TestAHostThatWantsToBeLeftAloneIs(t *testing.T) {
	c := newCounter(t)
	c.answers["a1"] = []any{fault.New(fault.Throttled, "channel.limited").With("seconds", 90), fault.New(fault.Throttled, "channel.limited")}
	c.put("a", "a1", "a2")
	c.put("b", "b1")
	c.tries("a1 b1")
	c.pass(89 * time.Second)
	c.tries("")
	c.pass(time.Second)
	c.tries("a1 a2") // a2 waited with it
	c.pass(time.Minute)
	c.tries("a1")
	if got := c.log("a"); got != "a1 sent 0, a2 sent 0" {
		t.Error(got)
	}
	// Some day it is enough.
	for range 5 {
		c.answers["a3"] = append(c.answers["a3"], fault.New(fault.Throttled, "channel.limited"))
	}
	c.put("a", "a3")
	c.tries("a3")
	c.pass(73 * time.Hour)
	c.tries("a3")
	if got := c.log(""); got != "a3 failed 1" {
		t.Error(got)
	}
	// Whoever has it tried again gives it as long once more.
	must(t, c.Again(c.Context(), "a3"))
	c.tries("a3")
	if got := c.log(""); got != "" {
		t.Errorf("given up at once: %s", got)
	}
	c.pass(time.Hour)
	c.tries("a3")
	if !c.Busy() {
		t.Error("it waits, and nobody is busy")
	}
	c.answers["a3"] = nil
	c.pass(time.Hour)
	c.tries("a3")
	c.tries("")
	if c.Busy() {
		t.Error("nothing waits, and somebody is busy")
	}
}

// A host that does not answer holds up nothing but its own.
func TestASilentHostHoldsUpItsOwnLaneOnly(t *testing.T) {
	c := newCounter(t)
	silent := fault.New(fault.Unavailable, "egress.unreachable")
	for n := range 50 {
		id := fmt.Sprintf("a%02d", n)
		c.answers[id] = []any{silent}
		c.put("a", id)
	}
	c.put("b", "b1", "b2")
	c.tries("a00 b1 b2")
	c.pass(5 * time.Second)
	c.tries("a01")
	c.answers = map[string][]any{}
	c.pass(time.Minute)
	if got := c.run(); strings.Count(got, "a") != 50 {
		t.Errorf("tried %s", got)
	}
}

func TestAParcelIsHeldOrHasNothingToSay(t *testing.T) {
	c := newCounter(t)
	kept := 0
	c.answers["held"] = []any{post.Verdict{Held: c.now.Add(time.Hour), Also: func(context.Context, store.Tx) error { kept++; return nil }}}
	c.answers["idle"] = []any{post.Verdict{Idle: true, Also: func(context.Context, store.Tx) error { kept++; return nil }}}
	c.put("mail", "held", "idle")
	c.tries("held idle")
	c.pass(59 * time.Minute)
	c.tries("")
	if n, err := c.Waiting(t.Context(), "mail", 10); n != 1 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	c.pass(time.Minute)
	c.tries("held")
	if got := c.log("mail"); got != "held sent 0, idle idle 0" || kept != 1 {
		t.Errorf("%s, kept %d", got, kept)
	}
}

// Killed between a host's taking it and the note of that, a parcel is sent once more, under the same id: that is what at
// least once means. What two processes see at once is sent by one.
func TestAKillSendsUnderTheSameID(t *testing.T) {
	c := newCounter(t)
	c.put("mail", "a")
	c.breaks = true
	if err := c.Office.Run(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	c.tries("a a")
	c.tries("")
	for n := range 40 {
		c.put("mail", fmt.Sprint("m", n))
	}
	var all sync.WaitGroup
	for range 4 {
		office := c.open()
		all.Go(func() {
			if err := office.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	c.pass(time.Minute)
	got := strings.Fields(c.run())
	if len(got) != 40 || len(slices.Compact(got)) != 40 {
		t.Errorf("sent %v", got)
	}
}

func TestALaneThatIsNoMoreForgetsWhatWaits(t *testing.T) {
	c := newCounter(t)
	for n := range 45 {
		c.put("gone", fmt.Sprint("g", n))
	}
	c.put("gone2", "other")
	must(t, c.CloseLane(t.Context(), "gone"))
	c.tries("other")
}
