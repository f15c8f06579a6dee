package expr

import (
	"github.com/expr-lang/expr/ast"

	"tidewater/engine/explain"
)

// span is where a piece of the source begins and ends, in characters; the zero span is nowhere.
type span struct{ from, to int }

// spanOf is where a node's own token stands, without its operands.
func spanOf(tree ast.Node) span {
	l := tree.Location()
	return span{l.From, l.To}
}

// with is a span over both.
func (s span) with(other span) span {
	switch {
	case other.to == 0:
		return s
	case s.to == 0:
		return other
	}
	return span{min(s.from, other.from), max(s.to, other.to)}
}

// place is the piece of source that a node was written as, with the brackets that belong to it.
func (n *node) place(source string, chars []rune) *explain.Place {
	s := n.span
	if s.to <= s.from || s.to > len(chars) {
		return nil
	}
	closing, opening := unmatched(chars[s.from:s.to])
	s.from, s.to = reach(chars, s.from, -1, closing), reach(chars, s.to-1, 1, opening)+1
	line, col := place(source, s.from)
	return &explain.Place{Text: string(chars[s.from:s.to]), Line: line, Col: col}
}

// unmatched counts the closing brackets that have no opening one before them, and the opening ones that
// have no closing one after them. Brackets in texts do not count.
func unmatched(piece []rune) (closing, opening int) {
	eachBracket(piece, func(_ int, opens bool) {
		switch {
		case opens:
			opening++
		case opening > 0:
			opening--
		default:
			closing++
		}
	})
	return closing, opening
}

// eachBracket visits the brackets of a piece of source that stand in no text.
func eachBracket(piece []rune, visit func(at int, opens bool)) {
	quote, escaped := rune(0), false
	for at, r := range piece {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			escaped = r == '\\' && quote != '`'
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '(' || r == '[' || r == '{':
			visit(at, true)
		case r == ')' || r == ']' || r == '}':
			visit(at, false)
		}
	}
}

// reach goes on from a place until so many more brackets of the missing kind are met. What lies between a
// node and its brackets is blank, a comma or a name: no text that could hold a bracket.
func reach(chars []rune, at, step, missing int) int {
	const openers, closers = "([{", ")]}"
	for missing > 0 && at+step >= 0 && at+step < len(chars) {
		at += step
		sought := closers
		if step < 0 {
			sought = openers
		}
		for _, r := range sought {
			if chars[at] == r {
				missing--
			}
		}
	}
	return at
}
