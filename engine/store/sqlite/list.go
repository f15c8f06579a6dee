package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

const (
	maxPage  = 500
	maxSorts = 3
)

// List answers one page.
func (s *Store) List(ctx context.Context, q query.List) (page query.Page, err error) {
	err = s.read(ctx, func(c *conn) error {
		page, err = s.list(ctx, c, q)
		return err
	})
	return page, err
}

// list finds a page in one of two ways. Where an index has the records in the page's order, it walks
// that index and leaves out what does not meet the filter (walk.go). Otherwise, or where the filter
// leaves few, it gathers the candidates and sorts them (gather.go).
func (s *Store) list(ctx context.Context, c *conn, q query.List) (query.Page, error) {
	l, err := s.layout(q.Form)
	if err != nil {
		return query.Page{}, err
	}
	if err := l.checkList(q); err != nil {
		return query.Page{}, err
	}
	if q.Budget <= 0 {
		q.Budget = query.DefaultBudget
	}
	asked := s.calls.ask()
	defer s.calls.answered(asked)
	f := &finder{conn: c, layout: l, list: q, asked: asked, parts: conjuncts(q.Filter)}
	if slices.ContainsFunc(f.parts, isNever) {
		return query.Page{}, nil
	}
	plan, err := f.plan(ctx)
	if err != nil {
		return query.Page{}, err
	}
	page, err := plan(ctx)
	page.Examined = query.Work{Records: max(asked.seen, int64(len(page.Records))), Entries: f.entries + asked.seen}
	return page, err
}

func (l *layout) checkList(q query.List) error {
	switch {
	case q.Limit < 1 || q.Limit > maxPage, len(q.Sorts) > maxSorts:
		return tooLarge()
	case q.After != nil && len(q.After) != len(q.Sorts)+1:
		return fault.New(fault.Invalid, "cursor.invalid")
	}
	for i, s := range q.Sorts {
		f, err := l.field(s.Path)
		if err != nil {
			return err
		}
		if f.Multi || f.Table {
			return unknownPath(s.Path)
		}
		if q.After != nil && q.After[i] != nil {
			if _, ok := param(q.After[i], f.Type); !ok {
				return fault.New(fault.Invalid, "cursor.invalid")
			}
		}
	}
	return nil
}

// conjuncts takes a filter apart into conditions that must all hold.
func conjuncts(f query.Filter) []query.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case query.And:
		var all []query.Filter
		for _, part := range f {
			all = append(all, conjuncts(part)...)
		}
		return all
	case query.Const:
		if f {
			return nil
		}
	}
	return []query.Filter{f}
}

func isNever(f query.Filter) bool { return f == query.Filter(query.Const(false)) }

// finder is one list on its way to its page.
type finder struct {
	conn    *conn
	layout  *layout
	list    query.List
	asked   *question
	parts   []query.Filter
	entries int64
}

// living is the condition of partial indexes, or its opposite for the recycle bin.
func living(deleted bool) string {
	if deleted {
		return "t.deleted_at IS NOT NULL"
	}
	return "t.deleted_at IS NULL"
}

// plan chooses the way.
func (f *finder) plan(ctx context.Context) (func(context.Context) (query.Page, error), error) {
	walk, ordered := f.walk()
	if ordered && len(walk.residual) == 0 {
		return walk.run, nil
	}
	bound := int64(f.list.Budget)
	if ordered {
		n, err := f.conn.number(ctx, `SELECT max("$rid") FROM `+f.layout.table)
		if err != nil {
			return nil, err
		}
		// Walking examines about limit·n/candidates records, gathering all candidates.
		bound = min(bound, max(200, root(int64(f.list.Limit)*n)))
	}
	source, complete, err := f.narrowest(ctx, bound, ordered)
	if err != nil {
		return nil, err
	}
	if ordered && source.sql == "" {
		return walk.run, nil
	}
	if source.sql == "" {
		source = f.newest()
	}
	g := &gather{finder: f, source: source, complete: complete}
	return g.run, nil
}

func root(n int64) int64 {
	r := int64(0)
	for r*r < n {
		r += 1 + r/8
	}
	return r
}

// order is the ORDER BY of the page.
func (f *finder) order() string {
	out, desc := "", false
	for _, s := range f.list.Sorts {
		desc = s.Desc
		out += f.layout.expr(s.Path) + down(desc) + ", "
	}
	return out + "t.id" + down(desc)
}

func down(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// key reads a place in the order from a row of the sorts' values and an id.
func (f *finder) key(row []driver.Value) query.Key {
	key := make(query.Key, 0, len(row))
	for i, v := range row {
		if i < len(f.list.Sorts) {
			v = f.layout.stored(f.list.Sorts[i].Path, v)
		}
		key = append(key, v)
	}
	return key
}

// stored turns what a statement returns for a path back into a stored value.
func (l *layout) stored(p query.Path, v driver.Value) value.Value {
	if n, ok := v.(int64); ok && l.typeOf(p) == "bool" {
		return n != 0
	}
	return v
}
