package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/store"
)

// defaultGroups bounds the groups of one answer where the question does not.
const defaultGroups = 10_000

// Aggregate answers figures by group, in the order of the groups' keys.
func (s *Store) Aggregate(ctx context.Context, q query.Aggregate) (rows []query.Row, err error) {
	l, err := s.layout(q.Form)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultGroups
	}
	if err := l.checkAggregate(q); err != nil {
		return nil, err
	}
	if err := s.catchUpFor(ctx, q.Filter); err != nil {
		return nil, err
	}
	err = s.read(ctx, func(c *conn) error {
		ready, principal, ok := l.summed(q)
		switch {
		case ok:
			rows, err = ready.read(ctx, c, principal, q)
		case l.groupable(q):
			rows, err = s.grouped(ctx, c, l, q)
		default:
			rows, err = s.stream(ctx, c, l, q)
		}
		return err
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
		rows := query.Rows{Table: q.Table, Where: q.Rows}
		if field, ok := l.fields[query.At(q.Table)]; !ok || !field.Table {
			return store.UnknownPath(query.At(q.Table))
		}
		return l.checkRows(rows)
	}
	return nil
}

// stream reads the documents that match and adds them up here: the way for what SQL has no word for,
// such as the rows of a table.
func (s *Store) stream(ctx context.Context, c *conn, l *layout, q query.Aggregate) ([]query.Row, error) {
	asked := s.calls.ask()
	defer s.calls.answered(asked)
	from, err := l.everyMatch(ctx, c, q.Filter, asked)
	if err != nil {
		return nil, err
	}
	sums := newSummary(q)
	err = c.rows(ctx, "SELECT "+recordColumns+from.sql, from.args, func(row []driver.Value) error {
		r, err := readRecord(q.Form, row)
		if err != nil {
			return err
		}
		return sums.add(r)
	})
	if err != nil {
		return nil, err
	}
	return sums.rows()
}
