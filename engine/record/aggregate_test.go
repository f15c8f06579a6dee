package record_test

import (
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
)

func TestFiguresByMonthAndByRow(t *testing.T) {
	w := newWorld(t)
	for _, values := range []string{
		`{"title": "a", "bought": "2026-01-31", "copies": [{"place": "x", "count": 1, "price": "0.10"}, {"place": "y", "count": 2, "price": "0.20"}]}`,
		`{"title": "b", "bought": "2026-01-02", "copies": [{"place": "x", "count": 3, "price": "999999999.99"}]}`,
		`{"title": "c", "bought": "2026-04-01", "copies": [{"place": "y", "count": 1, "price": "0.01"}]}`,
		`{"title": "d"}`,
	} {
		w.create(w.kim, "book", values)
	}
	w.create(w.lib, "book", `{"title": "not Kim's", "bought": "2026-01-01"}`)
	for what, ask := range map[string]struct {
		req  record.AggregateRequest
		want string
	}{
		"by month": {record.AggregateRequest{Form: "book", Group: []record.GroupBy{{Field: "bought", Bucket: "month"}},
			Metrics: []record.MetricBy{{Op: "sum", Field: "total"}, {Op: "count"}}},
			`[{"keys":[null],"metrics":["0.00",1]},{"keys":["2026-01"],"metrics":["3000000000.47",2]},{"keys":["2026-04"],"metrics":["0.01",1]}]`},
		"by quarter": {record.AggregateRequest{Form: "book", Group: []record.GroupBy{{Field: "bought", Bucket: "quarter"}}, Metrics: []record.MetricBy{{Op: "count"}}},
			`[{"keys":[null],"metrics":[1]},{"keys":["2026-Q1"],"metrics":[2]},{"keys":["2026-Q2"],"metrics":[1]}]`},
		"by week": {record.AggregateRequest{Form: "book", Group: []record.GroupBy{{Field: "bought", Bucket: "week"}}, Metrics: []record.MetricBy{{Op: "count"}}},
			`[{"keys":[null],"metrics":[1]},{"keys":["2025-12-29"],"metrics":[1]},{"keys":["2026-01-26"],"metrics":[1]},{"keys":["2026-03-30"],"metrics":[1]}]`},
		"by the rows' places": {record.AggregateRequest{Form: "book", Table: "copies", Group: []record.GroupBy{{Field: "copies[].place"}}, Metrics: []record.MetricBy{{Op: "sum", Field: "copies[].count"}, {Op: "avg", Field: "copies[].price"}}},
			`[{"keys":["x"],"metrics":[4,"500000000.05"]},{"keys":["y"],"metrics":[3,"0.11"]}]`},
	} {
		rows, err := w.Aggregate(t.Context(), w.kim, ask.req)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		w.same(what, rows, ask.want)
	}
	_, err := w.Aggregate(t.Context(), w.vic, record.AggregateRequest{Form: "book",
		Group: []record.GroupBy{{Field: "phone"}}, Metrics: []record.MetricBy{{Op: "count"}}})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("grouping by a masked field: %v", err)
	}
}

// Figures of a view are those of the records that it shows, for those who may use it.
func TestFiguresOfAView(t *testing.T) {
	w := newWorld(t)
	for _, values := range []string{`{"title": "a", "bought": "2026-01-31"}`, `{"title": "b", "bought": "2026-01-02"}`, `{"title": "c"}`} {
		w.create(w.kim, "book", values)
	}
	count := func(view string, filter any) record.AggregateRequest {
		return record.AggregateRequest{Form: "book", View: view, Filter: filter, Metrics: []record.MetricBy{{Op: "count"}}}
	}
	for _, c := range []struct {
		view   string
		filter any
		want   string
	}{
		{"", nil, `[{"keys":[],"metrics":[3]}]`}, {"dated", nil, `[{"keys":[],"metrics":[2]}]`},
		{"dated", `title == "a"`, `[{"keys":[],"metrics":[1]}]`}, {"dated", `title == "c"`, `[{"keys":[],"metrics":[0]}]`},
	} {
		rows, err := w.Aggregate(t.Context(), w.kim, count(c.view, c.filter))
		if err != nil {
			t.Fatalf("%s %v: %v", c.view, c.filter, err)
		}
		w.same(c.view, rows, c.want)
	}
	for _, view := range []string{"office", "nothing"} {
		if _, err := w.Aggregate(t.Context(), w.kim, count(view, nil)); fault.CodeOf(err) != "view.notFound" {
			t.Errorf("%s: %v", view, err)
		}
	}
}
