package store_test

import (
	"testing"
	"time"

	"tidewater/engine/store"
)

func TestAPaceSlowsDownToOneAndComesBack(t *testing.T) {
	p := &store.Pace{Most: 500, Lease: 40 * time.Second}
	for _, want := range []int{500, 250, 125, 62, 31, 15, 7, 3, 1, 1} {
		if got := p.Next(); got != want {
			t.Errorf("%d at once, not %d", got, want)
		}
		p.Took(p.Next(), 11*time.Second)
	}
	p.Took(0, time.Second) // fewer than there might be say nothing of how many it could be
	for _, want := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500} {
		if got := p.Next(); got != want {
			t.Errorf("%d at once, not %d", got, want)
		}
		p.Took(p.Next(), 10*time.Second)
	}
	p.Took(20, 11*time.Second)
	if got := p.Next(); got != 10 {
		t.Errorf("%d at once after twenty that were slow", got)
	}
}
