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
	At    time.Time
	Limit int // records at most; what the script states counts too
	// Row is how many records in a row the script has broken over before.
	Row int
	// Patient has the slice tried again later where what the script met may be gone by then; else that is a fault
	// over the record.
	Patient bool
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
	Row     int              // see BatchSlice.Row
	Did     map[string]int64 // effects by what they do
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
	// batchBusy is how much time of its scripts ends a slice.
	batchBusy = time.Second
	// batchRoom is how many documents a slice writes at most, unless one record alone asks for more.
	batchRoom = 600
	// MaxRow records in a row over which a script breaks say that it will break over the next one too.
	MaxRow = 20
)

// RunBatch runs a batch script over the next slice, and writes also with what it comes to. Faults: NotFound
// "form.unknown", "script.unknown", Unavailable where scripts cannot run just now, those of the store and of also.
func (s *Service) RunBatch(ctx context.Context, actor value.Actor, slice BatchSlice, also func(store.Tx, Batched) error) error {
	return again(func() error {
		v := s.visit(actor)
		form, one, err := v.scriptOf(slice.Form, slice.Script)
		if err != nil {
			return err
		}
		b := &batch{visit: v, form: form, script: one, slice: slice}
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
	came   Batched
	writes []batchWrite
	room   int           // documents that writes take
	busy   time.Duration // of the script
}

// batchWrite is what is to be written for one record.
type batchWrite struct {
	*write
	wanted []script.Effect
}

// page finds the records of the slice.
func (b *batch) page(ctx context.Context) (query.Page, error) {
	limit := min(b.slice.Limit, b.script.AtOnce())
	q, err := b.listQuery(ctx, b.form, overRequest(b.form, b.script, limit))
	if err != nil {
		return query.Page{}, err
	}
	if q.Sorts, q.Budget = nil, batchBudget; b.slice.After != "" {
		q.After = query.Key{string(b.slice.After)}
	}
	return b.Store.List(ctx, q)
}

// overRequest lists the records that a batch script is for, by id.
func overRequest(form *catalog.Form, one *catalog.Script, limit int) ListRequest {
	out := ListRequest{Form: form.Key, Sort: "id", Limit: limit}
	if over := one.Over(); over != "" {
		out.Filter = over
	}
	return out
}

// fill runs the script for one record after the other, until the slice is full.
func (b *batch) fill(ctx context.Context) error {
	page, err := b.page(ctx)
	if err != nil {
		return err
	}
	b.came = Batched{Last: b.slice.After, Row: b.slice.Row, Examined: page.Examined}
	b.ahead = map[parentKey]*value.Record{}
	for _, r := range page.Records {
		b.ahead[parentKey{b.form.Key, r.ID}] = r
	}
	for _, r := range page.Records {
		if b.isWritten(b.form.Key, r.ID) || b.busy >= batchBusy || b.room >= batchRoom || b.came.Row >= MaxRow {
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

// lastOf is the id where a page in the order of ids has ended.
func lastOf(key query.Key) (value.ID, bool) {
	if len(key) == 0 {
		return "", false
	}
	last, ok := key[len(key)-1].(string)
	return value.ID(last), ok
}

// errNextSlice ends a slice before a record that writes what one before it writes.
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
	return fault.New(fault.Unavailable, fault.CodeOf(err)).In("record.batch").Because(err)
}

// take adds a record that was dealt with, where nothing is to be written for it without a write.
func (b *batch) take(r *value.Record, w batchWrite) {
	b.came.Last = r.ID
	b.came.Seen++
	if w.write == nil {
		return
	}
	b.writes = append(b.writes, w)
	b.room += w.documents()
}

// documents is about how many a write takes, with what it sets off.
func (w *write) documents() int {
	n := len(w.sends)
	if !w.done {
		n += 2 // and its event
	}
	for _, one := range w.says {
		n += 3 * len(one.To)
	}
	for _, one := range w.setOff {
		n += one.documents()
	}
	return n
}

// isWritten tells whether the slice writes a record already.
func (b *batch) isWritten(form value.FormKey, id value.ID) bool {
	for _, w := range b.writes {
		if w.writes(form, id) {
			return true
		}
	}
	return false
}

// run runs the script for a record and prepares what it wants; no write where it wants nothing, or is refused.
func (b *batch) run(ctx context.Context, r *value.Record) (out batchWrite, err error) {
	w, err := b.changeOf(ctx, b.form.Key, r.ID, meta.Update)
	if err != nil {
		return out, b.skip(r, err)
	}
	w.action = b.script.Def.Key
	got, err := b.Scripts.Run(ctx, script.Background, b.script.Run, w.batchCall(b.slice.At), &scriptHost{visit: b.visit})
	b.busy += time.Duration(got.Used.Milliseconds) * time.Millisecond
	if fault.KindOf(err) == fault.Invalid && !(b.slice.Patient && MayPass(err)) {
		b.came.Failed = append(b.came.Failed, Failure{r.ID, err})
		b.came.Row++
		return out, nil
	}
	if err != nil {
		return out, later(err)
	}
	b.came.Row = 0
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

// crosses tells whether what a write sets off, hooks of others included, is written by the slice already.
func (b *batch) crosses(w *write) bool {
	for _, one := range w.setOff {
		if b.isWritten(one.form.Key, one.next.ID) || b.crosses(one) {
			return true
		}
	}
	return false
}

// want takes over what the script has set and what it wants of others.
func (w *write) want(ctx context.Context, s *catalog.Script, got *script.Result) error {
	if len(got.Changed) > 0 {
		if err := w.editByScript(ctx, got.Changed); err != nil {
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

// refusedByJob is that a script which a job runs has refused, in its own words.
func refusedByJob(s *catalog.Script, code string, first script.Refusal) error {
	return fault.New(fault.Invalid, code).In("record.batch").With("script", s.Run.Name).With("code", first.Code).
		With("message", messageOf(first.Message))
}

// write writes the slice. A record that stands in the way of the others is refused, and they are written without it.
func (b *batch) write(ctx context.Context, also func(store.Tx, Batched) error) error {
	for {
		at := -1
		err := b.tx(ctx, nil, func(tx store.Tx) error {
			b.holding = map[string]bool{}
			for n, w := range b.writes {
				at = n
				if err := w.applyBatched(ctx, tx); err != nil {
					return err
				}
			}
			at = -1
			return also(tx, b.result())
		})
		switch {
		case err == nil || at < 0 || !isOwn(err):
			return err
		case errors.Is(err, errMoved) || fault.CodeOf(err) == "store.stale":
			return errMoved // what the others wrote is what the script is to see
		}
		w := b.writes[at]
		b.came.Skipped = append(b.came.Skipped, Failure{w.next.ID, w.explain(err)})
		b.writes = append(b.writes[:at:at], b.writes[at+1:]...)
	}
}

// result is what the slice comes to as it is written now.
func (b *batch) result() Batched {
	out := b.came
	out.Changed, out.Did = int64(len(b.writes)), map[string]int64{}
	for _, w := range b.writes {
		for _, e := range w.wanted {
			out.Did[e.Op]++
		}
	}
	return out
}

// applyBatched writes one record and what its script wants, or this alone where the record stays as it is.
func (w *write) applyBatched(ctx context.Context, tx store.Tx) error {
	if w.done {
		return w.applySetOff(ctx, tx)
	}
	return w.apply(ctx, tx)
}
