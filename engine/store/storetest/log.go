package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// readAlong holds that the outbox can be read along in the order of its numbers, whoever has settled what, and
// that whoever waits hears of the next event.
func readAlong(t *testing.T, open Open) {
	s := ready(t, open)
	if oldest, newest, err := s.Span(t.Context()); err != nil || oldest != 1 || newest != 0 {
		t.Errorf("an empty outbox goes from %d to %d, %v", oldest, newest, err)
	}
	emit(t, s, changed("a", 1), changed("b", 1))
	told := event.Event{Kind: event.PersonTold, Record: "ann", At: epoch, Actor: "u1", Detail: value.Doc{"kind": "x"}}
	emit(t, s, changed("a", 2), told)
	all, err := s.Since(t.Context(), 0, 10)
	must(t, err)
	wantEvents(t, all, "a1", "b1", "a2", "ann0")
	if len(all) == 4 {
		last := all[3]
		if last.Kind != event.PersonTold || last.Form != "" || last.Actor != "u1" || !last.At.Equal(epoch) || !value.Equal(last.Detail, told.Detail) || last.Before != nil || last.After != nil {
			t.Errorf("an event of no form came back as %+v", last)
		}
		if all[2].Before == nil || all[2].After == nil {
			t.Errorf("the images of %+v", all[2])
		}
		rest, err := s.Since(t.Context(), all[1].Seq, 1)
		must(t, err)
		wantEvents(t, rest, "a2")
	}
	if lines, err := s.History(t.Context(), "", "ann", 0, 10); err != nil || len(lines) != 0 {
		t.Errorf("an event of no form is in a history: %v %v", lines, err)
	}
	must(t, s.Settle(t.Context(), "x", seqs(take(t, s, "x", 9, time.Hour))))
	again, err := s.Since(t.Context(), 0, 10)
	must(t, err)
	wantEvents(t, again, "a1", "b1", "a2", "ann0")

	_, newest, err := s.Span(t.Context())
	must(t, err)
	waiting(t, s, newest)
	if _, err := s.Sweep(t.Context(), epoch.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	must(t, s.Settle(t.Context(), "x", seqs(take(t, s, "x", 9, time.Hour))))
	if _, err := s.Sweep(t.Context(), epoch.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if oldest, last, err := s.Span(t.Context()); err != nil || last != newest+1 || oldest != last+1 {
		t.Errorf("a cleared outbox goes from %d to %d, %v", oldest, last, err)
	}
	if _, err := s.Since(t.Context(), 0, 1001); err == nil {
		t.Error("too many events at once were given")
	}
}

// waiting holds that Wait ends with the event that it waits for, and with its context.
func waiting(t *testing.T, s store.Store, newest int64) {
	t.Helper()
	must(t, s.Wait(t.Context(), newest-1)) // it is there already
	heard := make(chan error, 1)
	go func() { heard <- s.Wait(t.Context(), newest) }()
	must(t, s.Save(t.Context(), "other", store.Item{Key: "k"}, 0)) // no event
	emit(t, s, changed("c", 1))
	must(t, <-heard)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { heard <- s.Wait(ctx, newest+1) }()
	cancel()
	if err := <-heard; !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was called off: %v", err)
	}
}
