package catalog

import (
	"maps"
	"slices"
	"strconv"

	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Dashboard is a page of charts, numbers and lists.
type Dashboard struct {
	Def     meta.Dashboard
	Widgets []*Widget
	Filters []*DashboardFilter
}

// For tells whether a dashboard is made for somebody with these roles.
func (d *Dashboard) For(roles []string) bool {
	return len(d.Def.Roles) == 0 || slices.ContainsFunc(d.Def.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// Widget is one part of a dashboard.
type Widget struct {
	Def    meta.Widget
	Form   *Form
	View   *View   // that it lists or opens; nil for none
	Target *Widget // of a progress, a figure; nil for all others
	// Reads are the paths that it asks for: who may not read one of them on every record in reach cannot be
	// shown the widget.
	Reads []query.Path
}

// compileDashboards checks dashboards against the forms, and what roles begin with against the dashboards.
func (c *compiler) compileDashboards() {
	c.catalog.Dashboards = map[string]*Dashboard{}
	for _, path := range sortedKeys(c.dashboards) {
		def := c.dashboards[path]
		at, _ := placeOf(path)
		c.checkFileKey(path, "/key", def.Key, at.key)
		c.rolesKnown(path, "/roles", def.Roles)
		compiled := &Dashboard{Def: def}
		var keys []string
		for n, widget := range def.Widgets {
			place := "/widgets/" + strconv.Itoa(n)
			if slices.Contains(keys, widget.Key) {
				c.say(path, place+"/key", fault.Issue{Code: "meta.duplicate", Args: fault.Args{"key": widget.Key}})
			}
			keys = append(keys, widget.Key)
			if w := c.widget(path, place, widget); w != nil {
				compiled.Widgets = append(compiled.Widgets, w)
			}
		}
		c.dashboardFilters(path, compiled)
		c.catalog.Dashboards[def.Key] = compiled
	}
	for _, path := range sortedKeys(c.roles) {
		c.beginning(path, c.roles[path])
	}
}

// rolesKnown holds that roles have a file.
func (c *compiler) rolesKnown(file, at string, roles []string) {
	for n, role := range roles {
		if _, ok := c.bundle["roles/"+role+".json"]; !ok {
			c.say(file, at+"/"+strconv.Itoa(n), fault.Issue{Code: "meta.role", Args: fault.Args{"key": role}})
		}
	}
}

// beginning checks what a role's holders see first: their home, their menu and the views of forms.
func (c *compiler) beginning(path string, role meta.Role) {
	_, exists := c.bundle["dashboards/"+role.Home+".json"]
	home, readable := c.catalog.Dashboards[role.Home]
	switch {
	case role.Home != "" && !exists:
		c.say(path, "/home", reference(role.Home))
	case readable && !home.For([]string{role.Key}):
		c.say(path, "/home", fault.Issue{Code: "meta.home", Args: fault.Args{"key": role.Home}})
	}
	for n, key := range role.Menu {
		if _, ok := role.Forms[key]; !ok {
			c.say(path, "/menu/"+strconv.Itoa(n), fault.Issue{Code: "meta.menu", Args: fault.Args{"key": key}})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(role.Views)) {
		c.firstView(path, role, key, role.Views[key])
	}
}

// firstView holds that a form has the view, for the role.
func (c *compiler) firstView(path string, role meta.Role, form value.FormKey, view string) {
	at := "/views/" + string(form)
	if _, ok := role.Forms[form]; !ok {
		c.say(path, at, fault.Issue{Code: "meta.menu", Args: fault.Args{"key": form}})
		return
	}
	if _, exists := c.bundle["forms/"+string(form)+"/views/"+view+".json"]; !exists {
		c.say(path, at, reference(view))
		return
	}
	if compiled, ok := c.forms[form]; ok {
		if found, ok := compiled.View(view); ok && !found.For([]string{role.Key}) {
			c.say(path, at, fault.Issue{Code: "meta.firstView", Args: fault.Args{"key": view}})
		}
	}
}

// widget compiles one part; nil where its form cannot be used, which is said already.
func (c *compiler) widget(file, at string, def meta.Widget) *Widget {
	form, ok := c.forms[def.Form]
	if !ok || c.broken[def.Form] {
		if !c.claimed[def.Form] {
			c.say(file, at+"/form", reference(string(def.Form)))
		}
		return nil
	}
	w := &Widget{Def: def, Form: form}
	for _, key := range misplaced(def) {
		c.say(file, at+"/"+key, fault.Issue{Code: "meta.widgetOption", Args: fault.Args{"key": key, "kind": def.Kind}})
	}
	if def.View != "" {
		w.View, _ = form.View(def.View)
		if _, exists := c.bundle["forms/"+string(def.Form)+"/views/"+def.View+".json"]; !exists {
			c.say(file, at+"/view", reference(def.View))
		}
	}
	c.widgetDate(w, file, at)
	if def.Kind == meta.WidgetList {
		c.widgetList(w, file, at)
		return w
	}
	c.widgetFigures(w, file, at)
	c.widgetTarget(w, file, at)
	if def.Trend != "" && def.Date == "" {
		c.say(file, at, fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "date"}})
	}
	return w
}

// widgetTarget compiles what a progress is measured by as a figure of its own.
func (c *compiler) widgetTarget(w *Widget, file, at string) {
	target := w.Def.Target
	if w.Def.Kind != meta.WidgetProgress {
		return
	}
	if target == nil {
		c.say(file, at, fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "target"}})
		return
	}
	w.Target = c.widget(file, at+"/target", meta.Widget{
		Kind: meta.WidgetFigure, Form: target.Form, Filter: target.Filter, Table: target.Table, Metrics: target.Metrics, Date: target.Date,
	})
}

// misplaced lists the settings that a widget's kind has no use for.
func misplaced(def meta.Widget) []string {
	list := def.Kind == meta.WidgetList
	wrong := map[string]bool{
		"filter": list && def.Filter != "", "table": list && def.Table != "", "group": list && len(def.Group) > 0,
		"metrics": list && len(def.Metrics) > 0, "sort": list && def.Sort != "",
		"columns": !list && len(def.Columns) > 0,
		"share":   def.Kind != meta.WidgetFigure && def.Share != "",
		"trend":   def.Kind != meta.WidgetFigure && def.Trend != "",
		"target":  def.Kind != meta.WidgetProgress && def.Target != nil,
	}
	maps.DeleteFunc(wrong, func(_ string, is bool) bool { return !is })
	return sortedKeys(wrong)
}

func (c *compiler) widgetDate(w *Widget, file, at string) {
	if w.Def.Date == "" {
		return
	}
	one, ok := w.Form.any(value.FieldKey(w.Def.Date))
	if !ok || one.As.Kind != field.Date && one.As.Kind != field.Datetime {
		c.say(file, at+"/date", fault.Issue{Code: "meta.date", Args: fault.Args{"key": w.Def.Date}})
		return
	}
	w.Reads = append(w.Reads, query.At(one.Key))
}

func (c *compiler) widgetList(w *Widget, file, at string) {
	if w.Def.View == "" {
		c.say(file, at, fault.Issue{Code: "meta.missing", Args: fault.Args{"key": "view"}})
	}
	for n, name := range w.Def.Columns {
		if _, ok := w.Form.any(value.FieldKey(name)); !ok {
			c.say(file, at+"/columns/"+strconv.Itoa(n), reference(name))
		}
	}
}

// groupings are how many groups the kinds take.
var groupings = map[meta.WidgetKind]struct{ least, most int }{
	meta.WidgetFigure: {0, 0}, meta.WidgetPie: {1, 1}, meta.WidgetFunnel: {1, 1}, meta.WidgetPivot: {2, 2},
	meta.WidgetRanking: {1, 1}, meta.WidgetTable: {1, 2}, meta.WidgetProgress: {0, 0},
	meta.WidgetColumn: {1, 2}, meta.WidgetBar: {1, 2}, meta.WidgetLine: {1, 2}, meta.WidgetArea: {1, 2},
}

// charted are the kinds that draw several figures of a group beside each other.
var charted = map[meta.WidgetKind]bool{meta.WidgetColumn: true, meta.WidgetBar: true, meta.WidgetLine: true, meta.WidgetArea: true}

func (c *compiler) widgetFigures(w *Widget, file, at string) {
	def := w.Def
	in := AggregateInput{Table: def.Table, Sort: def.Sort}
	for _, g := range def.Group {
		in.Groups = append(in.Groups, GroupInput(g))
	}
	for _, m := range def.Metrics {
		in.Metrics = append(in.Metrics, MetricInput{Op: m.Op, Field: m.Field})
	}
	plan, issues := w.Form.BindAggregate(in, nil)
	c.add(file, issues.Under(at))
	if takes := groupings[def.Kind]; len(def.Group) < takes.least || len(def.Group) > takes.most {
		c.say(file, at+"/group", fault.Issue{Code: "field.range", Args: fault.Args{"min": takes.least, "max": takes.most}})
	}
	several := def.Kind == meta.WidgetTable || def.Kind == meta.WidgetPivot || charted[def.Kind] && len(def.Group) < 2
	if !several && len(def.Metrics) > 1 {
		c.say(file, at+"/metrics", fault.Issue{Code: "meta.tooMany", Args: fault.Args{"max": 1}})
	}
	filter := c.pushed(file, at+"/filter", def.Filter, w.Form.filterEnv)
	share := c.pushed(file, at+"/share", def.Share, w.Form.filterEnv)
	for _, condition := range []*expr.Pushed{filter, share} {
		if condition != nil {
			w.Reads = append(w.Reads, condition.Program().Reads()...)
		}
	}
	if plan == nil {
		return
	}
	w.Reads = append(w.Reads, plan.Paths()...)
	if plan.Query.Table != "" {
		w.Reads = append(w.Reads, query.At(plan.Query.Table))
	}
	c.firstGroup(plan, file, at, def.Kind)
}

// firstGroup holds that what runs along a chart suits it: time along a line, steps down a funnel.
func (c *compiler) firstGroup(plan *Aggregate, file, at string, kind meta.WidgetKind) {
	if len(plan.groups) == 0 {
		return
	}
	first := plan.groups[0]
	suits := true
	switch kind {
	case meta.WidgetLine, meta.WidgetArea:
		suits = first.bucket != ""
	case meta.WidgetFunnel:
		suits = first.field.As.Kind == field.Stage || first.field.As.Kind == field.Select
	}
	if !suits {
		c.say(file, at+"/group/0/field", fault.Issue{Code: "meta.widgetOption", Args: fault.Args{"key": "field", "kind": kind}})
	}
}

// DashboardsInOrder lists the dashboards by key.
func (c *Catalog) DashboardsInOrder() []*Dashboard {
	var out []*Dashboard
	for _, key := range sortedKeys(c.Dashboards) {
		out = append(out, c.Dashboards[key])
	}
	return out
}
