package proof_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/proof"
	"tidewater/engine/script"
	"tidewater/engine/script/scripttest"
)

// TestMain lets this test binary be the worker that scripts run in.
func TestMain(m *testing.M) { scripttest.Main(m) }

func newBox(t *testing.T) *script.Box {
	t.Helper()
	return scripttest.Pool(t, time.Now).Box(t.Name())
}

// scripted is the small app with a hook and an action, and cases for one of them.
func scripted(hook, action, of, cases string) catalog.Bundle {
	def := func(key, kind, more string) string {
		return fmt.Sprintf(`{"key": %q, "form": "loan", "label": %s, "kind": %q, %s}`, key, label, kind, more)
	}
	return bundle(map[string]string{
		"forms/loan/scripts/hook.json": def("hook", "hook", `"hook": {"on": ["beforeCreate", "beforeUpdate"]}`), "forms/loan/scripts/hook.lua": hook,
		"forms/loan/scripts/act.json": def("act", "action", `"action": {"on": "record"}`), "forms/loan/scripts/act.lua": action,
		"forms/loan/scripts/" + of + ".test.json": `{"cases": [` + cases + `]}`,
	})
}

func heldScripts(t *testing.T, b catalog.Bundle) []string {
	t.Helper()
	issues, err := proof.HoldScripts(t.Context(), newBox(t), compiled(t, b))
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, one := range issues {
		out = append(out, one.Error())
	}
	return out
}

const loans = `"records": {"loan": [
	{"id": "l1", "name": "saw", "tier": "A", "price": "150.00"},
	{"id": "l2", "name": "axe", "tier": "B", "price": "50.50"},
	{"id": "l3", "name": "drill", "tier": "A", "price": "20.25"}]}`

// What a script reads, sets, wants, refuses and returns is held against its cases, with the given records as all
// that there is.
func TestTheCasesOfScriptsHold(t *testing.T) {
	hook := `
if not old then create("loan", {name = "copy of " .. record.name, tier = "C"}) return end
if record.tier == "A" and old.tier ~= "A" then fail("promoted", "ask first", "tier") end
record.why = get("loan", "l2").name .. #get_many("loan", {"l1", "l9"}) .. workdays("2026-09-30", "2026-10-09")
`
	action := `
local dear = query("loan", {filter = "tier == 'A'", sort = "-price", fields = {"price"}})
local sum = aggregate("loan", {group = {{field = "tier"}}, metrics = {{op = "count"}, {op = "sum", field = "price"}, {op = "max", field = "name"}, {op = "distinct", field = "name"}}})
update("loan", dear[1].id, {price = sum[1].metrics[2] + decimal(args.more)})
act("loan", "l3", "lend", {reason = "asked"})
notify("ann", "look")
return {first = sum[1].keys[1], count = sum[1].metrics[1], last = sum[1].metrics[3], names = sum[2].metrics[4], by = actor.id, at = today()}
`
	hooked := `
		{"name": "new", "given": {"record": {"name": "saw"}}, "expect": {"values": {"name": "saw"}, "effects": [{"op": "create", "values": {"name": "copy of saw"}}]}},
		{"name": "changed", "given": {"record": {"tier": "B"}, "old": {"tier": "A"}, ` + loans + `}, "expect": {"values": {"why": "axe02"}}},
		{"name": "promoted", "given": {"record": {"tier": "A"}, "old": {"tier": "B"}, ` + loans + `}, "expect": {"issues": [{"path": "/values/tier", "code": "promoted"}]}}`
	if got := heldScripts(t, scripted(hook, action, "hook", hooked)); len(got) > 0 {
		t.Errorf("of the hook: %s", strings.Join(got, "\n"))
	}
	acted := `{"name": "acts", "given": {"record": {"name": "x"}, "args": {"more": "0.75"}, "actor": {"id": "kim"}, "now": "2026-03-31T23:30:00+08:00", ` + loans + `},
		"expect": {"effects": [{"op": "update", "form": "loan", "id": "l1", "values": {"price": "171.00"}},
			{"op": "act", "form": "loan", "id": "l3", "action": "lend", "values": {"reason": "asked"}}, {"op": "notify", "to": ["ann"], "message": "look"}],
			"result": {"first": "A", "count": 2, "last": "saw", "names": 1, "by": "kim", "at": "2026-03-31"}}}`
	if got := heldScripts(t, scripted(hook, action, "act", acted)); len(got) > 0 {
		t.Errorf("of the action: %s", strings.Join(got, "\n"))
	}
}

func TestAFailingCaseOfAScriptIsTold(t *testing.T) {
	const file = "forms/loan/scripts/hook.test.json#"
	for name, it := range map[string]struct{ hook, given, expect, want string }{
		"another value":   {`record.why = "a"`, `{"record": {}}`, `{"values": {"why": "b"}}`, `/cases/0/expect/values/why test.failed map[expect:"b" got:"a" name:x]`},
		"a refusal":       {`fail("no", "text", "why")`, `{"record": {}}`, `{}`, `/cases/0/expect/issues test.failed map[expect:[] got:["/values/why no"] name:x]`},
		"what is said":    {`fail("no", {en = "No", ["zh-CN"] = "不"})`, `{"record": {}}`, `{"issues": [{"path": "", "code": "no", "message": {"en": "No"}}]}`, ``},
		"other words":     {`fail("no", "Nope")`, `{"record": {}}`, `{"issues": [{"path": "", "code": "no", "message": "No"}]}`, `/cases/0/expect/issues test.failed map[expect:[{"code":"no","message":"No","path":""}] got:[{"code":"no","message":"Nope","path":""}] name:x]`},
		"an effect":       {`delete("loan", "l1")`, `{"record": {}}`, `{}`, `/cases/0/expect/effects test.failed map[expect:null got:[{"form":"loan","id":"l1","op":"delete"}] name:x]`},
		"an error":        {"\nlocal a = nil\nreturn a.b", `{"record": {}}`, `{}`, `/cases/0/expect/issues test.failed map[expect:[] got:[" script.failed"] 3 "attempt to index a non-table object(nil) with key 'b'" name:x]`},
		"without end":     {`while true do end`, `{"record": {}}`, `{"issues": [{"path": "", "code": "script.instructions"}]}`, ``},
		"a computed one":  {`record.fee = 1`, `{"record": {}}`, `{"issues": [{"path": "/values/fee", "code": "field.computed"}]}`, ``},
		"no such record":  {`return get("loan", "l9").name`, `{"record": {}}`, `{"issues": [{"path": "", "code": "script.failed"}]}`, ``},
		"another result":  {`return 2`, `{"record": {}}`, `{"result": 3}`, `/cases/0/expect/result test.failed map[expect:3 got:2 name:x]`},
		"another line":    {`log("a", 1) log("b")`, `{"record": {}}`, `{"log": ["a 1"]}`, `/cases/0/expect/log test.failed map[expect:["a 1"] got:["a 1","b"] name:x]`},
		"no line":         {`log("a")`, `{"record": {}}`, `{"log": []}`, `/cases/0/expect/log test.failed map[expect:[] got:["a"] name:x]`},
		"a seed":          {`return math.random(1000)`, `{"record": {}, "seed": 7}`, `{"result": 0}`, `/cases/0/expect/result test.failed map[expect:0 got:995 name:x]`},
		"without a seed":  {`return math.random(1000)`, `{"record": {}}`, `{"result": 0}`, `/cases/0/expect/result test.failed map[expect:0 got:239 name:x]`},
		"the first seed":  {`return math.random(1000)`, `{"record": {}, "seed": 1}`, `{"result": 0}`, `/cases/0/expect/result test.failed map[expect:0 got:239 name:x]`},
		"fields":          {`-- nothing`, `{"record": {}}`, `{"fields": {"why": {"required": true}}}`, `/cases/0/expect/fields test.unsuited map[part:fields]`},
		"without an id":   {`-- nothing`, `{"record": {}, "records": {"loan": [{"name": "saw"}]}}`, `{}`, `/cases/0/given/records/loan/0 meta.missing map[key:id]`},
		"no such form":    {`-- nothing`, `{"record": {}, "records": {"car": []}}`, `{}`, `/cases/0/given/records/car form.unknown map[form:car]`},
		"figures by rows": {`aggregate("loan", {group = {{field = "tier", bucket = "day"}}, metrics = {{op = "count"}}})`, `{"record": {}, ` + loans + `}`, `{}`, `/cases/0/expect/issues test.failed map[expect:[] got:[" script.failed"] 1 "aggregate: test.aggregate" name:x]`},
	} {
		t.Run(name, func(t *testing.T) {
			got := heldScripts(t, scripted(it.hook, `-- nothing`, "hook", `{"name": "x", "given": `+it.given+`, "expect": `+it.expect+`}`))
			if told := strings.TrimPrefix(strings.Join(got, "\n"), file); told != it.want {
				t.Errorf("%s", told)
			}
		})
	}
}

// A report tells which lines no case has run, and which changed number, text or comparison none notices.
func TestScriptsAreCoveredAndBitten(t *testing.T) {
	hook := `-- 1 < 2
local text = "3 == 4"
if record.price and record.price > 100 then
  record.why = "dear"
else
  record.why = "cheap"
end`
	b := scripted(hook, `-- nothing`, "hook", `{"name": "dear", "given": {"record": {"price": "150"}}, "expect": {"values": {"why": "dear"}}}`)
	report := ran(t, newBox(t), b, compiled(t, b))
	for _, s := range report.Suites {
		if s.File != "forms/loan/scripts/hook.test.json" {
			continue
		}
		if len(s.Missed) != 1 || s.Missed[0].Line != 6 || s.Missed[0].Text != `record.why = "cheap"` {
			t.Errorf("missed: %+v", s.Missed)
		}
		var survived []string
		for _, m := range s.Survived {
			survived = append(survived, fmt.Sprintf("%d:%d %s→%s", m.Line, m.Col, m.Was, m.Now))
		}
		if got := strings.Join(survived, ", "); s.Mutants != 6 || got != `2:14 "3 == 4"→"3 == 4x", 3:17 and→or, 3:34 >→>=, 3:36 100→101, 6:16 "cheap"→"cheapx"` {
			t.Errorf("%d mutants; survived: %s", s.Mutants, got)
		}
		if len(report.Untested) != 1 || report.Untested[0] != "forms/loan/scripts/act.json" {
			t.Errorf("untested: %v", report.Untested)
		}
		return
	}
	t.Errorf("not among %+v", report.Suites)
}

// busy is a runner that has no worker free.
type busy struct{}

func (busy) Run(context.Context, script.Class, script.Script, script.Call, script.Host) (*script.Result, error) {
	return &script.Result{}, fault.New(fault.Unavailable, "script.busy")
}

// Cases that could not run have proven nothing, neither at publish nor in a report.
func TestCasesThatCouldNotRunProveNothing(t *testing.T) {
	b := scripted(`-- nothing`, `-- nothing`, "hook", `{"name": "x", "given": {"record": {}}, "expect": {}}`)
	if _, err := proof.HoldScripts(t.Context(), busy{}, compiled(t, b)); fault.CodeOf(err) != "script.busy" {
		t.Errorf("held: %v", err)
	}
	if _, err := proof.Run(t.Context(), busy{}, b, compiled(t, b), true, never); fault.CodeOf(err) != "script.busy" {
		t.Errorf("reported: %v", err)
	}
}

// A script after a commit is held like one before it, and may neither change nor refuse what is saved.
func TestTheCasesOfScriptsAfterCommitsHold(t *testing.T) {
	b := scripted(`
if record.tier == "A" then record.why = "x" elseif record.tier == "B" then fail("no", "No") else create("loan", {name = event, tier = "C"}) end`,
		"return 1", "hook", `
		{"name": "it wants another", "given": {"record": {"name": "saw", "tier": "C"}}, "expect": {"effects": [{"op": "create", "form": "loan", "values": {"name": "afterCreate"}}]}},
		{"name": "it may not change it", "given": {"record": {"name": "saw", "tier": "A"}}, "expect": {"issues": [{"path": "", "code": "script.changedAfter"}], "values": {"why": null}}},
		{"name": "it may not refuse it", "given": {"record": {"name": "saw", "tier": "B"}}, "expect": {"issues": [{"path": "", "code": "script.refusedAfter"}]}}`)
	b["forms/loan/scripts/hook.json"] = []byte(strings.Replace(string(b["forms/loan/scripts/hook.json"]), `"beforeCreate", "beforeUpdate"`, `"afterCreate"`, 1))
	if said := heldScripts(t, b); len(said) > 0 {
		t.Errorf("%s", strings.Join(said, "\n"))
	}
}

// What jobs run is held by the same cases: over a record as an action has it, or by turns on none.
func TestTheCasesOfScriptsThatJobsRunHold(t *testing.T) {
	def := func(key, kind string) string {
		return fmt.Sprintf(`{"key": %q, "form": "loan", "label": %s, "kind": %q}`, key, label, kind)
	}
	files := func(lua, cases string) catalog.Bundle {
		return bundle(map[string]string{
			"forms/loan/scripts/over.json": def("over", "batch"), "forms/loan/scripts/over.lua": `
if record.tier == "C" then fail("late", "Too late") end
record.why = event .. " for " .. get("loan", "l1").name`,
			"forms/loan/scripts/over.test.json": `{"cases": [
				{"name": "sets", "given": {"record": {"id": "l9", "name": "x", "price": "2"}, ` + loans + `}, "expect": {"values": {"why": "batch for saw"}}},
				{"name": "leaves", "given": {"record": {"tier": "C"}, ` + loans + `}, "expect": {"issues": [{"path": "", "code": "late"}]}}]}`,
			"forms/loan/scripts/turn.json": def("turn", "schedule"), "forms/loan/scripts/turn.lua": lua,
			"forms/loan/scripts/turn.test.json": `{"cases": [` + cases + `]}`,
		})
	}
	turn := `
local page = query("loan", {filter = "tier == 'A'", sort = "name", limit = 10})
for _, one in ipairs(page) do if one.name > (args.cursor or "") then update("loan", one.id, {why = event}) return {cursor = one.name} end end`
	if got := heldScripts(t, files(turn, `
		{"name": "first", "given": {`+loans+`}, "expect": {"effects": [{"op": "update", "id": "l3", "values": {"why": "schedule"}}], "result": {"cursor": "drill"}}},
		{"name": "last", "given": {"args": {"cursor": "saw"}, `+loans+`}, "expect": {"effects": []}}`)); len(got) > 0 {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	for cases, want := range map[string]string{
		`{"name": "x", "given": {}, "expect": {"effects": [{"op": "create"}]}}`:       `/cases/0/expect/effects test.failed map[expect:[{"op":"create"}] got:[] name:x]`,
		`{"name": "x", "given": {"record": {"name": "x"}}, "expect": {"values": {}}}`: "/cases/0/expect/values test.unsuited map[part:values] /cases/0/given/record test.unsuited map[part:record]",
		`{"name": "x", "given": {"old": {"name": "x"}}, "expect": {"effects": []}}`:   "/cases/0/given/old test.unsuited map[part:old]",
	} {
		got := heldScripts(t, files(`return {}`, cases))
		for n := range got {
			got[n] = strings.TrimPrefix(got[n], "forms/loan/scripts/turn.test.json#")
		}
		slices.Sort(got)
		if told := strings.Join(got, " "); told != want {
			t.Errorf("%s:\n%s", cases, told)
		}
	}
	// Their lines are covered and bitten as those of any other.
	b := files(turn, `{"name": "first", "given": {`+loans+`}, "expect": {"result": {"cursor": "drill"}, "effects": [{"op": "update"}]}}`)
	for _, one := range ran(t, newBox(t), b, compiled(t, b)).Suites {
		isTurn := strings.HasSuffix(one.File, "/turn.test.json")
		if (isTurn || strings.HasSuffix(one.File, "/over.test.json")) && (one.Ways == 0 || len(one.Failed) > 0) || isTurn && one.Mutants == 0 {
			t.Errorf("%+v", one)
		}
	}
}
