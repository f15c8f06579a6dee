package engine_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// limited is a depot whose pool east shows so many records to one person on a day.
func limited(t *testing.T, most string) *world {
	t.Helper()
	return newDepot(t, poolFiles(`, "viewLimitPerDay": `+most, ""))
}

func (w *world) opens(who, id value.ID) error {
	_, err := w.Records.Get(w.Context(), w.actor(who), "asset", id)
	return err
}

// opened is what the pool east tells somebody of what they have opened today.
func (w *world) opened(who value.ID) (n, most int) {
	w.Helper()
	pools, err := w.Pools(w.Context(), w.actor(who), "asset")
	must(w, err)
	at := slices.IndexFunc(pools, func(p engine.PoolState) bool { return p.Pool.Def.Key == "east" })
	return pools[at].Opened, pools[at].ViewLimit
}

func (w *world) openedIs(who value.ID, want int) {
	w.Helper()
	if n, _ := w.opened(who); n != want {
		w.Errorf("%s has opened %d, want %d", who, n, want)
	}
}

func TestAPoolShowsOnePersonSoManyRecordsADay(t *testing.T) {
	w := limited(t, "2")
	one, two, three := w.waiting("One"), w.waiting("Two"), w.waiting("Three")
	for range 3 { // once, however often
		must(t, w.opens("ann", one))
	}
	w.openedIs("ann", 1)
	if _, err := w.Records.List(t.Context(), w.actor("ann"), record.ListRequest{Form: "asset"}); err != nil {
		t.Fatal(err)
	}
	if err := w.opens("wes", three); fault.CodeOf(err) != "record.notFound" {
		t.Errorf("what wes does not see: %v", err)
	}
	w.openedIs("ann", 1)
	must(t, w.opens("ann", two))
	err := w.opens("ann", three)
	var f *fault.Error
	// It is noon in Shanghai, and a little later with each look at the clock.
	if !errors.As(err, &f) || f.Kind != fault.Throttled || f.Code != "pool.viewLimit" || f.Args["max"] != 2 {
		t.Fatalf("%v", err)
	}
	if seconds, _ := f.Args["seconds"].(int64); seconds <= 11*3600+3500 || seconds > 12*3600 {
		t.Errorf("the day ends in %v seconds", f.Args["seconds"])
	}
	w.openedIs("ann", 2)
	must(t, w.opens("ann", one)) // what she has opened stays open
	must(t, w.opens("abe", three))
	w.openedIs("abe", 1)
	// What somebody owns is in no pool: neither its owner nor a manager opens it there.
	w.did("ann", three, "claim", nil, "")
	must(t, w.opens("ann", three))
	must(t, w.opens("boss", three))
	w.openedIs("ann", 2)
	w.openedIs("boss", 0)
	must(t, w.opens("boss", w.waiting("Four")))
	w.openedIs("boss", 1)
	w.pass(12 * time.Hour)
	w.openedIs("ann", 0)
	must(t, w.opens("ann", w.waiting("Five")))
	w.openedIs("ann", 1)
	if n, most := w.opened("ann"); n != 1 || most != 2 {
		t.Errorf("the pool tells %d of %d", n, most)
	}
	w.clean()
}

// Every way out that shows a record whole asks the same.
func TestEveryWayToOpenARecordCounts(t *testing.T) {
	w := limited(t, "1")
	first, other := w.waiting("First"), w.waiting("Other")
	must(t, w.opens("ann", first))
	ann, in := w.actor("ann"), record.Language{}
	for way, open := range map[string]func() error{
		"get":     func() error { return w.opens("ann", other) },
		"history": func() error { _, err := w.Records.History(t.Context(), ann, "asset", other, "", 0); return err },
		"explain": func() error { _, err := w.Records.Explain(t.Context(), ann, "asset", other, "name", in); return err },
		"right": func() error {
			_, err := w.Records.ExplainRight(t.Context(), ann, "asset", other, "name", "read", in)
			return err
		},
		"move": func() error { _, err := w.Records.ExplainMove(t.Context(), ann, "asset", other, 1, in); return err },
		"viewers": func() error {
			_, err := w.Records.ViewersOf(t.Context(), ann, "asset", other, "", "", 10, in)
			return err
		},
		"comments": func() error {
			_, _, err := w.Comments(t.Context(), ann, record.Name{Form: "asset", ID: other}, "", 10)
			return err
		},
	} {
		if err := open(); fault.CodeOf(err) != "pool.viewLimit" {
			t.Errorf("%s: %v", way, err)
		}
	}
	w.openedIs("ann", 1)
	must(t, w.opens("boss", first))
	if err := w.try("boss", other, map[string]any{"name": "Other"}); fault.CodeOf(err) != "pool.viewLimit" {
		t.Errorf("an edit that changes nothing: %v", err)
	}
	must(t, w.try("boss", other, map[string]any{"name": "Another"}))
}

// Two records are looked at side by side before they become one, and an action that changes nothing shows its record: both
// count. One that changes something is a deed, and is not refused for what its doer has looked at.
func TestWhatIsComparedOrLeftAsItIsCountsAsOpened(t *testing.T) {
	files := poolFiles(`, "viewLimitPerDay": 3`, "")
	files["forms/asset/form.json"] = strings.Replace(asset, `"x-title": "name",`,
		`"x-title": "name", "x-duplicates": [{"key": "name", "label": {"en": "Name"}, "fields": ["name"]}],`, 1)
	w := newDepot(t, files)
	one, two, three, four := w.waiting("One"), w.waiting("Two"), w.waiting("Three"), w.waiting("Four")
	boss := w.actor("boss")
	merges := func(keep, drop value.ID) error {
		_, err := w.Records.MergePreview(t.Context(), boss, "asset", keep, drop)
		return err
	}
	must(t, merges(one, two))
	w.openedIs("boss", 2)
	must(t, merges(two, one))
	w.openedIs("boss", 2)
	here := map[string]any{"pool": "east"}
	must(t, w.act("boss", three, "transfer", here, ""))
	w.openedIs("boss", 3)
	must(t, w.act("boss", three, "transfer", here, ""))
	if err := w.act("boss", four, "transfer", here, ""); fault.CodeOf(err) != "pool.viewLimit" {
		t.Errorf("an action that changes nothing: %v", err)
	}
	if err := merges(one, four); fault.CodeOf(err) != "pool.viewLimit" {
		t.Errorf("a comparison: %v", err)
	}
	w.openedIs("boss", 3)
	must(t, w.act("boss", four, "transfer", map[string]any{"pool": "west"}, ""))
	if got := w.raw(four).Values.Text(value.SysPool); got != "west" {
		t.Errorf("it is in %q", got)
	}
	w.openedIs("boss", 3)
	w.clean()
}

// Several at once open no more than there is left, however they overlap.
func TestRecordsOpenedAtOnceAreNeverMoreThanTheLimit(t *testing.T) {
	w := limited(t, "3")
	ids := make([]value.ID, 12)
	for n := range ids {
		ids[n] = w.waiting("Crane")
	}
	errs := make([]error, 2*len(ids))
	var all sync.WaitGroup
	start := make(chan struct{})
	for n := range errs {
		all.Go(func() {
			<-start
			errs[n] = w.opens("ann", ids[n%len(ids)])
		})
	}
	close(start)
	all.Wait()
	shown := map[value.ID]bool{}
	for n, err := range errs {
		switch {
		case err == nil:
			shown[ids[n%len(ids)]] = true
		case fault.CodeOf(err) != "pool.viewLimit":
			t.Error(err)
		}
	}
	if len(shown) != 3 {
		t.Errorf("she was shown %d", len(shown))
	}
	w.openedIs("ann", 3)
	w.clean()
}

// While the store is carried elsewhere nothing counts, and people go on reading: those who have some left.
func TestRecordsAreOpenedWhileTheStoreIsCarriedElsewhere(t *testing.T) {
	w := limited(t, "2")
	one, two, three := w.waiting("One"), w.waiting("Two"), w.waiting("Three")
	must(t, w.opens("ann", one))
	must(t, w.opens("abe", one))
	must(t, w.opens("abe", two))
	moving, is := w.store.(store.Moving)
	if !is {
		t.Fatal("a store that cannot be carried elsewhere")
	}
	_, err := moving.Freeze(t.Context(), "test")
	must(t, err)
	for _, id := range []value.ID{one, two} {
		must(t, w.opens("ann", id))
		must(t, w.opens("abe", id))
	}
	if err := w.opens("abe", three); fault.CodeOf(err) != "pool.viewLimit" {
		t.Errorf("whoever has none left: %v", err)
	}
	must(t, moving.Thaw(t.Context(), "test"))
	w.openedIs("ann", 1) // what was shown meanwhile counts when it is opened again
	must(t, w.opens("ann", two))
	w.openedIs("ann", 2)
	if err := w.opens("ann", three); fault.CodeOf(err) != "pool.viewLimit" {
		t.Errorf("afterwards: %v", err)
	}
	w.clean()
}
