// Package sheet reads files of tables for packages that know what their columns are. It knows CSV; of what
// the cells mean it knows nothing.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
)

// maxFile bounds a file that is opened by its path, in bytes.
const maxFile = 256 << 20

// Open reads a CSV file in UTF-8, with or without a byte order mark. Faults: NotFound "file.notFound",
// Malformed "import.…", TooLarge "file.tooLarge".
func Open(path string) (*intake.Sheet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file.notFound").At(path).Because(err)
	}
	s, err := Read(filepath.Base(path), file, maxFile)
	return s, errors.Join(err, file.Close())
}

// Read reads CSV of at most so many bytes, as Open does.
func Read(name string, r io.Reader, most int64) (*intake.Sheet, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").At(name).Because(err)
	}
	if int64(len(data)) > most {
		return nil, fault.New(fault.TooLarge, "import.tooLarge").At(name).With("megabytes", most>>20)
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
	s := &intake.Sheet{Name: name, Header: map[string]int{}, Rows: all[1:]}
	for place, column := range all[0] {
		if _, twice := s.Header[column]; twice {
			return nil, fault.New(fault.Malformed, "import.columnDuplicate").At(name).With("column", column)
		}
		s.Header[column] = place
	}
	return s, nil
}
