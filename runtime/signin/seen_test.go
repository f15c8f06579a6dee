package signin

import (
	"errors"
	"testing"
	"time"
)

// TestAGrantIsBelievedForASecond holds that memory spares the store, and never outlives a second, an end
// told here, or an end that came while the store was being read.
func TestAGrantIsBelievedForASecond(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, loads := newSeen(func() time.Time { return now }), 0
	find := func(during func()) {
		t.Helper()
		g, err := s.find("t", "u/1", func() (granted, error) {
			loads++
			during()
			return granted{User: "u"}, nil
		})
		if err != nil || g.User != "u" {
			t.Fatalf("found %+v, %v", g, err)
		}
	}
	wantLoads := func(want int) {
		t.Helper()
		if loads != want {
			t.Fatalf("the store was asked %d times, want %d", loads, want)
		}
	}
	find(func() {})
	now = now.Add(seenFor - time.Millisecond)
	find(func() {})
	wantLoads(1)
	now = now.Add(time.Millisecond)
	find(func() {})
	wantLoads(2)
	s.forget("t", "u/1")
	find(func() { s.forget("t", "u/1") })
	find(func() {})
	wantLoads(4)
	gone := errors.New("gone")
	if _, err := s.find("other", "u/1", func() (granted, error) { return granted{}, gone }); !errors.Is(err, gone) {
		t.Errorf("another tenant's grant: %v", err)
	}
}
