package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// maxColumns bounds the columns of a table.
const maxColumns = 1_000

// rowReader reads the rows of a sheet.
type rowReader struct {
	book   *workbook
	part   io.ReadCloser
	tokens *xml.Decoder
	at     int // the row
	below  []span
}

// span is a range of merged cells of which only the first says something; those below it mean the same.
type span struct {
	column, from, to int // the first column; rows, both included
	text             string
	mark             grid.Mark
}

func (w *workbook) rows(part string, merged []span) (*rowReader, error) {
	from, err := w.archive.open(part)
	if err != nil {
		return nil, err
	}
	return &rowReader{book: w, part: from, tokens: xml.NewDecoder(from), below: merged}, nil
}

func (r *rowReader) Close() error { return r.part.Close() }

// Next returns the next row that says anything. Rows that are only formatted are passed over.
func (r *rowReader) Next() (grid.Row, error) {
	for {
		token, err := r.tokens.RawToken()
		if errors.Is(err, io.EOF) {
			return grid.Row{}, io.EOF
		}
		if err != nil {
			return grid.Row{}, unreadable(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local != "row" {
				continue
			}
			row, err := r.row(token)
			if err != nil || says(row.Cells) || len(row.Marks) > 0 {
				r.merge(&row)
				return row, err
			}
		case xml.EndElement:
			if token.Name.Local == "sheetData" {
				return grid.Row{}, io.EOF
			}
		}
	}
}

func attribute(of xml.StartElement, name string) string {
	for _, a := range of.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (r *rowReader) row(start xml.StartElement) (grid.Row, error) {
	r.at++
	if n, err := strconv.Atoi(attribute(start, "r")); err == nil {
		r.at = n
	}
	row := grid.Row{Number: r.at}
	column := -1
	for {
		token, err := r.tokens.RawToken()
		if err != nil {
			return row, unreadable(noEnd(err))
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local != "c" {
				continue
			}
			column++
			if ref := attribute(token, "r"); ref != "" {
				column = columnOf(ref)
			}
			text, mark, err := r.cell(token)
			if err != nil {
				return row, err
			}
			if err := put(&row, column, text, mark); err != nil {
				return row, err
			}
		case xml.EndElement:
			if token.Name.Local == "row" {
				return row, nil
			}
		}
	}
}

// noEnd makes a fault of a file that is cut.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func put(row *grid.Row, column int, text string, mark grid.Mark) error {
	if text == "" && mark == 0 {
		return nil
	}
	if column < 0 || column >= maxColumns {
		return fault.New(fault.TooLarge, "import.tooManyColumns").In("sheet.read").With("max", maxColumns)
	}
	for len(row.Cells) <= column {
		row.Cells = append(row.Cells, "")
	}
	row.Cells[column] = text
	if mark != 0 {
		if row.Marks == nil {
			row.Marks = map[int]grid.Mark{}
		}
		row.Marks[column] = mark
	}
	return nil
}

// columnOf is the place of a column from a reference such as AB12; -1 for none.
func columnOf(ref string) int {
	n := 0
	for _, c := range []byte(ref) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > 1<<20 {
			return -1
		}
	}
	return n - 1
}

// cell reads one cell: its value, or of text that stands in it all of it, and whether it is a formula.
func (r *rowReader) cell(start xml.StartElement) (text string, mark grid.Mark, err error) {
	var said strings.Builder
	inside, formula, valued, phonetic := "", false, false, 0
	for {
		token, err := r.tokens.RawToken()
		if err != nil {
			return "", 0, unreadable(noEnd(err))
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch inside = token.Name.Local; inside {
			case "f":
				formula = true
			case "v":
				valued = true
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			inside = ""
			switch token.Name.Local {
			case "rPh":
				phonetic--
			case "c":
				text, mark = r.value(start, said.String(), formula && !valued)
				return text, mark, nil
			}
		case xml.CharData:
			if (inside == "v" || inside == "t") && phonetic == 0 {
				said.Write(token)
			}
		}
	}
}

// value makes the text of what a cell says, by its type. open tells of a formula whose value is not there.
func (r *rowReader) value(cell xml.StartElement, said string, open bool) (string, grid.Mark) {
	typ := attribute(cell, "t")
	if said == "" {
		if open {
			return "", grid.Uncomputed
		}
		return "", 0
	}
	switch typ {
	case "s":
		text, ok := r.book.strings.at(said)
		if !ok {
			return "", grid.Broken
		}
		return unescaped(text), 0
	case "str", "inlineStr":
		return unescaped(said), 0
	case "b":
		if said == "1" || said == "true" {
			return "TRUE", 0
		}
		return "FALSE", 0
	case "e":
		return said, grid.Broken
	case "d":
		return strings.TrimSuffix(strings.TrimSuffix(said, "Z"), "T00:00:00"), 0
	}
	var f format
	if style, err := strconv.Atoi(attribute(cell, "s")); err == nil && style >= 0 && style < len(r.book.formats) {
		f = r.book.formats[style]
	}
	return r.book.number(said, f)
}

// merge gives a row what merged cells above say in it.
func (r *rowReader) merge(row *grid.Row) {
	for n := range r.below {
		m := &r.below[n]
		switch {
		case row.Number == m.from:
			m.text, m.mark = row.Cell(m.column), row.Marks[m.column]
		case row.Number > m.from && row.Number <= m.to && row.Cell(m.column) == "" && (m.text != "" || m.mark != 0):
			// A column that is too far to the right was refused where it first stood.
			_ = put(row, m.column, m.text, m.mark)
		}
	}
}

// maxMerged bounds the ranges that are kept of a sheet.
const maxMerged = 10_000

// merged finds the ranges of merged cells that reach over several rows. They stand behind the rows in the
// file, and are needed before these.
func (w *workbook) merged(part string) (_ []span, err error) {
	from, err := w.archive.open(part)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	behind, found, err := after(from, []byte("<mergeCells"), []byte(":mergeCells"))
	if err != nil || !found {
		return nil, err
	}
	tokens := xml.NewDecoder(behind)
	tokens.Strict = false
	var out []span
	for {
		token, err := tokens.RawToken()
		if errors.Is(err, io.EOF) || len(out) == maxMerged {
			return out, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "mergeCell" {
			continue
		}
		if m, ok := spanOf(attribute(start, "ref")); ok {
			out = append(out, m)
		}
	}
}

// after reads on behind the last mark. Only the tail is kept.
func after(from io.Reader, marks ...[]byte) (behind io.Reader, found bool, err error) {
	const longest = 32
	buffer := make([]byte, 0, 256<<10)
	for {
		n, err := from.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		for _, mark := range marks {
			if at := bytes.Index(buffer, mark); at >= 0 {
				return io.MultiReader(bytes.NewReader(bytes.Clone(buffer[at+len(mark):])), from), true, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, unreadable(err)
		}
		if len(buffer) > longest {
			copy(buffer, buffer[len(buffer)-longest:])
			buffer = buffer[:longest]
		}
	}
}

func spanOf(ref string) (span, bool) {
	first, last, ok := strings.Cut(ref, ":")
	row := func(of string) int {
		n, err := strconv.Atoi(strings.TrimLeft(of, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
		if err != nil {
			return 0
		}
		return n
	}
	m := span{column: columnOf(first), from: row(first), to: row(last)}
	return m, ok && m.column >= 0 && m.from > 0 && m.to > m.from
}
