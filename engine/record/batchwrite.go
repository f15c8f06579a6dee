package record

import (
	"context"
	"errors"

	"tidewater/engine/fault"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// batchWrite is what is to be written for one record.
type batchWrite struct {
	*write
	wanted []script.Effect
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

// crosses tells whether what a write sets off, hooks of others included, is written by the slice already.
func (b *batch) crosses(w *write) bool {
	for _, one := range w.setOff {
		if b.isWritten(one.form.Key, one.next.ID) || b.crosses(one) {
			return true
		}
	}
	return false
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
