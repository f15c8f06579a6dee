package catalog

import (
	"errors"
	"strconv"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// FieldState is how a field behaves for a record as it stands.
type FieldState struct {
	Visible, Required, ReadOnly bool
}

// DecodeValues turns values as sent (JSON decoded with json.Number) into stored form. A key sent as null,
// or as any other empty value, has a nil entry: a caller that changes a record clears it. Whether a field
// may be set is not asked here. Issues have paths such as /values/lines/0/quantity.
func (f *Form) DecodeValues(raw map[string]any) (value.Doc, fault.Issues) {
	var issues fault.Issues
	doc := make(value.Doc, len(raw))
	for key, sent := range raw {
		one, ok := f.fields[value.FieldKey(key)]
		if !ok {
			issues.Add(valuePath(value.FieldKey(key)), "field.unknown", "field", key)
			continue
		}
		v, faults := one.Kind.Decode(one.As, sent)
		if len(faults) > 0 {
			issues = append(issues, faults.Under(valuePath(value.FieldKey(key)))...)
			continue
		}
		doc[key] = v
	}
	return doc, sortedIssues(issues)
}

// EncodeValues turns stored values into wire form; what the form does not know is left out.
func (f *Form) EncodeValues(doc value.Doc) map[string]any {
	out := make(map[string]any, len(doc))
	for key, v := range doc {
		if one, ok := f.fields[value.FieldKey(key)]; ok {
			if encoded := one.Encode(v); encoded != nil {
				out[key] = encoded
			}
		}
	}
	return out
}

// Defaults gives absent fields their defaults, in place: those of a new record, a count or sum over
// nothing, and those of new rows.
func (f *Form) Defaults(values value.Doc, ctx expr.Context) fault.Issues {
	var issues fault.Issues
	if ctx.Old == nil {
		for _, feed := range f.FedBy {
			if v := feed.nothing(); v != nil && values[string(feed.Field.Key)] == nil {
				values[string(feed.Field.Key)] = v
			}
		}
		for _, one := range f.defaulted {
			if values[string(one.Key)] == nil {
				issues = append(issues, set(values, one, one.byDefault, ctx, values, valuePath(one.Key))...)
			}
		}
	}
	for _, one := range f.Fields {
		for _, column := range one.Columns {
			if column.byDefault != nil {
				issues = append(issues, f.defaultColumn(values, one, column, ctx)...)
			}
		}
	}
	return issues
}

// defaultColumn gives a column's default to the rows that are new.
func (f *Form) defaultColumn(values value.Doc, table, column *Field, ctx expr.Context) fault.Issues {
	old := map[value.Value]bool{}
	for _, row := range rowsOf(ctx.Old, table) {
		old[row[field.RowID]] = true
	}
	var issues fault.Issues
	for n, row := range rowsOf(values, table) {
		if row[string(column.Key)] == nil && !old[row[field.RowID]] {
			at := valuePath(table.Key) + "/" + strconv.Itoa(n) + "/" + string(column.Key)
			issues = append(issues, set(row, column, column.byDefault, ctx, rowVars(values, table, row), at)...)
		}
	}
	return issues
}

// Compute gives computed fields and columns their values, in place, each after what it reads. One that
// lacks a value it reckons with becomes absent.
func (f *Form) Compute(values value.Doc, ctx expr.Context) fault.Issues {
	return f.run(values, ctx, func(*expr.Program) bool { return true })
}

// run computes those that are wanted.
func (f *Form) run(values value.Doc, ctx expr.Context, wanted func(*expr.Program) bool) fault.Issues {
	var issues fault.Issues
	for _, s := range f.steps {
		one := s.field
		if !wanted(one.compute) {
			continue
		}
		if one.Table == nil {
			issues = append(issues, set(values, one, one.compute, ctx, values, valuePath(one.Key))...)
			continue
		}
		scope := newRowScope(values, one.Table)
		for n, row := range rowsOf(values, one.Table) {
			at := valuePath(one.Table.Key) + "/" + strconv.Itoa(n) + "/" + string(one.Key)
			issues = append(issues, set(row, one, one.compute, ctx, scope.of(row), at)...)
		}
	}
	return issues
}

// set runs a program and writes its result into a document.
func set(into value.Doc, one *Field, program *expr.Program, ctx expr.Context, vars value.Doc, at string) fault.Issues {
	v, err := program.Run(ctx, vars)
	if fault.CodeOf(err) == codeAbsent {
		v, err = nil, nil
	}
	if err != nil {
		return runFault(at, err)
	}
	if v = value.Normal(v); v == nil {
		delete(into, string(one.Key))
		return nil
	}
	into[string(one.Key)] = v
	return nil
}

// codeAbsent is what arithmetic says of a value that is not there.
const codeAbsent = "expr.absent"

func runFault(at string, err error) fault.Issues {
	issue := fault.Issue{Path: at, Code: "rule.failed", Args: fault.Args{"rule": at}}
	var f *fault.Error
	if errors.As(err, &f) {
		issue.Code, issue.Args = f.Code, f.Args
	}
	return fault.Issues{issue}
}

// State tells how each field behaves for a record as it stands. A condition that fails, or lacks a
// value, counts as false; a field is visible unless its condition says otherwise.
func (f *Form) State(values value.Doc, ctx expr.Context) map[value.FieldKey]FieldState {
	out := make(map[value.FieldKey]FieldState, len(f.Fields))
	for _, one := range f.Fields {
		s := FieldState{
			Visible:  one.visibleIf == nil || holds(one.visibleIf, ctx, values),
			Required: holds(one.requiredIf, ctx, values),
			ReadOnly: one.Computed() || one.Def.ReadOnly || holds(one.readOnlyIf, ctx, values),
		}
		for _, key := range f.Def.Required {
			s.Required = s.Required || key == one.Key
		}
		s.Required = s.Required && s.Visible
		out[one.Key] = s
	}
	return out
}

// holds runs a condition; nil and what fails are false.
func holds(program *expr.Program, ctx expr.Context, vars value.Doc) bool {
	if program == nil {
		return false
	}
	v, err := program.Run(ctx, vars)
	return err == nil && v == true
}

// rowsOf returns the rows of a table; what is no row is passed over.
func rowsOf(values value.Doc, table *Field) []value.Doc {
	if !table.Rows {
		return nil
	}
	list, _ := values[string(table.Key)].(value.List)
	rows := make([]value.Doc, 0, len(list))
	for _, entry := range list {
		if row, ok := entry.(value.Doc); ok {
			rows = append(rows, row)
		}
	}
	return rows
}
