package catalog_test

import (
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

func planned(t *testing.T, in catalog.AggregateInput) *catalog.Aggregate {
	t.Helper()
	plan, issues := asset(t).BindAggregate(in, nil)
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	return plan
}

func TestAggregateFoldsAndEncodes(t *testing.T) {
	plan := planned(t, catalog.AggregateInput{
		Groups:  []catalog.GroupInput{{Field: "checkedAt", Bucket: "quarter"}, {Field: "place"}},
		Metrics: []catalog.MetricInput{{Op: "count"}, {Op: "sum", Field: "total"}, {Op: "avg", Field: "total"}, {Op: "max", Field: "boughtOn"}},
		Sort:    "-1",
	})
	if asJSON(t, plan.Query.Groups) != `[{"Path":{"Field":"~day:checkedAt","Sub":""},"Bucket":"month"},{"Path":{"Field":"place","Sub":""},"Bucket":""}]` {
		t.Errorf("asks for %s", asJSON(t, plan.Query.Groups))
	}
	row := func(key value.Value, place value.Value, figures ...value.Value) query.Row {
		return query.Row{Keys: []value.Value{key, place}, Figures: figures}
	}
	rows, err := plan.Fold([]query.Row{
		row(int64(202601), "p1", int64(2), int64(1000), int64(1000), int64(2), int64(20260105)),
		row(int64(202604), "p1", int64(1), int64(9999), int64(9999), int64(1), nil),
		row(int64(202603), "p1", int64(1), int64(1), int64(1), int64(1), int64(20260301)),
		row(nil, nil, int64(1), int64(0), int64(0), int64(0), nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	var have []any
	for _, r := range rows {
		have = append(have, plan.EncodeKeys(r), plan.EncodeFigures(r))
	}
	want := `[["2026-Q2",{"id":"p1"}],[1,"99.99","99.99",null],["2026-Q1",{"id":"p1"}],[3,"10.01","3.34","2026-03-01"],[null,null],[1,"0.00",null,null]]`
	if asJSON(t, have) != want {
		t.Errorf("have %s\nwant %s", asJSON(t, have), want)
	}
	if asJSON(t, plan.KeyTargets()) != `["","place"]` || len(plan.Paths()) != 5 {
		t.Errorf("%v %v", plan.KeyTargets(), plan.Paths())
	}
}

func TestAggregateOverRows(t *testing.T) {
	plan := planned(t, catalog.AggregateInput{
		Table: "lines", Groups: []catalog.GroupInput{{Field: "lines.part"}, {Field: "keeper"}},
		Metrics: []catalog.MetricInput{{Op: "sum", Field: "lines[].amount"}},
	})
	if plan.Query.Table != "lines" || asJSON(t, plan.Query.Metrics) != `[{"Op":"sum","Path":{"Field":"lines","Sub":"amount"}}]` {
		t.Errorf("%s", asJSON(t, plan.Query))
	}
	if asJSON(t, plan.KeyTargets()) != `["asset","$user"]` {
		t.Errorf("%v", plan.KeyTargets())
	}
}

func TestAggregateRefuses(t *testing.T) {
	cases := []struct {
		in   catalog.AggregateInput
		want string
	}{
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "nothing"}}}, "/group/0/field aggregate.group"},
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "place.name"}}}, "/group/0/field aggregate.group"},
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "~text"}}}, "/group/0/field aggregate.group"},
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "tier", Bucket: "month"}}}, "/group/0/bucket aggregate.bucket"},
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "boughtOn", Bucket: "decade"}}}, "/group/0/bucket aggregate.bucket"},
		{catalog.AggregateInput{Metrics: []catalog.MetricInput{{Op: "sum", Field: "name"}}}, "/metrics/0/op aggregate.op"},
		{catalog.AggregateInput{Metrics: []catalog.MetricInput{{Op: "sum", Field: "boughtOn"}}}, "/metrics/0/op aggregate.op"},
		{catalog.AggregateInput{Metrics: []catalog.MetricInput{{Op: "median", Field: "total"}}}, "/metrics/0/op aggregate.op"},
		{catalog.AggregateInput{Metrics: []catalog.MetricInput{{Op: "sum"}}}, "/metrics/0/field field.unknown"},
		{catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "boughtOn", Bucket: "week"}},
			Metrics: []catalog.MetricInput{{Op: "distinct", Field: "tier"}}}, "/metrics/0/op aggregate.op"},
		{catalog.AggregateInput{Table: "tags"}, "/table field.unknown"},
		{catalog.AggregateInput{Sort: "-7"}, "/sort sort.field"},
	}
	for _, c := range cases {
		if _, issues := asset(t).BindAggregate(c.in, nil); said(issues) != c.want {
			t.Errorf("%+v: %q, want %q", c.in, said(issues), c.want)
		}
	}
}

func TestWeeksAndYears(t *testing.T) {
	for bucket, want := range map[string]string{"day": "2026-04-01", "week": "2026-03-30", "month": "2026-04", "quarter": "2026-Q2", "year": "2026"} {
		plan := planned(t, catalog.AggregateInput{Groups: []catalog.GroupInput{{Field: "boughtOn", Bucket: bucket}}})
		key := map[query.Bucket]int64{query.Day: 20260401, query.Month: 202604, query.Year: 2026}[plan.Query.Groups[0].Bucket]
		rows, err := plan.Fold([]query.Row{{Keys: []value.Value{key}, Figures: []value.Value{int64(1)}}})
		if err != nil || asJSON(t, plan.EncodeKeys(rows[0])) != `["`+want+`"]` {
			t.Errorf("%s: %s %v", bucket, asJSON(t, plan.EncodeKeys(rows[0])), err)
		}
	}
}
