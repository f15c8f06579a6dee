package storetest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

var sortPaths = []query.Path{
	query.At("name"), query.At("tier"), query.At("cost"), query.At("size"), query.At("live"), query.At("~sort:name"), part("place", "region"), part("place", "floor"),
	query.At(value.SysUpdatedAt), query.At(value.SysID), query.At("~day:made"),
}

func sorts(t *rapid.T) []query.Sort {
	var out []query.Sort
	for range rapid.IntRange(0, 3).Draw(t, "sorts") {
		out = append(out, query.Sort{Path: rapid.SampledFrom(sortPaths).Draw(t, "sort"), Desc: rapid.Bool().Draw(t, "desc")})
	}
	return out
}

// known are the orders that the form's indexes have, where stores walk instead of sorting.
var known = [][]query.Sort{
	{{Path: query.At("cost"), Desc: true}}, {{Path: query.At("cost")}},
	{{Path: query.At("cost"), Desc: true}, {Path: query.At("name")}}, {{Path: query.At("cost")}, {Path: query.At("name"), Desc: true}},
	{{Path: query.At("~sort:name")}}, {{Path: query.At("~sort:name"), Desc: true}},
	{{Path: query.At("tier")}, {Path: query.At("cost"), Desc: true}}, {{Path: query.At("live"), Desc: true}, {Path: query.At("size"), Desc: true}},
	{{Path: query.At(value.SysUpdatedAt), Desc: true}},
	{{Path: query.At("live"), Desc: true}, {Path: query.At("name"), Desc: true}, {Path: query.At("Tier")}}, {{Path: part("place", "region")}},
	{{Path: query.At(value.SysID), Desc: true}}, {},
}

// scoped draws a list within principals, perhaps with more beside.
func scoped(t *rapid.T, f query.Filter) query.Filter {
	scope := query.Cmp{Path: query.At(value.SysPrincipals), Op: query.In}
	for _, p := range rapid.SliceOfN(rapid.SampledFrom(append([]string{"user:none"}, people...)), 1, 5).Draw(t, "scope") {
		scope.Values = append(scope.Values, p)
	}
	if f == nil {
		return scope
	}
	return query.And{scope, f}
}

// pages holds that the pages of a list, one after another, are all that match, in order, none twice.
func pages(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(150)
	put(t, s, all...)
	rapid.Check(t, func(rt *rapid.T) {
		q := query.List{Form: form, Limit: rapid.IntRange(1, 60).Draw(rt, "limit"), Deleted: rapid.IntRange(0, 5).Draw(rt, "bin") == 0}
		if rapid.Bool().Draw(rt, "filtered") {
			q.Filter = filter(rt, 2)
		}
		if q.Sorts = sorts(rt); rapid.Bool().Draw(rt, "known") {
			q.Sorts = rapid.SampledFrom(known).Draw(rt, "order")
		}
		if rapid.Bool().Draw(rt, "pinned") {
			q.Filter = query.And{query.Where("tier", query.Eq, "a"), q.Filter}
		}
		if rapid.Bool().Draw(rt, "scoped") {
			q.Filter = scoped(rt, q.Filter)
		}
		want := matching(all, q.Filter, q.Sorts, q.Deleted)
		got, incomplete := turn(rt, t, s, q)
		if incomplete || !slices.Equal(ids(got), ids(want)) {
			rt.Fatalf("%#v: pages hold\n%s, want\n%s", q, ids(got), ids(want))
		}
	})
}

// turn reads all pages. incomplete tells that a page ended a list without having seen all.
func turn(rt *rapid.T, t *testing.T, s store.Store, q query.List) (got []*value.Record, incomplete bool) {
	for range 10_000 {
		page, err := s.List(t.Context(), q)
		if err != nil {
			rt.Fatalf("%#v: %v", q, err)
		}
		if len(page.Records) > q.Limit {
			rt.Fatalf("%d records on a page of %d", len(page.Records), q.Limit)
		}
		got = append(got, page.Records...)
		incomplete = incomplete || page.Incomplete && page.Next == nil
		if page.Next == nil {
			return got, incomplete
		}
		if len(page.Next) != q.Places() {
			rt.Fatalf("the place after a page is %v", page.Next)
		}
		q.After = page.Next
	}
	rt.Fatal("the pages never end")
	return nil, false
}

// budget holds that a small budget never loses a record on the way, only ends pages early; and that
// what cannot be walked says that it is incomplete.
func budget(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(700)
	put(t, s, all...)
	rapid.Check(t, func(rt *rapid.T) {
		q := query.List{Form: form, Filter: filter(rt, 2), Limit: rapid.IntRange(1, 20).Draw(rt, "limit"), Budget: rapid.IntRange(1, 40).Draw(rt, "budget")}
		if q.Sorts = sorts(rt); rapid.Bool().Draw(rt, "known") {
			q.Sorts = rapid.SampledFrom(known).Draw(rt, "order")
		}
		if rapid.Bool().Draw(rt, "scoped") {
			q.Filter = scoped(rt, q.Filter)
		}
		if rapid.Bool().Draw(rt, "timed") {
			left := rapid.IntRange(0, 3).Draw(rt, "questions until it is enough")
			q.Budget, q.Spent = 0, func() bool { left--; return left < 0 }
		}
		want := matching(all, q.Filter, q.Sorts, false)
		got, incomplete := turn(rt, t, s, q)
		if !incomplete && !slices.Equal(ids(got), ids(want)) {
			rt.Fatalf("%#v: pages hold\n%s, want\n%s", q, ids(got), ids(want))
		}
		if !slices.IsSortedFunc(got, func(a, b *value.Record) int { return query.Compare(q.Sorts, a, b) }) {
			rt.Fatalf("%#v: not in order: %s", q, ids(got))
		}
		for _, r := range got {
			if !slices.ContainsFunc(want, func(w *value.Record) bool { return w.ID == r.ID }) {
				rt.Fatalf("%#v: %s does not match", q, r.ID)
			}
		}
	})
	for _, q := range []query.List{
		{Sorts: known[0], Filter: query.Where("name", query.Contains, "pump")},
		{Sorts: known[4]},
		{},
	} {
		q.Form, q.Limit, q.Budget = form, 7, 5
		rapid.Check(t, func(rt *rapid.T) {
			q.Limit = rapid.IntRange(1, 9).Draw(rt, "limit")
			got, incomplete := turn(rt, t, s, q)
			if want := matching(all, q.Filter, q.Sorts, false); incomplete || !slices.Equal(ids(got), ids(want)) {
				rt.Fatalf("an indexed order under a budget: %v, want %v", ids(got), ids(want))
			}
		})
	}
}
