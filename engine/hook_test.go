package engine_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/script/scripttest"
	"tidewater/engine/value"
)

// TestMain lets this test binary be the worker that scripts run in.
func TestMain(m *testing.M) { scripttest.Main(m) }

// newBox returns a tenant's place for scripts.
func newBox(t *testing.T) *script.Box {
	t.Helper()
	return scripttest.Pool(t, time.Now).Box("library")
}

// scripted is a world whose app has scripts: by "form/key", the settings and the Lua.
func scripted(t *testing.T, scripts map[string][2]string) *world {
	t.Helper()
	w := newWorldWith(t, newBox(t))
	_, err := w.Apps.Install(t.Context(), withScripts("2.0.0", scripts))
	must(t, err)
	return w
}

func withScripts(version string, scripts map[string][2]string) catalog.Bundle {
	files := bundle(version)
	for name, one := range scripts {
		form, key, _ := strings.Cut(name, "/")
		at := "forms/" + form + "/scripts/" + key
		files[at+".json"] = []byte(`{"key": "` + key + `", "form": "` + form + `", "label": {"zh-CN": "x", "en": "x"}, ` + one[0] + `}`)
		files[at+".lua"] = []byte(one[1])
	}
	return files
}

const always = `"kind": "hook", "hook": {"on": ["beforeCreate", "beforeUpdate"]}`

func (w *world) trying(actor value.Actor, values map[string]any) error {
	_, err := w.Records.Create(w.Context(), actor, "book", record.Input{Values: values})
	return err
}

// A hook refuses with paths, sets what it may, and makes other records with the save or not at all.
func TestAHookIsAStepOfTheSave(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/shelve": {always, `
if record.title == "forbidden" then
  fail("no", {en = "Not that one", ["zh-CN"] = "不行"}, "title")
  fail("never", "Never", "nothing")
end
record.code = record.title:upper()
if not old then
  local shelf = create("shelf", {name = "for " .. record.title, floor = "3"})
  record.note = shelf
end
record.price = decimal("12.50") * 2`}})
	lib := w.actor("lib")
	err := w.trying(lib, map[string]any{"title": "forbidden"})
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Issues) != 2 || f.Issues[0].Path != "/values/title" || f.Issues[0].Code != "script.refused" || f.Issues[1].Path != "/values" {
		t.Fatalf("refused: %v", err)
	}
	made := w.make("lib", "book", map[string]any{"title": "tides"})
	if made.Values["code"] != "TIDES" || made.Values["price"] != "25.00" || made.Values["worth"] != "25.00" {
		t.Errorf("made %v", made.Values)
	}
	if shelf := w.get("shelf", value.ID(made.Values["note"].(string))); shelf.Values["name"] != "for tides" {
		t.Errorf("the shelf %v", shelf.Values)
	}
	// The save that fails leaves nothing of what its hook wanted.
	if err := w.trying(lib, map[string]any{"title": "tides"}); fault.CodeOf(err) != "record.taken" {
		t.Errorf("taken: %v", err)
	}
	shelves, err := w.Records.List(t.Context(), lib, record.ListRequest{Form: "shelf"})
	if err != nil || len(shelves.Records) != 1 {
		t.Errorf("%d shelves, %v", len(shelves.Records), err)
	}
	w.clean()
}

// What a hook does runs with the rights of whoever saves.
// A hook fills cells of the rows that it sees: those that the save brings, too, and none that it takes away.
func TestAHookChangesTheRowsThatItSees(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/lends": {always, `
local rows = record.loans
for _, row in ipairs(rows) do
  if row.reader == nil then row.reader = "nobody" end
end
record.loans = rows`}})
	lib := w.actor("lib")
	told := func(id value.ID) (out []string, ids []string) {
		r, err := w.store.Get(t.Context(), "book", id)
		must(t, err)
		rows, _ := r.Values["loans"].(value.List)
		for _, one := range rows {
			row, _ := one.(value.Doc)
			out, ids = append(out, row.Text("reader")), append(ids, row.Text("id"))
		}
		return out, ids
	}
	made, err := w.Records.Create(t.Context(), lib, "book", record.Input{Values: map[string]any{
		"title": "Tides", "loans": []any{map[string]any{"day": "2026-04-01"}, map[string]any{"reader": "Ann"}},
	}})
	must(t, err)
	who, ids := told(made.ID)
	if !slices.Equal(who, []string{"nobody", "Ann"}) {
		t.Fatalf("made: %v", who)
	}
	_, err = w.Records.Update(t.Context(), lib, "book", made.ID, made.Version, record.Input{Values: map[string]any{
		"loans": []any{map[string]any{"id": ids[1], "_delete": true}, map[string]any{"day": "2026-04-02"}},
	}})
	must(t, err)
	if who, _ := told(made.ID); !slices.Equal(who, []string{"nobody", "nobody"}) {
		t.Errorf("changed: %v", who)
	}
}

func TestAHookHasItsActorsRights(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/count": {always, `record.note = tostring(#query("book", {filter = "count == 7"}))`},
		"book/shelf": {`"kind": "hook", "hook": {"on": ["beforeUpdate"], "fields": ["shelf"], "order": 5}`, `create("shelf", {name = "x"})`},
	})
	w.make("lib", "book", map[string]any{"title": "one", "count": "7", "keeper": "lib"})
	seen := w.make("lib", "book", map[string]any{"title": "two"})
	unseen := w.make("kim", "book", map[string]any{"title": "three"})
	if seen.Values["note"] != "1" || unseen.Values["note"] != "0" {
		t.Errorf("a librarian counts %v, a keeper %v", seen.Values["note"], unseen.Values["note"])
	}
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak"})
	_, err := w.Records.Update(t.Context(), w.actor("kim"), "book", unseen.ID, unseen.Version, record.Input{Values: map[string]any{"shelf": string(shelf.ID)}})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "script.effect" || fault.CodeOf(f.Cause) != "record.mayNotCreate" || f.Args["line"] != 1 {
		t.Errorf("a keeper makes a shelf: %v", err)
	}
	if got := w.get("book", unseen.ID); got.Version != 1 {
		t.Errorf("version %d", got.Version)
	}
}

// Circles end with a fault that says so: a hook that changes its own record, one that sets itself off on ever
// other records, two that set each other off.
func TestCirclesOfHooksEnd(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/own":     {`"kind": "hook", "hook": {"on": ["beforeUpdate"], "when": "title == \"own\""}`, `update("book", record.id, {note = "x"})`},
		"book/endless": {`"kind": "hook", "hook": {"on": ["beforeCreate"], "when": "title startsWith \"endless\""}`, `create("book", {title = record.title .. "!"})`},
		"book/there":   {`"kind": "hook", "hook": {"on": ["beforeUpdate"], "when": "title == \"there\""}`, `update("shelf", record.shelf, {floor = "9"})`},
		"shelf/back": {`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, `
for _, book in ipairs(query("book", {filter = "title == \"there\""})) do update("book", book.id, {note = "back"}) end`},
	})
	lib := w.actor("lib")
	own := w.make("lib", "book", map[string]any{"title": "own"})
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak"})
	there := w.make("lib", "book", map[string]any{"title": "there", "shelf": string(shelf.ID)})
	for _, c := range []struct {
		name string
		do   func() error
		code string
	}{
		{"its own record", func() error {
			_, err := w.Records.Update(t.Context(), lib, "book", own.ID, 1, record.Input{Values: map[string]any{"note": "y"}})
			return err
		}, "script.twice"},
		{"without end", func() error { return w.trying(lib, map[string]any{"title": "endless"}) }, "script.depth"},
		{"there and back", func() error {
			_, err := w.Records.Update(t.Context(), lib, "book", there.ID, 1, record.Input{Values: map[string]any{"note": "y"}})
			return err
		}, "script.twice"},
	} {
		if err := c.do(); !caused(err, c.code) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	list, err := w.Records.List(t.Context(), lib, record.ListRequest{Form: "book"})
	if err != nil || len(list.Records) != 2 {
		t.Errorf("%d books, %v", len(list.Records), err)
	}
	w.clean()
}

// caused tells whether a fault, or one that led to it, has a code.
func caused(err error, code string) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if fault.CodeOf(err) == code {
			return true
		}
		var f *fault.Error
		if !errors.As(err, &f) {
			return false
		}
		err = f
	}
	return false
}

// A hook may keep a record from being deleted, and change others with the deletion, never the record itself.
func TestHooksOfADeletion(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/keep": {`"kind": "hook", "hook": {"on": ["beforeDelete"]}`, `
if record.note == "keep" then fail("kept", "Keep it") end
if record.note == "change" then record.note = "x" end
if record.shelf then update("shelf", record.shelf, {floor = "empty"}) end`}})
	lib := w.actor("lib")
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak"})
	for note, code := range map[string]string{"keep": "record.invalid", "change": "script.deleting", "": ""} {
		one := w.make("lib", "book", map[string]any{"title": "b" + note, "note": note, "shelf": string(shelf.ID)})
		if err := w.Records.Delete(t.Context(), lib, "book", one.ID, one.Version, ""); fault.CodeOf(err) != code {
			t.Errorf("%q: %v, want %q", note, err, code)
		}
	}
	if got := w.get("shelf", shelf.ID); got.Values["floor"] != "empty" {
		t.Errorf("the shelf %v", got.Values)
	}
	w.clean()
}

// A script that fails is told to people without its text, and to administrators with it.
func TestWhoReadsWhatAScriptSays(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/broken": {always, "local x = nil\nreturn x.secret"}})
	admin := w.actor("lib")
	admin.Admin = true
	for _, c := range []struct {
		actor value.Actor
		reads bool
	}{{w.actor("lib"), false}, {admin, true}} {
		err := w.trying(c.actor, map[string]any{"title": "x"})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != "script.failed" || f.Kind != fault.Invalid || f.Args["line"] != 2 || f.Args["script"] != "book/broken" {
			t.Fatalf("%v", err)
		}
		source, _ := f.Args["source"].(string)
		if reads := strings.Contains(source, "secret"); reads != c.reads {
			t.Errorf("admin %v reads %q", c.actor.Admin, source)
		}
	}
}

// What no worker can read is not published, and says where.
func TestAScriptThatCannotBeReadIsNotPublished(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	for source, want := range map[string]string{
		"local x = \n\nreturn": "script.syntax", "http('a')": "script.http", strings.Repeat("-", 70_000): "script.tooLong",
	} {
		_, err := w.Apps.Install(t.Context(), withScripts("2.0.0", map[string][2]string{"book/x": {always, source}}))
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Issues) == 0 || f.Issues[0].Code != want {
			t.Errorf("%.20q: %v, want %s", source, err, want)
		}
	}
	// Without a place to run, an app with scripts is not taken either.
	bare := newWorld(t)
	if _, err := bare.Apps.Install(t.Context(), withScripts("2.0.0", map[string][2]string{"book/x": {always, ""}})); fault.CodeOf(err) != "script.noWalls" {
		t.Errorf("%v", err)
	}
	if keys := slices.Collect(maps.Keys(w.Catalog().Forms)); len(keys) != 2 {
		t.Errorf("published %v", keys)
	}
}
