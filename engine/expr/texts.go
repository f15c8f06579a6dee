package expr

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"tidewater/engine/text"
)

// textTest is contains, startsWith or endsWith. What is absent or blank is in nothing and contains nothing.
func (c *compiler) textTest(t *ast.BinaryNode, left, right *node) *node {
	left, right = c.need(left, of(Text), Text), c.need(right, of(Text), Text)
	if left == nil || right == nil {
		return nil
	}
	test := tests[t.Operator]
	return c.pair(opText, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		a, b, err := both(left, right, r)
		if err != nil || isAbsent(a) || isAbsent(b) {
			return false, err
		}
		whole, part := a.(string), b.(string)
		if err := r.work((len(whole) + len(part)) / 4); err != nil {
			return nil, err
		}
		return test(whole, part), nil
	})
}

var tests = map[string]func(whole, part string) bool{
	"contains":   containsFolded,
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
}

func containsFolded(whole, part string) bool {
	part = text.Fold(part)
	return part != "" && strings.Contains(text.Fold(whole), part)
}

// matches takes a written pattern only, small in itself and in the machine that it compiles to, because
// a pattern's cost is the text's length times the machine's.
func (c *compiler) matches(t *ast.BinaryNode) *node {
	left := c.need(c.node(t.Left), of(Text), Text)
	pattern, ok := t.Right.(*ast.StringNode)
	if !ok || utf8.RuneCountInString(pattern.Value) > maxPattern {
		c.issues.Add(c.at(t.Right), "expr.pattern", "max", maxPattern)
		return nil
	}
	expression, size, ok := machine(pattern.Value)
	if c.machines += size; !ok || c.machines > maxMachine {
		c.issues.Add(c.at(t.Right), "expr.pattern", "max", maxPattern)
		return nil
	}
	if left == nil {
		return nil
	}
	right := constant(c.at(t.Right), pattern.Value, Type{Kind: Text}, pattern.Value)
	right.span = spanOf(t.Right)
	c.where = c.where.with(right.span)
	return c.pair(opText, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		v, err := left.eval(r)
		if err != nil || isAbsent(v) {
			return false, err
		}
		whole := v.(string)
		if err := r.work(len(whole) * (1 + size/8)); err != nil {
			return nil, err
		}
		return expression.MatchString(whole), nil
	})
}

// machine compiles a pattern and counts its instructions.
func machine(pattern string) (expression *regexp.Regexp, size int, ok bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || weight(tree) > maxMachine {
		return nil, 0, false
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxMachine {
		return nil, 0, false
	}
	expression, err = regexp.Compile(pattern)
	return expression, len(program.Inst), err == nil
}

// weight counts what a pattern matches one by one, repetitions multiplied out: a machine has no fewer
// instructions, and building a large one only to refuse it would cost.
func weight(tree *syntax.Regexp) int {
	if tree.Op == syntax.OpLiteral {
		return len(tree.Rune)
	}
	sum := 0
	for _, sub := range tree.Sub {
		sum += weight(sub)
	}
	if tree.Op == syntax.OpRepeat {
		return sum * max(tree.Min, tree.Max)
	}
	return max(1, sum)
}

// cut returns count characters of s from the first-th on, counted from 0.
func cut(s string, first, count int64) string {
	if first < 0 || count <= 0 {
		return ""
	}
	at, end, n := len(s), len(s), int64(0)
	for i := range s {
		if n == first {
			at = i
		}
		if n-first == count {
			end = i
			break
		}
		n++
	}
	return s[at:end]
}
