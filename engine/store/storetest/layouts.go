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
	all = append(all, amid(t, s, all)...)
	ask("with what was written while indexes were built")
	must(t, s.Prepare(t.Context(), []store.Form{bare}, nil))
	ask("without those indexes")
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

// amid has the layout built while somebody writes after each of its steps: a new record, and others anew, of which some
// are now as others were. It returns those that are new; the others are changed in all.
func amid(t *testing.T, s store.Store, all []*value.Record) (come []*value.Record) {
	t.Helper()
	fresh := crowd(len(all) + 60)[len(all):]
	must(t, s.Prepare(t.Context(), []store.Form{layout()}, func(done, _ int) {
		r := fresh[0]
		fresh = fresh[1:]
		put(t, s, r)
		come = append(come, r)
		was, like := all[done%len(all)], all[(done*7+3)%len(all)]
		next := was.Clone()
		next.Version, next.Tokens = was.Version+1, like.Tokens
		next.Values, next.Shadow, next.Principals = like.Clone().Values, like.Clone().Shadow, slices.Clone(like.Principals)
		delete(next.Values, "serial") // of which there is one
		must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), next, was.Version) }))
		*was = *next
	}))
	if len(come) < 3 {
		t.Errorf("somebody wrote %d times while the layout was built", len(come))
	}
	return come
}
