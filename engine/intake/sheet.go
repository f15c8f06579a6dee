package intake

import "tidewater/engine/fault"

// Sheet is a table with a header row, or some rows of one.
type Sheet struct {
	Name   string         `json:"name"` // the file's, without its folders
	Header map[string]int `json:"header"`
	Rows   [][]string     `json:"rows,omitempty"`
	First  int            `json:"first,omitempty"` // rows of the table that stand before these
}

// Number is what spreadsheets call a row, counted from 0 here: the header is row 1.
func (s *Sheet) Number(row int) int { return s.First + row + 2 }

// Cell returns what a row, counted from 0, says in a column; empty where there is no such column.
func (s *Sheet) Cell(row int, column string) string {
	place, ok := s.Header[column]
	if !ok {
		return ""
	}
	return s.Rows[row][place]
}

// Has answers a fault unless the sheet has the column.
func (s *Sheet) Has(column string) error {
	if _, ok := s.Header[column]; !ok {
		return fault.New(fault.NotFound, "import.columnMissing").At(s.Name).With("column", column)
	}
	return nil
}
