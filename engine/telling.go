package engine

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/value"
)

// tell makes the file of the refused rows, laid out as the one that was imported, with what is wrong at each
// cell: it can be mended and imported as it is. Where no row was refused there is none.
func (w importing) tell(ctx context.Context, run *job.Run, s *source) error {
	file, err := w.refusedFile(ctx, run, s)
	if err != nil {
		return err
	}
	s.told = true
	return run.Commit(ctx, job.Did{Cursor: importCursor{Begun: true, Told: true}, Ended: true, Result: string(file)})
}

// refusedRows are what was refused, by table (0: the records) and row.
type refusedRows []map[int][]intake.Flaw

func (w importing) refusedFile(ctx context.Context, run *job.Run, s *source) (value.ID, error) {
	var alike []RowOutcome
	refused := make(refusedRows, len(s.headers)+1)
	for n := range refused {
		refused[n] = map[int][]intake.Flaw{}
	}
	err := w.eachOutcome(ctx, run.ID, func(one RowOutcome) error {
		if one.Op != rowRefused {
			return nil
		}
		if one.isAlike() {
			alike = append(alike, one)
		}
		if one.Row > 0 && refused[0][one.Row] == nil {
			refused[0][one.Row] = []intake.Flaw{}
		}
		for _, flaw := range one.Flaws {
			row := flaw.Row
			if flaw.Table == 0 {
				row = one.Row
			}
			refused[flaw.Table][row] = append(refused[flaw.Table][row], flaw)
		}
		return nil
	})
	if err != nil || len(refused[0]) == 0 && !refused.more() {
		return "", err
	}
	if err := w.retell(ctx, run.Actor, alike); err != nil {
		return "", err
	}
	format := s.request.Report
	if format == "" {
		format = grid.XLSX
	}
	source, err := w.Records.File(ctx, run.Actor, s.request.File)
	if err != nil {
		return "", err
	}
	name := strings.TrimSuffix(strings.TrimSuffix(source.Name, ".csv"), ".xlsx") + "-" + w.config.Texts.Text(run.Actor.Locale, "import.refusedName", nil) + "." + string(format)
	made := w.maker(ctx, name, format.MediaType())
	if err := w.writeRefused(run, s, refused, alike, format, made); err != nil {
		return "", errors.Join(err, made.drop())
	}
	kept, err := made.keep(run.Actor)
	return kept.ID, err
}

// more tells whether rows of tables were refused by themselves.
func (r refusedRows) more() bool {
	for _, rows := range r[1:] {
		if len(rows) > 0 {
			return true
		}
	}
	return false
}

func (w importing) writeRefused(run *job.Run, s *source, refused refusedRows, alike []RowOutcome, format grid.Format, to io.Writer) error {
	book, err := w.config.Sheets.Create(format, to)
	if err != nil {
		return err
	}
	t := teller{engine: w.Engine, locale: run.Actor.Locale, refused: refused}
	t.sayAlike(s, alike)
	if err := t.write(book, s, format); err != nil {
		book.Abandon()
		return err
	}
	return book.Close()
}

// teller writes refused rows.
type teller struct {
	engine  *Engine
	locale  string
	refused refusedRows
	alike   map[int]string // what rows of the records look like; nil where none looks like any
}

func (t *teller) text(code string, args fault.Args) string {
	return t.engine.config.Texts.Text(t.locale, code, args)
}

func (t *teller) write(book grid.Book, s *source, format grid.Format) error {
	sheet, err := book.Sheet(t.sheetName(s.request.Sheet), t.columns(s.header, t.alike != nil))
	if err != nil {
		return err
	}
	if err := s.rewind(); err != nil {
		return err
	}
	places := make([]int, len(s.rows))
	for n, table := range s.request.Plan.Tables {
		to := table.To
		if to == "" {
			to = table.Join
		}
		places[n], _ = s.header.Place(to)
	}
	belonging := make([][]grid.Row, len(s.rows))
	for {
		row, err := s.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		flaws, was := t.refused[0][s.headOf(row)]
		if !was {
			continue
		}
		cells := t.cells(s.header, row, t.flawsIn(s, row, flaws))
		if said := t.alike[row.Number]; said != "" {
			cells = append(cells, grid.Cell{Text: said})
		}
		if err := sheet.Write(cells); err != nil {
			return err
		}
		for n := range s.rows {
			if s.request.Plan.Tables[n].Flat {
				continue
			}
			belonging[n] = append(belonging[n], s.rows[n][strings.TrimSpace(row.Cell(places[n]))]...)
		}
	}
	if format == grid.CSV {
		return nil // text has one table; what is wrong with the rows of others stands in the job's report
	}
	return t.writeTables(book, s, belonging)
}

// headOf is the row that begins the record of a row.
func (s *source) headOf(row grid.Row) int {
	if s.isHead(row) {
		return row.Number
	}
	return s.heads[hashOf(strings.TrimSpace(row.Cell(s.head)))]
}

// flawsIn are those of a row itself: of its record where it begins one, and of the table's row that stands in it.
func (t *teller) flawsIn(s *source, row grid.Row, ofHead []intake.Flaw) []intake.Flaw {
	var out []intake.Flaw
	if s.isHead(row) {
		out = slices.Clone(ofHead)
	}
	for n, table := range s.request.Plan.Tables {
		if table.Flat {
			out = append(out, t.refused[n+1][row.Number]...)
		}
	}
	return out
}

// writeTables writes the rows that belong to refused records, and those that belong to none.
func (t *teller) writeTables(book grid.Book, s *source, belonging [][]grid.Row) error {
	for n, header := range s.headers {
		for _, flaw := range s.orphans {
			if flaw.Table == n+1 {
				belonging[n] = append(belonging[n], s.rowOf(n, flaw.Row)...)
			}
		}
		if len(belonging[n]) == 0 {
			continue
		}
		name := s.request.Plan.Tables[n].Sheet
		if name == "" {
			name = string(s.request.Plan.Tables[n].Field)
		}
		sheet, err := book.Sheet(name, t.columns(header, false))
		if err != nil {
			return err
		}
		for _, row := range belonging[n] {
			if err := sheet.Write(t.cells(header, row, t.refused[n+1][row.Number])); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *source) rowOf(table, number int) []grid.Row {
	for _, rows := range s.rows[table] {
		for _, row := range rows {
			if row.Number == number {
				return []grid.Row{row}
			}
		}
	}
	return nil
}

func (t *teller) sheetName(name string) string {
	if name == "" {
		return t.text("import.refusedName", nil)
	}
	return name
}

// columns are those of the input, and behind them the row, the reasons and, where rows look like others, like which.
func (t *teller) columns(header *intake.Header, alike bool) []grid.Column {
	out := make([]grid.Column, 0, len(header.Names)+2)
	for _, name := range header.Names {
		out = append(out, grid.Column{Name: name})
	}
	const wide = 60
	out = append(out, grid.Column{Name: t.text("import.rowColumn", nil)}, grid.Column{Name: t.text("import.reasonColumn", nil), Width: wide})
	if alike {
		out = append(out, grid.Column{Name: t.text("import.alikeColumn", nil), Width: wide})
	}
	return out
}

func (t *teller) cells(header *intake.Header, row grid.Row, flaws []intake.Flaw) []grid.Cell {
	out := make([]grid.Cell, len(header.Names), len(header.Names)+2)
	for place := range out {
		out[place].Text = row.Cell(place)
	}
	var reasons []string
	for _, flaw := range flaws {
		said := t.text(flaw.Code, flaw.Args)
		if flaw.Column >= 0 && flaw.Column < len(out) {
			cell := &out[flaw.Column]
			cell.Fill = true
			cell.Note = strings.TrimPrefix(cell.Note+"\n"+said, "\n")
			said = header.Names[flaw.Column] + ": " + said
		} else if flaw.Path != "" && !strings.HasPrefix(flaw.Path, "/") {
			said = flaw.Path + ": " + said
		}
		reasons = append(reasons, said)
	}
	return append(out, grid.Cell{Text: strconv.Itoa(row.Number)}, grid.Cell{Text: strings.Join(reasons, "\n"), Fill: len(reasons) > 0})
}

// ImportRows returns what became of an import's rows, or in a dry run would, or when it was taken back, in the order in
// which they were dealt with, those after a place that the answer before has named; only whoever asked for the import sees
// them. only names one outcome, or "alike" for those that look like others; "" is all. Faults: NotFound "job.notFound".
func (e *Engine) ImportRows(ctx context.Context, actor value.Actor, id value.ID, only, after string) (rows []RowOutcome, next string, err error) {
	const op = "engine.importRows"
	j, err := e.Jobs.Get(ctx, actor, id)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	if j.Kind != (importing{}).Name() && j.Kind != (undoing{}).Name() || j.Asker != actor.Key() {
		return nil, "", fault.New(fault.NotFound, "job.notFound").In(op).With("id", string(id))
	}
	prefix := string(id) + "/"
	if after != "" {
		after = prefix + after
	}
	const most = 5 // batches
	items, err := e.config.Store.Scan(ctx, importDid, prefix, after, most)
	if err != nil {
		return nil, "", fault.Wrap(op, err)
	}
	rows = []RowOutcome{}
	for _, item := range items {
		outcomes, err := readOutcomes(item)
		if err != nil {
			return nil, "", err
		}
		for _, one := range outcomes {
			if only == "" || one.Op == only || only == rowAlike && one.isAlike() {
				rows = append(rows, one)
			}
		}
	}
	if len(items) == most {
		next = strings.TrimPrefix(items[most-1].Key, prefix)
	}
	return rows, next, e.retell(ctx, actor, rows)
}
