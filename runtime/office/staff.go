package office

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// A workbook of staff has a sheet of people and one of units, either may be missing. Columns are known by their names in
// any language, see staffColumns; what a workbook does not have a column for stays as it is.
const (
	peopleSheet = "people"
	unitsSheet  = "units"
)

// staffColumn is a column of a sheet: its key, and the code of its name.
type staffColumn struct {
	key  string
	must bool // a sheet without it cannot be read
}

// staffColumns are the columns of each sheet, in the order of the workbook to be filled.
func staffColumns(sheet string) []staffColumn {
	if sheet == unitsSheet {
		return []staffColumn{{"unit", true}, {"parent", false}, {"manager", false}, {"deputies", false}, {"zone", false}}
	}
	return []staffColumn{
		{"phone", true}, {"name", true}, {"unit", false}, {"roles", false}, {"manager", false}, {"positions", false}, {"zones", false}, {"email", false},
	}
}

const (
	// maxStaff bounds the rows of each sheet: each new person costs a password.
	maxStaff = 1_000
	// maxIssues bounds what one answer tells of what is wrong.
	maxIssues = 500
)

// StaffIssue is what is wrong with a cell, or with a row or the whole where there is none.
type StaffIssue struct {
	Sheet  string // people or units; "" for the workbook
	Row    int    // as spreadsheets count; 0: the sheet
	Column string // a key of staffColumns; "": the row
	Text   string // what the cell says
	fault.Issue
}

// staffRow is a row of a sheet by the keys of its columns; a column that the sheet lacks is no key.
type staffRow struct {
	number int
	cells  map[string]string
}

// says is the text of a column, and whether the row says anything there.
func (r staffRow) says(column string) (string, bool) {
	said := r.cells[column]
	return said, said != ""
}

// staffBook is what a workbook says.
type staffBook struct {
	people, units []staffRow
	issues        []StaffIssue
}

func (b *staffBook) wrong(sheet string, row staffRow, column, code string, args ...any) {
	var issues fault.Issues
	issues.Add("", code, args...)
	b.issues = append(b.issues, StaffIssue{Sheet: sheet, Row: row.number, Column: column, Text: row.cells[column], Issue: issues[0]})
}

// names are what a thing of a workbook may be called: its name in each language.
func (o *Office) names(code string) []string {
	var out []string
	for _, name := range o.Texts.Label(code) {
		out = append(out, text.Fold(name))
	}
	return out
}

// readStaff reads an uploaded workbook. Faults: those of reading files.
func (o *Office) readStaff(ctx context.Context, file value.ID) (*staffBook, error) {
	reader, look, err := o.tenant.Engine.Table(ctx, o.actor, file, grid.Choice{})
	if err != nil {
		return nil, err
	}
	if err := reader.Close(); err != nil {
		return nil, err
	}
	book := &staffBook{}
	for _, sheet := range []string{unitsSheet, peopleSheet} {
		at := slices.IndexFunc(look.Sheets, func(name string) bool {
			return slices.Contains(o.names("staff.sheet."+sheet), text.Fold(strings.TrimSpace(name)))
		})
		if at < 0 {
			continue
		}
		rows, err := o.readSheet(ctx, book, file, sheet, look.Sheets[at])
		if err != nil {
			return nil, err
		}
		if sheet == unitsSheet {
			book.units = rows
		} else {
			book.people = rows
		}
	}
	if len(book.people)+len(book.units)+len(book.issues) == 0 {
		book.wrong("", staffRow{}, "", "staff.nothing")
	}
	return book, nil
}

func (o *Office) readSheet(ctx context.Context, book *staffBook, file value.ID, sheet, name string) (rows []staffRow, err error) {
	reader, _, err := o.tenant.Engine.Table(ctx, o.actor, file, grid.Choice{Sheet: name})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	header, err := reader.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	columns := o.staffHeader(book, sheet, header)
	if columns == nil {
		return nil, nil
	}
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		one := staffRow{number: row.Number, cells: map[string]string{}}
		if row.Wrong != nil {
			book.wrong(sheet, one, "", row.Wrong.Code)
			continue
		}
		if len(rows) == maxStaff {
			book.wrong(sheet, one, "", "staff.tooMany", "max", maxStaff)
			return rows, nil
		}
		for place, key := range columns {
			if mark := row.Marks[place]; mark == grid.Lost || mark == grid.Broken || mark == grid.Uncomputed {
				one.cells[key] = row.Cell(place)
				book.wrong(sheet, one, key, "staff.cell")
			}
			one.cells[key] = strings.TrimSpace(row.Cell(place))
		}
		rows = append(rows, one)
	}
}

// staffHeader tells which place is which column; nil where the sheet cannot be read.
func (o *Office) staffHeader(book *staffBook, sheet string, header grid.Row) map[int]string {
	out, found := map[int]string{}, map[string]bool{}
	for _, column := range staffColumns(sheet) {
		names := o.names("staff.column." + sheet + "." + column.key)
		for place, cell := range header.Cells {
			if !slices.Contains(names, text.Fold(strings.TrimSpace(cell))) || found[column.key] {
				continue
			}
			out[place], found[column.key] = column.key, true
		}
		if column.must && !found[column.key] {
			book.wrong(sheet, staffRow{number: header.Number}, column.key, "staff.columnMissing")
			out = nil
			break
		}
	}
	return out
}

// StaffTemplate writes a workbook to be filled, with the names of columns in a language.
func (o *Office) StaffTemplate(locale string, to io.Writer) error {
	book, err := o.tenant.Engine.Sheets().Create(grid.XLSX, to)
	if err != nil {
		return fault.Wrap("office.staffTemplate", err)
	}
	for _, sheet := range []string{peopleSheet, unitsSheet} {
		var columns []grid.Column
		for _, c := range staffColumns(sheet) {
			code := "staff.column." + sheet + "." + c.key
			columns = append(columns, grid.Column{
				Name: o.Texts.Text(locale, code, nil), Width: 20, Note: o.Texts.Text(locale, "staff.note."+sheet+"."+c.key, nil),
			})
		}
		if _, err := book.Sheet(o.Texts.Text(locale, "staff.sheet."+sheet, nil), columns); err != nil {
			book.Abandon()
			return fault.Wrap("office.staffTemplate", err)
		}
	}
	return fault.Wrap("office.staffTemplate", book.Close())
}
