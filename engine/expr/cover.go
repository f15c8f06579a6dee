package expr

import (
	"tidewater/engine/explain"
	"tidewater/engine/value"
)

// Branch is a way that a run of an expression may go: a condition that comes out true or false, a choice's
// or both operands' worth; of ??, whether there was something on the left.
type Branch struct {
	At      explain.Place
	Outcome string // true, false, present, absent
	Seen    bool
}

// Cover runs an expression as Run does and notes which ways its runs went. It is for one goroutine.
type Cover struct {
	program  *Program
	root     *node
	branches []Branch
}

// Cover returns an expression's covering twin, of which no way was gone yet.
func (p *Program) Cover() *Cover {
	out := &Cover{program: p}
	c := newCompiler(p.source, p.env)
	root := c.compile()
	if root == nil {
		return out // not reached: what compiled once compiles again
	}
	out.root, _ = c.result(root, p.want)
	w := writing{source: p.source, chars: c.chars}
	if out.root.typ.Kind == Bool {
		out.watch(out.root, w, "true", "false")
	}
	out.root.walk(func(n *node) {
		switch n.op {
		case opChoose:
			out.watch(n.kids[0], w, "true", "false")
		case opAnd, opOr:
			for _, kid := range n.kids {
				out.watch(kid, w, "true", "false")
			}
		case opOr2:
			out.watch(n.kids[0], w, "present", "absent")
		}
	})
	return out
}

// watch makes a node note what it gives. One that is watched already, as the root or an operand of an
// operand, is two branches all the same: each of its readers may go another way.
func (c *Cover) watch(n *node, w writing, first, second string) {
	if n.op == opConst || n.op == opAnd || n.op == opOr {
		return // what its operands do is noted there
	}
	at := len(c.branches)
	var place explain.Place
	if p := n.place(w.source, w.chars); p != nil {
		place = *p
	}
	c.branches = append(c.branches, Branch{At: place, Outcome: first}, Branch{At: place, Outcome: second})
	inner := n.eval
	n.eval = func(r *run) (any, error) {
		v, err := inner(r)
		switch {
		case err != nil:
		case v == true || first == "present" && !isAbsent(v):
			c.branches[at].Seen = true
		default:
			c.branches[at+1].Seen = true
		}
		return v, err
	}
}

// Run is Program.Run. What it does to ways that are noted stays noted.
func (c *Cover) Run(ctx Context, vars value.Doc) (value.Value, error) {
	v, err := c.root.eval(c.program.run(ctx, vars))
	if err != nil {
		return nil, err
	}
	return toStored(v, c.program.want)
}

// Branches are the ways there are, in no set order.
func (c *Cover) Branches() []Branch { return c.branches }
