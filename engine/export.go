package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// ExportRequest asks for a file of what a list shows.
type ExportRequest struct {
	Form    value.FormKey    `json:"form"`
	View    string           `json:"view,omitempty"` // as lists have it, as the next three
	Filter  any              `json:"filter,omitempty"`
	Q       string           `json:"q,omitempty"`
	Sort    string           `json:"sort,omitempty"`
	Columns []value.FieldKey `json:"columns,omitempty"` // in this order; none: all that the asker sees
	Format  grid.Format      `json:"format,omitempty"`  // "" is a workbook
	// Whole adds what an import needs to find everything again: the ids of records, of what they refer to, and of
	// the rows of their tables.
	Whole bool `json:"whole,omitempty"`
	// Locale is the asker's language as they ask, which the job, later, would not know.
	Locale string `json:"locale,omitempty"`
}

// exportPage is how many records a batch writes.
const exportPage = 500

// Export writes a file of the records that the actor may export, as they see them, by a job; its result is the
// file, which only they may fetch. Faults: those of lists, Forbidden "record.mayNot", Invalid "import.format",
// "field.unknown".
func (e *Engine) Export(ctx context.Context, actor value.Actor, req ExportRequest, once *job.Once) (*job.Job, error) {
	const op = "engine.export"
	req.Locale = actor.Locale
	if req.Format == "" {
		req.Format = grid.XLSX
	}
	if req.Format != grid.CSV && req.Format != grid.XLSX {
		return nil, fault.New(fault.Invalid, "import.format").In(op)
	}
	first, err := e.Records.Export(ctx, actor, req.list(1, "exact"), "")
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if _, err := e.exportColumns(actor, req); err != nil {
		return nil, fault.Wrap(op, err)
	}
	j, err := e.Jobs.Add(ctx, job.New{Kind: exporting{}.Name(), Actor: actor, Args: req, Total: first.Count.Value, Once: once})
	return &j, fault.Wrap(op, err)
}

func (r ExportRequest) list(limit int, count string) record.ListRequest {
	return record.ListRequest{Form: r.Form, View: r.View, Filter: r.Filter, Q: r.Q, Sort: r.Sort, Limit: limit, Count: count}
}

// exporting is the work of an export.
type exporting struct{ *Engine }

func (exporting) Name() string { return "export" }

// Leave takes away what was written of a file that nobody waits for any more.
func (w exporting) Leave(id value.ID) error { return w.sheaves.drop(id) }

// sheaf is a file that is being written. It rests in memory between batches; when it is lost, it is begun anew.
type sheaf struct {
	made    *maker
	book    grid.Book
	main    grid.Sheet
	columns []outColumn
	tables  []outTable
	after   string
	rows    int64
	kept    bool
}

func (s *sheaf) close() error {
	if s.kept {
		return nil
	}
	s.book.Abandon()
	return s.made.drop()
}

// Step writes the next records.
func (w exporting) Step(ctx context.Context, run *job.Run) error {
	var req ExportRequest
	var none struct{}
	if err := run.From(&req, &none); err != nil {
		return err
	}
	s, there := w.sheaves.take(run.ID)
	again := int64(0)
	if !there {
		var err error
		if s, err = w.begin(ctx, run, req); err != nil {
			return err
		}
		again = run.Done // what was written before is lost, and written anew
	}
	if err := w.page(ctx, run, req, s, again); err != nil || s.kept {
		return errors.Join(err, s.close())
	}
	return w.sheaves.put(run.ID, s)
}

func (w exporting) page(ctx context.Context, run *job.Run, req ExportRequest, s *sheaf, again int64) error {
	page, err := w.Records.Export(ctx, run.Actor, req.list(min(exportPage, w.config.batch()), ""), s.after)
	if err != nil {
		return err
	}
	for _, r := range page.Records {
		if err := w.write(s, r, req.Locale); err != nil {
			return err
		}
	}
	s.rows += int64(len(page.Records))
	s.after = page.Next
	did := job.Did{Cursor: struct{}{}, Done: int64(len(page.Records)) - again}
	if page.Next != "" {
		return run.Commit(ctx, did)
	}
	return w.finish(ctx, run, req, s, did)
}

// finish makes the file whole, and keeps for the administrators who has taken how much.
func (w exporting) finish(ctx context.Context, run *job.Run, req ExportRequest, s *sheaf, did job.Did) error {
	s.made.ctx = ctx
	if err := s.book.Close(); err != nil {
		return err
	}
	f, err := s.made.keep(run.Actor)
	if err != nil {
		return err
	}
	s.kept = true
	did.Ended, did.Result = true, string(f.ID)
	did.Counts = map[string]int64{"exported": s.rows}
	id := w.config.NewID()
	entry := audit.Entry{
		At: run.Now, Actor: run.Actor.Key(), Op: audit.RecordsExported, Form: req.Form, Target: string(run.ID), Count: s.rows,
		Note: strconv.FormatInt(s.rows, 10) + " " + string(req.Format),
	}
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := audit.Write(ctx, tx, id, entry); err != nil {
			return err
		}
		if err := w.tallyTaken(ctx, tx, run.Actor, s.rows); err != nil {
			return err
		}
		return run.Advance(ctx, tx, did)
	})
}

func (w exporting) begin(ctx context.Context, run *job.Run, req ExportRequest) (*sheaf, error) {
	form, err := w.Records.FormOf(run.Actor, req.Form)
	if err != nil {
		return nil, err
	}
	columns, err := w.exportColumns(run.Actor, req)
	if err != nil {
		return nil, err
	}
	title := labelOf(form.Def.Label, req.Locale)
	name := title + "-" + run.Now.In(w.config.Zone).Format("20060102-1504") + "." + string(req.Format)
	// The file outlives the batch that begins it.
	s := &sheaf{made: w.maker(context.WithoutCancel(ctx), name, req.Format.MediaType())}
	if s.book, err = w.config.Sheets.Create(req.Format, s.made); err != nil {
		return nil, err
	}
	for _, c := range columns {
		if len(c.field.columns()) == 0 {
			s.columns = append(s.columns, c)
		}
	}
	if s.main, err = s.book.Sheet(title, gridColumns(s.columns)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	if req.Format == grid.CSV {
		return s, nil // text has one table
	}
	told := toldOf(form, s.main, "", s.columns)
	for _, c := range columns {
		if len(c.field.columns()) == 0 {
			continue
		}
		t := outTable{field: c.field.Field, columns: w.tableColumns(c.field.Field, form, req.Locale, req.Whole)}
		if t.sheet, err = s.book.Sheet(c.name, gridColumns(t.columns)); err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.tables = append(s.tables, t)
		told = append(told, toldOf(form, t.sheet, t.field.Key, t.columns)...)
	}
	if !req.Whole {
		return s, nil // it is not to be imported, but to be read
	}
	if err := s.book.Aside(intake.ToldSheet, told); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// toldOf tells an import which field each column of a sheet is, whatever it is called.
func toldOf(form *catalog.Form, sheet grid.Sheet, table value.FieldKey, columns []outColumn) [][]string {
	told := make([]intake.Column, len(columns))
	for n, c := range columns {
		told[n].Column = c.name
		switch {
		case c.field.Field == nil && (table == "" || n > 0):
			told[n].Field = string(value.SysID)
		case c.field.Field == nil, c.part == "" && c.field.Target() != "":
			continue // the first joins the rows to their records; a title beside an id is to be read
		case c.part == "id":
			told[n].Field, told[n].By = string(c.field.Key), c.part
		case c.part != "":
			told[n].Field = string(c.field.Key) + "." + c.part
		default:
			told[n].Field = string(c.field.Key)
		}
	}
	return intake.ToldTable{Table: table}.Rows(form.Key, sheet.Name(), told)
}

// outColumn is a column on its way out.
type outColumn struct {
	grid.Column
	name  string
	field outField
	part  string // of an address, or "id" of a reference
	whole bool   // it is to be imported again
}

// outField is a field, or with none the record's or the row's id.
type outField struct{ *catalog.Field }

func (f outField) columns() []*catalog.Field {
	if f.Field == nil {
		return nil
	}
	return f.Columns
}

// outTable is a table of rows on its way out.
type outTable struct {
	sheet   grid.Sheet
	field   *catalog.Field
	columns []outColumn // the first says to which record a row belongs
}

func gridColumns(columns []outColumn) []grid.Column {
	out := make([]grid.Column, len(columns))
	for n, c := range columns {
		out[n] = c.Column
		out[n].Name = c.name
	}
	return out
}

// exportColumns are the columns that the actor sees of those that are asked for.
func (e *Engine) exportColumns(actor value.Actor, req ExportRequest) ([]outColumn, error) {
	form, err := e.Records.FormOf(actor, req.Form)
	if err != nil {
		return nil, err
	}
	var seen []value.FieldKey
	for _, one := range e.Records.CatalogFor(actor).Forms {
		if one.Key == req.Form {
			for _, f := range one.Fields {
				seen = append(seen, f.Key)
			}
		}
	}
	wanted := req.Columns
	if len(wanted) == 0 {
		wanted = seen
	}
	var out []outColumn
	if req.Whole {
		out = append(out, outColumn{name: intake.IDLabel})
	}
	for n, key := range wanted {
		one, ok := form.Field(key)
		if !ok || !slices.Contains(seen, key) {
			var issues fault.Issues
			issues.Add("/columns/"+strconv.Itoa(n), "field.unknown", "field", string(key))
			return nil, issues.Fault("engine.export", "record.invalid")
		}
		out = append(out, columnsOf(one, req.Locale, req.Whole)...)
	}
	return out, nil
}

// columnsOf are those of one field.
func columnsOf(one *catalog.Field, locale string, whole bool) []outColumn {
	c := outColumn{name: labelOf(one.Def.Label, locale), field: outField{one}, whole: whole}
	c.Kind, c.Scale, c.Width = kindOfCells(one.As)
	if one.As.Kind == field.Address && whole {
		out := make([]outColumn, 0, 3)
		for _, part := range []value.FieldKey{field.AddressRegion, field.AddressDetail, field.AddressPostcode} {
			out = append(out, outColumn{name: c.name + "." + string(part), field: c.field, part: string(part)})
		}
		return out
	}
	if target := one.Target(); whole && target != "" {
		return []outColumn{c, {name: c.name + " " + intake.IDLabel, field: c.field, part: "id"}}
	}
	return []outColumn{c}
}

func (w exporting) tableColumns(table *catalog.Field, form *catalog.Form, locale string, whole bool) []outColumn {
	first := outColumn{name: labelOf(form.Def.Label, locale)}
	out := []outColumn{first}
	if whole {
		out = []outColumn{{name: intake.IDLabel}, {name: intake.RowLabel}}
	}
	for _, one := range table.Columns {
		out = append(out, columnsOf(one, locale, whole)...)
	}
	return out
}

func labelOf(label map[string]string, locale string) string {
	if text, ok := label[locale]; ok {
		return text
	}
	for _, tag := range []string{"zh-CN", "en"} {
		if text, ok := label[tag]; ok {
			return text
		}
	}
	return ""
}

// write adds a record and the rows of its tables.
func (w exporting) write(s *sheaf, r *record.View, locale string) error {
	cells := make([]grid.Cell, len(s.columns))
	for n, c := range s.columns {
		if c.field.Field == nil {
			cells[n].Text = string(r.ID)
			continue
		}
		cells[n] = w.cell(c, r.Values[string(c.field.Key)], locale)
	}
	if err := s.main.Write(cells); err != nil {
		return err
	}
	for _, t := range s.tables {
		rows, _ := r.Values[string(t.field.Key)].([]any)
		for _, one := range rows {
			row, _ := one.(map[string]any)
			cells := make([]grid.Cell, len(t.columns))
			for n, c := range t.columns {
				switch {
				case n == 0:
					cells[n].Text = w.joined(t, r)
				case c.field.Field == nil:
					cells[n].Text, _ = row[field.RowID].(string)
				default:
					cells[n] = w.cell(c, row[string(c.field.Key)], locale)
				}
			}
			if err := t.sheet.Write(cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined says to which record a row belongs: by id, or as people know it.
func (w exporting) joined(t outTable, r *record.View) string {
	if t.columns[0].name == intake.IDLabel {
		return string(r.ID)
	}
	form, ok := w.Catalog().Forms[r.Form]
	if !ok {
		return string(r.ID)
	}
	title, _ := r.Values[string(form.Title)].(string)
	return title
}
