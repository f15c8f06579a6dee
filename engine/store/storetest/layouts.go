package storetest

import (
	"slices"
	"testing"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func matchingAll(all []*value.Record) []value.ID {
	out := ids(all)
	slices.Sort(out)
	return out
}

// layouts holds that a form can change under its records: indexes come and go, answers stay.
func layouts(t *testing.T, open Open) {
	s := open(t)
	bare := layout()
	bare.Indexes, bare.Unique = nil, nil
	must(t, s.Prepare(t.Context(), []store.Form{bare}, nil))
	all := crowd(80)
	put(t, s, all...)
	ask := func(when string) {
		t.Helper()
		for _, q := range []query.List{
			{Sorts: known[0]}, {Sorts: known[2], Filter: query.Where("tags", query.Eq, "a")},
			{Sorts: known[4], Filter: query.Where("principals", query.Eq, "user:u1")}, {Filter: query.Where("live", query.Eq, false)},
		} {
			q.Form, q.Limit = form, 100
			page, err := s.List(t.Context(), q)
			must(t, err)
			if want := matching(all, q.Filter, q.Sorts, false); !slices.Equal(ids(page.Records), ids(want)) {
				t.Errorf("%s, %v: %d records, want %d", when, q, len(page.Records), len(want))
			}
		}
		if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
			t.Errorf("%s: %q, %v", when, wrong, err)
		}
	}
	ask("without indexes")
	steps := 0
	must(t, s.Prepare(t.Context(), []store.Form{layout()}, func(done, total int) {
		if steps++; done != steps || done > total {
			t.Errorf("progress %d of %d at step %d", done, total, steps)
		}
	}))
	if steps == 0 {
		t.Error("indexes were built without progress")
	}
	ask("with indexes")
	again := 0
	must(t, s.Prepare(t.Context(), []store.Form{layout()}, func(int, int) { again++ }))
	if again > 0 {
		t.Errorf("preparing the same again takes %d steps", again)
	}
	must(t, s.Prepare(t.Context(), []store.Form{bare}, nil))
	ask("without them again")
	// A form that is no longer named keeps its records.
	must(t, s.Prepare(t.Context(), []store.Form{{Key: "other"}}, nil))
	ask("beside another form")
	// A unique group that the records break is refused, and all goes on as before.
	put(t, s, plain("twin1", value.Doc{"serial": "T"}), plain("twin2", value.Doc{"serial": "T"}))
	all = append(all, plain("twin1", value.Doc{"serial": "T"}), plain("twin2", value.Doc{"serial": "T"}))
	wantCode(t, s.Prepare(t.Context(), []store.Form{layout()}, nil), "store.taken")
	ask("after a refusal")
}
