package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// matching is the FROM and WHERE of a statement that reads every living record, or every one of the
// recycle bin, that meets a filter. Where an index lists at most bound candidates they lead, since SQLite
// on its own walks the whole form to find the few records of a scope. Where more match and the statement
// stops early, the members of a scope lead too: each candidate is then likely to count.
func (f *finder) matching(ctx context.Context, bound int64, stops bool) (clause, error) {
	led, complete, err := f.narrowest(ctx, bound, true)
	if err != nil {
		return clause{}, err
	}
	if !complete {
		led = source{}
		if stops {
			led = f.anyMembers()
		}
	}
	if led.sql == "" {
		where := all(f.parts)
		where.sql = " FROM " + f.layout.table + " t WHERE " + living(f.list.Deleted) + f.examining() + " AND " + where.sql
		where.args = slices.Concat(f.examined(), where.args)
		return where, nil
	}
	rest := all(f.beside(led))
	sql := " FROM (" + led.sql + ") s CROSS JOIN " + f.layout.table + ` t WHERE t."$rid" = s.rid AND ` + living(f.list.Deleted) +
		f.examining() + " AND " + led.also.sql + " AND " + rest.sql
	return clause{sql, slices.Concat(led.args, f.examined(), led.also.args, rest.args)}, nil
}

// anyMembers is the source of the first condition that a child table lists, if there is one.
func (f *finder) anyMembers() source {
	for _, s := range f.sources(0) {
		c, ok := f.parts[s.part].filter.(query.Cmp)
		if ok && (f.layout.members[c.Path] != "" || c.Path == query.At(value.SysPrincipals)) {
			return s
		}
	}
	return source{}
}

// examining counts the records that a statement tests, unless there is nothing to test.
func (f *finder) examining() string {
	if len(f.parts) == 0 {
		return ""
	}
	return " AND tw_seen(?)"
}

func (f *finder) examined() []driver.Value {
	if len(f.parts) == 0 {
		return nil
	}
	return []driver.Value{f.asked.number}
}

// finderOf returns a finder for a statement that knows no page.
func (l *layout) finderOf(c *conn, filter query.Filter, deleted bool, asked *question) (*finder, error) {
	parts, err := l.parts(filter, asked)
	return &finder{conn: c, layout: l, list: query.List{Form: l.form.Key, Filter: filter, Deleted: deleted}, asked: asked, parts: parts}, err
}

// everyMatch is matching for figures over all living records that meet a filter.
func (l *layout) everyMatch(ctx context.Context, c *conn, filter query.Filter, asked *question) (clause, error) {
	f, err := l.finderOf(c, filter, false, asked)
	if err != nil {
		return clause{}, err
	}
	return f.matching(ctx, query.DefaultBudget, false)
}
