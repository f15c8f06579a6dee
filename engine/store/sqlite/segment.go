package sqlite

import (
	"database/sql/driver"
	"strings"

	"tidewater/engine/query"
)

// segment is a stretch of an order that lies behind a place in it: equal in the first sorts, beyond in
// the next. One "after" has several, walked one by one, because each alone is a range that an index
// can seek, and their disjunction is not. Absent stands first ascending, last descending, as NULL does.
func (f *finder) segments() []clause {
	after := f.list.After
	if after == nil {
		return []clause{always(true)}
	}
	desc := false
	if n := len(f.list.Sorts); n > 0 {
		desc = f.list.Sorts[n-1].Desc
	}
	// From the innermost, which continues right after the place, to the outermost.
	out := []clause{f.equalUntil(len(f.list.Sorts), beyond("t.id", driver.Value(after[len(after)-1]), desc)[0])}
	for i := len(f.list.Sorts) - 1; i >= 0; i-- {
		s := f.list.Sorts[i]
		for _, step := range beyond(f.layout.expr(s.Path), f.place(i), s.Desc) {
			out = append(out, f.equalUntil(i, step))
		}
	}
	return out
}

// place is the value of a sort at the end of the last page, as a parameter.
func (f *finder) place(i int) driver.Value {
	v, _ := param(f.list.After[i], f.layout.typeOf(f.list.Sorts[i].Path))
	return v
}

// equalUntil puts the equality of the first n sorts before a condition.
func (f *finder) equalUntil(n int, last clause) clause {
	var texts []string
	var args []driver.Value
	for i, s := range f.list.Sorts[:n] {
		if v := f.place(i); v == nil {
			texts = append(texts, f.layout.expr(s.Path)+" IS NULL")
		} else {
			texts = append(texts, f.layout.expr(s.Path)+" = ?")
			args = append(args, v)
		}
	}
	return clause{strings.Join(append(texts, last.sql), " AND "), append(args, last.args...)}
}

// beyond lists the stretches of one sort behind a value, in order.
func beyond(at string, v driver.Value, desc bool) []clause {
	switch {
	case v == nil && desc:
		return nil
	case v == nil:
		return []clause{{sql: at + " IS NOT NULL"}}
	case desc:
		return []clause{{at + " < ?", []driver.Value{v}}, {sql: at + " IS NULL"}}
	}
	return []clause{{at + " > ?", []driver.Value{v}}}
}

// after is the same as one condition, for candidates that are sorted anyway.
func (f *finder) after() clause {
	if f.list.After == nil {
		return always(true)
	}
	var texts []string
	var out clause
	for _, s := range f.segments() {
		texts = append(texts, "("+s.sql+")")
		out.args = append(out.args, s.args...)
	}
	out.sql = "(" + strings.Join(texts, " OR ") + ")"
	return out
}

// isEq tells whether a condition pins a single-valued path to one value.
func isEq(p part) (query.Cmp, bool) {
	c, ok := p.filter.(query.Cmp)
	return c, ok && c.Op == query.Eq
}
