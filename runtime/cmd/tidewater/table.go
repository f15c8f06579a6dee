package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/runtime/sheet"
)

// pairs are flags of the form left=right, which may be given many times.
type pairs []pair

type pair struct{ left, right string }

func (p *pairs) String() string { return fmt.Sprint(*p) }

// Set takes one left=right.
func (p *pairs) Set(text string) error {
	left, right, ok := strings.Cut(text, "=")
	if !ok || left == "" || right == "" {
		return fmt.Errorf("%q is not of the form left=right", text)
	}
	*p = append(*p, pair{left, right})
	return nil
}

// get returns the right of a left.
func (p pairs) get(left string) (string, bool) {
	for _, one := range p {
		if one.left == left {
			return one.right, true
		}
	}
	return "", false
}

// table is a small file of a table, read whole.
type table struct {
	name   string
	header *intake.Header
	rows   []grid.Row
}

func openTable(ctx context.Context, path string) (_ *table, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file.notFound").At(path).Because(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	reader, _, err := sheet.Files{}.Open(ctx, grid.File{Name: filepath.Base(path), Size: info.Size(), At: file}, grid.Choice{})
	if err != nil {
		return nil, err
	}
	t := &table{name: filepath.Base(path)}
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && row.Wrong != nil {
			err = row.Wrong
		}
		if err != nil {
			return nil, errors.Join(err, reader.Close())
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) == 0 {
		return nil, fault.New(fault.Malformed, "import.header").At(t.name)
	}
	at := intake.HeaderRow(t.rows)
	t.header, t.rows = intake.HeaderOf(t.rows[at]), t.rows[at+1:]
	return t, reader.Close()
}

// cell is what a row says in a column; empty where there is no such column.
func (t *table) cell(row int, column string) string {
	place, ok := t.header.Place(column)
	if !ok {
		return ""
	}
	return t.rows[row].Cell(place)
}
