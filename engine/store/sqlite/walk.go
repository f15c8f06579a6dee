package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// walk reads an index in the order of the page. It examines no record beyond the page where the index
// answers the whole filter; else at most the budget.
type walk struct {
	*finder
	index    string // quoted
	bounds   []part // conditions that the index itself answers
	residual []part // the others
}

// walk finds the index that has the records in the page's order and pins most of the filter.
func (f *finder) walk() (w walk, ordered bool) {
	if f.list.Deleted {
		return w, false
	}
	pinned := map[query.Path]part{}
	for _, part := range f.parts {
		if c, ok := isEq(part); ok {
			pinned[c.Path] = part
		}
	}
	if len(f.list.Sorts) == 0 || f.list.Sorts[0].Path == query.At(value.SysID) {
		w, ordered = walk{finder: f, index: f.layout.idIndex()}, true
	}
	for _, i := range f.layout.indexes {
		n := i.serves(pinned, f.list.Sorts)
		if n < 0 || ordered && n <= len(w.bounds) {
			continue
		}
		w, ordered = walk{finder: f, index: i.name}, true
		for _, c := range i.columns[:n] {
			w.bounds = append(w.bounds, pinned[c.Path])
		}
	}
	if ordered {
		w.split()
	}
	return w, ordered
}

// serves tells how many leading columns are pinned before those that give the order; -1 where the
// index does not give it.
func (i index) serves(pinned map[query.Path]part, sorts []query.Sort) int {
	n := len(i.columns) - len(sorts)
	if n < 0 {
		return -1
	}
	for _, c := range i.columns[:n] {
		if _, ok := pinned[c.Path]; !ok {
			return -1
		}
	}
	for k, s := range sorts {
		c := i.columns[n+k]
		if c.Path != s.Path || (c.Desc != s.Desc) != (i.columns[n].Desc != sorts[0].Desc) {
			return -1
		}
	}
	return n
}

// split parts what the index answers (pinned columns, a range of the first sort) from the rest.
func (w *walk) split() {
	pinning := len(w.bounds)
	for _, p := range w.parts {
		c, ok := p.filter.(query.Cmp)
		switch {
		case ok && c.Op == query.Eq && slices.ContainsFunc(w.bounds[:pinning], func(b part) bool { return samePlace(b, c) }):
			// Pinned already; pinned twice to two values it would be among the rest.
		case ok && len(w.list.Sorts) > 0 && c.Path == w.list.Sorts[0].Path && isRange(c.Op):
			w.bounds = append(w.bounds, p)
		default:
			w.residual = append(w.residual, p)
		}
	}
}

func samePlace(b part, c query.Cmp) bool {
	pinned, ok := b.filter.(query.Cmp)
	return ok && pinned.Path == c.Path && value.Equal(pinned.Value, c.Value)
}

func isRange(op query.Op) bool {
	switch op {
	case query.Lt, query.Lte, query.Gt, query.Gte, query.Prefix, query.Eq, query.Empty, query.NotEmpty:
		return true
	}
	return false
}

func (w walk) run(ctx context.Context) (page query.Page, err error) {
	bounds, residual := all(w.bounds), all(w.residual)
	for _, segment := range w.segments() {
		missing := w.list.Limit + 1 - len(page.Records)
		if missing <= 0 {
			break
		}
		// A segment always gets something to examine, so that each page moves on.
		budget := max(int64(w.list.Budget)-w.asked.seen, 1)
		before := w.asked.seen
		w.asked.over = false
		from := w.from(bounds, segment)
		if err := w.read(ctx, from, residual, budget, missing, &page); err != nil {
			return page, err
		}
		if examined := w.asked.seen - before; len(page.Records) <= w.list.Limit && (examined >= budget || w.asked.over) {
			if stopped, err := w.stop(ctx, from, examined, &page); stopped || err != nil {
				return page, err
			}
		}
	}
	return w.finish(page), nil
}

// from is what a segment reads, up to its ORDER BY.
func (w walk) from(bounds, segment clause) clause {
	return clause{
		sql: " FROM " + w.layout.table + " t INDEXED BY " + w.index + " WHERE " + living(false) + " AND " + bounds.sql + " AND " + segment.sql +
			" ORDER BY " + w.order(),
		args: slices.Concat(bounds.args, segment.args),
	}
}

func (w walk) read(ctx context.Context, from, residual clause, budget int64, limit int, page *query.Page) error {
	if len(w.residual) == 0 {
		return w.collect(ctx, "SELECT "+recordColumns+from.sql+" LIMIT ?", append(slices.Clone(from.args), int64(limit)), page)
	}
	// The inner query walks and counts, the outer one looks: a CROSS JOIN keeps that order.
	sql := "SELECT " + recordColumns + ` FROM (SELECT t."$rid" AS rid, tw_seen(?) AS seen` + from.sql + " LIMIT ?) s CROSS JOIN " +
		w.layout.table + ` t ON t."$rid" = s.rid WHERE s.seen AND ` + residual.sql + " LIMIT ?"
	args := slices.Concat([]driver.Value{w.asked.number}, from.args, []driver.Value{budget}, residual.args, []driver.Value{int64(limit)})
	return w.collect(ctx, sql, args, page)
}

// stop ends a page whose budget is spent at the last record examined, if anything lies behind it in the
// segment; else the next segment goes on.
func (w walk) stop(ctx context.Context, from clause, examined int64, page *query.Page) (stopped bool, err error) {
	var exprs []string
	for _, s := range w.list.Sorts {
		exprs = append(exprs, w.layout.expr(s.Path))
	}
	sql := "SELECT " + strings.Join(append(exprs, "t.id"), ", ") + from.sql + " LIMIT 2 OFFSET ?"
	var keys []query.Key
	err = w.conn.rows(ctx, sql, append(slices.Clone(from.args), examined-1), func(row []driver.Value) error {
		keys = append(keys, w.key(row))
		return nil
	})
	if err != nil || len(keys) < 2 {
		return false, err
	}
	*page = w.finish(*page)
	page.Incomplete, page.Next = len(page.Records) < w.list.Limit, keys[0]
	return true, nil
}

// collect reads records into the page.
func (f *finder) collect(ctx context.Context, sql string, args []driver.Value, page *query.Page) error {
	return f.conn.rows(ctx, sql, args, func(row []driver.Value) error {
		r, err := readRecord(f.list.Form, row)
		page.Records = append(page.Records, r)
		return err
	})
}

// finish cuts the page to its limit and says where the next one begins.
func (f *finder) finish(page query.Page) query.Page {
	// Statements return records in order; that is how SQLite works, not what SQL promises.
	slices.SortStableFunc(page.Records, func(a, b *value.Record) int { return query.Compare(f.list.Sorts, a, b) })
	if len(page.Records) > f.list.Limit {
		page.Records = page.Records[:f.list.Limit]
		page.Next = query.KeyOf(f.list.Sorts, page.Records[f.list.Limit-1])
	}
	return page
}
