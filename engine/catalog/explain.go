package catalog

import (
	"strings"

	"tidewater/engine/explain"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Subject is the record that an explanation speaks of, as it stands.
type Subject struct {
	ID      value.ID // empty for one that is not saved
	Version int64
	Values  value.Doc
	// Context is that of the save which gave the values.
	Context expr.Context
	// Derived tells what a mirror, a rollup or an autonumber came from; nil, or nil from it, leaves that out.
	Derived func(one *Field) *explain.Node
}

// The parts of a field or form that are rules, as explain.Source.Part names them.
const (
	partCompute  = "compute"
	partDefault  = "default"
	partVisible  = "visibleIf"
	partRequired = "requiredIf"
	partReadOnly = "readOnlyIf"
	partCheck    = "check"
	partWhen     = "when"
)

// Explain tells how a field's value came to be: a Field node, and below it the rule that it was computed by
// with all that this read, in turn down to what people gave. A value that a rule would now give otherwise
// says so.
func (f *Form) Explain(of Subject, one *Field) *explain.Node {
	return f.telling(of).value(one, one, of.Values, "")
}

// ExplainDefault tells what a field's default gave to this record; nil for a field without one.
func (f *Form) ExplainDefault(of Subject, one *Field) *explain.Node {
	n := f.telling(of).rule(f.source(partDefault, one.byDefault), one.byDefault, typeOf(one), of.Values)
	if n != nil {
		n.As = &explain.Ref{Form: f.Key, Field: one.Key}
	}
	return n
}

// ExplainState tells what decides whether a field is shown, required and read-only: a node for each that is
// anything but usual, whose value is whether it is so.
func (f *Form) ExplainState(of Subject, one *Field) []*explain.Node {
	t := f.telling(of)
	var out []*explain.Node
	for _, c := range []struct {
		part    string
		program *expr.Program
	}{{partVisible, one.visibleIf}, {partRequired, one.requiredIf}, {partReadOnly, one.readOnlyIf}} {
		if n := t.rule(f.source(c.part, c.program), c.program, condition, of.Values); n != nil {
			if n.Fault != "" || n.Value == nil {
				n.Fault, n.Args, n.Value = "", nil, false // what cannot be decided is not so
			}
			out = append(out, n)
		}
	}
	for _, key := range f.Def.Required {
		if key == one.Key {
			out = append(out, so("explain.alwaysRequired"))
		}
	}
	switch {
	case one.Computed():
		out = append(out, so("explain.computed"))
	case one.Def.ReadOnly:
		out = append(out, so("explain.alwaysReadOnly"))
	}
	return out
}

// so is a fact that holds.
func so(code string) *explain.Node {
	return &explain.Node{Kind: explain.Fact, Say: code, Is: explain.Type{Kind: expr.Bool.String()}, Value: true}
}

// ExplainRule tells what a rule of the form says of a record: its value is whether the record may be so.
func (f *Form) ExplainRule(of Subject, rule *Rule) *explain.Node {
	source := f.source(partCheck, rule.check)
	source.Key = rule.Def.Key
	n := f.telling(of).rule(source, rule.check, condition, of.Values)
	n.Label = rule.title(f)
	return n
}

// Concerns tells whether a rule speaks of a field: it is named by it, or read.
func (r *Rule) Concerns(key value.FieldKey) bool {
	for _, named := range append(fieldsRead(r.check), r.Def.Fields...) {
		if named == key {
			return true
		}
	}
	return false
}

// ExplainScope tells whether a record meets the condition under which a role grants a verb; nil where it
// grants without one.
func (r *Role) ExplainScope(f *Form, of Subject, verb meta.Verb) *explain.Node {
	when, ok := r.when[grantKey{f.Key, verb}]
	if !ok {
		return nil
	}
	return f.telling(of).rule(f.source(partWhen, when.Program()), when.Program(), condition, of.Values)
}

func (f *Form) source(part string, program *expr.Program) *explain.Source {
	out := &explain.Source{Form: f.Key, Part: part, Version: f.catalog.Version}
	if program != nil {
		out.Text = program.Source()
	}
	return out
}

// maxTelling bounds the rules that one explanation runs.
const maxTelling = 200

// telling is one explanation in the making.
type telling struct {
	*Form
	of    Subject
	told  map[explain.Ref]bool // what was explained already, and is only named when it comes again
	rules int
}

func (f *Form) telling(of Subject) *telling {
	return &telling{Form: f, of: of, told: map[explain.Ref]bool{}}
}

// value is a field, or the column of a row, with what it came from.
func (t *telling) value(table, one *Field, doc value.Doc, row string) *explain.Node {
	ref := explain.Ref{Form: t.Key, ID: t.of.ID, Version: t.of.Version, Field: table.Key}
	if one != table {
		ref.Column, ref.Row = one.Key, row
	}
	n := &explain.Node{Kind: explain.Field, Ref: &ref}
	n.Value, n.Is, n.Count = expr.Tell(doc[string(one.Key)], typeOf(one))
	name(n, one)
	t.derive(n, one, doc)
	return n
}

// name says what a node of a field is called, and how its value reads.
func name(n *explain.Node, one *Field) {
	n.Label = one.Def.Label
	if n.Is.Kind == expr.Decimal.String() || n.Is.Kind == expr.Int.String() {
		n.Is.Scale = field.ScaleOf(one.As)
	}
	switch one.As.Kind {
	case field.Currency:
		n.Is.Unit = one.As.Currency
	case field.Percent:
		n.Is.Unit = "%"
	}
}

// derive adds below a field what its value came from, once.
func (t *telling) derive(n *explain.Node, one *Field, doc value.Doc) {
	if t.told[*n.Ref] || n.Ref.Old {
		return
	}
	t.told[*n.Ref] = true
	if one.compute == nil {
		if t.of.Derived != nil && one.Table == nil {
			if from := t.of.Derived(one); from != nil {
				n.Kids = append(n.Kids, from)
			}
		}
		return
	}
	if t.rules++; t.rules > maxTelling {
		n.Cut = true
		return
	}
	vars := t.of.Values
	if one.Table != nil {
		vars = rowVars(t.of.Values, one.Table, doc)
	}
	rule := t.rule(t.source(partCompute, one.compute), one.compute, typeOf(one), vars)
	rule.As = t.like(n.Ref)
	if rule.Fault == codeAbsent {
		rule.Fault, rule.Args = "", nil // what lacks a value it reckons with is absent itself
	}
	if rule.Value != n.Value && !isList(rule.Value) {
		n.Note = "explain.differs"
	}
	n.Kids = append(n.Kids, rule)
}

func isList(v any) bool { _, list := v.([]any); return list }

// rule runs a rule so that it tells how it came to its result; nil for no rule.
func (t *telling) rule(source *explain.Source, program *expr.Program, want expr.Type, vars value.Doc) *explain.Node {
	if program == nil {
		return nil
	}
	how, v, err := program.Explain(t.of.Context, vars)
	n := &explain.Node{Kind: explain.Rule, Rule: source}
	n.Value, n.Is, n.Count = expr.Tell(value.Normal(v), want)
	n.Is.Scale = want.Scale
	if err != nil {
		n.Fault, n.Args = "rule.failed", fault.Args{"rule": source.Part}
		if code := fault.CodeOf(err); code != "" {
			n.Fault = code
		}
		if how != nil && how.Fault == n.Fault {
			n.Args = how.Args // before its names are made readable
		}
	}
	if how != nil {
		how.Walk(func(leaf *explain.Node) bool { t.complete(leaf); return true })
		how.Walk(func(step *explain.Node) bool { t.compared(step); return true })
		n.Kids = []*explain.Node{how}
	}
	source.Inputs = t.inputs(program, vars)
	return n
}

// inputs are all that a rule may read.
func (t *telling) inputs(program *expr.Program, vars value.Doc) []*explain.Node {
	var out []*explain.Node
	for _, path := range program.Reads() {
		out = append(out, t.input(path, vars, false))
	}
	for _, path := range program.ReadsOld() {
		out = append(out, t.input(path, t.of.Context.Old, true))
	}
	return out
}

// input is one path that a rule may read.
func (t *telling) input(path query.Path, doc value.Doc, old bool) *explain.Node {
	n := &explain.Node{Kind: explain.Field, Ref: &explain.Ref{
		Form: t.Key, ID: t.of.ID, Version: t.of.Version, Field: path.Field, Column: path.Sub, Old: old,
	}}
	one, ok := t.any(path.Field)
	if !ok { // what a rule knows beside the form's fields
		t.system(n)
		return n
	}
	if path.Sub == "" {
		n.Value, n.Is, n.Count = expr.Tell(doc[string(path.Field)], typeOf(one))
	}
	name(n, one)
	if column, ok := one.Column(path.Sub); ok {
		n.Label = column.Def.Label
	}
	t.system(n)
	return n
}

// complete says of a field that a rule read which it is, what it is called, and what it came from.
func (t *telling) complete(n *explain.Node) {
	if n.Fault == codeAbsent {
		t.lacking(n)
	}
	if n.Kind != explain.Field || n.Ref.Form != "" {
		return
	}
	ref := *n.Ref // shared by all runs of the rule
	ref.Form, ref.ID, ref.Version = t.Key, t.of.ID, t.of.Version
	n.Ref = &ref
	table, ok := t.any(ref.Field)
	if !ok {
		t.system(n)
		return
	}
	one, doc := table, t.of.Values
	if ref.Column != "" && table.Rows {
		if one, ok = table.Column(ref.Column); !ok {
			return
		}
		if doc = t.row(table, ref.Row); doc == nil && !ref.Old {
			name(n, one)
			return
		}
	}
	name(n, one)
	t.system(n)
	t.derive(n, one, doc)
}

// lacking says by its label what an operation would have needed.
func (t *telling) lacking(n *explain.Node) {
	path, _ := n.Args["name"].(string)
	head, tail, _ := strings.Cut(path, ".")
	n.Fault = "explain.lacking"
	one, ok := t.any(value.FieldKey(head))
	if !ok {
		return
	}
	if column, ok := one.Column(value.FieldKey(tail)); ok {
		one = column
	}
	if len(one.Def.Label) > 0 {
		n.Args = fault.Args{"name": map[string]string(one.Def.Label)}
	}
}

// like is the field of a Ref, of no record in particular.
func (t *telling) like(ref *explain.Ref) *explain.Ref {
	return &explain.Ref{Form: t.Key, Field: ref.Field, Column: ref.Column}
}

// compared lets what is written beside a field read as its values do: an option by its label.
func (t *telling) compared(n *explain.Node) {
	if n.Kind != explain.Operation || n.Op != "equal" && n.Op != "differ" && n.Op != "in" || len(n.Kids) != 2 {
		return
	}
	for i, kid := range n.Kids {
		if other := n.Kids[1-i]; kid.Kind == explain.Field && other.Kind == explain.Literal && kid.Ref.Form == t.Key {
			reads := *other // literals are shared
			reads.As = t.like(kid.Ref)
			n.Kids[1-i] = &reads
		}
	}
}

// row is a row of the record by its id; nil for one that has none yet.
func (t *telling) row(table *Field, id string) value.Doc {
	for _, row := range rowsOf(t.of.Values, table) {
		if id != "" && row[field.RowID] == id {
			return row
		}
	}
	return nil
}

// system names a field that every record has.
func (t *telling) system(n *explain.Node) {
	if _, own := t.fields[n.Ref.Field]; !own {
		n.Label, n.Say, n.Args = nil, "explain.systemField", fault.Args{"name": string(n.Ref.Field)}
	}
}
