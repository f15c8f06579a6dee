package engine_test

import (
	"testing"

	"tidewater/engine"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A publication, with all the work that it leaves behind, may come between what a save has prepared and its
// transaction. What is written then is made of what is published, not of what was.
func TestWhatAPublicationOvertakesIsMadeOfWhatIsPublished(t *testing.T) {
	values := func(n int) map[string]any {
		return map[string]any{"title": "Late", "price": number(10), "count": number(n)}
	}
	for name, save := range map[string]func(w *world, book *record.View) (value.ID, error){
		"create": func(w *world, _ *record.View) (value.ID, error) {
			made, err := w.Records.Create(w.Context(), w.actor("lib"), "book", record.Input{Values: values(2)})
			if err != nil {
				return "", err
			}
			return made.ID, nil
		},
		"update": func(w *world, book *record.View) (value.ID, error) {
			_, err := w.Records.Update(w.Context(), w.actor("lib"), "book", book.ID, book.Version, record.Input{Values: values(2)})
			return book.ID, err
		},
		"delete": func(w *world, book *record.View) (value.ID, error) {
			return book.ID, w.Records.Delete(w.Context(), w.actor("lib"), "book", book.ID, book.Version, "")
		},
		"batch": func(w *world, book *record.View) (value.ID, error) {
			_, err := w.Records.Batch(w.Context(), w.actor("lib"), "book",
				[]record.Operation{{Op: "update", ID: book.ID, Version: book.Version, Values: values(2)}}, true, nil)
			return book.ID, err
		},
		"bulk": func(w *world, book *record.View) (value.ID, error) {
			did, _, err := w.Bulk(w.Context(), w.actor("lib"), engine.BulkRequest{
				Form: "book", Action: "update", IDs: []value.ID{book.ID}, Values: values(2),
			}, nil)
			if err == nil {
				err = did[0].Err
			}
			return book.ID, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			shelf := w.make("lib", "shelf", map[string]any{"name": "North", "floor": "second"})
			book := w.make("lib", "book", map[string]any{"title": "Tale", "price": number(10), "count": number(1), "shelf": string(shelf.ID)})
			happened := false
			w.saving = func() {
				happened = true
				_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"(price ?? 0) * (count ?? 1)"`, `"(price ?? 0) * (count ?? 1) + 1"`))
				must(t, err)
				w.turns()
			}
			id, err := save(w, book)
			must(t, err)
			if !happened {
				t.Fatal("nothing was published meanwhile")
			}
			w.clean()
			want := "21.00"
			if name == "delete" {
				want = "11.00"
			}
			if got := w.get("book", id).Values["worth"]; got != want {
				t.Errorf("worth %v, want %v", got, want)
			}
		})
	}
}

func TestWhatFollowsIsMadeOfWhatIsPublished(t *testing.T) {
	w := newWorld(t)
	const floor = `"floor": {"x-field": "text", "x-label": {"en": "Floor"}}`
	counted := func(version, formula string) {
		_, err := w.Apps.Install(t.Context(), bundle(version, floor, floor+`,
			"worth": {"x-field": "rollup", "x-label": {"en": "Worth"}, "x-from": "book", "x-via": "shelf", "x-op": "sum", "x-of": "worth", "x-timing": "soon"},
			"tax": {"x-field": "currency", "x-label": {"en": "Tax"}, "x-scale": 2, "x-compute": "`+formula+`"}`))
		must(t, err)
		w.turns()
	}
	counted("1.1.0", "(worth ?? 0) * 2")
	shelf := w.make("lib", "shelf", map[string]any{"name": "North"})
	w.make("lib", "book", map[string]any{"title": "Tale", "price": number(10), "shelf": string(shelf.ID)})
	w.saving = func() { counted("1.2.0", "(worth ?? 0) * 3") }
	must(t, w.Settle(t.Context()))
	w.clean()
	if got := w.get("shelf", shelf.ID).Values["tax"]; got != "30.00" || w.saving != nil {
		t.Errorf("tax %v, want 30.00", got)
	}
}

// The same request may come twice at once, as by a double click: the second is answered as the first.
func TestTheSameRequestTwiceAtOnceIsCarriedOutOnce(t *testing.T) {
	once := &record.Once{Key: "k", Route: "r", Hash: []byte("h")}
	in := record.Input{Values: map[string]any{"title": "Twice", "code": "one of its kind"}, Once: once}
	for name, save := range map[string]func(w *world, book *record.View) (*record.View, error){
		"create": func(w *world, _ *record.View) (*record.View, error) {
			return w.Records.Create(w.Context(), w.actor("lib"), "book", in)
		},
		"update": func(w *world, book *record.View) (*record.View, error) {
			return w.Records.Update(w.Context(), w.actor("lib"), "book", book.ID, book.Version, in)
		},
		"batch": func(w *world, book *record.View) (*record.View, error) {
			did, err := w.Records.Batch(w.Context(), w.actor("lib"), "book",
				[]record.Operation{{Op: "update", ID: book.ID, Version: book.Version, Values: in.Values}}, true, once)
			if err != nil {
				return nil, err
			}
			return did[0].View, did[0].Err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			book := w.make("lib", "book", map[string]any{"title": "Tale"})
			var first *record.View
			w.saving = func() {
				var err error
				first, err = save(w, book)
				must(t, err)
			}
			second, err := save(w, book)
			must(t, err)
			if first == nil || second.ID != first.ID || second.Version != first.Version {
				t.Errorf("first %+v, then %+v", first, second)
			}
		})
	}
}
