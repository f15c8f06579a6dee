package catalog

import (
	"strings"

	"tidewater/engine/decision"
	"tidewater/engine/explain"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// tables compiles the decision tables, which rules then call by their keys.
func (c *compiler) tables() {
	for _, path := range sortedKeys(c.decisions) {
		def := c.decisions[path]
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", def.Key, at.key)
		if expr.IsFunction(def.Key) {
			c.say(path, "/key", fault.Issue{Code: "table.function", Args: fault.Args{"key": def.Key}})
			continue
		}
		table, issues := decision.Compile(def, c.optionsOf)
		c.add(path, issues)
		if table != nil {
			c.catalog.Tables[def.Key] = table
		}
		// What calls a faulty table is not wrong for that.
		c.catalog.functions[def.Key] = functionOf(def, table)
	}
}

// optionsOf are the options of a field named form.field.
func (c *compiler) optionsOf(of string) ([]string, bool) {
	key, name, _ := strings.Cut(of, ".")
	form, known := c.forms[value.FormKey(key)]
	if !known {
		return nil, false
	}
	f, known := form.Field(value.FieldKey(name))
	if !known || len(f.Def.Options) == 0 {
		return nil, false
	}
	out := make([]string, 0, len(f.Def.Options))
	for _, o := range f.Def.Options {
		out = append(out, o.Value)
	}
	return out, true
}

// functionOf is what a table is to rules; nil for one with faults, which is never called.
func functionOf(def meta.Table, t *decision.Table) *expr.Function {
	f := &expr.Function{
		Label:  def.Label,
		Result: expr.Type{Kind: expr.Object, Fields: map[string]expr.Type{}},
		Steps:  len(def.Rows),
		Call: func(args []any) (value.Doc, error) {
			answer, err := t.Decide(args)
			return answer.Values, err
		},
		Explain: func(args []any) *explain.Node { return t.Explain(args) },
	}
	for _, in := range def.Inputs {
		f.Params = append(f.Params, expr.Type{Kind: kindOf(decision.Type(in.Type))})
	}
	for _, out := range def.Outputs {
		typ := expr.Type{Kind: kindOf(decision.Type(out.Type)), Scale: out.Scale}
		if def.Hit == meta.HitCollect {
			of := typ
			typ = expr.Type{Kind: expr.List, Of: &of}
		}
		f.Result.Fields[string(out.Key)] = typ
	}
	if a := def.Amount; a != nil {
		f.Result.Fields[string(a.Key)] = expr.Type{Kind: expr.Decimal, Scale: a.Scale}
	}
	return f
}

func kindOf(t decision.Type) expr.Kind {
	return map[decision.Type]expr.Kind{
		decision.Text: expr.Text, decision.Option: expr.Text, decision.Integer: expr.Int, decision.Decimal: expr.Decimal,
		decision.Boolean: expr.Bool, decision.Date: expr.Date,
	}[t]
}
