package expr

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"tidewater/engine/fault"
)

// What an author may ask for.
const (
	maxSource  = 4 << 10  // bytes of source
	maxDepth   = 64       // brackets within brackets
	maxNodes   = 500      // nodes of the tree, those that the parser shares counted each time
	maxNested  = 2        // predicates within predicates
	maxRange   = 1_000    // numbers in all ranges together
	maxPattern = 100      // characters of a pattern
	maxMachine = 1_000    // instructions that all patterns together may compile to
	maxLets    = 16       // variables
	maxSteps   = 500_000  // of a run: nodes evaluated in predicates, and bytes of text looked at
	maxMemory  = 100_000  // of a run: list elements made; textUnit bytes of text count as one
	maxText    = 64 << 10 // bytes of a text that a run makes
	textUnit   = 16       // bytes
)

// issues collect what is wrong with a source, each at its place.
type issues struct {
	source string
	list   fault.Issues
}

// Add notes an issue at a character of the source.
func (is *issues) Add(at int, code string, args ...any) {
	issue := fault.Issue{Code: code}
	issue.Line, issue.Col = place(is.source, at)
	for i := 0; i+1 < len(args); i += 2 {
		if issue.Args == nil {
			issue.Args = fault.Args{}
		}
		issue.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	for _, other := range is.list {
		if other.Line == issue.Line && other.Col == issue.Col && other.Code == code {
			return // a shared node is checked once for each of its parents
		}
	}
	is.list = append(is.list, issue)
}

// told returns the issues in the order of their places.
func (is *issues) told() fault.Issues {
	slices.SortStableFunc(is.list, func(a, b fault.Issue) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return is.list
}

// place turns an offset in characters into a line and column, both from 1.
func place(source string, at int) (line, col int) {
	line, col = 1, 1
	for _, r := range source {
		if at == 0 {
			break
		}
		at--
		col++
		if r == '\n' {
			line, col = line+1, 1
		}
	}
	return line, col
}

// parse reads the source once its size and depth are known to be harmless. It returns nil with an issue
// noted when that fails.
func parse(source string, is *issues) (tree ast.Node) {
	if len(source) > maxSource {
		is.Add(0, "expr.tooLong", "max", maxSource)
		return nil
	}
	if at, ok := tooDeep(source); ok {
		is.Add(at, "expr.tooDeep", "max", maxDepth)
		return nil
	}
	if !utf8.ValidString(source) || strings.TrimSpace(source) == "" {
		is.Add(0, "expr.syntax", "message", "")
		return nil
	}
	// The parser is not known to panic; a stranger's text is no place to find out.
	defer func() {
		if r := recover(); r != nil {
			tree = nil
			is.Add(0, "expr.syntax", "message", fmt.Sprint(r))
		}
	}()
	parsed, err := parser.ParseWithConfig(source, &conf.Config{MaxNodes: maxNodes})
	if err != nil {
		notParsed(err, is)
		return nil
	}
	return parsed.Node
}

func notParsed(err error, is *issues) {
	var located *file.Error
	switch {
	case !errors.As(err, &located):
		is.Add(0, "expr.syntax", "message", err.Error())
	case strings.Contains(located.Message, "exceeds maximum allowed nodes"):
		is.Add(located.From, "expr.tooComplex")
	default:
		is.Add(located.From, "expr.syntax", "message", located.Message)
	}
}

// tooDeep finds the bracket that is one too many. Brackets in text literals do not count.
func tooDeep(source string) (at int, found bool) {
	depth := 0
	eachBracket([]rune(source), func(i int, opens bool) {
		if !opens {
			depth = max(0, depth-1)
		} else if depth++; depth > maxDepth && !found {
			at, found = i, true
		}
	})
	return at, found
}
