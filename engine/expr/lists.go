package expr

import (
	"github.com/expr-lang/expr/ast"

	"tidewater/engine/value"
)

// span is a range of whole numbers, both ends written.
func (c *compiler) span(t *ast.BinaryNode) *node {
	from, ok := index(t.Left)
	to, written := index(t.Right)
	if !ok || !written || to-from >= maxRange || from-to >= maxRange || from > maxRange*maxRange || from < -maxRange*maxRange {
		c.issues.Add(c.at(t), "expr.range", "max", maxRange)
		return nil
	}
	if c.spans += max(0, to-from+1); c.spans > maxRange {
		c.issues.Add(c.at(t), "expr.range", "max", maxRange)
		return nil
	}
	c.where = c.where.with(spanOf(t.Left)).with(spanOf(t.Right))
	list := make(value.List, 0, max(0, to-from+1))
	for n := from; n <= to; n++ {
		list = append(list, whole(int64(n)))
	}
	return constant(c.at(t), "..", Type{Kind: List, Of: &Type{Kind: Int}}, list)
}

// array is a list literal of scalars of one type.
func (c *compiler) array(t *ast.ArrayNode) *node {
	kids := make([]*node, 0, len(t.Nodes))
	of, complete := Type{Kind: None}, true
	for _, tree := range t.Nodes {
		n := c.need(c.node(tree), scalars, Text)
		if n == nil {
			complete = false
			continue
		}
		if len(kids) > 0 {
			n = c.fit(n, 1<<of.Kind)
		}
		joined, ok := Type{}, false
		if n != nil {
			joined, ok = unify(of, n.typ)
		}
		if !ok {
			if n != nil {
				c.issues.Add(n.at, "expr.type", "part", n.label(), "want", of.Kind.String(), "got", n.typ.Kind.String())
			}
			complete = false
			continue
		}
		of, kids = joined, append(kids, n)
	}
	if !complete {
		return nil
	}
	return c.listOf(c.at(t), of, kids)
}

func (c *compiler) listOf(at int, of Type, kids []*node) *node {
	n := &node{op: opList, at: at, text: "[]", typ: Type{Kind: List, Of: &of, lacking: of.lacking}, uses: inherit(kids), kids: kids}
	written := make(value.List, 0, len(kids))
	for _, k := range kids {
		if k.op == opConst && !isAbsent(k.val) {
			written = append(written, k.val)
		}
	}
	if len(written) == len(kids) {
		n.eval = func(*run) (any, error) { return written, nil }
		return n
	}
	n.eval = func(r *run) (any, error) {
		if err := r.take(len(kids)); err != nil {
			return nil, err
		}
		list := make(value.List, 0, len(kids))
		for _, k := range kids {
			v, err := k.eval(r)
			if err != nil {
				return nil, err
			}
			if !isAbsent(v) {
				list = append(list, v)
			}
		}
		return list, nil
	}
	return n
}

// fitList makes days of the text literals in a list literal.
func (c *compiler) fitList(list *node, kind Kind) *node {
	if list.op != opList || list.typ.Of.Kind != Text || !days.has(kind) {
		return list
	}
	kids := make([]*node, 0, len(list.kids))
	for _, k := range list.kids {
		if k = c.need(k, 1<<kind, kind); k == nil {
			return nil
		}
		kids = append(kids, k)
	}
	fitted := c.listOf(list.at, Type{Kind: kind}, kids)
	fitted.span = list.span
	return fitted
}

// each is a function that asks or computes something for each value of a list or row of a table.
type each struct {
	own    kinds                      // of values that it takes as they are, where the predicate may be left out; 0: all
	result func(list, body Type) Type // nil: the one kind that the function gives
	// fold goes over the list. visit evaluates the body for one of its values; without a body it is that value.
	fold func(r *run, list value.List, visit func(v any) (any, error)) (any, error)
}

func (c *compiler) each(at int, f *function, args []ast.Node) *node {
	name := f.name
	if len(args) == 0 || len(args) > 2 {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	list := c.need(c.node(args[0]), lists, List)
	if list == nil {
		return nil
	}
	if len(args) == 1 {
		return c.eachValue(at, f, list)
	}
	predicate, ok := args[1].(*ast.PredicateNode)
	if !ok {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	if len(c.items) == maxNested {
		c.issues.Add(at, "expr.nested", "max", maxNested)
		return nil
	}
	depth, before := len(c.items), c.visits
	c.items = append(c.items, list)
	given := f.params[1].kinds
	body := c.need(c.node(predicate.Node), given, sample(given))
	c.items = c.items[:depth]
	if body == nil {
		return nil
	}
	weight := c.visits - before
	kids := []*node{list, body}
	return &node{
		op: opEach, at: at, text: name, typ: f.ofEach(list.typ, body.typ), uses: inherit(kids), kids: kids, slot: depth,
		eval: func(r *run) (any, error) {
			v, err := list.eval(r)
			if err != nil {
				return nil, err
			}
			values, _ := v.(value.List)
			return f.each.fold(r, values, func(v any) (any, error) {
				if err := r.work(weight); err != nil {
					return nil, err
				}
				r.items[depth] = v
				return body.eval(r)
			})
		},
	}
}

// eachValue is sum(list) and count(list).
func (c *compiler) eachValue(at int, f *function, list *node) *node {
	name, values := f.name, list.typ.element()
	if f.least != 1 || f.each.own != 0 && !f.each.own.has(values.Kind) {
		c.issues.Add(at, "expr.arguments", "name", name)
		return nil
	}
	kids := []*node{list}
	return &node{
		op: opEach, at: at, text: name, typ: f.ofEach(list.typ, values), uses: list.uses, kids: kids,
		eval: func(r *run) (any, error) {
			v, err := list.eval(r)
			if err != nil {
				return nil, err
			}
			values, _ := v.(value.List)
			if err := r.work(len(values)); err != nil {
				return nil, err
			}
			return f.each.fold(r, values, nil)
		},
	}
}

// ofEach is the type of what a function with a predicate gives.
func (f *function) ofEach(list, body Type) Type {
	if f.each.result != nil {
		return f.each.result(list, body)
	}
	return Type{Kind: f.gives.only()}
}

// sample names a set of kinds in messages by one of them.
func sample(set kinds) Kind {
	switch {
	case set.has(Text):
		return Text
	case set.has(Decimal):
		return Decimal
	}
	return Bool
}
