package expr

import (
	"errors"
	"time"

	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// operators name the operations that are written as signs.
var operators = map[op]map[string]string{
	opReckon: {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"},
	opLess:   {"<": "less", "<=": "atMost", ">": "greater", ">=": "atLeast"},
}

// inTime names comparisons of days and instants: a day is not less than another.
var inTime = map[string]string{"<": "before", "<=": "notAfter", ">": "after", ">=": "notBefore"}

var operations = map[op]string{
	opNot: "not", opAnd: "and", opOr: "or", opEqual: "equal", opDiffer: "differ", opIn: "in", opOr2: "otherwise",
	opList: "list", opIndex: "pick", opLet: "let", opVar: "variable", opItem: "variable", opPart: "part",
}

// shown is what explanations say of a node whatever it gives.
type shown struct {
	kind  explain.Kind
	op    string
	place *explain.Place
	ref   *explain.Ref // of a field of the record itself
	is    explain.Type
	nth   int
	cut   bool
	more  *explain.Node // a kid that no run evaluates
	// same is the whole node where each run tells the same: of what is written. All explanations share it.
	same *explain.Node
}

type writing struct {
	source string
	chars  []rune
}

// tree makes what was noted readable. Each step stands before those that it needed.
func (t *trace) tree(actor value.ID) *explain.Node {
	if len(t.steps) == 0 {
		return nil
	}
	below, own := make([]int32, len(t.steps)), 0
	for i, s := range t.steps {
		if i > 0 {
			below[s.around]++
		}
		if s.nth > 0 || s.told.same == nil {
			own++
		}
	}
	nodes, made := make([]*explain.Node, len(t.steps)), make([]explain.Node, own)
	room := make([]*explain.Node, len(t.steps))
	for i := range t.steps {
		s := &t.steps[i]
		if s.nth == 0 && s.told.same != nil {
			nodes[i] = s.told.same
		} else {
			nodes[i], made = &made[0], made[1:]
			if n := below[i]; n > 0 {
				nodes[i].Kids, room = room[:0:n], room[n:]
			}
			s.write(nodes[i], actor)
		}
		if s.around >= 0 {
			around := nodes[s.around]
			around.Kids = append(around.Kids, nodes[i])
		}
	}
	for i := range t.steps {
		t.steps[i].finish(nodes[i])
	}
	return nodes[0]
}

func (s *step) write(out *explain.Node, actor value.ID) {
	told := s.told
	out.Cut, out.Is = s.cut, told.is
	s.result(out)
	if s.nth > 0 {
		out.Kind, out.Nth, out.Row, out.Is.Scale = explain.Item, int(s.nth), rowOf(s.item), 0
		return
	}
	out.Kind, out.Op, out.At, out.Nth, out.Ref = told.kind, told.op, told.place, told.nth, told.ref
	out.Cut = out.Cut || told.cut
	switch {
	case s.item != nil:
		ref := *told.ref
		ref.Row = rowOf(s.item)
		out.Ref = &ref
	case s.given != nil:
		out.Label = s.given.Label
	case told.kind == explain.Actor:
		out.Ref = &explain.Ref{Form: explain.People, ID: actor, Field: value.FieldKey(told.op)}
	}
}

// shown says what a node is.
func (w writing) shown(n *node) *shown {
	out := &shown{kind: explain.Operation, op: n.operation(), place: n.place(w.source, w.chars), is: explain.Type{Kind: n.typ.Kind.String()}}
	if n.typ.Of != nil {
		out.is.Of = n.typ.Of.Kind.String()
	}
	switch n.op {
	case opConst:
		out.kind = explain.Literal
	case opField, opPart:
		n.showField(out)
	case opActor:
		out.kind, out.op = explain.Actor, n.text[len("actor."):]
	case opChoose:
		out.kind, out.op = explain.Choice, "choose"
	case opCall:
		out.kind, out.op = explain.Call, n.text
	case opEach:
		out.kind, out.op = explain.Each, n.text
	case opList:
		if !n.isMade() {
			out.kind, out.op = explain.Literal, ""
		}
	case opIndex:
		out.nth = n.slot
	}
	if out.kind == explain.Literal && n.op == opConst {
		s := &step{node: n, val: n.val}
		n.told = out
		out.same = &explain.Node{}
		s.write(out.same, "")
	}
	if n.op == opText && n.text == "matches" {
		out.more = &explain.Node{Kind: explain.Literal, Is: explain.Type{Kind: Text.String()}, Value: n.kids[1].val}
	}
	return out
}

// isMade tells whether a list literal was put together by the run, and not all written.
func (n *node) isMade() bool {
	for _, kid := range n.kids {
		if kid.op != opConst || isAbsent(kid.val) {
			return true
		}
	}
	return false
}

func (n *node) operation() string {
	switch {
	case n.op == opReckon && len(n.kids) == 1:
		return "negate"
	case n.op == opReckon && n.typ.Kind == Text:
		return "join"
	case n.op == opLess && (n.kids[0].isTime() || n.kids[1].isTime()):
		return inTime[n.text]
	case operators[n.op] != nil:
		return operators[n.op][n.text]
	case n.op == opText:
		return n.text
	}
	return operations[n.op]
}

func (n *node) isTime() bool { return n.typ.Kind == Date || n.typ.Kind == DateTime }

// showField is a value of the record, or what stands in for it where a part is taken of something made.
func (n *node) showField(out *shown) {
	if n.typ.origin == computed || n.op == opPart && n.kids[0].op != opItem && n.kids[0].op != opField {
		out.op, out.cut = operations[opPart], true
		return
	}
	out.kind, out.op, out.is.Scale = explain.Field, "", n.typ.Scale
	out.ref = &explain.Ref{Field: n.typ.Path.Field, Column: n.typ.Path.Sub, Old: n.typ.origin == fromOld}
}

// rowOf is the id of a row; rows are named like records.
func rowOf(item any) string {
	row, _ := item.(value.Doc)
	id, _ := row[string(value.SysID)].(string)
	return id
}

// finish adds what only the whole of a list tells.
func (s *step) finish(out *explain.Node) {
	if s.nth > 0 {
		return
	}
	if s.args != nil {
		if how := s.given.Explain(s.args); how != nil {
			out.Kids = append(out.Kids, how)
		}
	}
	if s.told.more != nil {
		out.Kids = append(out.Kids, s.told.more)
	}
	if s.list == nil {
		return
	}
	out.Passed = s.list.passed
	if s.list.more == 0 {
		return
	}
	rest := &explain.Node{Kind: explain.Rest, More: s.list.more}
	if s.text == "sum" {
		rest.Is = explain.Type{Kind: s.typ.Kind.String()}
		rest.Value, _ = tell(s.list.rest)
	} else if s.text != "count" {
		out.Cut = true
	}
	out.Kids = append(out.Kids, rest)
}

// result is what a step gave, or what went wrong with it.
func (s *step) result(out *explain.Node) {
	if s.err != nil {
		out.Fault = "rule.failed"
		var f *fault.Error
		if errors.As(s.err, &f) {
			out.Fault, out.Args = f.Code, f.Args
		}
		return
	}
	if list, ok := s.val.(value.List); ok {
		out.Count = len(list)
		if s.typ.Kind == Rows {
			return
		}
		out.Cut = out.Cut || len(list) > maxValues
	}
	out.Value, _ = tell(s.val)
}

// tell is a running value as explanations have it; ok is false for what they do not show, such as a row.
func tell(v any) (told any, ok bool) {
	if isAbsent(v) {
		return nil, true
	}
	switch v := v.(type) {
	case string, bool:
		return v, true
	case number:
		return v.Trim(0).String(), true
	case day:
		return formatDay(v), true
	case instant:
		return time.UnixMilli(int64(v)).UTC().Format(time.RFC3339Nano), true
	case value.List:
		out := make([]any, 0, min(len(v), maxValues))
		for _, e := range v[:min(len(v), maxValues)] {
			one, ok := tell(e)
			if !ok {
				return nil, false
			}
			out = append(out, one)
		}
		return out, true
	case value.Doc:
		return parts(v)
	}
	return nil, false
}

// parts are those of an object, such as an address; a row is none.
func parts(doc value.Doc) (any, bool) {
	out := make(map[string]any, len(doc))
	for name, part := range doc {
		text, ok := part.(string)
		if !ok || name == string(value.SysID) {
			return nil, false
		}
		out[name] = text
	}
	return out, true
}

// Tell is a stored value as package explain has it, nil for one that it does not show; count is the rows of
// a table. A value that does not fit the type is told as none.
func Tell(v value.Value, t Type) (told any, is explain.Type, count int) {
	is = explain.Type{Kind: t.Kind.String()}
	if t.Of != nil {
		is.Of = t.Of.Kind.String()
	}
	running, err := fromStored(v, &t)
	if err != nil {
		return nil, is, 0
	}
	if rows, ok := running.(value.List); ok && t.Kind == Rows {
		return nil, is, len(rows)
	}
	told, _ = tell(running)
	return told, is, 0
}
