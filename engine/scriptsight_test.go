package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A hook gets of the record, and of every other, what whoever saves sees of it: a field that is hidden from them is
// nowhere, in no filter, order, group or sum, and is not set; whoever sees all gets all.
func TestAHookSeesWhatItsActorSees(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	install := func(version, hook string) error {
		files := withScripts(version, map[string][2]string{"book/look": {`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, hook}})
		keeper := string(files["roles/keeper.json"])
		files["roles/keeper.json"] = []byte(strings.Replace(keeper, `"book": {"create": true,`, `"book": {"create": true, "fields": {"price": "hidden", "code": "readOnly"},`, 1))
		_, err := w.Apps.Install(t.Context(), files)
		return err
	}
	must(t, install("2.0.0", `-- nothing yet`))
	mine := w.make("lib", "book", map[string]any{"title": "mine", "price": "12.50", "keeper": "kim"})
	w.make("lib", "book", map[string]any{"title": "theirs", "price": "7.50"})
	id := string(mine.ID)
	for n, c := range []struct {
		name, hook string
		lib, kim   any // the note, or the fault's code
	}{
		{"the record", `record.note = tostring(record.price) .. "/" .. tostring(old.price)`, "12.50/12.50", "nil/nil"},
		{"the record as another", `record.note = tostring(get("book", record.id).price) .. tostring(get_many("book", {record.id})[record.id].price)`, "12.5012.50", "nilnil"},
		{"a list", `record.note = #query("book") .. tostring(query("book", {sort = "title"})[1].price)`, "212.50", "1nil"},
		{"a filter", `record.note = tostring(#query("book", {filter = "price > 1"}))`, "2", "script.failed"},
		{"an order", `record.note = query("book", {sort = "price"})[1].title`, "theirs", "script.failed"},
		{"a sum", `record.note = tostring(aggregate("book", {metrics = {{op = "sum", field = "price"}}})[1].metrics[1])`, "20.00", "script.failed"},
		{"a group", `record.note = tostring(#aggregate("book", {group = {{field = "price"}}, metrics = {{op = "count"}}}))`, "2", "script.failed"},
		{"a count", `record.note = tostring(aggregate("book", {metrics = {{op = "count"}}})[1].metrics[1])`, "2", "1"},
		{"setting what is hidden", `record.note = "set" record.price = decimal("1.00")`, "set", "record.invalid"},
		{"setting what is read only", `record.note = "set" record.code = "x"`, "set", "record.invalid"},
	} {
		must(t, install(fmt.Sprintf("2.0.%d", n+1), c.hook))
		for who, want := range map[value.ID]any{"lib": c.lib, "kim": c.kim} {
			before := w.get("book", mine.ID)
			got, err := w.Records.Update(t.Context(), w.actor(who), "book", mine.ID, before.Version, record.Input{Values: map[string]any{"count": json.Number(fmt.Sprint(before.Version))}})
			var said any = fault.CodeOf(err)
			if err == nil {
				said = got.Values["note"]
			}
			if said != want {
				t.Errorf("%s, by %s: %v, want %v (%v)", c.name, who, said, want, err)
			}
		}
	}
	if got := w.get("book", value.ID(id)); got.Values["price"] != "1.00" { // by the librarian
		t.Errorf("the price is %v", got.Values["price"])
	}
	w.clean()
}

// A script asks whom somebody reports to; those who left are passed over.
func TestAScriptAsksForAManager(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/tell": {always, `
record.note = tostring(manager_of(record.title))
if record.title == "wrong" then manager_of(7) end`}})
	person := func(id, manager value.ID, unit value.ID, active bool) org.User {
		return org.User{ID: id, Username: string(id), Name: string(id), Roles: []string{"librarian"}, Active: active, Manager: manager, Unit: unit}
	}
	units := []org.Unit{{ID: "u", Name: map[string]string{"en": "U"}, Manager: "head"}}
	users := []org.User{person("lib", "", "", true), person("head", "", "u", true), person("gone", "", "u", false), person("a", "lib", "u", true), person("b", "gone", "u", true)}
	people, err := org.NewSnapshot(2, users, units, nil)
	must(t, err)
	w.mu.Lock()
	w.people = people
	w.mu.Unlock()
	for title, want := range map[string]string{"a": "lib", "b": "head", "head": "nil", "nobody": "nil"} {
		if got := w.make("lib", "book", map[string]any{"title": title}); got.Values["note"] != want {
			t.Errorf("of %s: %v, want %s", title, got.Values["note"], want)
		}
	}
	var f *fault.Error
	if err := w.trying(w.actor("lib"), map[string]any{"title": "wrong"}); !errors.As(err, &f) || f.Code != "script.failed" || f.Args["line"] != 3 {
		t.Errorf("%v", err)
	}
}
