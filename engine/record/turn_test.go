package record_test

import (
	"fmt"
	"testing"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// borrowed is a library in which a book that somebody has borrowed is rare, and counts for its shelf as such: the system
// says so, and no rule asks it for a note. Loans show the grade.
type borrowed struct {
	*world
	shelf, book value.ID
}

func newBorrowed(t *testing.T, timing string) borrowed {
	t.Helper()
	label := `"x-label": {"en": "Lent", "zh-CN": "借出"}`
	w := newWorldWith(t, map[value.FormKey][]string{
		"book": {
			`"grade": {`, `"loans": {"x-field": "rollup", ` + label + `, "x-from": "loan", "x-via": "book", "x-op": "count", "x-timing": "` + timing + `"},
				"grade": {"x-turns": [{"when": "(loans ?? 0) > 0", "to": "rare", "back": "plain"}],`,
			`"shelfName",`, `"shelfName", "loans",`,
		},
		"shelf": {
			`"costly": {`, `"rares": {"x-field": "rollup", ` + label + `, "x-from": "book", "x-via": "shelf", "x-op": "count",
				"x-filter": "grade == \"rare\"", "x-timing": "` + timing + `"},
				"costly": {`,
			`"costly"]`, `"costly", "rares"]`,
		},
		"loan": {
			`"bookNote": {`, `"bookGrade": {"x-field": "mirror", ` + label + `, "x-via": "book", "x-of": "grade"}, "bookNote": {`,
			`"bookNote",`, `"bookNote", "bookGrade",`,
		},
	})
	shelf := w.create(w.lib, "shelf", `{"name": "Sea"}`).ID
	book := w.create(w.lib, "book", fmt.Sprintf(`{"title": "Tides", "shelf": {"id": "%s"}}`, shelf)).ID
	w.follow()
	return borrowed{w, shelf, book}
}

func eachTiming(t *testing.T, test func(t *testing.T, l borrowed)) {
	for _, timing := range []string{"soon", "transaction"} {
		t.Run(timing, func(t *testing.T) { test(t, newBorrowed(t, timing)) })
	}
}

func (l borrowed) lends() *record.View {
	l.Helper()
	out := l.create(l.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, l.book))
	l.follow()
	return l.see("loan", out.ID)
}

func (l borrowed) takesBack(loan *record.View) {
	l.Helper()
	in := record.Input{Values: map[string]any{"book": nil}}
	if _, err := l.Update(l.Context(), value.SystemActor("test"), "loan", loan.ID, l.see("loan", loan.ID).Version, in); err != nil {
		l.Fatal(err)
	}
	l.follow()
}

func (l borrowed) see(form value.FormKey, id value.ID) *record.View {
	l.Helper()
	out, err := l.Get(l.Context(), value.SystemActor("test"), form, id)
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// says lets somebody choose the book's grade.
func (l borrowed) says(grade string) {
	l.Helper()
	in := record.Input{Values: map[string]any{"grade": grade, "note": "kept"}}
	if _, err := l.Update(l.Context(), l.lib, "book", l.book, l.see("book", l.book).Version, in); err != nil {
		l.Fatal(err)
	}
	l.follow()
}

// is holds what the book says by now, and in which version, and that its shelf counts it so.
func (l borrowed) is(grade string, version int64) {
	l.Helper()
	book, rares := l.see("book", l.book), `0`
	if grade == "rare" {
		rares = `1`
	}
	l.same("grade", book.Values["grade"], `"`+grade+`"`)
	l.same("version", book.Version, fmt.Sprint(version))
	l.same("rare books of the shelf", l.see("shelf", l.shelf).Values["rares"], rares)
}

// last is the newest line of the book's history.
func (l borrowed) last() event.Event {
	l.Helper()
	events, err := l.Store.History(l.Context(), "book", l.book, 0, 1)
	if err != nil || len(events) != 1 {
		l.Fatalf("%v: %d events", err, len(events))
	}
	return events[0]
}

func (l borrowed) turnedTo(from, to string) {
	l.Helper()
	e := l.last()
	l.same("who", e.Actor, `"system:follow"`)
	var grade event.Change
	for _, c := range e.Changes {
		if c.Field == "grade" {
			grade = c
		}
	}
	if e.Kind != event.RecordChanged || grade.From != from || grade.To != to {
		l.Errorf("the history says %s, %v", e.Kind, e.Changes)
	}
	if book, err := l.Store.Get(l.Context(), "book", l.book); err != nil || book.UpdatedBy != e.Actor || !book.UpdatedAt.Equal(e.At) {
		l.Errorf("%v: changed by %s at %v, and the history says %v", err, book.UpdatedBy, book.UpdatedAt, e.At)
	}
}

// What has come to hold by a record of another form turns, as a change by the system that others follow: loans show it,
// and the shelf counts it.
func TestWhatFollowsFromOthersTurnsAField(t *testing.T) {
	eachTiming(t, func(t *testing.T, l borrowed) {
		loan := l.lends()
		l.is("rare", 2)
		l.turnedTo("plain", "rare")
		l.same("what the loan shows", l.see("loan", loan.ID).Values["bookGrade"], `"rare"`)
		events, err := l.Store.History(t.Context(), "loan", loan.ID, 0, 10)
		if err != nil || len(events) != 1 || events[0].Actor != l.lib.Key() {
			t.Errorf("%v: the loan was made by %v", err, events)
		}
		second := l.lends() // it held before
		l.is("rare", 2)
		l.takesBack(loan)
		l.is("rare", 2)
		l.takesBack(second)
		l.is("plain", 3)
		l.turnedTo("rare", "plain")
	})
}

// In between people choose as they please, and what says something else is not set back.
func TestWhatPeopleChooseStaysUntilTheNextTurn(t *testing.T) {
	eachTiming(t, func(t *testing.T, l borrowed) {
		first := l.lends()
		l.says("plain")
		l.is("plain", 3)
		second := l.lends()
		l.is("plain", 3)
		l.same("who was last", l.last().Actor, `"lib"`)
		l.takesBack(first)
		l.takesBack(second)
		l.is("plain", 3)
		l.says("rare") // nobody has borrowed it: what people say
		l.is("rare", 4)
		l.lends()
		l.is("rare", 4)
	})
}

// Whoever is just changing the record is told: something has changed that people see.
func TestATurnMakesAnEditStale(t *testing.T) {
	eachTiming(t, func(t *testing.T, l borrowed) {
		l.lends()
		_, err := l.Update(t.Context(), l.lib, "book", l.book, 1, record.Input{Values: map[string]any{"title": "Ebb"}})
		if fault.CodeOf(err) != "record.stale" {
			t.Errorf("the answer is %v", err)
		}
	})
}

// What lies in the recycle bin is not turned: figures follow, and nobody is told.
func TestWhatLiesInTheBinIsNotTurned(t *testing.T) {
	l := newBorrowed(t, "soon")
	l.create(l.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, l.book))
	err := l.Store.Tx(t.Context(), func(tx store.Tx) error { // as one does that was deleted at the same moment
		book, err := tx.Get(t.Context(), "book", l.book)
		if err != nil {
			return err
		}
		book.DeletedAt, book.DeletedBy = l.now, "lib"
		return tx.Put(t.Context(), book, book.Version)
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n > 0; {
		if n, err = l.Follow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	book, err := l.Store.Get(t.Context(), "book", l.book)
	if err != nil || book.Values["grade"] != "plain" || book.Values["loans"] != int64(1) || book.Version != 1 {
		t.Errorf("%v: version %d, %v", err, book.Version, book.Values)
	}
}

// A publication may be the first to count what has come: it turns what follows, as what follows later would have.
func TestWhatAPublicationCountsTurns(t *testing.T) {
	l := newBorrowed(t, "soon")
	l.create(l.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, l.book))
	also := func(store.Tx, record.Recomputed) error { return nil }
	if err := l.Recompute(t.Context(), "book", "", 500, also); err != nil {
		t.Fatal(err)
	}
	l.turnedTo("plain", "rare")
	l.follow()
	l.is("rare", 2)
	if err := l.Recompute(t.Context(), "book", "", 500, also); err != nil {
		t.Fatal(err)
	}
	l.is("rare", 2)
}

// Whoever saves what a condition reads makes the change themselves, and the rules are asked of it.
func TestASaveTurnsAField(t *testing.T) {
	w := newWorldWith(t, map[value.FormKey][]string{"book": {
		`"grade": {`, `"grade": {"x-turns": [{"when": "(cost ?? 0) > 500", "to": "rare", "back": "plain"}],`,
	}})
	_, err := w.Create(t.Context(), w.lib, "book", record.Input{Values: w.values(`{"title": "Ebb", "cost": 501}`)})
	if fault.CodeOf(err) != "record.invalid" {
		t.Errorf("a rare book without a note: %v", err)
	}
	view := w.create(w.lib, "book", `{"title": "Tides", "cost": 501, "note": "kept"}`)
	w.same("a new one", view.Values["grade"], `"rare"`)
	for _, step := range []struct{ changes, want string }{
		{`{"grade": "plain"}`, `"plain"`}, {`{"cost": 502}`, `"plain"`}, {`{"cost": 1}`, `"plain"`}, {`{"cost": 600}`, `"rare"`}, {`{"cost": 2}`, `"plain"`},
	} {
		if view, err = w.Update(t.Context(), w.lib, "book", view.ID, view.Version, record.Input{Values: w.values(step.changes)}); err != nil {
			t.Fatal(err)
		}
		w.same(step.changes, view.Values["grade"], step.want)
	}
	w.follow()
	events, err := w.Store.History(t.Context(), "book", view.ID, 0, 1)
	if err != nil || len(events) != 1 || events[0].Actor != w.lib.Key() {
		t.Errorf("%v: %v", err, events)
	}
}

// What scripts have led to goes on counting for what turns by it, so that scripts that set each other off come to an end.
func TestATurnIsAsFarFromPeopleAsWhatLedToIt(t *testing.T) {
	l := newBorrowed(t, "soon")
	other := l.create(l.lib, "book", `{"title": "Ebb"}`).ID
	loan := l.create(l.lib, "loan", `{"reader": "Bo"}`).ID
	l.follow()
	l.create(l.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, l.book))
	err := l.Store.Tx(t.Context(), func(tx store.Tx) error { // as a script after a commit writes it
		was, err := tx.Get(t.Context(), "loan", loan)
		if err != nil {
			return err
		}
		next := was.Clone()
		next.Version++
		next.Values["book"] = string(other)
		if err := tx.Put(t.Context(), next, was.Version); err != nil {
			return err
		}
		return tx.Emit(t.Context(), event.Event{
			Kind: event.RecordChanged, Form: "loan", Record: loan, Version: next.Version, At: l.now, Actor: "lib", Depth: 3,
			Changes: []event.Change{{Field: "book", To: string(other)}}, Before: was, After: next,
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	l.follow()
	l.same("of what people did", l.last().Depth, `0`)
	l.book = other
	l.turnedTo("plain", "rare")
	l.same("of what a script did", l.last().Depth, `3`)
}
