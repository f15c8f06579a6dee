package expr

import (
	"github.com/expr-lang/expr/ast"

	"tidewater/engine/value"
)

// call checks a call against the table: nothing else can be called.
func (c *compiler) call(at int, name string, args []ast.Node) *node {
	if f, ok := c.env.Functions[name]; ok {
		kids, complete := c.arguments(args, func(i int) kinds { return f.takes(i) })
		return c.given(at, name, f, kids, complete)
	}
	f, ok := functions[name]
	if !ok {
		c.issues.Add(at, "expr.unknownFunction", "name", name)
		return nil
	}
	switch {
	case f.each != nil:
		return c.each(at, f, args)
	case f.many:
		return c.extreme(at, f, args)
	}
	if len(args) < f.needed() || len(args) > len(f.params) {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	kids, complete := c.arguments(args, func(i int) kinds { return f.params[i].kinds })
	if !complete {
		return nil
	}
	if f.check != nil && !f.check(kids) {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	return callNode(at, f, kids)
}

// arguments checks what is passed against the kinds that are taken at each place.
func (c *compiler) arguments(args []ast.Node, takes func(i int) kinds) (kids []*node, complete bool) {
	kids, complete = make([]*node, 0, len(args)), true
	for i, tree := range args {
		set := takes(i)
		kid := c.need(c.node(tree), set, wanted(set))
		complete = complete && kid != nil
		kids = append(kids, kid)
	}
	return kids, complete
}

// wanted names a set of kinds in messages by its first.
func wanted(set kinds) Kind {
	for _, k := range []Kind{Text, Decimal, Int, Date, DateTime, List} {
		if set.has(k) {
			return k
		}
	}
	return Bool
}

// of is the type of what a call with these arguments gives.
func (f *function) of(kids []*node) Type {
	if f.result != nil {
		return f.result(kids)
	}
	return Type{Kind: f.gives.only()}
}

func callNode(at int, f *function, kids []*node) *node {
	typ := f.of(kids)
	for _, k := range kids {
		typ.lacking = typ.lacking || k.typ.lacking // absent in is absent out
	}
	n := &node{op: opCall, at: at, text: f.name, typ: typ, uses: f.uses | inherit(kids), kids: kids}
	n.eval = func(r *run) (any, error) {
		var room [3]any
		args, steps := room[:0], f.steps
		for _, k := range kids {
			v, err := k.eval(r)
			if err != nil {
				return nil, err
			}
			if v == nil && !f.blank {
				return nil, nil
			}
			args, steps = append(args, v), steps+f.stepsOf(v)
		}
		if err := r.work(steps); err != nil {
			return nil, err
		}
		return f.call(r, args)
	}
	return n
}

// stepsOf is what an argument adds to the cost of a call.
func (f *function) stepsOf(v any) int {
	switch v := v.(type) {
	case string:
		return len(v) / textUnit * max(1, f.perText)
	case value.List:
		return len(v)
	}
	return 0
}

func (c *compiler) callNode(t *ast.CallNode) *node {
	switch callee := t.Callee.(type) {
	case *ast.IdentifierNode:
		c.visits++
		return c.call(c.at(t), callee.Value, t.Arguments)
	case *ast.MemberNode:
		c.issues.Add(c.at(t), "expr.method")
		return nil
	}
	c.issues.Add(c.at(t), "expr.notAllowed", "part", c.written(t))
	return nil
}

func (c *compiler) extreme(at int, f *function, args []ast.Node) *node {
	name := f.name
	if len(args) == 1 {
		return c.extremeOf(at, f, args[0])
	}
	kids := make([]*node, 0, len(args))
	typ, ok := Type{Kind: None}, len(args) > 0
	for _, tree := range args {
		kid := c.node(tree)
		if kid == nil {
			return nil
		}
		if kid = c.fit(kid, 1<<typ.Kind); kid == nil {
			return nil
		}
		joined, same := unify(typ, kid.typ)
		ok = ok && same && ordered.has(kid.typ.Kind)
		typ, kids = joined, append(kids, kid)
	}
	if !ok {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	n := &node{op: opCall, at: at, text: name, typ: typ, uses: inherit(kids), kids: kids}
	n.eval = func(r *run) (any, error) {
		values := make([]any, 0, len(kids))
		for _, k := range kids {
			v, err := k.eval(r)
			if err != nil {
				return nil, err
			}
			if v == nil {
				return nil, absent(k)
			}
			values = append(values, v)
		}
		return f.call(r, values)
	}
	return n
}

func (c *compiler) extremeOf(at int, f *function, tree ast.Node) *node {
	name := f.name
	list := c.need(c.node(tree), of(List), List)
	if list == nil {
		return nil
	}
	if list.typ.Kind == None || list.typ.Of.Kind != None && !ordered.has(list.typ.Of.Kind) {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	typ := list.typ.element()
	n := &node{op: opCall, at: at, text: name, typ: typ, uses: list.uses, kids: []*node{list}}
	n.eval = func(r *run) (any, error) {
		v, err := list.eval(r)
		if err != nil {
			return nil, err
		}
		values, _ := v.(value.List)
		if err := r.work(len(values)); err != nil {
			return nil, err
		}
		return f.call(r, values)
	}
	return n
}
