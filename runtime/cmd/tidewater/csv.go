package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"tidewater/engine/fault"
)

// maxImport bounds a file, in bytes.
const maxImport = 256 << 20

// sheet is a CSV file with a header row, read as a whole: a file that breaks off in the middle is found out
// before anything is written.
type sheet struct {
	name   string // the file's, without its folders
	header map[string]int
	rows   [][]string
}

// numberOf returns the number that spreadsheets give to a row: the header is row 1.
func numberOf(place int) int { return place + 2 }

// openSheet reads a CSV file in UTF-8, with or without a byte order mark. Faults: NotFound "file.notFound",
// Malformed "import.…", TooLarge "file.tooLarge".
func openSheet(path string) (*sheet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file.notFound").At(path).Because(err)
	}
	s, err := readSheet(filepath.Base(path), file)
	return s, errors.Join(err, file.Close())
}

func readSheet(name string, r io.Reader) (*sheet, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxImport+1))
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").At(name).Because(err)
	}
	if len(data) > maxImport {
		return nil, fault.New(fault.TooLarge, "import.tooLarge").At(name).With("megabytes", maxImport>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Malformed, "import.encoding").At(name)
	}
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	var at *csv.ParseError
	if errors.As(err, &at) {
		return nil, fault.New(fault.Malformed, "import.line").At(name).With("line", at.Line).Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").At(name).Because(err)
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Malformed, "import.header").At(name)
	}
	s := &sheet{name: name, header: map[string]int{}, rows: all[1:]}
	for place, column := range all[0] {
		if _, twice := s.header[column]; twice {
			return nil, fault.New(fault.Malformed, "import.columnDuplicate").At(name).With("column", column)
		}
		s.header[column] = place
	}
	return s, nil
}

// cell returns what a row, counted from 0, says in a column; empty where there is no such column.
func (s *sheet) cell(row int, column string) string {
	place, ok := s.header[column]
	if !ok {
		return ""
	}
	return s.rows[row][place]
}

// has answers a fault unless the sheet has the column.
func (s *sheet) has(column string) error {
	if _, ok := s.header[column]; !ok {
		return fault.New(fault.NotFound, "import.columnMissing").At(s.name).With("column", column)
	}
	return nil
}
