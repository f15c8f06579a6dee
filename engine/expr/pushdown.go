package expr

import (
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Pushed is a condition that stores can decide. It is immutable and safe for concurrent use.
type Pushed struct {
	program *Program
	plan    plan
}

// PushDown checks a condition as Compile does and turns it into a query. What a store cannot decide is
// an issue at its place: fields compared with fields, arithmetic on fields, the record before the
// change. Whatever does not read the record (constants, today(), actor.unit …) may be as involved as it
// likes.
func PushDown(source string, env Env) (*Pushed, fault.Issues) {
	program, faults := Compile(source, env, Type{Kind: Bool})
	if len(faults) > 0 {
		return nil, faults
	}
	p := pusher{issues: &issues{source: source}}
	planned := p.push(program.root)
	if len(p.issues.list) > 0 {
		return nil, p.issues.told()
	}
	return &Pushed{program: program, plan: planned}, nil
}

// Program returns the same condition to run on one record.
func (p *Pushed) Program() *Program { return p.program }

// Filter returns the query for a context. A record meets it exactly when Program().Holds for it: both
// take the same view of what is absent. The faults are those of the parts that do not read the record;
// the filter beside a fault lets nothing through.
func (p *Pushed) Filter(ctx Context) (query.Filter, error) {
	f, err := p.plan(p.program.run(ctx, nil))
	if err != nil {
		return query.Const(false), err
	}
	return f, nil
}

// plan makes the filter of a node once the context is known.
type plan func(r *run) (query.Filter, error)

// pusher turns checked nodes into plans; nil stands for what has been noted as impossible.
type pusher struct {
	issues *issues
	// table is the rows whose columns the paths are, within a predicate; nil in the record itself.
	table *node
}

func (p pusher) impossible(n *node) plan {
	p.issues.Add(n.at, "expr.notPushable", "part", n.label())
	return nil
}

// fixed tells whether a node's value is known without the record.
func fixed(n *node) bool { return n.uses&(usesRecord|usesOld) == 0 }

func (p pusher) push(n *node) plan {
	if fixed(n) {
		return func(r *run) (query.Filter, error) {
			b, err := truth(n, r)
			return query.Const(b), err
		}
	}
	switch n.op {
	case opAnd, opOr:
		return p.join(n)
	case opNot:
		return negated(p.push(n.kids[0]))
	case opChoose:
		return p.choose(n)
	case opField, opPart:
		return p.flag(n)
	case opEqual, opDiffer:
		return p.equality(n)
	case opLess:
		return p.order(n)
	case opIn:
		return p.in(n)
	case opText:
		return p.textTest(n)
	case opEach:
		return p.rows(n)
	case opLet:
		return p.declare(n)
	}
	return p.impossible(n)
}

func (p pusher) join(n *node) plan {
	left, right := p.push(n.kids[0]), p.push(n.kids[1])
	if left == nil || right == nil {
		return nil
	}
	if n.op == opOr {
		return either(left, right)
	}
	return together(left, right)
}

// declare takes variables that do not read the record.
func (p pusher) declare(n *node) plan {
	bound, body := n.kids[0], p.push(n.kids[1])
	if !fixed(bound) {
		return p.impossible(bound)
	}
	if body == nil {
		return nil
	}
	return func(r *run) (query.Filter, error) {
		v, err := bound.eval(r)
		if err != nil {
			return nil, err
		}
		r.lets[n.slot] = v
		return body(r)
	}
}

// choose is the condition with one branch, or its complement with the other.
func (p pusher) choose(n *node) plan {
	cond, yes, no := p.push(n.kids[0]), p.push(n.kids[1]), p.push(n.kids[2])
	if cond == nil || yes == nil || no == nil {
		return nil
	}
	return either(together(cond, yes), together(negated(cond), no))
}

// flag is a boolean field that stands alone.
func (p pusher) flag(n *node) plan {
	path, ok := p.path(n)
	if !ok {
		return p.impossible(n)
	}
	return func(*run) (query.Filter, error) {
		return query.Cmp{Path: path, Op: query.Eq, Value: true}, nil
	}
}

// path tells where a node's value rests, if stores can compare it.
func (p pusher) path(n *node) (query.Path, bool) {
	if !n.typ.Pushable || n.typ.origin != fromRecord {
		return query.Path{}, false
	}
	switch {
	case n.op == opField && p.table == nil:
		return n.typ.Path, true
	case n.op == opPart && p.table == nil && n.kids[0].op == opField:
		return n.typ.Path, true
	case n.op == opPart && p.table != nil && n.kids[0].op == opItem:
		return query.At(n.typ.Path.Sub), true
	}
	return query.Path{}, false
}

// sides finds which kid is a path and which is fixed. mirrored says that the path stands right.
func (p pusher) sides(n *node) (path query.Path, field, fix *node, mirrored, ok bool) {
	left, right := n.kids[0], n.kids[1]
	if fixed(left) {
		left, right, mirrored = right, left, true
	}
	if !fixed(right) {
		return path, nil, nil, false, false
	}
	path, ok = p.path(left)
	return path, left, right, mirrored, ok
}

func (p pusher) equality(n *node) plan {
	if planned, ok := p.onDay(n); ok {
		return planned
	}
	path, field, fix, _, ok := p.sides(n)
	if !ok {
		return p.impossible(n)
	}
	lacking := fix.typ.lacking
	equals := func(r *run) (query.Filter, error) {
		v, err := fix.eval(r)
		if err != nil {
			return nil, err
		}
		if isAbsent(v) {
			if lacking {
				return query.Const(false), nil
			}
			return query.Cmp{Path: path, Op: query.Empty}, nil
		}
		return equals(path, v, field.typ), nil
	}
	if n.op == opDiffer {
		return negated(equals)
	}
	return equals
}

func (p pusher) in(n *node) plan {
	left, right := n.kids[0], n.kids[1]
	if path, ok := p.path(right); ok && fixed(left) {
		of := *right.typ.Of
		return func(r *run) (query.Filter, error) {
			v, err := left.eval(r)
			if err != nil || isAbsent(v) {
				return query.Const(false), err
			}
			return equals(path, v, of), nil
		}
	}
	path, ok := p.path(left)
	if !ok || !fixed(right) {
		return p.impossible(n)
	}
	return func(r *run) (query.Filter, error) {
		v, err := right.eval(r)
		if err != nil {
			return nil, err
		}
		list, _ := v.(value.List)
		return among(path, list, left.typ)
	}
}

func (p pusher) textTest(n *node) plan {
	op := map[string]query.Op{"contains": query.Contains, "startsWith": query.Prefix}[n.text]
	path, ok := p.path(n.kids[0])
	fix := n.kids[1]
	if !ok || !fixed(fix) || op == "" {
		return p.impossible(n)
	}
	return func(r *run) (query.Filter, error) {
		v, err := fix.eval(r)
		if err != nil || isAbsent(v) || op == query.Contains && !visible(v) {
			return query.Const(false), err
		}
		return query.Cmp{Path: path, Op: op, Value: v}, nil
	}
}

// rows is any, all or none over a table, its predicate decided on each row.
func (p pusher) rows(n *node) plan {
	quantifier, known := map[string]query.Quantifier{"any": query.Any, "all": query.All, "none": query.None}[n.text]
	list := n.kids[0]
	path, ok := p.path(list)
	if !known || !ok || p.table != nil || list.typ.Kind != Rows {
		return p.impossible(n)
	}
	inner := pusher{issues: p.issues, table: list}
	where := inner.push(n.kids[1])
	if where == nil {
		return nil
	}
	return func(r *run) (query.Filter, error) {
		f, err := where(r)
		return query.Rows{Quantifier: quantifier, Table: path.Field, Where: f}, err
	}
}
