// Package query is how records are asked for: filters, sorts, pages and groups as immutable trees.
//
// Trees speak in stored values (package value) and in paths of one form; names of people's wording,
// relative dates and references to other forms are resolved before a tree is built. The same tree
// runs in every store and, by Match, in memory, with the same answer.
//
// Logic is two-valued: a comparison with an absent value is false, except Empty and the exact
// complements Ne, Nin and Not.
package query

import "tidewater/engine/value"

// Path names a value within a record: a field ("tier"), a system field ("createdAt"), a shadow field
// ("~sort:name"), or a part of a row or address ("lines" "product", "address" "region").
type Path struct {
	Field value.FieldKey
	Sub   value.FieldKey // empty for the field itself
}

// At is the path of a field.
func At(field value.FieldKey) Path { return Path{Field: field} }

func (p Path) String() string {
	if p.Sub == "" {
		return string(p.Field)
	}
	return string(p.Field) + "." + string(p.Sub)
}

// Op compares a path with a value.
type Op string

const (
	Eq       Op = "eq"       // some value at the path equals Value
	Ne       Op = "ne"       // exact complement of Eq: true for absent
	In       Op = "in"       // some value at the path is among Values
	Nin      Op = "nin"      // exact complement of In
	Lt       Op = "lt"       // some value is below Value; types must agree
	Lte      Op = "lte"      //
	Gt       Op = "gt"       //
	Gte      Op = "gte"      //
	Prefix   Op = "prefix"   // some text starts with Value, byte by byte
	Contains Op = "contains" // some text, folded (text.Fold), contains the folded Value
	Empty    Op = "empty"    // nothing at the path
	NotEmpty Op = "notEmpty" // something at the path
	HasAll   Op = "hasAll"   // each of Values is among the values at the path
)

// Filter is one node of a tree: And, Or, Not, Cmp, Rows, Search or Const. Nodes are never changed once made.
type Filter interface{ node() }

// And holds when all of it holds; empty holds always.
type And []Filter

// Or holds when any of it holds; empty never holds.
type Or []Filter

// Not is the exact complement.
type Not struct{ Of Filter }

// Cmp compares the values at Path. At a multi-valued field or a part of rows it means "some value".
type Cmp struct {
	Path   Path
	Op     Op
	Value  value.Value // one stored scalar, for the ops that take one
	Values value.List  // stored scalars, for In, Nin, HasAll; at most 1,000
}

// Quantifier says how many rows must meet a condition.
type Quantifier string

const (
	Any  Quantifier = "any"  // at least one row
	All  Quantifier = "all"  // every row; true without rows
	None Quantifier = "none" // no row
)

// Rows asks that rows of a table field meet Where together: the paths in Where are the row's own fields.
type Rows struct {
	Quantifier Quantifier
	Table      value.FieldKey
	Where      Filter
}

// Search asks that every term is found in the record's text: all its tokens are among
// Record.Tokens, and the folded term is a substring of the shadow text ("~text").
type Search struct{ Terms []Term }

// Term is one folded word of a search and the tokens that any record containing it must have.
type Term struct {
	Folded string
	Tokens []string
}

// Const holds always or never.
type Const bool

func (And) node()    {}
func (Or) node()     {}
func (Not) node()    {}
func (Cmp) node()    {}
func (Rows) node()   {}
func (Search) node() {}
func (Const) node()  {}

// Where builds the plain comparison path op value.
func Where(field value.FieldKey, op Op, v value.Value) Cmp {
	return Cmp{Path: At(field), Op: op, Value: v}
}

// OneOf builds field in values.
func OneOf(field value.FieldKey, values ...value.Value) Cmp {
	return Cmp{Path: At(field), Op: In, Values: values}
}
