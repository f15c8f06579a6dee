package record_test

import (
	"slices"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func TestVerifyFindsTokensThatDiffer(t *testing.T) {
	w := newWorld(t)
	spoilt := map[value.ID][]string{}
	for title, tokens := range map[string][]string{"one too many": {"extra"}, "none": {}, "kept": nil} {
		book := w.create(w.lib, "book", `{"title": "`+title+`"}`)
		spoilt[book.ID] = tokens
	}
	w.follow()
	var want []string
	for id, tokens := range spoilt {
		r, err := w.Store.Get(t.Context(), "book", id)
		if err != nil {
			t.Fatal(err)
		}
		if r.Tokens = tokens; tokens != nil {
			want = append(want, "book "+string(id)+": search finds it by other words than its own")
		}
		if err := w.Store.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 1) }); err != nil {
			t.Fatal(err)
		}
	}
	found, err := w.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}

func TestNothingFindsARecordWhoseTextIsGone(t *testing.T) {
	w := newWorld(t)
	loan := w.create(w.cat, "loan", `{"reader": "Rob"}`)
	if _, err := w.Update(t.Context(), w.cat, "loan", loan.ID, 1, record.Input{Values: w.values(`{"reader": null}`)}); err != nil {
		t.Fatal(err)
	}
	w.follow()
	page, err := w.List(t.Context(), w.cat, record.ListRequest{Form: "loan", Q: "Rob"})
	if err != nil || len(page.Records) != 0 {
		t.Errorf("found %v, %v", page, err)
	}
}
