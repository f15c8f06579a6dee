package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// gather takes all candidates that one condition leaves, tests the others on them, and sorts.
type gather struct {
	*finder
	source   source
	complete bool // the source has no more candidates than are taken
}

// source lists the record numbers that meet one condition of the filter.
type source struct {
	clause
	part  int    // the condition's place in the filter; -1 for none
	scope int    // the place of the scope that it answers as well; -1 for none
	also  clause // what the source itself leaves open
	bound int64

	isSearch bool
}

// sources lists the conditions that some index can enumerate.
func (f *finder) sources(bound int64) []source {
	var out []source
	for n, one := range f.parts {
		switch part := one.filter.(type) {
		case query.Cmp:
			if f.scoped && part.Path == query.At(value.SysPrincipals) {
				continue
			}
			if c, ok := f.enumerate(part); ok {
				also := always(true)
				if part.Path == query.At(value.SysPrincipals) {
					also = one.clause // two principals may have one number
				}
				out = append(out, source{clause: c, part: n, also: also, bound: max(bound, store.Named(part)), scope: -1})
			}
		case query.Search:
			if match := tokenQuery(part); match != "" && f.layout.tokens != "" {
				scope, within := f.scope()
				if within != "" {
					match += " AND " + within
				}
				sql := "SELECT rowid AS rid FROM " + f.layout.tokens + " WHERE " + f.layout.tokens + " MATCH ? ORDER BY rowid DESC"
				also := f.layout.holds(part)
				also.sql = "(1" + also.sql + ")"
				out = append(out, source{clause: clause{sql, []driver.Value{match}}, part: n, scope: scope, also: also, bound: searchCandidates, isSearch: true})
			}
		}
	}
	return out
}

// enumerate makes a comparison a source, if a child table or the first column of an index answers it.
func (f *finder) enumerate(c query.Cmp) (clause, bool) {
	field, err := f.layout.field(c.Path)
	if err != nil {
		return clause{}, false
	}
	if numbers := f.layout.principalsOf(c); len(numbers) > 0 && !f.list.Deleted {
		return f.layout.within(numbers), true
	}
	if child, ok := f.layout.members[c.Path]; ok && (c.Op == query.Eq || c.Op == query.In) {
		on := compareOne(c, field.Type, "m.value")
		return clause{"SELECT DISTINCT m.rid FROM " + child + " m WHERE " + on.sql, on.args}, true
	}
	if c.Op != query.In && !isRange(c.Op) || c.Op == query.NotEmpty || field.Multi || field.Table {
		return clause{}, false
	}
	name := ""
	if c.Path == query.At(value.SysID) {
		name = f.layout.idIndex()
	}
	for _, i := range f.layout.indexes {
		if i.columns[0].Path == c.Path && !f.list.Deleted {
			name = i.name
		}
	}
	if name == "" {
		return clause{}, false
	}
	on := compareOne(c, field.Type, f.layout.expr(c.Path))
	if on.sql == always(false).sql {
		return clause{}, false // of another type: there is nothing to seek
	}
	return clause{`SELECT t."$rid" AS rid FROM ` + f.layout.table + " t INDEXED BY " + name + " WHERE " + living(f.list.Deleted) + " AND " + on.sql, on.args}, true
}

// narrowest finds the source with the fewest candidates, within bound if there is one: none is returned
// when all exceed it and the index walk is open. complete tells whether it is within its bound.
func (f *finder) narrowest(ctx context.Context, bound int64, ordered bool) (best source, complete bool, err error) {
	least := int64(-1)
	for _, s := range f.sources(bound) {
		limit := s.bound
		if least >= 0 {
			limit = min(limit, least)
		}
		n, err := f.conn.number(ctx, "SELECT count(*) FROM ("+s.sql+" LIMIT ?)", append(slices.Clone(s.args), limit+1)...)
		if err != nil {
			return best, false, err
		}
		f.entries += n
		switch {
		case n <= limit && (least < 0 || n < least):
			best, least, complete = s, n, true
		case least < 0 && best.sql == "" && (!ordered || s.isSearch):
			best = s
		}
	}
	return best, complete, nil
}

// newest is the source of last resort: what was added last, or put into the bin last, up to the budget.
func (f *finder) newest() source {
	sql := `SELECT t."$rid" AS rid FROM ` + f.layout.table + " t WHERE " + living(false) + ` ORDER BY t."$rid" DESC`
	if f.list.Deleted {
		sql = `SELECT t."$rid" AS rid FROM ` + f.layout.table + " t INDEXED BY " + f.layout.deletedIndex() + " WHERE " + living(true) + " ORDER BY t.deleted_at DESC"
	}
	return source{clause: clause{sql: sql}, part: -1, scope: -1, also: always(true), bound: int64(f.list.Budget)}
}

// beside are the conditions that a source does not answer.
func (f *finder) beside(s source) []part {
	var rest []part
	for n, p := range f.parts {
		if n != s.part && n != s.scope {
			rest = append(rest, p)
		}
	}
	return rest
}

func (g *gather) run(ctx context.Context) (page query.Page, err error) {
	residual, after := all(g.beside(g.source)), g.after()
	sql := "SELECT " + recordColumns + ` FROM (SELECT t."$rid" AS rid FROM (SELECT rid, tw_seen(?) AS seen FROM (` + g.source.sql +
		" LIMIT ?)) s CROSS JOIN " + g.layout.table + ` t ON t."$rid" = s.rid WHERE s.seen AND ` + living(g.list.Deleted) + " AND " +
		g.source.also.sql + " AND " + residual.sql + " AND " + after.sql + " ORDER BY " + g.order() + " LIMIT ?) x CROSS JOIN " +
		g.layout.table + ` t ON t."$rid" = x.rid`
	args := slices.Concat([]driver.Value{g.asked.number}, g.source.args, []driver.Value{g.source.bound}, g.source.also.args,
		residual.args, after.args, []driver.Value{int64(g.list.Limit + 1)})
	if err := g.collect(ctx, sql, args, &page); err != nil {
		return page, err
	}
	page = g.finish(page)
	if g.asked.over {
		page.Incomplete = true
		return page, nil
	}
	if !g.complete && g.asked.seen >= g.source.bound {
		n, err := g.conn.number(ctx, "SELECT count(*) FROM ("+g.source.sql+" LIMIT ?)", append(slices.Clone(g.source.args), g.source.bound+1)...)
		if err != nil {
			return page, err
		}
		page.Incomplete = n > g.source.bound
	}
	return page, nil
}
