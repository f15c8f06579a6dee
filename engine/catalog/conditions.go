package catalog

import (
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/field"
	"tidewater/engine/value"
)

// ConditionsOf are the filters of a form's views, of the widgets over it, and of its pools, by what they are
// called: "view <key>", "widget <dashboard>.<key>", "pool <key>", "hold <pool>", "reclaim <pool>.<rule>".
func (c *Catalog) ConditionsOf(form value.FormKey) map[string]*expr.Program {
	out := map[string]*expr.Program{}
	f, ok := c.Forms[form]
	if !ok {
		return out
	}
	for _, view := range f.Views {
		if view.filter != nil {
			out["view "+view.Def.Key] = view.filter.Program()
		}
	}
	for _, p := range f.Pools {
		for name, condition := range p.conditions() {
			if condition != nil {
				out[name] = condition.Program()
			}
		}
	}
	for _, dashboard := range c.Dashboards {
		for _, w := range dashboard.Widgets {
			if w.Form != f || w.Def.Filter == "" {
				continue
			}
			// A widget's filter was checked as a query; here it is asked of one record after the other.
			if pushed, issues := expr.PushDown(w.Def.Filter, f.filterEnv); len(issues) == 0 {
				out["widget "+dashboard.Def.Key+"."+w.Def.Key] = pushed.Program()
			}
		}
	}
	return out
}

// conditions are those that choose records, nil for what is not stated.
func (p *Pool) conditions() map[string]*expr.Pushed {
	out := map[string]*expr.Pushed{"pool " + p.Def.Key: p.when, "hold " + p.Def.Key: p.Excludes}
	for _, rule := range p.Rules {
		out["reclaim "+p.Def.Key+"."+rule.Def.ID] = rule.when
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
