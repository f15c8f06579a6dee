package intake

import (
	"tidewater/engine/grid"
	"tidewater/engine/value"
)

// ToldSheet is the sheet, shown to nobody, by which a workbook that was made to be filled says what its columns
// are: so it is understood in whatever language it was made, and after labels have changed.
const ToldSheet = "tidewater.map"

// Told is what a workbook says of its own columns.
type Told struct {
	Form   value.FormKey
	Sheets map[string]ToldTable // by the name of the sheet
}

// ToldTable is one sheet of it.
type ToldTable struct {
	Table   value.FieldKey    // whose rows it has; "" for the records'
	Columns map[string]Column // by name; one without a Field fills none
}

// toldRow is a row of ToldSheet: form, sheet, table field, column, field, and by which field of its form a
// reference is named.
const toldCells = 6

// Rows writes what is told of one sheet, in the order of its columns, behind those of the sheets before.
func (t ToldTable) Rows(form value.FormKey, sheet string, columns []Column) [][]string {
	out := make([][]string, len(columns))
	for n, c := range columns {
		out[n] = []string{string(form), sheet, string(t.Table), c.Column, c.Field, c.By}
	}
	return out
}

// ToldBy reads the rows of ToldSheet. They came from outside: what they name may not be there.
func ToldBy(rows []grid.Row) Told {
	out := Told{Sheets: map[string]ToldTable{}}
	for _, row := range rows {
		if len(row.Cells) > toldCells || row.Cell(1) == "" {
			continue
		}
		out.Form = value.FormKey(row.Cell(0))
		sheet, column := row.Cell(1), row.Cell(3)
		table, known := out.Sheets[sheet]
		if !known {
			table = ToldTable{Table: value.FieldKey(row.Cell(2)), Columns: map[string]Column{}}
			out.Sheets[sheet] = table
		}
		table.Columns[column] = Column{Column: column, Field: row.Cell(4), By: row.Cell(5)}
	}
	return out
}
