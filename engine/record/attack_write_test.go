package record_test

import (
	"encoding/json"
	"fmt"

	"tidewater/engine/record"
)

// drafts are changes that somebody tries who wants to know what they do not see: amounts that lie on both
// sides of it, values for what is not theirs to set, and what collides with other records.
func drafts() []map[string]any {
	var out []map[string]any
	for _, price := range []string{"0", "14.79", "14.80", "14.81", "300", "333.33", "333.34", "4000"} {
		out = append(out, map[string]any{"copies": []any{map[string]any{"count": json.Number("2"), "price": price}}})
	}
	for _, guess := range guesses() {
		out = append(out, map[string]any{"cost": guess}, map[string]any{"note": guess}, map[string]any{"margin": guess})
	}
	return append(out,
		map[string]any{"phone": "13800005678"}, map[string]any{"phone": "13899995678"}, map[string]any{"phone": "no number"},
		map[string]any{"grade": "rare"}, map[string]any{"grade": "rare", "title": nil},
		map[string]any{"advice": nil}, map[string]any{"advice": nil, "copies": nil},
		map[string]any{"cost": []any{map[string]any{"x": json.Number("1")}}},
	)
}

// trying asks what would be if: of the book, and of one that is not there yet.
func (s *scene) trying(into *[]string) {
	for _, draft := range drafts() {
		said, err := s.Evaluate(s.Context(), s.cat, "book", s.book.ID, draft)
		s.ask(into, fmt.Sprint("evaluate ", draft), said, err)
		said, err = s.Evaluate(s.Context(), s.cat, "book", "", draft)
		s.ask(into, fmt.Sprint("evaluate new ", draft), said, err)
	}
	said, err := s.Evaluate(s.Context(), s.cat, "loan", "", map[string]any{"reader": "x", "book": string(s.book.ID)})
	s.ask(into, "evaluate a loan", said, err)
}

// changing changes things, wrongly first and then well. A save holds every rule, unseen values or not: what
// it refuses is left out here, and TestARefusedSaveSaysNoMore has it.
func (s *scene) changing(into *[]string) {
	for _, change := range []map[string]any{
		{"title": "mine"}, {"cost": "1"}, {"note": "n"}, {"phone": "13800005678"}, {"phone": "138****5678"}, {"phone": nil}, {"margin": "1"}, {"grade": "none"},
	} {
		got, err := s.Update(s.Context(), s.cat, "book", s.book.ID, 1, record.Input{Values: change}) // long stale
		s.ask(into, fmt.Sprint("stale ", change), got, err)
		ops := []record.Operation{{Op: "update", ID: s.book.ID, Version: 1, Values: change}, {Op: "delete", ID: s.book.ID, Version: 1}}
		for _, atomic := range []bool{true, false} {
			results, err := s.Batch(s.Context(), s.cat, "book", ops, atomic, nil)
			s.ask(into, fmt.Sprint("stale batch ", change), viewsOf(results), err)
			for _, r := range results {
				s.ask(into, "item", r.View, r.Err)
			}
		}
	}
	got, err := s.Create(s.Context(), s.cat, "book", record.Input{Values: map[string]any{"title": "t", "code": "978"}})
	s.ask(into, "taken", got, err)
	got, err = s.Create(s.Context(), s.cat, "loan", record.Input{Values: map[string]any{"reader": "t", "book": string(s.book.ID)}})
	s.ask(into, "a loan", got, err)
	once := &record.Once{Key: "k", Route: "PATCH", Hash: []byte("h")}
	for range 2 { // the second is the same answered again
		got, err = s.Update(s.Context(), s.cat, "book", s.book.ID, 2, record.Input{Values: map[string]any{"bought": "2026-03-02"}, Once: once})
		s.ask(into, "update", got, err)
	}
	history, err := s.History(s.Context(), s.cat, "book", s.book.ID, "", 0)
	s.ask(into, "history after it", history, err)
	got, err = s.Restore(s.Context(), s.cat, "book", s.binned.ID, nil)
	s.ask(into, "restore", got, err)
}

func viewsOf(results []record.Result) []*record.View {
	out := make([]*record.View, len(results))
	for i, r := range results {
		out[i] = r.View
	}
	return out
}
