package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
)

// What a script says comes about with its transaction or not at all, and leads to the record.
func TestAScriptTellsPeople(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/tell": {`"kind": "action", "action": {"on": "record"}`, `
notify({"kim", "kim", "nobody"}, {en="Look at {title}.", ["zh-CN"]="请看「{title}」。"}, "book", record.id)`},
		"book/ask": {`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, `
if record.note then notify("kim", "A note: {title}") end
if record.note == "bad" then fail("bad", "no") end`},
	})
	one := w.make("lib", "book", map[string]any{"title": "Tides"})
	_, err := w.Records.Act(t.Context(), w.actor("lib"), "book", one.ID, "tell", record.ActInput{})
	must(t, err)
	w.hears("kim", "Look at a record that you do not see.") // the librarian's book
	w.hears("lib")
	mine := w.make("kim", "book", map[string]any{"title": "Mine"})
	_, err = w.Records.Act(t.Context(), w.actor("kim"), "book", mine.ID, "tell", record.ActInput{})
	must(t, err)
	chinese := w.actor("kim")
	chinese.Locale = "zh-CN"
	page, _, err := w.Notices(t.Context(), chinese, false, "", 1)
	must(t, err)
	if page[0].Text != "请看「Mine」。" || page[0].Records[0].ID != mine.ID {
		t.Errorf("%+v", page[0])
	}
	before := len(w.told("kim"))
	got := w.get("book", mine.ID)
	if _, err := w.Records.Update(t.Context(), w.actor("kim"), "book", mine.ID, got.Version, record.Input{Values: map[string]any{"note": "bad"}}); err == nil {
		t.Error("a refused save passed")
	}
	if after := len(w.told("kim")); after != before {
		t.Error("told of a save that was refused")
	}
	_, err = w.Records.Update(t.Context(), w.actor("kim"), "book", mine.ID, got.Version, record.Input{Values: map[string]any{"note": "good"}})
	must(t, err)
	if all := w.told("kim"); len(all) != before+1 || all[0] != "A note: a record that you do not see" {
		t.Errorf("%v", all)
	}
	w.clean()
}

func TestWhatCannotBeSaidIsAFault(t *testing.T) {
	for _, source := range []string{
		`notify("kim", "")`, `notify({}, "x")`, `notify("kim", 7)`, `notify(7, "x")`, `notify("kim", "x", "book")`, `notify("kim", {en=7})`,
		`notify("kim", "` + strings.Repeat("x", 501) + `")`, `for n = 1, 21 do notify("kim", "x") end`,
	} {
		w := scripted(t, map[string][2]string{"book/tell": {`"kind": "hook", "hook": {"on": ["beforeCreate"]}`, source}})
		err := w.trying(w.actor("kim"), map[string]any{"title": "x"})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.40s: %v", source, err)
		}
		if got := w.told("kim"); len(got) != 0 {
			t.Errorf("%.40s: %v", source, got)
		}
	}
}

func TestATrialTellsNobodyAndShowsWhatWouldBeSaid(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/tell": {`"kind": "hook", "hook": {"on": ["beforeCreate"]}`, `notify("kim", "hello")`}})
	run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "tell", ScriptTrial: record.ScriptTrial{
		Actor: w.boss(), Values: map[string]any{"title": "x"},
	}})
	must(t, err)
	if len(run.Effects) != 1 || run.Effects[0].Op != "notify" || run.Effects[0].Message != "hello" || run.Effects[0].To[0] != "kim" {
		t.Errorf("%+v", run.Effects)
	}
	w.hears("kim")
	again, err := w.ReplayScript(t.Context(), w.boss(), run.ID)
	if err != nil || !again.Same {
		t.Errorf("%+v %v", again, err)
	}
}

// Administrators hear of a script that had to be killed again and again.
func TestAdministratorsHearOfASuspendedScript(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/spin": {`"kind": "hook", "hook": {"on": ["beforeCreate"]}, "limits": {"milliseconds": 20}`, `while true do end`}})
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	// On a busy machine not each of them is one that had to be killed: one may not have begun.
	for range 50 {
		err := w.trying(w.actor("kim"), map[string]any{"title": "x"})
		if err == nil {
			t.Fatal("an endless script has ended")
		}
		if fault.CodeOf(err) == "script.suspended" {
			break
		}
	}
	got := w.told("root")
	if len(got) != 1 || !strings.HasPrefix(got[0], "The script book/spin had to be killed again and again; it is suspended until ") {
		t.Errorf("%v", got)
	}
}

// A script that is resumed before the other processes could hear of its suspension stays resumed; administrators hear
// that it was suspended all the same.
func TestAScriptThatIsResumedAtOnceStaysResumed(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/spin": {`"kind": "hook", "hook": {"on": ["beforeCreate"]}, "limits": {"milliseconds": 20}`, `while true do end`}})
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	for n := 0; fault.CodeOf(w.trying(w.actor("kim"), map[string]any{"title": "x"})) != "script.suspended"; n++ {
		if n == 4 {
			t.Fatal("it is not suspended")
		}
	}
	must(t, w.ResumeScript(t.Context(), w.actor("root"), "book/spin"))
	if got := w.told("root"); len(got) != 1 {
		t.Errorf("administrators hear %v", got)
	}
	must(t, w.Hear(t.Context()))
	if err := w.ResumeScript(t.Context(), w.actor("root"), "book/spin"); fault.CodeOf(err) != "script.unknown" {
		t.Errorf("it is suspended again: %v", err)
	}
}
