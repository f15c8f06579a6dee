package signin_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store/sqlite"
	"tidewater/runtime/signin"
)

// counts is a store for what a Throttle counts.
func counts(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "common.db"), "common")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestARestartForgivesNobody(t *testing.T) {
	now := time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)
	clock, kept := func() time.Time { return now }, counts(t)
	for n := range 5 {
		// Each try meets a process of its own.
		if _, err := signin.NewThrottle(clock, kept).Try(t.Context(), "t", "anna", "192.0.2.1"); err != nil {
			t.Fatal(n, err)
		}
	}
	throttle := signin.NewThrottle(clock, kept)
	if _, err := throttle.Try(t.Context(), "t", "anna", "192.0.2.1"); fault.CodeOf(err) != "auth.throttled" {
		t.Errorf("after a restart: %v", err)
	}
	for _, other := range [][3]string{{"u", "anna", "192.0.2.1"}, {"t", "bert", "192.0.2.1"}, {"t", "anna", "192.0.2.2"}} {
		if _, err := throttle.Try(t.Context(), other[0], other[1], other[2]); err != nil {
			t.Errorf("%v: %v", other, err)
		}
	}
	now = now.Add(6 * time.Second)
	try, err := throttle.Try(t.Context(), "t", "anna", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if err := try.Succeeded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := signin.NewThrottle(clock, kept).Try(t.Context(), "t", "anna", "192.0.2.1"); err != nil {
		t.Errorf("after signing in: %v", err)
	}
	// What is forgotten is cleared away.
	now = now.Add(time.Hour)
	if _, err := throttle.Try(t.Context(), "t", "carl", "192.0.2.9"); err != nil {
		t.Fatal(err)
	}
	left, err := kept.Scan(t.Context(), "throttle", "", "", 100)
	if err != nil || len(left) != 3 {
		t.Errorf("%d counts are left, %v", len(left), err)
	}
}

func TestOneNetworkIsOneGuesser(t *testing.T) {
	now := time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)
	throttle := signin.NewThrottle(func() time.Time { return now }, counts(t))
	for n := range 5 {
		if _, err := throttle.Try(t.Context(), "t", "anna", fmt.Sprintf("2001:db8::%x", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := throttle.Try(t.Context(), "t", "anna", "2001:db8::99"); fault.CodeOf(err) != "auth.throttled" {
		t.Errorf("another address of the same network: %v", err)
	}
	if _, err := throttle.Try(t.Context(), "t", "anna", "2001:db8:0:1::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
}
