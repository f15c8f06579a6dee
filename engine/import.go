package engine

import (
	"context"
	"errors"
	"io"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/value"
)

// ImportRequest asks for records of the rows of a file that was brought before.
type ImportRequest struct {
	File value.ID `json:"file"`
	grid.Choice
	Plan   intake.Plan `json:"plan"`
	DryRun bool        `json:"dryRun,omitempty"` // say what would happen, and do nothing
	Report grid.Format `json:"report,omitempty"` // of the file of refused rows; "" is a workbook
}

// Look is a file as an import sees it.
type Look struct {
	grid.Look
	Header  int           `json:"header"` // the row of the columns' names
	Columns []intake.Seen `json:"columns"`
	// Twice are names of columns that stand more than once in the file; the second is told apart by a number.
	Twice []string `json:"twice,omitempty"`
	// Marks are counts of cells among the first rows that are not what they seem: "lost", "broken", "uncomputed".
	Marks map[string]int `json:"marks,omitempty"`
	// Request is an import as the guesses have it, to be looked at and sent.
	Request ImportRequest `json:"request"`
}

// lookRows is how many rows of a file are looked at.
const lookRows = 200

// Look tells what there is to know of a file before it is imported into a form. Faults: those of reading it,
// NotFound "form.unknown", "file.notFound".
func (e *Engine) Look(ctx context.Context, actor value.Actor, key value.FormKey, file value.ID, choice grid.Choice) (_ *Look, err error) {
	const op = "engine.look"
	form, err := e.Records.FormOf(actor, key)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	first, err := e.first(ctx, actor, file, choice)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	told, err := e.told(ctx, actor, form, file, first.look)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	out := &Look{Look: first.look, Header: first.header.Row, Twice: first.header.Twice, Marks: marksOf(first.rows)}
	main := told.Sheets[first.look.Sheet]
	if out.Columns, err = intake.Guess(ctx, e.Records, actor, form, nil, first.header, first.rows, main.Columns); err != nil {
		return nil, fault.Wrap(op, err)
	}
	out.Request = ImportRequest{File: file, Choice: choice, Plan: intake.Suggest(form, out.Columns)}
	if main.Columns != nil {
		out.Request.Plan.ForNew() // as it was made
	}
	for _, name := range first.look.Sheets {
		table := intake.TableNamed(form, name)
		if one, ok := form.Field(told.Sheets[name].Table); ok && one.As.Kind == field.Table {
			table = one
		}
		if table == nil || name == first.look.Sheet {
			continue
		}
		rows, err := e.first(ctx, actor, file, grid.Choice{Sheet: name})
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		seen, err := intake.Guess(ctx, e.Records, actor, form, table, rows.header, rows.rows, told.Sheets[name].Columns)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		if t, ok := intake.SuggestTable(table, name, first.header, rows.header, seen); ok && len(rows.rows) > 0 {
			out.Request.Plan.Tables = append(out.Request.Plan.Tables, t)
		}
	}
	out.Request.Plan.Settle()
	return out, nil
}

// told is what a workbook that was made for this form to be filled says of its columns.
func (e *Engine) told(ctx context.Context, actor value.Actor, form *catalog.Form, file value.ID, look grid.Look) (_ intake.Told, err error) {
	var none intake.Told
	if !slices.Contains(look.Aside, intake.ToldSheet) {
		return none, nil
	}
	reader, _, err := e.table(ctx, actor, file, grid.Choice{Sheet: intake.ToldSheet})
	if err != nil {
		return none, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	var rows []grid.Row
	for len(rows) < toldRows {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return none, err
		}
		rows = append(rows, row)
	}
	if told := intake.ToldBy(rows); told.Form == form.Key {
		return told, nil
	}
	return none, nil
}

// toldRows bounds what a file may say of itself.
const toldRows = 2_000

var markNames = map[grid.Mark]string{grid.Lost: "lost", grid.Broken: "broken", grid.Uncomputed: "uncomputed"}

func marksOf(rows []grid.Row) map[string]int {
	out := map[string]int{}
	for _, row := range rows {
		for _, mark := range row.Marks {
			if name, told := markNames[mark]; told {
				out[name]++
			}
		}
	}
	return out
}

// beginning is a table's header and its first rows.
type beginning struct {
	look   grid.Look
	header *intake.Header
	rows   []grid.Row
}

func (e *Engine) first(ctx context.Context, actor value.Actor, file value.ID, choice grid.Choice) (_ *beginning, err error) {
	reader, look, err := e.table(ctx, actor, file, choice)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	var rows []grid.Row
	for len(rows) < lookRows {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	at := headerAt(rows, choice)
	if at < 0 {
		return nil, fault.New(fault.Malformed, "import.header")
	}
	return &beginning{look, intake.HeaderOf(rows[at]), rows[at+1:]}, nil
}

// headerAt is the place of the row with the columns' names; -1 for none.
func headerAt(rows []grid.Row, choice grid.Choice) int {
	if choice.Header == 0 {
		if at := intake.HeaderRow(rows); at < len(rows) && rows[at].Wrong == nil {
			return at
		}
		return -1
	}
	for at, row := range rows {
		if row.Number == choice.Header && row.Wrong == nil {
			return at
		}
	}
	return -1
}

// Sheets reads and writes files of tables.
func (e *Engine) Sheets() grid.Files { return e.config.Sheets }

// Table opens a table of an uploaded file that the actor may read. Faults: those of grid.Files.Open, NotFound
// "file.notFound".
func (e *Engine) Table(ctx context.Context, actor value.Actor, file value.ID, choice grid.Choice) (grid.Reader, grid.Look, error) {
	return e.table(ctx, actor, file, choice)
}

// table opens a table of a file that the actor may read.
func (e *Engine) table(ctx context.Context, actor value.Actor, file value.ID, choice grid.Choice) (grid.Reader, grid.Look, error) {
	f, err := e.Records.File(ctx, actor, file)
	if err != nil {
		return nil, grid.Look{}, err
	}
	return e.config.Sheets.Open(ctx, e.gridFile(ctx, f), choice)
}

// Import makes and changes records of a file's rows by a job, with the rights that the asker has at each batch.
// Faults: those of reading the file and of intake.Open; Forbidden "record.mayNotCreate".
func (e *Engine) Import(ctx context.Context, actor value.Actor, req ImportRequest, once *job.Once) (*job.Job, error) {
	const op = "engine.import"
	if req.Report != "" && req.Report != grid.CSV && req.Report != grid.XLSX {
		return nil, fault.New(fault.Invalid, "import.format").In(op)
	}
	if req.Plan.Mode != intake.Update {
		if err := e.Records.MayCreate(actor, req.Plan.Form); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	main, err := e.first(ctx, actor, req.File, req.Choice)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	// What was found out once is not to turn out otherwise when it is read again.
	req.Choice = grid.Choice{Sheet: main.look.Sheet, Encoding: main.look.Encoding, Delimiter: main.look.Delimiter, Header: main.header.Row}
	tables := make([]*intake.Header, len(req.Plan.Tables))
	for n := range req.Plan.Tables {
		t := &req.Plan.Tables[n]
		if t.File == "" {
			t.File = req.File
		}
		begin, err := e.first(ctx, actor, t.File, t.Choice)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		t.Header, t.Encoding, t.Delimiter, t.Sheet = begin.header.Row, begin.look.Encoding, begin.look.Delimiter, begin.look.Sheet
		tables[n] = begin.header
		if t.Flat = t.File == req.File && t.Sheet == req.Sheet; t.Flat {
			t.Choice, tables[n] = req.Choice, main.header
		}
	}
	cells, err := intake.Open(e.Records, actor, req.Plan, main.header, tables, &intake.Memory{})
	if err == nil {
		err = cells.CheckFinding(ctx)
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	j, err := e.Jobs.Add(ctx, job.New{Kind: importing{}.Name(), Actor: actor, Args: req, Once: once})
	return &j, fault.Wrap(op, err)
}
