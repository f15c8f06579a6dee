package engine

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// maxTableRows bounds the rows of tables of rows, which are at hand while the records are read.
const maxTableRows = 200_000

// source is a file at work: what an import has found out of it, and how far it has read. It rests in memory
// between batches; when it is lost it is made anew and read on from where the last batch was written.
type source struct {
	request ImportRequest
	engine  *Engine
	actor   value.Actor
	// reading is what files are read with, which outlives the batch that opens them; stop ends it.
	reading context.Context //nolint:containedctx // see there
	stop    context.CancelFunc

	at   importCursor // where it stands, as the job does once the batch is written
	told bool         // nothing is left to do

	reader  grid.Reader
	ahead   []grid.Row // read and not dealt with
	header  *intake.Header
	headers []*intake.Header        // of the tables
	rows    []map[string][]grid.Row // of the tables, by what joins them
	orphans []intake.Flaw           // rows of tables that belong to no record of the file
	total   int
	keyed   map[uint64]int                    // the first row of each key
	heads   map[uint64]int                    // of a flat table: the first row of each record; else nil
	head    int                               // the place of the column that says which record a row is of
	saying  map[value.FieldKey]map[uint64]int // the rows by what their columns say, where rows refer to each other
	dealt   rowSet
	waiting rowSet // put off until what they refer to is there
	moved   bool   // something was dealt with in this pass
	likes   map[like]liked

	memory intake.Memory
	trial  record.Trial
}

// rowSet is a set of rows.
type rowSet []uint64

func (s rowSet) has(row int) bool { return row/64 < len(s) && s[row/64]&(1<<(row%64)) != 0 }

func (s *rowSet) add(row int) {
	for row/64 >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[row/64] |= 1 << (row % 64)
}

func (s rowSet) any() bool {
	for _, some := range s {
		if some != 0 {
			return true
		}
	}
	return false
}

func hashOf(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // writing to a hash never fails
	return h.Sum64()
}

// openSource reads a file once from end to end before anything of it is written: what makes all of it
// unreadable is found then, and what rows have to do with each other.
func (e *Engine) openSource(ctx context.Context, actor value.Actor, req ImportRequest) (*source, error) {
	s := &source{request: req, engine: e, actor: actor, keyed: map[uint64]int{}, saying: map[value.FieldKey]map[uint64]int{}}
	s.reading, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	defer context.AfterFunc(ctx, s.stop)()
	err := s.readTables()
	if err == nil {
		err = s.rewind()
	}
	if err == nil {
		err = s.survey()
	}
	if err == nil {
		err = s.rewind()
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// survey reads the records' table from end to end.
func (s *source) survey() error {
	cells, err := s.cells(s.actor)
	if err != nil {
		return err
	}
	within := cells.Within()
	for field := range within {
		s.saying[field] = map[uint64]int{}
	}
	if place, flat := cells.Heads(); flat {
		s.head, s.heads = place, map[uint64]int{}
	}
	joined := make([]map[string]bool, len(s.request.Plan.Tables))
	to := make([]int, len(joined))
	for n := range joined {
		joined[n], to[n] = map[string]bool{}, cells.ToOf(n)
	}
	for {
		row, err := s.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if s.heads != nil {
			first(s.heads, strings.TrimSpace(row.Cell(s.head)), row.Number)
			if !s.isHead(row) {
				continue
			}
		}
		s.total++
		if key := cells.KeyOf(row); key != "" {
			first(s.keyed, key, row.Number)
		}
		for field, place := range within {
			first(s.saying[field], strings.TrimSpace(row.Cell(place)), row.Number)
		}
		for n := range joined {
			joined[n][strings.TrimSpace(row.Cell(to[n]))] = true
		}
	}
	s.findOrphans(joined)
	return nil
}

// isHead tells whether a row begins a record. One that does not say of which it is stands for itself.
func (s *source) isHead(row grid.Row) bool {
	if s.heads == nil {
		return true
	}
	key := strings.TrimSpace(row.Cell(s.head))
	return key == "" || s.heads[hashOf(key)] == row.Number
}

// read is the next row that begins a record.
func (s *source) read() (grid.Row, error) {
	for {
		row, err := s.reader.Next()
		if err != nil || s.isHead(row) {
			return row, err
		}
	}
}

func first(of map[uint64]int, text string, row int) {
	h := hashOf(text)
	if _, there := of[h]; !there && text != "" {
		of[h] = row
	}
}

// cells is the plan for the actor with the rights they have now.
func (s *source) cells(actor value.Actor) (*intake.Intake, error) {
	return intake.Open(s.engine.Records, actor, s.request.Plan, s.header, s.headers, &s.memory)
}

// rewind goes to the first row behind the header.
func (s *source) rewind() (err error) {
	if s.reader != nil {
		if err := s.reader.Close(); err != nil {
			return err
		}
	}
	s.ahead = nil
	s.reader, s.header, err = s.open(s.request.File, s.request.Choice)
	return err
}

func (s *source) open(file value.ID, choice grid.Choice) (grid.Reader, *intake.Header, error) {
	reader, _, err := s.engine.table(s.reading, s.actor, file, choice)
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			err = fault.New(fault.Malformed, "import.header")
		}
		if err != nil {
			return nil, nil, errors.Join(err, reader.Close())
		}
		if row.Number == choice.Header {
			return reader, intake.HeaderOf(row), nil
		}
	}
}

// readTables takes the tables of rows into memory.
func (s *source) readTables() error {
	for _, t := range s.request.Plan.Tables {
		reader, header, err := s.open(t.File, t.Choice)
		if err != nil {
			return err
		}
		place, _ := header.Place(t.Join)
		rows := map[string][]grid.Row{}
		for n := 0; ; n++ {
			row, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil && n == maxTableRows {
				err = fault.New(fault.TooLarge, "import.tooManyRows").With("max", maxTableRows)
			}
			if err != nil {
				return errors.Join(err, reader.Close())
			}
			key := strings.TrimSpace(row.Cell(place))
			rows[key] = append(rows[key], row)
		}
		if err := reader.Close(); err != nil {
			return err
		}
		s.headers, s.rows = append(s.headers, header), append(s.rows, rows)
	}
	return nil
}

// findOrphans lists the rows of tables that belong to no record.
func (s *source) findOrphans(joined []map[string]bool) {
	for n, rows := range s.rows {
		t := s.request.Plan.Tables[n]
		place, _ := s.headers[n].Place(t.Join)
		for key, some := range rows {
			if joined[n][key] || t.Flat {
				continue
			}
			for _, row := range some {
				issue := fault.Issue{Code: "import.orphan", Args: fault.Args{"column": t.Join, "key": key}}
				s.orphans = append(s.orphans, intake.Flaw{Table: n + 1, Row: row.Number, Column: place, Text: key, Issue: issue})
			}
		}
	}
}

// Rows, First, Saying and Dealt implement intake.File.
func (s *source) Rows(table int, key string) []grid.Row { return s.rows[table][key] }

// First is the first row with a key.
func (s *source) First(key string) int { return s.keyed[hashOf(key)] }

// Saying is the row whose column for a field says a text.
func (s *source) Saying(field value.FieldKey, text string) int { return s.saying[field][hashOf(text)] }

// Dealt tells whether a row is dealt with.
func (s *source) Dealt(row int) bool { return s.dealt.has(row) }

// next reads rows up to a number of them; from the second pass on, those that wait. ended tells that there
// are no more.
func (s *source) next(pass, limit int) (rows []grid.Row, ended bool, err error) {
	for len(rows) < limit {
		var row grid.Row
		if len(s.ahead) > 0 {
			row, s.ahead = s.ahead[0], s.ahead[1:]
		} else if row, err = s.read(); errors.Is(err, io.EOF) {
			return rows, true, nil
		}
		if err != nil {
			return nil, false, err
		}
		if pass == 0 || s.waiting.has(row.Number) {
			rows = append(rows, row)
		}
	}
	return rows, false, nil
}

// skip reads on behind a row.
func (s *source) skip(row int) error {
	for {
		one, err := s.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if one.Number > row {
			s.ahead = []grid.Row{one}
			return nil
		}
	}
}

func (s *source) close() error {
	s.stop()
	if s.reader == nil {
		return nil
	}
	return s.reader.Close()
}

func (s *rowSet) remove(row int) {
	if row/64 < len(*s) {
		(*s)[row/64] &^= 1 << (row % 64)
	}
}
