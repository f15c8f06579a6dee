package expr

import (
	"cmp"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

func (c *compiler) unary(t *ast.UnaryNode) *node {
	at := c.at(t)
	switch t.Operator {
	case "not", "!":
		kid := c.need(c.node(t.Node), of(Bool), Bool)
		if kid == nil {
			return nil
		}
		return &node{
			op: opNot, at: at, text: "not", typ: Type{Kind: Bool}, uses: kid.uses, kids: []*node{kid},
			eval: func(r *run) (any, error) {
				b, err := truth(kid, r)
				return !b, err
			},
		}
	case "-", "+":
		return c.sign(t)
	}
	c.issues.Add(at, "expr.notAllowed", "part", t.Operator)
	return nil
}

func (c *compiler) sign(t *ast.UnaryNode) *node {
	kid := c.need(c.node(t.Node), numbers, Decimal)
	if kid == nil || t.Operator == "+" {
		return kid
	}
	if d, ok := kid.val.(number); ok {
		return constant(c.at(t), "-"+kid.text, kid.typ, d.Neg())
	}
	typ := numberType(kid.typ.Kind == Int, kid.typ.Scale)
	return &node{
		op: opReckon, at: c.at(t), text: "-", typ: typ, uses: kid.uses, kids: []*node{kid},
		eval: func(r *run) (any, error) {
			d, err := present(kid, r)
			return d.Neg(), err
		},
	}
}

func (c *compiler) binary(t *ast.BinaryNode) *node {
	switch t.Operator {
	case "**", "^":
		c.issues.Add(c.at(t), "expr.notAllowed", "part", t.Operator)
		return nil
	case "..":
		return c.span(t)
	case "matches":
		return c.matches(t)
	}
	left, right := c.node(t.Left), c.node(t.Right)
	if left == nil || right == nil {
		return nil
	}
	switch t.Operator {
	case "and", "&&", "or", "||":
		return c.logic(t, left, right)
	case "==", "!=":
		return c.equality(t, left, right)
	case "<", "<=", ">", ">=":
		return c.order(t, left, right)
	case "+", "-", "*", "/", "%":
		return c.reckon(t, left, right)
	case "in":
		return c.in(t, left, right)
	case "contains", "startsWith", "endsWith":
		return c.textTest(t, left, right)
	case "??":
		return c.otherwise(t, left, right)
	}
	c.issues.Add(c.at(t), "expr.notAllowed", "part", t.Operator)
	return nil
}

// pair builds a node over two kids.
func (c *compiler) pair(op op, t *ast.BinaryNode, typ Type, left, right *node, eval evalFunc) *node {
	kids := []*node{left, right}
	return &node{op: op, at: c.at(t), text: t.Operator, typ: typ, uses: inherit(kids), kids: kids, eval: eval}
}

// operands notes that an operator does not go with what stands beside it.
func (c *compiler) operands(t *ast.BinaryNode, left, right *node) *node {
	c.issues.Add(c.at(t), "expr.operands",
		"op", t.Operator, "left", left.typ.Kind.String(), "right", right.typ.Kind.String())
	return nil
}

func (c *compiler) logic(t *ast.BinaryNode, left, right *node) *node {
	left, right = c.need(left, of(Bool), Bool), c.need(right, of(Bool), Bool)
	if left == nil || right == nil {
		return nil
	}
	op, stop := opAnd, false
	if t.Operator == "or" || t.Operator == "||" {
		op, stop = opOr, true
	}
	return c.pair(op, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		b, err := truth(left, r)
		if err != nil || b == stop {
			return b, err
		}
		return truth(right, r)
	})
}

// level makes days of text literals that stand beside days, and tells whether both sides then compare.
func (c *compiler) level(left, right *node) (*node, *node, bool) {
	left, right = c.fit(left, of(right.typ.Kind)), c.fit(right, of(left.typ.Kind))
	if left == nil || right == nil {
		return nil, nil, true // noted
	}
	l, r := left.typ.Kind, right.typ.Kind
	same := l == r || numbers.has(l) && numbers.has(r)
	return left, right, same || l == None || r == None
}

func (c *compiler) equality(t *ast.BinaryNode, left, right *node) *node {
	left, right, ok := c.level(left, right)
	if left == nil || right == nil {
		return nil
	}
	nothing := left.typ.Kind == None || right.typ.Kind == None
	if !ok || !nothing && !scalars.has(left.typ.Kind) {
		return c.operands(t, left, right)
	}
	op, want := opEqual, true
	if t.Operator == "!=" {
		op, want = opDiffer, false
	}
	// What an actor lacks equals nothing, unless the author asks whether it is there.
	lacking := !nothing && (left.typ.lacking || right.typ.lacking)
	return c.pair(op, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		a, b, err := both(left, right, r)
		if err != nil {
			return nil, err
		}
		same := equal(a, b) && !(lacking && isAbsent(a))
		return same == want, nil
	})
}

func both(left, right *node, r *run) (a, b any, err error) {
	if a, err = left.eval(r); err != nil {
		return nil, nil, err
	}
	if b, err = right.eval(r); err != nil {
		return nil, nil, err
	}
	return a, b, r.look(a, b)
}

// equal compares two scalars; absent equals absent only.
func equal(a, b any) bool {
	if isAbsent(a) || isAbsent(b) {
		return isAbsent(a) && isAbsent(b)
	}
	if x, ok := a.(number); ok {
		y, ok := b.(number)
		return ok && x.Cmp(y) == 0
	}
	return a == b
}

func (c *compiler) order(t *ast.BinaryNode, left, right *node) *node {
	left, right, ok := c.level(left, right)
	if left == nil || right == nil {
		return nil
	}
	if !ok || !ordered.has(left.typ.Kind) || !ordered.has(right.typ.Kind) {
		return c.operands(t, left, right)
	}
	op := t.Operator
	return c.pair(opLess, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		a, b, err := both(left, right, r)
		if err != nil || isAbsent(a) || isAbsent(b) {
			return false, err
		}
		return holds(op, compare(a, b)), nil
	})
}

// compare orders two scalars of one kind, text by bytes.
func compare(a, b any) int {
	switch a := a.(type) {
	case number:
		if b, ok := b.(number); ok {
			return a.Cmp(b)
		}
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b)
		}
	case day:
		if b, ok := b.(day); ok {
			return cmp.Compare(a, b)
		}
	case instant:
		if b, ok := b.(instant); ok {
			return cmp.Compare(a, b)
		}
	}
	return 0
}

func holds(op string, order int) bool {
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (c *compiler) reckon(t *ast.BinaryNode, left, right *node) *node {
	if t.Operator == "+" && left.typ.Kind == Text && right.typ.Kind == Text {
		return c.concat(t, left, right)
	}
	if !numbers.has(left.typ.Kind) || !numbers.has(right.typ.Kind) {
		return c.operands(t, left, right)
	}
	whole := left.typ.Kind == Int && right.typ.Kind == Int
	scale := max(left.typ.Scale, right.typ.Scale)
	var f func(a, b number) (number, error)
	switch t.Operator {
	case "+":
		f = add
	case "-":
		f = subtract
	case "*":
		f, scale = multiply, left.typ.Scale+right.typ.Scale
	case "/":
		f, scale, whole = divide, maxScale, false
	case "%":
		f = modulo
	}
	return c.pair(opReckon, t, numberType(whole, scale), left, right, func(r *run) (any, error) {
		a, err := present(left, r)
		if err != nil {
			return nil, err
		}
		b, err := present(right, r)
		if err != nil {
			return nil, err
		}
		return f(a, b)
	})
}

// present evaluates a number that must be there.
func present(n *node, r *run) (number, error) {
	v, err := n.eval(r)
	if err != nil {
		return number{}, err
	}
	d, ok := v.(number)
	if !ok {
		return number{}, absent(n)
	}
	return d, nil
}

func absent(n *node) error {
	return fault.New(fault.Invalid, "expr.absent").With("name", n.label())
}

func (c *compiler) concat(t *ast.BinaryNode, left, right *node) *node {
	return c.pair(opReckon, t, Type{Kind: Text}, left, right, func(r *run) (any, error) {
		x, y, err := both(left, right, r)
		if err != nil {
			return nil, err
		}
		a, ok := x.(string)
		if !ok {
			return nil, absent(left)
		}
		b, ok := y.(string)
		if !ok {
			return nil, absent(right)
		}
		if err := r.made(len(a) + len(b)); err != nil {
			return nil, err
		}
		return a + b, nil
	})
}

func (c *compiler) in(t *ast.BinaryNode, left, right *node) *node {
	if right.typ.Kind != List || !scalars.has(left.typ.Kind) {
		return c.operands(t, left, right)
	}
	left = c.fit(left, of(right.typ.Of.Kind))
	if left == nil {
		return nil
	}
	right = c.fitList(right, left.typ.Kind)
	if right == nil {
		return nil
	}
	if _, ok := unify(left.typ, *right.typ.Of); !ok {
		return c.operands(t, left, right)
	}
	return c.pair(opIn, t, Type{Kind: Bool}, left, right, func(r *run) (any, error) {
		a, b, err := both(left, right, r)
		if err != nil || isAbsent(a) {
			return false, err
		}
		list, _ := b.(value.List)
		if err := r.work(len(list)); err != nil {
			return nil, err
		}
		for _, v := range list {
			if equal(a, v) {
				return true, nil
			}
		}
		return false, nil
	})
}

// otherwise gives the right side where the left is absent.
func (c *compiler) otherwise(t *ast.BinaryNode, left, right *node) *node {
	left, right, _ = c.level(left, right)
	if left == nil || right == nil {
		return nil
	}
	typ, ok := unify(left.typ, right.typ)
	if !ok {
		return c.operands(t, left, right)
	}
	return c.pair(opOr2, t, typ, left, right, func(r *run) (any, error) {
		v, err := left.eval(r)
		if err != nil {
			return nil, err
		}
		if err := r.look(v, nil); err != nil {
			return nil, err
		}
		if isAbsent(v) {
			return right.eval(r)
		}
		return v, nil
	})
}

func (c *compiler) choose(t *ast.ConditionalNode) *node {
	cond := c.need(c.node(t.Cond), of(Bool), Bool)
	yes, no := c.node(t.Exp1), c.node(t.Exp2)
	if cond == nil || yes == nil || no == nil {
		return nil
	}
	if yes, no, _ = c.level(yes, no); yes == nil || no == nil {
		return nil
	}
	typ, ok := unify(yes.typ, no.typ)
	if !ok {
		c.issues.Add(no.at, "expr.type", "part", no.label(), "want", yes.typ.Kind.String(), "got", no.typ.Kind.String())
		return nil
	}
	kids := []*node{cond, yes, no}
	return &node{
		op: opChoose, at: c.at(t), text: "?:", typ: typ, uses: inherit(kids), kids: kids,
		eval: func(r *run) (any, error) {
			b, err := truth(cond, r)
			if err != nil {
				return nil, err
			}
			if b {
				return yes.eval(r)
			}
			return no.eval(r)
		},
	}
}
