package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// clause is a piece of a statement and the values of its parameters, in order.
type clause struct {
	sql  string
	args []driver.Value
}

func always(holds bool) clause { return clause{sql: string('0' + rune(bit(holds)))} }

// where turns a filter into a condition over the form's table, called t. Its value is 1, 0 or, where
// that means 0, NULL. What SQL cannot say exactly (rows, lists, folded text) is decided by
// query.Meets itself, called back from the statement.
func (l *layout) where(f query.Filter, q *question) (clause, error) {
	switch f := f.(type) {
	case nil:
		return always(true), nil
	case query.Const:
		return always(bool(f)), nil
	case query.And:
		return l.join(f, " AND ", q, true)
	case query.Or:
		return l.join(f, " OR ", q, false)
	case query.Not:
		inner, err := l.where(f.Of, q)
		inner.sql = "NOT ifnull((" + inner.sql + "), 0)"
		return inner, err
	case query.Cmp:
		return l.compare(f, q)
	case query.Rows:
		if field, ok := l.fields[query.At(f.Table)]; !ok || !field.Table {
			return clause{}, store.UnknownPath(query.At(f.Table))
		}
		return l.callBack(f, q), l.checkRows(f)
	case query.Search:
		return l.search(f)
	}
	return clause{}, fault.New(fault.Invalid, "filter.malformed")
}

func (l *layout) join(parts []query.Filter, with string, q *question, empty bool) (clause, error) {
	if len(parts) == 0 {
		return always(empty), nil
	}
	var out clause
	texts := make([]string, len(parts))
	for i, part := range parts {
		c, err := l.where(part, q)
		if err != nil {
			return clause{}, err
		}
		texts[i] = c.sql
		out.args = append(out.args, c.args...)
	}
	out.sql = "(" + strings.Join(texts, with) + ")"
	return out, nil
}

// checkRows holds that conditions on rows name listed fields only.
func (l *layout) checkRows(rows query.Rows) error {
	var walk func(f query.Filter) error
	walk = func(f query.Filter) error {
		var parts []query.Filter
		switch f := f.(type) {
		case query.And:
			parts = f
		case query.Or:
			parts = f
		case query.Not:
			return walk(f.Of)
		case query.Cmp:
			if len(f.Values) > maxValues {
				return store.TooLarge()
			}
			_, err := l.field(query.Path{Field: rows.Table, Sub: f.Path.Field})
			return err
		case query.Rows, query.Search:
			return fault.New(fault.Invalid, "filter.malformed")
		}
		for _, part := range parts {
			if err := walk(part); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(rows.Where)
}

// callBack lets query.Meets decide.
func (l *layout) callBack(f query.Filter, q *question) clause {
	q.leaves = append(q.leaves, f)
	return clause{`tw_meets(?, ?, t."$doc", t."$shadow")`, []driver.Value{q.number, int64(len(q.leaves) - 1)}}
}

// maxValues bounds the values of one comparison.
const maxValues = 1000

func (l *layout) compare(f query.Cmp, q *question) (clause, error) {
	field, err := l.field(f.Path)
	switch {
	case err != nil:
		return clause{}, err
	case len(f.Values) > maxValues:
		return clause{}, store.TooLarge()
	case f.Path == query.At(value.SysPrincipals):
		return l.comparePrincipals(f, q), nil
	case field.Multi || field.Table:
		if child, ok := l.members[f.Path]; ok {
			return l.compareMembers(f, field.Type, child, q), nil
		}
		return l.callBack(f, q), nil
	}
	return compareOne(f, field.Type, l.expr(f.Path)), nil
}

// compareOne compares an expression with at most one value.
func compareOne(f query.Cmp, kind store.Type, at string) clause {
	switch f.Op {
	case query.Empty:
		return clause{sql: at + " IS NULL"}
	case query.NotEmpty:
		return clause{sql: at + " IS NOT NULL"}
	case query.In:
		return among(at, f.Values, kind)
	case query.Nin:
		c := among(at, f.Values, kind)
		c.sql = "NOT ifnull(" + c.sql + ", 0)"
		return c
	case query.HasAll:
		return hasAll(at, f.Values, kind)
	}
	v, ok := param(f.Value, kind)
	if !ok {
		return always(f.Op == query.Ne)
	}
	args := []driver.Value{v}
	switch f.Op {
	case query.Eq:
		return clause{at + " = ?", args}
	case query.Ne:
		return clause{at + " IS NOT ?", args}
	case query.Lt:
		return clause{at + " < ?", args}
	case query.Lte:
		return clause{at + " <= ?", args}
	case query.Gt:
		return clause{at + " > ?", args}
	case query.Gte:
		return clause{at + " >= ?", args}
	case query.Prefix:
		return prefix(at, v)
	case query.Contains:
		s, ok := v.(string)
		if !ok {
			return always(false)
		}
		return clause{"tw_contains(" + at + ", ?)", []driver.Value{text.Fold(s)}}
	}
	return always(false)
}

// fits tells whether a value of a type can equal it.
func fits(v value.Value, kind store.Type) bool {
	_, ok := param(v, kind)
	return ok
}

// param turns a stored scalar into a parameter; ok is false where no value of this type can equal it.
func param(v value.Value, kind store.Type) (driver.Value, bool) {
	switch v := v.(type) {
	case string:
		return v, kind == store.Text
	case int64:
		return v, kind == store.Int
	case bool:
		return bit(v), kind == store.Bool
	}
	return nil, false
}

// among tests membership. Few values become parameters, padded so that statements repeat; many one list.
func among(at string, values value.List, kind store.Type) clause {
	var args []driver.Value
	for _, v := range values {
		if p, ok := param(v, kind); ok {
			args = append(args, p)
		}
	}
	if len(args) == 0 {
		return always(false)
	}
	if len(args) > 16 {
		list, err := json.Marshal(args)
		if err != nil {
			return always(false) // strings and integers always marshal
		}
		return clause{at + " IN (SELECT value FROM json_each(?))", []driver.Value{string(list)}}
	}
	for size := len(args); size&(size-1) != 0; size++ {
		args = append(args, args[len(args)-1])
	}
	return clause{at + " IN (" + marks(len(args)) + ")", args}
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func hasAll(at string, values value.List, kind store.Type) clause {
	out := clause{sql: "(1"}
	for _, v := range values {
		p, ok := param(v, kind)
		if !ok {
			return always(false)
		}
		out.sql += " AND " + at + " = ?"
		out.args = append(out.args, p)
	}
	out.sql += ")"
	return out
}

// prefix is a range, so that an index serves it. Bytes order text, and the last that can grow does.
func prefix(at string, v driver.Value) clause {
	from, ok := v.(string)
	if !ok {
		return always(false)
	}
	to := []byte(from)
	for len(to) > 0 && to[len(to)-1] == 0xff {
		to = to[:len(to)-1]
	}
	if len(to) == 0 {
		return clause{at + " >= ?", []driver.Value{from}}
	}
	to[len(to)-1]++
	return clause{"(" + at + " >= ? AND " + at + " < ?)", []driver.Value{from, string(to)}}
}

// compareMembers asks the child table of an indexed path with many values, for what it answers by a
// seek; the rest is read from the document.
func (l *layout) compareMembers(f query.Cmp, kind store.Type, child string, q *question) clause {
	switch f.Op {
	case query.Eq, query.In:
		return hasMember(child, compareOne(f, kind, "m.value"))
	case query.Ne, query.Nin:
		opposite := query.Cmp{Path: f.Path, Op: query.Eq, Value: f.Value, Values: f.Values}
		if f.Op == query.Nin {
			opposite.Op = query.In
		}
		c := hasMember(child, compareOne(opposite, kind, "m.value"))
		c.sql = "NOT " + c.sql
		return c
	case query.HasAll:
		out := clause{sql: "(1"}
		for _, v := range f.Values {
			c := hasMember(child, compareOne(query.Cmp{Op: query.Eq, Value: v}, kind, "m.value"))
			out.sql += " AND " + c.sql
			out.args = append(out.args, c.args...)
		}
		out.sql += ")"
		return out
	}
	return l.callBack(f, q)
}

// comparePrincipals reads a record's principals from where they stand.
func (l *layout) comparePrincipals(f query.Cmp, q *question) clause {
	switch f.Op {
	case query.Empty, query.NotEmpty:
		return compareOne(f, store.Text, `t."$principals"`)
	}
	q.leaves = append(q.leaves, f)
	return clause{`tw_holds(?, ?, t."$principals")`, []driver.Value{q.number, int64(len(q.leaves) - 1)}}
}

func hasMember(child string, on clause) clause {
	return clause{`EXISTS (SELECT 1 FROM ` + child + ` m WHERE m.rid = t."$rid" AND ` + on.sql + ")", on.args}
}
