package record

import (
	"context"
	"errors"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// A job's script goes over the records of its form, slice by slice: it runs once for each, with the record at hand
// as an action has it. What it sets is an edit, what it wants of others is prepared by their own recipes, and all
// that a slice comes to is written in one transaction, with the word how far the job is. A record that is refused,
// by the script, by the rules or by a fault of the script, is left as it is and told; the others go on.

// BatchSlice asks for the next slice.
type BatchSlice struct {
	Form   value.FormKey
	Script string
	After  value.ID // where the one before ended; "": at the beginning
	// At is when the job began: what now and today say in all its runs.
	At  time.Time
	Job value.ID // that this is of
	// Occasion names what the job is for, such as a day: what the script says to somebody about a record is said once
	// then, however often the job runs. "": each time.
	Occasion string
	Limit    int // records at most; what the script states counts too
	// Row is how many records in a row the script has broken over before, and Lost how many in a row it was kept from
	// by what may pass.
	Row, Lost int
	// Patient has the slice tried again later where what the script meets over its first record may be gone by then;
	// else that is a fault over this record. Over the others it is always tried again.
	Patient bool
	Counts  bool // the first one: it tells how many records there are
}

// Batched is what came of a slice.
type Batched struct {
	Last    value.ID // where it ended
	End     bool     // there are no more after Last
	Seen    int64
	Changed int64 // records that were written, or for which something else was done
	// Skipped are those that the script refused, or the rules and rights when it wanted to write; Failed those over
	// which the script itself broke. Neither was changed, nor anything else done for them.
	Skipped []Failure
	Failed  []Failure
	// Row and Lost are as in BatchSlice.
	Row, Lost int
	Total     int64            // where the slice counts
	Did       map[string]int64 // effects by what they do
	// Examined is what the store examined to find the records.
	Examined query.Work
}

// The moments of scripts that jobs run.
const (
	eventBatch = "batch"    // for each record
	eventTurn  = "schedule" // by turns
)

const (
	// batchBudget bounds the records that a slice examines to find its own.
	batchBudget = 5_000
	// batchBusy is how much processor time of its scripts ends a slice, batchLong how much time by the clock: a script
	// that waits for others takes little of the one and much of the other.
	batchBusy = time.Second
	batchLong = 2 * time.Second
	// batchRoom is how many documents a slice writes at most, unless one record alone asks for more.
	batchRoom = 600
	// MaxRow records in a row over which a script breaks say that it will break over the next one too; so many that
	// it was kept from, that this will not pass soon.
	MaxRow = 20
)

// RunBatch runs a batch script over the next slice, and writes also with what it comes to. Faults: NotFound
// "form.unknown", "script.unknown", Unavailable where scripts cannot run just now, those of the store and of also.
func (s *Service) RunBatch(ctx context.Context, actor value.Actor, slice BatchSlice, also func(store.Tx, Batched) error) error {
	return again(func() error {
		b, err := s.visit(actor).batch(slice)
		if err != nil {
			return err
		}
		if err := b.fill(ctx); err != nil {
			return err
		}
		return b.write(ctx, also)
	})
}

// scriptOf finds a script that may run. Faults: NotFound "form.unknown", "script.unknown", Unavailable "script.noWalls".
func (v *visit) scriptOf(key value.FormKey, name string) (*catalog.Form, *catalog.Script, error) {
	form, err := v.form(key)
	if err != nil {
		return nil, nil, err
	}
	one, ok := form.Script(name)
	if !ok {
		return nil, nil, fault.New(fault.NotFound, "script.unknown").With("script", string(key)+"/"+name)
	}
	if v.Scripts == nil {
		return nil, nil, noWalls("record.script")
	}
	return form, one, nil
}

// batch is one slice on its way.
type batch struct {
	*visit
	form   *catalog.Form
	script *catalog.Script
	slice  BatchSlice
	asks   *visit // what the filter and the script ask, as of when the job began
	came   Batched
	writes []batchWrite
	room   int           // documents that writes take
	busy   time.Duration // of the script
	wrote  writings      // what writes come to
}

func (v *visit) batch(slice BatchSlice) (*batch, error) {
	form, one, err := v.scriptOf(slice.Form, slice.Script)
	if err != nil {
		return nil, err
	}
	v.job, v.occasion, v.occurs, v.notes = slice.Job, slice.Occasion, one, &readings{}
	return &batch{visit: v, form: form, script: one, slice: slice, asks: v.asOf(slice.At)}, nil
}

// asOf is the visit for what is asked of a world whose now and today are those of another time; zero: of now.
func (v *visit) asOf(at time.Time) *visit {
	if at.IsZero() {
		return v
	}
	out := *v
	out.now = at
	return &out
}

// fill runs the script for one record after the other, until the slice is full.
func (b *batch) fill(ctx context.Context) error {
	page, err := b.page(ctx)
	if err != nil {
		return err
	}
	b.came = Batched{Last: b.slice.After, Row: b.slice.Row, Lost: b.slice.Lost, Examined: page.Examined}
	if b.came.Total, err = b.total(ctx); err != nil {
		return err
	}
	b.ahead = map[parentKey]*value.Record{}
	for _, r := range page.Records {
		b.ahead[parentKey{b.form.Key, r.ID}] = r
	}
	began := b.Clock()
	for _, r := range page.Records {
		if b.isLater(r) {
			b.came.Last = r.ID
			continue
		}
		if b.isFull() || b.isWritten(b.form.Key, r.ID) || b.Clock().Sub(began) >= batchLong {
			return nil
		}
		w, err := b.run(ctx, r)
		switch {
		case errors.Is(err, errNextSlice), b.came.Seen > 0 && fault.KindOf(err) == fault.Unavailable:
			return nil // what is there already is written first
		case err != nil:
			return err
		}
		b.take(r, w)
	}
	b.came.End = page.Next == nil
	if last, ok := lastOf(page.Next); ok {
		b.came.Last = last
	}
	return nil
}

func (b *batch) isFull() bool {
	return b.busy >= batchBusy || b.room >= batchRoom || b.came.Row >= MaxRow
}

// isLater tells whether a record was made since the job began, perhaps by the script itself: it would never end. What
// others have made in the very moment is none.
func (b *batch) isLater(r *value.Record) bool {
	at := b.slice.At
	return !at.IsZero() && (r.CreatedAt.After(at) || r.CreatedAt.Equal(at) && r.CreatedBy == b.actor.Key())
}

// errNextSlice ends a slice before a record that writes, or has read, what one before it writes.
var errNextSlice = errors.New("the record comes with the next slice")

// MayPass tells whether a fault, or one that it comes from, may be gone the next time: what a script says of what
// it met is a fault of the script, whatever that was.
func MayPass(err error) bool {
	var f *fault.Error
	if !errors.As(err, &f) {
		return true // no fault of ours, so of something below
	}
	for errors.As(err, &f) {
		switch f.Kind {
		case fault.Unavailable, fault.Conflict, fault.Throttled, fault.Internal:
			return true
		}
		err = f.Cause
	}
	return false
}

// later has a job try again what keeps a script from running, or what it met, where that may pass: a tenant's time for
// scripts comes back too.
func later(err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Throttled && (kind != fault.Invalid || !MayPass(err)) {
		return err
	}
	out := fault.New(fault.Unavailable, fault.CodeOf(err)).In("record.batch").Because(err)
	var f *fault.Error
	if errors.As(err, &f) {
		out.Args = f.Args
	}
	return out
}

// take adds a record that was dealt with, where nothing is to be written for it without a write.
func (b *batch) take(r *value.Record, w batchWrite) {
	b.came.Last = r.ID
	b.came.Seen++
	if w.write == nil {
		return
	}
	b.writes = append(b.writes, w)
	b.wrote.add(w.write)
	b.room += w.documents()
}

// run runs the script for a record and prepares what it wants; no write where it wants nothing, or is refused. What
// has read what the slice writes, and so has not seen it, comes with the next one, whatever it came to.
func (b *batch) run(ctx context.Context, r *value.Record) (batchWrite, error) {
	*b.notes = readings{}
	before := b.came
	out, err := b.runOn(ctx, r)
	if b.wrote.meets(*b.notes, b.isWritten) {
		b.came = before
		return batchWrite{}, errNextSlice
	}
	return out, err
}

func (b *batch) runOn(ctx context.Context, r *value.Record) (out batchWrite, err error) {
	w, err := b.changeOf(ctx, b.form.Key, r.ID, meta.Update)
	if err != nil {
		return out, b.skip(r, err)
	}
	w.action = b.script.Def.Key
	got, err := b.asks.runScript(ctx, script.Background, b.script, r.ID, w.batchCall(b.slice.At))
	b.busy += time.Duration(got.Used.Milliseconds) * time.Millisecond
	if err != nil {
		return out, b.broke(r, err)
	}
	b.came.Row, b.came.Lost = 0, 0
	if len(got.Refused) > 0 {
		return out, b.skip(r, refusedByJob(b.script, "script.skipped", got.Refused[0]))
	}
	for _, e := range got.Effects {
		if e.Op != "notify" && e.Op != "send" && b.isWritten(value.FormKey(e.Form), value.ID(e.ID)) {
			return out, errNextSlice
		}
	}
	if err := w.want(ctx, b.script, got); err != nil {
		return out, b.skip(r, err)
	}
	if b.crosses(w) {
		return out, errNextSlice
	}
	if value.Equal(w.old.Values, w.next.Values) {
		if w.done = true; len(w.setOff)+len(w.says)+len(w.sends) == 0 {
			return out, nil
		}
	}
	return batchWrite{w, got.Effects}, nil
}

// broke notes a record over which the script broke, for good or, where the slice has no more patience, by what may
// pass. An error is one that is not the record's own.
func (b *batch) broke(r *value.Record, err error) error {
	passes := MayPass(err)
	switch {
	case fault.KindOf(err) != fault.Invalid, passes && (b.slice.Patient || b.came.Seen > 0):
		return later(err)
	case passes:
		b.came.Lost++
	default:
		b.came.Row++
	}
	b.came.Failed = append(b.came.Failed, Failure{r.ID, err})
	return nil
}

// want takes over what the script has set and what it wants of others.
func (w *write) want(ctx context.Context, s *catalog.Script, got *script.Result) error {
	if len(got.Changed) > 0 {
		if err := w.editByScript(ctx, s, got.Changed); err != nil {
			return err
		}
	}
	if err := w.told().Fault("record.batch", "record.invalid"); err != nil {
		return err
	}
	return w.setOffAll(ctx, s, got.Effects)
}

// skip notes that a record is refused. An error is one that is not the record's own: that its hooks have no time left
// is none.
func (b *batch) skip(r *value.Record, why error) error {
	if fault.KindOf(why) == fault.Throttled {
		return later(why)
	}
	if !isOwn(why) || errors.Is(why, errMoved) {
		return why
	}
	b.came.Skipped = append(b.came.Skipped, Failure{r.ID, why})
	return nil
}

// batchCall is what a run over a record is given.
func (w *write) batchCall(at time.Time) script.Call {
	call := ScriptCall(eventBatch, w.actor, at, w.Zone)
	call.Record, call.Args = w.seenByScript(w.old), map[string]any{}
	return call
}

// refusedByJob is that a script which a job runs has refused, in its own words. Its code is told to those too who may
// not see its records: only one that its source names, for any other may be made of what they hold.
func refusedByJob(s *catalog.Script, code string, first script.Refusal) error {
	out := fault.New(fault.Invalid, code).In("record.batch").With("script", s.Run.Name).With("code", "").
		With("message", messageOf(first.Message))
	if s.Names(first.Code) {
		out = out.With("code", first.Code)
	}
	return out
}
