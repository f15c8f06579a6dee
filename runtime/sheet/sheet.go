// Package sheet reads and writes files of tables: text with delimiters (CSV) and workbooks (XLSX). It streams:
// what it holds in memory does not grow with the rows. Of what the cells mean it knows nothing.
//
// Workbooks are written by excelize. They are read by this package itself: excelize's streaming reader gives
// texts alone, neither a cell's type and format nor that a formula has no value or that cells are merged, and
// it unpacks the whole archive first, into memory or into the system's folder for temporary files.
package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
)

// Files is the way in and out; it implements grid.Files.
type Files struct{}

var zipHead = []byte("PK\x03\x04")

// oldHead begins files of Excel before 2007, and workbooks with a password.
var oldHead = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// Open reads a table, see grid.Files.
func (Files) Open(ctx context.Context, f grid.File, choice grid.Choice) (grid.Reader, grid.Look, error) {
	head := make([]byte, 8)
	n, err := f.At.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, grid.Look{}, unreadable(err)
	}
	head = head[:n]
	switch {
	case n == 0:
		return nil, grid.Look{}, fault.New(fault.Malformed, "import.empty").In("sheet.open")
	case bytes.HasPrefix(head, zipHead):
		return openWorkbook(ctx, f, choice)
	case bytes.HasPrefix(head, oldHead):
		return nil, grid.Look{}, fault.New(fault.Unsupported, "import.oldWorkbook").In("sheet.open")
	}
	return openText(ctx, f, choice)
}

// unreadable is a fault of reading bytes: the store's own, or else the file's.
func unreadable(err error) error {
	var f *fault.Error
	if errors.As(err, &f) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.New(fault.Malformed, "import.malformed").In("sheet.read").Because(err)
}

// says tells whether any cell of a row holds more than blanks.
func says(cells []string) bool {
	for _, cell := range cells {
		for _, c := range cell {
			if c != ' ' && c != '\t' && c != '\u00a0' && c != '\u3000' {
				return true
			}
		}
	}
	return false
}

// until ends reading with the context.
type until struct {
	ctx  context.Context
	from io.Reader
}

func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.from.Read(p)
}
