package sheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

const (
	// maxRecord bounds one row of text, in bytes: a quote that is never closed takes in no more than that.
	maxRecord = 1 << 20
	buffered  = 64 << 10
)

// delimiters are those that are found out, the likeliest first.
const delimiters = ",\t;|"

// textReader reads text with delimiters (RFC 4180).
type textReader struct {
	csv   *csv.Reader
	guard *guard
	at    int // rows so far, blank ones too
	line  int // the last line of the row before
	above int // lines that are no part of the table
}

func openText(ctx context.Context, f grid.File, choice grid.Choice) (grid.Reader, grid.Look, error) {
	look := grid.Look{Format: grid.CSV}
	name, mark, err := encodingOf(f, choice.Encoding)
	if err != nil {
		return nil, look, err
	}
	look.Encoding = name
	from := until{ctx, io.NewSectionReader(f.At, mark, f.Size-mark)}
	g := &guard{from: decoded(from, name), limit: maxRecord + buffered}
	lines := bufio.NewReaderSize(g, buffered)
	head, err := lines.Peek(16 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, look, unreadable(err)
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, look, fault.New(fault.Unsupported, "import.format").In("sheet.open")
	}
	r := &textReader{csv: csv.NewReader(lines), guard: g}
	look.Delimiter = choice.Delimiter
	if said := separatorLine(head); said != "" {
		if look.Delimiter == "" {
			look.Delimiter = said
		}
		if _, err := lines.ReadString('\n'); err != nil && !errors.Is(err, io.EOF) {
			return nil, look, unreadable(err)
		}
		r.at, r.above = 1, 1
	}
	if look.Delimiter == "" {
		look.Delimiter = delimiterOf(head)
	}
	comma, size := utf8.DecodeRuneInString(look.Delimiter)
	if size != len(look.Delimiter) || strings.ContainsRune("\"\r\n\ufffd", comma) {
		return nil, look, fault.New(fault.Invalid, "import.delimiter").In("sheet.open")
	}
	r.csv.Comma, r.csv.FieldsPerRecord = comma, -1
	return r, look, nil
}

// separatorLine is the delimiter that a first line such as "sep=;" names, as Excel writes and reads it.
func separatorLine(head []byte) string {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	said, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(string(line), "\r")), "sep=")
	if !ok || len(said) != 1 {
		return ""
	}
	return said
}

// delimiterOf is the character that stands equally often in the first lines, outside of quotes.
func delimiterOf(head []byte) string {
	best, most := ",", 0
	for _, d := range delimiters {
		if n := regular(head, byte(d)); n > most {
			best, most = string(d), n
		}
	}
	return best
}

// regular is how often a character stands in the first line, if about as often in most of the others.
func regular(head []byte, d byte) int {
	var counts []int
	count, quoted := 0, false
	for _, b := range head {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			counts = append(counts, count)
			count = 0
		case b == d:
			count++
		}
	}
	if len(counts) == 0 {
		return count
	}
	same := 0
	for _, n := range counts {
		if n == counts[0] {
			same++
		}
	}
	if 2*same < len(counts) {
		return 0
	}
	return counts[0]
}

// Next returns the next row that says anything.
func (r *textReader) Next() (grid.Row, error) {
	for {
		r.guard.limit = r.csv.InputOffset() + maxRecord + buffered
		cells, err := r.csv.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return grid.Row{}, io.EOF
		case errors.Is(err, errTooLong):
			return grid.Row{}, r.openQuote(r.line + 1)
		case errors.As(err, &wrong):
			if errors.Is(wrong.Err, csv.ErrQuote) && r.guard.ended && r.csv.InputOffset() >= r.guard.given {
				return grid.Row{}, r.openQuote(wrong.StartLine)
			}
			r.pass(wrong.StartLine, wrong.Line)
			why := fault.New(fault.Malformed, "import.line").With("line", wrong.StartLine+r.above)
			if wrong.Line > wrong.StartLine {
				why = fault.New(fault.Malformed, "import.lines").With("from", wrong.StartLine+r.above).With("to", wrong.Line+r.above)
			}
			return grid.Row{Number: r.at, Wrong: why}, nil
		case err != nil:
			return grid.Row{}, unreadable(err)
		}
		first, _ := r.csv.FieldPos(0)
		last, _ := r.csv.FieldPos(len(cells) - 1)
		r.pass(first, last+strings.Count(cells[len(cells)-1], "\n"))
		if !says(cells) {
			continue
		}
		for n := range cells {
			cells[n] = unmarked(cells[n])
		}
		row := grid.Row{Number: r.at, Cells: cells}
		if !readable(cells) {
			row = grid.Row{Number: r.at, Wrong: fault.New(fault.Malformed, "import.encoding")}
		}
		return row, nil
	}
}

// pass counts a row that stands in these lines, and the blank lines before it.
func (r *textReader) pass(first, last int) {
	r.at += first - r.line
	r.line = last
}

func (r *textReader) openQuote(line int) error {
	return fault.New(fault.Malformed, "import.quote").In("sheet.read").With("line", line+r.above)
}

// readable tells whether cells are text of the file's encoding.
func readable(cells []string) bool {
	for _, cell := range cells {
		if !utf8.ValidString(cell) || strings.ContainsRune(cell, utf8.RuneError) || strings.IndexByte(cell, 0) >= 0 {
			return false
		}
	}
	return true
}

func (r *textReader) Close() error { return nil }

var errTooLong = errors.New("a row without an end")

// guard gives no more than one row may have.
type guard struct {
	from  io.Reader
	given int64
	limit int64
	ended bool
}

func (g *guard) Read(p []byte) (int, error) {
	left := g.limit - g.given
	if left <= 0 {
		return 0, errTooLong
	}
	n, err := g.from.Read(p[:min(int64(len(p)), left)])
	g.given += int64(n)
	g.ended = g.ended || errors.Is(err, io.EOF)
	return n, err
}
