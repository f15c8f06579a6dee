package record_test

import (
	"errors"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What follows are ways around what somebody may see or change, each of them closed.

func (w *world) issuesOf(actor value.Actor, id value.ID, values string) map[string]string {
	w.Helper()
	said, err := w.Evaluate(w.Context(), actor, "book", id, w.values(values))
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]string{}
	for _, issue := range said.Issues {
		out[issue.Path] = issue.Code
	}
	return out
}

func TestEvaluateShowsNothingOfWhatAReferenceMayNotName(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "secret shelf"}`)
	said, err := w.Evaluate(t.Context(), w.pat, "book", "", w.values(`{"title": "x", "shelf": "`+string(shelf.ID)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	if shown, ok := said.Values["shelfName"]; ok {
		t.Errorf("a draft mirrors a record out of sight: %v", shown)
	}
}

func TestGuessingAMaskedValueReadsTheSameRightOrWrong(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "t", "phone": "13800138000"}`)
	for _, guess := range []string{"13800138000", "13900139000"} {
		if got := w.issuesOf(w.vic, book.ID, `{"phone": "`+guess+`"}`)["/values/phone"]; got != "field.readOnly" {
			t.Errorf("guess %s: %q", guess, got)
		}
	}
}

func TestEvaluateTakesNoChangeFromThoseWhoMayNotMakeIt(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.lib, "book", `{"title": "t", "grade": "rare", "note": "behind the wall", "phone": "13800138000"}`)
	said, err := w.Evaluate(t.Context(), w.eve, "book", book.ID, w.values(`{"grade": "plain"}`))
	if err != nil {
		t.Fatal(err)
	}
	w.same("note", said.Values["note"], `null`)
	w.same("phone", said.Values["phone"], `"138****8000"`)
	w.same("state", said.Fields["title"].ReadOnly, `true`)
	if got := w.issuesOf(w.eve, book.ID, `{"grade": "plain"}`)["/values/grade"]; got != "field.readOnly" {
		t.Errorf("grade: %q", got)
	}
}

func TestNobodyHandsARecordOutOfTheirSight(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "t"}`)
	away := w.values(`{"keeper": "pat"}`)
	if _, err := w.Update(t.Context(), w.kim, "book", book.ID, 1, record.Input{Values: away}); fault.CodeOf(err) != "record.mayNotOwn" {
		t.Fatalf("handed away: %v", err)
	}
	ops := []record.Operation{{Op: "update", ID: book.ID, Version: 1, Values: away}}
	if _, err := w.Batch(t.Context(), w.kim, "book", ops, true, nil); fault.CodeOf(err) != "record.mayNotOwn" {
		t.Fatalf("handed away in a batch: %v", err)
	}
	if _, err := w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: away}); err != nil {
		t.Fatalf("who sees all may hand over: %v", err)
	}
	w.follow()
}

func TestRowsOfAHiddenTableAreNotCounted(t *testing.T) {
	w := newWorld(t)
	w.create(w.kim, "book", `{"title": "t", "copies": [{"count": 3}, {"count": 2}]}`)
	rows, err := w.Aggregate(t.Context(), w.guy, record.AggregateRequest{Form: "book", Table: "copies"})
	if fault.CodeOf(err) != "aggregate.invalid" {
		t.Errorf("counted %v, %v", rows, err)
	}
}

func TestWhatMirrorsAndRollupsShowIsHiddenWithItsSource(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "s"}`)
	book := w.create(w.lib, "book", `{"title": "t", "shelf": "`+string(shelf.ID)+`", "copies": [{"count": 3, "price": "9.80"}]}`)
	w.follow()
	seen, err := w.Get(t.Context(), w.guy, "book", book.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.same("mirror", seen.Values["shelfName"], `null`)
	w.same("reference", seen.Values["shelf"], `{"id":"`+string(shelf.ID)+`"}`)
	above, err := w.Get(t.Context(), w.guy, "shelf", shelf.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.same("rollups", above.Values, `{"books":1,"costly":0}`)
}

func TestTheBinIsOnlyForThoseWhoMayDelete(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "t"}`)
	if err := w.Delete(t.Context(), w.kim, "book", book.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.History(t.Context(), w.vic, "book", book.ID, "", 10); fault.KindOf(err) != fault.NotFound {
		t.Errorf("history: %v", err)
	}
	if _, err := w.Evaluate(t.Context(), w.vic, "book", book.ID, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("evaluate: %v", err)
	}
	if _, err := w.History(t.Context(), w.kim, "book", book.ID, "", 10); err != nil {
		t.Errorf("who may restore it reads its history: %v", err)
	}
}

func TestARepeatedRequestTellsNothingToOneWhoLostTheirRights(t *testing.T) {
	w := newWorld(t)
	once := &record.Once{Key: "k", Route: "POST book", Hash: []byte("h")}
	in := record.Input{Values: map[string]any{"title": "t", "note": "in the attic"}, Once: once}
	if _, err := w.Create(t.Context(), w.kim, "book", in); err != nil {
		t.Fatal(err)
	}
	several := &record.Once{Key: "k", Route: "POST batch", Hash: []byte("h")}
	ops := []record.Operation{{Op: "create", Values: map[string]any{"title": "t"}}}
	if _, err := w.Batch(t.Context(), w.kim, "book", ops, true, several); err != nil {
		t.Fatal(err)
	}
	var err error
	w.people, err = org.NewSnapshot(2, []org.User{{ID: "kim", Username: "kim", Name: "Kim", Active: true}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	fired, _ := w.people.Actor("kim")
	if again, err := w.Create(t.Context(), fired, "book", in); fault.KindOf(err) != fault.NotFound {
		t.Errorf("answered again: %v, %v", again, err)
	}
	if again, err := w.Batch(t.Context(), fired, "book", ops, true, several); err != nil || again[0].View != nil || fault.KindOf(again[0].Err) != fault.NotFound {
		t.Errorf("answered again: %v, %v", again, err)
	}
}

func TestATakenValueTellsNothingOfWhoHasIt(t *testing.T) {
	w := newWorld(t)
	hers := w.create(w.lib, "book", `{"title": "hers", "code": "978"}`)
	_, err := w.Create(t.Context(), w.kim, "book", record.Input{Values: w.values(`{"title": "t", "code": "978"}`)})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "record.taken" || f.Detail != nil || len(f.Args) != 0 {
		t.Fatal(err)
	}
	if len(f.Issues) != 1 || f.Issues[0].Path != "/values/code" || f.Issues[0].Code != "unique.taken" || len(f.Issues[0].Args) != 1 {
		t.Errorf("issues %v", f.Issues)
	}
	if _, err := w.Get(t.Context(), w.kim, "book", hers.ID); fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
}
