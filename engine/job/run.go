package job

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Run is a job at work, as its kind sees it for one batch.
type Run struct {
	Job               // as it stood when the batch began
	Actor value.Actor // the asker with the rights they have now
	Now   time.Time   // when the batch began; transactions draw no time
	lease *leased
}

// Did is what a batch has done.
type Did struct {
	Cursor  any              // where to go on; nil leaves it where it was
	Done    int64            // parts dealt with, added to those before
	Total   int64            // parts there are, as known now; 0 leaves what was said
	Counts  map[string]int64 // parts by what became of them, added to those before
	Refused []Refusal        // parts that were not done, and why; they are among Done
	Ended   bool             // nothing is left
	Result  string           // what came of it; "" leaves what was said
	Undo    bool             // what it did can be taken back; false leaves what was said
}

// Advance writes, within the transaction of a batch, that it is done: this is what keeps a batch from
// being done twice. It fails with Conflict "store.leased" when another worker has taken over, and with
// it fails the batch. A transaction may run more than once, so may this.
func (r *Run) Advance(ctx context.Context, tx store.Tx, did Did) error {
	if err := r.lease.hold(ctx, tx); err != nil {
		return err
	}
	s, err := load(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if s.State != Running {
		return fault.New(fault.Conflict, "store.leased").With("name", leaseOf(r.ID))
	}
	if err := s.add(ctx, tx, did, r.Now); err != nil {
		return err
	}
	if did.Ended {
		s.end(Done, r.Now)
		if err := r.lease.queue.ending(ctx, tx, s); err != nil {
			return err
		}
	}
	return s.save(ctx, tx, s.Due, r.Now)
}

// Commit is Advance for a batch that writes nothing else.
func (r *Run) Commit(ctx context.Context, did Did) error {
	return r.lease.queue.config.Store.Tx(ctx, func(tx store.Tx) error { return r.Advance(ctx, tx, did) })
}

// From reads what the job was asked to do, and where it stands; cursor stays as it is before the first batch.
// Numbers in values of type any keep their digits, as json.Number.
func (r *Run) From(args, cursor any) error {
	if err := read(r.Args, args); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(wanted + "/" + string(r.ID)).Because(err)
	}
	if len(r.Cursor) == 0 {
		return nil
	}
	if err := read(r.Cursor, cursor); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(jobs + "/" + string(r.ID)).Because(err)
	}
	return nil
}

func read(body []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// add puts what a batch has done to what was done before.
func (s *stored) add(ctx context.Context, tx store.Tx, did Did, now time.Time) error {
	if did.Cursor != nil {
		cursor, err := json.Marshal(did.Cursor)
		if err != nil {
			return fault.Wrap("job.advance", err)
		}
		s.Cursor = cursor
	}
	s.Done += did.Done
	if did.Total > 0 {
		s.Total = did.Total
	}
	s.Undo = s.Undo || did.Undo
	if did.Result != "" {
		s.Result = did.Result
	}
	for name, n := range did.Counts {
		s.Counts = plus(s.Counts, name, n)
	}
	for _, r := range did.Refused {
		s.Refusals = plus(s.Refusals, r.Code, 1)
		if s.Told == MaxRefused {
			continue
		}
		body, err := json.Marshal(r)
		if err != nil {
			return fault.Wrap("job.advance", err)
		}
		item := store.Item{Key: refusalKey(s.ID, s.Told), Body: body, Expires: now.Add(2 * kept)}
		if err := tx.Save(ctx, refused, item, store.AnyRevision); err != nil {
			return err
		}
		s.Told++
	}
	// It moved on: what failed before has passed.
	s.Tries, s.Reason = 0, nil
	return nil
}

func plus(counts map[string]int64, name string, n int64) map[string]int64 {
	if counts == nil {
		counts = map[string]int64{}
	}
	counts[name] += n
	return counts
}
