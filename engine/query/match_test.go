package query_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

func sample() *value.Record {
	return &value.Record{
		ID: "r1", Version: 3,
		Values: value.Doc{
			"name": "北京ＡＢＣ 泵", "cost": int64(0), "on": false, "tags": value.List{"x", "y"}, "place": value.Doc{"region": "n"},
			"lines": value.List{value.Doc{"part": "p1", "count": int64(2)}, value.Doc{"part": "p2", "count": int64(5), "kinds": value.List{"k"}}},
		},
		Shadow: value.Doc{"text": "北京abc 泵"}, Tokens: text.Tokens("北京abc 泵"),
		Principals: []string{"user:u1"},
	}
}

func TestMatch(t *testing.T) {
	sub := func(op query.Op, v value.Value) query.Cmp {
		return query.Cmp{Path: query.Path{Field: "lines", Sub: "part"}, Op: op, Value: v}
	}
	both := query.And{query.Where("part", query.Eq, "p1"), query.Where("count", query.Gt, int64(3))}
	cases := []struct {
		name string
		f    query.Filter
		want bool
	}{
		{"nothing asked", nil, true},
		{"all of nothing", query.And{}, true},
		{"any of nothing", query.Or{}, false},
		{"zero is there", query.Where("cost", query.Eq, int64(0)), true},
		{"false is there", query.Where("on", query.NotEmpty, nil), true},
		{"absent is below nothing", query.Where("none", query.Lt, int64(9)), false},
		{"absent is not above either", query.Where("none", query.Gte, int64(9)), false},
		{"absent differs", query.Where("none", query.Ne, "x"), true},
		{"absent equals not even absent", query.Where("none", query.Eq, nil), false},
		{"absent is in nothing", query.Cmp{Path: query.At("none"), Op: query.Nin, Values: value.List{"x"}}, true},
		{"not a comparison with absent", query.Not{Of: query.Where("none", query.Gt, int64(1))}, true},
		{"false is not 0", query.Where("on", query.Eq, int64(0)), false},
		{"a number is no text", query.Where("cost", query.Lt, "z"), false},
		{"one of many", query.Where("tags", query.Eq, "y"), true},
		{"none of many", query.Where("tags", query.Ne, "y"), false},
		{"all of many", query.Cmp{Path: query.At("tags"), Op: query.HasAll, Values: value.List{"y", "x"}}, true},
		{"all but one", query.Cmp{Path: query.At("tags"), Op: query.HasAll, Values: value.List{"y", "z"}}, false},
		{"in a group", query.Cmp{Path: query.Path{Field: "place", Sub: "region"}, Op: query.Eq, Value: "n"}, true},
		{"some row", sub(query.Eq, "p2"), true},
		{"different rows do not add up", query.Rows{Quantifier: query.Any, Table: "lines", Where: both}, false},
		{"though each alone holds", query.And{sub(query.Eq, "p1"), query.Cmp{Path: query.Path{Field: "lines", Sub: "count"}, Op: query.Gt, Value: int64(3)}}, true},
		{"every row", query.Rows{Quantifier: query.All, Table: "lines", Where: query.Where("part", query.Prefix, "p")}, true},
		{"every row of none", query.Rows{Quantifier: query.All, Table: "none", Where: query.Const(false)}, true},
		{"no row", query.Rows{Quantifier: query.None, Table: "lines", Where: query.Where("kinds", query.Eq, "k")}, false},
		{"prefix is bytes", query.Where("name", query.Prefix, "北京Ａ"), true},
		{"prefix does not fold", query.Where("name", query.Prefix, "北京a"), false},
		{"contains folds both", query.Where("name", query.Contains, "ａbC"), true},
		{"system field", query.Where("version", query.Eq, int64(3)), true},
		{"not deleted", query.Where("deletedAt", query.Empty, nil), true},
		{"principals", query.OneOf("principals", "zone:z", "user:u1"), true},
		{"found", query.Search{Terms: []query.Term{{Folded: "京a", Tokens: text.QueryTokens("京a")}}}, true},
		{"token missing", query.Search{Terms: []query.Term{{Folded: "京", Tokens: []string{"海"}}}}, false},
		{"text missing", query.Search{Terms: []query.Term{{Folded: "海", Tokens: []string{"京"}}}}, false},
	}
	for _, c := range cases {
		if got := query.Match(c.f, sample()); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if got := query.Match(query.Not{Of: c.f}, sample()); c.f != nil && got == c.want {
			t.Errorf("not %s: %v", c.name, got)
		}
	}
}

// Ne, Nin and NotEmpty are exact complements, whatever stands at the path.
func TestComplements(t *testing.T) {
	anything := rapid.SampledFrom([]value.Value{nil, "", "a", "b", int64(0), int64(1), true, false, value.List{"a", int64(1)}, value.Doc{"x": "a"}})
	rapid.Check(t, func(t *rapid.T) {
		r := &value.Record{Values: value.Doc{}}
		if v := anything.Draw(t, "v"); v != nil {
			r.Values["f"] = v
		}
		c := query.Cmp{Path: query.At("f"), Value: anything.Draw(t, "value"), Values: value.List{anything.Draw(t, "one"), anything.Draw(t, "two")}}
		for op, complement := range map[query.Op]query.Op{query.Eq: query.Ne, query.In: query.Nin, query.Empty: query.NotEmpty} {
			a, b := c, c
			a.Op, b.Op = op, complement
			if query.Match(a, r) == query.Match(b, r) {
				t.Fatalf("%s and %s agree on %v", op, complement, r.Values)
			}
		}
	})
}

func TestOrder(t *testing.T) {
	of := func(id string, cost value.Value) *value.Record {
		r := &value.Record{ID: value.ID(id), Values: value.Doc{}}
		if cost != nil {
			r.Values["cost"] = cost
		}
		return r
	}
	all := []*value.Record{of("c", int64(1)), of("a", nil), of("b", nil), of("d", int64(2)), of("e", int64(1))}
	cases := []struct {
		sorts []query.Sort
		want  string
	}{
		{nil, "abcde"},
		{[]query.Sort{{Path: query.At("cost")}}, "abced"},
		{[]query.Sort{{Path: query.At("cost"), Desc: true}}, "decba"},
		{[]query.Sort{{Path: query.At("cost"), Desc: true}, {Path: query.At("none")}}, "dceab"},
	}
	for _, c := range cases {
		list := slices.Clone(all)
		slices.SortFunc(list, func(a, b *value.Record) int { return query.Compare(c.sorts, a, b) })
		got := ""
		for _, r := range list {
			got += string(r.ID)
		}
		if got != c.want {
			t.Errorf("%v gives %s, want %s", c.sorts, got, c.want)
		}
		if !query.Less(c.sorts, list[0], list[1]) || query.Less(c.sorts, list[1], list[0]) {
			t.Errorf("%v: Less differs from Compare", c.sorts)
		}
	}
}
