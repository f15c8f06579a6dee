package catalog

import (
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// Condition is what chooses records for a view, a widget or a pool.
type Condition struct {
	Source  string // "" where none is stated
	program *expr.Program
	without bool // what holds where none is stated
}

// Holds tells whether a record meets the condition; one that fails is not met.
func (c Condition) Holds(r *value.Record, ctx expr.Context) bool {
	if c.program == nil {
		return c.without
	}
	holds, err := c.program.Holds(ctx, r.WithSystem())
	return err == nil && holds
}

func stated(pushed *expr.Pushed, without bool) Condition {
	if pushed == nil {
		return Condition{without: without}
	}
	return Condition{Source: pushed.Program().Source(), program: pushed.Program()}
}

// ConditionsOf are the conditions of a form's views, of the widgets over it, and of its pools, by what they are
// called: "view <key>", "widget <dashboard>.<key>", "pool <key>", "hold <pool>", "reclaim <pool>.<rule>", "remind <field>".
func (c *Catalog) ConditionsOf(form value.FormKey) map[string]Condition {
	out := map[string]Condition{}
	f, ok := c.Forms[form]
	if !ok {
		return out
	}
	for _, view := range f.Views {
		out["view "+view.Def.Key] = stated(view.filter, true)
	}
	for _, p := range f.Pools {
		out["pool "+p.Def.Key], out["hold "+p.Def.Key] = stated(p.when, false), stated(p.Excludes, false)
		for _, rule := range p.Rules {
			out["reclaim "+p.Def.Key+"."+rule.Def.ID] = stated(rule.when, true)
		}
	}
	for _, r := range f.Reminders {
		c := Condition{program: r.when, without: true}
		if r.when != nil {
			c.Source = r.when.Source()
		}
		out["remind "+string(r.Field.Key)] = c
	}
	for _, dashboard := range c.Dashboards {
		for _, w := range dashboard.Widgets {
			if w.Form != f {
				continue
			}
			var filter *expr.Pushed
			if w.Def.Filter != "" {
				// It was checked as a query; here it is asked of one record after the other.
				filter, _ = expr.PushDown(w.Def.Filter, f.filterEnv)
			}
			out["widget "+dashboard.Def.Key+"."+w.Def.Key] = stated(filter, true)
		}
	}
	return out
}

// MadeOf are the fields that a field's value is made of, through others that are computed; none for one that
// nothing computes.
func (f *Form) MadeOf(key value.FieldKey) []value.FieldKey {
	var out []value.FieldKey
	seen := map[value.FieldKey]bool{key: true}
	var visit func(key value.FieldKey)
	visit = func(key value.FieldKey) {
		one, ok := f.fields[key]
		if !ok {
			return
		}
		programs := []*expr.Program{one.compute}
		for _, column := range one.Columns {
			programs = append(programs, column.compute)
		}
		for _, p := range programs {
			if p == nil {
				continue
			}
			for _, read := range fieldsRead(p) {
				if !seen[read] {
					seen[read] = true
					out = append(out, read)
					visit(read)
				}
			}
		}
	}
	visit(key)
	slices.Sort(out)
	return out
}

// Derives tells whether the field's value comes from other records.
func (f *Field) Derives() bool { return f.Def.Kind == field.Mirror || f.Def.Kind == field.Rollup }
