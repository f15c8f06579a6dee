package catalog_test

import (
	"strings"
	"testing"

	"tidewater/engine/catalog"
)

// TestAFormulaAsksATable reckons a field by a table, within a row too, and explains it by the row that held.
func TestAFormulaAsksATable(t *testing.T) {
	c, issues := catalog.Compile(bundle(t, map[string]string{
		"tables/days.json": table("days", `"hit": "unique", "rows": [{"when": {"tier": "A"}, "then": {"days": 7}}, {"when": {"tier": ["B", "C"]}, "then": {"days": 30}}]`),
		"forms/place/form.json": place(text("name", `"x-field": "text"`) +
			text("left", `"x-field": "formula", "x-result": "number", "x-compute": "days(name).days - 2"`) +
			last("lines", `"x-field": "table", "properties": {`+text("tier", `"x-field": "text"`)+
				last("due", `"x-field": "formula", "x-result": "number", "x-compute": "days(tier).days"`)+`}`)),
	}))
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	form := c.Forms["place"]
	doc, issues := saved(t, form, `{"name": "A", "lines": [{"tier": "C"}]}`)
	if len(issues) > 0 {
		t.Fatal(said(issues))
	}
	if have := asJSON(t, form.EncodeValues(doc)); !strings.Contains(have, `"left":5`) || !strings.Contains(have, `"due":30`) {
		t.Error(have)
	}
	// What no row covers is told at the field, and nothing is saved.
	_, issues = saved(t, form, `{"name": "Z"}`)
	if have := said(issues); have != "/values/left table.noRow" {
		t.Error(have)
	}
}

func TestWhatATableDecidesIsMadeAnewWhenItsRowsChange(t *testing.T) {
	compile := func(rows string) *catalog.Catalog {
		c, issues := catalog.Compile(bundle(t, map[string]string{
			"tables/days.json":      table("days", `"hit": "first", "rows": [`+rows+`]`),
			"forms/place/form.json": place(text("name", `"x-field": "text"`) + last("left", `"x-field": "formula", "x-compute": "days(name).days"`)),
		}))
		if len(issues) > 0 {
			t.Fatal(said(issues))
		}
		return c
	}
	was, noted := compile(`{"then": {"days": 7}}`), compile(`{"note": {"zh-CN": "x", "en": "x"}, "then": {"days": 7}}`)
	if got := noted.Outdated(was); len(got) != 0 {
		t.Errorf("a note makes %v anew", got)
	}
	if got := compile(`{"then": {"days": 8}}`).Outdated(was); len(got) == 0 || got[0] != "place" {
		t.Errorf("another number makes %v anew", got)
	}
}
