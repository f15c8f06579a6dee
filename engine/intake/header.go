package intake

import (
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// Header are the names of a table's columns. Each has one of its own: the second of two "Phone" is called
// "Phone (2)", and one without a name is called as spreadsheets call its column.
type Header struct {
	Names []string
	Row   int // in which they stand, see grid.Row
	// Twice are names that stand more than once in the file.
	Twice  []string
	places map[string]int
}

// HeaderOf makes the names of a table's columns from the row that has them.
func HeaderOf(row grid.Row) *Header {
	h := &Header{Row: row.Number, places: map[string]int{}}
	width := len(row.Cells)
	for width > 0 && strings.TrimSpace(row.Cells[width-1]) == "" {
		width--
	}
	for place := range width {
		h.add(row.Cells[place], place)
	}
	return h
}

func (h *Header) add(cell string, place int) {
	name := strings.Join(strings.Fields(cell), " ")
	if name == "" {
		name = letters(place)
	}
	one := name
	for n := 2; ; n++ {
		if _, taken := h.places[one]; !taken {
			break
		}
		one = name + " (" + strconv.Itoa(n) + ")"
	}
	if one != name && !slices.Contains(h.Twice, name) {
		h.Twice = append(h.Twice, name)
	}
	h.places[one] = place
	h.Names = append(h.Names, one)
}

// Place is where a column stands.
func (h *Header) Place(name string) (int, bool) {
	place, ok := h.places[name]
	return place, ok
}

// fits refuses a row with something beside its last column: it is one that has come apart.
func (h *Header) fits(row grid.Row) *fault.Issue {
	for place := len(h.Names); place < len(row.Cells); place++ {
		if strings.TrimSpace(row.Cells[place]) != "" {
			return &fault.Issue{Code: "import.tooManyCells", Args: fault.Args{"cells": place + 1, "columns": len(h.Names)}}
		}
	}
	return nil
}

// letters is what spreadsheets call a column, counted from 0: A, B … Z, AA.
func letters(place int) string {
	name := ""
	for place++; place > 0; place = (place - 1) / 26 {
		name = string(rune('A'+(place-1)%26)) + name
	}
	return name
}

// maxAbove is how many rows a header is looked for in.
const maxAbove = 10

// HeaderRow finds the row that has the columns' names among the first rows of a table: the first that fills at
// least half as many cells as the fullest of them. What stands above it is a title.
func HeaderRow(rows []grid.Row) int {
	rows = rows[:min(len(rows), maxAbove)]
	most := 0
	for _, row := range rows {
		most = max(most, filled(row))
	}
	for n, row := range rows {
		if row.Wrong == nil && 2*filled(row) >= most {
			return n
		}
	}
	return 0
}

func filled(row grid.Row) (n int) {
	for _, cell := range row.Cells {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}
