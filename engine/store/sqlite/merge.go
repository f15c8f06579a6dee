package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// maxArms bounds the principals whose orders one list merges.
const maxArms = 32

// merge reads the records of a scope in the order of the page: the stream of each principal from its
// order, merged without doubles by SQLite (a UNION with an ORDER BY runs its arms side by side).
type merge struct {
	*finder
	order      *order
	backwards  bool
	principals []driver.Value // numbers
	holds      part           // the scope as a condition
	residual   []part
}

// merge finds the scope among the conditions and the order that lists its records.
func (f *finder) merge() (m merge, ok bool) {
	if f.list.Deleted {
		return m, false
	}
	o, backwards, ok := f.layout.order(f.list.Sorts)
	if !ok {
		return m, false
	}
	for n, p := range f.parts {
		numbers := f.layout.principalsOf(p.filter)
		if len(numbers) == 0 || len(numbers) > maxArms {
			continue
		}
		return merge{f, o, backwards, numbers, p, slices.Delete(slices.Clone(f.parts), n, n+1)}, true
	}
	return m, false
}

// principalsOf lists the principals, as numbers, that a condition asks one of; none where it asks for
// else, or for one whose records are in no order.
func (l *layout) principalsOf(f query.Filter) []driver.Value {
	c, ok := f.(query.Cmp)
	if !ok || c.Path != query.At(value.SysPrincipals) {
		return nil
	}
	wanted := c.Values
	switch c.Op {
	case query.Eq:
		wanted = value.List{c.Value}
	case query.In:
	default:
		return nil
	}
	var out []driver.Value
	for _, v := range wanted {
		s, ok := v.(string)
		if ok && !l.keeps(s) {
			return nil
		}
		if ok && !slices.Contains(out, driver.Value(numberOf(s))) {
			out = append(out, numberOf(s))
		}
	}
	return out
}

// run reads until the page is full or the budget is spent.
func (m merge) run(ctx context.Context) (page query.Page, err error) {
	most := max(int64(m.list.Budget)-m.asked.seen, 1)
	before := m.asked.seen
	m.asked.over = false
	candidates, limit := m.candidates(), most
	rest := all(append([]part{m.holds}, m.residual...))
	if len(m.residual) == 0 {
		// Nothing is left to test but that the principals are those and not of the same number.
		limit = min(limit, int64(m.list.Limit)+1)
	}
	sql := "SELECT " + recordColumns + " FROM (SELECT rid, tw_seen(?) AS seen FROM (" + candidates.sql + " LIMIT ?)) s CROSS JOIN " +
		m.layout.table + ` t ON t."$rid" = s.rid WHERE s.seen AND ` + rest.sql + " LIMIT ?"
	args := slices.Concat([]driver.Value{m.asked.number}, candidates.args, []driver.Value{limit}, rest.args, []driver.Value{int64(m.list.Limit + 1)})
	if err := m.collect(ctx, sql, args, &page); err != nil {
		return page, err
	}
	if examined := m.asked.seen - before; len(page.Records) <= m.list.Limit && (examined >= most || m.asked.over) {
		if stopped, err := m.stop(ctx, candidates, examined, &page); stopped || err != nil {
			return page, err
		}
	}
	return m.finish(page), nil
}

// candidates lists the merged streams behind the place of the page.
func (m merge) candidates() clause {
	behind, direction := "", ""
	var after []driver.Value
	if m.list.After != nil {
		behind, after = " AND k > ?", []driver.Value{m.place()}
	}
	if m.backwards {
		behind, direction = strings.Replace(behind, ">", "<", 1), " DESC"
	}
	var out clause
	for n, p := range m.principals {
		if n > 0 {
			out.sql += " UNION "
		}
		out.sql += "SELECT k, rid FROM " + m.order.name + " WHERE p = ?" + behind
		out.args = append(append(out.args, p), after...)
		if len(m.principals) > 1 {
			out.sql += " AND tw_entry(?)"
			out.args = append(out.args, m.asked.number)
		}
	}
	out.sql += " ORDER BY k" + direction
	return out
}

// place is the end of the last page as a place of the order, in the direction that the order has.
func (m merge) place() []byte { return placeOf(m.order.sorts, m.list.After) }

// stop ends a page whose budget is spent at the last record examined, if anything lies behind it.
func (m merge) stop(ctx context.Context, candidates clause, examined int64, page *query.Page) (stopped bool, err error) {
	var rids []driver.Value
	args := append(slices.Clone(candidates.args), examined-1)
	err = m.conn.rows(ctx, "SELECT rid FROM ("+candidates.sql+") LIMIT 2 OFFSET ?", args, func(row []driver.Value) error {
		rids = append(rids, row[0])
		return nil
	})
	if err != nil || len(rids) < 2 {
		return false, err
	}
	*page = m.finish(*page)
	_, err = m.conn.one(ctx, "SELECT "+recordColumns+" FROM "+m.layout.table+` t WHERE t."$rid" = ?`, rids[:1], func(row []driver.Value) error {
		r, err := readRecord(m.list.Form, row)
		if err != nil {
			return err
		}
		page.Incomplete, page.Next = len(page.Records) < m.list.Limit, query.KeyOf(m.list.Sorts, r)
		return nil
	})
	return true, err
}
