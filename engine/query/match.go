package query

import (
	"slices"
	"strings"

	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Fields is what a filter needs of the thing it looks at: a record, or a row of a table.
type Fields interface {
	Get(key value.FieldKey) value.Value
}

// Match tells whether a record meets a filter, exactly as every store decides it; nil is met by all.
func Match(f Filter, r *value.Record) bool { return Meets(f, r) }

// Meets is Match for anything that has fields. Search needs a *value.Record, for it asks for tokens;
// of anything else it never holds.
func Meets(f Filter, on Fields) bool {
	switch f := f.(type) {
	case nil:
		return true
	case Const:
		return bool(f)
	case And:
		for _, part := range f {
			if !Meets(part, on) {
				return false
			}
		}
		return true
	case Or:
		for _, part := range f {
			if Meets(part, on) {
				return true
			}
		}
		return false
	case Not:
		return !Meets(f.Of, on)
	case Cmp:
		return f.meets(values(on.Get(f.Path.Field), f.Path.Sub))
	case Rows:
		return f.meets(on.Get(f.Table))
	case Search:
		r, ok := on.(*value.Record)
		return ok && f.meets(r)
	}
	return false
}

// values lists what stands at a path: nothing, one value, the elements of a list, or, with a sub, what
// each row or the one group has there.
func values(v value.Value, sub value.FieldKey) value.List {
	switch v := v.(type) {
	case nil:
		return nil
	case value.List:
		if sub == "" {
			return v
		}
		var all value.List
		for _, row := range v {
			all = append(all, values(row, sub)...)
		}
		return all
	case value.Doc:
		if sub != "" {
			return values(v[string(sub)], "")
		}
	}
	if sub != "" {
		return nil
	}
	return value.List{v}
}

func (c Cmp) meets(at value.List) bool {
	switch c.Op {
	case Empty:
		return len(at) == 0
	case NotEmpty:
		return len(at) > 0
	case Eq:
		return some(at, func(v value.Value) bool { return same(v, c.Value) })
	case Ne:
		return !some(at, func(v value.Value) bool { return same(v, c.Value) })
	case In:
		return some(at, func(v value.Value) bool { return among(v, c.Values) })
	case Nin:
		return !some(at, func(v value.Value) bool { return among(v, c.Values) })
	case HasAll:
		for _, wanted := range c.Values {
			if !among(wanted, at) {
				return false
			}
		}
		return true
	}
	return some(at, c.scalar())
}

// scalar returns the test of one value for the ops that order or take text apart.
func (c Cmp) scalar() func(value.Value) bool {
	switch c.Op {
	case Prefix, Contains:
		wanted, ok := c.Value.(string)
		if !ok {
			return func(value.Value) bool { return false }
		}
		if c.Op == Prefix {
			return func(v value.Value) bool { s, ok := v.(string); return ok && strings.HasPrefix(s, wanted) }
		}
		wanted = text.Fold(wanted)
		return func(v value.Value) bool { s, ok := v.(string); return ok && strings.Contains(text.Fold(s), wanted) }
	}
	return func(v value.Value) bool {
		order, ok := value.Compare(v, c.Value)
		if !ok {
			return false
		}
		switch c.Op {
		case Lt:
			return order < 0
		case Lte:
			return order <= 0
		case Gt:
			return order > 0
		case Gte:
			return order >= 0
		}
		return false
	}
}

func some(at value.List, test func(value.Value) bool) bool {
	for _, v := range at {
		if test(v) {
			return true
		}
	}
	return false
}

// same tells whether two scalars are one; nothing else equals anything here, absent included.
func same(a, b value.Value) bool {
	order, ok := value.Compare(a, b)
	return ok && order == 0
}

func among(v value.Value, list value.List) bool {
	return some(list, func(w value.Value) bool { return same(v, w) })
}

// TableRow is a row of a table as Fields.
type TableRow value.Doc

// Get returns the row's own field.
func (r TableRow) Get(key value.FieldKey) value.Value { return r[string(key)] }

func (q Rows) meets(table value.Value) bool {
	rows, _ := table.(value.List)
	met := 0
	for _, v := range rows {
		doc, _ := v.(value.Doc)
		if Meets(q.Where, TableRow(doc)) {
			met++
		}
	}
	switch q.Quantifier {
	case Any:
		return met > 0
	case All:
		return met == len(rows)
	case None:
		return met == 0
	}
	return false
}

func (s Search) meets(r *value.Record) bool {
	if !s.Holds(r) {
		return false
	}
	for _, term := range s.Terms {
		for _, token := range term.Tokens {
			if !slices.Contains(r.Tokens, token) {
				return false
			}
		}
	}
	return true
}

// ValuesAt lists what stands at a path: nothing, one value, or several.
func ValuesAt(on Fields, p Path) value.List { return values(on.Get(p.Field), p.Sub) }
