package script_test

import (
	"fmt"
	"testing"

	"tidewater/engine/script"
)

// What a source names is seen as it is written, and nothing that only looks like it.
func TestGlanceAt(t *testing.T) {
	for source, want := range map[string]string{
		`if record.tier == "A" and old.tier ~= record.name then end`: "[{tier 1 11} {name 1 46}] []",
		"-- record.x\nlocal a = '好' .. record.y":                     "[{y 2 25}] []",
		`log("record.x", 'old.y')`:                                   "[] []",
		`local t = {record = 1}; return t.record.x + record.y`:       "[{y 1 52}] []",
		`for _, record in ipairs(all) do log(record.x) end`:          "[] []",
		`for _, old in ipairs(all) do log(old.x, record.y) end`:      "[{y 1 48}] []",
		`local record = get("a", 1) return record.x`:                 "[] []",
		`local function f(a, record) return record.x end`:            "[] []",
		`function f(record) return record.x end`:                     "[] []",
		`local f = function(record) return record.x end`:             "[] []",
		`f(record) f(1, record) return record.x`:                     "[{x 1 38}] []",
		`record = nil return record.x`:                               "[] []",
		`return "a"..record.x .. record..old.y`:                      "[{x 1 20} {y 1 37}] []",
		`record["x"] = 1`:                                            "[] []",
		`update ( 'asset', record.id, {}) update("asset", "b")`:      "[{id 1 26}] [{update asset}]",
		`create(form, {}) t.create("x") act("loan", id, "claim")`:    "[] [{act loan}]",
		"--[[ update(\"asset\") ]] delete([[x]])":                    "[] []",
		`record.`: "[] []",
		`record`:  "[] []",
		``:        "[] []",
	} {
		got := script.GlanceAt(source)
		if said := fmt.Sprint(got.Fields, " ", got.Writes); said != want {
			t.Errorf("%s:\n%s, want\n%s", source, said, want)
		}
	}
	if got := script.GlanceAt(`act("a", id, 'go') log([[x]], "y")`).Texts; fmt.Sprint(got) != "[a go y]" {
		t.Errorf("texts: %v", got)
	}
}
