package mongo

import (
	"context"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func groupName(i int) string { return "g" + strconv.Itoa(i) }

func figureName(i int) string { return "f" + strconv.Itoa(i) }

func valueName(i int) string { return "v" + strconv.Itoa(i) }

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

// rowsOf is the condition on the rows of the table that is counted, each unwound into a record of its own.
func (l *layout) rowsOf(q query.Aggregate) (condition, error) {
	if q.Table == "" {
		return always(true), nil
	}
	table := memberOf(query.At(q.Table))
	return l.build(q.Rows, func(p query.Path) (place, error) {
		out, err := l.inRow(q.Table)(p)
		out.name = table + "." + out.name
		return out, err
	}, true)
}

// groupStages is the pipeline that adds up: what matches, its rows, the values of each, each of their groups, and
// the figures.
func (l *layout) groupStages(where bson.D, rows condition, q query.Aggregate) []bson.D {
	stages := []bson.D{d("$match", where)}
	if q.Table != "" {
		stages = append(stages, d("$unwind", "$"+memberOf(query.At(q.Table))))
	}
	if !rows.fixed {
		stages = append(stages, d("$match", rows.doc))
	}
	taken, several := bson.D{}, []string(nil)
	id, figures := bson.D{}, bson.D{}
	for i, g := range q.Groups {
		name := groupName(i)
		e, many := l.valuesAt(g.Path, q.Table)
		if many {
			several = append(several, name)
			e = orNothing(different(bucketed(e, g.Bucket)))
		} else {
			e = inBucket(e, g.Bucket)
		}
		taken = append(taken, bson.E{Key: name, Value: e})
		id = append(id, bson.E{Key: name, Value: d("$ifNull", bson.A{"$" + name, nil})})
	}
	for i, m := range q.Metrics {
		many := false
		if m.Path != (query.Path{}) {
			var e any
			e, many = l.valuesAt(m.Path, q.Table)
			if m.Op == query.MetricSum {
				e = decimals(e, many)
			}
			taken = append(taken, bson.E{Key: valueName(i), Value: e})
		}
		figures = append(figures, bson.E{Key: figureName(i), Value: figureOf(m, "$"+valueName(i), many)})
	}
	if len(taken) > 0 {
		stages = append(stages, d("$project", taken))
	}
	for _, name := range several {
		stages = append(stages, d("$unwind", "$"+name))
	}
	var key any
	if len(id) > 0 {
		key = id
	}
	return append(stages, d("$group", append(bson.D{{Key: atID, Value: key}}, figures...)))
}

// valuesAt is the expression for what stands at a path: a value, or a list of them where many is true.
func (l *layout) valuesAt(p query.Path, table value.FieldKey) (e any, many bool) {
	f, _ := l.field(p)
	name := "$" + memberOf(p)
	switch {
	case table != "" && p.Field == table && p.Sub != "":
		return asList(name), true
	case p.Sub != "" && l.fields[query.At(p.Field)].Table:
		rows := d("$ifNull", bson.A{"$" + memberOf(query.At(p.Field)), bson.A{}})
		return d("$reduce", bson.D{
			{Key: "input", Value: rows}, {Key: "initialValue", Value: bson.A{}},
			{Key: "in", Value: d("$concatArrays", bson.A{"$$value", asList("$$this." + string(p.Sub))})},
		}), true
	case f.Multi || f.Table:
		return asList(name), true
	}
	return name, false
}

func isNull(e any) bson.D { return d("$eq", bson.A{d("$ifNull", bson.A{e, nil}), nil}) }

// asList is a list as it is, one value as a list of it, and nothing as an empty one. The list of one is a mapping, for
// look-alikes take a list that is written out as it is written.
func asList(e any) any {
	one := d("$cond", bson.A{isNull(e), bson.A{}, each(bson.A{int64(1)}, func(any) any { return e })})
	return d("$cond", bson.A{d("$isArray", bson.A{e}), e, one})
}

// orNothing is a list, or one of nothing for an empty one: what has no value is a group too.
func orNothing(list any) any {
	return d("$cond", bson.A{d("$eq", bson.A{list, bson.A{}}), bson.A{nil}, list})
}

// different is a list with each of its values once. The mapping of each onto itself is for look-alikes, which make
// something of a set that no record can be grouped by.
func different(list any) any {
	return each(d("$setUnion", bson.A{list}), func(v any) any { return v })
}

func bucketed(list any, b query.Bucket) any {
	if b == query.NoBucket || b == query.Day {
		return list
	}
	return each(list, func(v any) any { return inBucket(v, b) })
}

func each(list any, do func(v any) any) any {
	return d("$map", bson.D{{Key: "input", Value: list}, {Key: "as", Value: "one"}, {Key: "in", Value: do("$$one")}})
}

// inBucket folds a day into a wider bucket. Absent stays absent.
func inBucket(e any, b query.Bucket) any {
	by := map[query.Bucket]int64{query.Month: 100, query.Year: 10_000}[b]
	if by == 0 {
		return e
	}
	return d("$toLong", d("$trunc", d("$divide", bson.A{e, by})))
}

// figureOf is what a metric asks of the values of a group.
func figureOf(m query.Metric, v string, many bool) bson.D {
	switch m.Op {
	case query.MetricSum, query.MetricMin, query.MetricMax:
		op := "$" + string(m.Op)
		if many {
			return d(op, d(op, v))
		}
		return d(op, v)
	case query.MetricDistinct:
		return d("$addToSet", v)
	}
	switch {
	case m.Path == (query.Path{}):
		return d("$sum", int64(1))
	case many:
		return d("$sum", d("$cond", bson.A{d("$eq", bson.A{v, bson.A{}}), int64(0), int64(1)}))
	}
	return d("$sum", d("$cond", bson.A{isNull(v), int64(0), int64(1)}))
}

// decimals are what sums are added up of, for these hold 34 digits.
func decimals(e any, many bool) any {
	if many {
		return each(e, decimal)
	}
	return decimal(e)
}

// decimal adds a nought of that type, which makes one of each number and leaves absent absent, as $toDecimal does;
// look-alikes do not know that.
func decimal(v any) any { return d("$add", bson.A{v, primitive.NewDecimal128(0x3040000000000000, 0)}) }

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
