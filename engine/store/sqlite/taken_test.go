package sqlite

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What has just been written its consumers need not read from the file; once there is nothing more to take, none of it is
// kept, and never more than the bound.
func TestConsumersHaveWhatWasJustWrittenWithoutTheFile(t *testing.T) {
	s := opened(t)
	const all = maxTaken + 40
	emit(t, s, func(tx store.Tx) error {
		for n := range all {
			r := &value.Record{Form: "asset", ID: value.ID(fmt.Sprintf("r%d", n)), Version: 1, Values: value.Doc{"cost": int64(n)}}
			e := event.Event{Kind: event.RecordCreated, Form: r.Form, Record: r.ID, Version: 1, At: time.UnixMilli(1), After: r}
			if err := tx.Emit(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	if n := len(s.taken.events); n != maxTaken || len(s.taken.order) != maxTaken {
		t.Errorf("%d events are kept", n)
	}
	err := s.writer.submit(t.Context(), func(c *conn) error { return c.run("UPDATE outbox SET after = NULL") })
	if err != nil {
		t.Fatal(err)
	}
	images := func(consumer string) (n int) {
		for range all/500 + 1 {
			for _, e := range take(t, s, consumer) {
				if e.After != nil {
					n++
				}
			}
		}
		return n
	}
	if n := images("first"); n != maxTaken {
		t.Errorf("the first consumer had %d images without the file", n)
	}
	if take(t, s, "first"); s.taken.events != nil {
		t.Errorf("%d events are kept though there is nothing to take", len(s.taken.events))
	}
	if n := images("second"); n != 0 {
		t.Errorf("%d images are nowhere any more", n)
	}
}

// What one consumer has read from the file the next need not read.
func TestSeveralConsumersReadAnEventOnce(t *testing.T) {
	s := opened(t)
	emit(t, s, func(tx store.Tx) error { return tx.Emit(t.Context(), everything()) })
	s.taken.events, s.taken.order = nil, nil
	first := take(t, s, "first")
	err := s.writer.submit(t.Context(), func(c *conn) error { return c.run("UPDATE outbox SET before = NULL, after = NULL") })
	if err != nil {
		t.Fatal(err)
	}
	first[0].After.Values["cost"] = int64(-1) // theirs to change
	if second := take(t, s, "second"); len(second) != 1 || second[0].After.Values["cost"] != int64(2) {
		t.Errorf("the second consumer had %+v", second)
	}
}

// A consumer that is faster leaves to the others what they are still to take.
func TestWhatSlowerConsumersAreToTakeIsKeptForThem(t *testing.T) {
	s := opened(t)
	take(t, s, "slow")
	take(t, s, "fast")
	emit(t, s, func(tx store.Tx) error { return tx.Emit(t.Context(), everything()) })
	if got := take(t, s, "fast"); len(got) != 1 {
		t.Fatalf("the fast one has %d", len(got))
	}
	if take(t, s, "fast"); len(s.taken.events) != 1 {
		t.Error("what the slow one has not taken is let go of")
	}
	err := s.writer.submit(t.Context(), func(c *conn) error { return c.run("UPDATE outbox SET before = NULL, after = NULL") })
	if err != nil {
		t.Fatal(err)
	}
	if got := take(t, s, "slow"); len(got) != 1 || got[0].After == nil {
		t.Errorf("the slow one had %+v", got)
	}
	if take(t, s, "slow"); s.taken.events != nil {
		t.Error("it is kept though nobody is to take it")
	}
}

// An event is the same whether it was kept since it was written or is read from the file, and is nobody's who wrote it.
func TestAnEventIsAsItWouldBeRead(t *testing.T) {
	s := opened(t)
	whole, bare, told := everything(), everything(), event.Event{Kind: event.PersonTold, Record: "u1", At: time.UnixMilli(5), Version: 1}
	bare.Before, bare.Changes, bare.Detail, bare.Scopes = nil, nil, value.Doc{}, []string{}
	bare.After.Values, bare.After.Shadow, bare.After.Principals = value.Doc{}, value.Doc{}, []string{}
	emit(t, s, func(tx store.Tx) error {
		for _, e := range []event.Event{whole, bare, told} {
			if err := tx.Emit(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	whole.After.Values["tags"].(value.List)[0] = "another" //nolint:forcetypeassert // everything has it
	whole.Changes[0].To = int64(-1)
	kept := take(t, s, "kept")
	s.taken.events, s.taken.order = nil, nil
	read := take(t, s, "read")
	if len(kept) != 3 || !reflect.DeepEqual(kept, read) {
		t.Errorf("kept %+v\nread %+v", kept, read)
	}
}

// everything is an event all of whose parts are there.
func everything() event.Event {
	at := time.Date(2026, 3, 31, 9, 0, 0, 123456789, time.FixedZone("", 8*3600))
	was := &value.Record{
		Form: "asset", ID: "r1", Version: 1, Values: value.Doc{"cost": int64(1), "tags": value.List{"a"}}, Shadow: value.Doc{"text": "a"},
		Tokens: []string{"a"}, Principals: []string{"u1", "g2"}, CreatedAt: at, CreatedBy: "u1", UpdatedAt: at, UpdatedBy: "u1",
	}
	is := was.Clone()
	is.Version, is.Values["cost"], is.Values["tags"], is.DeletedAt, is.DeletedBy = 2, int64(2), value.List{"a", "b"}, at, "u2"
	return event.Event{
		Kind: event.RecordDeleted, Form: "asset", Record: "r1", Version: 2, At: at, Actor: "u2", Reason: "worn out", Action: "drop",
		Scopes: []string{"write"}, Depth: 1, Import: "i1", Detail: value.Doc{"rule": "old", "reads": value.List{"cost"}},
		Changes: []event.Change{{Field: "cost", From: int64(1), To: int64(2)}, {Field: "tags", From: value.List{"a"}, To: value.List{"a", "b"}}},
		Before:  was, After: is,
	}
}

func opened(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), "tenant-1")
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

func emit(t *testing.T, s *Store, do func(tx store.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, s *Store, consumer string) []event.Event {
	t.Helper()
	events, err := s.Take(t.Context(), consumer, 500, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return events
}
