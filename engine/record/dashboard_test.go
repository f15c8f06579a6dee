package record_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/schemas"
)

// TestDashboardsShowWhatTheirViewersMayRead asks for the same page as people with different rights.
func TestDashboardsShowWhatTheirViewersMayRead(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		who  value.Actor
		sees string
	}{
		{w.lib, "books noted phoned copies worth spent shelves list"},
		{w.kim, "books noted phoned copies worth spent shelves list"},
		{w.vic, "books copies worth spent shelves list"}, // a hidden note, a masked phone
		{w.pat, "books noted phoned copies worth list"},  // no shelves to measure by either
		{w.guy, "books noted phoned shelves list"},       // no copies, no totals, nor what is made of them
	}
	for _, c := range cases {
		seen, err := w.Dashboard(c.who, "desk")
		if err != nil {
			t.Fatalf("%s: %v", c.who.User, err)
		}
		if have := keysOf(seen.Widgets); have != c.sees {
			t.Errorf("%s sees %s, want %s", c.who.User, have, c.sees)
		}
	}
	seen, err := w.Dashboard(w.vic, "desk")
	if err != nil {
		t.Fatal(err)
	}
	if list := seen.Widgets[len(seen.Widgets)-1]; strings.Join(list.Columns, " ") != "title phone" {
		t.Errorf("a hidden column is named: %v", list.Columns)
	}
}

// TestChoicesAboveADashboardAreOfWhatTheirViewersMayRead: a hidden field is no choice, nor is that of a form of which
// no widget is left.
func TestChoicesAboveADashboardAreOfWhatTheirViewersMayRead(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		who  value.Actor
		sees string
	}{
		{w.lib, `{"keeper":{"book":"keeper"},"maker":{"book":"createdBy","shelf":"createdBy"}}`},
		{w.pat, `{"keeper":{"book":"keeper"},"maker":{"book":"createdBy"}}`}, // reads no shelves
		{w.guy, `{"maker":{"book":"createdBy","shelf":"createdBy"}}`},        // a hidden keeper
	}
	for _, c := range cases {
		seen, err := w.Dashboard(c.who, "desk")
		if err != nil {
			t.Fatalf("%s: %v", c.who.User, err)
		}
		fields := map[string]map[value.FormKey]value.FieldKey{}
		for _, filter := range seen.Filters {
			fields[filter.Key] = filter.Fields
		}
		have, err := json.Marshal(fields)
		if err != nil || string(have) != c.sees {
			t.Errorf("%s chooses by %s (%v), want %s", c.who.User, have, err, c.sees)
		}
	}
}

func keysOf(widgets []meta.Widget) string {
	keys := make([]string, len(widgets))
	for n, widget := range widgets {
		keys[n] = widget.Key
	}
	return strings.Join(keys, " ")
}

func TestDashboardsOfOthersDoNotExist(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"office", "nothing"} {
		if _, err := w.Dashboard(w.kim, key); fault.KindOf(err) != fault.NotFound || fault.CodeOf(err) != "dashboard.unknown" {
			t.Errorf("%s: %v", key, err)
		}
	}
	if seen, err := w.Dashboard(w.lib, "office"); err != nil || len(seen.Roles) != 0 || seen.Widgets[0].View != "office" {
		t.Errorf("%+v %v", seen, err)
	}
	if _, err := w.Dashboard(value.Actor{User: "nobody", Roles: []string{"stranger"}}, "desk"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nothing is left, and yet: %v", err)
	}
}

func TestHomeAndMenuFollowTheRoles(t *testing.T) {
	w := newWorld(t)
	both := value.Actor{User: "kim", Roles: []string{"keeper", "librarian"}}
	cases := []struct {
		who              value.Actor
		home, menu, list string
	}{
		{w.kim, "desk", "book", "desk"},
		{w.lib, "office", "shelf book", "office desk"},
		{both, "desk", "book shelf", "desk office"},
		{w.vic, "", "shelf book", "desk"},
		{w.pat, "", "book", "desk"},
	}
	for _, c := range cases {
		seen := w.CatalogFor(c.who)
		var menu, list []string
		for _, form := range seen.Menu {
			menu = append(menu, string(form))
		}
		for _, d := range seen.Dashboards {
			list = append(list, d.Key)
		}
		if seen.Home != c.home || strings.Join(menu, " ") != c.menu || strings.Join(list, " ") != c.list {
			t.Errorf("%v: home %q, menu %v, dashboards %v", c.who.Roles, seen.Home, menu, list)
		}
	}
}

func TestTheFirstViewOfAFormFollowsTheRoles(t *testing.T) {
	w := newWorld(t)
	cases := []struct {
		roles []string
		views string
	}{
		{[]string{"keeper"}, "dated all"},
		{[]string{"librarian"}, "office all dated"},
		{[]string{"keeper", "librarian"}, "dated all office"},
		{[]string{"stranger", "librarian"}, "office all dated"},
		{[]string{"visitor"}, "all dated"},
	}
	for _, c := range cases {
		var views []string
		for _, form := range w.CatalogFor(value.Actor{User: "kim", Roles: c.roles}).Forms {
			if form.Key != "book" {
				continue
			}
			for _, view := range form.Views {
				views = append(views, view.Key)
			}
		}
		if got := strings.Join(views, " "); got != c.views {
			t.Errorf("%v: %s, not %s", c.roles, got, c.views)
		}
	}
}

// TestEveryWidgetShownAnswers holds that whoever is shown a widget gets its figures.
func TestEveryWidgetShownAnswers(t *testing.T) {
	w := newWorld(t)
	for _, who := range []value.Actor{w.lib, w.kim, w.vic, w.pat, w.eve, w.guy} {
		for _, d := range w.CatalogFor(who).Dashboards {
			for _, widget := range d.Widgets {
				if widget.Kind == meta.WidgetList {
					continue
				}
				for _, filter := range []string{widget.Filter, widget.Share} {
					req := record.AggregateRequest{Form: widget.Form, Filter: filter, Table: widget.Table}
					for _, g := range widget.Group {
						req.Group = append(req.Group, record.GroupBy(g))
					}
					for _, m := range widget.Metrics {
						req.Metrics = append(req.Metrics, record.MetricBy{Op: m.Op, Field: m.Field})
					}
					if _, err := w.Aggregate(t.Context(), who, req); err != nil {
						t.Errorf("%s, %s of %s: %v", who.User, widget.Key, d.Key, err)
					}
				}
			}
		}
	}
}

// TestCatalogIsDescribed holds what programs read against schemas/catalog.schema.json.
func TestCatalogIsDescribed(t *testing.T) {
	data, err := fs.ReadFile(schemas.FS, "catalog.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties map[string]any
		Defs       map[string]object `json:"$defs"`
	}
	var schema object
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	for name, typ := range map[string]reflect.Type{
		"": reflect.TypeFor[record.CatalogView](), "formView": reflect.TypeFor[record.FormView](),
		"fieldView": reflect.TypeFor[record.FieldView](), "formRights": reflect.TypeFor[record.FormRights](),
		"actionView": reflect.TypeFor[record.ActionView](), "asking": reflect.TypeFor[record.Asking](),
	} {
		described := schema.Properties
		if name != "" {
			described = schema.Defs[name].Properties
		}
		have, want := slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(meta.Keys(typ)))
		if !slices.Equal(have, want) {
			t.Errorf("%s: described %v, answered %v", name, have, want)
		}
	}
}
