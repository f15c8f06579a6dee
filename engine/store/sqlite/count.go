package sqlite

import (
	"context"
	"slices"

	"tidewater/engine/query"
)

// Count asks how many records match, up to the cap.
func (s *Store) Count(ctx context.Context, q query.Count) (counted query.Counted, err error) {
	err = s.read(ctx, func(c *conn) error {
		counted, err = s.count(ctx, c, q)
		return err
	})
	return counted, err
}

func (s *Store) count(ctx context.Context, c *conn, q query.Count) (query.Counted, error) {
	l, err := s.layout(q.Form)
	if err != nil {
		return query.Counted{}, err
	}
	asked := s.calls.ask()
	defer s.calls.answered(asked)
	where, err := l.where(q.Filter, asked)
	if err != nil {
		return query.Counted{}, err
	}
	from := " FROM " + l.table + " t WHERE " + living(q.Deleted) + " AND " + where.sql
	if q.Cap <= 0 {
		n, err := c.number(ctx, "SELECT count(*)"+from, where.args...)
		return query.Counted{Value: n, Exact: true}, err
	}
	n, err := c.number(ctx, "SELECT count(*) FROM (SELECT 1"+from+" LIMIT ?)", append(slices.Clone(where.args), q.Cap+1)...)
	return query.Counted{Value: min(n, q.Cap), Exact: n <= q.Cap}, err
}
