package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// ran are the runs at work that somebody hears of: script, moment, code and line, and whether they may look into it.
func (w *world) ran(actor value.Actor, of value.ID) (ids []string, told string) {
	w.Helper()
	all, err := w.ScriptsRan(w.Context(), actor, of)
	must(w, err)
	var out []string
	for _, one := range all {
		_, err := w.ScriptRun(w.Context(), actor, one.ID)
		if err != nil && fault.CodeOf(err) != "script.runUnseen" {
			w.Fatal(err)
		}
		ids = append(ids, one.ID)
		out = append(out, fmt.Sprint(one.Script, " ", one.Event, " ", one.Code, " ", one.Line, " ", err == nil))
	}
	return ids, strings.Join(out, "; ")
}

// What a job's script has logged, and over what it broke, is kept with all that it saw, and comes to the same when it is
// repeated, whatever has become of the records; it is shown to whoever would see all of that.
func TestRunsOfAJobAreKeptAndRepeated(t *testing.T) {
	w := nights(t, batched, `
local shelf = query("shelf")[1]
if record.title == "broken" then return record.nothing.x end
if record.title == "logged" then log("price", record.price, shelf and shelf.name) record.note = shelf.name end`)
	w.make("lib", "shelf", map[string]any{"name": "north"})
	broken := w.make("lib", "book", map[string]any{"title": "broken"})
	logged := w.make("lib", "book", map[string]any{"title": "logged", "price": "12.50"})
	w.make("lib", "book", map[string]any{"title": "quiet"})
	lib, kim := w.actor("lib"), w.actor("kim")
	lib.Admin, kim.Admin = true, true
	j := w.night()
	ids, told := w.ran(lib, j.ID)
	if told != "book/night batch  0 true; book/night batch script.failed 3 true" {
		t.Fatal(told)
	}
	if _, told := w.ran(kim, ""); told != "book/night batch  0 false; book/night batch script.failed 3 false" {
		t.Errorf("whoever does not see all: %s", told)
	}
	if _, told := w.ran(lib, "another"); told != "" {
		t.Errorf("of another job: %s", told)
	}
	_, err := w.Records.Update(t.Context(), lib, "book", logged.ID, 2, record.Input{Values: map[string]any{"price": "1.00"}})
	must(t, err)
	_, err = w.Apps.Install(t.Context(), withJob("2.1.0", batched, `log("nothing")`, nightly))
	must(t, err)
	run, err := w.ScriptRun(t.Context(), lib, ids[0])
	must(t, err)
	if run.Record != logged.ID || run.By != "system:schedule" || len(run.Log) != 1 || run.Log[0].Text != "price 12.50 north" || run.Changed["note"] != "north" {
		t.Errorf("%+v %+v", run, run.Tried)
	}
	for _, id := range ids {
		again, err := w.ReplayScript(t.Context(), lib, id)
		if err != nil || !again.Same {
			t.Errorf("repeated: %+v %v", again, err)
		}
		if _, err := w.ReplayScript(t.Context(), kim, id); fault.CodeOf(err) != "script.runUnseen" {
			t.Errorf("repeated by whoever does not see all: %v", err)
		}
		if _, err := w.ScriptRun(t.Context(), kim, id); fault.CodeOf(err) != "script.runUnseen" {
			t.Errorf("looked into by whoever does not see all: %v", err)
		}
	}
	if run, err = w.ScriptRun(t.Context(), lib, ids[1]); err != nil || run.Record != broken.ID || run.Fault.Code != "script.failed" {
		t.Errorf("%+v %v", run, err)
	}
	if _, err := w.ScriptsRan(t.Context(), w.actor("kim"), ""); fault.CodeOf(err) != "access.admin" {
		t.Errorf("no administrator: %v", err)
	}
}

// A turn that fails is kept too, and so is a hook that keeps somebody from saving, which is theirs to look into; one that
// fails for everybody is kept so often in an hour, and what is too large is told of without what it saw.
func TestRunsThatFailAreKept(t *testing.T) {
	w := nights(t, turning, `log(#query("shelf")) create("book", {title = string.rep("x", 100)}) error("oh")`)
	lib, kim := w.actor("lib"), w.actor("kim")
	lib.Admin, kim.Admin = true, true
	if j := w.night(); j.State != job.Failed {
		t.Fatalf("%+v", j)
	}
	if _, told := w.ran(lib, ""); !strings.HasPrefix(told, "book/night schedule script.failed 1 true") {
		t.Errorf("a turn: %s", told)
	}
	files := withScripts("2.1.0", map[string][2]string{
		"book/fragile": {always, `if record.title == "bad" then for n = 1, 20 do get("book", "none") end error("it is bad") end log("fine")`},
		"book/large":   {`"kind": "action", "action": {"on": "form"}, "limits": {"reads": 50}`, `for n = 1, 40 do query("book", {limit = 500}) end error("large")`},
	})
	_, err := w.Apps.Install(t.Context(), files)
	must(t, err)
	bad := record.Input{Values: map[string]any{"title": "bad"}}
	for range 23 {
		if _, err := w.Records.Create(t.Context(), w.actor("kim"), "book", bad); fault.CodeOf(err) != "script.failed" {
			t.Fatal(err)
		}
	}
	const anHour = 20 // of one script, as the engine has it
	fragile := func() (n int) {
		all, err := w.ScriptsRan(t.Context(), kim, "")
		must(t, err)
		for _, one := range all {
			if one.Script == "book/fragile" && one.By == "kim" {
				n++
			}
		}
		return n
	}
	if n := fragile(); n != anHour {
		t.Errorf("%d are kept", n)
	}
	w.pass(time.Hour)
	_, err = w.Records.Create(t.Context(), w.actor("kim"), "book", bad)
	if n := fragile(); n != anHour+1 {
		t.Errorf("%d are kept an hour later (%v)", n, err)
	}
	for n := range 40 {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n), "note": strings.Repeat("n", 200)})
	}
	if _, err := w.Records.ActOnForm(t.Context(), w.actor("lib"), "book", "large", record.ActInput{}); fault.CodeOf(err) != "script.failed" {
		t.Fatal(err)
	}
	_, told := w.ran(lib, "")
	if !strings.HasPrefix(told, "book/large action script.failed 1 false") {
		t.Errorf("a large one: %s", told)
	}
}
