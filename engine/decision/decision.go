// Package decision is decision tables: rows of conditions on inputs and what follows from them, compiled to
// be asked at any rate that rules run, and checked when they are compiled: what no row covers, what two rows
// cover, what no row can reach. Numbers are exact decimals. It knows no records, no rules and no rights.
package decision

import (
	"github.com/govalues/decimal"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Type is what an input or output is.
type Type string

// The types, as tables write them.
const (
	Text    Type = "text"
	Option  Type = "option"
	Integer Type = "integer"
	Decimal Type = "decimal"
	Boolean Type = "boolean"
	Date    Type = "date"
)

// isNumber tells whether values of a type can be reckoned with.
func (t Type) isNumber() bool { return t == Integer || t == Decimal }

// hasOrder tells whether values of a type lie in ranges.
func (t Type) hasOrder() bool { return t.isNumber() || t == Date }

// Input is a value that a table decides by. While a table is asked, it is nil (absent), or by type a
// string, a bool, a decimal.Decimal, or for a date an int64 yyyymmdd.
type Input struct {
	Def  meta.TableInput
	Type Type
	// Options are the keys of an option, in order.
	Options []string
	column  *column
}

// Output is a value that a table gives, in stored form: a string, a bool, an int64 scaled by 10^Scale, or a
// day as yyyymmdd; a list of these where all rows count.
type Output struct {
	Key   value.FieldKey
	Label meta.Label
	Type  Type
	Scale int
}

// Table is a compiled decision table. It is immutable and safe for concurrent use.
type Table struct {
	Def     meta.Table
	Inputs  []Input
	Outputs []Output // the amount last

	rows      []row
	otherwise value.Doc
	amount    *amount
}

// row is one row of conditions and what follows.
type row struct {
	cells []cell // those that ask, in the order of the inputs
	then  value.Doc
}

// Answer is what a table decided.
type Answer struct {
	// Rows are those that counted, by their place from 0; none where what is otherwise said follows.
	Rows []int
	// Values are the outputs by key, nil where nothing follows.
	Values value.Doc
	// Parts are what lies in each bracket, where an amount has brackets.
	Parts []Part
}

// Part is what lies in one bracket, and what its rate makes of it.
type Part struct {
	Row      int
	Of, Rate decimal.Decimal
	Is       decimal.Decimal // rounded
}

// Decide asks the table. Faults: Invalid "table.noRow" where nothing holds and nothing is said for that,
// "table.refused" with what the table says, "expr.number" for an amount beyond all digits.
func (t *Table) Decide(inputs []any) (Answer, error) {
	var out Answer
	for n := range t.rows {
		if !t.rows[n].holds(inputs) {
			continue
		}
		out.Rows = append(out.Rows, n)
		if !t.Collects() {
			break
		}
	}
	switch {
	case len(out.Rows) == 0:
		return t.none(inputs)
	case t.Collects():
		out.Values = t.collected(out.Rows)
		return out, nil
	}
	out.Values = t.rows[out.Rows[0]].then
	if t.amount == nil {
		return out, nil
	}
	return t.amount.add(t, out, inputs)
}

// none is what follows where no row holds.
func (t *Table) none(inputs []any) (Answer, error) {
	said := t.Def.Otherwise
	switch {
	case t.Collects() && said == nil:
		return Answer{Values: value.Doc{}}, nil
	case said == nil:
		return Answer{}, fault.New(fault.Invalid, "table.noRow").In("decision.decide").With("table", t.Def.Label).With("inputs", t.said(inputs))
	case said.Absent:
		return Answer{}, nil
	case len(said.Message) > 0:
		return Answer{}, fault.New(fault.Invalid, "table.refused").In("decision.decide").With("message", said.Message)
	}
	out := Answer{Values: t.otherwise}
	if t.amount == nil {
		return out, nil
	}
	return t.amount.add(t, out, inputs)
}

func (t *Table) collected(rows []int) value.Doc {
	out := value.Doc{}
	for _, o := range t.Outputs {
		var list value.List
		for _, n := range rows {
			if v, there := t.rows[n].then[string(o.Key)]; there {
				list = append(list, v)
			}
		}
		if len(list) > 0 {
			out[string(o.Key)] = list
		}
	}
	return out
}

func (r *row) holds(inputs []any) bool {
	for i := range r.cells {
		if !r.cells[i].holds(inputs[r.cells[i].input]) {
			return false
		}
	}
	return true
}

// Collects tells whether all rows that hold count, so that each output is a list.
func (t *Table) Collects() bool { return t.Def.Hit == meta.HitCollect }
