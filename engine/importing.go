package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// importDid is the side collection of what became of rows: job/pass/row of the first of a batch.
	importDid = "importDid"
	// importChunk is how many rows are read, and where all goes well written, together.
	importChunk = 200
	// importKept is how long an import can be looked into and undone: as long as its job.
	importKept = 30 * 24 * time.Hour
	// maxPasses bounds how many steps of references within one file are followed.
	maxPasses = 100
)

// importing is the work of an import.
type importing struct{ *Engine }

type importCursor struct {
	Begun bool `json:"begun,omitempty"`
	Pass  int  `json:"pass,omitempty"`
	Row   int  `json:"row,omitempty"`  // the last one dealt with in this pass
	Told  bool `json:"told,omitempty"` // all rows are dealt with; what is left is to tell
}

// RowOutcome tells what became of one row, or of a dry run's what would.
type RowOutcome struct {
	Row     int                  `json:"row"` // as spreadsheets count; 0 for a row of a table that belongs nowhere
	Op      string               `json:"op"`  // made, changed, unchanged, refused
	ID      value.ID             `json:"id,omitempty"`
	Form    value.FormKey        `json:"form,omitempty"` // "" for that of the job
	Version int64                `json:"version,omitempty"`
	Flaws   []intake.Flaw        `json:"flaws,omitempty"`
	Changes []record.FieldChange `json:"changes,omitempty"`
	// Alike are the records that it looks like, as far as whoever imports may know of them; Twins the rows before it.
	Alike []record.Duplicate `json:"alike,omitempty"`
	Twins []Twin             `json:"twins,omitempty"`
	Likes record.Likes       `json:"likes,omitempty"` // for the rows after it
}

// What becomes of rows.
const (
	rowMade      = "made"
	rowChanged   = "changed"
	rowDeleted   = "deleted" // by a change of many
	rowMoved     = "moved"   // to what another record was merged into
	rowUnchanged = "unchanged"
	rowRefused   = "refused"
)

func (importing) Name() string { return "import" }

// Leave closes the file of an import that goes no further.
func (w importing) Leave(id value.ID) error { return w.sources.drop(id) }

// Step deals with the next rows.
func (w importing) Step(ctx context.Context, run *job.Run) error {
	var req ImportRequest
	var at importCursor
	if err := run.From(&req, &at); err != nil {
		return err
	}
	s, err := w.source(ctx, run, req, at)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, s.stop)()
	if err := w.step(ctx, run, s, at); err != nil {
		return errors.Join(err, s.close()) // what is in memory may be ahead of what is written
	}
	if s.told {
		return s.close()
	}
	return w.sources.put(run.ID, s)
}

func (w importing) step(ctx context.Context, run *job.Run, s *source, at importCursor) error {
	switch {
	case !at.Begun:
		return w.begin(ctx, run, s)
	case at.Told:
		return w.tell(ctx, run, s)
	}
	cells, err := s.cells(run.Actor)
	if err != nil {
		return err
	}
	rows, ended, err := s.next(at.Pass, min(importChunk, w.config.batch()))
	if err != nil {
		return err
	}
	if len(rows) == 0 && ended {
		return w.endPass(ctx, run, s, at)
	}
	drafts, err := cells.Batch(ctx, rows, s)
	if err != nil {
		return err
	}
	b := &batch{run: run, source: s, cells: cells, at: at, rows: map[int]bool{}}
	b.take(drafts)
	if s.request.DryRun {
		return b.tryOut(ctx, w.Engine)
	}
	return b.carryOut(ctx, w.Engine)
}

// source is the file at work, read on from where the job stands. One that stands elsewhere, because another has worked on
// since, would read over rows that nobody has dealt with.
func (w importing) source(ctx context.Context, run *job.Run, req ImportRequest, at importCursor) (*source, error) {
	s, there := w.sources.take(run.ID)
	if there && s.at == at {
		s.actor = run.Actor
		return s, nil
	}
	if there {
		if err := s.close(); err != nil {
			return nil, err
		}
	}
	s, err := w.openSource(ctx, run.Actor, req)
	if err != nil {
		return nil, err
	}
	if at.Begun {
		if err := w.restore(ctx, run.ID, s, at); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	s.at = at
	return s, nil
}

// restore brings a source that was made anew to where the job stands.
func (w importing) restore(ctx context.Context, id value.ID, s *source, at importCursor) error {
	err := w.eachOutcome(ctx, id, func(one RowOutcome) error {
		s.dealt.add(one.Row)
		s.compare(&one)
		return nil
	})
	if err != nil {
		return err
	}
	if len(s.saying) > 0 {
		for at.Pass > 0 || at.Row > 0 {
			row, err := s.read()
			if err != nil {
				break // the end; what cannot be read was found before
			}
			if !s.dealt.has(row.Number) && (at.Pass > 0 || row.Number <= at.Row) {
				s.waiting.add(row.Number)
			}
		}
		if err := s.rewind(); err != nil {
			return err
		}
	}
	s.moved = true // whether it did is not known any more: one pass more decides
	return s.skip(at.Row)
}

// begin writes down how much there is to do, and what belongs nowhere.
func (w importing) begin(ctx context.Context, run *job.Run, s *source) error {
	s.at = importCursor{Begun: true}
	did := job.Did{Cursor: s.at, Total: int64(s.total), Counts: map[string]int64{}}
	var outcomes []RowOutcome
	for _, flaw := range s.orphans {
		one := RowOutcome{Op: rowRefused, Flaws: []intake.Flaw{flaw}}
		s.name(one.Flaws)
		outcomes = append(outcomes, one)
		did.Refused = append(did.Refused, s.refusal(one))
		did.Counts[rowRefused]++
	}
	return w.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := keepMade(ctx, tx, run, s.request); err != nil {
			return err
		}
		if err := keepOutcomes(ctx, tx, run.Job, 0, outcomes); err != nil {
			return err
		}
		return run.Advance(ctx, tx, did)
	})
}

// endPass goes on with what waits for rows that are there now, or else to the telling.
func (w importing) endPass(ctx context.Context, run *job.Run, s *source, at importCursor) error {
	next := importCursor{Begun: true, Told: true}
	if s.waiting.any() {
		next = importCursor{Begun: true, Pass: at.Pass + 1}
		if err := s.rewind(); err != nil {
			return err
		}
	}
	if next.Pass > 0 && !s.moved {
		next.Pass = maxPasses // nothing waits for anything but itself
	}
	s.moved, s.at = false, next
	return run.Commit(ctx, job.Did{Cursor: next})
}

// keepOutcomes writes what became of rows, which undoing and telling need.
func keepOutcomes(ctx context.Context, tx store.Tx, of job.Job, pass int, outcomes []RowOutcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	body, err := json.Marshal(outcomes)
	if err != nil {
		return fault.Wrap("import.outcomes", err)
	}
	key := fmt.Sprintf("%s/%03d/%08d", of.ID, pass, outcomes[0].Row)
	return tx.Save(ctx, importDid, store.Item{Key: key, Body: body, Expires: of.CreatedAt.Add(2 * importKept)}, 0)
}

// eachOutcome visits what became of the rows of an import, in the order in which they were dealt with.
func (e *Engine) eachOutcome(ctx context.Context, id value.ID, visit func(RowOutcome) error) error {
	after := ""
	for {
		items, err := e.config.Store.Scan(ctx, importDid, string(id)+"/", after, 50)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, item := range items {
			outcomes, err := readOutcomes(item)
			if err != nil {
				return err
			}
			for _, one := range outcomes {
				if err := visit(one); err != nil {
					return err
				}
			}
			after = item.Key
		}
	}
}

func readOutcomes(item store.Item) (out []RowOutcome, err error) {
	if err := readItem(importDid, item, &out); err != nil {
		return nil, err
	}
	for _, one := range out {
		for _, flaw := range one.Flaws {
			flaw.Args.Restore()
		}
	}
	return out, nil
}

// batch is some rows on their way.
type batch struct {
	run    *job.Run
	source *source
	cells  *intake.Intake
	at     importCursor

	drafts  []intake.Draft  // in the order of the rows, without those put off
	changes []record.Change // of the drafts that have no flaws
	places  []int           // of the changes, among the drafts
	last    int             // the row up to which all is dealt with or put off
	rows    map[int]bool    // of this batch
	put     []int           // rows that are put off
}

// take chooses from what was drafted: a row that waits for one of this batch ends it before itself, one that
// waits for a later one is put off to the next pass.
func (b *batch) take(drafts []intake.Draft) {
	for n, d := range drafts {
		row := d.Row.Number
		switch {
		case d.Waits > 0 && b.rows[d.Waits]:
			for _, later := range drafts[n:] {
				b.source.ahead = append(b.source.ahead, later.Row)
			}
			return
		case d.Waits > 0 && b.at.Pass < maxPasses:
			b.put = append(b.put, row)
			b.last = row
			continue
		case d.Waits > 0:
			for f := range d.Flaws {
				d.Flaws[f].Issue = fault.Issue{Code: "import.circle"}
			}
		}
		b.rows[row], b.last = true, row
		if len(d.Flaws) == 0 {
			d.Change.Import = b.run.ID
			b.changes = append(b.changes, d.Change)
			b.places = append(b.places, len(b.drafts))
		}
		b.drafts = append(b.drafts, d)
	}
}

// carryOut does what the rows ask for.
func (b *batch) carryOut(ctx context.Context, e *Engine) error {
	var made []record.Outcome
	var err error
	if len(b.changes) == 0 {
		err = e.config.Store.Tx(ctx, func(tx store.Tx) error { return b.advance(ctx, tx, 0, nil) })
	} else {
		made = make([]record.Outcome, len(b.changes))
		err = e.Records.Many(ctx, b.run.Actor, b.source.request.Plan.Form, b.changes, func(tx store.Tx, dealt int, did []record.Outcome) error {
			copy(made[dealt-len(did):dealt], did)
			if err := e.inbox.Tell(ctx, tx, b.brought(e, did)...); err != nil {
				return err
			}
			return b.advance(ctx, tx, dealt, did)
		})
	}
	if err != nil {
		return err
	}
	b.settle(made)
	return nil
}

// brought is what people are told of what became of rows.
func (b *batch) brought(e *Engine, did []record.Outcome) []notify.Telling {
	form := e.Catalog().Forms[b.source.request.Plan.Form]
	if form == nil {
		return nil // unpublished meanwhile: nobody sees its records
	}
	var rows []notify.Handed
	for _, one := range did {
		rows = append(rows, notify.Handed{Record: one.ID, Was: one.Was, Is: one.Is})
	}
	return notify.Brought(form, b.run.Actor.Key(), b.run.ID, b.run.CreatedAt, rows)
}

// tryOut says what would be done.
func (b *batch) tryOut(ctx context.Context, e *Engine) error {
	var did []record.Outcome
	if len(b.changes) > 0 {
		var err error
		did, err = e.Records.Try(ctx, b.run.Actor, b.source.request.Plan.Form, b.changes, &b.source.trial)
		if err != nil {
			return err
		}
	}
	if err := e.config.Store.Tx(ctx, func(tx store.Tx) error { return b.advance(ctx, tx, len(b.changes), did) }); err != nil {
		return err
	}
	b.settle(did)
	return nil
}

// settle brings the source up to what is written.
func (b *batch) settle(did []record.Outcome) {
	s := b.source
	for _, row := range b.put {
		s.waiting.add(row)
	}
	for row := range b.rows {
		s.dealt.add(row)
		if b.at.Pass > 0 {
			s.waiting.remove(row)
		}
		s.moved = true
	}
	if len(s.saying) == 0 {
		return
	}
	for n, one := range did {
		if one.Err == nil {
			b.cells.Made(b.drafts[b.places[n]], one.ID)
		}
	}
}

// advance writes that so many changes are dealt with, and with them the rows between of which none was made.
func (b *batch) advance(ctx context.Context, tx store.Tx, dealt int, did []record.Outcome) error {
	before := dealt - len(did)
	from, to, last := 0, len(b.drafts), b.last
	if before > 0 {
		from = b.places[before-1] + 1
	}
	if dealt < len(b.changes) {
		to = b.places[dealt-1] + 1
		last = b.drafts[to-1].Row.Number
	}
	b.source.at = importCursor{Begun: true, Pass: b.at.Pass, Row: last}
	here := job.Did{
		Cursor: b.source.at, Done: int64(to - from), Counts: map[string]int64{},
	}
	outcomes := make([]RowOutcome, 0, to-from)
	next := before
	for place := from; place < to; place++ {
		one := RowOutcome{Row: b.drafts[place].Row.Number, Op: rowRefused, Flaws: b.drafts[place].Flaws}
		code := "record.invalid"
		if next < dealt && b.places[next] == place {
			one, code = b.outcome(b.drafts[place], b.changes[next], did[next-before])
			next++
		}
		if one.Op == rowRefused {
			b.source.name(one.Flaws)
			refusal := b.source.refusal(one)
			refusal.Code = code
			here.Refused = append(here.Refused, refusal)
		}
		b.source.compare(&one)
		here.Counts[one.Op]++
		if one.isAlike() {
			here.Counts[rowAlike]++
		}
		outcomes = append(outcomes, one)
		if one.Op == rowMade {
			more := b.beside(one, did[next-1-before])
			here.Counts[rowMade] += int64(len(more))
			outcomes = append(outcomes, more...)
		}
	}
	if err := keepOutcomes(ctx, tx, b.run.Job, b.at.Pass, outcomes); err != nil {
		return err
	}
	here.Undo = !b.source.request.DryRun && here.Counts[rowMade]+here.Counts[rowChanged] > 0
	return b.run.Advance(ctx, tx, here)
}

// outcome says what became of a draft, and the code of its refusal.
func (b *batch) outcome(d intake.Draft, c record.Change, did record.Outcome) (RowOutcome, string) {
	one := RowOutcome{Row: d.Row.Number, ID: did.ID, Version: did.Version, Changes: did.Changes, Alike: did.Alike, Likes: did.Likes}
	switch {
	case did.Err != nil:
		refused := job.RefusalOf("", did.Err)
		one.Op, one.ID, one.Flaws = rowRefused, c.ID, b.cells.FlawsOf(d, did.Err)
		return one, refused.Code
	case c.Op == record.OpCreate:
		one.Op = rowMade
		if b.source.request.DryRun {
			one.ID = "" // the next time it will be another
		}
	case did.Changed:
		one.Op = rowChanged
	default:
		one.Op = rowUnchanged
	}
	return one, ""
}

// beside are what a row has made for more pools.
func (b *batch) beside(of RowOutcome, did record.Outcome) []RowOutcome {
	out := make([]RowOutcome, len(did.Beside))
	for n, id := range did.Beside {
		out[n] = RowOutcome{Row: of.Row, Op: rowMade, ID: id, Version: 1}
		if b.source.request.DryRun {
			out[n].ID = ""
		}
	}
	return out
}

// name says of flaws which columns they are in.
func (s *source) name(flaws []intake.Flaw) {
	for n := range flaws {
		header := s.header
		if flaws[n].Table > 0 {
			header = s.headers[flaws[n].Table-1]
		}
		if at := flaws[n].Column; at >= 0 && at < len(header.Names) {
			flaws[n].Name = header.Names[at]
		}
	}
}

// refusal tells people of a row that was refused: where they have to look, and why.
func (s *source) refusal(one RowOutcome) job.Refusal {
	out := job.Refusal{At: strconv.Itoa(one.Row), Code: "record.invalid"}
	for _, flaw := range one.Flaws {
		issue := flaw.Issue
		if flaw.Table > 0 {
			issue.File = s.request.Plan.Tables[flaw.Table-1].Sheet + " row " + strconv.Itoa(flaw.Row)
		}
		if flaw.Name != "" {
			issue.Path = fmt.Sprintf("%s %q", flaw.Name, flaw.Text)
		} else if flaw.Column >= 0 || strings.HasPrefix(issue.Path, "/") {
			issue.Path = ""
		}
		out.Issues = append(out.Issues, issue)
	}
	return out
}
