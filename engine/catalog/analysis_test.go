package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
)

// choices is a field of options A and B.
func choices(key, more string) string {
	return text(key, `"x-field": "select", "x-options": [{"value": "A", "label": {"zh-CN": "x", "en": "x"}}, {"value": "B", "label": {"zh-CN": "x", "en": "x"}}]`+more)
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
		"forms/place/form.json": withRules(`"name"`, `tier == nil or tier in ['A', 'B']`, text("name", `"x-field": "text"`)+choices("tier", "")+
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
roles/keeper.json#/forms/place/fields/rank meta.shownAnyway map[field:map[en:x zh-CN:x]]`
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
			withRules(`"name"`, `tier == 'A' and tier == 'B'`, choices("tier", "")+last("name", `"x-field": "text"`)),
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
