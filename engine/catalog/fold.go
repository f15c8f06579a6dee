package catalog

import (
	"fmt"
	"math/big"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Fold joins the store's rows into the buckets asked for and sorts them. A sum beyond what a stored
// number can be is a TooLarge fault.
func (a *Aggregate) Fold(rows []query.Row) ([]query.Row, error) {
	folded := make(map[string]*query.Row, len(rows))
	out := make([]*query.Row, 0, len(rows))
	for _, row := range rows {
		keys := make([]value.Value, len(row.Keys))
		for n, key := range row.Keys {
			keys[n] = a.groups[n].fold(key)
		}
		name := fmt.Sprintf("%#v", keys)
		into, ok := folded[name]
		if !ok {
			into = &query.Row{Keys: keys, Figures: slices.Clone(row.Figures)}
			folded[name] = into
			out = append(out, into)
			continue
		}
		if err := a.join(into, row); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, a.compare)
	list := make([]query.Row, len(out))
	for n, row := range out {
		list[n] = *row
	}
	return list, nil
}

// fold turns the store's key of a bucket into the first day of the bucket asked for.
func (g grouped) fold(key value.Value) value.Value {
	n, ok := key.(int64)
	if !ok || g.bucket == "" {
		return key
	}
	switch stored(g.bucket) {
	case query.Month:
		n = n*100 + 1
	case query.Year:
		n = n*10000 + 101
	}
	return g.bucket.Of(n)
}

func (a *Aggregate) join(into *query.Row, row query.Row) error {
	for n, metric := range a.Query.Metrics {
		was, now := into.Figures[n], row.Figures[n]
		switch metric.Op {
		case query.MetricCount, query.MetricSum:
			x, _ := was.(int64)
			y, _ := now.(int64)
			if sum := x + y; (sum > x) == (y > 0) {
				into.Figures[n] = sum
				continue
			}
			return fault.New(fault.TooLarge, "store.overflow").In("catalog.fold")
		case query.MetricMin, query.MetricMax:
			order, ok := value.Compare(now, was)
			if was == nil || ok && (order > 0) == (metric.Op == query.MetricMax) {
				into.Figures[n] = now
			}
		}
	}
	return nil
}

// compare orders rows by the metric asked for, then by keys; absent stands first.
func (a *Aggregate) compare(x, y *query.Row) int {
	if a.sortBy >= 0 {
		at := a.metrics[a.sortBy].at
		order := compareAbsent(a.figure(a.sortBy, *x), a.figure(a.sortBy, *y))
		if a.metrics[a.sortBy].op != opAverage {
			order = compareAbsent(x.Figures[at], y.Figures[at])
		}
		if a.desc {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	for n := range x.Keys {
		if order := compareAbsent(x.Keys[n], y.Keys[n]); order != 0 {
			return order
		}
	}
	return 0
}

func compareAbsent(a, b value.Value) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	order, _ := value.Compare(a, b)
	return order
}

// EncodeKeys writes a row's keys for the wire: as their fields do; buckets as "2026-03-31" (a day, and
// the Monday of a week), "2026-03", "2026-Q1", "2026".
func (a *Aggregate) EncodeKeys(row query.Row) []any {
	out := make([]any, len(row.Keys))
	for n, key := range row.Keys {
		out[n] = a.groups[n].encode(key)
	}
	return out
}

func (g grouped) encode(key value.Value) any {
	day, isInt := key.(int64)
	switch {
	case key == nil:
		return nil
	case isInt && g.bucket != "":
		return bucketText(g.bucket, day)
	case g.part != "":
		return key
	case g.shape.Multi:
		if many, ok := g.field.Encode(value.List{key}).([]any); ok && len(many) == 1 {
			return many[0]
		}
		return nil
	}
	return g.field.Encode(key)
}

func bucketText(b value.Bucket, day int64) string {
	year, month := day/10000, day/100%100
	switch b {
	case value.ByMonth:
		return fmt.Sprintf("%04d-%02d", year, month)
	case value.ByQuarter:
		return fmt.Sprintf("%04d-Q%d", year, (month+2)/3)
	case value.ByYear:
		return fmt.Sprintf("%04d", year)
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day%100)
}

// EncodeFigures writes a row's figures for the wire: counts as numbers, the rest as their fields' values.
func (a *Aggregate) EncodeFigures(row query.Row) []any {
	out := make([]any, len(a.metrics))
	for n, m := range a.metrics {
		v := a.figure(n, row)
		switch {
		case v == nil:
		case m.op == string(query.MetricCount) || m.op == string(query.MetricDistinct):
			out[n] = v
		case m.op == opAverage:
			scaled, _ := v.(int64)
			out[n] = value.FormatExact(scaled, m.averageScale())
		default:
			out[n] = m.field.Encode(v)
		}
	}
	return out
}

// figure is the stored value of the n-th metric; an average has averageScale decimals.
func (a *Aggregate) figure(n int, row query.Row) value.Value {
	m := a.metrics[n]
	if m.op != opAverage {
		return row.Figures[m.at]
	}
	sum, _ := row.Figures[m.at].(int64)
	count, _ := row.Figures[m.at+1].(int64)
	return average(sum, count, m.averageScale()-field.ScaleOf(m.field.As))
}

// averageScale is how many decimals an average has: those of the field, at least two.
func (m figured) averageScale() int { return max(2, field.ScaleOf(m.field.As)) }

// average is sum ÷ count with more decimals than sum has, rounded half away from zero; nil over nothing.
func average(sum, count int64, more int) value.Value {
	if count == 0 {
		return nil
	}
	scaled := new(big.Int).Mul(big.NewInt(sum), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(more)), nil))
	twice := scaled.Mul(scaled, big.NewInt(2))
	half := big.NewInt(count)
	if twice.Sign() < 0 {
		half.Neg(half)
	}
	quotient := twice.Add(twice, half)
	quotient.Quo(quotient, big.NewInt(2*count))
	if !quotient.IsInt64() {
		return nil
	}
	return quotient.Int64()
}

// Metrics are what the store is asked for to work the rollup out from its records.
func (f Feed) Metrics() []query.Metric {
	if f.Op == query.MetricCount {
		return []query.Metric{{Op: query.MetricCount}}
	}
	out := []query.Metric{{Op: f.Op, Path: query.At(f.Of)}}
	if f.isAverage() {
		out = append(out, query.Metric{Op: query.MetricCount, Path: query.At(f.Of)})
	}
	return out
}

func (f Feed) isAverage() bool { return f.Field.Def.Op == field.RollupAvg }

// Figure is the rollup's value, from the store's answer to Metrics: 0 for a count or sum of nothing,
// absent for the rest.
func (f Feed) Figure(rows []query.Row) value.Value {
	if len(rows) == 0 || len(rows[0].Figures) == 0 {
		return f.nothing()
	}
	figures := rows[0].Figures
	if !f.isAverage() {
		return figures[0]
	}
	sum, _ := figures[0].(int64)
	count, _ := figures[1].(int64)
	of := f.Child.fields[f.Of]
	return average(sum, count, field.ScaleOf(f.Field.As)-field.ScaleOf(of.As))
}

// nothing is the figure over no records.
func (f Feed) nothing() value.Value {
	if f.Op == query.MetricCount || f.Op == query.MetricSum && !f.isAverage() {
		return int64(0)
	}
	return nil
}
