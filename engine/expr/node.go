package expr

// op is what a node does.
type op uint8

const (
	opConst  op = iota // val
	opField            // a field of the record, or of the record before the change
	opActor            // what is known of the actor
	opItem             // what a predicate is looking at
	opPart             // a part of kids[0], an object or row
	opIndex            // one of a list
	opLet              // kids[0] is the value, kids[1] what uses it
	opVar              // a variable
	opNot              // kids[0]
	opAnd              //
	opOr               //
	opEqual            //
	opDiffer           //
	opLess             // text holds which: < <= > >=
	opIn               //
	opText             // contains, startsWith, endsWith, matches
	opReckon           // + - * / % and the signs
	opChoose           // condition, then, else
	opOr2              // ??
	opList             // a list literal or a range
	opCall             // a function of the table
	opEach             // a function with a predicate: kids[0] the list, kids[1] the body, if any
)

// uses tells what a node's value depends on.
type uses uint8

const (
	usesRecord uses = 1 << iota
	usesOld
	usesActor
	usesClock
	usesCalendar
)

// node is one checked operation with all it needs to run, be pushed down and be explained.
type node struct {
	op    op
	at    int    // where in the source, in characters
	text  string // the operator, function, field or literal, for messages
	typ   Type
	uses  uses
	kids  []*node
	val   any       // of opConst
	slot  int       // of opLet; of opEach and opItem: how deep the predicate lies; of opIndex: which
	span  span      // where in the source it begins and ends
	given *Function // of opCall: where the environment gives it
	told  *shown    // what explanations say of it every time; nil but in an explaining program
	eval  evalFunc
}

// walk visits a node and all below it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.walk(visit)
	}
}

// label names the node in messages.
func (n *node) label() string {
	if n.op == opField || n.op == opPart {
		if path := n.typ.Path.String(); path != "" && n.typ.origin == fromRecord {
			return path
		}
	}
	return n.text
}

// inherit joins what the kids use.
func inherit(kids []*node) uses {
	var all uses
	for _, k := range kids {
		all |= k.uses
	}
	return all
}

func constant(at int, text string, t Type, val any) *node {
	return &node{
		op: opConst, at: at, text: text, typ: t, val: val,
		eval: func(*run) (any, error) { return val, nil },
	}
}

// instead is another constant in the place of one.
func (n *node) instead(t Type, val any) *node {
	out := constant(n.at, n.text, t, val)
	out.span = n.span
	return out
}
