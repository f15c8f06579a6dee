package record_test

import (
	"fmt"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// deletes puts a record into the recycle bin and lets everything catch up.
func (w *world) deletes(form value.FormKey, id value.ID) {
	w.Helper()
	if err := w.Delete(w.Context(), w.lib, form, id, w.stored(form, id).Version, ""); err != nil {
		w.Fatalf("delete %s: %v", form, err)
	}
	w.follow()
}

func (w *world) restores(form value.FormKey, id value.ID) {
	w.Helper()
	if _, err := w.Restore(w.Context(), value.SystemActor("test"), form, id, nil); err != nil {
		w.Fatalf("restore %s: %v", form, err)
	}
	w.follow()
}

// stored is a record as it is by now, also in the recycle bin.
func (w *world) stored(form value.FormKey, id value.ID) *value.Record {
	w.Helper()
	r, err := w.Store.Get(w.Context(), form, id)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// A record that counts those whose references it lets go of when it is deleted says so in the recycle bin, where
// nothing turns, and after it has come back.
func TestARecordLeavesWithTheFiguresOfThoseItLetsGoOf(t *testing.T) {
	eachTiming(t, func(t *testing.T, l borrowed) {
		loans := []*record.View{l.lends(), l.lends()}
		l.is("rare", 2)
		l.deletes("book", l.book)
		book := l.stored("book", l.book)
		l.same("loans in the bin", book.Values["loans"], `0`)
		l.same("version in the bin", book.Version, `3`)
		l.same("rare books of the shelf", l.stored("shelf", l.shelf).Values["rares"], `0`)
		for _, loan := range loans {
			l.same("the loan's book", l.stored("loan", loan.ID).Values["book"], `null`)
		}
		l.restores("book", l.book)
		l.same("loans after the restoration", l.see("book", l.book).Values["loans"], `0`)
		l.is("rare", 4) // nothing has turned since
		l.lends()
		l.same("loans", l.see("book", l.book).Values["loans"], `1`)
	})
}

// So it does where those that it counts go along with it, and they count again once they have come back too.
func TestARecordLeavesWithThoseThatItCounts(t *testing.T) {
	for _, timing := range []string{"soon", "transaction"} {
		t.Run(timing, func(t *testing.T) {
			w := newWorldWith(t, map[value.FormKey][]string{
				"book": {`"shelfName": {`, counting("loans", "loan", "book", timing) + `"shelfName": {`, `"shelfName",`, `"shelfName", "loans",`,
					`"x-ref": "shelf", "x-onDelete": "restrict"`, `"x-ref": "shelf", "x-onDelete": "cascade"`},
				"loan": {`"x-onDelete": "clear"`, `"x-onDelete": "cascade"`},
			})
			shelf := w.create(w.lib, "shelf", `{"name": "Sea"}`).ID
			book := w.create(w.lib, "book", fmt.Sprintf(`{"title": "Tides", "shelf": {"id": "%s"}}`, shelf)).ID
			loan := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, book)).ID
			w.follow()
			w.deletes("shelf", shelf)
			counts := func(books, loans string) {
				t.Helper()
				w.same("books", w.stored("shelf", shelf).Values["books"], books)
				w.same("loans", w.stored("book", book).Values["loans"], loans)
			}
			for form, id := range map[value.FormKey]value.ID{"shelf": shelf, "book": book, "loan": loan} {
				if !w.stored(form, id).Deleted() {
					t.Errorf("the %s stays", form)
				}
			}
			counts(`0`, `0`)
			w.restores("shelf", shelf)
			counts(`0`, `0`)
			w.restores("book", book)
			counts(`1`, `0`)
			w.restores("loan", loan)
			counts(`1`, `1`)
		})
	}
}

// counting is a count of the records that refer to one.
func counting(name, from, via, timing string) string {
	return fmt.Sprintf(`"%s": {"x-field": "rollup", "x-label": {"en": "Count", "zh-CN": "计数"}, "x-from": "%s", "x-via": "%s", "x-op": "count",
		"x-timing": "%s"}, `, name, from, via, timing)
}

// Of two that refer to the one that leaves, one may count the other: what it says changes while both let go. Each is
// changed once, also where it would go along with either.
func TestThoseThatLetGoMayCountEachOther(t *testing.T) {
	for _, onDelete := range []string{"clear", "cascade"} {
		t.Run(onDelete, func(t *testing.T) {
			w := newWorldWith(t, map[value.FormKey][]string{"loan": {
				`"bookNote": {`, strings.Replace(counting("more", "loan", "first", "transaction"), `"x-op"`, `"x-filter": "book != nil", "x-op"`, 1) + `"first": {"x-field": "reference",
					"x-label": {"en": "First", "zh-CN": "首次"}, "x-ref": "loan", "x-onDelete": "` + onDelete + `"}, "says": {"x-field": "text",
					"x-label": {"en": "Says", "zh-CN": "说明"}, "x-compute": "book != nil ? \"lent: \" + (bookNote ?? \"\") : \"back\""}, "bookNote": {`,
				`"bookNote",`, `"bookNote", "first", "more", "says",`, `"x-ref": "book", "x-onDelete": "clear"`, `"x-ref": "book", "x-onDelete": "` + onDelete + `"`,
			}})
			book := w.create(w.lib, "book", `{"title": "Tides", "note": "torn"}`).ID
			first := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, book)).ID
			all := []value.ID{first}
			for range 3 {
				all = append(all, w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Bo", "book": {"id": "%s"}, "first": {"id": "%s"}}`, book, first)).ID)
			}
			w.follow()
			w.same("more", w.stored("loan", first).Values["more"], `3`)
			w.deletes("book", book)
			w.same("more", w.stored("loan", first).Values["more"], `0`)
			says := map[string]string{"clear": `"back"`, "cascade": `"lent: torn"`}[onDelete]
			for _, id := range all {
				loan := w.stored("loan", id)
				w.same("version", loan.Version, `2`)
				w.same("what it says", loan.Values["says"], says)
			}
		})
	}
}

// Where it may not leave, everything stays as it was, what was let go of for it too.
func TestWhatMayNotLeaveStaysAsItWas(t *testing.T) {
	w := newWorldWith(t, map[value.FormKey][]string{"loan": {
		`"bookNote": {`, `"kept": {"x-field": "reference", "x-label": {"en": "Kept", "zh-CN": "留存"}, "x-ref": "book", "x-onDelete": "restrict"}, "bookNote": {`,
		`"bookNote",`, `"bookNote", "kept",`,
	}})
	book := w.create(w.lib, "book", `{"title": "Tides"}`).ID
	loan := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}, "kept": {"id": "%s"}}`, book, book)).ID
	w.follow()
	if err := w.Delete(t.Context(), w.lib, "book", book, 1, ""); fault.CodeOf(err) != "record.referred" {
		t.Errorf("the answer is %v", err)
	}
	w.follow()
	if w.stored("book", book).Deleted() || w.stored("loan", loan).Values["book"] != string(book) {
		t.Error("something has left")
	}
}

// Every way to delete goes by the same door.
func TestABatchDeletesWhatCountsThoseItLetsGoOf(t *testing.T) {
	for _, atomic := range []bool{true, false} {
		l := newBorrowed(t, "transaction")
		l.lends()
		ops := []record.Operation{{Op: "delete", ID: l.book, Version: 2}}
		results, err := l.Batch(t.Context(), l.lib, "book", ops, atomic, nil)
		if err != nil || results[0].Err != nil {
			t.Fatal(err, results)
		}
		l.follow()
		l.same("loans", l.stored("book", l.book).Values["loans"], `0`)
	}
}

// Mirrors of what lies in the recycle bin do not follow, and nothing complains of it; whatever comes back shows what it
// refers to as it is by then, with what is worked out and counted from that.
func TestWhatComesBackShowsWhatHasChangedMeanwhile(t *testing.T) {
	w := newWorldWith(t, map[value.FormKey][]string{
		"book": {`"shelfName": {`, `"shelfSays": {"x-field": "text", "x-label": {"en": "Says", "zh-CN": "说明"}, "x-compute": "upper(shelfName ?? \"\")"}, "shelfName": {`,
			`"shelfName",`, `"shelfName", "shelfSays",`},
		"loan": {`"bookNote": {`, `"bookShelf": {"x-field": "mirror", "x-label": {"en": "Shelf", "zh-CN": "书架"}, "x-via": "book", "x-of": "shelfName"}, "bookNote": {`,
			`"bookNote",`, `"bookNote", "bookShelf",`, `"x-onDelete": "clear"`, `"x-onDelete": "cascade"`},
	})
	shelf := w.create(w.lib, "shelf", `{"name": "Sea"}`).ID
	book := w.create(w.lib, "book", fmt.Sprintf(`{"title": "Tides", "shelf": {"id": "%s"}}`, shelf)).ID
	loan := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, book)).ID
	w.follow()
	w.deletes("book", book)
	rename(w, shelf, "Coast")
	w.follow()
	w.same("in the bin", w.stored("book", book).Values["shelfName"], `"Sea"`)
	w.restores("book", book)
	w.same("the book", w.stored("book", book).Values["shelfName"], `"Coast"`)
	w.same("what is computed of it", w.stored("book", book).Values["shelfSays"], `"COAST"`)
	w.same("the loan that is still in the bin", w.stored("loan", loan).Values["bookShelf"], `"Sea"`)
	w.restores("loan", loan)
	w.same("the loan", w.stored("loan", loan).Values["bookShelf"], `"Coast"`)
}

// What it refers to may be gone for good: it can no longer come back, and keeps what it has shown.
func TestWhatLiesInTheBinKeepsWhatItHasShownOfWhatIsGone(t *testing.T) {
	w := newWorldWith(t, map[value.FormKey][]string{"loan": {`"x-onDelete": "clear"`, `"x-onDelete": "cascade"`}})
	book := w.create(w.lib, "book", `{"title": "Tides", "note": "torn"}`).ID
	loan := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, book)).ID
	w.follow()
	w.deletes("book", book)
	if err := w.Purge(t.Context(), w.lib, "book", book, nil); err != nil {
		t.Fatal(err)
	}
	w.follow()
	w.same("the note", w.stored("loan", loan).Values["bookNote"], `"torn"`)
	if _, err := w.Restore(t.Context(), value.SystemActor("test"), "loan", loan, nil); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("the answer is %v", err)
	}
}
