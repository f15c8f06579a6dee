package record

import (
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Dashboard returns a dashboard as the actor may see it; NotFound for one that is made for others or of
// which nothing is left for them.
func (s *Service) Dashboard(actor value.Actor, key string) (*meta.Dashboard, error) {
	v := s.visit(actor)
	if found, ok := v.catalog.Dashboards[key]; ok {
		if seen, ok := v.dashboard(found); ok {
			return &seen, nil
		}
	}
	return nil, fault.New(fault.NotFound, "dashboard.unknown").In("record.dashboard").With("key", key)
}

// dashboards lists what the actor may see, by key, and the one that they see first: the home of the first
// of their roles that has one which they may see.
func (v *visit) dashboards() (home string, seen []meta.Dashboard) {
	seen = []meta.Dashboard{}
	for _, one := range v.catalog.DashboardsInOrder() {
		if d, ok := v.dashboard(one); ok {
			seen = append(seen, d)
		}
	}
	for _, key := range v.actor.Roles {
		role, ok := v.catalog.Roles[key]
		if !ok || role.Def.Home == "" {
			continue
		}
		at := slices.IndexFunc(seen, func(d meta.Dashboard) bool { return d.Key == role.Def.Home })
		if at < 0 {
			continue
		}
		first := seen[at]
		return first.Key, append([]meta.Dashboard{first}, slices.Delete(seen, at, at+1)...)
	}
	return "", seen
}

// dashboard leaves out what the actor may not see; ok is false where nothing is left.
func (v *visit) dashboard(d *catalog.Dashboard) (seen meta.Dashboard, ok bool) {
	if !d.For(v.actor.Roles) && !v.actor.IsSystem() {
		return meta.Dashboard{}, false
	}
	seen = d.Def
	seen.Roles, seen.Widgets, seen.Filters = nil, nil, nil
	for _, widget := range d.Widgets {
		if shown, ok := v.widget(widget); ok {
			seen.Widgets = append(seen.Widgets, shown)
		}
	}
	for _, filter := range d.Filters {
		if fields := v.filterFields(filter, seen.Widgets); len(fields) > 0 {
			shown := filter.Def
			shown.Fields = fields
			seen.Filters = append(seen.Filters, shown)
		}
	}
	return seen, len(seen.Widgets) > 0
}

// filterFields are the fields by which the actor may choose: of forms that a widget is left of, and readable on
// every record in reach, or a choice would tell what the field hides.
func (v *visit) filterFields(filter *catalog.DashboardFilter, widgets []meta.Widget) map[value.FormKey]value.FieldKey {
	out := map[value.FormKey]value.FieldKey{}
	for form, one := range filter.Reads {
		left := slices.ContainsFunc(widgets, func(w meta.Widget) bool { return w.About(form) })
		if left && v.decision(v.catalog.Forms[form]).SortReadable(query.At(one.Key)) == nil {
			out[form] = one.Key
		}
	}
	return out
}

// widget tells whether the actor may ask all that a widget asks, and narrows a list's columns to those
// that they see.
func (v *visit) widget(w *catalog.Widget) (meta.Widget, bool) {
	d := v.decision(w.Form)
	if !d.May(meta.Read) {
		return meta.Widget{}, false
	}
	for _, path := range w.Reads {
		if d.SortReadable(path) != nil {
			return meta.Widget{}, false
		}
	}
	if w.Target != nil {
		if _, ok := v.widget(w.Target); !ok {
			return meta.Widget{}, false
		}
	}
	shown := w.Def
	if w.View != nil && !v.mayUse(w.View) {
		if shown.Kind == meta.WidgetList {
			return meta.Widget{}, false
		}
		shown.View = ""
	}
	shown.Columns = columnsSeen(d, shown.Columns)
	return shown, true
}

func columnsSeen(d *access.Decision, columns []string) []string {
	var out []string
	for _, name := range columns {
		if !d.SeesNowhere(value.FieldKey(name)) {
			out = append(out, name)
		}
	}
	return out
}

// menu is what the actor's roles have in their menus, each form once; a role that states none has the app's.
func (v *visit) menu() []value.FormKey {
	var out []value.FormKey
	for _, key := range v.actor.Roles {
		role, ok := v.catalog.Roles[key]
		if !ok {
			continue
		}
		menu := role.Def.Menu
		if len(menu) == 0 {
			menu = v.catalog.App.Menu
		}
		for _, form := range menu {
			if !slices.Contains(out, form) {
				out = append(out, form)
			}
		}
	}
	return out
}
