// Package grid is tables of cells on their way in and out: what a file says row by row, and what is put into
// one. It reads and writes no files and knows no forms: whoever does declares here what they give and take.
package grid

import (
	"context"
	"io"

	"tidewater/engine/fault"
)

// Format is a kind of file.
type Format string

const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// MediaType is the one of such files.
func (f Format) MediaType() string {
	if f == CSV {
		return "text/csv"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// Mark says of a cell what its text alone does not.
type Mark uint8

const (
	Number     Mark = iota + 1 // a number, written with all the digits it has
	Percent                    // as Number, shown to people as a hundredth: 0.12 reads 12 %
	Lost                       // a number of more digits than the file could keep: the text is not what was meant
	Broken                     // an error such as #N/A
	Uncomputed                 // a formula whose value was never written down
)

// Row is one row of a file.
type Row struct {
	Number int          // as spreadsheets count: the first row of a sheet, or line of a file, is 1
	Cells  []string     // texts as people see them; dates as 2026-03-31 or 2026-03-31T08:30:00
	Marks  map[int]Mark // of cells, by place; nil where there is nothing to say
	// Wrong says why the row cannot be read; then it has no cells. Those after it can be.
	Wrong *fault.Error
}

// Cell is the text at a place, "" behind the last one.
func (r Row) Cell(place int) string {
	if place < 0 || place >= len(r.Cells) {
		return ""
	}
	return r.Cells[place]
}

// Reader gives the rows of one table, one after the other. What it gives is the caller's to keep.
type Reader interface {
	// Next returns the next row that says anything, io.EOF behind the last. Faults: Malformed "import.…"
	// for what cannot be read from here on, TooLarge "import.bomb".
	Next() (Row, error)
	Close() error
}

// Choice says which table of a file is meant, and how it is read where that can be said.
type Choice struct {
	Sheet     string `json:"sheet,omitempty"`     // of a workbook; "" is the first that is shown
	Encoding  string `json:"encoding,omitempty"`  // of text; "" finds out
	Delimiter string `json:"delimiter,omitempty"` // of text; "" finds out
	Header    int    `json:"header,omitempty"`    // the row of the columns' names; 0 is the first that says anything
}

// Look is what there is to know of a file before its rows.
type Look struct {
	Format    Format   `json:"format"`
	Encoding  string   `json:"encoding,omitempty"` // as found or chosen, see Encodings
	Delimiter string   `json:"delimiter,omitempty"`
	Sheets    []string `json:"sheets,omitempty"` // of a workbook, in its order: those that are shown
	Sheet     string   `json:"sheet,omitempty"`  // the one that is read
	Merged    int      `json:"merged,omitempty"` // ranges of merged cells; each cell of one says the same
	Aside     []string `json:"-"`                // sheets that spreadsheets do not show; Choice finds them by name
}

// Encodings are those that text may have, as Choice names them.
func Encodings() []string { return []string{"utf-8", "gb18030", "utf-16le", "utf-16be"} }

// File is where a table's bytes are.
type File struct {
	Name string
	Size int64
	At   io.ReaderAt
}

// Kind is what the cells of a column are.
type Kind uint8

const (
	Text    Kind = iota // ids and phone numbers too
	Exact               // decimal text, of the column's scale
	Day                 // 2026-03-31
	Instant             // 2026-03-31T08:30:00, of no zone
	Bool                // written in the reader's words
)

// Column is a column of a table that is written.
type Column struct {
	Name  string
	Kind  Kind
	Scale int // of Exact
	Width int // in characters; 0: as the name
	// Of a column that people fill in a workbook:
	Note  string   // what is said of it, beside its name
	Among []string // what its cells are chosen from; none: they are written
	Open  bool     // whether a cell may say something else too, such as several of these
}

// Cell is one cell that is written.
type Cell struct {
	Text string // "" is empty
	Kind Kind   // where it is not the column's: see Column
	Own  bool   // Kind holds, not the column's
	Fill bool   // shown as one to look at
	Note string // what is said of it
}

// Book writes tables into a file. Close ends it; without it the file is of no use.
type Book interface {
	// Sheet begins a table. Its columns stand in the first row, which stays in sight. A file of text has one.
	Sheet(name string, columns []Column) (Sheet, error)
	// Aside adds a table that spreadsheets do not show, see Look.Aside. A file of text has none.
	Aside(name string, rows [][]string) error
	// Close writes what is left.
	Close() error
	// Abandon lets everything go that was not written.
	Abandon()
}

// Sheet takes the rows of a table.
type Sheet interface {
	// Name is what the file calls the table, which may not allow the name that was asked for.
	Name() string
	Write(cells []Cell) error
}

// Files reads and writes files of tables.
type Files interface {
	// Open reads a table. Faults: Unsupported "import.format" for what is neither text nor a workbook,
	// Malformed "import.…", NotFound "import.sheetUnknown", TooLarge "import.bomb".
	Open(ctx context.Context, f File, choice Choice) (Reader, Look, error)
	// Create begins a file of a format that goes to w.
	Create(format Format, w io.Writer) (Book, error)
}
