package access

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Restrict returns the filter that the actor's question really asks: within the rows of the verb, and
// with each field counted as absent on every row where the actor does not see it whole, so that no
// answer tells what a record would not. lookup names the fields that equality with a complete value may
// find all the same. A range over such a field is Forbidden "field.notReadable".
func (d *Decision) Restrict(verb meta.Verb, asked query.Filter, lookup func(value.FieldKey) bool) (query.Filter, error) {
	blind, err := d.blind(asked, lookup)
	if err != nil {
		return nil, err
	}
	return intersection(d.Rows(verb), blind), nil
}

// Readable refuses a field that is not shown whole on every row in sight: by sorting, ranges, groups
// and figures it could be guessed.
func (d *Decision) Readable(field value.FieldKey) error {
	if d.SeesEverywhere(field) {
		return nil
	}
	if d.SeesNowhere(field) {
		return fault.New(fault.Invalid, "filter.unknownField").With("field", string(field))
	}
	return fault.New(fault.Forbidden, "field.notReadable").With("field", string(field))
}

func (d *Decision) blind(f query.Filter, lookup func(value.FieldKey) bool) (query.Filter, error) {
	switch f := f.(type) {
	case nil:
		return query.Const(true), nil
	case query.And:
		list, err := d.blindAll(f, lookup)
		return query.And(list), err
	case query.Or:
		list, err := d.blindAll(f, lookup)
		return query.Or(list), err
	case query.Not:
		of, err := d.blind(f.Of, lookup)
		return query.Not{Of: of}, err
	case query.Cmp:
		return d.blindCmp(f, lookup)
	case query.Rows:
		return d.blindRows(f), nil
	}
	return f, nil
}

func (d *Decision) blindAll(list []query.Filter, lookup func(value.FieldKey) bool) ([]query.Filter, error) {
	out := make([]query.Filter, len(list))
	for i, f := range list {
		b, err := d.blind(f, lookup)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

func (d *Decision) blindCmp(c query.Cmp, lookup func(value.FieldKey) bool) (query.Filter, error) {
	field := fieldOf(c.Path)
	if d.SeesEverywhere(field) {
		return c, nil
	}
	switch c.Op {
	case query.Lt, query.Lte, query.Gt, query.Gte:
		return nil, d.Readable(field)
	case query.Eq:
		if lookup(field) && !d.SeesNowhere(field) {
			return union(intersection(d.fields[field].visible, c), intersection(d.fields[field].masked, c)), nil
		}
	}
	return d.absentUnlessVisible(field, c), nil
}

func (d *Decision) blindRows(r query.Rows) query.Filter {
	if d.SeesEverywhere(r.Table) {
		return r
	}
	return d.absentUnlessVisible(r.Table, r)
}

// absentUnlessVisible asks f on the rows that show the field, and on the others what f says of an absent value.
func (d *Decision) absentUnlessVisible(field value.FieldKey, f query.Filter) query.Filter {
	visible := d.fields[field].visible
	whenAbsent := query.Const(query.Match(f, &value.Record{}))
	return union(intersection(visible, f), intersection(query.Not{Of: visible}, whenAbsent))
}

// fieldOf is the form's field behind a path, shadows included: "~sort:name" tells of "name".
func fieldOf(p query.Path) value.FieldKey {
	key := string(p.Field)
	if key == "" || key[0] != '~' {
		return p.Field
	}
	for _, prefix := range []string{value.ShadowSort, value.ShadowDay} {
		if len(key) > len(prefix)+1 && key[1:1+len(prefix)] == prefix {
			return value.FieldKey(key[1+len(prefix):])
		}
	}
	return p.Field
}

// SortReadable is Readable for the path of a sort, group or figure.
func (d *Decision) SortReadable(p query.Path) error { return d.Readable(fieldOf(p)) }
