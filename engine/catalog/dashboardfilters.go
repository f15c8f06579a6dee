package catalog

import (
	"maps"
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// DashboardFilter is a choice above a dashboard.
type DashboardFilter struct {
	Def meta.DashboardFilter
	// Reads is what it asks of each form: who may not read it on every record in reach cannot choose by it.
	Reads map[value.FormKey]*Field
}

// filterKinds are the fields of one value that people pick from some.
var filterKinds = []meta.FieldKind{
	field.Select, field.Stage, field.Boolean, field.Member, field.OrgUnit, field.Zone, field.Reference,
}

// dashboardFilters checks the choices above a dashboard against the forms of its widgets.
func (c *compiler) dashboardFilters(file string, d *Dashboard) {
	var keys []string
	for n, def := range d.Def.Filters {
		at := "/filters/" + strconv.Itoa(n)
		if slices.Contains(keys, def.Key) {
			c.say(file, at+"/key", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": def.Key}})
		}
		keys = append(keys, def.Key)
		filter := &DashboardFilter{Def: def, Reads: map[value.FormKey]*Field{}}
		var first *Field
		for _, form := range slices.Sorted(maps.Keys(def.Fields)) {
			place := at + "/fields/" + fault.Escape(string(form))
			one := c.filterField(file, place, d, form, def.Fields[form])
			if one == nil {
				continue
			}
			filter.Reads[form] = one
			if first == nil {
				first = one
			}
			if !sameValues(first, one) {
				c.say(file, place, fault.Issue{Code: "meta.filterValues", Args: fault.Args{"key": def.Fields[form]}})
			}
		}
		d.Filters = append(d.Filters, filter)
	}
}

// filterField finds the field of a form that a choice narrows by; nil where there is none, which is said.
func (c *compiler) filterField(file, at string, d *Dashboard, key value.FormKey, name value.FieldKey) *Field {
	form, ok := c.forms[key]
	if !ok || c.broken[key] {
		if !c.claimed[key] {
			c.say(file, at, reference(string(key)))
		}
		return nil
	}
	if !slices.ContainsFunc(d.Def.Widgets, func(w meta.Widget) bool { return w.About(key) }) {
		c.say(file, at, fault.Issue{Code: "meta.filterForm", Args: fault.Args{"key": key}})
		return nil
	}
	one, ok := form.any(name)
	if !ok {
		c.say(file, at, reference(string(name)))
		return nil
	}
	if !slices.Contains(filterKinds, one.As.Kind) {
		c.say(file, at, fault.Issue{Code: "meta.wrongKind", Args: fault.Args{"kind": one.As.Kind}})
		return nil
	}
	return one
}

// sameValues tells whether one choice can stand for both fields.
func sameValues(a, b *Field) bool {
	if a.Target() != "" || b.Target() != "" {
		return a.Target() == b.Target()
	}
	if (a.As.Kind == field.Boolean) != (b.As.Kind == field.Boolean) {
		return false
	}
	return slices.Equal(optionValues(a.As), optionValues(b.As))
}

func optionValues(def *meta.Field) []string {
	var out []string
	for _, option := range def.Options {
		out = append(out, option.Value)
	}
	slices.Sort(out)
	return out
}
