package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// sheet is a CSV file with a header row.
type sheet struct {
	reader *csv.Reader
	header map[string]int
	row    int
}

// maxImport bounds a file, in bytes.
const maxImport = 256 << 20

func readSheet(r io.Reader) (*sheet, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxImport))
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").Because(err)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, fault.New(fault.Malformed, "import.encoding")
	}
	s := &sheet{reader: csv.NewReader(bytes.NewReader(data)), header: map[string]int{}}
	names, err := s.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Malformed, "import.header")
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").Because(err)
	}
	for place, name := range names {
		if _, twice := s.header[name]; twice {
			return nil, fault.New(fault.Malformed, "import.columnDuplicate").With("column", name)
		}
		s.header[name] = place
	}
	return s, nil
}

// next returns the next row as cells by column, nil at the end.
func (s *sheet) next() (map[string]string, error) {
	cells, err := s.reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Malformed, "import.malformed").Because(err)
	}
	s.row++
	out := make(map[string]string, len(s.header))
	for name, place := range s.header {
		out[name] = cells[place]
	}
	return out, nil
}

func (s *sheet) has(column string) error {
	if _, ok := s.header[column]; !ok {
		return fault.New(fault.NotFound, "import.column").With("column", column)
	}
	return nil
}

// run imports a file and returns how many records it made.
func (i *importer) run(ctx context.Context, file io.Reader) (int, error) {
	sheet, err := readSheet(file)
	if err != nil {
		return 0, err
	}
	rows, err := i.readRows(ctx)
	if err != nil {
		return 0, err
	}
	made := 0
	var chunk []waiting
	flush := func() error {
		n, err := i.write(ctx, chunk)
		made += n
		chunk = chunk[:0]
		return err
	}
	for {
		cells, err := sheet.next()
		if err != nil {
			return made, err
		}
		if cells == nil {
			return made, flush()
		}
		values, err := i.valuesOf(ctx, sheet, cells, "")
		if err != nil {
			i.refused = append(i.refused, refusal{sheet.row, err})
			continue
		}
		if i.rows.table != "" {
			values[i.rows.table] = rows[cells[i.rows.key]]
		}
		chunk = append(chunk, waiting{sheet.row, record.Operation{Op: "create", Values: values}})
		if len(chunk) == i.chunk {
			if err := flush(); err != nil {
				return made, err
			}
		}
	}
}

// readRows reads the second file, by the common column.
func (i *importer) readRows(ctx context.Context) (map[string][]any, error) {
	if i.rows.path == "" {
		return nil, nil
	}
	file, err := os.Open(i.rows.path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file.notFound").At(i.rows.path).Because(err)
	}
	out, err := i.rowsOf(ctx, file)
	return out, errors.Join(err, file.Close())
}

func (i *importer) rowsOf(ctx context.Context, file io.Reader) (map[string][]any, error) {
	sheet, err := readSheet(file)
	if err == nil {
		err = sheet.has(i.rows.key)
	}
	if err != nil {
		return nil, err
	}
	out := map[string][]any{}
	for {
		cells, err := sheet.next()
		if err != nil || cells == nil {
			return out, err
		}
		values, err := i.valuesOf(ctx, sheet, cells, i.rows.table+".")
		if err != nil {
			i.refused = append(i.refused, refusal{sheet.row, err})
			continue
		}
		out[cells[i.rows.key]] = append(out[cells[i.rows.key]], values)
	}
}

// valuesOf makes the values of one record, or with a prefix of one row of a table.
func (i *importer) valuesOf(ctx context.Context, sheet *sheet, cells map[string]string, prefix string) (map[string]any, error) {
	out := map[string]any{}
	inTable := i.rows.table + "."
	for _, m := range i.columns {
		isRow := i.rows.table != "" && strings.HasPrefix(m.right, inTable)
		if isRow != (prefix != "") {
			continue
		}
		if err := sheet.has(m.left); err != nil {
			return nil, err
		}
		v, err := i.cell(ctx, m.right, cells[m.left])
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[strings.TrimPrefix(m.right, prefix)] = v
		}
	}
	if prefix != "" {
		return out, nil
	}
	for _, f := range i.fixed {
		out[f.left] = f.right
	}
	return out, nil
}

// cell turns a cell into a value for the field; nil for an empty one.
func (i *importer) cell(ctx context.Context, field, text string) (any, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	if meant, ok := i.values.get(field + "." + text); ok {
		text = meant
	}
	if decimals, ok := i.rounded.get(field); ok {
		return roundHalfUp(text, decimals)
	}
	if target, ok := i.refs.get(field); ok {
		return i.reference(ctx, field, target, text)
	}
	if slices.Contains(i.users, field) {
		user, known := i.tenant.People.Org().UserByName(text)
		if !known {
			return nil, fault.Issues{{Path: "/values/" + field, Code: "field.member"}}.Fault("import", "record.invalid")
		}
		return string(user.ID), nil
	}
	return text, nil
}

// roundHalfUp rounds a decimal text exactly; halves go away from zero.
func roundHalfUp(text, decimals string) (any, error) {
	places, err := strconv.Atoi(decimals)
	number, ok := new(big.Rat).SetString(text)
	if err != nil || !ok || places < 0 || places > 6 || len(text) > 40 || strings.ContainsAny(text, "eE/") {
		return nil, fault.Issues{{Code: "field.number"}}.Fault("import", "record.invalid")
	}
	return number.FloatString(places), nil
}

// reference finds the one record that a cell names.
func (i *importer) reference(ctx context.Context, field, target, text string) (any, error) {
	form, by, _ := strings.Cut(target, ".")
	key := target + "\x00" + text
	if id, known := i.found[key]; known {
		return string(id), nil
	}
	page, err := i.tenant.Engine.Records.List(ctx, i.actor, record.ListRequest{
		Form: value.FormKey(form), Limit: 2, Filter: map[string]any{"field": by, "op": "eq", "value": text},
	})
	if err != nil {
		return nil, err
	}
	if len(page.Records) != 1 {
		return nil, fault.Issues{{Path: "/values/" + field, Code: "field.reference"}}.Fault("import", "record.invalid")
	}
	i.found[key] = page.Records[0].ID
	return string(page.Records[0].ID), nil
}
