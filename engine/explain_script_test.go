package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// What a script has given a field is explained by it: which script, as it was published then, and whose save it was.
func TestWhatAScriptGaveIsExplained(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/note":    {always, `if record.title ~= "mine" then record.note = "by a hook" end`},
		"book/sibling": {after("afterCreate"), `if record.title == "first" then create("book", {title = "second", code = "c"}) end`},
	})
	texts, err := message.Load()
	must(t, err)
	in := record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }}
	explained := func(id value.ID, field value.FieldKey) string {
		e, err := w.Records.Explain(t.Context(), w.actor("lib"), "book", id, field, in)
		must(t, err)
		if e.Value.Parts == nil {
			return ""
		}
		return e.Value.Parts[0].Label
	}
	first := w.make("kim", "book", map[string]any{"title": "first"})
	mine := w.make("kim", "book", map[string]any{"title": "mine", "note": "by hand"})
	w.hooked()
	const byHook = `Worked out by the script "x" (2.0.0`
	if got := explained(first.ID, "note"); !strings.HasPrefix(got, byHook) || !strings.HasSuffix(got, ") as Kim saved") {
		t.Errorf("by a hook: %s", got)
	}
	if got := explained(first.ID, "title"); strings.Contains(got, "script") {
		t.Errorf("beside it: %s", got)
	}
	if got := explained(mine.ID, "note"); strings.Contains(got, "script") {
		t.Errorf("by hand: %s", got)
	}
	list, err := w.Records.List(t.Context(), w.actor("lib"), record.ListRequest{Form: "book", Filter: "title == 'second'"})
	if err != nil || len(list.Records) != 1 {
		t.Fatal(list, err)
	}
	if got := explained(list.Records[0].ID, "code"); !strings.HasPrefix(got, byHook) {
		t.Errorf("of a record that a script made: %s", got)
	}
	// By hand afterwards it is by hand, and the history tells nothing of fields by it.
	changed, err := w.Records.Update(t.Context(), w.actor("lib"), "book", list.Records[0].ID, list.Records[0].Version, record.Input{Values: map[string]any{"code": "d"}})
	must(t, err)
	if got := explained(changed.ID, "code"); strings.Contains(got, "script") {
		t.Errorf("changed by hand: %s", got)
	}
	history, err := w.Records.History(t.Context(), w.actor("lib"), "book", first.ID, "", 10)
	if err != nil || len(history.Entries) != 1 || history.Entries[0].Detail != nil {
		t.Errorf("history: %+v %v", history.Entries, err)
	}
	w.clean()
}
