// Package intake turns tables from outside into changes of records: which column is which field, what a cell
// means there, which record a row is about, and which cell to show to people when something is wrong. It reads
// no files and writes nothing: whoever has the rows asks for changes and gives these to package record.
package intake

import (
	"tidewater/engine/grid"
	"tidewater/engine/value"
)

// Mode says what becomes of a row.
type Mode string

const (
	Create Mode = "create" // always a new record
	Update Mode = "update" // a change of the record that the key finds; a row that finds none is refused
	Upsert Mode = "upsert" // a change of that record, or a new one
)

// Plan says how the rows of a table become records.
type Plan struct {
	Form value.FormKey `json:"form"`
	Mode Mode          `json:"mode"`
	// Key are the fields by which a row finds its record: "id", one that is unique, or those of a unique group.
	Key     []value.FieldKey `json:"key,omitempty"`
	Columns []Column         `json:"columns"`
	Tables  []Table          `json:"tables,omitempty"`
	// Clear empties a field of a record on hand where the cell is empty; else it stays as it is.
	Clear bool `json:"clear,omitempty"`
	// Pool is the home of new records; "" is the pool whose condition holds, as with every save. Whoever imports
	// must be one who assigns its records or manages it.
	Pool string `json:"pool,omitempty"`
	// AlsoIn are more pools, each of which gets a record of its own for the target of each new one; they take the same
	// right, and need a Pool.
	AlsoIn []string `json:"alsoIn,omitempty"`
}

// Column is a column on its way into a field.
type Column struct {
	Column string `json:"column,omitempty"` // as Header names it; "" where Text is meant
	Text   string `json:"text,omitempty"`   // the same in each row, in place of a column
	Field  string `json:"field"`            // a key, or a part of an address as in address.detail
	// By is, for a reference, the field of the other form whose value the cell says; "" is its id.
	By string `json:"by,omitempty"`
	// Values are what cells say and what is meant.
	Values map[string]string `json:"values,omitempty"`
	Times  string            `json:"times,omitempty"` // for numbers: multiply by this
	Round  *int              `json:"round,omitempty"` // for numbers: to so many decimals, halves away from zero
	Dates  DateOrder         `json:"dates,omitempty"` // for dates such as 03/04/2026
}

// DateOrder says which part of a date such as 03/04/2026 is which.
type DateOrder string

const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

// Table is a table of rows that belong to the records of the first one.
type Table struct {
	Field value.FieldKey `json:"field"`          // a table field
	File  value.ID       `json:"file,omitempty"` // where it stands; "" is the file of the records
	grid.Choice
	Join string `json:"join"`          // the column that says to which record a row belongs,
	To   string `json:"to,omitempty"`  // and that of the records which says the same; "" is of one name
	Key  string `json:"key,omitempty"` // the column of the table field that tells its rows apart: "id" or another
	// Flat says that the rows stand in the records' own table, one in each of its rows, where those that say the
	// same in Join are one record. Who opens the files finds that out.
	Flat    bool     `json:"flat,omitempty"`
	Columns []Column `json:"columns"`
}

// System fields that a plan may name beside the form's own.
const idField = string(value.SysID)
