package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// lending is an office whose parts their holders share; more is what their form says beside, and scripts run as buttons.
func lending(t *testing.T, scripts map[string]string) *world {
	t.Helper()
	files := sharingFiles("")
	files["forms/part/form.json"] = strings.Replace(part, `"x-holders": {"owner": "holder"},`,
		`"x-holders": {"owner": "holder", "unit": "unit"}, "x-sharing": {"by": ["owner"]},`, 1)
	files["forms/part/form.json"] = strings.Replace(files["forms/part/form.json"], `"properties": {`,
		`"properties": {"unit": {"x-field": "orgunit", "x-label": {"en": "Unit"}}, "done": {"x-field": "boolean", "x-label": {"en": "Done"}},`, 1)
	files["roles/maker.json"] = `{"key": "maker", "label": {"en": "Maker"}, "forms": {"part": {"create": true, "read": {"scope": "own"},
		"update": {"scope": "expr", "when": "holder == actor.id and done != true"}}}}`
	w := office(t, files)
	if len(scripts) == 0 {
		return w
	}
	for key, lua := range scripts {
		files["forms/part/scripts/"+key+".json"] = `{"key": "` + key + `", "form": "part", "label": {"zh-CN": "x", "en": "x"}, "kind": "action", "action": {"on": "record"}}`
		files["forms/part/scripts/"+key+".lua"] = lua
	}
	w.box = newBox(t)
	w.Engine = w.open()
	w.upgrade("1.1.0", files)
	return w
}

func (w *world) onPart(who, id value.ID, action string, args map[string]any) error {
	w.Helper()
	_, err := w.Records.Act(w.Context(), w.actor(who), "part", id, action, record.ActInput{Args: args})
	return err
}

// A button takes a record over no more than an edit does, whoever presses it: a guest, a deputy.
func TestHelpersDoNotTakeARecordOverByAScript(t *testing.T) {
	w := lending(t, map[string]string{"take": `record.holder = actor.id`, "move": `record.unit = "hq"`, "name": `record.name = "Named"`})
	w.clock("2026-03-31 12:00")
	made := w.make("ann", "part", map[string]any{"name": "Hook"})
	must(t, w.onPart("ann", made.ID, "share", to("wes", "write")))
	w.annAway(20260331, 20260402, "abe")
	for _, who := range []value.ID{"wes", "abe"} {
		for action, field := range map[string]string{"take": "holder", "move": "unit"} {
			err := w.onPart(who, made.ID, action, nil)
			if issues := faultsOf(err); len(issues) != 1 || issues[0].Path != "/values/"+field || issues[0].Code != "field.readOnly" {
				t.Errorf("%s by %s: %v", action, who, err)
			}
		}
		must(t, w.onPart(who, made.ID, "name", nil))
	}
	if got := w.part(made.ID).Values; got.Text("holder") != "ann" || got.Text("unit") != "" || got.Text("name") != "Named" {
		t.Errorf("%v", got)
	}
	must(t, w.onPart("ann", made.ID, "move", nil))
	w.clean()
}

func (w *world) part(id value.ID) *value.Record {
	w.Helper()
	r, err := w.store.Get(w.Context(), "part", id)
	must(w, err)
	return r
}

// What nobody owns is shared with nobody, also where there are no pools.
func TestWhatNobodyOwnsIsSharedWithNobody(t *testing.T) {
	w := lending(t, nil)
	made := w.make("ann", "part", map[string]any{"name": "Hook"})
	must(t, w.onPart("ann", made.ID, "share", to("wes", "write")))
	_, err := w.Records.Update(t.Context(), value.SystemActor("test"), "part", made.ID, 2, record.Input{Values: map[string]any{"holder": nil}})
	must(t, err)
	if got := w.part(made.ID); len(got.Values.Shares()) != 0 {
		t.Errorf("it is shared with %v", got.Values.Shares())
	}
	if _, err := w.Records.Get(t.Context(), w.actor("wes"), "part", made.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the guest: %v", err)
	}
	w.clean()
}

// Whoever may not change a record any more takes back what they shared of it, and shares it with nobody else.
func TestASharesEndNeedsNoRightToChange(t *testing.T) {
	w := lending(t, nil)
	users := w.people.Users()
	for n := range users {
		if users[n].ID == "ann" {
			users[n].Roles = []string{"maker"}
		}
	}
	w.reorganise(users, w.people.Units())
	made := w.make("ann", "part", map[string]any{"name": "Hook"})
	must(t, w.onPart("ann", made.ID, "share", to("wes", "write")))
	_, err := w.Records.Update(t.Context(), w.actor("ann"), "part", made.ID, 2, record.Input{Values: map[string]any{"done": true}})
	must(t, err)
	if err := w.onPart("ann", made.ID, "share", to("abe", "read")); fault.CodeOf(err) != "action.mayNot" {
		t.Errorf("shared on: %v", err)
	}
	if err := w.onPart("wes", made.ID, "unshare", map[string]any{"person": "ann"}); fault.CodeOf(err) != "action.mayNot" {
		t.Errorf("a guest took something back: %v", err)
	}
	must(t, w.onPart("ann", made.ID, "unshare", map[string]any{"person": "wes"}))
	if _, err := w.Records.Get(t.Context(), w.actor("wes"), "part", made.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the guest: %v", err)
	}
	w.clean()
}
