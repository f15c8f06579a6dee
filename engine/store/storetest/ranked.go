package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// rankedLists holds that a search shows first what is just that, then what begins so, then the newest,
// page by page, whether few records have the word or many.
func rankedLists(t *testing.T, open Open) {
	s := ready(t, open)
	var all []*value.Record
	for i := range 1_400 {
		// Ids are given in order, as the engine gives them.
		r := named(fmt.Sprintf("%06d", i), []string{"潮汐", "潮汐科技", "北京潮汐", "海鸥", "潮", "Pump 12", "pump"}[(i*i+i/7)%7])
		if i%3 == 0 {
			also := []string{"海鸥", "潮汐", "station"}[i%5%3]
			r.Shadow["text"] = r.Shadow["text"].(string) + "\n" + text.Fold(also)
			r.Tokens = text.Tokens(r.Values["name"].(string) + "\n" + also)
		}
		r.Values["cost"] = int64(i % 10)
		r.Principals = []string{people[i%3]}
		if i%50 == 49 {
			r.DeletedAt = epoch
		}
		all = append(all, r)
	}
	put(t, s, all...)
	for i, r := range all {
		if i%11 == 0 { // whose record it is changes, and nobody works its tokens out again
			r.Principals, r.Tokens, r.Version = []string{people[(i+1)%3], "unit:Changed_" + string(r.ID)}, nil, 2
			must(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 1) }))
			r.Tokens = text.Tokens(r.Shadow["text"].(string))
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		wanted := search1(rapid.SampledFrom([]string{"潮汐", "潮", "海鸥", "pump", "12", "汐科", "潮汐 海鸥", "stat", "nothing"}).Draw(rt, "term"))
		parts := query.And{wanted}
		if rapid.Bool().Draw(rt, "scoped") {
			principals := value.List{"unit:Changed_000022", "unit:changed_000033", "user:^", "user:潮", int64(7)}
			for range rapid.IntRange(1, 40).Draw(rt, "principals") {
				principals = append(principals, rapid.SampledFrom(people).Draw(rt, "principal"))
			}
			parts = append(parts, query.OneOf("principals", principals[rapid.IntRange(0, 6).Draw(rt, "from")%len(principals):]...))
		}
		if rapid.Bool().Draw(rt, "beside") {
			parts = append(parts, query.Where("cost", query.Lt, int64(rapid.IntRange(0, 10).Draw(rt, "below"))))
		}
		q := query.List{Form: form, Filter: parts, Ranked: true, Limit: rapid.IntRange(5, 500).Draw(rt, "limit")}
		want := matching(all, q.Filter, nil, false)
		slices.SortFunc(want, func(a, b *value.Record) int {
			return cmp.Or(cmp.Compare(wanted.Rank(a), wanted.Rank(b)), strings.Compare(string(b.ID), string(a.ID)))
		})
		got, incomplete := turn(rt, t, s, q)
		if incomplete || !slices.Equal(ids(got), ids(want)) {
			rt.Fatalf("%v: incomplete %v, pages hold\n%s, want\n%s", q, incomplete, ids(got), ids(want))
		}
	})
	many, err := s.List(t.Context(), query.List{Form: form, Filter: search1("潮汐"), Ranked: true, Limit: 20})
	must(t, err)
	if many.Examined.Records > 60 {
		t.Errorf("the first of many: examined %+v", many.Examined)
	}
	for what, q := range map[string]query.List{
		"a ranked list of no search": {Form: form, Ranked: true, Limit: 1},
		"a ranked and sorted list":   {Form: form, Ranked: true, Limit: 1, Filter: search1("潮"), Sorts: known[0]},
		"a place of no rank":         {Form: form, Ranked: true, Limit: 1, Filter: search1("潮"), After: query.Key{"x", "y"}},
	} {
		if _, err := s.List(t.Context(), q); err == nil {
			t.Errorf("%s: no fault", what)
		}
	}
}
