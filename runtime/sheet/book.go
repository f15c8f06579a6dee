package sheet

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// book writes a workbook. Its rows go to a file of the system's as they come; what is in memory does not grow
// with them.
type book struct {
	to     io.Writer
	file   *excelize.File
	sheets []*bookSheet
	styles map[styleKey]int
}

type styleKey struct {
	format string
	fill   bool
	head   bool
}

// bookSheet is one table of it.
type bookSheet struct {
	book    *book
	name    string
	columns []grid.Column
	stream  *excelize.StreamWriter
	row     int
	notes   []excelize.Comment
	choices []choices
}

func newWorkbook(w io.Writer) *book {
	return &book{to: w, file: excelize.NewFile(), styles: map[styleKey]int{}}
}

// The limits of workbooks, and of what is said beside cells: notes are kept in memory.
const (
	maxSheetName = 31
	maxSheetRows = 1_048_576
	maxCell      = 32_767
	maxNotes     = 2_000
)

// Sheet begins a table; its header stays in sight.
func (b *book) Sheet(name string, columns []grid.Column) (grid.Sheet, error) {
	s := &bookSheet{book: b, columns: columns, name: b.sheetName(name)}
	if len(b.sheets) == 0 {
		if err := b.file.SetSheetName(b.file.GetSheetName(0), s.name); err != nil {
			return nil, cannot(err)
		}
	} else if _, err := b.file.NewSheet(s.name); err != nil {
		return nil, cannot(err)
	}
	var err error
	if s.stream, err = b.file.NewStreamWriter(s.name); err != nil {
		return nil, cannot(err)
	}
	b.sheets = append(b.sheets, s)
	return s, s.begin()
}

// sheetName is one that workbooks allow and that no other sheet of this one has.
func (b *book) sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, name), "' ")
	if name == "" {
		name = "Sheet"
	}
	one := cut(name, maxSheetName)
	for n := 2; b.named(one); n++ {
		tail := " " + strconv.Itoa(n)
		one = cut(name, maxSheetName-len(tail)) + tail
	}
	return one
}

func (b *book) named(name string) bool {
	for _, s := range b.sheets {
		if strings.EqualFold(s.name, name) {
			return true
		}
	}
	return false
}

// cut shortens a text to so many characters as workbooks count them.
func cut(text string, most int) string {
	n := 0
	for at, r := range text {
		if n++; r > 0xffff {
			n++
		}
		if n > most {
			return text[:at]
		}
	}
	return text
}

const (
	minWidth = 10
	maxWidth = 60
)

func (s *bookSheet) begin() error {
	head, err := s.book.style(styleKey{head: true})
	if err != nil {
		return err
	}
	names := make([]any, len(s.columns))
	for n, c := range s.columns {
		names[n] = excelize.Cell{StyleID: head, Value: c.Name}
		width := c.Width
		if width == 0 {
			width = 2*utf8.RuneCountInString(c.Name) + 2
		}
		if err := s.stream.SetColWidth(n+1, n+1, float64(min(max(width, minWidth), maxWidth))); err != nil {
			return cannot(err)
		}
	}
	if err := s.guide(); err != nil {
		return err
	}
	err = s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return cannot(err)
	}
	s.row = 1
	return cannot(s.stream.SetRow("A1", names))
}

// Name is the sheet's, as the workbook allows it.
func (s *bookSheet) Name() string { return s.name }

// Write adds a row.
func (s *bookSheet) Write(cells []grid.Cell) error {
	if s.row++; s.row > maxSheetRows {
		return fault.New(fault.TooLarge, "export.tooManyRows").In("sheet.write").With("max", maxSheetRows-1)
	}
	values := make([]any, len(cells))
	for n, cell := range cells {
		value, err := s.value(cell, n)
		if err != nil {
			return err
		}
		values[n] = value
		if cell.Note != "" && len(s.notes) < maxNotes {
			at, err := excelize.CoordinatesToCellName(n+1, s.row)
			if err != nil {
				return cannot(err)
			}
			s.notes = append(s.notes, noteOf(at, cell.Note))
		}
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return cannot(err)
	}
	return cannot(s.stream.SetRow(at, values))
}

// exactDigitsOf tells whether a spreadsheet keeps all digits of a decimal text.
func exactDigitsOf(text string) bool {
	return len(strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(text), "0")) <= exactDigits
}

func (s *bookSheet) value(cell grid.Cell, n int) (any, error) {
	kind, scale := kindOf(cell, s.columns, n), 0
	if n < len(s.columns) {
		scale = s.columns[n].Scale
	}
	key := styleKey{fill: cell.Fill, format: formats(grid.Text, 0)}
	var v any = cut(cell.Text, maxCell)
	switch {
	case cell.Text == "":
		key.format, v = "", nil
	case kind == grid.Exact && exactDigitsOf(cell.Text):
		// The file says the digits as they are; only who computes with them makes them binary.
		key.format, v = formats(kind, scale), number(cell.Text)
	case kind == grid.Day:
		if at, err := time.Parse("2006-01-02", cell.Text); err == nil && at.Year() >= 1900 {
			key.format, v = formats(kind, scale), at
		}
	case kind == grid.Instant:
		if at, err := time.Parse("2006-01-02T15:04:05", cell.Text); err == nil && at.Year() >= 1900 {
			key.format, v = formats(kind, scale), at
		}
	}
	style, err := s.book.style(key)
	return excelize.Cell{StyleID: style, Value: v}, err
}

// formats is how spreadsheets are to show and take the cells of a kind.
func formats(kind grid.Kind, scale int) string {
	switch kind {
	case grid.Exact:
		if scale == 0 {
			return "0"
		}
		return "#,##0." + strings.Repeat("0", scale)
	case grid.Day:
		return "yyyy-mm-dd"
	case grid.Instant:
		return "yyyy-mm-dd hh:mm:ss"
	}
	return "@"
}

// number is what excelize writes with these digits.
func number(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return f // at most 15 digits, which come out as they went in
}

func (b *book) style(key styleKey) (int, error) {
	if id, made := b.styles[key]; made {
		return id, nil
	}
	style := excelize.Style{}
	if key.format != "" {
		style.CustomNumFmt = &key.format
	}
	if key.fill {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFE0E0"}}
		style.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
	}
	if key.head {
		style.Font = &excelize.Font{Bold: true}
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF2F7"}}
	}
	id, err := b.file.NewStyle(&style)
	b.styles[key] = id
	return id, cannot(err)
}

// Close writes the file.
func (b *book) Close() error {
	if err := b.offer(); err != nil {
		return errors.Join(cannot(err), b.file.Close())
	}
	for _, s := range b.sheets {
		// A sheet says where its notes are, and so it must hear of them before it ends.
		for _, note := range s.notes {
			if err := b.file.AddComment(s.name, note); err != nil {
				return errors.Join(cannot(err), b.file.Close())
			}
		}
		if err := s.stream.Flush(); err != nil {
			return errors.Join(cannot(err), b.file.Close())
		}
	}
	_, err := b.file.WriteTo(b.to)
	return errors.Join(cannot(err), b.file.Close())
}

// Abandon lets the system's files go.
func (b *book) Abandon() { _ = b.file.Close() } // whoever abandons has a fault to tell already

func cannot(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap("sheet.write", err)
}
