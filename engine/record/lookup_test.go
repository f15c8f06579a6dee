package record_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// told returns the audit, newest first, as "op form.field".
func (w *world) told() []string {
	w.Helper()
	entries, err := audit.Read(w.Context(), w.Store, "", 500)
	if err != nil {
		w.Fatal(err)
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = fmt.Sprintf("%s %s %s.%s", e.Actor, e.Op, e.Form, e.Field)
	}
	return out
}

func phoneIs(number string) map[string]any {
	return map[string]any{"field": "phone", "op": "eq", "value": number}
}

// ways are all the ways in which a complete value can be asked for; each returns what it found.
var ways = map[string]func(w *world, number string) (int, error){
	"list": func(w *world, number string) (int, error) {
		return listed(w, record.ListRequest{Form: "book", Filter: phoneIs(number)})
	},
	"an expression": func(w *world, number string) (int, error) {
		return listed(w, record.ListRequest{Form: "book", Filter: fmt.Sprintf("phone == %q", number)})
	},
	"within a tree": func(w *world, number string) (int, error) {
		return listed(w, record.ListRequest{Form: "book", Filter: map[string]any{"not": map[string]any{"not": map[string]any{"or": []any{
			map[string]any{"and": []any{phoneIs(number)}}}}}}})
	},
	"the search box": func(w *world, number string) (int, error) {
		return listed(w, record.ListRequest{Form: "book", Q: number})
	},
	"search everywhere": func(w *world, number string) (int, error) {
		found, err := w.Search(w.Context(), w.vic, number, 5)
		return len(found), err
	},
	"count": func(w *world, number string) (int, error) {
		page, err := w.List(w.Context(), w.vic, record.ListRequest{Form: "book", Filter: phoneIs(number), Count: "exact"})
		if err != nil {
			return 0, err
		}
		return int(page.Count.Value), nil
	},
	"aggregate": func(w *world, number string) (int, error) {
		rows, err := w.Aggregate(w.Context(), w.vic, record.AggregateRequest{Form: "book", Filter: phoneIs(number)})
		if err != nil {
			return 0, err
		}
		n, _ := rows[0].Metrics[0].(int64)
		return int(n), nil
	},
	"across a reference": func(w *world, number string) (int, error) {
		return listed(w, record.ListRequest{Form: "loan", Filter: map[string]any{"field": "book.phone", "op": "eq", "value": number}})
	},
}

func listed(w *world, req record.ListRequest) (int, error) {
	page, err := w.List(w.Context(), w.vic, req)
	if err != nil {
		return 0, err
	}
	return len(page.Records), nil
}

func TestEveryLookupIsCountedAndKept(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			book := w.create(w.kim, "book", `{"title": "t", "phone": "13800138000"}`)
			w.create(w.lib, "loan", `{"reader": "r", "book": "`+string(book.ID)+`"}`)
			for number, want := range map[string]int{"13800138000": 1, "13900139000": 0} {
				if found, err := way(w, number); err != nil || found != want {
					t.Errorf("%s: found %d, %v", number, found, err)
				}
			}
			if told := strings.Join(w.told(), "\n"); strings.Count(told, "\n") != 1 ||
				!strings.Contains(told, "vic lookup.found book.phone") || !strings.Contains(told, "vic lookup.missed book.phone") {
				t.Errorf("kept:\n%s", told)
			}
			tries := 2
			for ; tries < 1000; tries++ {
				if _, err := way(w, fmt.Sprintf("137%08d", tries)); err != nil {
					w.throttled(err)
					break
				}
			}
			if tries != 60 {
				t.Errorf("%d numbers could be asked for", tries)
			}
			if _, err := way(w, "13800138000"); err != nil {
				t.Errorf("what was told before is no news: %v", err)
			}
			if n := len(w.told()); n != 61 {
				t.Errorf("%d entries, want 60 and one of the refusal", n)
			}
		})
	}
}

func (w *world) throttled(err error) {
	w.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Throttled || f.Code != "lookup.throttled" {
		w.Fatalf("refused by %v", err)
	}
	if seconds, _ := f.Args["seconds"].(int64); seconds < 1 || seconds > 600 {
		w.Errorf("wait %v seconds", f.Args["seconds"])
	}
}

func TestTheAuditHoldsNoValue(t *testing.T) {
	w := newWorld(t)
	if _, err := listed(w, record.ListRequest{Form: "book", Filter: phoneIs("13800138000")}); err != nil {
		t.Fatal(err)
	}
	for _, collection := range []string{"audit", "lookup"} {
		items, err := w.Store.Scan(t.Context(), collection, "", "", 10)
		if err != nil || len(items) != 1 {
			t.Fatal(items, err)
		}
		if strings.Contains(string(items[0].Body), "0138") {
			t.Errorf("%s holds the number: %s", collection, items[0].Body)
		}
	}
}

func TestTheAllowanceComesBackAndEndsForTheDay(t *testing.T) {
	w := newWorld(t)
	asked := 0
	for range 20 {
		for {
			_, err := listed(w, record.ListRequest{Form: "book", Filter: phoneIs(fmt.Sprintf("137%08d", asked))})
			if err != nil {
				w.throttledUpTo(err)
				break
			}
			asked++
		}
		w.now = w.now.Add(10 * time.Minute)
	}
	if asked != 300 {
		t.Errorf("%d within a day", asked)
	}
	w.now = w.now.Add(24 * time.Hour)
	if _, err := listed(w, record.ListRequest{Form: "book", Filter: phoneIs("13600000000")}); err != nil {
		t.Errorf("the day after: %v", err)
	}
}

func (w *world) throttledUpTo(err error) {
	w.Helper()
	if fault.CodeOf(err) != "lookup.throttled" {
		w.Fatal(err)
	}
}

func TestAFilterOfManyValuesIsManyLookups(t *testing.T) {
	w := newWorld(t)
	var or []any
	for n := range 61 {
		or = append(or, phoneIs(fmt.Sprintf("137%08d", n)))
	}
	if _, err := listed(w, record.ListRequest{Form: "book", Filter: map[string]any{"or": or}}); fault.CodeOf(err) != "lookup.throttled" {
		t.Fatal(err)
	}
	w.same("kept", w.told(), `["vic lookup.refused book.phone"]`)
	if _, err := listed(w, record.ListRequest{Form: "book", Filter: map[string]any{"or": or[:60]}}); err != nil {
		t.Fatal(err)
	}
}

func TestWhoSeesTheFieldLooksNobodyUp(t *testing.T) {
	w := newWorld(t)
	w.create(w.kim, "book", `{"title": "潮汐表 2026", "phone": "13800138000"}`)
	for _, actor := range []value.Actor{w.lib, w.kim, value.SystemActor("count")} {
		if _, err := w.List(t.Context(), actor, record.ListRequest{Form: "book", Filter: phoneIs("13800138000")}); err != nil {
			t.Fatal(err)
		}
	}
	// Names, and pieces of numbers, are no lookups either.
	for _, q := range []string{"潮汐", "2026", "tide tables of the north sea", "8000"} {
		if _, err := w.List(context.Background(), w.vic, record.ListRequest{Form: "book", Q: q}); err != nil {
			t.Fatal(err)
		}
	}
	w.same("kept", w.told(), `[]`)
}

func TestAnotherInstanceKnowsWhatWasAsked(t *testing.T) {
	w := newWorld(t)
	for n := range 60 {
		if _, err := listed(w, record.ListRequest{Form: "book", Filter: phoneIs(fmt.Sprintf("137%08d", n))}); err != nil {
			t.Fatal(err)
		}
	}
	w.Service = record.New(w.Config)
	_, err := listed(w, record.ListRequest{Form: "book", Filter: phoneIs("13800138000")})
	w.throttled(err)
}
