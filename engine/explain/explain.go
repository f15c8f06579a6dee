// Package explain is how something came to be, as data: a tree of what was read, reckoned and decided,
// that whoever decides builds (rules, decision tables, scripts, pools, pay), that may rest beside the
// result where the result has consequences, and that is drawn for a reader by what they may see when they
// read (Draw). It computes nothing and knows no rules, no metadata but labels, and no records.
//
// A tree can be checked: the value of a node follows from those of its Kids and from nothing else, unless
// it is Cut; and a Field without Kids holds what its record held.
package explain

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Kind says what a node is, and with it what its Kids are.
type Kind string

const (
	Field     Kind = "field"     // a value of a record (Ref). Kids: the one that it was derived by; none for what was given
	Rule      Kind = "rule"      // what a rule gave (Rule). Kids: what it did, one node, whose value rounded half up to Is.Scale is this one's
	Literal   Kind = "literal"   // written in the rule
	Actor     Kind = "actor"     // what is known of who acts (Ref); Op is the part
	Operation Kind = "operation" // Op over the values of Kids in order; what was not needed is not there
	Choice    Kind = "choice"    // Kids: the condition, and what it chose. The value is that of the second
	Call      Kind = "call"      // the function Op over the values of Kids in order; of a decision table the Decision comes last
	Each      Kind = "each"      // the function Op over a list. Kids: the list, an Item for each that counts, perhaps a Rest
	Item      Kind = "item"      // one row or value of a list (Row, Nth). Kids: what it came to. The value is that of the kid
	Rest      Kind = "rest"      // More items that count and are not told one by one, and what they come to together
	Record    Kind = "record"    // another record that was looked at (Ref). Kids: the fields read
	Rollup    Kind = "rollup"    // Op over records that refer to this one. Kids: a Record for each, perhaps a Rest
	Decision  Kind = "decision"  // rows of conditions and outputs, Op is the hit policy. Kids: a Case for each row that counts
	Case      Kind = "case"      // one row of a decision (Nth). Kids: its conditions, then its outputs
	Right     Kind = "right"     // whether somebody may do Op. Kids: what grants it, and what keeps from it
	Grant     Kind = "grant"     // what one role gives: Op is the scope. Kids: the condition, where it has one
	Fact      Kind = "fact"      // anything else that was so, said by Say or Label
)

// Node is one step. Most have few of the fields.
type Node struct {
	Kind  Kind       `json:"kind"`
	Op    string     `json:"op,omitempty"`
	Label meta.Label `json:"label,omitempty"` // what its author calls it, when this was made
	// Say is a code of package message for what has no author, such as a fact, with Args.
	Say  string     `json:"say,omitempty"`
	Args fault.Args `json:"args,omitempty"`
	Ref  *Ref       `json:"ref,omitempty"`
	Rule *Source    `json:"rule,omitempty"`
	At   *Place     `json:"at,omitempty"` // in the source of the rule around it

	Is Type `json:"is,omitzero"`
	// As is a field, of no record in particular, whose values Value is one of: it reads as they do.
	As *Ref `json:"as,omitempty"`
	// Value is absent (nil), or by Is: a string for text; decimal text, exact, for numbers, whole ones too; a bool;
	// "2026-03-31" for a date; RFC 3339 in UTC for a datetime; []any of such for a list; map[string]any for an
	// object. Of a table only Count is kept.
	Value any `json:"value,omitempty"`
	Count int `json:"count,omitempty"` // rows of a table
	// Fault is the code of what went wrong here, with Args; there is then no value.
	Fault string `json:"fault,omitempty"`

	// Note is a code of package message for what a reader should know about the value.
	Note string `json:"note,omitempty"`

	Nth    int     `json:"nth,omitempty"`    // of an Item or Case, 1 for the first; of the operation "pick" 0 for the first, -1 for the last
	Row    string  `json:"row,omitempty"`    // of an Item that is a row: its id
	More   int     `json:"more,omitempty"`   // of a Rest
	Passed int     `json:"passed,omitempty"` // of an Each: items that were looked at and do not count
	Cut    bool    `json:"cut,omitempty"`    // parts are left out: the value cannot be had from Kids
	Kids   []*Node `json:"kids,omitempty"`
}

// Type is what a value is to rules; Kind as package message names it after "type.".
type Type struct {
	Kind  string `json:"kind,omitempty"`  // text integer decimal boolean date datetime list table object null
	Of    string `json:"of,omitempty"`    // of a list: what it holds
	Scale int    `json:"scale,omitempty"` // decimals to show, where the author states them
	Unit  string `json:"unit,omitempty"`  // a currency's code, or "%"
}

// Ref is a value of a record as it was at a version, or with an empty Field the record.
type Ref struct {
	Form    value.FormKey  `json:"form"`
	ID      value.ID       `json:"id,omitempty"` // empty for a draft that has none
	Version int64          `json:"version,omitempty"`
	Field   value.FieldKey `json:"field,omitempty"`
	Row     string         `json:"row,omitempty"`    // of a table: the row's id
	Column  value.FieldKey `json:"column,omitempty"` // of a table, or the part of an object
	Old     bool           `json:"old,omitempty"`    // as it was before the change
}

// Source is a rule: where it stands, what it says, and all that it may read.
type Source struct {
	Form    value.FormKey `json:"form,omitempty"`
	Key     string        `json:"key,omitempty"`     // of a rule, table, script or pool that has one
	Part    string        `json:"part"`              // which rule of the field or form: compute, default, check, requiredIf …
	Version string        `json:"version,omitempty"` // of the metadata
	Text    string        `json:"text,omitempty"`
	// Inputs are Fields, one for each path that the rule may read, also where this run did not. Who does not
	// see every one of them whole sees nothing of what the rule did: a branch taken would tell of what decided it.
	Inputs []*Node `json:"inputs,omitempty"`
}

// Place is a piece of a source.
type Place struct {
	Text string `json:"text"`
	Line int    `json:"line"` // from 1
	Col  int    `json:"col"`  // in characters, from 1
}

// People is the Form of a Ref to somebody.
const People value.FormKey = "$user"

// Walk visits a node and all below it; visit tells whether to go below.
func (n *Node) Walk(visit func(*Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, kid := range n.Kids {
		kid.Walk(visit)
	}
}
