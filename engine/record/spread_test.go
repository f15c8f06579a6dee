package record_test

import (
	"fmt"
	"testing"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A book counts its loans, its shelf sums those counts up, and each book shows the sum: what is made of figures follows
// them, however their own timing is.
func TestWhatIsMadeOfFiguresFollowsThem(t *testing.T) {
	for _, timing := range []string{"soon", "transaction"} {
		t.Run(timing, func(t *testing.T) {
			label := `"x-label": {"en": "Lent", "zh-CN": "借出"}`
			w := newWorldWith(t, map[value.FormKey][]string{
				"book": {`"shelfName": {`, `"loans": {"x-field": "rollup", ` + label + `, "x-from": "loan", "x-via": "book", "x-op": "count", "x-timing": "` + timing + `"},
					"shelfLent": {"x-field": "mirror", ` + label + `, "x-via": "shelf", "x-of": "lent"},
					"shelfName": {`, `"shelfName",`, `"shelfName", "loans", "shelfLent",`},
				"shelf": {`"costly": {`, `"lent": {"x-field": "rollup", ` + label + `, "x-from": "book", "x-via": "shelf", "x-of": "loans", "x-op": "sum", "x-timing": "soon"},
					"costly": {`, `"costly"]`, `"costly", "lent"]`},
			})
			shelf := w.create(w.lib, "shelf", `{"name": "Sea"}`)
			var books []value.ID
			for n := range 2 {
				books = append(books, w.create(w.lib, "book", fmt.Sprintf(`{"title": "Tides %d", "shelf": {"id": "%s"}}`, n, shelf.ID)).ID)
			}
			w.follow()
			loan := w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Ann", "book": {"id": "%s"}}`, books[0]))
			w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "Bo", "book": {"id": "%s"}}`, books[1]))
			w.follow()
			w.lent(shelf.ID, books, 2)
			if _, err := w.Update(t.Context(), value.SystemActor("test"), "loan", loan.ID, loan.Version, record.Input{Values: map[string]any{"book": nil}}); err != nil {
				t.Fatal(err)
			}
			w.follow()
			w.lent(shelf.ID, books, 1)
		})
	}
}

// lent holds what a shelf says of its loans, and what its books say of that.
func (w *world) lent(shelf value.ID, books []value.ID, want int64) {
	w.Helper()
	holds := func(form value.FormKey, id value.ID, field string) {
		w.Helper()
		r, err := w.Store.Get(w.Context(), form, id)
		if err != nil {
			w.Fatal(err)
		}
		if got := r.Values[field]; got != want {
			w.Errorf("%s of %s is %v, not %d", field, form, got, want)
		}
	}
	holds("shelf", shelf, "lent")
	for _, book := range books {
		holds("book", book, "shelfLent")
	}
}
