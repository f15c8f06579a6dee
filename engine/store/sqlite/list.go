package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// List answers one page.
func (s *Store) List(ctx context.Context, q query.List) (page query.Page, err error) {
	if err := s.catchUpFor(ctx, q.Filter); err != nil {
		return page, err
	}
	err = s.read(ctx, func(c *conn) error {
		page, err = s.list(ctx, c, q)
		return err
	})
	return page, err
}

// list finds a page in one of three ways. Where an index has the records in the page's order, it walks
// that index and leaves out what does not meet the filter (walk.go). Within a scope it merges what the
// principals have, in that order (merge.go). Otherwise, or where the filter leaves few, it gathers the
// candidates and sorts them (gather.go).
func (s *Store) list(ctx context.Context, c *conn, q query.List) (query.Page, error) {
	l, err := s.layout(q.Form)
	if err != nil {
		return query.Page{}, err
	}
	if err := store.CheckList(q, l.field, fits); err != nil {
		return query.Page{}, err
	}
	if q.Budget <= 0 {
		q.Budget = query.DefaultBudget
	}
	asked := s.calls.ask()
	defer s.calls.answered(asked)
	asked.spent = q.Spent
	f := &finder{conn: c, layout: l, list: q, asked: asked}
	if f.parts, err = l.parts(q.Filter, asked); err != nil {
		return query.Page{}, err
	}
	if slices.ContainsFunc(f.parts, isNever) {
		return query.Page{}, nil
	}
	page, err := f.answer(ctx)
	page.Examined = query.Work{Records: max(asked.seen, int64(len(page.Records))), Entries: f.entries + max(asked.seen, asked.read, int64(len(page.Records)))}
	return page, err
}

// answer finds the page in the order that is asked for.
func (f *finder) answer(ctx context.Context) (query.Page, error) {
	if !f.list.Ranked {
		return f.find(ctx)
	}
	r, err := f.ranking(ctx)
	if err != nil {
		return query.Page{}, err
	}
	return r.run(ctx)
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

// part is one of the conditions that must all hold, and what it is in SQL.
type part struct {
	filter query.Filter
	clause
}

// parts takes a filter apart and compiles it. What always holds is left out.
func (l *layout) parts(f query.Filter, q *question) ([]part, error) {
	var out []part
	for _, condition := range conjuncts(f) {
		c, err := l.where(condition, q)
		if err != nil {
			return nil, err
		}
		if c.sql != always(true).sql {
			out = append(out, part{condition, c})
		}
	}
	return out, nil
}

func isNever(p part) bool { return p.sql == always(false).sql }

// all joins conditions.
func all(parts []part) clause {
	if len(parts) == 0 {
		return always(true)
	}
	var out clause
	for i, p := range parts {
		if i > 0 {
			out.sql += " AND "
		}
		out.sql += p.sql
		out.args = append(out.args, p.args...)
	}
	return out
}

// finder is one list on its way to its page.
type finder struct {
	conn    *conn
	layout  *layout
	list    query.List
	asked   *question
	parts   []part
	entries int64
	scoped  bool // the scope has been tried by its order: it is no source any more
}

// living is the condition of partial indexes, or its opposite for the recycle bin.
func living(deleted bool) string {
	if deleted {
		return "t.deleted_at IS NOT NULL"
	}
	return "t.deleted_at IS NULL"
}

const (
	// few candidates are gathered at once: counting and sorting so many costs no more than a page.
	few = 200
	// some candidates are gathered when a walk has met too few records that match.
	some = 5000
	// trial is how many records a walk examines before asking whether gathering would be better.
	trial = 1000
)

// find chooses the way. What it costs does not grow with the form: what it asks of indexes
// before it begins is bounded by few, a walk that finds enough by how dense the matches are.
func (f *finder) find(ctx context.Context) (query.Page, error) {
	walk, ordered := f.walk()
	if ordered && len(walk.residual) == 0 {
		return walk.run(ctx)
	}
	if m, ok := f.merge(); ok {
		if found, few, err := f.fewFound(ctx); few || err != nil {
			return found, err
		}
		return f.within(ctx, m, walk, ordered)
	}
	bound := int64(few)
	if !ordered {
		bound = int64(f.list.Budget)
	}
	best, complete, err := f.narrowest(ctx, bound, ordered)
	switch {
	case err != nil:
		return query.Page{}, err
	case best.sql != "":
		return (&gather{f, best, complete}).run(ctx)
	case !ordered:
		return (&gather{finder: f, source: f.newest()}).run(ctx)
	}
	return f.tryWalk(ctx, walk)
}

// fewFound gathers what a search finds within a scope, if that is little.
func (f *finder) fewFound(ctx context.Context) (page query.Page, few bool, err error) {
	for _, s := range f.sources(0) {
		if !s.isSearch || s.scope < 0 {
			continue
		}
		s.bound = int64(4 * f.list.Limit)
		n, err := f.conn.number(ctx, "SELECT count(*) FROM ("+s.sql+" LIMIT ?)", append(slices.Clone(s.args), s.bound+1)...)
		if f.entries += n; err != nil || n > s.bound {
			return page, false, err
		}
		page, err = (&gather{f, s, true}).run(ctx)
		return page, true, err
	}
	return page, false, nil
}

// tryWalk walks a little; if that does not fill the page, it gathers where that is bounded, else walks on.
func (f *finder) tryWalk(ctx context.Context, w walk) (query.Page, error) {
	budget := f.list.Budget
	f.list.Budget = min(trial, budget)
	page, err := w.run(ctx)
	f.list.Budget = budget
	if err != nil || !page.Incomplete || budget <= trial || f.asked.over {
		return page, err
	}
	best, complete, err := f.narrowest(ctx, min(some, f.further(page)), true)
	if err != nil {
		return page, err
	}
	if best.sql != "" {
		return (&gather{f, best, complete}).run(ctx)
	}
	f.list.After, f.list.Limit = page.Next, f.list.Limit-len(page.Records)
	rest, err := w.run(ctx)
	rest.Records = append(page.Records, rest.Records...)
	return rest, err
}

// further is how many records would still be examined for the rest of a page, if matches lie as dense as so far.
func (f *finder) further(page query.Page) int64 {
	return f.asked.seen * int64(f.list.Limit-len(page.Records)) / int64(max(len(page.Records), 1))
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
