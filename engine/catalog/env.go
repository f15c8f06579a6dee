package catalog

import (
	"maps"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// typeOf is what rules see of a field.
func typeOf(f *Field) expr.Type {
	t := scalarType(f)
	t.Path, t.Options = pathOf(f), allOptions(f)
	switch {
	case f.Rows:
		t = expr.Type{Kind: expr.Rows, Path: t.Path, Pushable: true, Fields: map[string]expr.Type{}}
		for _, column := range f.Columns {
			t.Fields[string(column.Key)] = typeOf(column)
		}
	case len(f.Parts) > 0:
		t = expr.Type{Kind: expr.Object, Path: t.Path, Fields: map[string]expr.Type{}}
		for _, part := range f.Parts {
			path := query.Path{Field: f.Key, Sub: part.Key}
			t.Fields[string(part.Key)] = expr.Type{Kind: kindOfPart(f, part.Key), Path: path, Pushable: f.Table == nil}
		}
	case f.Multi:
		of := t
		t = expr.Type{Kind: expr.List, Of: &of, Path: t.Path, Pushable: true}
	}
	return t
}

// allOptions are all the values that a field of options can have; none where they form a tree.
func allOptions(f *Field) []string {
	var out []string
	for _, o := range f.As.Options {
		if len(o.Children) > 0 {
			return nil
		}
		out = append(out, o.Value)
	}
	return out
}

// kindOfPart is a date for the ends of a range, and text for the rest.
func kindOfPart(f *Field, key value.FieldKey) expr.Kind {
	group, ok := f.Kind.(field.Grouped)
	if !ok {
		return expr.Text
	}
	if _, def := group.Part(key); def != nil && def.Kind == field.Date {
		return expr.Date
	}
	return expr.Text
}

func pathOf(f *Field) query.Path {
	if f.Table != nil {
		return query.Path{Field: f.Table.Key, Sub: f.Key}
	}
	return query.At(f.Key)
}

func scalarType(f *Field) expr.Type {
	t := expr.Type{Kind: expr.Text, Pushable: true}
	switch {
	case f.As.Kind == field.Date:
		t.Kind = expr.Date
	case f.As.Kind == field.Datetime:
		t.Kind = expr.DateTime
	case f.Type == store.Bool:
		t.Kind = expr.Bool
	case f.Type == store.Int:
		t.Kind = expr.Int
		if scale := field.ScaleOf(f.As); scale > 0 {
			t.Kind, t.Scale = expr.Decimal, scale
		}
	}
	return t
}

func typesOf(fields []*Field) map[string]expr.Type {
	out := make(map[string]expr.Type, len(fields))
	for _, f := range fields {
		out[string(f.Key)] = typeOf(f)
	}
	return out
}

// env is what the rules of a form see: its fields, who acts, the record before the change, decision tables.
func (f *Form) env() expr.Env {
	return expr.Env{Fields: typesOf(f.Fields), Actor: true, Old: true, Functions: f.catalog.functions}
}

// rowEnv is what the rules of a column see: the columns of its row, and the form's other fields.
func (f *Form) rowEnv(table *Field) expr.Env {
	env := f.env()
	for _, column := range table.Columns {
		env.Fields[string(column.Key)] = typeOf(column)
	}
	return env
}

// listEnv is what filters see: the fields that every record has too, and no record before. Tables are not for
// them: stores could not ask one, and whoever may write a filter would read what is in it.
func (f *Form) listEnv() expr.Env {
	env := expr.Env{Fields: typesOf(f.Fields), Actor: true}
	for key, system := range f.system {
		env.Fields[string(key)] = typeOf(system)
	}
	return env
}

// envFor is what the filter of one sees who does not know every field.
func (f *Form) envFor(knows Knows) expr.Env {
	env := f.filterEnv
	for _, one := range f.Fields {
		if knows.field(f, one.Key) {
			continue
		}
		if len(env.Fields) == len(f.filterEnv.Fields) {
			env.Fields = maps.Clone(env.Fields)
		}
		delete(env.Fields, string(one.Key))
	}
	return env
}

// rowVars are the values that a column's rule sees.
func rowVars(values value.Doc, table *Field, row value.Doc) value.Doc {
	return newRowScope(values, table).of(row)
}

// rowScope is what a column's rule sees, row after row of one table.
type rowScope struct {
	table *Field
	vars  value.Doc
}

func newRowScope(values value.Doc, table *Field) rowScope {
	vars := make(value.Doc, len(values)+len(table.Columns))
	for key, v := range values {
		vars[key] = v
	}
	return rowScope{table, vars}
}

// of returns the values for a row; they hold until the next row.
func (s rowScope) of(row value.Doc) value.Doc {
	for _, column := range s.table.Columns {
		delete(s.vars, string(column.Key))
	}
	for key, v := range row {
		if key != field.RowID {
			s.vars[key] = v
		}
	}
	return s.vars
}
