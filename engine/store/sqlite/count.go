package sqlite

import (
	"context"
	"slices"

	"tidewater/engine/query"
)

// Count asks how many records match, up to the cap.
func (s *Store) Count(ctx context.Context, q query.Count) (counted query.Counted, err error) {
	if err := s.catchUpFor(ctx, q.Filter); err != nil {
		return counted, err
	}
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
	f, err := l.finderOf(c, q.Filter, q.Deleted, asked)
	if err != nil {
		return query.Counted{}, err
	}
	bound, most := int64(query.DefaultBudget), int64(-1)
	if q.Cap > 0 {
		bound, most = some, q.Cap+1
	}
	from, err := f.matching(ctx, bound, q.Cap > 0)
	if err != nil {
		return query.Counted{}, err
	}
	n, err := c.number(ctx, "SELECT count(*) FROM (SELECT 1"+from.sql+" LIMIT ?)", append(slices.Clone(from.args), most)...)
	out := query.Counted{Value: n, Exact: true, Examined: query.Work{Records: asked.seen, Entries: f.entries + max(asked.seen, n)}}
	if q.Cap > 0 && n > q.Cap {
		out.Value, out.Exact = q.Cap, false
	}
	return out, err
}
