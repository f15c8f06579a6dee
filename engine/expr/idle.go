package expr

import (
	"cmp"
	"slices"
)

// Idle is a part of an expression that decides nothing: a condition that gives the same for every record that
// comes to it.
type Idle struct {
	Always    bool // true for every record; else for none
	Text      string
	Line, Col int
	Whole     bool // the expression itself
}

// Idle lists the conditions in an expression that decide nothing, as far as Impossible can tell, in the order
// of their places; of one within another only the outer. Conditions without any field are left alone: whoever
// writes true means it.
func (p *Program) Idle() []Idle {
	w := idling{program: p, in: writing{p.source, []rune(p.source)}, left: maxProof}
	w.visit(p.root, nil)
	slices.SortFunc(w.found, func(a, b Idle) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col)) })
	return w.found
}

type idling struct {
	program *Program
	in      writing
	left    int // of maxProof
	found   []Idle
}

// visit looks at a part that is reached where the path's claims hold.
func (w *idling) visit(n *node, path []claim) {
	if n.typ.Kind == Bool && n.uses != 0 && w.isIdle(n, path) {
		return
	}
	with := func(k *node, holds bool) []claim {
		return append(slices.Clone(path), claim{k, w.in, holds})
	}
	switch n.op {
	case opAnd, opOr:
		w.visit(n.kids[0], path)
		w.visit(n.kids[1], with(n.kids[0], n.op == opAnd))
	case opChoose:
		w.visit(n.kids[0], path)
		w.visit(n.kids[1], with(n.kids[0], true))
		w.visit(n.kids[2], with(n.kids[0], false))
	case opEach:
		w.visit(n.kids[0], path) // what the predicate gives for each row is not known here
	default:
		for _, kid := range n.kids {
			w.visit(kid, path)
		}
	}
}

func (w *idling) isIdle(n *node, path []claim) bool {
	for _, always := range []bool{false, true} {
		possible, decided := satisfiable(append(slices.Clone(path), claim{n, w.in, !always}), &w.left)
		if !decided || possible {
			continue
		}
		one := Idle{Always: always, Whole: n == w.program.root}
		one.Line, one.Col = place(w.in.source, n.at)
		if at := n.place(w.in.source, w.in.chars); at != nil {
			one.Text, one.Line, one.Col = at.Text, at.Line, at.Col
		}
		w.found = append(w.found, one)
		return true
	}
	return false
}
