package sheet

import (
	"encoding/csv"
	"io"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// Create begins a file, see grid.Files.
func (Files) Create(format grid.Format, w io.Writer) (grid.Book, error) {
	switch format {
	case grid.CSV:
		return newText(w)
	case grid.XLSX:
		return newWorkbook(w), nil
	}
	return nil, fault.New(fault.Invalid, "import.format").In("sheet.create")
}

// textBook writes CSV in UTF-8 with a byte order mark, by which spreadsheets know it.
type textBook struct {
	csv     *csv.Writer
	columns []grid.Column
}

func newText(w io.Writer) (*textBook, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	b := &textBook{csv: csv.NewWriter(w)}
	b.csv.UseCRLF = true
	return b, nil
}

func (b *textBook) Sheet(_ string, columns []grid.Column) (grid.Sheet, error) {
	b.columns = columns
	names := make([]string, len(columns))
	for n, c := range columns {
		names[n] = harmless(c.Name)
	}
	return b, b.csv.Write(names)
}

// Name is "": text names no tables.
func (b *textBook) Name() string { return "" }

// Aside keeps nothing: text is all there is to see.
func (b *textBook) Aside(string, [][]string) error { return nil }

func (b *textBook) Write(cells []grid.Cell) error {
	texts := make([]string, len(cells))
	for n, cell := range cells {
		texts[n] = cell.Text
		// Numbers and dates are what they are; whatever somebody wrote is not to be taken for a formula.
		if kind := kindOf(cell, b.columns, n); kind == grid.Text {
			texts[n] = harmless(cell.Text)
		}
	}
	return b.csv.Write(texts)
}

func kindOf(cell grid.Cell, columns []grid.Column, n int) grid.Kind {
	if cell.Own || n >= len(columns) {
		return cell.Kind
	}
	return columns[n].Kind
}

// harmless keeps spreadsheets from running a text: one that begins as a formula does is marked as text. So is one
// that looks marked already, that unmarked gives back each as it was.
func harmless(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// unmarked is a text without the mark that harmless gives.
func unmarked(text string) string {
	if text != "" && text[0] == '\'' && startsFormula(text) {
		return text[1:]
	}
	return text
}

// startsFormula tells a text that spreadsheets take for a formula, behind any marks.
func startsFormula(text string) bool {
	text = strings.TrimLeft(text, "'")
	return text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0]))
}

func (b *textBook) Close() error {
	b.csv.Flush()
	return b.csv.Error()
}

func (b *textBook) Abandon() {}
