package store

import (
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Form tells a store what it must know of a form to serve it from indexes.
type Form struct {
	Key     value.FormKey
	Fields  []Field
	Indexes []Index // at most 12, see architecture.md
	Unique  [][]value.FieldKey
	// Orders are those in which lists within a few principals (row scopes) are asked for: such a list
	// examines about what it returns. Without any, principals are a condition that no index serves. Within
	// names the kinds of these principals, what stands before ":"; empty means all.
	Orders [][]query.Sort
	Within []string
	// Sums are kept ready by key for everybody and for each principal that has Orders, so that figures by day or
	// month do not read the records.
	Sums   []Sums
	Search bool // keeps tokens for query.Search
}

// Type is the stored type of a field's scalars.
type Type string

const (
	Text Type = "text"
	Int  Type = "int"
	Bool Type = "bool"
)

// Field is a path that filters, sorts or groups may use. Shadow fields are listed with their "~" name.
type Field struct {
	Path  query.Path
	Type  Type
	Multi bool // several values: a List, or Sub of a table's rows
	Table bool // Path.Field is a table of rows (no Type of its own)
}

// Sums asks for the number of records and the sums of numbers by the value at a path, a day mostly. All
// are of type Int and have one value.
type Sums struct {
	By query.Path
	Of []query.Path
}

// Index serves filters by equality on the first columns and ranges or sorts on the last.
// An index over one multi-valued field serves its membership tests.
type Index struct {
	Name    string
	Columns []query.Sort
}
