package catalog

import (
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/query"
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
		one, ok := f.known(value.FieldKey(name), knows)
		if !ok || one.Multi || one.Type == "" {
			issues.Add("/sort", "sort.field", "field", name)
			continue
		}
		out = append(out, query.Sort{Path: f.sortPath(one), Desc: desc})
	}
	return out, issues
}

func (f *Form) sortPath(one *Field) query.Path {
	if _, ok := f.sorted[one.Key]; ok {
		return query.At(shadowSort(one.Key))
	}
	return query.At(one.Key)
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
		if kind := def.Kind; kind != "table" && kind != "kanban" && kind != "calendar" {
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
		c.rolesKnown(path, "/roles", def.Roles)
		form.Views = append(form.Views, view)
	}
}
