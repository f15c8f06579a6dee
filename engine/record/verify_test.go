package record_test

import (
	"context"
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

// What is wrong at one look and right at a later one was work under way; what stays wrong is told after three looks.
func TestWhereOthersAreAtWorkOnlyWhatStaysWrongIsTold(t *testing.T) {
	w := newWorld(t)
	late, lost := w.create(w.lib, "book", `{"title": "late"}`), w.create(w.lib, "book", `{"title": "lost"}`)
	w.follow()
	finds := func(id value.ID, words ...string) {
		t.Helper()
		r, err := w.Store.Get(t.Context(), "book", id)
		if err != nil {
			t.Fatal(err)
		}
		r.Tokens = words
		if err := w.Store.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, r.Version) }); err != nil {
			t.Fatal(err)
		}
	}
	form := w.Catalog().Forms["book"]
	for arrives := range 4 { // in which rest the other's work arrives: in none, the first, the second, a third that does not come
		finds(late.ID, "wrong")
		finds(lost.ID, "wrong")
		want := []string{"book " + string(lost.ID) + ": search finds it by other words than its own"}
		if arrives == 0 || arrives == 3 {
			want = append(want, "book "+string(late.ID)+": search finds it by other words than its own")
		}
		rests := 0
		found, err := record.VerifyBeside(t.Context(), w.Verify, func(context.Context) error {
			if rests++; rests == arrives {
				r, err := w.Store.Get(t.Context(), "book", late.ID)
				if err != nil {
					return err
				}
				form.Derive(r, w.Zone, w.Org())
				finds(late.ID, r.Tokens...)
			}
			return nil
		})
		slices.Sort(found)
		slices.Sort(want)
		if err != nil || rests != 2 || !slices.Equal(found, want) {
			t.Errorf("arriving at %d: %q after %d rests, %v; want %q", arrives, found, rests, err, want)
		}
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

// A figure that is kept in the transactions of others is held against them too, also in the recycle bin.
func TestVerifyFindsFiguresThatDiffer(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "Sea"}`)
	for _, deleted := range []bool{false, true} {
		r := w.stored("shelf", shelf.ID)
		if r.Values["books"] = int64(7); deleted {
			r.DeletedAt, r.DeletedBy = w.now, "lib"
		}
		if err := w.Store.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, r.Version) }); err != nil {
			t.Fatal(err)
		}
		found, err := w.Verify(t.Context())
		if want := "shelf " + string(shelf.ID) + ": rollup books is 7, its records say 0"; err != nil || !slices.Contains(found, want) {
			t.Errorf("found %q, %v; want %q", found, err, want)
		}
	}
}
