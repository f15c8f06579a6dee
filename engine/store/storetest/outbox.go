package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func changed(id string, version int64) event.Event {
	r := plain(id, value.Doc{"cost": version})
	r.Version = version
	e := event.Event{Kind: event.RecordChanged, Form: form, Record: value.ID(id), Version: version, At: epoch, Actor: "u1", Reason: "why", Action: "lend", Depth: 2, Scopes: []string{"read:a", "write:a"}, Import: "j1", Detail: value.Doc{"rule": "r", "days": int64(7)}, After: r,
		Changes: []event.Change{{Field: "cost", From: version - 1, To: version}, {Field: "name", To: "潮"}}}
	if version == 1 {
		e.Kind = event.RecordCreated
	} else {
		e.Before = plain(id, value.Doc{"cost": version - 1})
	}
	return e
}

func emit(t *testing.T, s store.Store, events ...event.Event) {
	t.Helper()
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		for _, e := range events {
			if err := tx.Emit(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// history holds that a record's events come back newest first, page by page, and go with it.
func history(t *testing.T, open Open) {
	s := ready(t, open)
	put(t, s, plain("a", nil), plain("b", nil))
	for v := range int64(5) {
		emit(t, s, changed("a", v+1), changed("b", v+1))
	}
	first, err := s.History(t.Context(), form, "a", 0, 3)
	must(t, err)
	rest, err := s.History(t.Context(), form, "a", first[len(first)-1].Seq, 10)
	must(t, err)
	all := append(first, rest...)
	if len(first) != 3 || len(all) != 5 {
		t.Fatalf("%d and %d events, want 3 and 2", len(first), len(rest))
	}
	for i, e := range all {
		want := changed("a", int64(5-i))
		if e.Version != want.Version || e.Kind != want.Kind || e.Reason != "why" || e.Action != "lend" || e.Depth != 2 || !slices.Equal(e.Scopes, want.Scopes) || e.Import != "j1" || !value.Equal(e.Detail, want.Detail) || e.Actor != "u1" || !e.At.Equal(epoch) || e.Record != "a" || e.Form != form {
			t.Errorf("event %d is %+v", i, e)
		}
		if !slices.Equal(e.Changes, want.Changes) {
			t.Errorf("changes %v, want %v", e.Changes, want.Changes)
		}
	}
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		if err := tx.Remove(t.Context(), form, "a", 1); err != nil {
			return err
		}
		return tx.Emit(t.Context(), event.Event{Kind: event.RecordPurged, Form: form, Record: "a", Version: 6, At: epoch, Before: plain("a", nil)})
	}))
	if left, err := s.History(t.Context(), form, "a", 0, 10); err != nil || len(left) != 0 {
		t.Errorf("a record taken away left %v, %v", left, err)
	}
	if left, err := s.History(t.Context(), form, "b", 0, 10); err != nil || len(left) != 5 {
		t.Errorf("another record's history: %v, %v", left, err)
	}
	// What was on its way says the same as before.
	told := take(t, s, "x", 20, time.Hour)
	wantEvents(t, told, "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4", "a5", "b5", "a6")
	if len(told) == 11 && (told[2].Reason != "why" || !slices.Equal(told[2].Changes, changed("a", 2).Changes)) {
		t.Errorf("the event of a purged record: %+v", told[2])
	}
}

// images holds that an event comes with the record before and after it, whole, whatever its changes say.
func images(t *testing.T, open Open) {
	s := ready(t, open)
	first := plain("a", value.Doc{"name": "潮", "cost": int64(1), "tags": value.List{"x", "y"}})
	second := plain("a", value.Doc{"name": "汐", "tags": value.List{"y"}})
	first.Shadow, first.Principals = value.Doc{"day:bought": int64(20260302)}, []string{"user:u1"}
	second.Version, second.DeletedAt, second.DeletedBy = 2, epoch, "u2"
	made := event.Event{Kind: event.RecordCreated, Form: form, Record: "a", Version: 1, At: epoch, After: first, Changes: []event.Change{
		{Field: "cost", To: int64(1)}, {Field: "name", To: "潮"}, {Field: "tags", To: value.List{"x", "y"}}}}
	whole := event.Event{Kind: event.RecordChanged, Form: form, Record: "a", Version: 2, At: epoch, Before: first, After: second, Changes: []event.Change{
		{Field: "cost", From: int64(1)}, {Field: "name", From: "潮", To: "汐"}, {Field: "tags", From: value.List{"x", "y"}, To: value.List{"y"}}}}
	part := whole
	part.Version, part.Changes = 3, whole.Changes[:1]
	emit(t, s, made, whole, part)
	events := take(t, s, "x", 9, time.Hour)
	wantEvents(t, events, "a1", "a2", "a3")
	for i, want := range []event.Event{made, whole, part} {
		if i < len(events) && (!sameImage(events[i].Before, want.Before) || !sameImage(events[i].After, want.After)) {
			t.Errorf("event %d came with %+v and %+v", i, events[i].Before, events[i].After)
		}
	}
	// What one consumer makes of an image is no matter of the next.
	events[1].After.Values["cost"], events[1].Before.Values["tags"] = int64(99), value.List{}
	events[1].Before.Values["name"] = "?"
	again := take(t, s, "y", 9, time.Hour)
	if len(again) != 3 || !sameImage(again[1].Before, first) || !sameImage(again[1].After, second) || !sameImage(again[0].After, first) {
		t.Errorf("the next consumer has %+v", again)
	}
}

func sameImage(a, b *value.Record) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Form == b.Form && a.Version == b.Version && value.Equal(a.Values, b.Values) && value.Equal(a.Shadow, b.Shadow) &&
		slices.Equal(a.Principals, b.Principals) && a.DeletedAt.Equal(b.DeletedAt) && a.DeletedBy == b.DeletedBy
}

// outbox holds that each consumer gets each event until it settles it, in order per record, from one
// worker at a time.
func outbox(t *testing.T, open Open) {
	s := ready(t, open)
	emit(t, s, changed("a", 1), changed("b", 1), changed("a", 2), changed("c", 1), changed("a", 3))

	first := take(t, s, "x", 2, time.Hour)
	wantEvents(t, first, "a1", "b1")
	if first[0].After == nil || !value.Equal(first[0].After.Values, value.Doc{"cost": int64(1)}) || first[0].Before != nil {
		t.Errorf("the images of %+v", first[0])
	}
	wantEvents(t, take(t, s, "x", 9, time.Hour), "c1") // a's later events wait behind the leased one
	wantEvents(t, take(t, s, "x", 9, time.Hour))
	wantEvents(t, take(t, s, "y", 9, 0), "a1", "b1", "a2", "c1", "a3") // another consumer has its own state
	wantEvents(t, take(t, s, "y", 9, 0), "a1", "b1", "a2", "c1", "a3") // leases that are over

	must(t, s.Settle(t.Context(), "x", []int64{first[0].Seq}))
	later := take(t, s, "x", 9, time.Hour)
	wantEvents(t, later, "a2", "a3")
	must(t, s.Settle(t.Context(), "x", seqs(later)))
	must(t, s.Settle(t.Context(), "x", seqs(later))) // once more changes nothing
	emit(t, s, changed("b", 2), changed("d", 1))
	wantEvents(t, take(t, s, "x", 9, time.Hour), "d1")

	// An event that is settled early stays settled, whatever lies before it.
	must(t, s.Settle(t.Context(), "y", []int64{first[1].Seq}))
	wantEvents(t, take(t, s, "y", 9, 0), "a1", "a2", "c1", "a3", "b2", "d1")

	// Sweeping takes only what all have settled and what is old.
	if n, err := s.Sweep(t.Context(), epoch.Add(48*time.Hour)); err != nil || n != 0 {
		t.Errorf("swept %d, %v", n, err)
	}
	must(t, s.Settle(t.Context(), "y", seqs(take(t, s, "y", 9, 0))))
	must(t, s.Settle(t.Context(), "x", []int64{1, 2, 3, 4, 5, 6, 7}))
	if n, err := s.Sweep(t.Context(), epoch.Add(time.Hour)); err != nil || n != 0 {
		t.Errorf("swept %d that are new, %v", n, err)
	}
	if n, err := s.Sweep(t.Context(), epoch.Add(48*time.Hour)); err != nil || n != 7 {
		t.Errorf("swept %d, %v, want 7", n, err)
	}
	emit(t, s, changed("a", 4))
	wantEvents(t, take(t, s, "x", 9, time.Hour), "a4")
	wantEvents(t, take(t, s, "z", 9, time.Hour), "a4")
}

func take(t *testing.T, s store.Store, consumer string, limit int, lease time.Duration) []event.Event {
	t.Helper()
	events, err := s.Take(t.Context(), consumer, limit, lease)
	must(t, err)
	return events
}

func wantEvents(t *testing.T, events []event.Event, want ...string) {
	t.Helper()
	var got []string
	for _, e := range events {
		got = append(got, fmt.Sprintf("%s%d", e.Record, e.Version))
	}
	if !slices.Equal(got, want) {
		t.Errorf("taken %v, want %v", got, want)
	}
}

func seqs(events []event.Event) []int64 {
	var out []int64
	for _, e := range events {
		out = append(out, e.Seq)
	}
	return out
}
