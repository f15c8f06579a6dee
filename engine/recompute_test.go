package engine_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// stock fills the library with books, every third in the recycle bin.
func (w *world) stock(n int) (shelf *record.View, books []*record.View) {
	w.Helper()
	shelf = w.make("lib", "shelf", map[string]any{"name": "North", "floor": "second"})
	for i := range n {
		b := w.make("lib", "book", map[string]any{
			"title": fmt.Sprint("Tale ", i), "note": fmt.Sprint("hidden", i), "price": number(10 + i), "count": number(2), "shelf": string(shelf.ID),
		})
		if i%3 == 0 {
			must(w.TB, w.Records.Delete(w.Context(), w.actor("lib"), "book", b.ID, b.Version, ""))
		}
		books = append(books, b)
	}
	must(w.TB, w.Settle(w.Context()))
	return shelf, books
}

func TestPublishingMakesAnewWhatItChanges(t *testing.T) {
	w := newWorld(t)
	if page, _, err := w.Jobs.List(t.Context(), value.SystemActor("test"), true, "", 1); err != nil || len(page) != 0 {
		t.Fatalf("the first publication leaves work behind: %v %v", page, err)
	}
	shelf, books := w.stock(25)
	w.clean()
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0",
		`"(price ?? 0) * (count ?? 1)"`, `"(price ?? 0) * (count ?? 1) + 1"`,
		`"note": {"x-field": "text", "x-label": {"en": "Note"}}`, `"note": {"x-field": "text", "x-label": {"en": "Note"}, "x-search": true},
		"floor": {"x-field": "mirror", "x-label": {"en": "Floor"}, "x-via": "shelf", "x-of": "floor"}`,
		`"floor": {"x-field": "text", "x-label": {"en": "Floor"}}`, `"floor": {"x-field": "text", "x-label": {"en": "Floor"}},
		"books": {"x-field": "rollup", "x-label": {"en": "Books"}, "x-from": "book", "x-via": "shelf", "x-op": "count", "x-timing": "transaction"},
		"worth": {"x-field": "rollup", "x-label": {"en": "Worth"}, "x-from": "book", "x-via": "shelf", "x-op": "sum", "x-of": "worth", "x-timing": "soon"}`,
	))
	must(t, err)
	if found, err := w.Records.Verify(t.Context()); err != nil || len(found) == 0 {
		t.Fatalf("nothing is stale before the work is done: %v", err)
	}
	w.turns()
	w.clean()
	// Both forms changed: books first, whose sums the shelf takes; then books take nothing new from it,
	// but as each takes from the other, all are looked at twice.
	if j := w.last(); j.State != job.Done || j.Kind != "recompute" || j.Done != 52 || j.Total != 52 || j.Counts["changed"] != 26 {
		t.Errorf("the job: %+v", j)
	}
	got := w.get("book", books[1].ID)
	if got.Values["worth"] != "23.00" || got.Values["floor"] != "second" || got.Version != books[1].Version {
		t.Errorf("a book: %+v", got)
	}
	page, err := w.Records.List(t.Context(), w.actor("lib"), record.ListRequest{Form: "book", Q: "hidden7"})
	if err != nil || len(page.Records) != 1 {
		t.Errorf("search finds %v, %v", page, err)
	}
	sum := 0
	for i := range books {
		if i%3 != 0 {
			sum += 2*(10+i) + 1
		}
	}
	if s := w.get("shelf", shelf.ID); fmt.Sprint(s.Values["books"]) != "16" || s.Values["worth"] != strconv.Itoa(sum)+".00" {
		t.Errorf("the shelf: %v, want 16 and %d", s.Values, sum)
	}
	// An edit begun before the publication is not stale.
	if _, err := w.Records.Update(t.Context(), w.actor("lib"), "book", books[1].ID, books[1].Version, record.Input{Values: map[string]any{"count": number(3)}}); err != nil {
		t.Errorf("an edit begun before: %v", err)
	}
	w.clean()

	// Only texts that people read: nothing to do.
	_, err = w.Apps.Rollback(t.Context())
	must(t, err)
	w.turns()
	w.clean()
	rolledBack := w.last().ID
	_, err = w.Apps.Install(t.Context(), bundle("1.0.1", `{"en": "Note"}`, `{"en": "Remark"}`))
	must(t, err)
	if w.last().ID != rolledBack {
		t.Error("another label makes work")
	}
}

func TestARecordThatCannotBeComputedIsReportedAndTheOthersAreDone(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", i), "price": number(8), "count": number(i)})
	}
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `(price ?? 0) * (count ?? 1)`, `(price ?? 0) / (count ?? 1)`))
	must(t, err)
	w.turns()
	j := w.last()
	if j.State != job.Done || j.Counts["changed"] != 2 || j.Counts["unchanged"] != 1 || j.Refusals["record.invalid"] != 1 || len(j.Refused) != 1 {
		t.Errorf("%+v", j)
	}
}

func TestRecomputeGoesOnWhereAnotherWasStopped(t *testing.T) {
	w := newWorld(t)
	const n = 100 // 13 batches
	var ops []record.Operation
	for i := range n {
		ops = append(ops, record.Operation{Op: "create", Values: map[string]any{"title": fmt.Sprint("b", i), "price": number(8)}})
	}
	_, err := w.Records.Batch(t.Context(), w.actor("lib"), "book", ops, true, nil)
	must(t, err)
	_, err = w.Apps.Install(t.Context(), bundle("1.1.0", `(price ?? 0) * (count ?? 1)`, `(price ?? 0) * 2`))
	must(t, err)
	// Two engines over one store take turns at it, at the same time.
	other := w.open()
	ended := make(chan error, 1)
	go func() {
		for {
			worked, err := other.Jobs.RunOnce(t.Context())
			if err != nil || !worked {
				ended <- err
				return
			}
		}
	}()
	w.turns()
	must(t, <-ended)
	w.turns()
	if j := w.last(); j.State != job.Done || j.Done != n || j.Counts["changed"] != n {
		t.Errorf("%+v", j)
	}
	w.clean()
}
