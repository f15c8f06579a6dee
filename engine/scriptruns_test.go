package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// A script is tried on a record on hand: what it would do, what it used, how it differs from what is published;
// nothing is written, and it comes to the same when it is replayed after everything has changed.
func TestAScriptIsTriedAndReplayed(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/price": {always, `record.price = decimal("1.10") * (record.count or 1)`}})
	admin := w.actor("lib")
	admin.Admin = true
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak", "floor": "2"})
	book := w.make("lib", "book", map[string]any{"title": "tides", "count": "3", "shelf": string(shelf.ID)})
	draft := map[string]string{"forms/book/scripts/price.lua": `
local shelf = get("shelf", record.shelf)
log("floor", shelf.floor)
record.price = decimal("1.10") * record.count * tonumber(shelf.floor)
update("shelf", record.shelf, {floor = "3"})
create("shelf", {nothing = "x"})
return math.random(100)`}
	req := engine.ScriptRequest{Form: "book", Script: "price", Documents: draft, ScriptTrial: record.ScriptTrial{Actor: admin, ID: book.ID, Values: map[string]any{"count": "4"}}}
	run, err := w.RunScript(t.Context(), req)
	must(t, err)
	if run.Changed["price"] != "8.80" || len(run.Effects) != 2 || run.Effects[0].Code != "" || run.Effects[1].Code != "record.invalid" {
		t.Errorf("it would do %+v %+v", run.Changed, run.Effects)
	}
	if !run.Differs || run.Published == nil || run.Published.Changed["price"] != "4.40" {
		t.Errorf("beside what is published: %+v", run.Published)
	}
	if len(run.Log) != 1 || run.Log[0].Text != "floor 2" || run.Used.Reads != 1 || len(run.Trace) == 0 || run.ID == "" {
		t.Errorf("it reports %+v", run.Report)
	}
	if got := w.get("shelf", shelf.ID); got.Version != 1 {
		t.Errorf("the shelf has version %d", got.Version)
	}
	_, err = w.Records.Update(t.Context(), admin, "shelf", shelf.ID, 1, record.Input{Values: map[string]any{"floor": "9"}})
	must(t, err)
	for range 2 {
		again, err := w.ReplayScript(t.Context(), admin, run.ID)
		must(t, err)
		if !again.Same || again.Changed["price"] != "8.80" || len(again.Log) != 1 {
			t.Errorf("replayed: %+v", again)
		}
	}
	req.Documents = nil
	same, err := w.RunScript(t.Context(), req)
	if err != nil || same.Differs || same.Published != nil {
		t.Errorf("what is published differs from itself: %+v %v", same, err)
	}
	runs, err := w.ScriptRuns(t.Context(), admin)
	if err != nil || len(runs) != 2 || runs[0].ID != same.ID {
		t.Errorf("kept: %+v %v", runs, err)
	}
}

// A run that fails is kept and replayed as well; a whole record over the wire loses no digit.
func TestAFailedRunIsReplayed(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/hook": {always, `
local all = query("book", {filter = "title == \"tides\""})
return all[1].price + 0.5`}, "book/act": {`"kind": "action", "action": {"on": "record"}`, `fail("no", args.why, "note")`}})
	admin := w.actor("lib")
	admin.Admin = true
	run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "hook", ScriptTrial: record.ScriptTrial{Actor: admin, Values: map[string]any{"title": "x"}}})
	if err != nil || run.Fault == nil || run.Fault.Code != "script.failed" || run.Fault.Line != 3 || !strings.Contains(run.Fault.Source, "> 3") {
		t.Fatalf("%+v %v", run, err)
	}
	again, err := w.ReplayScript(t.Context(), admin, run.ID)
	if err != nil || !again.Same || again.Fault == nil || again.Fault.Line != 3 {
		t.Errorf("%+v %v", again, err)
	}
	if _, err := json.Marshal(run); err != nil {
		t.Error(err)
	}
}

func TestTrialsThatAreRefused(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/hook": {always, ``}, "book/act": {`"kind": "action", "action": {"on": "record"}`, ``}})
	lib := w.actor("lib")
	admin := lib
	admin.Admin = true
	other := w.actor("kim")
	other.Admin = true
	mine := w.make("lib", "book", map[string]any{"title": "x"})
	for _, c := range []struct {
		name string
		req  engine.ScriptRequest
		code string
	}{
		{"no administrator", engine.ScriptRequest{Form: "book", Script: "hook", ScriptTrial: record.ScriptTrial{Actor: lib}}, "access.admin"},
		{"no such script", engine.ScriptRequest{Form: "book", Script: "x", ScriptTrial: record.ScriptTrial{Actor: admin}}, "script.unknown"},
		{"no such form", engine.ScriptRequest{Form: "x", Script: "x", ScriptTrial: record.ScriptTrial{Actor: admin}}, "form.unknown"},
		{"not at this moment", engine.ScriptRequest{Form: "book", Script: "hook", ScriptTrial: record.ScriptTrial{Actor: admin, Event: "beforeDelete"}}, "script.event"},
		{"an action on nothing", engine.ScriptRequest{Form: "book", Script: "act", ScriptTrial: record.ScriptTrial{Actor: admin}}, "script.event"},
		{"a record out of sight", engine.ScriptRequest{Form: "book", Script: "hook", ScriptTrial: record.ScriptTrial{Actor: other, ID: mine.ID}}, "record.notFound"},
	} {
		if _, err := w.RunScript(t.Context(), c.req); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "hook", ScriptTrial: record.ScriptTrial{Actor: admin}})
	must(t, err)
	if _, err := w.ReplayScript(t.Context(), other, run.ID); fault.CodeOf(err) != "script.runUnknown" {
		t.Errorf("somebody else's run: %v", err)
	}
	if _, err := w.ScriptRun(t.Context(), value.SystemActor("x"), "\x00"); fault.CodeOf(err) != "script.runUnknown" {
		t.Errorf("%v", err)
	}
}

// What one administrator tries, on however many records, takes no run of another's away: each has room for some requests,
// of which each is kept as one, and its parts are replayed.
func TestRunsOverRecordsAreKeptAsOne(t *testing.T) {
	w := nights(t, batched, `record.count = 1`)
	lib, kim := w.actor("lib"), w.actor("kim")
	lib.Admin, kim.Admin = true, true
	for n := range 20 {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n)})
	}
	try := func(actor value.Actor, id value.ID) *engine.ScriptRun {
		t.Helper()
		run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "night", ScriptTrial: record.ScriptTrial{Actor: actor, ID: id}})
		must(t, err)
		return run
	}
	his := try(kim, w.make("kim", "book", map[string]any{"title": "kim's"}).ID)
	first, last := try(lib, ""), (*engine.ScriptRun)(nil)
	for range 10 {
		last = try(lib, "")
	}
	if again, err := w.ReplayScript(t.Context(), kim, his.ID); err != nil || !again.Same {
		t.Errorf("another's: %+v %v", again, err)
	}
	for _, run := range []*engine.ScriptRun{first, last} {
		if len(run.Records) != 20 {
			t.Fatalf("%d records", len(run.Records))
		}
		for _, one := range []engine.ScriptRun{run.Records[0], run.Records[19]} {
			again, err := w.ReplayScript(t.Context(), lib, one.ID)
			if err != nil || !again.Same || fmt.Sprint(again.Changed["count"]) != "1" {
				t.Errorf("%s: %+v %v", one.ID, again, err)
			}
			if got, err := w.ScriptRun(t.Context(), lib, one.ID); err != nil || got.Record != one.Record {
				t.Errorf("%s: %+v %v", one.ID, got, err)
			}
			if _, err := w.ScriptRun(t.Context(), kim, one.ID); fault.CodeOf(err) != "script.runUnknown" {
				t.Errorf("read by another: %v", err)
			}
		}
	}
	for _, id := range []string{first.Records[0].ID + "0", strings.TrimSuffix(first.Records[0].ID, ".0"), "."} {
		if _, err := w.ScriptRun(t.Context(), lib, id); fault.CodeOf(err) != "script.runUnknown" {
			t.Errorf("%q: %v", id, err)
		}
	}
	for range 45 {
		try(lib, first.Records[0].Record)
	}
	if _, err := w.ScriptRun(t.Context(), lib, first.Records[0].ID); fault.CodeOf(err) != "script.runUnknown" {
		t.Errorf("the oldest is kept: %v", err)
	}
	for _, collection := range []string{"scriptRun", "scriptRunList"} {
		items, err := w.store.Scan(t.Context(), collection, "lib/", "", 500)
		if err != nil || len(items) != 50 {
			t.Errorf("%s: %d, %v", collection, len(items), err)
		}
	}
	if runs, err := w.ScriptRuns(t.Context(), kim); err != nil || len(runs) != 1 || runs[0].ID != his.ID {
		t.Errorf("another's: %+v %v", runs, err)
	}
}
