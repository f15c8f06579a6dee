package catalog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// spot is what a name in a filter, sort or group stands for.
type spot struct {
	path  query.Path
	field *Field // whose values stand there; the whole field for a part of it
	shape field.Shape
	part  value.FieldKey // of a field that has parts
	// target and rest are set where the name goes on across a reference: zone.name.
	target *Form
	rest   string
}

// find reads a name: a field, a system field, "lines[].product", "address.region", "zone.name".
func (b *binder) find(name string) (spot, bool) {
	if b.table != nil {
		column, ok := b.table.Column(value.FieldKey(name))
		if !ok {
			return spot{}, false
		}
		return spot{path: query.At(column.Key), field: column, shape: column.Shape}, true
	}
	if table, column, isRow := strings.Cut(name, "[]."); isRow {
		return b.form.cell(value.FieldKey(table), value.FieldKey(column), b.knows)
	}
	head, rest, dotted := strings.Cut(name, ".")
	one, ok := b.form.known(value.FieldKey(head), b.knows)
	if !ok {
		return spot{}, false
	}
	at := spot{path: query.At(one.Key), field: one, shape: one.Shape}
	if !dotted {
		return at, true
	}
	if one.Refs {
		at.target, at.rest = b.catalog.Forms[one.As.Ref], rest
		return at, at.target != nil && !strings.Contains(rest, ".") && !strings.Contains(rest, "[")
	}
	for _, part := range one.Parts {
		if string(part.Key) == rest {
			return spot{path: query.Path{Field: one.Key, Sub: part.Key}, field: one, shape: part.Shape, part: part.Key}, true
		}
	}
	return spot{}, false
}

// any returns a field or a system field.
func (f *Form) any(key value.FieldKey) (*Field, bool) {
	if one, ok := f.fields[key]; ok {
		return one, true
	}
	one, ok := f.system[key]
	return one, ok
}

// known is any for one who does not know every field.
func (f *Form) known(key value.FieldKey, knows Knows) (*Field, bool) {
	one, ok := f.any(key)
	if !ok || !knows.field(f, key) {
		return nil, false
	}
	return one, true
}

func (f *Form) cell(table, column value.FieldKey, knows Knows) (spot, bool) {
	rows, ok := f.known(table, knows)
	if !ok {
		return spot{}, false
	}
	one, ok := rows.Column(column)
	if !ok {
		return spot{}, false
	}
	return spot{path: query.Path{Field: table, Sub: column}, field: one, shape: one.Shape}, true
}

// compare builds the comparison; code names what does not suit.
func (s spot) compare(form *Form, op query.Op, raw any) (cmp query.Cmp, code string, args fault.Args) {
	if !s.shape.Allows(op) || len(s.shape.Parts) > 0 {
		return cmp, "filter.op", fault.Args{"op": op}
	}
	cmp = query.Cmp{Path: s.path, Op: op}
	switch op {
	case query.Empty, query.NotEmpty:
		return cmp, "", nil
	case query.In, query.Nin, query.HasAll:
		list, ok := raw.([]any)
		if !ok {
			return cmp, "filter.value", nil
		}
		if len(list) > maxFilterValues {
			return cmp, "filter.tooManyValues", fault.Args{"max": maxFilterValues}
		}
		for _, one := range list {
			v, ok := s.value(one)
			if !ok {
				return cmp, "filter.value", nil
			}
			cmp.Values = append(cmp.Values, v)
		}
		return cmp, "", nil
	case query.Prefix, query.Contains:
		text, ok := raw.(string)
		if text = strings.TrimSpace(norm.NFKC.String(text)); !ok || text == "" {
			return cmp, "filter.value", nil
		}
		if utf8.RuneCountInString(text) > maxContainsText {
			return cmp, "filter.textTooLong", fault.Args{"max": maxContainsText}
		}
		cmp.Value = text
		return cmp, "", nil
	}
	if day, ok := s.day(form, raw); ok {
		return query.Cmp{Path: query.At(shadowDay(s.field.Key)), Op: op, Value: day}, "", nil
	}
	v, ok := s.value(raw)
	if !ok {
		return cmp, "filter.value", nil
	}
	cmp.Value = v
	return cmp, "", nil
}

// entries reads one of many values where that differs from reading a list of one.
type entries interface {
	DecodeEntry(def *meta.Field, raw any) (value.Value, fault.Issues)
}

// value turns one wire value into a stored scalar.
func (s spot) value(raw any) (value.Value, bool) {
	kind, def := s.kind()
	var v value.Value
	var issues fault.Issues
	switch one := kind.(type) {
	case entries:
		v, issues = one.DecodeEntry(def, raw)
	default:
		if s.shape.Multi {
			raw = []any{raw}
		}
		v, issues = kind.Decode(def, raw)
	}
	if list, ok := v.(value.List); ok && len(list) == 1 {
		v = list[0]
	}
	return v, v != nil && len(issues) == 0
}

// kind is that of the values at the spot, of a part where it is one.
func (s spot) kind() (field.Valued, *meta.Field) {
	if group, ok := s.field.Kind.(field.Grouped); ok && s.part != "" {
		return group.Part(s.part)
	}
	return s.field.Kind, s.field.As
}

// presence asks whether there is any part of a value that has parts: stores know each part alone.
func (s spot) presence(op query.Op) (filter query.Filter, ok bool) {
	if len(s.shape.Parts) == 0 || s.field.Table != nil || op != query.Empty && op != query.NotEmpty {
		return nil, false
	}
	all := make(query.And, len(s.shape.Parts))
	for n, part := range s.shape.Parts {
		all[n] = query.Cmp{Path: query.Path{Field: s.field.Key, Sub: part.Key}, Op: query.Empty}
	}
	if op == query.Empty {
		return all, true
	}
	return query.Not{Of: all}, true
}

// between is a comparison of a whole range of days; isRange is false where the spot or the comparison is of another sort.
func (s spot) between(op query.Op, raw any) (filter query.Filter, isRange, ok bool) {
	isRange = s.field.As.Kind == field.DateRange && s.part == "" && s.field.Table == nil &&
		slices.Contains([]query.Op{field.Overlaps, field.Covers, field.Within}, op)
	if !isRange {
		return nil, false, false
	}
	filter, ok = field.Between(s.field.Key, op, raw)
	return filter, true, ok
}

// day reads a plain date where an instant is asked for: it then means the whole local day.
func (s spot) day(form *Form, raw any) (value.Value, bool) {
	if s.field.As.Kind != field.Datetime || s.field.Table != nil || !form.isDated(s.field.Key) {
		return nil, false
	}
	def := meta.Field{Kind: field.Date}
	kind, as, _ := field.Resolve(&def, nil)
	day, issues := kind.Decode(as, raw)
	return day, day != nil && len(issues) == 0
}

func shadowDay(key value.FieldKey) value.FieldKey {
	return "~" + value.ShadowDay + key
}

func shadowSort(key value.FieldKey) value.FieldKey {
	return "~" + value.ShadowSort + key
}
