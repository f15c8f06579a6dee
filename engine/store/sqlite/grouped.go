package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// groupable tells whether one statement answers the question: every path has one value per record.
func (l *layout) groupable(q query.Aggregate) bool {
	if q.Table != "" {
		return false
	}
	single := func(p query.Path) bool {
		f, err := l.field(p)
		return err == nil && !f.Multi && !f.Table
	}
	for _, g := range q.Groups {
		if !single(g.Path) {
			return false
		}
	}
	for _, m := range q.Metrics {
		if m.Path != (query.Path{}) && !single(m.Path) {
			return false
		}
	}
	return true
}

// grouped lets one statement add up. The values it needs are read behind a barrier (LIMIT -1), so that
// each is taken out of its document once and sorting drags no documents along.
func (s *Store) grouped(ctx context.Context, c *conn, l *layout, q query.Aggregate) (rows []query.Row, err error) {
	asked := s.calls.ask()
	defer s.calls.answered(asked)
	from, err := l.everyMatch(ctx, c, q.Filter, asked)
	if err != nil {
		return nil, err
	}
	var inner, outer, keys []string
	for i, g := range q.Groups {
		name := "g" + strconv.Itoa(i)
		inner = append(inner, l.bucketed(g)+" AS "+name)
		outer, keys = append(outer, name), append(keys, name)
	}
	for i, m := range q.Metrics {
		name := "v" + strconv.Itoa(i)
		if m.Path == (query.Path{}) {
			inner = append(inner, "1 AS "+name)
		} else {
			inner = append(inner, l.expr(m.Path)+" AS "+name)
		}
		outer = append(outer, figureSQL(m.Op, name)...)
	}
	sql := "SELECT " + strings.Join(outer, ", ") + " FROM (SELECT " + strings.Join(inner, ", ") + from.sql + " LIMIT -1)"
	if len(keys) > 0 {
		sql += " GROUP BY " + strings.Join(keys, ", ")
	}
	args := append(slices.Clone(from.args), int64(q.Limit)+1)
	err = c.rows(ctx, sql+" LIMIT ?", args, func(row []driver.Value) error {
		if len(rows) == q.Limit {
			return store.TooManyGroups(q.Limit)
		}
		r, err := l.readFigures(q, row)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

func (l *layout) bucketed(g query.Group) string {
	at := l.expr(g.Path)
	if l.typeOf(g.Path) == "int" {
		switch g.Bucket {
		case query.Month:
			return "(" + at + ") / 100"
		case query.Year:
			return "(" + at + ") / 10000"
		}
	}
	return at
}

// figureSQL is what a metric needs of SQL: sums as quotients and remainders apart, which cannot overflow.
func figureSQL(op query.MetricOp, name string) []string {
	switch op {
	case query.MetricSum:
		return []string{"sum(" + name + " / 1000000)", "sum(" + name + " % 1000000)"}
	case query.MetricMin:
		return []string{"min(" + name + ")"}
	case query.MetricMax:
		return []string{"max(" + name + ")"}
	case query.MetricDistinct:
		return []string{"count(DISTINCT " + name + ")"}
	}
	return []string{"count(" + name + ")"}
}

func (l *layout) readFigures(q query.Aggregate, row []driver.Value) (query.Row, error) {
	var out query.Row
	for i, g := range q.Groups {
		out.Keys = append(out.Keys, l.stored(g.Path, row[i]))
	}
	row = row[len(q.Groups):]
	for _, m := range q.Metrics {
		var v value.Value = row[0]
		switch m.Op {
		case query.MetricMin, query.MetricMax:
			v = l.stored(m.Path, row[0])
		case query.MetricSum:
			var sum figure
			sum.sum.high, _ = row[0].(int64)
			sum.sum.low, _ = row[1].(int64)
			row = row[1:]
			var err error
			if v, err = sum.value(m.Op); err != nil {
				return out, err
			}
		}
		out.Figures = append(out.Figures, v)
		row = row[1:]
	}
	return out, nil
}
