package expr_test

import (
	"slices"
	"testing"

	"tidewater/engine/expr"
)

func TestOutcomesAreTheNumbersThatWaysEndIn(t *testing.T) {
	for source, want := range map[string][]int{
		"7":                             {7},
		"-1":                            {-1},
		"1 == 2 ? 7 : 2 == 3 ? 15 : 30": {7, 15, 30},
		"(1 == 2 ? -3 : nil) ?? 4":      {-3, 4},
	} {
		p, issues := expr.Compile(source, expr.Env{}, expr.Type{Kind: expr.Int})
		if len(issues) > 0 {
			t.Fatalf("%s: %v", source, issues)
		}
		if got, known := p.Outcomes(); !known || !slices.Equal(got, want) {
			t.Errorf("%s ends in %v, %v", source, got, known)
		}
	}
	p, issues := expr.Compile("1 == 2 ? 7 : abs(-3)", expr.Env{}, expr.Type{Kind: expr.Int})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if got, known := p.Outcomes(); known {
		t.Errorf("what is reckoned ends in %v", got)
	}
}
