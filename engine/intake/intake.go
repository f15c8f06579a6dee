// Package intake turns tables from outside into the values of records: which column is which field, what a
// cell means there, and which row to show to people when something is wrong with it. It reads no files and
// writes nothing: whoever has the rows asks for values and gives these to package record.
package intake

import (
	"fmt"
	"strings"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Pair is two texts, such as a column and its field.
type Pair struct {
	Left  string `json:"left"`
	Right string `json:"right"`
}

// Pairs are many of them. As a flag it may be given many times, each time as left=right.
type Pairs []Pair

func (p *Pairs) String() string { return fmt.Sprint(*p) }

// Set takes one left=right.
func (p *Pairs) Set(text string) error {
	left, right, ok := strings.Cut(text, "=")
	if !ok || left == "" || right == "" {
		return fmt.Errorf("%q is not of the form left=right", text)
	}
	*p = append(*p, Pair{left, right})
	return nil
}

// Get returns the right of a left.
func (p Pairs) Get(left string) (string, bool) {
	for _, one := range p {
		if one.Left == left {
			return one.Right, true
		}
	}
	return "", false
}

// Plan says how the columns of a sheet become records.
type Plan struct {
	Form    value.FormKey `json:"form"`
	Mapped  Pairs         `json:"map"`              // column=field, column=table.field for the sheet of rows
	Refs    Pairs         `json:"refs,omitempty"`   // field=form.field: the cell names the record whose field has that value
	Users   []string      `json:"users,omitempty"`  // fields whose cells are user names
	Fixed   Pairs         `json:"set,omitempty"`    // field=value, the same for each record or row
	Values  Pairs         `json:"values,omitempty"` // field.from=to: what a cell says and what it means
	Factors Pairs         `json:"times,omitempty"`  // field=factor: the number in the cell times this
	Rounded Pairs         `json:"round,omitempty"`  // field=decimals: half away from zero, for numbers that were once binary
	// Table and Key are for a second sheet, whose lines are rows of that table field of the records that have
	// the same in the column Key.
	Table string `json:"table,omitempty"`
	Key   string `json:"key,omitempty"`
}

// Intake reads one sheet, with the rows that belong to its records, for one form.
type Intake struct {
	Plan
	// At says for people where a part of the plan stands: option is map, ref, user, set, value, times, round,
	// table or form.
	At func(option, left, right string) string

	records *record.Service
	actor   value.Actor
	sheet   *Sheet
	details *Sheet              // of rows, or nil
	spread  map[string][]int    // places in details by key
	columns []column            // of records
	inRows  []column            // of rows of the table
	found   map[string]value.ID // by form, field and text
	visible map[value.FormKey]map[value.FieldKey]bool
}

// InJSON says where a part of a plan stands that came as JSON.
func InJSON(option, left, _ string) string { return "/" + option + "/" + left }

// Open holds a plan against its sheets and the published form, and lists all that does not fit. details is
// nil where no second sheet is. The rows are read with the actor's rights. Faults: NotFound "form.unknown",
// "import.columnMissing", Invalid "import.flags".
func Open(
	records *record.Service, actor value.Actor, plan Plan, at func(option, left, right string) string, sheet, details *Sheet,
) (*Intake, error) {
	i := &Intake{Plan: plan, At: at, records: records, actor: actor, sheet: sheet, details: details, found: map[string]value.ID{}}
	i.visible = seenBy(records, actor)
	if details != nil {
		if err := i.gather(); err != nil {
			return nil, err
		}
	}
	return i, i.check()
}

// seenBy are the forms and fields that exist for an actor.
func seenBy(records *record.Service, actor value.Actor) map[value.FormKey]map[value.FieldKey]bool {
	out := map[value.FormKey]map[value.FieldKey]bool{}
	for _, form := range records.CatalogFor(actor).Forms {
		out[form.Key] = map[value.FieldKey]bool{}
		for _, one := range form.Fields {
			out[form.Key][one.Key] = true
		}
	}
	return out
}
