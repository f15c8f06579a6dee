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
