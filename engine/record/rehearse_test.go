package record_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// otherwise is the library's metadata with some texts replaced.
func otherwise(t *testing.T, changes ...string) *catalog.Catalog {
	t.Helper()
	bundle, err := catalog.LoadFS(os.DirFS("testdata/library"))
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range bundle {
		bundle[path] = []byte(strings.NewReplacer(changes...).Replace(string(content)))
	}
	compiled, issues := catalog.Compile(bundle)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return compiled
}

func (w *world) rehearse(next *catalog.Catalog) string {
	w.Helper()
	var found record.Rehearsed
	last, end, err := w.Rehearse(w.Context(), w.lib, "book", next, "", 500, &found)
	if err != nil || !end || last == "" {
		w.Fatal(last, end, err)
	}
	var out []string
	for _, e := range found.Effects {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Kind, e.Name, e.Who))+fmt.Sprintf(": %d", e.Count))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestViewsAndWidgetsAreRehearsed(t *testing.T) {
	w := newWorld(t)
	for n := range 5 {
		w.create(w.lib, "book", fmt.Sprintf(`{"title": "b%d", "cost": "%d"}`, n, n))
	}
	got := w.rehearse(otherwise(t,
		`"columns": ["title", "grade"]`, `"columns": ["title", "grade"], "filter": "cost > 2"`,
		`"form": "book", "view": "office"}]}`, `"form": "book", "view": "office", "filter": "title startsWith \"b1\""}]}`))
	if want := "leaves view all: 3\nleaves widget office.books: 4"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// What would become otherwise without the change is told apart from what the change does, and what it mends
// from what it breaks.
func TestARehearsalTellsTheChangeFromWhatIsStaleAnyway(t *testing.T) {
	w := newWorld(t)
	a := w.create(w.lib, "book", `{"title": "a", "cost": "20", "copies": [{"count": 2, "price": "10"}]}`)
	w.create(w.lib, "book", `{"title": "b", "cost": "900", "copies": [{"count": 2, "price": "10"}]}`)
	// A formula's value that has been left behind, and a rule that has come after its record.
	err := w.Store.Tx(t.Context(), func(tx store.Tx) error {
		r, err := tx.Get(t.Context(), "book", a.ID)
		if err != nil {
			return err
		}
		r.Values["total"], r.Values["grade"] = int64(1), "rare"
		return tx.Put(t.Context(), r, r.Version)
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.rehearse(otherwise(t, `(cost ?? 0) <= 1000 + (total ?? 0)`, `(cost ?? 0) <= 100`, `grade != \"rare\" or note != nil`, `note != \"x\"`))
	if want := "issue noLoss: 1\nmended gradeNeedsNote: 1\nstale total: 1"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Nothing that a rehearsal does may be seen by others: no record, no line of history, no event, no number.
func TestARehearsalLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	for n := range 3 {
		w.create(w.lib, "book", fmt.Sprintf(`{"title": "b%d"}`, n))
	}
	w.follow()
	all := func() []any {
		var out []any
		if err := w.Store.Each(t.Context(), "book", "", func(r *value.Record) error {
			events, err := w.Store.History(t.Context(), "book", r.ID, 0, 10)
			out = append(out, *r, len(events))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		events, err := w.Store.Take(t.Context(), "test", 100, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		return append(out, len(events))
	}
	first := all()
	if got := w.rehearse(otherwise(t, `"x-compute": "sum(copies, .sum ?? 0)"`, `"x-compute": "sum(copies, .sum ?? 0) + 1"`)); got != "shown advice: 3\nvalue total: 3" {
		t.Fatal(got)
	}
	after := all()
	// Events are leased to whoever takes them; a rehearsal has made no more.
	if !reflect.DeepEqual(first[:len(first)-1], after[:len(after)-1]) || after[len(after)-1] != 0 {
		t.Errorf("before %v\nafter %v", first, after)
	}
	if next := w.create(w.lib, "book", `{"title": "next"}`); next.Values["number"] != "BK-2026-0004" {
		t.Errorf("a number was spent: %v", next.Values["number"])
	}
}
