package expr

import (
	"testing"

	"tidewater/engine/fault"
)

// FuzzCompile holds that any text is either a program that runs to a value or a fault of the rule, or
// is refused with issues that say where.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"sum(lines, (.qty ?? 0) * .price) > 100.5 and due < addDays(today(), 3)",
		"let x = count * 2; x > 1 ? tier : \"B\"", "if active {1} else {2.5}", "lines | filter(.qty > 1) | map(.price) | sum()",
		"name matches \"^a+$\" or name contains \"甲\" or \"a\" in tags", "old.tier != tier and actor.unit == unit",
		"any(lines, let q = .qty; any(1..3, # == q))", "lines[-1].item ?? `x`", "1<2<3", "a ?: b", "\"\\u{0}\" + 'x'",
	} {
		f.Add(seed)
	}
	ctx, vars := assetContext(f), assetValues()
	f.Fuzz(func(t *testing.T, source string) {
		p, issues := Compile(source, assetEnv(), Type{})
		if (p == nil) != (len(issues) > 0) {
			t.Fatalf("program %v with issues %v", p, issues)
		}
		for _, i := range issues {
			if i.Line < 1 || i.Col < 1 || i.Code == "" {
				t.Fatalf("an issue without place: %v", i)
			}
		}
		pushed, refused := PushDown(source, assetEnv())
		if (pushed == nil) != (len(refused) > 0) {
			t.Fatalf("pushed %v with issues %v", pushed, refused)
		}
		if pushed != nil {
			if _, err := pushed.Filter(ctx); err != nil && fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
		}
		if p == nil {
			return
		}
		if _, err := p.Run(ctx, vars); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%v", err)
		}
	})
}
