package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const maxSorts = 3

// defaultSort is that of a form that states none.
const defaultSort = "-updatedAt"

// BindSort reads "-updatedAt,name"; empty is the form's own order. Text sorts as people expect where the
// form keeps sort keys for it. Issues have the path /sort.
func (f *Form) BindSort(sort string, knows Knows) ([]query.Sort, fault.Issues) {
	if sort == "" {
		sort = f.Def.SortDefault
	}
	if sort == "" {
		sort = defaultSort
	}
	var issues fault.Issues
	names := strings.Split(sort, ",")
	if len(names) > maxSorts {
		issues.Add("/sort", "sort.tooMany", "max", maxSorts)
		return nil, issues
	}
	out := make([]query.Sort, 0, len(names))
	for _, name := range names {
		name, desc := strings.CutPrefix(strings.TrimSpace(name), "-")
		path, ok := f.sortPath(name, knows)
		if !ok {
			issues.Add("/sort", "sort.field", "field", name)
			continue
		}
		out = append(out, query.Sort{Path: path, Desc: desc})
	}
	return out, issues
}

// sortPath is what a name sorts by: a field, its sort key, the start of a range of days, "period.end".
func (f *Form) sortPath(name string, knows Knows) (path query.Path, ok bool) {
	key, part, _ := strings.Cut(name, ".")
	one, ok := f.known(value.FieldKey(key), knows)
	if !ok || one.Multi || !slices.Contains(one.Ops, query.Empty) {
		return path, false
	}
	if one.As.Kind == field.DateRange && part == "" {
		part = string(field.RangeStart)
	}
	if part != "" {
		at := slices.IndexFunc(one.Parts, func(p field.Part) bool { return string(p.Key) == part })
		return query.Path{Field: one.Key, Sub: value.FieldKey(part)}, at >= 0 && one.Parts[at].Shape.Type == store.Int
	}
	if _, ok := f.sorted[one.Key]; ok {
		return query.At(shadowSort(one.Key)), true
	}
	return query.At(one.Key), one.Type != "" && slices.Contains(one.Ops, query.Eq)
}

// compileViews checks views against their forms and compiles their filters.
func (c *compiler) compileViews() {
	for _, path := range sortedKeys(c.views) {
		def := c.views[path]
		at, _ := placeOf(path)
		form, ok := c.forms[value.FormKey(at.form)]
		if !ok || c.broken[form.Key] {
			if !c.claimed[value.FormKey(at.form)] {
				c.say(path, "/form", reference(at.form))
			}
			continue
		}
		view := &View{Def: def, filter: c.pushed(path, "/filter", def.Filter, form.filterEnv)}
		if kind := def.Kind; kind != "table" && kind != "kanban" && kind != "calendar" && kind != agenda {
			c.say(path, "/kind", fault.Issue{Code: "field.option", Args: fault.Args{"value": kind}})
		}
		for n, name := range def.Columns {
			if _, ok := form.any(value.FieldKey(name)); !ok {
				c.say(path, "/columns/"+strconv.Itoa(n), reference(name))
			}
		}
		if _, ok := form.any(value.FieldKey(def.Group)); def.Group != "" && !ok {
			c.say(path, "/group", reference(def.Group))
		}
		c.checkLimits(path, form, def)
		c.checkAgenda(path, form, def)
		c.rolesKnown(path, "/roles", def.Roles)
		form.Views = append(form.Views, view)
	}
}

// agenda is the kind of views that show what is overdue, what is for today and what comes later.
const agenda = "agenda"

// checkAgenda holds that an agenda says by which date records are due, and which field says that they are done with.
func (c *compiler) checkAgenda(path string, form *Form, def meta.View) {
	if def.Kind != agenda {
		if def.Done != "" {
			c.say(path, "/done", fault.Issue{Code: "meta.unsuited"})
		}
		return
	}
	s := sheet{compiler: c, file: path, form: form}
	if def.Group == "" {
		s.missing("", "group")
	}
	if def.Done == "" {
		s.missing("", "done")
	}
	s.field("/group", value.FieldKey(def.Group), field.Date, field.Datetime)
	s.field("/done", value.FieldKey(def.Done), field.Boolean)
}

// checkLimits holds that limits are those of a board's columns.
func (c *compiler) checkLimits(path string, form *Form, def meta.View) {
	if len(def.Limits) == 0 {
		return
	}
	group, ok := form.any(value.FieldKey(def.Group))
	if def.Kind != "kanban" || !ok {
		c.say(path, "/limits", fault.Issue{Code: "meta.unsuited"})
		return
	}
	for _, option := range slices.Sorted(maps.Keys(def.Limits)) {
		at := "/limits/" + fault.Escape(option)
		if !slices.ContainsFunc(group.Def.Options, func(o meta.Option) bool { return o.Value == option }) {
			c.say(path, at, fault.Issue{Code: "field.option", Args: fault.Args{"value": option}})
		}
		if def.Limits[option] < 1 {
			c.say(path, at, fault.Issue{Code: "field.min", Args: fault.Args{"min": 1}})
		}
	}
}
