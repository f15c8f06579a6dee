package storetest

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// aggregation holds that figures by group are what a plain loop with big numbers works out.
func aggregation(t *testing.T, open Open) {
	s := ready(t, open)
	all := crowd(200)
	put(t, s, all...)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawAggregate(rt)
		got, err := s.Aggregate(t.Context(), q)
		if err != nil {
			rt.Fatalf("%#v: %v", q, err)
		}
		have, want := told(got), naive(all, q)
		for key, figures := range want {
			if have[key] != figures {
				rt.Fatalf("%#v:\ngroup %s is %s, want %s", q, key, have[key], figures)
			}
		}
		if len(have) != len(want) || len(got) != len(want) {
			rt.Fatalf("%#v: %d groups, want %d", q, len(got), len(want))
		}
	})
	overflow(t, open)
}

// overflow holds that sums are exact beyond 2^53 and that one beyond int64 is a fault, not a wrong number.
func overflow(t *testing.T, open Open) {
	s := ready(t, open)
	var all []*value.Record
	for i := range 9_300 {
		all = append(all, plain(fmt.Sprintf("%05d", i), value.Doc{"cost": value.MaxExact - int64(i%2)}))
	}
	sum := query.Aggregate{Form: form, Metrics: []query.Metric{{Op: query.MetricSum, Path: query.At("cost")}}}
	put(t, s, all[:9_200]...)
	rows, err := s.Aggregate(t.Context(), sum)
	must(t, err)
	if want := 9_200*value.MaxExact - 4_600; len(rows) != 1 || rows[0].Figures[0] != want {
		t.Errorf("the sum is %v, want %d", rows, want)
	}
	put(t, s, all[9_200:]...)
	_, err = s.Aggregate(t.Context(), sum)
	wantCode(t, err, "store.overflow")
}

func drawAggregate(t *rapid.T) query.Aggregate {
	q := query.Aggregate{Form: form}
	if rapid.Bool().Draw(t, "filtered") {
		q.Filter = filter(t, 2)
	}
	groups := []query.Group{
		{Path: query.At("tier")}, {Path: query.At("live")}, {Path: query.At("cost")}, {Path: query.At("tags")}, {Path: part("place", "region")}, {Path: part("place", "floor")},
		{Path: query.At("~day:made"), Bucket: query.Day}, {Path: query.At("~day:made"), Bucket: query.Month}, {Path: query.At("~day:made"), Bucket: query.Year},
		{Path: query.At(value.SysUpdatedBy)},
	}
	metrics := []query.Metric{
		{Op: query.MetricCount}, {Op: query.MetricCount, Path: query.At("cost")}, {Op: query.MetricSum, Path: query.At("size")},
		{Op: query.MetricMin, Path: query.At("size")}, {Op: query.MetricMax, Path: query.At("name")}, {Op: query.MetricDistinct, Path: query.At("tier")},
		{Op: query.MetricSum, Path: query.At("marks")}, {Op: query.MetricCount, Path: query.At("tags")}, {Op: query.MetricDistinct, Path: query.At("tags")},
		{Op: query.MetricMin, Path: query.At("live")}, {Op: query.MetricDistinct, Path: query.At("live")},
	}
	if rapid.IntRange(0, 4).Draw(t, "ready") == 0 {
		return drawReady(t)
	}
	if rapid.IntRange(0, 2).Draw(t, "rows") == 0 {
		q.Table = "lines"
		if rapid.Bool().Draw(t, "rows filtered") {
			q.Rows = rowFilter(t, 1)
		}
		groups = append(groups, query.Group{Path: part("lines", "piece")}, query.Group{Path: part("lines", "kinds")})
		metrics = append(metrics, query.Metric{Op: query.MetricSum, Path: part("lines", "count")}, query.Metric{Op: query.MetricMax, Path: part("lines", "count")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "groups") {
		q.Groups = append(q.Groups, rapid.SampledFrom(groups).Draw(t, "group"))
	}
	for range rapid.IntRange(1, 3).Draw(t, "metrics") {
		q.Metrics = append(q.Metrics, rapid.SampledFrom(metrics).Draw(t, "metric"))
	}
	return q
}

// drawReady draws what the form's sums answer.
func drawReady(t *rapid.T) query.Aggregate {
	q := query.Aggregate{Form: form}
	switch rapid.IntRange(0, 3).Draw(t, "whose") {
	case 0:
		q.Filter = query.Where("principals", query.Eq, rapid.SampledFrom(people).Draw(t, "one"))
	case 1:
		q.Filter = scoped(t, nil)
	}
	if bucket := rapid.SampledFrom([]query.Bucket{"-", query.NoBucket, query.Day, query.Month, query.Year}).Draw(t, "bucket"); bucket != "-" {
		q.Groups = []query.Group{{Path: query.At("~day:made"), Bucket: bucket}}
	}
	q.Metrics = []query.Metric{
		{Op: query.MetricCount}, {Op: query.MetricCount, Path: query.At("cost")}, {Op: query.MetricSum, Path: query.At("size")},
		{Op: query.MetricSum, Path: query.At("cost")},
	}[:rapid.IntRange(1, 4).Draw(t, "metrics")]
	return q
}

func told(rows []query.Row) map[string]string {
	out := map[string]string{}
	for _, r := range rows {
		out[spell(r.Keys)] = spell(r.Figures)
	}
	return out
}

func spell(values []value.Value) string {
	var out string
	for _, v := range values {
		out += fmt.Sprintf("%T:%v|", v, v)
	}
	return out
}

// thing is what is counted: a record, or one of its rows.
type thing struct {
	record *value.Record
	row    value.Doc
}

func (th thing) at(q query.Aggregate, p query.Path) value.List {
	if q.Table != "" && p.Field == q.Table && p.Sub != "" {
		switch v := th.row[string(p.Sub)].(type) {
		case nil:
			return nil
		case value.List:
			return v
		default:
			return value.List{v}
		}
	}
	return query.ValuesAt(th.record, p)
}

// naive collects every group's things first and works the figures out after.
func naive(all []*value.Record, q query.Aggregate) map[string]string {
	groups := map[string][]thing{}
	if len(q.Groups) == 0 {
		groups[""] = nil
	}
	for _, r := range all {
		if r.Deleted() || !query.Match(q.Filter, r) {
			continue
		}
		things := []thing{{record: r}}
		if q.Table != "" {
			things = nil
			rows, _ := r.Get(q.Table).(value.List)
			for _, row := range rows {
				if doc, ok := row.(value.Doc); ok && query.Meets(q.Rows, query.TableRow(doc)) {
					things = append(things, thing{r, doc})
				}
			}
		}
		for _, th := range things {
			for _, key := range keysOf(th, q, q.Groups) {
				groups[key] = append(groups[key], th)
			}
		}
	}
	out := map[string]string{}
	for key, things := range groups {
		var figures []value.Value
		for _, m := range q.Metrics {
			figures = append(figures, naiveFigure(things, q, m))
		}
		out[key] = spell(figures)
	}
	return out
}

func keysOf(th thing, q query.Aggregate, groups []query.Group) []string {
	if len(groups) == 0 {
		return []string{""}
	}
	values := th.at(q, groups[0].Path)
	if len(values) == 0 {
		values = value.List{nil}
	}
	var out []string
	for _, v := range values {
		if day, ok := v.(int64); ok && groups[0].Bucket == query.Month {
			v = day / 100
		} else if ok && groups[0].Bucket == query.Year {
			v = day / 10000
		}
		for _, rest := range keysOf(th, q, groups[1:]) {
			if key := spell([]value.Value{v}) + rest; !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

func naiveFigure(things []thing, q query.Aggregate, m query.Metric) value.Value {
	var all value.List
	with := int64(0)
	for _, th := range things {
		values := th.at(q, m.Path)
		if m.Path == (query.Path{}) || len(values) > 0 {
			with++
		}
		all = append(all, values...)
	}
	slices.SortFunc(all, query.CompareValues)
	switch m.Op {
	case query.MetricCount:
		return with
	case query.MetricSum:
		sum := new(big.Int)
		for _, v := range all {
			sum.Add(sum, big.NewInt(v.(int64)))
		}
		return sum.Int64()
	case query.MetricDistinct:
		return int64(len(slices.CompactFunc(all, value.Equal)))
	}
	if len(all) == 0 {
		return nil
	}
	if m.Op == query.MetricMin {
		return all[0]
	}
	return all[len(all)-1]
}
