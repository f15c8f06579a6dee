package sqlite

import (
	"fmt"
	"math/big"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// summary adds up records by group.
type summary struct {
	asked  query.Aggregate
	groups map[string]*tally
}

// tally is one group's figures so far.
type tally struct {
	keys    []value.Value
	figures []figure
}

type figure struct {
	count    int64
	sum      exact
	extreme  value.Value
	distinct map[value.Value]bool
}

// exact is a sum of int64 that cannot overflow for any number of records there can be.
type exact struct{ high, low int64 }

const unit = 1_000_000

func (e *exact) add(v int64) {
	e.high += v / unit
	e.low += v % unit
	e.high += e.low / unit
	e.low %= unit
}

// int64 returns the sum, if it is one.
func (e exact) int64() (int64, bool) {
	sum := new(big.Int).Mul(big.NewInt(e.high), big.NewInt(unit))
	sum.Add(sum, big.NewInt(e.low))
	return sum.Int64(), sum.IsInt64()
}

func newSummary(q query.Aggregate) *summary {
	s := &summary{asked: q, groups: map[string]*tally{}}
	if len(q.Groups) == 0 {
		s.groups[""] = s.tally(nil) // without groups there is one row, also of nothing
	}
	return s
}

func (s *summary) tally(keys []value.Value) *tally {
	return &tally{keys: keys, figures: make([]figure, len(s.asked.Metrics))}
}

// add counts a record, or its rows.
func (s *summary) add(r *value.Record) error {
	if s.asked.Table == "" {
		return s.count(func(p query.Path) value.List { return query.ValuesAt(r, p) })
	}
	rows, _ := r.Get(s.asked.Table).(value.List)
	for _, v := range rows {
		doc, _ := v.(value.Doc)
		if !query.Meets(s.asked.Rows, query.TableRow(doc)) {
			continue
		}
		err := s.count(func(p query.Path) value.List {
			if p.Field == s.asked.Table && p.Sub != "" {
				return query.ValuesAt(query.TableRow(doc), query.At(p.Sub))
			}
			return query.ValuesAt(r, p)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// count adds one thing to each group it belongs to.
func (s *summary) count(at func(query.Path) value.List) error {
	return s.each(at, nil, func(keys []value.Value) error {
		t, err := s.group(keys)
		if err != nil {
			return err
		}
		for i, m := range s.asked.Metrics {
			t.figures[i].add(m, at)
		}
		return nil
	})
}

// each calls do for every combination of group keys.
func (s *summary) each(at func(query.Path) value.List, keys []value.Value, do func([]value.Value) error) error {
	if len(keys) == len(s.asked.Groups) {
		return do(keys)
	}
	g := s.asked.Groups[len(keys)]
	found := at(g.Path)
	if len(found) == 0 {
		found = value.List{nil}
	}
	seen := map[value.Value]bool{}
	for _, v := range found {
		switch v.(type) {
		case value.List, value.Doc:
			continue
		}
		v = inBucket(v, g.Bucket)
		if seen[v] {
			continue
		}
		seen[v] = true
		if err := s.each(at, append(keys[:len(keys):len(keys)], v), do); err != nil {
			return err
		}
	}
	return nil
}

func inBucket(v value.Value, b query.Bucket) value.Value {
	day, ok := v.(int64)
	if !ok {
		return v
	}
	switch b {
	case query.Month:
		return day / 100
	case query.Year:
		return day / 10000
	}
	return day
}

func (s *summary) group(keys []value.Value) (*tally, error) {
	var name strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&name, "%T%v\x00", k, k)
	}
	t, ok := s.groups[name.String()]
	if !ok {
		if len(s.groups) >= s.asked.Limit {
			return nil, store.TooManyGroups(s.asked.Limit)
		}
		t = s.tally(keys)
		s.groups[name.String()] = t
	}
	return t, nil
}

func (f *figure) add(m query.Metric, at func(query.Path) value.List) {
	if m.Path == (query.Path{}) {
		f.count++
		return
	}
	found := at(m.Path)
	if len(found) > 0 {
		f.count++
	}
	for _, v := range found {
		switch m.Op {
		case query.MetricSum:
			n, _ := v.(int64)
			f.sum.add(n)
		case query.MetricMin, query.MetricMax:
			f.keep(v, m.Op == query.MetricMax)
		case query.MetricDistinct:
			switch v.(type) {
			case value.List, value.Doc:
				continue
			}
			if f.distinct == nil {
				f.distinct = map[value.Value]bool{}
			}
			f.distinct[v] = true
		}
	}
}

func (f *figure) keep(v value.Value, greater bool) {
	order, ok := value.Compare(v, f.extreme)
	if f.extreme == nil || ok && (order > 0) == greater && order != 0 {
		f.extreme = v
	}
}

func (s *summary) rows() ([]query.Row, error) {
	rows := make([]query.Row, 0, len(s.groups))
	for _, t := range s.groups {
		row := query.Row{Keys: t.keys, Figures: make([]value.Value, len(t.figures))}
		for i, f := range t.figures {
			v, err := f.value(s.asked.Metrics[i].Op)
			if err != nil {
				return nil, err
			}
			row.Figures[i] = v
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// value is what a figure says: counts and sums of nothing are 0, the least of nothing is absent.
func (f *figure) value(op query.MetricOp) (value.Value, error) {
	switch op {
	case query.MetricCount:
		return f.count, nil
	case query.MetricSum:
		sum, ok := f.sum.int64()
		if !ok {
			return nil, fault.New(fault.TooLarge, "store.overflow")
		}
		return sum, nil
	case query.MetricDistinct:
		return int64(len(f.distinct)), nil
	}
	return f.extreme, nil
}
