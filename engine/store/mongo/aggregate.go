package mongo

import (
	"context"
	"math/big"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// defaultGroups bounds the groups of one answer where the question does not.
const defaultGroups = 10_000

// Aggregate answers figures by group, in the order of the groups' keys.
func (s *Store) Aggregate(ctx context.Context, q query.Aggregate) (rows []query.Row, err error) {
	if q.Limit <= 0 {
		q.Limit = defaultGroups
	}
	err = s.asked(ctx, q.Form, func(l *layout) error {
		if err := l.checkAggregate(q); err != nil {
			return err
		}
		return s.read(ctx, func(c conn) error {
			rows, err = c.added(ctx, l, q)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b query.Row) int { return slices.CompareFunc(a.Keys, b.Keys, query.CompareValues) })
	return rows, nil
}

// added takes sums that are kept, or has the server add up. Those of a layout that has changed may be on their way out:
// what they came to counts only if it is still the same.
func (c conn) added(ctx context.Context, l *layout, q query.Aggregate) (rows []query.Row, err error) {
	s := c.store
	if !l.ready { // another instance may have made them complete
		if newer, err := s.renew(ctx); err != nil {
			return nil, err
		} else if newer {
			if l, err = s.layout(ctx, q.Form); err != nil {
				return nil, err
			}
		}
	}
	for {
		ready, principal, ok := l.summing(q)
		if !ok {
			return s.grouped(ctx, c, l, q)
		}
		if err := s.late.catchUp(ctx); err != nil {
			return nil, err
		}
		if rows, err = c.figures(ctx, inSums, ready.stages(principal, q), "place", q); err != nil {
			return nil, err
		}
		newer, err := s.renew(ctx)
		if err != nil || !newer {
			return rows, err
		}
		next, err := s.layout(ctx, q.Form)
		if err != nil || next.ready && next.summed == l.summed {
			return rows, err
		}
		l = next
	}
}

func (l *layout) checkAggregate(q query.Aggregate) error {
	if err := store.CheckFigures(q, l.field); err != nil {
		return err
	}
	if q.Table != "" {
		if field, ok := l.fields[query.At(q.Table)]; !ok || !field.Table {
			return store.UnknownPath(query.At(q.Table))
		}
	}
	return nil
}

// grouped lets the server add up.
func (s *Store) grouped(ctx context.Context, c conn, l *layout, q query.Aggregate) ([]query.Row, error) {
	f := &finder{conn: c, layout: l, list: query.List{Form: q.Form, Filter: q.Filter}}
	var err error
	if f.parts, err = l.parts(q.Filter); err != nil {
		return nil, err
	}
	rows, err := l.rowsOf(q)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(f.parts, isNever) || rows.fixed && !rows.holds {
		return none(q), nil
	}
	where, hint, err := f.matching(ctx, query.DefaultBudget)
	if err != nil {
		return nil, err
	}
	return c.figures(ctx, l.collection, l.groupStages(where, rows, q), hint, q)
}

// none is the answer about nothing: without groups there is one row.
func none(q query.Aggregate) []query.Row {
	if len(q.Groups) > 0 {
		return nil
	}
	row := query.Row{Figures: make([]value.Value, len(q.Metrics))}
	for i, m := range q.Metrics {
		if m.Op != query.MetricMin && m.Op != query.MetricMax {
			row.Figures[i] = int64(0)
		}
	}
	return []query.Row{row}
}

// figures reads the groups that a pipeline gives.
func (c conn) figures(ctx context.Context, collection string, stages []bson.D, hint string, q query.Aggregate) (rows []query.Row, err error) {
	stages = append(stages, d("$limit", int64(q.Limit)+1))
	err = c.aggregate(ctx, collection, stages, hint, func(raw bson.Raw) error {
		if len(rows) == q.Limit {
			return store.TooManyGroups(q.Limit)
		}
		row, err := readFigures(q, raw)
		rows = append(rows, row)
		return err
	})
	if err == nil && len(rows) == 0 {
		return none(q), nil
	}
	return rows, err
}

func readFigures(q query.Aggregate, raw bson.Raw) (row query.Row, err error) {
	for i := range q.Groups {
		row.Keys = append(row.Keys, plain(raw.Lookup(atID, groupName(i))))
	}
	for i, m := range q.Metrics {
		v := raw.Lookup(figureName(i))
		var figure value.Value
		switch m.Op {
		case query.MetricSum:
			figure, err = exact(v)
		case query.MetricDistinct:
			figure, err = distinct(v)
		case query.MetricMin, query.MetricMax:
			figure = plain(v)
		default:
			figure = intOf(v)
		}
		if err != nil {
			return row, err
		}
		row.Figures = append(row.Figures, figure)
	}
	return row, nil
}

// plain reads a scalar; nothing and null are absent. What was divided comes back as a whole number in another type.
func plain(v bson.RawValue) value.Value {
	switch v.Type {
	case bson.TypeString:
		return v.StringValue()
	case bson.TypeBoolean:
		return v.Boolean()
	case bson.TypeInt32, bson.TypeInt64, bson.TypeDouble:
		return intOf(v)
	}
	return nil
}

// exact reads a sum, which the server adds up as a decimal of 34 digits.
func exact(v bson.RawValue) (value.Value, error) {
	decimal, ok := v.Decimal128OK()
	if !ok {
		return intOf(v), nil // the sum of nothing
	}
	n, exponent, err := decimal.BigInt()
	if err != nil {
		return nil, err
	}
	for ; exponent > 0; exponent-- {
		n.Mul(n, big.NewInt(10))
	}
	for ; exponent < 0; exponent++ {
		n.Quo(n, big.NewInt(10)) // noughts: there are only whole numbers to add
	}
	if !n.IsInt64() {
		return nil, fault.New(fault.TooLarge, "store.overflow")
	}
	return n.Int64(), nil
}

// distinct counts the different values in a list of values, or of lists of them.
func distinct(v bson.RawValue) (value.Value, error) {
	seen := map[value.Value]bool{}
	var walk func(v bson.RawValue) error
	walk = func(v bson.RawValue) error {
		list, ok := v.ArrayOK()
		if !ok {
			if one := plain(v); one != nil {
				seen[one] = true
			}
			return nil
		}
		values, err := list.Values()
		if err != nil {
			return err
		}
		for _, one := range values {
			if err := walk(one); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Type == 0 {
		return int64(0), nil
	}
	err := walk(v)
	return int64(len(seen)), err
}
