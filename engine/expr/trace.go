package expr

import (
	"sync"

	"tidewater/engine/explain"
	"tidewater/engine/value"
)

// An explaining run is a run of a program of its own: the same source compiled again, with each node
// noting what it gave. The plain program knows nothing of it and is as fast as it would be alone.

// What an explanation tells at most.
const (
	maxTold   = 1_000 // nodes
	maxItems  = 10    // of each list, those that count; the rest is told together
	maxValues = 50    // of a list as a value
)

// telling is a program's explaining twin, made when it is first asked for.
type telling struct {
	once  sync.Once
	root  *node
	nodes int       // of the source
	spare sync.Pool // of *trace, for runs to come
}

// twin compiles the source again for explaining; what compiled once compiles again.
func (p *Program) twin() *node {
	p.told.once.Do(func() {
		c := newCompiler(p.source, p.env)
		if root := c.compile(); root != nil {
			root, _ = c.result(root, p.want)
			note(root, writing{source: p.source, chars: c.chars})
			p.told.root, p.told.nodes = root, c.visits
		}
	})
	return p.told.root
}

// Explain runs the expression as Run does, and tells how it came to its result: a node of package explain
// whose Refs name fields of the record or of the one before, and no form and id yet. The values in it are
// those of the run; rounding the root's to the scale of Type gives the result. Literals are shared between
// explanations: who adds to one copies it first.
func (p *Program) Explain(ctx Context, vars value.Doc) (how *explain.Node, v value.Value, err error) {
	root := p.twin()
	r := p.run(ctx, vars)
	r.trace = p.told.trace()
	out, err := root.eval(r)
	if err == nil {
		v, err = toStored(out, p.want)
	}
	how = r.trace.tree(ctx.Actor.Key())
	p.told.free(r.trace)
	return how, v, err
}

// step is one node as it was evaluated, or one item of a list for which its kid was.
type step struct {
	*node
	around int32 // the step that needed this one; -1 at the root
	nth    int32 // of an item, from 1; else 0
	item   any   // of an item, or of a part of one: the value or row looked at
	val    any
	err    error
	list   *list // of an opEach over items
	cut    bool  // steps below are missing
	args   []any // of a function of the environment
}

// list is what was seen of one.
type list struct {
	seen, kept, passed, more int
	rest                     number // what the items beyond maxItems come to, for a sum
}

// trace is what an explaining run has noted so far: the steps, each before those that it needed.
type trace struct {
	steps []step
	open  int32 // the step under way
	off   int   // above 0: nothing is noted
}

// trace has room for each node of the source once.
func (t *telling) trace() *trace {
	if spare, ok := t.spare.Get().(*trace); ok {
		return spare
	}
	return &trace{steps: make([]step, 0, t.nodes+1), open: -1}
}

// free keeps the room of a trace, and nothing that was in it.
func (t *telling) free(done *trace) {
	clear(done.steps)
	done.steps, done.open, done.off = done.steps[:0], -1, 0
	t.spare.Put(done)
}

// note makes a tree's nodes note what they give.
func note(n *node, w writing) {
	n.told = w.shown(n)
	for i, kid := range n.kids {
		if n.op == opPart && (kid.op == opItem || kid.op == opField) {
			continue // a part of the row or field at hand is one thing to a reader
		}
		note(kid, w)
		if n.op == opEach && i == 1 {
			noteItem(n, kid)
		}
	}
	inner := n.eval
	n.eval = func(r *run) (any, error) {
		t := r.trace
		if t.isFull() {
			return t.quietly(func() (any, error) { return inner(r) })
		}
		at, around := int32(len(t.steps)), t.open
		t.steps = append(t.steps, step{node: n, around: around})
		if n.op == opPart && n.kids[0].op == opItem {
			t.steps[at].item = r.items[n.kids[0].slot]
		}
		t.open = at
		v, err := inner(r)
		t.open = around
		t.steps[at].val, t.steps[at].err = v, err
		return v, err
	}
}

// passed notes what the function of the environment that is being called gets.
func (t *trace) passed(args []any) {
	if !t.isFull() {
		t.steps[t.open].args = args
	}
}

// isFull tells whether nothing more is noted.
func (t *trace) isFull() bool { return t.off > 0 || len(t.steps) >= maxTold }

// quietly evaluates without noting, and says of the step under way that something is missing.
func (t *trace) quietly(eval func() (any, error)) (any, error) {
	if t.off == 0 && t.open >= 0 {
		t.steps[t.open].cut = true
	}
	t.off++
	v, err := eval()
	t.off--
	return v, err
}

// noteItem makes the body of an opEach note its items: those that count, up to maxItems.
func noteItem(each, body *node) {
	inner := body.eval
	body.eval = func(r *run) (any, error) {
		t := r.trace
		if t.isFull() {
			return t.quietly(func() (any, error) { return inner(r) })
		}
		at := t.open
		l := t.steps[at].list
		if l == nil {
			l = &list{}
			t.steps[at].list = l
		}
		l.seen++
		if l.kept == maxItems {
			t.off++
			v, err := inner(r)
			t.off--
			if err == nil {
				l.beyond(each, v)
			}
			return v, err
		}
		mark := int32(len(t.steps))
		t.steps = append(t.steps, step{node: body, around: at, nth: int32(l.seen), item: r.items[each.slot]})
		t.open = mark
		v, err := inner(r)
		t.open = at
		if err == nil && !each.counts(v) {
			t.steps = t.steps[:mark]
			l.passed++
			return v, nil
		}
		l.kept++
		t.steps[mark].val, t.steps[mark].err = v, err
		return v, err
	}
}

// counts tells whether an item for which the body gave v is one that the result rests on.
func (n *node) counts(v any) bool {
	switch n.text {
	case "all":
		return v != true
	case "sum", "map":
		return !isAbsent(v)
	}
	return v == true
}

// beyond adds an item that is not told by itself.
func (l *list) beyond(each *node, v any) {
	if !each.counts(v) {
		l.passed++
		return
	}
	l.more++
	if d, ok := v.(number); ok && each.text == "sum" {
		if sum, err := add(l.rest, d); err == nil { // else the run itself fails by the same sum
			l.rest = sum
		}
	}
}
