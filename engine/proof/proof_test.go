package proof_test

import (
	"slices"
	"strings"
	"testing"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/proof"
)

const label = `{"zh-CN": "x", "en": "x"}`

// bundle is a small app: a form with a formula by a table and a rule in a file of its own, and their tests,
// with some files replaced.
func bundle(replaced map[string]string) catalog.Bundle {
	files := map[string]string{
		"app.json": `{"key": "tools", "version": "1.0.0", "label": ` + label + `}`,
		"forms/loan/form.json": `{"type": "object", "x-form": "loan", "x-label": ` + label + `, "x-title": "name", "properties": {
			"name": {"x-field": "text", "x-label": ` + label + `}, "tier": {"x-field": "text", "x-label": ` + label + `},
			"price": {"x-field": "currency", "x-label": ` + label + `, "x-scale": 2},
			"fee": {"x-field": "formula", "x-label": ` + label + `, "x-result": "currency", "x-scale": 2, "x-compute": "price > 100 ? price * fees(tier).rate : 0"},
			"why": {"x-field": "text", "x-label": ` + label + `, "x-requiredIf": "tier == 'A' and price > 500"}}}`,
		"forms/loan/form.test.json": `{"cases": [
			{"name": "dear", "given": {"record": {"name": "saw", "tier": "A", "price": 150}}, "expect": {"values": {"fee": 15}}},
			{"name": "on the edge", "given": {"record": {"name": "saw", "tier": "A", "price": 100}}, "expect": {"values": {"fee": "0.00"}}},
			{"name": "just above", "given": {"record": {"name": "saw", "tier": "A", "price": "100.10"}}, "expect": {"values": {"fee": "10.01"}}},
			{"name": "asked why", "given": {"record": {"tier": "A", "price": "500.01"}}, "expect": {"issues": [{"path": "/values/why", "code": "field.required"}]}},
			{"name": "not asked", "given": {"record": {"tier": "A", "price": "500"}}, "expect": {}},
			{"name": "nor of others", "given": {"record": {"tier": "B", "price": "600"}}, "expect": {}}]}`,
		"forms/loan/rules/named.json": `{"key": "named", "check": "name != nil or tier == 'B'", "message": ` + label + `}`,
		"forms/loan/rules/named.test.json": `{"cases": [
			{"name": "a name", "given": {"record": {"name": "saw", "tier": "C"}}, "expect": {"result": true}},
			{"name": "none", "given": {"record": {"tier": "C"}}, "expect": {"issues": [{"path": "/values", "code": "rule.invalid"}]}},
			{"name": "B needs none", "given": {"record": {"tier": "B"}}, "expect": {"result": true}}]}`,
		"tables/fees.json": `{"key": "fees", "label": ` + label + `, "hit": "first", "inputs": [{"key": "tier", "label": ` + label + `, "type": "option", "options": ["A", "B", "C"]}],
			"outputs": [{"key": "rate", "label": ` + label + `, "type": "decimal", "scale": 2}],
			"rows": [{"when": {"tier": "A"}, "then": {"rate": "0.1"}}, {"then": {"rate": "0.2"}}]}`,
		"tables/fees.test.json": `{"cases": [
			{"name": "A", "given": {"args": {"tier": "A"}}, "expect": {"result": {"rate": 0.10}}},
			{"name": "others", "given": {"args": {"tier": "B"}}, "expect": {"result": {"rate": 0.2}}}]}`,
	}
	out := catalog.Bundle{}
	for path, text := range files {
		out[path] = []byte(text)
	}
	for path, text := range replaced {
		if out[path] = []byte(text); text == "" {
			delete(out, path)
		}
	}
	return out
}

func compiled(t *testing.T, b catalog.Bundle) *catalog.Catalog {
	t.Helper()
	c, issues := catalog.Compile(b)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return c
}

func never() bool { return false }

func ran(t *testing.T, runner proof.Runner, b catalog.Bundle, c *catalog.Catalog) proof.Report {
	t.Helper()
	report, err := proof.Run(t.Context(), runner, b, c, true, never)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTestsHoldCoverAndBite(t *testing.T) {
	b := bundle(map[string]string{"forms/loan/form.test.json": strings.ReplaceAll(string(bundle(nil)["forms/loan/form.test.json"]), `{"tier": "A", "price": "5`, `{"name": "saw", "tier": "A", "price": "5`)})
	c := compiled(t, b)
	if issues := proof.Hold(c); len(issues) > 0 {
		t.Fatal(issues)
	}
	report := ran(t, nil, b, c)
	if len(report.Suites) != 3 || len(report.Untested) != 0 {
		t.Fatalf("%+v", report)
	}
	for _, s := range report.Suites {
		if s.Ways == 0 || s.Mutants == 0 || len(s.Missed) > 0 || len(s.Survived) > 0 || len(s.Failed) > 0 {
			t.Errorf("%+v", s)
		}
	}
}

func TestWhatNoCaseTriesIsTold(t *testing.T) {
	b := bundle(map[string]string{
		"forms/loan/form.test.json": "", "forms/loan/rules/named.test.json": `{"cases": [{"name": "a name", "given": {"record": {"name": "saw"}}, "expect": {"result": true}}]}`,
		"tables/fees.test.json": `{"cases": [{"name": "A", "given": {"args": {"tier": "A"}}, "expect": {}}]}`,
	})
	report := ran(t, nil, b, compiled(t, b))
	var missed, survived []string
	for _, s := range report.Suites {
		for _, m := range s.Missed {
			missed = append(missed, m.Path+" "+m.Text+" "+m.Outcome)
		}
		for _, m := range s.Survived {
			survived = append(survived, m.Path+" "+m.Was+"→"+m.Now)
		}
	}
	for _, want := range []string{"/check name != nil false", "/check tier == 'B' true", "/check tier == 'B' false", "/rows/1  "} {
		if !strings.Contains(strings.Join(missed, "\n")+"\n", want+"\n") {
			t.Errorf("not told: %q in %q", want, missed)
		}
	}
	for _, want := range []string{"/check 'B'→'Bx'", "/check ==→!=", "/rows/0/then/rate 0.1→0.2"} {
		if !strings.Contains(strings.Join(survived, "\n"), want) {
			t.Errorf("not told: %q in %q", want, survived)
		}
	}
}

func TestAFailingCaseStopsAPublication(t *testing.T) {
	for name, it := range map[string]struct{ file, cases, want string }{
		"a wrong value": {"forms/loan/form.test.json", `{"name": "x", "given": {"record": {"name": "saw", "tier": "A", "price": "150.00"}}, "expect": {"values": {"fee": "15.01"}}}`,
			`forms/loan/form.test.json#/cases/0/expect/values/fee test.failed map[expect:"15.01" got:"15.00" name:x]`},
		"an issue that did not come": {"forms/loan/rules/named.test.json", `{"name": "x", "given": {"record": {"name": "saw"}}, "expect": {"issues": [{"path": "/values", "code": "rule.invalid"}]}}`,
			`forms/loan/rules/named.test.json#/cases/0/expect/issues test.failed map[expect:["/values rule.invalid"] got:[] name:x]`},
		"an issue that was not expected": {"forms/loan/form.test.json", `{"name": "x", "given": {"record": {"tier": "C"}}, "expect": {}}`,
			`forms/loan/form.test.json#/cases/0/expect/issues test.failed map[expect:[] got:["/values rule.invalid"] name:x]`},
		"another row": {"tables/fees.test.json", `{"name": "x", "given": {"args": {"tier": "C"}}, "expect": {"result": {"rate": "0.3"}}}`,
			`tables/fees.test.json#/cases/0/expect/result test.failed map[expect:{"rate":"0.3"} got:{"rate":0.20} name:x]`},
		"no row":          {"tables/fees.test.json", `{"name": "x", "given": {"args": {}}, "expect": {"issues": [{"path": "", "code": "table.noRow"}]}}`, `tables/fees.test.json#/cases/0/expect/issues test.failed map[expect:[" table.noRow"] got:[] name:x]`},
		"no such input":   {"tables/fees.test.json", `{"name": "x", "given": {"args": {"colour": 1}}, "expect": {}}`, `tables/fees.test.json#/cases/0/given/args/colour meta.unknownKey map[key:colour]`},
		"no such field":   {"forms/loan/form.test.json", `{"name": "x", "given": {"record": {"colour": 1}}, "expect": {}}`, `forms/loan/form.test.json#/cases/0/given/record/colour field.unknown map[field:colour]`},
		"no such actor":   {"forms/loan/form.test.json", `{"name": "x", "given": {"actor": {"rank": 1}}, "expect": {}}`, `forms/loan/form.test.json#/cases/0/given/actor/rank test.actor`},
		"a table's log":   {"tables/fees.test.json", `{"name": "x", "given": {"args": {"tier": "A"}, "seed": 1}, "expect": {"log": ["a"]}}`, "tables/fees.test.json#/cases/0/expect/log test.unsuited map[part:log]\ntables/fees.test.json#/cases/0/given/seed test.unsuited map[part:seed]"},
		"another's parts": {"tables/fees.test.json", `{"name": "x", "given": {"args": {"tier": "A"}}, "expect": {"values": {"a": 1}}}`, `tables/fees.test.json#/cases/0/expect/values test.unsuited map[part:values]`},
	} {
		c := compiled(t, bundle(map[string]string{it.file: `{"cases": [` + it.cases + `]}`, "forms/loan/form.test.json": pick(it.file == "forms/loan/form.test.json", `{"cases": [`+it.cases+`]}`, "")}))
		var got []string
		for _, issue := range proof.Hold(c) {
			got = append(got, issue.Error())
		}
		if strings.Join(got, "\n") != it.want {
			t.Errorf("%s: %s", name, strings.Join(got, "\n"))
		}
	}
}

func pick(which bool, a, b string) string {
	if which {
		return a
	}
	return b
}

// A number may be expected to lie in a range, so that those who keep a table up have room.
func TestARangeIsExpected(t *testing.T) {
	for want, holds := range map[string]bool{
		`{"from": 0.1}`: true, `{"from": 0.2}`: false, `{"above": 0.1}`: false, `{"above": 0.09, "below": 0.11}`: true, `{"below": 0.1}`: false,
		`{"to": 0.1}`: true, `{"to": 0.09}`: false, `{"from": 0, "to": 1, "below": 0.1}`: false, `{}`: false, `{"from": "0.1"}`: false, `{"about": 0.1}`: false,
	} {
		files := bundle(map[string]string{"tables/fees.test.json": `{"cases": [{"name": "x", "given": {"args": {"tier": "A"}}, "expect": {"result": {"rate": ` + want + `}}}]}`})
		compiled, issues := catalog.Compile(files)
		if len(issues) > 0 {
			t.Fatal(issues)
		}
		failed := slices.DeleteFunc(proof.Hold(compiled), func(i fault.Issue) bool { return i.File != "tables/fees.test.json" })
		if got := len(failed) == 0; got != holds {
			t.Errorf("%s: %v, want %v: %v", want, got, holds, failed)
		}
	}
}
