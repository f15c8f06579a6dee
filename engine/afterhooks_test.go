package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func after(on string) string { return `"kind": "hook", "hook": {"on": ["` + on + `"]}` }

// hooked lets everything run that was set off, as often as it is handed out.
func (w *world) hooked() {
	w.Helper()
	must(w.TB, w.RunLate(w.Context()))
	must(w.TB, w.RunHooks(w.Context()))
}

// titles are all books with their notes, in order.
func (w *world) titles() string {
	w.Helper()
	list, err := w.Records.List(w.Context(), value.SystemActor("test"), record.ListRequest{Form: "book", Sort: "title", Limit: 100})
	must(w.TB, err)
	var out []string
	for _, r := range list.Records {
		out = append(out, fmt.Sprint(r.Values["title"], "=", r.Values["note"]))
	}
	return strings.Join(out, " ")
}

// failures are the scripts that have failed for good, as an administrator reads of them.
func (w *world) failures() []engine.FailedHook {
	w.Helper()
	found, next, err := w.FailedHooks(w.Context(), w.boss(), "", 100)
	must(w.TB, err)
	if next != "" {
		w.Errorf("more after %s", next)
	}
	return found
}

// What is handed out twice runs once, with the rights of whoever saved, and sees what was saved.
func TestAHookAfterACommitRunsOnce(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/made": {after("afterCreate"), `if record.title ~= "made" then create("book", {title = "made", note = event .. " of " .. record.title .. " by " .. actor.id}) end`},
		"book/changed": {`"kind": "hook", "hook": {"on": ["afterUpdate"], "fields": ["count"], "when": "count > 1"}`,
			`update("book", record.id, {note = tostring(old.count) .. " to " .. tostring(record.count)})`},
		"book/gone": {after("afterDelete"), `create("book", {title = "gone", note = record.title})`},
	})
	w.twice = true
	made := w.make("kim", "book", map[string]any{"title": "tides", "count": "1"})
	w.hooked()
	if got := w.titles(); got != "made=afterCreate of tides by kim tides=<nil>" {
		t.Errorf("made: %s", got)
	}
	for _, change := range []map[string]any{{"price": "3"}, {"count": "0"}, {"count": "7"}} {
		seen := w.get("book", made.ID)
		_, err := w.Records.Update(t.Context(), w.actor("kim"), "book", made.ID, seen.Version, record.Input{Values: change})
		must(t, err)
	}
	w.hooked()
	if got := w.get("book", made.ID); got.Values["note"] != "0 to 7" || got.Version != 5 {
		t.Errorf("changed: %v in version %d", got.Values["note"], got.Version)
	}
	must(t, w.Records.Delete(t.Context(), w.actor("kim"), "book", made.ID, 5, ""))
	w.hooked()
	if got := w.titles(); got != "gone=tides made=afterCreate of tides by kim made=afterCreate of gone by kim" {
		t.Errorf("gone: %s", got)
	}
	if found := w.failures(); len(found) > 0 {
		t.Errorf("failed: %+v", found)
	}
	w.clean()
}

// What has happened before a script was published sets it off as little as what its condition leaves out.
func TestAHookAfterACommitHearsNothingOld(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	w.make("kim", "book", map[string]any{"title": "old"})
	w.hooked()
	w.pass(time.Minute)
	_, err := w.Apps.Install(t.Context(), withScripts("2.0.0", map[string][2]string{"book/made": {after("afterCreate"), `update("book", record.id, {note = "seen"})`}}))
	must(t, err)
	w.make("kim", "book", map[string]any{"title": "new"})
	w.hooked()
	if got := w.titles(); got != "new=seen old=<nil>" {
		t.Error(got)
	}
}

// What the engine does by itself sets hooks off as people's saves do. They run as the part of it that saved, which no
// role limits: what they write says so in its history, and whom it was set off by is told to them.
func TestWhatTheEngineSavesSetsHooksOffAsTheEngine(t *testing.T) {
	count := `create("book", {title = event .. " by " .. actor.id .. " sees " .. #query("book", {filter = "title == 'theirs'"}), keeper = "kim"})`
	files := withJob("2.0.0", batched+`, "batch": {"filter": "title == 'mine'"}`, `record.note = "by night"`, "")
	for _, moment := range []string{"beforeUpdate", "afterUpdate"} {
		files["forms/book/scripts/"+strings.ToLower(moment)+".json"] = []byte(`{"key": "` + strings.ToLower(moment) + `", "form": "book", "label": {"zh-CN": "x", "en": "x"}, "kind": "hook", "hook": {"on": ["` + moment + `"]}}`)
		files["forms/book/scripts/"+strings.ToLower(moment)+".lua"] = []byte(count)
	}
	w := newWorldWith(t, newBox(t))
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	_, err := w.Apps.Install(t.Context(), files)
	must(t, err)
	mine := w.make("kim", "book", map[string]any{"title": "mine", "keeper": "kim"})
	w.make("lib", "book", map[string]any{"title": "theirs", "keeper": "lib"})
	_, err = w.Records.Update(t.Context(), w.actor("kim"), "book", mine.ID, 1, record.Input{Values: map[string]any{"count": "1"}})
	must(t, err)
	w.hooked()
	if got := w.titles(); !strings.HasPrefix(got, "afterUpdate by kim sees 0=<nil> beforeUpdate by kim sees 0=<nil>") {
		t.Errorf("whoever saves: %s", got)
	}
	if j := w.night(); j.State != job.Done || j.Counts["changed"] != 1 {
		t.Fatalf("%+v", j)
	}
	w.hooked()
	if got := w.titles(); !strings.Contains(got, "afterUpdate by system:schedule sees 1=<nil>") || !strings.Contains(got, "beforeUpdate by system:schedule sees 1=<nil>") {
		t.Errorf("the engine: %s", got)
	}
	list, err := w.Records.List(t.Context(), w.actor("lib"), record.ListRequest{Form: "book"})
	must(t, err)
	for _, one := range list.Records {
		title := fmt.Sprint(one.Values["title"])
		history, err := w.Records.History(t.Context(), w.actor("lib"), "book", one.ID, "", 10)
		must(t, err)
		if by := string(history.Entries[0].Actor.ID); strings.Contains(title, " by ") && !strings.Contains(title, " by "+by+" ") {
			t.Errorf("%q was written by %s", title, by)
		}
	}
}

// A circle through commits ends at the depth that scripts have.
func TestACircleThroughCommitsEnds(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/endless": {after("afterUpdate"), `update("book", record.id, {note = (record.note or "") .. "!"})`}})
	one := w.make("kim", "book", map[string]any{"title": "a"})
	_, err := w.Records.Update(t.Context(), w.actor("kim"), "book", one.ID, 1, record.Input{Values: map[string]any{"count": "1"}})
	must(t, err)
	w.hooked()
	if got := w.titles(); got != "a=!!!!" {
		t.Error(got)
	}
	if found := w.failures(); len(found) != 1 || found[0].Fault.Code != "script.depth" || found[0].Script != "book/endless" {
		t.Errorf("failed: %+v", found)
	}
}

// A script that fails is put aside for administrators, who hear of it, mend it and have it run again; what
// follows goes on meanwhile.
func TestAFailedHookWaitsForAnAdministrator(t *testing.T) {
	scripts := map[string][2]string{"book/made": {after("afterCreate"), "local x = nil\nif record.title == 'bad' then return x.y end\nupdate('book', record.id, {note = 'seen'})"}}
	w := scripted(t, scripts)
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	bad := w.make("kim", "book", map[string]any{"title": "bad"})
	w.make("kim", "book", map[string]any{"title": "good"})
	w.hooked()
	found := w.failures()
	if w.titles() != "bad=<nil> good=seen" || len(found) != 1 {
		t.Fatalf("%s, failed %+v", w.titles(), found)
	}
	one := found[0]
	if one.Record != bad.ID || one.Actor != "kim" || one.Event != "afterCreate" || one.Tries != 1 || one.Fault.Code != "script.failed" || one.Fault.Line != 2 || !strings.Contains(one.Fault.Source, "x.y") {
		t.Errorf("%+v", one)
	}
	if got := w.told("root"); len(got) != 1 || got[0] != "The script “book/made” has failed after a save. Look at it among the failures." {
		t.Errorf("root hears %v", got)
	}
	if _, _, err := w.FailedHooks(t.Context(), w.actor("kim"), "", 1); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("kim reads failures: %v", err)
	}
	scripts["book/made"] = [2]string{after("afterCreate"), "update('book', record.id, {note = 'mended'})"}
	_, err := w.Apps.Install(t.Context(), withScripts("2.1.0", scripts))
	must(t, err)
	must(t, w.RetryHook(t.Context(), w.boss(), one.ID))
	w.hooked()
	if found := w.failures(); w.titles() != "bad=mended good=seen" || len(found) > 0 {
		t.Errorf("%s, failed %+v", w.titles(), found)
	}
	if err := w.DropHook(t.Context(), w.boss(), one.ID); fault.CodeOf(err) != "script.failureUnknown" {
		t.Errorf("dropped: %v", err)
	}
}

// What may pass is tried again by and by, and given up in the end.
func TestAHookIsTriedAgain(t *testing.T) {
	w := scripted(t, map[string][2]string{"shelf/made": {after("afterCreate"), `create("book", {title = record.name, code = record.name})`}})
	taken := w.make("lib", "book", map[string]any{"title": "x", "code": "first"})
	w.make("lib", "book", map[string]any{"title": "y", "code": "second"})
	w.make("lib", "shelf", map[string]any{"name": "first"})
	w.make("lib", "shelf", map[string]any{"name": "second"})
	w.hooked()
	if w.titles() != "x=<nil> y=<nil>" || len(w.failures()) > 0 {
		t.Fatalf("%s, %v", w.titles(), w.failures())
	}
	must(t, w.Records.Delete(t.Context(), w.actor("lib"), "book", taken.ID, 1, ""))
	for range 6 {
		w.pass(15 * time.Minute)
		w.hooked()
	}
	found := w.failures()
	if w.titles() != "first=<nil> y=<nil>" || len(found) != 1 || found[0].Fault.Code != "record.taken" || found[0].Tries != 6 {
		t.Errorf("%s, failed %+v", w.titles(), found)
	}
	must(t, w.DropHook(t.Context(), w.boss(), found[0].ID))
	if len(w.failures()) > 0 {
		t.Error("it is there still")
	}
}

// A script after a commit changes nothing of the record and refuses nothing; whoever has left runs nothing.
func TestWhatAHookAfterACommitMayNot(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/sets":    {`"kind": "hook", "hook": {"on": ["afterCreate"], "when": "title == \"sets\""}`, `record.note = "x"`},
		"book/refuses": {`"kind": "hook", "hook": {"on": ["afterCreate"], "when": "title == \"refuses\""}`, `fail("no", "Not so")`},
		"book/rights":  {`"kind": "hook", "hook": {"on": ["afterCreate"], "when": "title == \"rights\""}`, `create("shelf", {name = "x"})`},
		"book/left":    {`"kind": "hook", "hook": {"on": ["afterCreate"], "when": "title == \"left\""}`, `update("book", record.id, {note = "x"})`},
	})
	for _, title := range []string{"sets", "refuses", "rights"} {
		w.make("kim", "book", map[string]any{"title": title})
	}
	w.make("lib", "book", map[string]any{"title": "left"})
	w.staff(org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true}, org.User{ID: "lib", Username: "lib", Name: "Lib"})
	w.hooked()
	got := map[string]string{}
	for _, one := range w.failures() {
		got[one.Script] = one.Fault.Code + " " + one.Fault.Text
	}
	want := map[string]string{
		"book/sets": "script.changedAfter ", "book/refuses": "script.refusedAfter ", "book/rights": "script.effect record.mayNotCreate", "book/left": "script.actorGone ",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("failed %v\nwant %v", got, want)
	}
	w.clean()
}
