package intake

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Draft is what a row becomes.
type Draft struct {
	Row    grid.Row
	Change record.Change
	Flaws  []Flaw // why it becomes nothing
	// Waits is a row of the same file whose record must be there before this one's; 0 for none.
	Waits int
	lines [][]grid.Row // by table: the rows behind those of the change, in its order
}

// Flaw is something wrong with a row, at a cell where it is of one.
type Flaw struct {
	Table  int    `json:"t,omitempty"` // 1 and up: of the plan's tables; 0: the records' own
	Row    int    `json:"r,omitempty"` // in a table of rows
	Column int    `json:"c"`           // its place; -1 where it is of no cell
	Name   string `json:"n,omitempty"` // the column's
	Text   string `json:"x,omitempty"` // the cell's, cut where it is long
	fault.Issue
}

// maxQuoted bounds what is quoted of a cell, in characters.
const maxQuoted = 60

func quoted(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		return string(runes[:maxQuoted]) + "…"
	}
	return text
}

// File is what must be known of the whole file to understand a row of it.
type File interface {
	// Rows are the rows of one of the plan's tables (0 and up) that belong to a key.
	Rows(table int, key string) []grid.Row
	// First is the first row with a key, as Intake.KeyOf says it.
	First(key string) int
	// Saying is the row whose column for a field says a text, for references within the file; 0 for none.
	Saying(field value.FieldKey, text string) int
	// Dealt tells whether a row is dealt with.
	Dealt(row int) bool
}

// KeyOf is what tells a row from the others of its file by the plan's key; "" where it has none.
func (i *Intake) KeyOf(row grid.Row) string {
	if row.Wrong != nil || len(i.keys) == 0 {
		return ""
	}
	var b strings.Builder
	for _, c := range i.keys {
		cell, mark := c.cell(row)
		if isBlank(cell) {
			return ""
		}
		b.WriteString(c.plainKey(cell, mark))
		b.WriteByte(0)
	}
	return b.String()
}

// plainKey makes what is written differently and means the same alike.
func (c *column) plainKey(cell string, mark grid.Mark) string {
	cell = strings.TrimSpace(cell)
	if c.refer != nil || c.field == nil {
		return cell
	}
	v, issue := c.value(cell, mark)
	if issue != nil {
		return cell
	}
	stored, issues := c.field.Kind.Decode(c.field.As, v)
	if len(issues) > 0 {
		return cell
	}
	return fmt.Sprint(stored)
}

// Within are the fields by which rows refer to others of the same file, with the places of their columns.
func (i *Intake) Within() map[value.FieldKey]int {
	out := map[value.FieldKey]int{}
	for _, c := range i.columns {
		if c.refer == nil || c.refer.form != i.Form {
			continue
		}
		for _, named := range i.columns {
			if named.Field == c.By && named.place >= 0 {
				out[c.refer.by] = named.place
			}
		}
	}
	return out
}

// ToOf is the place of the column of the records that a table of rows is joined to.
func (i *Intake) ToOf(table int) int { return i.tables[table].to }

// cell is what a row says for a column.
func (c *column) cell(row grid.Row) (string, grid.Mark) {
	if c.place < 0 {
		return c.Text, 0
	}
	return row.Cell(c.place), row.Marks[c.place]
}

// Batch makes changes of rows, with everything that they refer to asked for together. The error is no row's.
func (i *Intake) Batch(ctx context.Context, rows []grid.Row, file File) ([]Draft, error) {
	drafts := make([]Draft, len(rows))
	for n, row := range rows {
		d := &drafts[n]
		d.Row = row
		if row.Wrong != nil {
			d.refuse(fault.Issue{Code: row.Wrong.Code, Args: row.Wrong.Args})
			continue
		}
		if issue := i.main.fits(row); issue != nil {
			d.refuse(*issue)
		}
		if key := i.KeyOf(row); key != "" {
			if first := file.First(key); first != row.Number {
				d.refuse(fault.Issue{Code: "import.keyTwice", Args: fault.Args{"row": first}})
			}
		}
		d.lines = make([][]grid.Row, len(i.tables))
		for t, table := range i.tables {
			key := strings.TrimSpace(row.Cell(table.to))
			if key == "" && table.Flat {
				d.Flaws = append(d.Flaws, Flaw{Column: table.to, Issue: fault.Issue{Code: "field.required"}})
				continue
			}
			d.lines[t] = file.Rows(t, key)
			i.agree(d, t)
		}
	}
	if err := i.lookUp(ctx, drafts); err != nil {
		return nil, err
	}
	found, err := i.find(ctx, drafts)
	if err != nil {
		return nil, err
	}
	for n := range drafts {
		if d := &drafts[n]; d.Row.Wrong == nil {
			i.draft(d, found[n], file)
		}
	}
	return drafts, nil
}

func (d *Draft) refuse(issue fault.Issue) { d.Flaws = append(d.Flaws, Flaw{Column: -1, Issue: issue}) }

// lookUp finds all that the cells refer to.
func (i *Intake) lookUp(ctx context.Context, drafts []Draft) error {
	for _, d := range drafts {
		for _, c := range i.columns {
			cell, _ := c.cell(d.Row)
			c.want(cell)
		}
		for t, rows := range d.lines {
			for _, row := range rows {
				for _, c := range i.tables[t].columns {
					cell, _ := c.cell(row)
					c.want(cell)
				}
			}
		}
	}
	for _, c := range i.columns {
		if err := c.refer.look(ctx, i); err != nil {
			return err
		}
	}
	for _, t := range i.tables {
		for _, c := range t.columns {
			if err := c.refer.look(ctx, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// find finds the records that the rows are about, each under its draft's number.
func (i *Intake) find(ctx context.Context, drafts []Draft) (map[int]record.Found, error) {
	out := map[int]record.Found{}
	if i.Mode == Create {
		return out, nil
	}
	sought := record.Sought{Form: i.Form, By: i.Key}
	if i.whole {
		sought.Want = i.wanted()
	}
	var places []int
	for n, d := range drafts {
		if len(d.Flaws) > 0 {
			continue
		}
		key := make([]any, 0, len(i.keys))
		for _, c := range i.keys {
			cell, mark := c.cell(d.Row)
			if v, issue := c.value(cell, mark); issue == nil && v != nil {
				key = append(key, v)
			}
		}
		if len(key) == len(i.keys) {
			sought.Keys = append(sought.Keys, key)
			places = append(places, n)
		}
	}
	found, err := i.records.Find(ctx, i.actor, sought)
	for n, one := range found {
		out[places[n]] = one
	}
	return out, err
}

// wanted are the fields whose stored values a change of a record builds on.
func (i *Intake) wanted() (out []value.FieldKey) {
	for _, t := range i.tables {
		out = append(out, t.Field)
	}
	for _, c := range i.columns {
		if c.part != "" {
			out = append(out, c.field.Key)
		}
	}
	return out
}

// draft makes the change of a row.
func (i *Intake) draft(d *Draft, found record.Found, file File) {
	values := make(map[string]any, len(i.columns))
	for _, c := range i.columns {
		cell, mark := c.cell(d.Row)
		v, issue := c.value(cell, mark)
		if issue != nil {
			if row := i.waitsFor(c, cell, d.Row, file); row > 0 {
				d.Waits = row
			}
			d.Flaws = append(d.Flaws, Flaw{Column: c.place, Text: quoted(cell), Issue: *issue})
			continue
		}
		if c.field != nil {
			c.put(values, v, found)
		}
	}
	d.Change = record.Change{Op: record.OpCreate, Values: values, Pool: i.Pool, Also: i.AlsoIn}
	if i.Mode != Create {
		i.aim(d, found)
	}
	for t, table := range i.tables {
		if rows := table.rows(d, t, found); len(rows) > 0 {
			values[string(table.Field)] = rows
		}
	}
	if i.Clear && d.Change.Op == record.OpUpdate {
		for _, c := range i.columns {
			if _, said := values[c.key]; !said && c.field != nil && !isKey(i.Key, c.key) {
				values[c.key] = nil
			}
		}
	}
}

func isKey(keys []value.FieldKey, name string) bool {
	for _, key := range keys {
		if string(key) == name {
			return true
		}
	}
	return false
}

// aim says which record a row is about.
func (i *Intake) aim(d *Draft, found record.Found) {
	switch {
	case found.Many:
		d.refuse(fault.Issue{Code: "import.ambiguous"})
	case found.ID != "":
		d.Change.Op, d.Change.ID, d.Change.Pool, d.Change.Also = record.OpUpdate, found.ID, "", nil
	case i.Mode == Update:
		d.Flaws = append(d.Flaws, Flaw{Column: i.keys[0].place, Text: quoted(d.Row.Cell(i.keys[0].place)), Issue: fault.Issue{Code: "import.noRecord"}})
	case i.keys[0].field == nil:
		// Ids are given by the system: an unknown one is no record's to be.
		if cell, _ := i.keys[0].cell(d.Row); !isBlank(cell) {
			d.Flaws = append(d.Flaws, Flaw{Column: i.keys[0].place, Text: quoted(d.Row.Cell(i.keys[0].place)), Issue: fault.Issue{Code: "import.noRecord"}})
		}
	}
}

// put sets a value, or a part of an address beside the parts that the record has.
func (c *column) put(values map[string]any, v any, found record.Found) {
	if v == nil {
		return
	}
	if c.part == "" {
		values[c.key] = v
		return
	}
	parts, ok := values[c.key].(map[string]any)
	if !ok {
		parts = map[string]any{}
		before, _ := found.Values[c.key].(value.Doc)
		for part, text := range before {
			parts[part] = text
		}
		values[c.key] = parts
	}
	parts[c.part] = v
}

// waitsFor is the row of the same file that a reference means and that is not dealt with yet; 0 for none.
func (i *Intake) waitsFor(c *column, cell string, row grid.Row, file File) int {
	if c.refer == nil || c.refer.form != i.Form {
		return 0
	}
	for _, part := range c.parts(cell) {
		if meant, ok := c.Values[part]; ok {
			part = meant
		}
		if c.refer.found[part].id != "" {
			continue
		}
		if at := file.Saying(c.refer.by, part); at > 0 && at != row.Number && !file.Dealt(at) {
			return at
		}
	}
	return 0
}

// Made remembers the record of a row, for the rows that refer to it.
func (i *Intake) Made(d Draft, id value.ID) {
	for _, c := range i.columns {
		if c.refer == nil || c.refer.form != i.Form {
			continue
		}
		for _, named := range i.columns {
			if named.Field == c.By {
				cell, _ := named.cell(d.Row)
				c.refer.found[strings.TrimSpace(cell)] = hit{id: id}
			}
		}
	}
}

// FlawsOf says at which cells what the engine refuses a draft for stands.
func (i *Intake) FlawsOf(d Draft, err error) []Flaw {
	var f *fault.Error
	if !errors.As(err, &f) {
		return []Flaw{{Column: -1, Issue: fault.Issue{Code: "internal"}}}
	}
	if len(f.Issues) == 0 {
		return []Flaw{{Column: -1, Issue: fault.Issue{Code: f.Code, Args: f.Args}}}
	}
	out := make([]Flaw, len(f.Issues))
	for n, issue := range f.Issues {
		out[n] = i.flawOf(d, issue)
	}
	return out
}

func (i *Intake) flawOf(d Draft, issue fault.Issue) Flaw {
	out := Flaw{Column: -1, Issue: issue}
	key, rest, _ := strings.Cut(strings.TrimPrefix(issue.Path, "/values/"), "/")
	for t, table := range i.tables {
		if key != string(table.Field) || rest == "" {
			continue
		}
		number, inRow, _ := strings.Cut(rest, "/")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(d.lines[t]) {
			return out
		}
		out.Table, out.Row = t+1, d.lines[t][n].Number
		out.Column = placeOf(table.columns, inRow)
		out.Text = quoted(d.lines[t][n].Cell(out.Column))
		return out
	}
	out.Column = placeOf(i.columns, key)
	if out.Text = quoted(d.Row.Cell(out.Column)); out.Column < 0 {
		// It is of a field that no column fills: people must hear which.
		if one, ok := i.form.Field(value.FieldKey(key)); ok {
			out.Issue.Path = one.Def.Label.In(i.actor.Locale)
		}
	}
	return out
}

func placeOf(columns []*column, path string) int {
	key, _, _ := strings.Cut(path, "/")
	for _, c := range columns {
		if c.key == key {
			return c.place
		}
	}
	return -1
}
