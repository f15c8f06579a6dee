package access

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Question is what an actor's filter really asks.
type Question struct {
	Filter query.Filter
	// Lookups are the complete values that it finds past a mask. Whoever asks them of a store counts and
	// keeps them first: they are the one way to learn of what is not shown.
	Lookups []Lookup
}

// Lookup is equality with a complete value of a field that the actor does not see whole everywhere.
type Lookup struct {
	Field value.FieldKey
	Value value.Value
}

// Restrict returns the question that a filter really is: within the rows of the verb, and with each field
// counted as absent on every row where the actor does not see it whole, so that no answer tells what a
// record would not. lookup names the fields that equality with a complete value may find all the same. A
// range over such a field is Forbidden "field.notReadable".
func (d *Decision) Restrict(verb meta.Verb, asked query.Filter, lookup func(value.FieldKey) bool) (Question, error) {
	b := blinder{Decision: d, lookup: lookup}
	blind, err := b.blind(asked)
	if err != nil {
		return Question{}, err
	}
	return Question{intersection(d.Rows(verb), blind), b.lookups}, nil
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

// blinder takes from a filter what the actor does not see.
type blinder struct {
	*Decision
	lookup  func(value.FieldKey) bool
	lookups []Lookup
}

func (b *blinder) blind(f query.Filter) (query.Filter, error) {
	switch f := f.(type) {
	case nil:
		return query.Const(true), nil
	case query.And:
		list, err := b.blindAll(f)
		return query.And(list), err
	case query.Or:
		list, err := b.blindAll(f)
		return query.Or(list), err
	case query.Not:
		of, err := b.blind(f.Of)
		return query.Not{Of: of}, err
	case query.Cmp:
		return b.blindCmp(f)
	case query.Rows:
		return b.blindRows(f), nil
	}
	return f, nil
}

func (b *blinder) blindAll(list []query.Filter) ([]query.Filter, error) {
	out := make([]query.Filter, len(list))
	for i, f := range list {
		blind, err := b.blind(f)
		if err != nil {
			return nil, err
		}
		out[i] = blind
	}
	return out, nil
}

func (b *blinder) blindCmp(c query.Cmp) (query.Filter, error) {
	field := fieldOf(c.Path)
	if b.SeesEverywhere(field) {
		return c, nil
	}
	switch c.Op {
	case query.Lt, query.Lte, query.Gt, query.Gte:
		return nil, b.Readable(field)
	case query.Eq:
		if b.lookup(field) && !b.SeesNowhere(field) {
			b.lookups = append(b.lookups, Lookup{field, c.Value})
			return union(intersection(b.fields[field].visible, c), intersection(b.fields[field].masked, c)), nil
		}
	}
	return b.absentUnlessVisible(field, c), nil
}

func (b *blinder) blindRows(r query.Rows) query.Filter {
	if b.SeesEverywhere(r.Table) {
		return r
	}
	return b.absentUnlessVisible(r.Table, r)
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
