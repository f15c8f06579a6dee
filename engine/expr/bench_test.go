package expr

import (
	"fmt"
	"testing"

	"tidewater/engine/value"
)

// usual is what most conditions look like.
const usual = `tier in ["A", "B"] and amount > 1000 and (due == nil or due < addDays(today(), 30))`

func BenchmarkCompile(b *testing.B) {
	env := assetEnv()
	for b.Loop() {
		if _, issues := Compile(usual, env, Type{Kind: Bool}); len(issues) > 0 {
			b.Fatal(issues)
		}
	}
}

// usualRules are what rules usually look like.
func usualRules() []usualRule {
	return []usualRule{
		{"usual", usual, Type{Kind: Bool}, assetValues()},
		{"formula", "round(amount * rate, 2) + 10", Type{Kind: Decimal, Scale: 2}, assetValues()},
		{"brackets", "amount > 5000 ? amount * 0.03 : amount > 1000 ? amount * 0.02 : 0", Type{Kind: Decimal, Scale: 2}, assetValues()},
		{"sum20", "sum(lines, .qty * .price)", Type{Kind: Decimal, Scale: 2}, value.Doc{"lines": manyRows(20)}},
	}
}

type usualRule struct {
	name, source string
	want         Type
	vars         value.Doc
}

func BenchmarkRun(b *testing.B) {
	for _, c := range usualRules() {
		b.Run(c.name, func(b *testing.B) {
			p, ctx := mustCompile(b, c.source, c.want), assetContext(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(ctx, c.vars); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWorstRun is what an author can make a run cost: all its steps, in the dearest ways found.
func BenchmarkWorstRun(b *testing.B) {
	long := value.Doc{"lines": manyRows(2_000), "note": fmt.Sprintf("%0100000d啊", 0)}
	for name, source := range map[string]string{
		"nested":  "any(lines, let q = .qty; any(lines, .qty + q < 0))",
		"folding": "any(lines, note contains .item)",
		"pattern": `any(lines, note matches "(0|00|000|0000)+y$")`,
		"hidden":  `any(lines, any(lines, note == nil))`,
		"dates":   `any(lines, any(lines, addWorkdays(today(), 200000 + .qty - .qty) == nil))`,
		"divide":  `any(lines, any(lines, 1 / 3.0000001 / 7.0000001 / 11.0000001 == 0))`,
	} {
		b.Run(name, func(b *testing.B) {
			p, ctx := mustCompile(b, source, Type{Kind: Bool}), assetContext(b)
			for b.Loop() {
				if _, err := p.Run(ctx, long); err == nil {
					b.Fatal("the run ended by itself")
				}
			}
		})
	}
}
