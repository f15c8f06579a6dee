package decision_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"tidewater/engine/decision"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// read decodes a table as a bundle has it; a part that it lacks is one that most tests do not care for.
func read(t testing.TB, text string) meta.Table {
	t.Helper()
	def, issues := meta.Decode[meta.Table]([]byte(text))
	if len(issues) > 0 {
		t.Fatalf("%v", issues)
	}
	return def
}

func options(of string) ([]string, bool) {
	return []string{"A", "B", "C"}, of == "asset.kind"
}

func compile(t testing.TB, text string) *decision.Table {
	t.Helper()
	table, issues := decision.Compile(read(t, text), options)
	if len(issues) > 0 {
		t.Fatalf("%v", issues)
	}
	return table
}

func dec(text string) decimal.Decimal { return decimal.MustParse(text) }

const loan = `{"key": "loan", "label": {}, "hit": "first",
	"inputs": [{"key": "kind", "label": {}, "type": "option", "of": "asset.kind"}, {"key": "weight", "label": {}, "type": "decimal", "from": 0}],
	"outputs": [{"key": "days", "label": {}, "type": "integer"}, {"key": "fee", "label": {}, "type": "decimal", "scale": 2}],
	"rows": [
		{"when": {"kind": "A", "weight": {"below": 10}}, "then": {"days": 7, "fee": "1.50"}},
		{"when": {"kind": ["A", "B"]}, "then": {"days": 14, "fee": 2}},
		{"then": {"days": 30}}
	]}`

func TestTheFirstRowThatHoldsCounts(t *testing.T) {
	table := compile(t, loan)
	for _, it := range []struct {
		kind   any
		weight any
		want   string
	}{
		{"A", dec("9.999999"), "map[days:7 fee:150]"},
		{"A", dec("10"), "map[days:14 fee:200]"},
		{"B", dec("0"), "map[days:14 fee:200]"},
		{"C", dec("3"), "map[days:30]"},
		{"A", nil, "map[days:14 fee:200]"}, // what is absent lies in no range
		{nil, nil, "map[days:30]"},
	} {
		got, err := table.Decide([]any{it.kind, it.weight})
		if err != nil || fmt.Sprint(got.Values) != it.want {
			t.Errorf("%v, %v: %v (%v), want %s", it.kind, it.weight, got.Values, err, it.want)
		}
	}
}

func TestAllRowsCountWhereTheyAreCollected(t *testing.T) {
	table := compile(t, `{"key": "points", "label": {}, "hit": "collect",
		"inputs": [{"key": "big", "label": {}, "type": "boolean"}, {"key": "on", "label": {}, "type": "date"}],
		"outputs": [{"key": "n", "label": {}, "type": "integer"}],
		"rows": [{"when": {"big": true}, "then": {"n": 5}}, {"when": {"on": {"from": "2026-01-01", "to": "2026-12-31"}}, "then": {"n": 2}}, {"then": {"n": 1}}]}`)
	for in, want := range map[int64]string{20251231: "[5 1]", 20260101: "[5 2 1]", 20261231: "[5 2 1]", 20270101: "[5 1]"} {
		got, err := table.Decide([]any{true, in})
		if err != nil || fmt.Sprint(got.Values["n"]) != want {
			t.Errorf("%d: %v (%v), want %s", in, got.Values["n"], err, want)
		}
	}
}

func TestWhereNoRowHolds(t *testing.T) {
	table := func(hit, otherwise string) *decision.Table {
		return compile(t, `{"key": "x", "label": {"en": "Loan"}, "hit": "`+hit+`", "inputs": [{"key": "n", "label": {}, "type": "integer"}],
			"outputs": [{"key": "out", "label": {}, "type": "text"}], "rows": [{"when": {"n": 1}, "then": {"out": "one"}}]`+otherwise+`}`)
	}
	two := []any{dec("2")}
	if got, err := table("unique", `, "otherwise": {"then": {"out": "other"}}`).Decide(two); err != nil || got.Values["out"] != "other" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := table("unique", `, "otherwise": {"absent": true}`).Decide(two); err != nil || got.Values != nil {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := table("collect", ``).Decide(two); err != nil || len(got.Values) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	_, err := table("first", `, "otherwise": {"message": {"en": "Ask the keeper"}}`).Decide(two)
	if fault.CodeOf(err) != "table.refused" {
		t.Errorf("%v", err)
	}
	// A table without gaps has none for what is there; an absent input is not.
	whole := compile(t, `{"key": "x", "label": {}, "hit": "unique", "inputs": [{"key": "b", "label": {}, "type": "boolean"}],
		"outputs": [{"key": "out", "label": {}, "type": "text"}], "rows": [{"when": {"b": true}, "then": {"out": "t"}}, {"when": {"b": false}, "then": {"out": "f"}}]}`)
	if _, err := whole.Decide([]any{nil}); fault.CodeOf(err) != "table.noRow" {
		t.Errorf("%v", err)
	}
}

// pay is the worked example of commissions: base 110,000 of a target of 100,000.
func pay(mode string) string {
	by := `"mode": "whole"`
	if mode == "progressive" {
		by = `"by": "completion", "per": "target", "mode": "progressive"`
	}
	return `{"key": "pay", "label": {}, "hit": "unique",
		"inputs": [{"key": "completion", "label": {}, "type": "decimal", "from": 0}, {"key": "base", "label": {}, "type": "decimal"}, {"key": "target", "label": {}, "type": "decimal"}],
		"outputs": [{"key": "rate", "label": {}, "type": "decimal", "scale": 4}, {"key": "factor", "label": {}, "type": "decimal", "scale": 2}],
		"rows": [
			{"when": {"completion": {"below": "0.6"}}, "then": {"rate": 0, "factor": 0}},
			{"when": {"completion": {"from": "0.6", "below": 1}}, "then": {"rate": "0.02", "factor": 1}},
			{"when": {"completion": {"from": 1, "below": "1.2"}}, "then": {"rate": "0.03", "factor": "1.2"}},
			{"when": {"completion": {"from": "1.2"}}, "then": {"rate": "0.05", "factor": "1.5"}}
		],
		"amount": {"key": "earned", "label": {}, "of": "base", "rate": "rate", "scale": 2, ` + by + `}}`
}

func TestAmountsOfTheWholeAndOfBrackets(t *testing.T) {
	whole, progressive := compile(t, pay("whole")), compile(t, pay("progressive"))
	for _, it := range []struct {
		completion, base, target string
		whole, progressive       int64 // in cents
	}{
		{"1.1", "110000", "100000", 330_000, 110_000}, // 60,000 × 0 + 40,000 × 0.02 + 10,000 × 0.03
		{"1", "100000", "100000", 300_000, 80_000},    // the bound is inclusive
		{"0.9999", "99990", "100000", 199_980, 79_980},
		{"1.5", "150000", "100000", 750_000, 290_000},   // 800 + 20,000 × 0.03 + 30,000 × 0.05
		{"0.5", "50000", "100000", 0, 0},                // a rate of nothing is a rate
		{"1", "33333.335", "0", 100_000, 100_000},       // no target: the rate of the row, of the whole; 1,000.00005 to cents
		{"1.1", "-110000", "100000", -330_000, -110000}, // a negative base gives what its amount gives
		{"1", "0.17", "0.17", 1, 0},                     // 0.0051 to cents; 0.068 × 0.02 = 0.00136
	} {
		in := []any{dec(it.completion), dec(it.base), dec(it.target)}
		for name, table := range map[string]*decision.Table{"whole": whole, "progressive": progressive} {
			want := it.whole
			if name == "progressive" {
				want = it.progressive
			}
			got, err := table.Decide(in)
			if err != nil || got.Values["earned"] != value.Value(want) {
				t.Errorf("%s of %+v: %v (%v), want %d", name, it, got.Values["earned"], err, want)
			}
		}
	}
	if got, err := progressive.Decide([]any{dec("1"), nil, dec("1")}); err != nil || got.Values["earned"] != nil || got.Values["rate"] == nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	if _, err := whole.Decide([]any{dec("2"), dec("9999999999999999999"), dec("1")}); fault.CodeOf(err) != "expr.number" {
		t.Errorf("beyond all digits: %v", err)
	}
}

func TestWhatIsWrongWithATable(t *testing.T) {
	const frame = `{"key": "x", "label": {}, "hit": "%s", "inputs": [%s], "outputs": [{"key": "n", "label": {}, "type": "decimal", "scale": 1}], "rows": [%s]%s}`
	const kind, weight, day = `{"key": "kind", "label": {}, "type": "option", "of": "asset.kind"}`,
		`{"key": "weight", "label": {}, "type": "decimal"}`, `{"key": "on", "label": {}, "type": "date"}`
	for name, it := range map[string]struct{ hit, inputs, rows, more, want string }{
		"a gap":                  {"first", kind, `{"when": {"kind": ["A", "C"]}, "then": {"n": 1}}`, ``, "/rows table.gap kind = B"},
		"a gap between":          {"unique", weight, `{"when": {"weight": {"below": 1}}, "then": {}}, {"when": {"weight": {"above": 1}}, "then": {}}`, ``, "/rows table.gap weight = 1"},
		"a gap in two":           {"first", kind + "," + weight, `{"when": {"kind": ["A", "B"]}, "then": {}}, {"when": {"kind": "C", "weight": {"to": 5}}, "then": {}}`, ``, "/rows table.gap kind = C, weight = 6"},
		"a gap of days":          {"first", day, `{"when": {"on": {"to": "2026-02-28"}}, "then": {}}, {"when": {"on": {"from": "2026-03-02"}}, "then": {}}`, ``, "/rows table.gap on = 2026-03-01"},
		"no gap of days":         {"first", day, `{"when": {"on": {"to": "2026-02-28"}}, "then": {}}, {"when": {"on": {"from": "2026-03-01"}}, "then": {}}`, ``, ""},
		"an optional input":      {"first", `{"key": "kind", "label": {}, "type": "option", "options": ["A"], "optional": true}`, `{"when": {"kind": "A"}, "then": {}}`, ``, "/rows table.gap kind = —"},
		"an optional covered":    {"first", `{"key": "kind", "label": {}, "type": "option", "options": ["A"], "optional": true}`, `{"when": {"kind": "A"}, "then": {}}, {"when": {"kind": {"empty": true}}, "then": {}}`, ``, ""},
		"a text":                 {"first", `{"key": "name", "label": {}, "type": "text"}`, `{"when": {"name": "x"}, "then": {}}`, ``, "/rows table.gap name = …"},
		"not below the domain":   {"first", `{"key": "n", "label": {}, "type": "integer", "from": 0, "to": 9}`, `{"when": {"n": {"from": 0, "below": 5}}, "then": {}}, {"when": {"n": {"above": 4, "to": 9}}, "then": {}}`, ``, ""},
		"whole numbers":          {"unique", `{"key": "n", "label": {}, "type": "integer"}`, `{"when": {"n": {"to": 4}}, "then": {}}, {"when": {"n": {"above": 4}}, "then": {}}`, ``, ""},
		"an overlap":             {"unique", weight, `{"when": {"weight": {"to": 1}}, "then": {}}, {"when": {"weight": {"from": 1}}, "then": {}}`, ``, "/rows/1/when table.overlap weight = 1"},
		"a row that never holds": {"first", kind, `{"when": {"kind": ["A", "B"]}, "then": {}}, {"when": {"kind": "B"}, "then": {}}, {"then": {}}`, ``, "/rows/1/when table.unreachable"},
		"an unknown option":      {"first", kind, `{"when": {"kind": "D"}, "then": {}}`, ``, "/rows/0/when/kind table.option"},
		"an unknown input":       {"first", kind, `{"when": {"colour": "red"}, "then": {}}`, ``, "/rows/0/when/colour meta.unknownKey"},
		"an unknown output":      {"first", kind, `{"then": {"m": 1}}`, ``, "/rows/0/then/m meta.unknownKey"},
		"more digits":            {"first", kind, `{"then": {"n": "1.25"}}`, ``, "/rows/0/then/n table.digits"},
		"no number":              {"first", weight, `{"when": {"weight": "heavy"}, "then": {}}`, ``, "/rows/0/when/weight table.value"},
		"a huge number":          {"first", weight, `{"when": {"weight": 1e10000000}, "then": {}}`, ``, "/rows/0/when/weight table.value"},
		"no day":                 {"first", day, `{"when": {"on": "2026-02-31"}, "then": {}}`, ``, "/rows/0/when/on table.value"},
		"a range of options":     {"first", kind, `{"when": {"kind": {"from": "A"}}, "then": {}}`, ``, "/rows/0/when/kind table.noRange"},
		"an empty range":         {"first", weight, `{"when": {"weight": {"from": 2, "below": 2}}, "then": {}}`, ``, "/rows/0/when/weight table.emptyRange"},
		"two lower ends":         {"first", weight, `{"when": {"weight": {"from": 2, "above": 3}}, "then": {}}`, ``, "/rows/0/when/weight/from table.twoEnds"},
		"empty and a range":      {"first", weight, `{"when": {"weight": {"empty": true, "from": 2}}, "then": {}}`, ``, "/rows/0/when/weight/empty table.emptyAlone"},
		"no such field":          {"first", `{"key": "kind", "label": {}, "type": "option", "of": "asset.name"}`, `{"then": {}}`, ``, "/inputs/0/of table.of"},
		"the same input twice":   {"first", kind + "," + kind, `{"then": {}}`, ``, "/inputs/1/key meta.duplicate"},
		"an amount of a text":    {"unique", kind, `{"then": {"n": 1}}`, `, "amount": {"key": "a", "label": {}, "of": "kind", "rate": "n", "mode": "whole", "scale": 2}`, "/amount/of table.amountOf"},
		"brackets that overlap":  {"first", weight, `{"then": {"n": 1}}`, `, "amount": {"key": "a", "label": {}, "of": "weight", "rate": "n", "mode": "progressive", "scale": 2}`, "/amount/mode table.progressiveUnique"},
	} {
		_, issues := decision.Compile(read(t, fmt.Sprintf(frame, it.hit, it.inputs, it.rows, it.more)), options)
		var got []string
		for _, issue := range issues {
			example, _ := issue.Args["example"].(string)
			got = append(got, strings.TrimSpace(issue.Path+" "+issue.Code+" "+example))
		}
		if strings.Join(got, "; ") != it.want {
			t.Errorf("%s: %q, want %q", name, got, it.want)
		}
	}
}

func TestATableThatNobodyCouldReadIsRefused(t *testing.T) {
	var inputs, rows []string
	for n := range 12 {
		inputs = append(inputs, fmt.Sprintf(`{"key": "i%d", "label": {}, "type": "integer"}`, n))
	}
	for n := range 200 {
		when := map[string]any{}
		for i := range 12 {
			from := (n*7 + i*13) % 50
			when[fmt.Sprintf("i%d", i)] = map[string]any{"from": from, "to": from + 20}
		}
		row, err := json.Marshal(map[string]any{"when": when, "then": map[string]any{}})
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, string(row))
	}
	_, issues := decision.Compile(read(t, `{"key": "x", "label": {}, "hit": "first", "inputs": [`+strings.Join(inputs, ",")+`],
		"outputs": [{"key": "n", "label": {}, "type": "integer"}], "rows": [`+strings.Join(rows, ",")+`]}`), options)
	if len(issues) == 0 || issues[len(issues)-1].Code != "table.tooEntangled" {
		t.Errorf("%v", issues)
	}
}
