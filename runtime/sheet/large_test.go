package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"tidewater/engine/grid"
	"tidewater/runtime/sheet"
)

// most remembers how many bytes were alive at the most, and how many it was given.
type most struct{ alive, written uint64 }

func (m *most) look() {
	var now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&now)
	m.alive = max(m.alive, now.HeapAlloc)
}

func (m *most) Write(data []byte) (int, error) {
	if before := m.written; before/(4<<20) != (before+uint64(len(data)))/(4<<20) {
		m.look() // while the whole is put together, too
	}
	m.written += uint64(len(data))
	return io.Discard.Write(data)
}

// TestFilesOfManyRowsTakeNoMoreMemoryThanOthers writes 200,000 rows, of a workbook with two lines each, and counts the
// bytes that are alive. Of each table of a workbook some 16 MiB, in a buffer of up to twice that, rest in memory
// before they go to a file of the system's; all of it would be 150 MB and more.
func TestFilesOfManyRowsTakeNoMoreMemoryThanOthers(t *testing.T) {
	var idle most
	idle.look()
	for format, limit := range map[grid.Format]uint64{grid.CSV: 2 << 20, grid.XLSX: 2*32<<20 + 8<<20} {
		m := written(t, format, 200_000)
		t.Logf("%s: %d bytes alive, %d written", format, m.alive, m.written)
		if m.alive > idle.alive+limit || m.written < 10<<20 {
			t.Errorf("%s: %d bytes are alive, %d before; %d written", format, m.alive, idle.alive, m.written)
		}
	}
}

func written(t *testing.T, format grid.Format, rows int) most {
	t.Helper()
	var m most
	book, err := sheet.Files{}.Create(format, &m)
	if err != nil {
		t.Fatal(err)
	}
	names := []grid.Column{{Name: "Name"}, {Name: "Phone"}, {Name: "Price", Kind: grid.Exact, Scale: 2}, {Name: "Day", Kind: grid.Day}, {Name: "Notes"}}
	main, err := book.Sheet("Things", names)
	lines := main
	if err == nil && format == grid.XLSX {
		lines, err = book.Sheet("Lines", names)
	}
	if err != nil {
		t.Fatal(err)
	}
	for n := range rows {
		number := strconv.Itoa(n)
		cells := []grid.Cell{{Text: "Thing " + number}, {Text: "0" + number}, {Text: number + ".50"}, {Text: "2026-03-31"}, {Text: "=1+" + number}}
		for _, to := range []grid.Sheet{main, lines, lines} {
			if err := to.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		if n%25_000 == 0 {
			m.look()
		}
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	m.look()
	return m
}

// TestNoTextRunsAsAFormula writes all that spreadsheets take for one, as names and in cells, and reads it as it was.
func TestNoTextRunsAsAFormula(t *testing.T) {
	texts := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''", "'quoted'", "=cmd|' /C calc'!A0", "plain", "-", "=\"a\"&\"b\""}
	for _, format := range []grid.Format{grid.CSV, grid.XLSX} {
		var out bytes.Buffer
		book, err := sheet.Files{}.Create(format, &out)
		if err != nil {
			t.Fatal(err)
		}
		names := make([]grid.Column, len(texts))
		cells := make([]grid.Cell, len(texts))
		for n, text := range texts {
			names[n].Name, cells[n].Text = text, text
			cells[n].Note = text
		}
		main, err := book.Sheet("=1+1", names)
		if err == nil {
			err = main.Write(cells)
		}
		if err := errors.Join(err, book.Close()); err != nil {
			t.Fatal(err)
		}
		rows, _, err := all(t, out.Bytes(), grid.Choice{})
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v %v", format, rows, err)
		}
		for _, row := range rows {
			for n, text := range texts {
				// A line that ends within a cell is read as one, however it ends.
				if got := row.Cell(n); got != text && !(format == grid.CSV && text == "\r"+got) {
					t.Errorf("%s: %q is read as %q", format, text, got)
				}
			}
		}
		if format == grid.CSV {
			holdNoFormula(t, out.Bytes())
			continue
		}
		if cells := partOf(t, out.Bytes(), "xl/worksheets/sheet1.xml"); strings.Contains(cells, "<f>") || strings.Contains(cells, "<f ") {
			t.Errorf("a workbook with a formula: %s", cells)
		}
	}
}

// holdNoFormula reads text as spreadsheets do, to whom a mark in front is part of the cell.
func holdNoFormula(t *testing.T, data []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet runs %q", cell)
			}
		}
	}
}
