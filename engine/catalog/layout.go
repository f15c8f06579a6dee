package catalog

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxIndexes bounds the indexes of a form, unique groups included: each of them is written at every save. It leaves room
// for those that pools, groups and reminders bring beside what a large form is asked by.
const maxIndexes = 16

// layouts tells the stores what they must know of each form.
func (c *compiler) layouts() {
	for _, form := range c.sound() {
		form.chooseSorted()
		form.Layout = store.Form{Key: form.Key, Fields: form.layoutFields(), Search: len(form.Searched) > 0}
		for _, f := range form.Fields {
			if f.Def.Unique {
				form.Layout.Unique = append(form.Layout.Unique, []value.FieldKey{f.Key})
			}
		}
		form.Layout.Unique = append(form.Layout.Unique, form.Def.Unique...)
		c.indexes(form)
	}
}

// chooseSorted decides which texts have sort keys: those that people see in lists.
func (f *Form) chooseSorted() {
	f.sorted = map[value.FieldKey]*Field{}
	for _, one := range f.Fields {
		_, sorts := one.Kind.(field.Sorter)
		if sorts && one.As.Kind == field.Text && (one.Key == f.Title || one.Def.Search || one.Def.Index || f.listed(one.Key)) {
			f.sorted[one.Key] = one
		}
	}
}

func (f *Form) listed(key value.FieldKey) bool {
	return slices.ContainsFunc(f.Views, func(v *View) bool { return slices.Contains(v.Def.Columns, string(key)) })
}

func (f *Form) layoutFields() []store.Field {
	var out []store.Field
	for _, one := range f.Fields {
		out = append(out, layoutOf(one)...)
		if f.isDated(one.Key) {
			out = append(out, store.Field{Path: query.At(shadowDay(one.Key)), Type: store.Int})
		}
		if f.sorted[one.Key] != nil {
			out = append(out, store.Field{Path: query.At(shadowSort(one.Key)), Type: store.Text})
		}
	}
	if len(f.Pools) > 0 {
		for _, key := range sortedKeys(custodyFields()) {
			out = append(out, layoutOf(f.system[key])...)
		}
	}
	if f.Grouped() {
		for _, key := range value.GroupFields() {
			out = append(out, layoutOf(f.system[key])...)
		}
	}
	for _, key := range []value.FieldKey{value.SysCreatedAt, value.SysUpdatedAt} {
		out = append(out, store.Field{Path: query.At(shadowDay(key)), Type: store.Int})
	}
	if f.Def.Sharing != nil {
		out = append(out, sharesLayout()...)
	}
	if len(f.Duplicates) > 0 {
		out = append(out, store.Field{Path: query.At(DuplicatesPath), Type: store.Int, Multi: true})
	}
	return out
}

// sharesLayout is what access asks of with whom a record is shared.
func sharesLayout() []store.Field {
	part := func(key value.FieldKey, of store.Type) store.Field {
		return store.Field{Path: query.Path{Field: value.SysShares, Sub: key}, Type: of, Multi: true}
	}
	return []store.Field{
		{Path: query.At(value.SysShares), Table: true},
		part(value.ShareWith, store.Text), part(value.ShareHow, store.Text), part(value.ShareUntil, store.Int),
	}
}

func layoutOf(one *Field) []store.Field {
	switch {
	case one.Rows:
		out := []store.Field{{Path: query.At(one.Key), Table: true}}
		for _, column := range one.Columns {
			if column.Type != "" {
				out = append(out, store.Field{Path: pathOf(column), Type: column.Type, Multi: true})
			}
		}
		return out
	case len(one.Parts) > 0:
		var out []store.Field
		for _, part := range one.Parts {
			out = append(out, store.Field{Path: query.Path{Field: one.Key, Sub: part.Key}, Type: part.Shape.Type})
		}
		return out
	}
	return []store.Field{{Path: query.At(one.Key), Type: one.Type, Multi: one.Multi}}
}

// indexes derives a form's indexes from what will be asked of it.
func (c *compiler) indexes(form *Form) {
	plan := &indexPlan{}
	for _, one := range form.Fields {
		if one.As.Kind == field.DateRange && one.Def.Index {
			plan.add(query.Sort{Path: query.Path{Field: one.Key, Sub: field.RangeStart}})
			plan.add(query.Sort{Path: query.Path{Field: one.Key, Sub: field.RangeEnd}})
		}
		if one.Type == "" || len(form.Pools) > 0 && one.Key == form.Def.Holders.Owner { // begins an index below
			continue
		}
		asks := one.Def.Lookup && !one.Def.Unique // the unique group is an index too
		if one.Def.Index || asks || one.Def.Remind != nil || one.Refers() || one.Key == form.Def.Holders.Owner {
			plan.add(query.Sort{Path: query.At(one.Key)})
		}
	}
	for _, one := range form.References {
		if one.Table != nil {
			plan.add(query.Sort{Path: pathOf(one)}) // deleting what rows refer to must find them
		}
	}
	if len(form.Duplicates) > 0 {
		plan.add(query.Sort{Path: query.At(DuplicatesPath)})
	}
	c.sortIndex(form, plan, form.file, "/x-sort", form.Def.SortDefault)
	for _, view := range form.Views {
		c.sortIndex(form, plan, "forms/"+string(form.Key)+"/views/"+view.Def.Key+".json", "/sort", view.Def.Sort)
	}
	for n, names := range form.Def.Indexes {
		c.namedIndex(form, plan, "/x-indexes/"+strconv.Itoa(n), names)
	}
	if len(form.Pools) > 0 {
		plan.add(query.Sort{Path: query.At(value.SysPool)}, query.Sort{Path: query.At(value.SysReclaimAt)})
		plan.add(query.Sort{Path: query.At(form.Def.Holders.Owner)}, query.Sort{Path: query.At(value.SysReclaimAt)})
	}
	if form.Grouped() {
		plan.add(query.Sort{Path: query.At(value.SysGroup)})
	}
	for _, a := range form.Activities {
		if group := a.Pool.Def.Group; group != nil && group.Content { // the last ones of each sibling are told
			plan.add(query.Sort{Path: query.At(a.Via)}, query.Sort{Path: query.At(a.At.Key)})
		}
	}
	c.indexesOfJobs(form, plan)
	form.Layout.Indexes = plan.list
	form.Layout.Sums = form.sums()
	if form.Layout.Within = c.within(form.Key); len(form.Layout.Within) > 0 {
		form.Layout.Orders = form.orders()
	}
	if count := len(plan.list) + len(form.Layout.Unique); count > maxIndexes {
		c.say(form.file, "", fault.Issue{Code: "meta.tooManyIndexes", Args: fault.Args{"max": maxIndexes, "count": count}})
	}
}

func (c *compiler) sortIndex(form *Form, plan *indexPlan, file, path, sort string) {
	sorts, issues := form.BindSort(sort, nil)
	for _, issue := range issues {
		c.say(file, path, fault.Issue{Code: issue.Code, Args: issue.Args})
	}
	if len(issues) == 0 {
		plan.add(sorts...)
	}
}

// within lists the kinds of principals by which some role reads the form; none where nobody's reading is narrowed.
func (c *compiler) within(form value.FormKey) []string {
	kinds := map[string]bool{}
	for _, role := range c.roles {
		scope := role.Forms[form].Read.Scope
		for kind, scopes := range map[string][]meta.Scope{
			org.UserPrincipal(""):  {meta.ScopeOwn, meta.ScopeUnit, meta.ScopeUnitBelow, meta.ScopeZone},
			org.UnitPrincipal(""):  {meta.ScopeUnit},
			org.UnderPrincipal(""): {meta.ScopeUnitBelow},
			org.ZonePrincipal(""):  {meta.ScopeZone},
		} {
			if slices.Contains(scopes, scope) {
				kinds[strings.TrimSuffix(kind, ":")] = true
			}
		}
	}
	if len(kinds) > 0 && c.pooled(form) {
		kinds[strings.TrimSuffix(PoolPrincipal(""), ":")] = true
	}
	if len(kinds) > 0 && c.forms[form].Def.Sharing != nil {
		kinds[strings.TrimSuffix(org.GuestPrincipal(""), ":")] = true
	}
	return sortedKeys(kinds)
}

// orders are those of the published views, the form's own and that of change, each once. Each costs every
// save two pages: an order that nothing published asks for has none.
func (f *Form) orders() [][]query.Sort {
	var out [][]query.Sort
	sorts := []string{f.Def.SortDefault, "-" + string(value.SysUpdatedAt)}
	for _, view := range f.Views {
		sorts = append(sorts, view.Def.Sort)
	}
	for _, sort := range sorts {
		bound, issues := f.BindSort(sort, nil)
		if len(issues) > 0 || slices.ContainsFunc(out, func(o []query.Sort) bool { return slices.Equal(o, bound) }) {
			continue // told where its index is planned
		}
		out = append(out, bound)
	}
	return out
}

func (c *compiler) namedIndex(form *Form, plan *indexPlan, path string, names []string) {
	var columns []query.Sort
	for n, name := range names {
		sorts, issues := form.BindSort(name, nil)
		if len(issues) > 0 || len(sorts) != 1 {
			c.say(form.file, path+"/"+strconv.Itoa(n), reference(name))
			return
		}
		columns = append(columns, sorts...)
	}
	plan.add(columns...)
}

// indexPlan collects indexes without doubles.
type indexPlan struct{ list []store.Index }

// add notes an index, unless one that begins with the same columns is there. An index reads both ways,
// so the direction of a single column is no matter.
func (p *indexPlan) add(columns ...query.Sort) {
	if len(columns) == 0 {
		return
	}
	name := ""
	for n, column := range columns {
		if n > 0 {
			name += ","
		}
		if column.Desc && len(columns) > 1 {
			name += "-"
		}
		name += column.Path.String()
	}
	if slices.ContainsFunc(p.list, func(i store.Index) bool { return i.Name == name }) {
		return
	}
	p.list = append(p.list, store.Index{Name: name, Columns: columns})
}
