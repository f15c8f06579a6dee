package storetest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

var cmpPaths = []query.Path{
	query.At("name"), query.At("tier"), query.At("Tier"), query.At("cost"), query.At("size"), query.At("live"), query.At("tags"), query.At("marks"),
	part("lines", "piece"), part("lines", "count"), part("lines", "kinds"), part("place", "region"), part("place", "floor"), query.At("~sort:name"), query.At("~day:made"), query.At("~duplicates"),
	query.At(value.SysID), query.At(value.SysVersion), query.At(value.SysUpdatedAt), query.At(value.SysUpdatedBy), query.At(value.SysDeletedAt),
	query.At(value.SysPrincipals),
}

var ops = []query.Op{
	query.Eq, query.Ne, query.In, query.Nin, query.Lt, query.Lte, query.Gt, query.Gte, query.Prefix, query.Contains, query.Empty, query.NotEmpty, query.HasAll,
}

// scalar draws a value to compare with, of whatever type: a mismatch must be false, not a fault.
func scalar(t *rapid.T) value.Value {
	switch rapid.IntRange(0, 6).Draw(t, "type") {
	case 0:
		return number(t)
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.SampledFrom(names).Draw(t, "a name")
	case 3:
		return rapid.SampledFrom(pieces).Draw(t, "a piece")
	case 4:
		return rapid.SampledFrom(people).Draw(t, "a principal")
	case 5:
		return rapid.SampledFrom([]string{"", "1", "u1", "p", "pump", "潮", "\xff", "0004"}).Draw(t, "odd text")
	}
	return rapid.SampledFrom(tiers).Draw(t, "a tier")
}

func comparison(t *rapid.T, paths []query.Path) query.Cmp {
	c := query.Cmp{Path: rapid.SampledFrom(paths).Draw(t, "path"), Op: rapid.SampledFrom(ops).Draw(t, "op")}
	switch c.Op {
	case query.In, query.Nin, query.HasAll:
		for range rapid.IntRange(0, 3).Draw(t, "values") {
			c.Values = append(c.Values, scalar(t))
		}
		if rapid.IntRange(0, 9).Draw(t, "many") == 0 {
			for i := range 40 {
				c.Values = append(c.Values, int64(i))
			}
		}
	case query.Empty, query.NotEmpty:
	default:
		c.Value = scalar(t)
	}
	return c
}

// filter draws a tree.
func filter(t *rapid.T, depth int) query.Filter {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 {
		kind = 9
	}
	switch kind {
	case 0, 1:
		var parts query.And
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			parts = append(parts, filter(t, depth-1))
		}
		return parts
	case 2, 3:
		var parts query.Or
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			parts = append(parts, filter(t, depth-1))
		}
		return parts
	case 4:
		return query.Not{Of: filter(t, depth-1)}
	case 5:
		q := rapid.SampledFrom([]query.Quantifier{query.Any, query.All, query.None}).Draw(t, "quantifier")
		return query.Rows{Quantifier: q, Table: "lines", Where: rowFilter(t, depth-1)}
	case 6:
		return search1(rapid.SampledFrom([]string{"潮", "潮汐", "科技", "pump", "12", "345", "zz", "-"}).Draw(t, "term"))
	case 7:
		return query.Const(rapid.Bool().Draw(t, "const"))
	}
	return comparison(t, cmpPaths)
}

func rowFilter(t *rapid.T, depth int) query.Filter {
	own := []query.Path{query.At("piece"), query.At("count"), query.At("kinds")}
	switch {
	case depth > 0 && rapid.Bool().Draw(t, "and"):
		return query.And{rowFilter(t, depth-1), rowFilter(t, depth-1)}
	case depth > 0 && rapid.Bool().Draw(t, "not"):
		return query.Not{Of: rowFilter(t, depth-1)}
	}
	return comparison(t, own)
}

func search1(q string) query.Search {
	var s query.Search
	for _, term := range text.Terms(q) {
		s.Terms = append(s.Terms, query.Term{Folded: term, Tokens: text.QueryTokens(term)})
	}
	return s
}

// matching returns what a list should: the records that match, in order.
func matching(all []*value.Record, f query.Filter, sorts []query.Sort, deleted bool) []*value.Record {
	var out []*value.Record
	for _, r := range all {
		if r.Deleted() == deleted && query.Match(f, r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *value.Record) int { return query.Compare(sorts, a, b) })
	return out
}

// filters holds that a store finds by every tree what query.Match does.
func filters(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(200)
	put(t, s, all...)
	rapid.Check(t, func(rt *rapid.T) {
		f := filter(rt, 3)
		deleted := rapid.IntRange(0, 4).Draw(rt, "bin") == 0
		want := matching(all, f, nil, deleted)
		page, err := s.List(t.Context(), query.List{Form: form, Filter: f, Limit: 500, Deleted: deleted})
		if err != nil {
			rt.Fatalf("%#v: %v", f, err)
		}
		if got := ids(page.Records); !slices.Equal(got, ids(want)) || page.Next != nil || page.Incomplete {
			rt.Fatalf("%#v finds %d, Match %d:\n%s\n%s", f, len(got), len(want), got, ids(want))
		}
		limit := int64(rapid.IntRange(0, 30).Draw(rt, "cap"))
		n, err := s.Count(t.Context(), query.Count{Form: form, Filter: f, Cap: limit, Deleted: deleted})
		if err != nil {
			rt.Fatalf("count of %#v: %v", f, err)
		}
		exact := query.Counted{Value: int64(len(want)), Exact: true}
		if limit > 0 && exact.Value > limit {
			exact = query.Counted{Value: limit}
		}
		if n.Value != exact.Value || n.Exact != exact.Exact {
			rt.Fatalf("%#v counts %v, want %v", f, n, exact)
		}
	})
}

func ids(records []*value.Record) []value.ID {
	out := make([]value.ID, len(records))
	for i, r := range records {
		out[i] = r.ID
	}
	return out
}
