package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// importRows is the side collection of rows that wait for their import: job/number of the chunk.
	importRows = "importRows"
	// importChunk is how many rows are read, and where all goes well written, together.
	importChunk = 200
	maxRows     = 200_000
	// importLife clears away rows whose job was never made, or has failed.
	importLife = 40 * 24 * time.Hour
)

// importArgs is what an import is asked to do; its rows wait beside it.
type importArgs struct {
	Plan  intake.Plan  `json:"plan"`
	Sheet intake.Sheet `json:"sheet"` // without its rows
	Chunk int          `json:"chunk"` // rows in each chunk but the last
	Rows  int          `json:"rows"`
}

type importCursor struct {
	Row int `json:"row"` // the first that is not dealt with
}

// Import makes records of a sheet's rows by a job, with the rights that the asker has at each batch. The sheet
// is kept until it is done, so that neither the asker nor this process need stay. Faults: those of
// intake.Open, Forbidden "record.mayNotCreate", TooLarge "import.tooManyRows".
func (e *Engine) Import(ctx context.Context, actor value.Actor, plan intake.Plan, sheet *intake.Sheet, once *job.Once) (*job.Job, error) {
	const op = "engine.import"
	if err := e.Records.MayCreate(actor, plan.Form); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if _, err := intake.Open(e.Records, actor, plan, intake.InJSON, sheet, nil); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(sheet.Rows) > maxRows {
		return nil, fault.New(fault.TooLarge, "import.tooManyRows").In(op).With("max", maxRows)
	}
	args := importArgs{
		Plan: plan, Sheet: intake.Sheet{Name: sheet.Name, Header: sheet.Header},
		Chunk: min(importChunk, e.config.batch()), Rows: len(sheet.Rows),
	}
	asked := job.New{Kind: importing{}.Name(), Actor: actor, Args: args, Total: int64(len(sheet.Rows)), Once: once}
	j, err := e.Jobs.Draft(asked)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	number := 0
	for rows := range slices.Chunk(sheet.Rows, args.Chunk) {
		body, err := json.Marshal(rows)
		if err != nil {
			return nil, fault.Wrap(op, err)
		}
		item := store.Item{Key: chunkKey(j.ID, number), Body: body, Expires: j.CreatedAt.Add(importLife)}
		if err := e.config.Store.Save(ctx, importRows, item, 0); err != nil {
			return nil, fault.Wrap(op, err)
		}
		number++
	}
	j, err = e.Jobs.AddDraft(ctx, asked, j)
	return &j, fault.Wrap(op, err)
}

func chunkKey(id value.ID, number int) string { return fmt.Sprintf("%s/%06d", id, number) }

// importing is the work of an import.
type importing struct{ *Engine }

func (importing) Name() string { return "import" }

// Step makes the records of the next rows, to the end of their chunk.
func (w importing) Step(ctx context.Context, run *job.Run) error {
	var args importArgs
	var at importCursor
	if err := run.From(&args, &at); err != nil {
		return err
	}
	if at.Row >= args.Rows {
		return run.Commit(ctx, job.Did{Ended: true})
	}
	number := at.Row / args.Chunk
	b := batch{run: run, args: args, skip: at.Row % args.Chunk, key: chunkKey(run.ID, number)}
	sheet := args.Sheet
	sheet.First = number * args.Chunk
	if err := w.rows(ctx, b.key, &sheet); err != nil {
		return err
	}
	b.sheet = &sheet
	if err := b.read(ctx, w.Records); err != nil {
		return err
	}
	if len(b.changes) == 0 {
		return w.config.Store.Tx(ctx, func(tx store.Tx) error { return b.advance(ctx, tx, 0, nil) })
	}
	return w.Records.Many(ctx, run.Actor, args.Plan.Form, b.changes, func(tx store.Tx, dealt int, did []record.Outcome) error {
		return b.advance(ctx, tx, dealt, did)
	})
}

func (w importing) rows(ctx context.Context, key string, into *intake.Sheet) error {
	item, err := w.config.Store.Load(ctx, importRows, key)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(item.Body, &into.Rows); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(importRows + "/" + key).Because(err)
	}
	return nil
}

// batch is what is left of one chunk of rows.
type batch struct {
	run   *job.Run
	args  importArgs
	sheet *intake.Sheet
	skip  int    // rows of the chunk that are dealt with
	key   string // of the chunk

	cells   *intake.Intake
	changes []record.Change
	places  []int               // of the changes, among the rows of the chunk
	wrong   map[int]job.Refusal // rows of which no record can be made, by place
}

// read makes values of the rows.
func (b *batch) read(ctx context.Context, records *record.Service) (err error) {
	b.cells, err = intake.Open(records, b.run.Actor, b.args.Plan, intake.InJSON, b.sheet, nil)
	if err != nil {
		return err
	}
	b.wrong = map[int]job.Refusal{}
	for place := b.skip; place < len(b.sheet.Rows); place++ {
		values, issues, err := b.cells.Record(ctx, place)
		if err != nil {
			return err
		}
		if err := issues.Fault("import", "record.invalid"); err != nil {
			b.wrong[place] = job.RefusalOf(b.row(place), err)
			continue
		}
		b.changes = append(b.changes, record.Change{Op: record.OpCreate, Values: values})
		b.places = append(b.places, place)
	}
	return nil
}

func (b *batch) row(place int) string { return strconv.Itoa(b.sheet.Number(place)) }

// advance writes that so many changes are dealt with, and with them the rows between of which none was made.
func (b *batch) advance(ctx context.Context, tx store.Tx, dealt int, did []record.Outcome) error {
	before := dealt - len(did)
	from, to := b.skip, len(b.sheet.Rows)
	if before > 0 {
		from = b.places[before-1] + 1
	}
	if dealt < len(b.changes) {
		to = b.places[dealt-1] + 1
	}
	here := job.Did{
		Cursor: importCursor{b.sheet.First + to}, Done: int64(to - from), Ended: b.sheet.First+to == b.args.Rows,
		Counts: map[string]int64{},
	}
	for place := from; place < to; place++ {
		if refusal, wrong := b.wrong[place]; wrong {
			here.Refused = append(here.Refused, refusal)
		}
	}
	for n, one := range did {
		if one.Err == nil {
			here.Counts["made"]++
			continue
		}
		place := b.places[before+n]
		here.Refused = append(here.Refused, job.RefusalOf(b.row(place), b.cells.Pointed(place, one.Err)))
	}
	here.Counts["refused"] = int64(len(here.Refused))
	if to == len(b.sheet.Rows) {
		if err := tx.Drop(ctx, importRows, b.key); err != nil {
			return err
		}
	}
	return b.run.Advance(ctx, tx, here)
}
