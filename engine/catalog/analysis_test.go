package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
)

// choices is the field tier, of options A and B.
func choices(more string) string {
	return text("tier", `"x-field": "select", "x-options": [{"value": "A", "label": {"zh-CN": "x", "en": "x"}}, {"value": "B", "label": {"zh-CN": "x", "en": "x"}}]`+more)
}

// withRules is a form of places with required fields and one rule.
func withRules(required, check, fields string) string {
	return strings.Replace(place(fields), `"properties"`, `"required": [`+required+`], "x-rules": [{"key": "one", "check": "`+check+
		`", "message": {"zh-CN": "x", "en": "x"}}], "properties"`, 1)
}

// TestWhatDecidesNothingIsWarnedOf holds that what compiles and has no effect is told with its place, and that
// it forbids nothing.
func TestWhatDecidesNothingIsWarnedOf(t *testing.T) {
	c, issues := catalog.Compile(bundle(t, map[string]string{
		"forms/place/form.json": withRules(`"name"`, `tier == nil or tier in ['A', 'B']`, text("name", `"x-field": "text"`)+choices("")+
			text("rank", `"x-field": "formula", "x-result": "number", "x-compute": "tier == 'A' ? 1 : tier == 'C' ? 2 : 3"`)+
			text("why", `"x-field": "text", "x-visibleIf": "tier == 'B'", "x-requiredIf": "tier == 'A'"`)+
			text("who", `"x-field": "text", "x-readOnlyIf": "tier in ['A', 'B']", "x-requiredIf": "tier == 'A'"`)+
			text("fine", `"x-field": "text", "x-visibleIf": "tier == 'B'", "x-requiredIf": "tier == 'B' and name != nil"`)+
			last("lines", `"x-field": "table", "properties": {`+last("note", `"x-field": "text", "x-requiredIf": "tier == 'A' and tier == 'B'"`)+`}`)),
		"forms/place/views/none.json": `{"key": "none", "form": "place", "label": {"zh-CN": "x", "en": "x"}, "kind": "table", "filter": "tier == 'Z'", "columns": ["name"]}`,
		"roles/keeper.json": `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"asset": {"read": {"scope": "all"}}, "place": {"read": {"scope": "expr", "when": "name == 'x' and name == 'y'"},
			"fields": {"tier": "hidden", "rank": "shown"}}}}`,
	}))
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	want := `forms/place/form.json#/properties/rank/x-compute:1:19 expr.neverTrue map[part:tier == 'C']
forms/place/form.json#/properties/why/x-requiredIf meta.requiredHidden map[field:map[en:x zh-CN:x]]
forms/place/form.json#/properties/who/x-requiredIf meta.requiredReadOnly map[field:map[en:x zh-CN:x]]
forms/place/form.json#/properties/lines/properties/note/x-requiredIf:1:1 expr.neverTrue map[part:tier == 'A' and tier == 'B']
forms/place/form.json#/x-rules/0/check:1:1 expr.alwaysTrue map[part:tier == nil or tier in ['A', 'B']]
forms/place/views/none.json#/filter:1:1 expr.neverTrue map[part:tier == 'Z']
roles/keeper.json#/forms/place/read/when:1:1 expr.neverTrue map[part:name == 'x' and name == 'y']
roles/keeper.json#/forms/place/fields/rank meta.shownAnyway map[field:map[en:x zh-CN:x]]
roles/keeper.json#/forms/place/fields/tier meta.viewUnseen map[field:map[en:x zh-CN:x] view:map[en:x zh-CN:x]]`
	if have := sortedLines(said(c.Warnings)); have != sortedLines(want) {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
}

func sortedLines(s string) string {
	lines := strings.Split(s, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestWhatNobodyCouldSaveIsRefused holds that contradictions for every record are faults.
func TestWhatNobodyCouldSaveIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ form, want string }{
		"a rule that no record meets": {
			withRules(`"name"`, `tier == 'A' and tier == 'B'`, choices("")+last("name", `"x-field": "text"`)),
			"forms/place/form.json#/x-rules/0/check expr.neverTrue map[part:tier == 'A' and tier == 'B']",
		},
		"required and never written": {
			withRules(`"name", "code"`, `name != 'x'`, text("name", `"x-field": "text"`)+last("code", `"x-field": "text", "readOnly": true`)),
			"forms/place/form.json#/properties/code/readOnly meta.neverFilled map[field:map[en:x zh-CN:x]]",
		},
		"required and read-only by a condition that always holds": {
			withRules(`"name", "code"`, `name != 'x'`, text("name", `"x-field": "text"`)+last("code", `"x-field": "text", "x-readOnlyIf": "name == nil or name != nil"`)),
			"forms/place/form.json#/properties/code/x-readOnlyIf meta.neverFilled map[field:map[en:x zh-CN:x]]",
		},
		"a rule that reads a field that was deleted": {
			withRules(`"name"`, `gone != 'x'`, last("name", `"x-field": "text"`)),
			"forms/place/form.json#/x-rules/0/check:1:1 expr.unknownName map[name:gone]",
		},
	} {
		compiled, issues := catalog.Compile(bundle(t, map[string]string{"forms/place/form.json": c.form}))
		if have := said(issues); compiled != nil || have != c.want {
			t.Errorf("%s: %s", name, have)
		}
	}
	// What a default fills may be read-only.
	form := withRules(`"name", "code"`, `name != 'x'`, text("name", `"x-field": "text"`)+last("code", `"x-field": "text", "readOnly": true, "x-default": "'x'"`))
	if _, issues := catalog.Compile(bundle(t, map[string]string{"forms/place/form.json": form})); len(issues) > 0 {
		t.Error(said(issues))
	}
}

// TestConditionsOfScriptsAreLookedAtToo, wherever they stand: when a hook runs, what a batch goes over, when a button is there.
func TestConditionsOfScriptsAreLookedAtToo(t *testing.T) {
	script := func(key, more string) string {
		return `{"key": "` + key + `", "form": "place", "label": {"zh-CN": "x", "en": "x"}, ` + more + `}`
	}
	c, issues := catalog.Compile(bundle(t, map[string]string{
		"forms/place/form.json":           place(choices("") + last("name", `"x-field": "text"`)),
		"forms/place/scripts/hook.json":   script("hook", `"kind": "hook", "hook": {"on": ["beforeUpdate"], "when": "tier == 'Z'"}`),
		"forms/place/scripts/hook.lua":    "log(1)",
		"forms/place/scripts/batch.json":  script("batch", `"kind": "batch", "batch": {"filter": "tier == 'A' and tier == 'B'"}`),
		"forms/place/scripts/batch.lua":   "log(1)",
		"forms/place/scripts/button.json": script("button", `"kind": "action", "action": {"on": "record", "when": "name == nil or name != nil"}`),
		"forms/place/scripts/button.lua":  "log(1)",
	}))
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	want := `forms/place/scripts/batch.json#/batch/filter:1:1 expr.neverTrue map[part:tier == 'A' and tier == 'B']
forms/place/scripts/button.json#/action/when:1:1 expr.alwaysTrue map[part:name == nil or name != nil]
forms/place/scripts/hook.json#/hook/when:1:1 expr.neverTrue map[part:tier == 'Z']`
	if have := sortedLines(said(c.Warnings)); have != want {
		t.Errorf("have\n%s\nwant\n%s", have, want)
	}
}

// TestWhatScriptsNameIsLookedAt: fields that there are not, and those that somebody who saves does not see.
func TestWhatScriptsNameIsLookedAt(t *testing.T) {
	label := `"label": {"zh-CN": "x", "en": "x"}`
	files := map[string]string{
		"forms/place/form.json":           place(choices("") + last("name", `"x-field": "text"`)),
		"forms/place/scripts/hook.json":   `{"key": "hook", "form": "place", ` + label + `, "kind": "hook", "hook": {"on": ["beforeUpdate"]}}`,
		"forms/place/scripts/hook.lua":    "-- record.gone\nif record.tier == 'A' and record.id then record.lost = old.name end\nlog(get('place', 'x').other)",
		"forms/place/scripts/after.json":  `{"key": "after", "form": "place", ` + label + `, "kind": "hook", "hook": {"on": ["afterUpdate"]}}`,
		"forms/place/scripts/after.lua":   "log(record.tier)",
		"forms/place/scripts/button.json": `{"key": "button", "form": "place", ` + label + `, "kind": "action", "action": {"on": "form"}}`,
		"forms/place/scripts/button.lua":  "log(record.nothing)",
	}
	for rights, want := range map[string]string{
		`"read": {"scope": "all"}`: "",
		`"read": {"scope": "all"}, "update": {"scope": "own"}`: `
roles/keeper.json#/forms/place/fields/tier script.readsUnseen map[field:map[en:x zh-CN:x] line:2 script:place/hook]`,
	} {
		files["roles/keeper.json"] = `{"key": "keeper", ` + label + `, "forms": {"place": {` + rights + `, "fields": {"tier": "masked"}}}}`
		c, issues := catalog.Compile(bundle(t, files))
		if len(issues) > 0 {
			t.Fatal(said(issues))
		}
		want = `forms/place/scripts/hook.lua:2:49 script.fieldUnknown map[field:lost]` + want
		if have := sortedLines(said(c.Warnings)); have != want {
			t.Errorf("have\n%s\nwant\n%s", have, want)
		}
	}
}

// TestARoleThatCannotFillWhatIsRequired may create records and cannot create any.
func TestARoleThatCannotFillWhatIsRequired(t *testing.T) {
	form := strings.Replace(place(choices(`, "x-default": "'A'"`)+last("name", `"x-field": "text"`)), `"properties"`, `"required": ["name", "tier"], "properties"`, 1)
	for rights, want := range map[string]string{
		`"create": true, "read": {"scope": "all"}, "fields": {"name": "readOnly", "tier": "readOnly"}`: `roles/keeper.json#/forms/place/fields/name meta.neverCreated map[field:map[en:x zh-CN:x]]`,
		`"create": true, "read": {"scope": "all"}, "fields": {"tier": "hidden"}`:                       "",
		`"read": {"scope": "all"}, "fields": {"name": "readOnly"}`:                                     "",
	} {
		c, issues := catalog.Compile(bundle(t, map[string]string{
			"forms/place/form.json": form,
			"roles/keeper.json":     `{"key": "keeper", "label": {"zh-CN": "x", "en": "x"}, "forms": {"place": {` + rights + `}}}`,
		}))
		if len(issues) > 0 {
			t.Fatal(said(issues))
		}
		if have := said(c.Warnings); have != want {
			t.Errorf("%s: %s, want %s", rights, have, want)
		}
	}
}

// TestTheSampleAppDecidesSomethingEverywhere holds every condition of the tests' own app to mean something.
func TestTheSampleAppDecidesSomethingEverywhere(t *testing.T) {
	files, err := catalog.LoadFS(os.DirFS("testdata/assets"))
	if err != nil {
		t.Fatal(err)
	}
	c, issues := catalog.Compile(files)
	if len(issues) > 0 || len(c.Warnings) > 0 {
		t.Errorf("%s\n%s", said(issues), said(c.Warnings))
	}
}
