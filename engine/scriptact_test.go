package engine_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// An action is a button: offered to whom it is for, refused to others, one change with all that it entails.
func TestAScriptIsAnAction(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/lend": {`"kind": "action", "action": {"on": "record", "reason": true, "when": "note == nil",
			"args": [{"key": "to", "label": {"zh-CN": "借给", "en": "Lend to"}, "kind": "text"}]}`, `
record.note = "lent to " .. (args.to or "nobody")
create("shelf", {name = record.note, floor = actor.id})`},
		"book/peek":  {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `log(record.title)`},
		"book/break": {`"kind": "action", "action": {"on": "records"}`, `record.title = nil`},
		"book/upper": {`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, `if record.note then record.code = record.note:upper() end`},
	})
	lib := w.actor("lib")
	one := w.make("lib", "book", map[string]any{"title": "tides"})
	if !slices.Equal(one.Rights.Actions, []string{"break", "lend"}) {
		t.Fatalf("offered %v", one.Rights.Actions)
	}
	for _, c := range []struct {
		action string
		in     record.ActInput
		code   string
	}{
		{"lend", record.ActInput{}, "action.reason"},
		{"peek", record.ActInput{}, "action.mayNot"},
		{"break", record.ActInput{}, "record.invalid"},
		{"nothing", record.ActInput{}, "action.unknown"},
	} {
		if _, err := w.Records.Act(t.Context(), lib, "book", one.ID, c.action, c.in); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.action, err, c.code)
		}
	}
	got, err := w.Records.Act(t.Context(), lib, "book", one.ID, "lend", record.ActInput{Reason: "why not", Args: map[string]any{"to": "Kim"}})
	if err != nil || got.Values["note"] != "lent to Kim" || got.Values["code"] != "LENT TO KIM" || got.Version != 2 || slices.Contains(got.Rights.Actions, "lend") {
		t.Fatalf("%+v %v", got, err)
	}
	shelves, err := w.Records.List(t.Context(), lib, record.ListRequest{Form: "shelf"})
	if err != nil || len(shelves.Records) != 1 || shelves.Records[0].Values["floor"] != "lib" {
		t.Errorf("%+v %v", shelves, err)
	}
	history, err := w.Records.History(t.Context(), lib, "book", one.ID, "", 0)
	if err != nil || history.Entries[0].Action != "lend" || history.Entries[0].Reason != "why not" {
		t.Errorf("%+v %v", history, err)
	}
	// On many, each by itself.
	two := w.make("lib", "book", map[string]any{"title": "two"})
	outcomes, _, err := w.Bulk(t.Context(), lib, engine.BulkRequest{Form: "book", Action: "lend", IDs: []value.ID{one.ID, two.ID}, Reason: "all"}, nil)
	if err != nil || len(outcomes) != 2 || fault.CodeOf(outcomes[0].Err) != "action.mayNot" || !outcomes[1].Changed {
		t.Errorf("%+v %v", outcomes, err)
	}
	// An action that changes nothing leaves no line.
	kims := w.make("kim", "book", map[string]any{"title": "mine"})
	if got, err := w.Records.Act(t.Context(), w.actor("kim"), "book", kims.ID, "peek", record.ActInput{}); err != nil || got.Version != 1 {
		t.Errorf("%+v %v", got, err)
	}
	w.clean()
}

// Whoever may run an action but not change the record changes nothing by it.
func TestAnActionGivesNoRights(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"shelf/raise": {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `record.floor = "top"`},
		"shelf/other": {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `update("shelf", record.id, {floor = "top"})`},
	})
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak"})
	if _, err := w.Records.Act(t.Context(), w.actor("kim"), "shelf", shelf.ID, "raise", record.ActInput{}); fault.CodeOf(err) != "record.mayNot" {
		t.Errorf("%v", err)
	}
	_, err := w.Records.Act(t.Context(), w.actor("kim"), "shelf", shelf.ID, "other", record.ActInput{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "script.twice" && f.Code != "script.effect" {
		t.Errorf("%v", err)
	}
	if got := w.get("shelf", shelf.ID); got.Version != 1 {
		t.Errorf("version %d", got.Version)
	}
}

// A script does actions of other records: with the caller's rights, together with the save or not at all, each once,
// and never deeper than hooks may set off hooks.
func TestAScriptActs(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/lend": {`"kind": "action", "action": {"on": "record", "reason": true, "when": "note == nil", "args": [{"key": "to", "label": {"zh-CN": "借给", "en": "Lend to"}, "kind": "text"}]}`,
			`record.note = "lent to " .. (args.to or "nobody")`},
		"book/peek": {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `log(record.title)`},
		"book/next": {`"kind": "action", "action": {"on": "record"}`, `
local following = query("book", {filter = "title == '" .. record.title .. "+'"})[1]
if following then act("book", following.id, "next") else record.note = "the last" end`},
		"shelf/lendAll": {always, `
for _, book in ipairs(query("book", {filter = "shelf == '" .. (record.id or "") .. "'"})) do
  act("book", book.id, args and args.how or record.name, {to = "Kim", reason = "the shelf goes"})
end`},
	})
	lib := w.actor("lib")
	shelf := w.make("lib", "shelf", map[string]any{"name": "new"})
	one := w.make("lib", "book", map[string]any{"title": "tides", "shelf": string(shelf.ID)})
	two := w.make("lib", "book", map[string]any{"title": "waves", "shelf": string(shelf.ID)})
	rename := func(version int64, name string) error {
		_, err := w.Records.Update(t.Context(), lib, "shelf", shelf.ID, version, record.Input{Values: map[string]any{"name": name}})
		return err
	}
	for _, action := range []string{"nothing", "peek"} {
		if err := rename(1, action); fault.CodeOf(err) != "script.effect" {
			t.Errorf("%s: %v", action, err)
		}
	}
	must(t, rename(1, "lend"))
	for _, id := range []value.ID{one.ID, two.ID} {
		if got := w.get("book", id); got.Values["note"] != "lent to Kim" || got.Version != 2 {
			t.Errorf("lent: %+v", got)
		}
	}
	history, err := w.Records.History(t.Context(), lib, "book", one.ID, "", 0)
	if err != nil || history.Entries[0].Action != "lend" || history.Entries[0].Reason != "the shelf goes" {
		t.Errorf("%+v %v", history.Entries[0], err)
	}
	// What is lent is not offered again: neither the books nor the shelf change.
	if err := rename(2, "lend"); err != nil && fault.CodeOf(err) != "script.effect" {
		t.Errorf("again: %v", err)
	}
	if got := w.get("book", one.ID); got.Version != 2 {
		t.Errorf("a book that is lent has version %d", got.Version)
	}
	// Each calls the next: four deep, and no further.
	var first *record.View
	for _, title := range []string{"a", "a+", "a++", "a+++"} {
		made := w.make("lib", "book", map[string]any{"title": title})
		if first == nil {
			first = made
		}
	}
	if _, err := w.Records.Act(t.Context(), lib, "book", first.ID, "next", record.ActInput{}); err != nil {
		t.Errorf("four deep: %v", err)
	}
	w.make("lib", "book", map[string]any{"title": "a++++"})
	_, err = w.Records.Act(t.Context(), lib, "book", first.ID, "next", record.ActInput{})
	if deepest := deepestCode(err); deepest != "script.depth" {
		t.Errorf("five deep: %v", err)
	}
}

// deepestCode is the code of the first fault of all that led to one.
func deepestCode(err error) (code string) {
	for err != nil {
		var f *fault.Error
		if !errors.As(err, &f) {
			return code
		}
		code, err = f.Code, errors.Unwrap(f)
	}
	return code
}

// An action on a form is about no record: whoever it is for makes several records by it at once, or none.
func TestAScriptIsAnActionOnAForm(t *testing.T) {
	label := `"label": {"zh-CN": "x", "en": "x"}`
	w := scripted(t, map[string][2]string{
		"book/stock": {`"kind": "action", "action": {"on": "form", "reason": true, "args": [
			{"key": "count", ` + label + `, "kind": "number", "required": true}, {"key": "name", ` + label + `, "kind": "text"}]}`, `
if record ~= nil or old ~= nil then error("there is no record") end
if tonumber(args.count) > 3 then fail("tooMany", "Too many", "count") end
if args.name == "" then fail("nameless", "No name", "title") end
for n = 1, tonumber(args.count) do create("book", {title = (args.name or "new") .. " " .. n}) end
for _, one in ipairs(query("book", {filter = "title == 'old'"})) do update("book", one.id, {note = "stocked"}) end
if args.name == "told" then notify(actor.id, "done") end`},
		"book/wish":  {`"kind": "action", "action": {"on": "form", "roles": ["keeper"]}`, `create("book", {title = "wished"})`},
		"book/never": {`"kind": "action", "action": {"on": "form", "when": "actor.id == \"kim\""}`, `create("book", {title = "never"})`},
		"book/throw": {`"kind": "action", "action": {"on": "form"}`, `for _, one in ipairs(query("book", {filter = "title == 'mine'"})) do delete("book", one.id) end`},
		"book/check": {always, `if record.title == "bad 2" then fail("bad", "Bad", "title") end`},
	})
	lib, kim := w.actor("lib"), w.actor("kim")
	do := func(actor value.Actor, action string, in record.ActInput) (*record.FormActed, error) {
		return w.Records.ActOnForm(t.Context(), actor, "book", action, in)
	}
	count := func() int {
		page, err := w.Records.List(t.Context(), lib, record.ListRequest{Form: "book"})
		must(t, err)
		return len(page.Records)
	}
	old := w.make("lib", "book", map[string]any{"title": "old"})

	// The catalog tells of what may be done now; a record is offered none of it, and neither are many.
	told := w.described("lib", "book")
	if !told["stock"].OnForm || told["stock"].Many || told["stock"].Ask.Reason != record.RequiredReason || len(told["stock"].Ask.Args) != 2 {
		t.Errorf("%+v", told["stock"])
	}
	for _, hidden := range []string{"wish", "never"} {
		if _, there := told[hidden]; there {
			t.Errorf("%s is offered", hidden)
		}
	}
	if len(old.Rights.Actions) != 0 {
		t.Errorf("a record offers %v", old.Rights.Actions)
	}
	if _, _, err := w.Bulk(t.Context(), lib, engine.BulkRequest{Form: "book", Action: "stock", IDs: []value.ID{old.ID}}, nil); fault.CodeOf(err) != "action.unknown" {
		t.Errorf("on many: %v", err)
	}
	if _, err := w.Records.Act(t.Context(), lib, "book", old.ID, "stock", record.ActInput{}); fault.CodeOf(err) != "action.unknown" {
		t.Errorf("on one: %v", err)
	}

	some := map[string]any{"count": json.Number("2")}
	for _, c := range []struct {
		name   string
		actor  value.Actor
		action string
		in     record.ActInput
		code   string
		path   string
	}{
		{"without the reason", lib, "stock", record.ActInput{Args: some}, "action.reason", ""},
		{"without what it asks for", lib, "stock", record.ActInput{Reason: "r"}, "action.args", "/args/count"},
		{"with what it does not ask for", lib, "stock", record.ActInput{Reason: "r", Args: map[string]any{"count": json.Number("1"), "more": "x"}}, "action.args", "/args/more"},
		{"refused, at what it asks for", lib, "stock", record.ActInput{Reason: "r", Args: map[string]any{"count": json.Number("4")}}, "action.refused", "/args/count"},
		{"refused, at nothing it knows", lib, "stock", record.ActInput{Reason: "r", Args: map[string]any{"count": json.Number("1"), "name": ""}}, "action.refused", "/args"},
		{"one of several is refused", lib, "stock", record.ActInput{Reason: "r", Args: map[string]any{"count": json.Number("2"), "name": "bad"}}, "script.effect", ""},
		{"of another role", lib, "wish", record.ActInput{}, "action.mayNotNow", ""},
		{"not now", lib, "never", record.ActInput{}, "action.mayNotNow", ""},
		{"unknown", lib, "nothing", record.ActInput{}, "action.unknown", ""},
		{"on a record only", lib, "check", record.ActInput{}, "action.unknown", ""},
	} {
		_, err := do(c.actor, c.action, c.in)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != c.code || c.path != "" && (len(f.Issues) != 1 || f.Issues[0].Path != c.path) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := count(); n != 1 {
		t.Fatalf("refused, and yet there are %d records", n)
	}

	once := &record.Once{Key: "k", Route: "POST x", Hash: []byte("h")}
	got, err := do(lib, "stock", record.ActInput{Reason: "new year", Args: some, Once: once})
	must(t, err)
	if len(got.Records) != 3 || !got.Records[0].Created || !got.Records[1].Created || got.Records[2].Created || got.Records[2].ID != old.ID {
		t.Fatalf("%+v", got)
	}
	if again, err := do(lib, "stock", record.ActInput{Reason: "new year", Args: some, Once: once}); err != nil || !slices.Equal(again.Records, got.Records) || count() != 3 {
		t.Errorf("sent again: %+v %v, %d records", again, err, count())
	}
	history, err := w.Records.History(t.Context(), lib, "book", got.Records[0].ID, "", 0)
	if err != nil || history.Entries[0].Reason != "new year" || history.Entries[0].Actor.ID != "lib" {
		t.Errorf("%+v %v", history, err)
	}
	// What is thrown away is not named; what does nothing is done well.
	w.make("lib", "book", map[string]any{"title": "mine"})
	for range 2 {
		if got, err := do(lib, "throw", record.ActInput{}); err != nil || len(got.Records) != 0 {
			t.Errorf("%+v %v", got, err)
		}
	}
	if got, err := do(kim, "wish", record.ActInput{}); err != nil || len(got.Records) != 1 {
		t.Errorf("by a keeper: %+v %v", got, err)
	}
	w.clean()
}

// What an action on a form may not say of itself is found before it is published.
func TestAnActionOnAFormIsChecked(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	_, err := w.Apps.Install(t.Context(), withScripts("2.1.0", map[string][2]string{
		"book/go": {`"kind": "action", "action": {"on": "form", "when": "title == \"x\""}`, `log("x")`},
	}))
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Issues) != 1 || f.Issues[0].Path != "/action/when" {
		t.Errorf("%v", err)
	}
	files := withScripts("2.1.0", map[string][2]string{"book/go": {`"kind": "action", "action": {"on": "form"}`, `create("book", {title = args.name or "x"}) if args.bad then fail("bad", "Bad", "bad") end`}})
	files["forms/book/scripts/go.test.json"] = []byte(`{"cases": [
		{"name": "It makes a book", "given": {"args": {"name": "y"}}, "expect": {"effects": [{"op": "create", "form": "book", "values": {"title": "y"}}]}},
		{"name": "It refuses", "given": {"args": {"bad": true}}, "expect": {"issues": [{"path": "/args", "code": "bad"}], "effects": [{"op": "create"}]}},
		{"name": "It has no record", "given": {"record": {"title": "z"}}, "expect": {"values": {"title": "z"}}}]}`)
	_, err = w.Apps.Install(t.Context(), files)
	if !errors.As(err, &f) || len(f.Issues) != 2 || f.Issues[0].Code != "test.unsuited" || f.Issues[0].Path != "/cases/2/given/record" || f.Issues[1].Path != "/cases/2/expect/values" {
		t.Errorf("%v", err)
	}
}
