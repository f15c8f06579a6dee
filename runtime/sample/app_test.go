package sample_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/sample"
)

// compile makes a catalog of a builtin app, as a publish would.
func compile(t *testing.T, app string) *catalog.Catalog {
	t.Helper()
	folder, err := fs.Sub(builtinapps.FS, app)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := catalog.LoadFS(folder)
	if err != nil {
		t.Fatal(err)
	}
	compiled, issues := catalog.Compile(bundle)
	for _, issue := range issues {
		t.Error(issue.Error())
	}
	if compiled == nil {
		t.FailNow()
	}
	for _, warning := range compiled.Warnings {
		t.Error("warning:", warning.Error())
	}
	return compiled
}

func TestAppsCompile(t *testing.T) {
	entries, err := fs.ReadDir(builtinapps.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			compile(t, entry.Name())
		}
	}
}

// TestFormsAndRoles holds the names that others rely on.
func TestFormsAndRoles(t *testing.T) {
	compiled := compile(t, "crm")
	for _, key := range strings.Fields("zone customer contact followUp lead product opportunity quote salesOrder") {
		form := compiled.Forms[value.FormKey(key)]
		if form == nil {
			t.Errorf("no form %s", key)
			continue
		}
		if len(form.Views) == 0 {
			t.Errorf("%s has no views", key)
		}
	}
	for _, key := range strings.Fields("name type tier zone owner orgUnit phone source industry need status lastFollowUpAt") {
		if _, ok := compiled.Forms["customer"].Field(value.FieldKey(key)); !ok {
			t.Errorf("a customer has no %s", key)
		}
	}
	want := strings.Fields("admin finance marketing productManager sales salesDirector salesManager")
	if got := slices.Sorted(maps.Keys(compiled.Roles)); !slices.Equal(got, want) {
		t.Errorf("roles %v", got)
	}
}

// TestRolesHaveADeskOfTheirOwn holds that each role has a home and a menu, and may see all that its home shows.
func TestRolesHaveADeskOfTheirOwn(t *testing.T) {
	compiled := compile(t, "crm")
	people, err := org.NewSnapshot(1, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, role := range compiled.Roles {
		home := compiled.Dashboards[role.Def.Home]
		if home == nil {
			t.Errorf("%s begins nowhere", key)
			continue
		}
		if len(role.Def.Menu) == 0 && key != "admin" && key != "salesDirector" {
			t.Errorf("%s has the menu of the whole company", key)
		}
		service := record.New(record.Config{
			Catalog: func() *catalog.Catalog { return compiled }, Org: func() *org.Snapshot { return people },
			Clock: time.Now, Zone: time.UTC, Calendar: func() *org.Calendar { return nil },
		})
		seen := service.CatalogFor(value.Actor{User: "someone", Unit: "unit", Roles: []string{key}})
		if seen.Home != home.Def.Key || len(seen.Dashboards) != 1 || len(seen.Dashboards[0].Widgets) != len(home.Def.Widgets) {
			t.Errorf("%s may not see all of %s", key, home.Def.Key)
		}
		if len(seen.Menu) == 0 || len(role.Def.Menu) > 0 && !slices.Equal(seen.Menu, role.Def.Menu) {
			t.Errorf("%s: the menu is %v, stated is %v", key, seen.Menu, role.Def.Menu)
		}
	}
}

// TestDemoFitsItsForms puts every record of the demo through its form: values that decode, defaults,
// computed values, validation; and each record it names made before.
func TestDemoFitsItsForms(t *testing.T) {
	compiled := compile(t, "crm")
	s := demo(t)
	people, err := org.NewSnapshot(1, s.People, s.Units, s.Zones)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, u := range s.People {
		known["$user "+string(u.ID)] = true
	}
	for _, u := range s.Units {
		known["$unit "+string(u.ID)] = true
	}
	shown := 0
	complain := func(r sample.Record, what any) {
		if shown++; shown <= 20 {
			t.Errorf("%s: %v", r.Ref, what)
		}
	}
	for r := range s.Records() {
		form := compiled.Forms[r.Form]
		raw, _ := plain(r.Values, func(kind, name string) {
			if kind != "$file" && !known[kind+" "+name] {
				complain(r, "names "+kind+" "+name)
			}
		}).(map[string]any)
		values, issues := form.DecodeValues(raw)
		ctx := expr.Context{Now: r.At, Zone: shanghai, Actor: value.SystemActor("demo")}
		issues = append(issues, form.Defaults(values, ctx)...)
		issues = append(issues, form.Compute(values, ctx)...)
		issues = append(issues, form.Validate(values, nil, ctx)...)
		for _, issue := range issues {
			complain(r, issue.Error())
		}
		if _, ok := people.User(value.ID(r.By)); r.By != "" && !ok {
			complain(r, "made by nobody: "+r.By)
		}
		if known["$ref "+r.Ref] {
			complain(r, "comes twice")
		}
		known["$ref "+r.Ref] = true
		if r.Form == "salesOrder" && values["planDifference"] != int64(0) {
			complain(r, fmt.Sprintf("plan differs by %v", values["planDifference"]))
		}
	}
}

// plain puts the names of records, people and units in the place of the ids that a loader would put there.
func plain(v any, named func(kind, name string)) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e, named)
		}
		return out
	case map[string]any:
		for _, kind := range []string{"$ref", "$user", "$unit", "$file"} {
			if name, ok := v[kind].(string); ok {
				named(kind, name)
				if kind == "$file" {
					return "f1" // its name is no id
				}
				return strings.ReplaceAll(name, ":", "-") // an id has no colon
			}
		}
		out := map[string]any{}
		for k, e := range v {
			out[k] = plain(e, named)
		}
		return out
	}
	return v
}
