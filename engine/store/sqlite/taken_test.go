package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What one consumer has taken the others need not read from the file; once there is nothing more to take, none of it is
// kept, and never more than the bound.
func TestSeveralConsumersReadAnEventOnce(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "tenant-1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	const all = maxTaken + 40
	emit := func(from, n int) {
		t.Helper()
		err := s.Tx(t.Context(), func(tx store.Tx) error {
			for i := range n {
				r := &value.Record{Form: "asset", ID: value.ID(fmt.Sprintf("r%d", from+i)), Version: 1, Values: value.Doc{"cost": int64(i)}}
				e := event.Event{Kind: event.RecordCreated, Form: r.Form, Record: r.ID, Version: 1, At: time.UnixMilli(1), After: r}
				if err := tx.Emit(t.Context(), e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	take := func(consumer string, limit int) (images int) {
		t.Helper()
		events, err := s.Take(t.Context(), consumer, limit, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.After != nil {
				images++
			}
		}
		return images
	}
	lose := func() {
		t.Helper()
		if err := s.writer.submit(t.Context(), func(c *conn) error { return c.run("UPDATE outbox SET after = NULL") }); err != nil {
			t.Fatal(err)
		}
	}
	emit(0, all)
	for n := 0; n < all; n += 100 {
		take("first", 100)
	}
	if n := len(s.taken.events); n != maxTaken || len(s.taken.order) != maxTaken {
		t.Errorf("%d events are kept", n)
	}
	lose()
	if n := take("second", 500) + take("second", 500); n != maxTaken {
		t.Errorf("the second consumer had %d images without the file", n)
	}
	if take("second", 1); s.taken.events != nil {
		t.Errorf("%d events are kept though there is nothing to take", len(s.taken.events))
	}
	if n := take("third", 500); n != 0 {
		t.Errorf("%d images are nowhere any more", n)
	}
}
