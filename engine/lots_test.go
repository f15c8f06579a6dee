package engine

import (
	"context"
	"testing"
	"testing/synctest"

	"tidewater/engine/value"
)

// A step that is called off while a lot is made ready ends, whichever of the two is heard first: it would hold its job, and
// whoever stops the server, for ever.
func TestLotsThatAreCalledOffEnd(t *testing.T) {
	for range 64 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			next := func(context.Context, int) (lot, error) {
				cancel()
				return lot{}, nil
			}
			ended := false
			err := (&Engine{}).inLots(ctx, value.Actor{}, "asset", next, func() error { ended = true; return nil })
			if (err == nil) != ended {
				t.Errorf("ended: %v, %v", ended, err)
			}
		})
	}
}
