package catalog_test

import (
	"slices"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/value"
)

// ofXYZ is the rest of a field of three options.
func ofXYZ(more string) string {
	return `"x-options": [{"value": "x", "label": {"zh-CN": "x", "en": "x"}}, {"value": "y", "label": {"zh-CN": "y", "en": "y"}},
		{"value": "z", "label": {"zh-CN": "z", "en": "z"}}], ` + more
}

// turning is the form of turningApp.
func turning(t *testing.T, turns string) *catalog.Form {
	t.Helper()
	return turningApp(t, turns).Forms["place"]
}

// turningApp has a place with a field that the system sets, and what is made of it.
func turningApp(t *testing.T, turns string) *catalog.Catalog {
	t.Helper()
	c, issues := catalog.Compile(bundle(t, map[string]string{"forms/place/form.json": place(
		text("name", `"x-field": "text"`) + text("n", `"x-field": "number"`) + text("twice", `"x-field": "formula", "x-compute": "n * 2"`) +
			text("state", `"x-field": "select", `+ofXYZ(turns)) + text("says", `"x-field": "formula", "x-result": "text", "x-compute": "state"`) +
			last("next", `"x-field": "select", `+ofXYZ(`"x-turns": [{"when": "says == \"y\"", "to": "y"}]`)))}))
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	return c
}

func TestWhatTurnsDoesSoWhenItsConditionChanges(t *testing.T) {
	once := `"x-turns": [{"when": "twice > 0", "to": "x", "back": "y"}]`
	for _, c := range []struct{ name, turns, before, next, want string }{
		{"it has come to hold", once, `{"n": 0, "state": "y"}`, `{"n": 1, "state": "y"}`, "x"},
		{"a new one", once, ``, `{"n": 1, "state": "y"}`, "x"},
		{"a new one of which it does not hold", once, ``, `{"n": 0}`, ""},
		{"it held before: what people choose stays", once, `{"n": 1, "state": "x"}`, `{"n": 2, "state": "z"}`, "z"},
		{"it no longer holds", once, `{"n": 1, "state": "x"}`, `{"n": 0, "state": "x"}`, "y"},
		{"it no longer holds, and the field says something else", once, `{"n": 1, "state": "x"}`, `{"n": 0, "state": "z"}`, "z"},
		{"it no longer can be told", once, `{"n": 1, "state": "x"}`, `{"state": "x"}`, "y"},
		{"it did not hold before", once, `{"n": 0, "state": "x"}`, `{"n": 0, "state": "x"}`, "x"},
		{"there is no way back", `"x-turns": [{"when": "n > 0", "to": "x"}]`, `{"n": 1, "state": "x"}`, `{"n": 0, "state": "x"}`, "x"},
		{
			"the first that has come to hold decides", `"x-turns": [{"when": "n > 0", "to": "x"}, {"when": "n > 1", "to": "z"}]`,
			`{"n": 0}`, `{"n": 2}`, "x",
		},
		{
			"one that has come to hold comes before one that no longer does", `"x-turns": [{"when": "n > 0", "to": "x", "back": "y"}, {"when": "n < 0", "to": "z"}]`,
			`{"n": 1, "state": "x"}`, `{"n": -1, "state": "x"}`, "z",
		},
		{
			"another condition still says so", `"x-turns": [{"when": "n > 5", "to": "x", "back": "y"}, {"when": "n > 0", "to": "x", "back": "y"}]`,
			`{"n": 6, "state": "x"}`, `{"n": 1, "state": "x"}`, "x",
		},
		{
			"a condition that reads the field itself", `"x-turns": [{"when": "state == \"z\" and n > 0", "to": "x"}]`,
			`{"n": 0, "state": "z"}`, `{"n": 1, "state": "z"}`, "x",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			form, rule := turning(t, c.turns), ctx()
			if c.before != "" {
				rule.Old, _ = form.DecodeValues(object(t, c.before))
				settled(t, form, rule.Old)
			}
			next, issues := form.DecodeValues(object(t, c.next))
			if issues = append(issues, form.Settle(next, rule)...); len(issues) > 0 {
				t.Fatal(said(issues))
			}
			if next.Text("state") != c.want || next.Text("says") != c.want {
				t.Errorf("state is %v, and a formula over it %v, not %q", next["state"], next["says"], c.want)
			}
		})
	}
}

// settled computes what is computed of a record as it stood, without turning anything.
func settled(t *testing.T, form *catalog.Form, doc value.Doc) {
	t.Helper()
	if issues := form.Compute(doc, ctx()); len(issues) > 0 {
		t.Fatal(said(issues))
	}
}

// What turns may turn another field, and a formula between them is worked out on the way.
func TestWhatTurnsTurnsTheNext(t *testing.T) {
	form, rule := turning(t, `"x-turns": [{"when": "n > 0", "to": "y"}]`), ctx()
	rule.Old = value.Doc{"n": int64(0)}
	next := value.Doc{"n": int64(1)}
	if issues := form.Settle(next, rule); len(issues) > 0 || next["next"] != "y" || !form.Turned(next, rule.Old) {
		t.Errorf("%v: next is %v", said(issues), next["next"])
	}
	if form.Turned(value.Doc{"n": int64(1)}, rule.Old) {
		t.Error("it tells of having turned, and nothing has")
	}
}

// A turn is a rule that runs when a record is saved, and no page's business.
func TestTurnsAreRulesThatNobodyIsTold(t *testing.T) {
	form := turning(t, `"x-turns": [{"when": "n > 0", "to": "x"}]`)
	at := func(w catalog.Written) bool { return w.Path == "/properties/state/x-turns/0/when" }
	if !slices.ContainsFunc(form.Written(), at) {
		t.Error("the tests of the form do not know of it")
	}
	state, _ := form.Field("state")
	if told := state.Redacted(func(value.FieldKey) bool { return true }); told.Turns != nil || state.Def.Turns == nil {
		t.Errorf("told is %v of %v", told.Turns, state.Def.Turns)
	}
}

// What is on hand stays as it is when it is published that a field turns: nothing has come to hold by that.
func TestThatAFieldTurnsMakesNothingAnew(t *testing.T) {
	was := turningApp(t, `"x-turns": [{"when": "n > 0", "to": "x"}]`)
	if got := turningApp(t, `"x-turns": [{"when": "n > 1", "to": "x"}]`).Outdated(was); len(got) != 0 {
		t.Errorf("made anew are %v", got)
	}
}
