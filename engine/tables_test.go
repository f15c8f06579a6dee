package engine_test

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"sync/atomic"

	"tidewater/engine/grid"
)

// tables are files of tables as the engine's tests have them: text with commas, whatever the format.
type tables struct{ abandoned *atomic.Int64 } // nil: nobody counts the files that are given up

type tableReader struct {
	*csv.Reader
	at int
}

func (tables) Open(_ context.Context, f grid.File, _ grid.Choice) (grid.Reader, grid.Look, error) {
	r := csv.NewReader(io.NewSectionReader(f.At, 0, f.Size))
	r.FieldsPerRecord = -1
	return &tableReader{Reader: r}, grid.Look{Format: grid.CSV}, nil
}

func (r *tableReader) Next() (grid.Row, error) {
	cells, err := r.Read()
	r.at++
	return grid.Row{Number: r.at, Cells: cells}, err
}

func (r *tableReader) Close() error { return nil }

type tableBook struct {
	*csv.Writer
	tables
}

func (t tables) Create(_ grid.Format, w io.Writer) (grid.Book, error) {
	return tableBook{csv.NewWriter(w), t}, nil
}

// Sheet names a table where it is not the first by a row of its own.
func (b tableBook) Sheet(_ string, columns []grid.Column) (grid.Sheet, error) {
	cells := make([]grid.Cell, len(columns))
	for n, c := range columns {
		cells[n].Text = c.Name
	}
	return b, b.Write(cells)
}

func (b tableBook) Name() string { return "" }

func (b tableBook) Aside(string, [][]string) error { return nil }

func (b tableBook) Write(cells []grid.Cell) error {
	texts := make([]string, len(cells))
	for n, cell := range cells {
		texts[n] = cell.Text
		if cell.Note != "" {
			texts[n] += " (" + strings.ReplaceAll(cell.Note, "\n", "; ") + ")"
		}
	}
	return b.Writer.Write(texts)
}

func (b tableBook) Close() error {
	b.Flush()
	return b.Error()
}

func (b tableBook) Abandon() {
	if b.abandoned != nil {
		b.abandoned.Add(1)
	}
}
