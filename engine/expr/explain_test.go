package expr

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// outline writes a tree as people would tell it, a node a line.
func outline(n *explain.Node) string {
	var b strings.Builder
	outlineTo(&b, n, 0)
	return b.String()
}

func outlineTo(b *strings.Builder, n *explain.Node, depth int) {
	b.WriteString(strings.Repeat("  ", depth) + string(n.Kind))
	for _, word := range []string{n.Op, n.Row} {
		if word != "" {
			b.WriteString(" " + word)
		}
	}
	if n.Ref != nil {
		fmt.Fprintf(b, " %s.%s", n.Ref.Field, n.Ref.Column)
	}
	if n.At != nil {
		fmt.Fprintf(b, " `%s`@%d", n.At.Text, n.At.Col)
	}
	if n.Fault != "" {
		b.WriteString(" !" + n.Fault)
	} else if n.Value != nil {
		fmt.Fprintf(b, " = %v", n.Value)
	}
	if n.More > 0 || n.Passed > 0 {
		fmt.Fprintf(b, " more %d passed %d", n.More, n.Passed)
	}
	b.WriteString("\n")
	for _, kid := range n.Kids {
		outlineTo(b, kid, depth+1)
	}
}

func TestExplained(t *testing.T) {
	vars := value.Doc{
		"amount": int64(123450), "rate": int64(500), "tier": "B",
		"due": int64(20260501), "madeAt": int64(1_777_600_000_000),
		"lines": value.List{
			value.Doc{"id": "r1", "item": "a", "qty": int64(2), "price": int64(1000)},
			value.Doc{"id": "r2", "item": "b", "qty": int64(9)},
			value.Doc{"id": "r3", "item": "c", "qty": int64(3), "price": int64(250)},
		},
	}
	for _, k := range []struct{ source, want string }{
		{`round(amount * (1 - rate), 2)`, `
call round ` + "`round(amount * (1 - rate), 2)`@1" + ` = 1172.78
  operation multiply ` + "`amount * (1 - rate)`@7" + ` = 1172.775
    field amount. ` + "`amount`@7" + ` = 1234.5
    operation subtract ` + "`1 - rate`@17" + ` = 0.95
      literal ` + "`1`@17" + ` = 1
      field rate. ` + "`rate`@21" + ` = 0.05
  literal ` + "`2`@28" + ` = 2
`},
		{`tier == "A" ? 10 : tier == "B" ? 20 : 1 / 0`, `
choice choose ` + "`tier == \"A\" ? 10 : tier == \"B\" ? 20 : 1 / 0`@1" + ` = 20
  operation equal ` + "`tier == \"A\"`@1" + ` = false
    field tier. ` + "`tier`@1" + ` = B
    literal ` + "`\"A\"`@9" + ` = A
  choice choose ` + "`tier == \"B\" ? 20 : 1 / 0`@20" + ` = 20
    operation equal ` + "`tier == \"B\"`@20" + ` = true
      field tier. ` + "`tier`@20" + ` = B
      literal ` + "`\"B\"`@28" + ` = B
    literal ` + "`20`@34" + ` = 20
`},
		{`sum(lines, (.price ?? 0) * .qty)`, `
each sum ` + "`sum(lines, (.price ?? 0) * .qty)`@1" + ` = 27.5
  field lines. ` + "`lines`@5" + `
  item r1 = 20
    operation multiply ` + "`(.price ?? 0) * .qty`@12" + ` = 20
      operation otherwise ` + "`.price ?? 0`@13" + ` = 10
        field lines.price ` + "`.price`@13" + ` = 10
      field lines.qty ` + "`.qty`@28" + ` = 2
  item r2 = 0
    operation multiply ` + "`(.price ?? 0) * .qty`@12" + ` = 0
      operation otherwise ` + "`.price ?? 0`@13" + ` = 0
        field lines.price ` + "`.price`@13" + `
        literal ` + "`0`@23" + ` = 0
      field lines.qty ` + "`.qty`@28" + ` = 9
  item r3 = 7.5
    operation multiply ` + "`(.price ?? 0) * .qty`@12" + ` = 7.5
      operation otherwise ` + "`.price ?? 0`@13" + ` = 2.5
        field lines.price ` + "`.price`@13" + ` = 2.5
      field lines.qty ` + "`.qty`@28" + ` = 3
`},
		{`count(lines, .qty < 5 and .price > 5)`, `
each count ` + "`count(lines, .qty < 5 and .price > 5)`@1" + ` = 1 more 0 passed 2
  field lines. ` + "`lines`@7" + `
  item r1 = true
    operation and ` + "`.qty < 5 and .price > 5`@14" + ` = true
      operation less ` + "`.qty < 5`@14" + ` = true
        field lines.qty ` + "`.qty`@14" + ` = 2
        literal ` + "`5`@21" + ` = 5
      operation greater ` + "`.price > 5`@27" + ` = true
        field lines.price ` + "`.price`@27" + ` = 10
        literal ` + "`5`@36" + ` = 5
`},
		{`due < today() or addDays(madeAt, 1) >= madeAt`, `
operation or ` + "`due < today() or addDays(madeAt, 1) >= madeAt`@1" + ` = true
  operation before ` + "`due < today`@1" + ` = false
    field due. ` + "`due`@1" + ` = 2026-05-01
    call today ` + "`today`@7" + ` = 2026-01-31
  operation notBefore ` + "`addDays(madeAt, 1) >= madeAt`@18" + ` = true
    call addDays ` + "`addDays(madeAt, 1)`@18" + ` = 2026-05-02T01:46:40Z
      field madeAt. ` + "`madeAt`@26" + ` = 2026-05-01T01:46:40Z
      literal ` + "`1`@34" + ` = 1
    field madeAt. ` + "`madeAt`@40" + ` = 2026-05-01T01:46:40Z
`},
		{`old.amount + count`, `
operation add ` + "`old.amount + count`@1" + ` !expr.absent
  field amount. ` + "`old.amount`@1" + ` = 10
  field count. ` + "`count`@14" + `
`},
	} {
		p := mustCompile(t, k.source, Type{})
		how, _, _ := p.Explain(assetContext(t), vars)
		if got := outline(how); got != k.want[1:] {
			t.Errorf("%s\ngot:\n%swant:\n%s", k.source, got, k.want[1:])
		}
	}
}

// Of many rows those that count are told, up to a limit; the rest is told together, so that the sum still adds up.
func TestManyRowsAreToldTogether(t *testing.T) {
	how, v, err := mustCompile(t, "sum(lines, .qty)", Type{Kind: Int}).Explain(assetContext(t), value.Doc{"lines": manyRows(27)})
	if err != nil {
		t.Fatal(err)
	}
	rest := how.Kids[len(how.Kids)-1]
	if len(how.Kids) != 1+maxItems+1 || rest.Kind != explain.Rest || rest.More != 17 {
		t.Fatalf("%s", outline(how))
	}
	check(t, how)
	if fmt.Sprint(v) != how.Value {
		t.Errorf("told %v, result %v", how.Value, v)
	}
}

func TestARuleOfFiveHundredNodesIsTold(t *testing.T) {
	source := "count" + strings.Repeat(" + 1", (maxNodes-1)/2)
	how, v, err := mustCompile(t, source, Type{Kind: Int}).Explain(assetContext(t), value.Doc{"count": int64(1)})
	if err != nil || v != int64(250) {
		t.Fatal(v, err)
	}
	nodes := 0
	how.Walk(func(n *explain.Node) bool { nodes++; return true })
	if nodes != maxNodes-1 || how.Value != "250" {
		t.Errorf("%d nodes, %v", nodes, how.Value)
	}
	check(t, how)
	body, err := explain.Store(how)
	if err != nil || len(body) > explain.MaxStored {
		t.Errorf("stored: %d bytes, %v", len(body), err)
	}
}

// What a run makes of many rows within rows is bounded, and says so.
func TestAnExplanationIsBounded(t *testing.T) {
	source := "sum(lines, let q = .qty; sum(lines, .qty + q + q + q + q + q + q + q + q + q + q + q + q))"
	how, v, err := mustCompile(t, source, Type{Kind: Int}).Explain(assetContext(t), value.Doc{"lines": manyRows(100)})
	if err != nil {
		t.Fatal(err)
	}
	nodes, cut := 0, 0
	how.Walk(func(n *explain.Node) bool {
		nodes++
		if n.Cut {
			cut++
		}
		return true
	})
	if nodes > maxTold+2*maxItems || cut == 0 || how.Value != fmt.Sprint(v) {
		t.Errorf("%d nodes, %d cut, told %v of %v", nodes, cut, how.Value, v)
	}
}

// The explaining run gives what the plain run gives, each node's value follows from those below it, and
// leaves are what the record holds.
func TestExplanationsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := anExpression(t, 2)
		p, issues := Compile(source, assetEnv(), Type{})
		if len(issues) > 0 {
			t.Fatalf("%s: %v", source, issues)
		}
		vars := value.Doc{}
		set := func(name string, v value.Value) {
			if rapid.IntRange(0, 4).Draw(t, name+" given") > 0 {
				vars[name] = v
			}
		}
		set("amount", rapid.Int64Range(-100000, 100000).Draw(t, "amount"))
		set("count", rapid.Int64Range(-5, 5).Draw(t, "count"))
		set("rate", rapid.Int64Range(0, 10000).Draw(t, "rate"))
		set("tier", rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "tier"))
		set("active", rapid.Bool().Draw(t, "active"))
		set("lines", manyRows(rapid.IntRange(1, 14).Draw(t, "rows")))
		plain, plainErr := p.Run(assetContext2, vars)
		how, v, err := p.Explain(assetContext2, vars)
		if fault.CodeOf(err) != fault.CodeOf(plainErr) || !value.Equal(v, plain) {
			t.Fatalf("%s: explained %v %v, run %v %v", source, v, err, plain, plainErr)
		}
		check(t, how)
		how.Walk(func(n *explain.Node) bool {
			if n.Kind == explain.Field && n.Ref.Column == "" {
				doc := vars
				if n.Ref.Old {
					doc = assetContext2.Old
				}
				held, err := fromStored(doc[string(n.Ref.Field)], ptr(assetEnv().Fields[string(n.Ref.Field)]))
				if want, ok := tell(held); err != nil || ok && fmt.Sprint(n.Value) != fmt.Sprint(want) {
					t.Fatalf("%s: %s is told as %v, and is %v", source, n.Ref.Field, n.Value, want)
				}
			}
			return true
		})
	})
}

func ptr(t Type) *Type { return &t }

var assetContext2 = Context{Old: value.Doc{"tier": "B", "amount": int64(1000)}}

// anExpression is one of numbers, with conditions and rows in it.
func anExpression(t *rapid.T, depth int) string {
	leaf := []string{"amount", "(count ?? 0)", "(rate ?? 1)", "2", "0.5", "old.amount", "count"}
	if depth == 0 {
		return rapid.SampledFrom(leaf).Draw(t, "leaf")
	}
	a, b := anExpression(t, depth-1), anExpression(t, depth-1)
	return rapid.SampledFrom([]string{
		a, a + " + " + b, "(" + a + ") * (" + b + ")", "(" + a + " - " + b + ")", "(" + a + ") / (" + b + ")",
		"(" + aCondition(t, a, b) + " ? " + a + " : " + b + ")", "round(" + a + ", 1)", "-(" + a + ")",
		"sum(lines, .qty * (" + a + "))", "count(lines, .qty > (" + a + "))", "(amount ?? (" + b + "))",
		"max([1, " + a + "])", "(let v = " + a + "; v + v)", "sum(map(filter(lines, .qty > 2), .price))",
	}).Draw(t, "shape")
}

func aCondition(t *rapid.T, a, b string) string {
	return rapid.SampledFrom([]string{
		a + " < " + b, "active", "not active", `tier == "A" or ` + a + " >= " + b, `tier in ["A", "C"] and count != nil`,
		`any(lines, .qty == 3)`, `all(lines, .qty >= 0)`, `none(lines, .qty > 12)`, `tier startsWith "A"`, `tier matches "^[AB]$"`,
	}).Draw(t, "condition")
}

// failer is a testing.TB or a *rapid.T.
type failer interface {
	Fatalf(format string, args ...any)
}

// check computes every node anew from those below it. It is written against package explain's words
// alone, in big rationals, and shares nothing with the rules that made the tree.
func check(t failer, root *explain.Node) {
	root.Walk(func(n *explain.Node) bool {
		if want, ok := again(n); ok && !sameValue(n.Value, want) {
			t.Fatalf("%s %s is told as %v, and follows as %v", n.Kind, n.Op, n.Value, want)
		}
		return true
	})
}

func sameValue(a, b any) bool {
	x, isNumber := rational(a)
	y, both := rational(b)
	if isNumber && both {
		// Quotients and long products are rounded in their last digit.
		difference := new(big.Rat).Sub(x, y)
		return difference.Abs(difference).Cmp(big.NewRat(1, 1_000_000_000)) < 0
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// inOrder compares days with days, and instants with instants.
func inOrder(op string, a, b any) bool {
	first, second := momentOf(a), momentOf(b)
	if first.IsZero() || second.IsZero() {
		return false
	}
	order := first.Compare(second)
	return map[string]bool{"before": order < 0, "notAfter": order <= 0, "after": order > 0, "notBefore": order >= 0}[op]
}

func momentOf(v any) time.Time {
	text, _ := v.(string)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at
	}
	at, _ := time.Parse(time.DateOnly, text)
	return at
}

func rational(v any) (*big.Rat, bool) {
	s, ok := v.(string)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// again is a node's value from its kids; ok is false where the tree does not say.
func again(n *explain.Node) (v any, ok bool) {
	for _, kid := range n.Kids {
		if kid.Fault != "" {
			return nil, false
		}
	}
	if n.Cut || n.Fault != "" || len(n.Kids) == 0 {
		return nil, false
	}
	last := n.Kids[len(n.Kids)-1]
	switch n.Kind {
	case explain.Item, explain.Choice:
		return last.Value, true
	case explain.Each:
		return againEach(n)
	case explain.Call:
		return againCall(n)
	case explain.Operation:
		return againOperation(n, n.Kids[0].Value, last.Value)
	}
	return nil, false
}

func againOperation(n *explain.Node, a, b any) (any, bool) {
	x, _ := rational(a)
	y, _ := rational(b)
	out := new(big.Rat)
	switch n.Op {
	case "add":
		return out.Add(x, y).RatString(), true
	case "subtract":
		return out.Sub(x, y).RatString(), true
	case "multiply":
		return out.Mul(x, y).RatString(), true
	case "divide":
		return out.Quo(x, y).RatString(), true
	case "negate":
		return out.Neg(x).RatString(), true
	case "otherwise", "let":
		return b, true
	case "not":
		return a != true, true
	case "and":
		return a == true && b == true, true
	case "or":
		return a == true || b == true, true
	case "equal", "differ":
		same := a == b
		if x != nil && y != nil {
			same = x.Cmp(y) == 0
		}
		return same == (n.Op == "equal"), true
	case "less", "atMost", "greater", "atLeast":
		if x == nil || y == nil {
			return false, true
		}
		order := x.Cmp(y)
		return map[string]bool{"less": order < 0, "atMost": order <= 0, "greater": order > 0, "atLeast": order >= 0}[n.Op], true
	case "before", "notAfter", "after", "notBefore":
		return inOrder(n.Op, a, b), true
	case "in":
		list, _ := b.([]any)
		for _, e := range list {
			if sameValue(a, e) {
				return true, true
			}
		}
		return false, true
	case "startsWith":
		whole, _ := a.(string)
		return a != nil && strings.HasPrefix(whole, b.(string)), true
	}
	return nil, false
}

func againCall(n *explain.Node) (any, bool) {
	if n.Op != "max" || n.Kids[0].Is.Kind != "list" {
		return nil, false
	}
	var best *big.Rat
	list, _ := n.Kids[0].Value.([]any)
	for _, e := range list {
		if x, ok := rational(e); ok && (best == nil || x.Cmp(best) > 0) {
			best = x
		}
	}
	if best == nil {
		return nil, true
	}
	return best.RatString(), true
}

func againEach(n *explain.Node) (any, bool) {
	items := n.Kids[1:]
	sum, count := new(big.Rat), 0
	if len(items) == 0 && n.Kids[0].Is.Kind == "list" && n.Op == "sum" {
		list, _ := n.Kids[0].Value.([]any)
		for _, e := range list {
			if x, ok := rational(e); ok {
				sum.Add(sum, x)
			}
		}
	}
	var values []any
	for _, item := range items {
		if x, ok := rational(item.Value); ok {
			sum.Add(sum, x)
		}
		count += max(1, item.More)
		values = append(values, item.Value)
	}
	switch n.Op {
	case "sum":
		return sum.RatString(), true
	case "count":
		return fmt.Sprint(count), true
	case "any":
		return count > 0, true
	case "all", "none":
		return count == 0, true
	case "map":
		if len(values) == 0 {
			return nil, true
		}
		return values, true
	}
	return nil, false
}

func BenchmarkExplain(b *testing.B) {
	for _, c := range usualRules() {
		p, ctx := mustCompile(b, c.source, c.want), assetContext(b)
		for _, way := range []struct {
			name string
			run  func() error
		}{
			{"plain", func() error { _, err := p.Run(ctx, c.vars); return err }},
			{"traced", func() error {
				r := p.run(ctx, c.vars)
				root := p.twin()
				r.trace = p.told.trace()
				_, err := root.eval(r)
				p.told.free(r.trace)
				return err
			}},
			{"told", func() error { _, _, err := p.Explain(ctx, c.vars); return err }},
		} {
			b.Run(c.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := way.run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
