package decision_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/decision"
	"tidewater/engine/meta"
)

// TestCoverAgreesWithTryingEverything holds what is said of gaps, overlaps and rows out of reach against all
// values that there are, over random small tables.
func TestCoverAgreesWithTryingEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hit := rapid.SampledFrom([]string{"first", "unique"}).Draw(t, "hit")
		rows := rapid.SliceOfN(rapid.Custom(randomRow), 1, 5).Draw(t, "rows")
		text, err := json.Marshal(map[string]any{
			"key": "x", "label": map[string]any{}, "hit": hit,
			"inputs": []any{
				map[string]any{"key": "kind", "label": map[string]any{}, "type": "option", "options": []string{"A", "B", "C"}, "optional": true},
				map[string]any{"key": "n", "label": map[string]any{}, "type": "integer", "from": 0, "to": 6},
			},
			"outputs": []any{map[string]any{"key": "out", "label": map[string]any{}, "type": "integer"}},
			"rows":    rows,
		})
		if err != nil {
			t.Fatal(err)
		}
		def, issues := meta.Decode[meta.Table](text)
		if len(issues) > 0 {
			t.Fatalf("%v", issues)
		}
		want := tryEverything(hit, rows)
		_, issues = decision.Compile(def, nil)
		var got []string
		for _, issue := range issues {
			got = append(got, issue.Path+" "+issue.Code)
		}
		slices.Sort(got)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: got %v, want %v", text, got, want)
		}
	})
}

func randomRow(t *rapid.T) map[string]any {
	when := map[string]any{}
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		when["kind"] = map[string]any{"empty": true}
	case 1:
		when["kind"] = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C"}), 1, 3, rapid.ID).Draw(t, "kinds")
	}
	if rapid.Bool().Draw(t, "ranged") {
		from := rapid.IntRange(0, 6).Draw(t, "from")
		when["n"] = map[string]any{"from": from, "to": rapid.IntRange(from, 6).Draw(t, "to")}
	}
	return map[string]any{"when": when, "then": map[string]any{"out": 1}}
}

// tryEverything is what is wrong with rows, by asking each of every combination; it shares nothing with the
// package but the meaning of a condition.
func tryEverything(hit string, rows []map[string]any) []string {
	var out []string
	reached, overlapped, gap := make([]bool, len(rows)), make([]bool, len(rows)), false
	for _, kind := range []string{"", "A", "B", "C"} {
		for n := range 7 {
			var held []int
			for i, r := range rows {
				if rowHolds(r, kind, n) {
					held = append(held, i)
				}
			}
			if len(held) == 0 {
				gap = true
				continue
			}
			reached[held[0]] = true
			for _, later := range held[1:] {
				overlapped[later] = true
			}
		}
	}
	for i := range rows {
		at := fmt.Sprintf("/rows/%d/when table.", i)
		if hit == "unique" && overlapped[i] {
			out = append(out, at+"overlap")
		}
		if hit == "first" && !reached[i] {
			out = append(out, at+"unreachable")
		}
	}
	if gap {
		out = append(out, "/rows table.gap")
	}
	slices.Sort(out)
	return out
}

func rowHolds(row map[string]any, kind string, n int) bool {
	when, _ := row["when"].(map[string]any)
	switch want := when["kind"].(type) {
	case map[string]any:
		if kind != "" {
			return false
		}
	case []string:
		if !slices.Contains(want, kind) {
			return false
		}
	}
	if span, ranged := when["n"].(map[string]any); ranged {
		return span["from"].(int) <= n && n <= span["to"].(int)
	}
	return true
}

func TestAnExplanationSaysWhichRowAndWhy(t *testing.T) {
	table := compile(t, pay("progressive"))
	told := table.Explain([]any{dec("1.1"), dec("110000"), dec("100000")})
	text, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"nth":3`, `"[1, 1.2)"`, `"0.03"`, `"10000"`, `"300"`, `"800"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// BenchmarkDecide asks tables of 10 and 200 rows for their last row, beside one map look-up.
func BenchmarkDecide(b *testing.B) {
	for _, rows := range []int{10, 200} {
		var list []string
		for n := range rows {
			list = append(list, fmt.Sprintf(`{"when": {"n": {"from": %d, "below": %d}}, "then": {"out": %d}}`, n, n+1, n))
		}
		table := compile(b, `{"key": "x", "label": {}, "hit": "unique", "inputs": [{"key": "n", "label": {}, "type": "decimal"}],
			"outputs": [{"key": "out", "label": {}, "type": "integer"}], "rows": [`+strings.Join(list, ",")+`], "otherwise": {"absent": true}}`)
		last := []any{dec(fmt.Sprint(rows - 1))}
		b.Run(fmt.Sprint("rows=", rows), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got, err := table.Decide(last); err != nil || got.Values == nil {
					b.Fatal(got, err)
				}
			}
		})
	}
}
