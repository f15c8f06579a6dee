package engine_test

import (
	"fmt"
	"testing"
	"time"

	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What a thousand records show follows at once, what more of them show by a job, and what is made of that with it.
func TestWhatVeryManyShowFollowsByAJob(t *testing.T) {
	w := newWorld(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0",
		`"note": {"x-field": "text", "x-label": {"en": "Note"}}`, `"note": {"x-field": "text", "x-label": {"en": "Note"}},
		"floor": {"x-field": "mirror", "x-label": {"en": "Floor"}, "x-via": "shelf", "x-of": "floor"},
		"nearby": {"x-field": "mirror", "x-label": {"en": "Nearby"}, "x-via": "sequelTo", "x-of": "floor"}`))
	must(t, err)
	shelf := w.make("lib", "shelf", map[string]any{"name": "North", "floor": "second"})
	const many, atOnce = 1_250, 1_000
	var last *record.View
	for n := range many {
		last = w.make("lib", "book", map[string]any{"title": fmt.Sprint("Tale ", n), "shelf": string(shelf.ID)})
	}
	sequel := w.make("lib", "book", map[string]any{"title": "Tale again", "sequelTo": string(last.ID)})
	w.clean()
	w.turns()
	before := w.jobs()
	_, err = w.Records.Update(t.Context(), w.actor("lib"), "shelf", shelf.ID, shelf.Version, record.Input{Values: map[string]any{"floor": "third"}})
	must(t, err)
	must(t, w.Settle(t.Context()))
	if got := w.get("book", last.ID); got.Values["floor"] != "second" {
		t.Fatalf("the last of %d shows %v already: nothing is left to a job", many, got.Values["floor"])
	}
	if n := w.jobs() - before; n != 1 {
		t.Fatalf("%d jobs for what is left", n)
	}
	for worked := true; worked; { // by another process each time, as after a kill
		worked, err = w.open().Jobs.RunOnce(t.Context())
		must(t, err)
	}
	if got := w.get("book", sequel.ID); got.Values["nearby"] != "third" {
		t.Errorf("what is made of a mirror shows %v", got.Values["nearby"])
	}
	if j := w.last(); j.Kind != "mirror" || j.State != job.Done || j.Total != many || j.Done != many || atOnce >= many {
		t.Errorf("the job: %+v", j)
	}
	w.clean()
}

// jobs counts the jobs there have been.
func (w *world) jobs() int {
	w.Helper()
	page, _, err := w.Jobs.List(w.Context(), value.SystemActor("test"), true, "", 100)
	must(w.TB, err)
	return len(page)
}

// What took long is taken in smaller parts, so that it is done before its lease is over.
func TestWhatTakesLongIsTakenInSmallerParts(t *testing.T) {
	w := newWorld(t)
	follow := func(want int) {
		t.Helper()
		if n, err := w.Records.Follow(t.Context()); err != nil || n != want {
			t.Errorf("%d events at once, not %d: %v", n, want, err)
		}
	}
	make20 := func() {
		for n := range 20 {
			w.make("lib", "book", map[string]any{"title": fmt.Sprint("Tale ", n)})
		}
	}
	make20()
	w.tick = 10 * time.Second
	follow(20)
	make20()
	follow(10)
	follow(5)
	w.tick = 0
	follow(2)
	follow(3) // all that are left
}
