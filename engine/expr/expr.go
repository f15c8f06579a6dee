// Package expr runs the rules of people outside the operator's trust: formulas, defaults, conditions,
// validations, and the conditions of row scopes, which become queries.
//
// The language and its parser are github.com/expr-lang/expr's. What the parser made is checked against
// the types of an Env, with every fault at its line and column, and turned into closures over a small
// explicit set of operators and functions (see Functions). Nothing else of the library runs: what has no
// closure here cannot be called, numbers are exact decimals and never float64, and each run is bounded in
// steps and memory. It is not for scripts (package script), reads no records of its own, and knows no
// field kinds: who calls it translates a form into an Env.
//
// Values enter and leave in stored form (package value). Absent is the only empty:
//
//	a == nil, a != nil   ask whether a is absent; blank text counts as absent in all comparisons
//	a == b               true when both are absent; but what an actor lacks equals nothing
//	<  <=  >  >=  in  contains  startsWith  endsWith  matches   false when a side is absent
//	+  -  *  /  %        the fault expr.absent; give a value with ?? first
//	and  or  not  ?:     absent counts as false
//	functions            absent in, absent out; sum, min, max over a list leave absent out
//
// contains compares folded text (text.Fold), as searches do; startsWith and endsWith compare bytes.
package expr

import (
	"slices"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Context is what a run knows beside the record. Two runs with equal contexts and values give equal results.
type Context struct {
	Now      time.Time      // the one instant of the whole run
	Zone     *time.Location // whose clocks say which day it is; nil is UTC
	Calendar *org.Calendar  // for addWorkdays and workdays, which fail without one
	Actor    value.Actor
	Old      value.Doc // the record before the change, in stored form; nil where there is none
}

// Program is a checked expression. It is immutable and safe for concurrent use.
type Program struct {
	source string
	root   *node
	want   Type
	slots  int // of variables
	reads  reads
	env    Env
	told   telling
}

// Compile checks source against env and prepares it. The result must be of want; a Decimal result is
// rounded half up (away from zero) to want.Scale, and the zero Type takes whatever the expression gives
// (see Program.Type). The issues carry codes "expr.…" with line and column, and no path.
func Compile(source string, env Env, want Type) (*Program, fault.Issues) {
	c := newCompiler(source, env)
	root := c.compile()
	if root != nil {
		root, want = c.result(root, want)
	}
	if len(c.issues.list) > 0 {
		return nil, c.issues.told()
	}
	return &Program{source: source, root: root, want: want, slots: c.slots, reads: readsOf(root), env: env}, nil
}

// Source returns the text that was compiled.
func (p *Program) Source() string { return p.source }

// Type returns the type of the results.
func (p *Program) Type() Type { return p.want }

// Reads returns the paths of the record that the expression reads, sorted: "tier", or "lines.qty" for
// what it reads of rows. A table stands alone ("lines") only where none of its columns is read.
func (p *Program) Reads() []query.Path { return p.reads.record }

// ReadsOld returns what the expression reads of the record before the change, as Reads does.
func (p *Program) ReadsOld() []query.Path { return p.reads.old }

// Calls returns the functions of the environment that the expression calls, sorted.
func (p *Program) Calls() []string {
	var names []string
	p.root.walk(func(n *node) {
		if n.given != nil {
			names = append(names, n.text)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// UsesActor tells whether the result depends on who asks.
func (p *Program) UsesActor() bool { return p.root.uses&usesActor != 0 }

// UsesClock tells whether the result depends on when it is asked.
func (p *Program) UsesClock() bool { return p.root.uses&usesClock != 0 }

// Reserved lists the names that mean something else in expressions, sorted: a field so called could not
// be read.
func Reserved() []string {
	return []string{
		"actor", "and", "contains", "else", "endsWith", "false", "if", "in", "let", "matches", "nil", "not",
		"old", "or", "startsWith", "true",
	}
}

// UsesCalendar tells whether the result depends on which days are working days.
func (p *Program) UsesCalendar() bool { return p.root.uses&usesCalendar != 0 }
