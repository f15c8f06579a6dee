package expr

import (
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tidewater/engine/explain"
)

// Mutant is an expression with one constant or comparison changed, to see whether its tests notice.
type Mutant struct {
	At     explain.Place // what was changed; Text is how it was written
	Now    string        // how it is written in the mutant
	Source string
}

// swaps are what a comparison or connective becomes.
var swaps = map[string]string{
	"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "and": "or", "or": "and", "&&": "||", "||": "&&",
}

// Mutants are the expressions that differ from a source in one constant or comparison; none of a source
// that cannot be read.
func Mutants(source string) []Mutant {
	is := issues{source: source}
	tree := parse(source, &is)
	if tree == nil {
		return nil
	}
	m := &mutating{source: source, chars: []rune(source), seen: map[int]bool{}}
	ast.Walk(&tree, m)
	return m.out
}

type mutating struct {
	source string
	chars  []rune
	seen   map[int]bool // by place: the parser may share a node
	out    []Mutant
}

// Visit is the walk's.
func (m *mutating) Visit(tree *ast.Node) {
	at := spanOf(*tree)
	switch n := (*tree).(type) {
	case *ast.IntegerNode:
		m.add(at.from, m.digits(at.from), func(was string) string {
			if v, err := strconv.ParseInt(was, 0, 64); err == nil {
				return strconv.FormatInt(v+1, 10)
			}
			return ""
		})
	case *ast.FloatNode:
		m.add(at.from, m.digits(at.from), func(was string) string {
			last := was[len(was)-1]
			return was[:len(was)-1] + string('0'+(last-'0'+1)%10)
		})
	case *ast.BoolNode:
		m.add(at.from, len(boolText(n.Value)), func(string) string { return boolText(!n.Value) })
	case *ast.StringNode:
		// The name of a member is such a node too, but is written without quotes.
		if n.Value != "" && strings.ContainsRune("\"'`", m.chars[at.from]) {
			m.add(at.from, at.to-at.from, func(was string) string { return was[:len(was)-1] + "x" + was[len(was)-1:] })
		}
	case *ast.BinaryNode:
		if now, swapped := swaps[n.Operator]; swapped {
			m.add(at.from, len(n.Operator), func(string) string { return now })
		}
	}
}

// digits is how long the number at a place is.
func (m *mutating) digits(from int) int {
	n := 0
	for from+n < len(m.chars) && strings.ContainsRune("0123456789._", m.chars[from+n]) {
		n++
	}
	return n
}

func (m *mutating) add(from, length int, change func(was string) string) {
	if length <= 0 || from+length > len(m.chars) || m.seen[from] {
		return
	}
	was := string(m.chars[from : from+length])
	now := change(was)
	if now == "" || now == was {
		return
	}
	m.seen[from] = true
	line, col := place(m.source, from)
	m.out = append(m.out, Mutant{
		At: explain.Place{Text: was, Line: line, Col: col}, Now: now,
		Source: string(m.chars[:from]) + now + string(m.chars[from+length:]),
	})
}
