package catalog

import (
	"slices"
	"strconv"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Written is an expression of a form's metadata: where it stands, and what it does there.
type Written struct {
	File, Path string // JSON Pointer
	Program    *expr.Program
	table      *Field // of a column's: its rows are what it runs over
}

// Written lists the expressions that a record of the form runs when it is saved, in the order of the fields.
func (f *Form) Written() []Written {
	var out []Written
	add := func(at, key string, program *expr.Program, table *Field) {
		if program != nil {
			out = append(out, Written{f.file, at + "/" + key, program, table})
		}
	}
	each := func(one *Field, at string) {
		add(at, "x-compute", one.compute, one.Table)
		add(at, "x-default", one.byDefault, one.Table)
		add(at, "x-requiredIf", one.requiredIf, one.Table)
		add(at, "x-visibleIf", one.visibleIf, one.Table)
		add(at, "x-readOnlyIf", one.readOnlyIf, one.Table)
		for n, t := range one.turns {
			add(at, "x-turns/"+strconv.Itoa(n)+"/when", t.when, nil)
		}
	}
	for _, one := range f.Fields {
		at := "/properties/" + fault.Escape(string(one.Key))
		each(one, at)
		for _, column := range one.Columns {
			each(column, at+"/properties/"+fault.Escape(string(column.Key)))
		}
	}
	for _, rule := range f.Rules {
		out = append(out, Written{rule.file, rule.at + "/check", rule.check, nil})
	}
	return out
}

// Over visits the values that the expression sees of a record: those of each row for a column's.
func (w Written) Over(values value.Doc, visit func(vars value.Doc)) {
	if w.table == nil {
		visit(values)
		return
	}
	for _, row := range rowsOf(values, w.table) {
		visit(rowVars(values, w.table, row))
	}
}

// File is where the form stands.
func (f *Form) File() string { return f.file }

// Rule returns the rule with a key.
func (f *Form) Rule(key string) (*Rule, bool) {
	n := slices.IndexFunc(f.Rules, func(r *Rule) bool { return r.Def.Key == key })
	if n < 0 {
		return nil, false
	}
	return f.Rules[n], true
}

// Holds runs the rule over a record: whether it holds, and what it says when it does not.
func (r *Rule) Holds(values value.Doc, ctx expr.Context) (bool, fault.Issues) {
	issues := r.verdict(values, ctx)
	return len(issues) == 0, issues
}

// File is where the rule stands.
func (r *Rule) File() string { return r.file }
