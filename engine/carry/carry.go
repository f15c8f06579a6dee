// Package carry brings all that one store holds into another, of the same kind or of another, and reckons what a
// store holds as a few hashes, by which the two are held against each other. It knows the port and no implementation.
//
// What follows from the rest is not carried but made anew by the store that takes it: indexes, tokens, sums. Leases
// are left behind, and so are files that have not arrived whole.
package carry

import (
	"context"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

const (
	// atOnce is how many of anything go in one transaction, well below what one may touch.
	atOnce = 400
	// bytesAtOnce is how large the side documents of one transaction may be together.
	bytesAtOnce = 4 << 20
	// carrier owns files between their arrival and their claim; it is no person.
	carrier value.ID = "system:carry"
	// unclaimed is when the pieces of a file would be cleared of which no more came.
	unclaimed = 24 * time.Hour
)

// Progress is told what was carried so far: of what, and how many.
type Progress func(part string, done int64)

// Copy fills an empty store with all that another holds, and then holds them against each other. The one that is
// read must not change meanwhile: see store.Moving.Freeze. Faults: Conflict "carry.notEmpty"; Internal "carry.differs",
// whose arg parts names what differs, also where it is the source that has changed; those of the stores.
func Copy(ctx context.Context, from, to store.Store, tell Progress) (Sums, error) {
	const op = "carry.copy"
	if tell == nil {
		tell = func(string, int64) {}
	}
	has, err := SumsOf(ctx, to)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if !has.Empty() {
		return nil, fault.New(fault.Conflict, "carry.notEmpty").In(op)
	}
	w := &way{from: from, to: to, tell: tell}
	for _, carry := range []func(context.Context) error{w.forms, w.items, w.files, w.lines, w.events, w.counters} {
		if err := carry(ctx); err != nil {
			return nil, fault.Wrap(op, err)
		}
	}
	sums, err := Compare(ctx, from, to)
	if err == nil {
		err = searched(ctx, to)
	}
	return sums, fault.Wrap(op, err)
}

// way is a copy under way.
type way struct {
	from, to store.Store
	tell     Progress
}

// forms prepares the target and carries the records.
func (w *way) forms(ctx context.Context) error {
	forms, err := w.from.Forms(ctx)
	if err != nil {
		return err
	}
	if err := w.to.Prepare(ctx, forms, nil); err != nil {
		return err
	}
	for _, form := range forms {
		part := "form " + string(form.Key)
		records := gather(w, part, func(batch []*value.Record) error {
			return w.to.Tx(ctx, func(tx store.Tx) error {
				for _, r := range batch {
					if err := tx.Put(ctx, r, 0); err != nil {
						return err
					}
				}
				return nil
			})
		})
		err := w.from.Each(ctx, form.Key, "", func(r *value.Record) error {
			r.Tokens = tokensOf(form, r)
			return records.add(r, 0)
		})
		if err := records.end(err); err != nil {
			return err
		}
	}
	return nil
}

// tokensOf are the tokens that search finds a record by: they follow from its folded text.
func tokensOf(form store.Form, r *value.Record) []string {
	folded, _ := r.Shadow[value.ShadowText].(string)
	if !form.Search || folded == "" {
		return []string{}
	}
	return text.FoldedTokens(folded)
}

// gathered are things that wait to be written together.
type gathered[T any] struct {
	write func([]T) error
	tell  func(done int64)
	batch []T
	bytes int
	done  int64
}

func gather[T any](w *way, part string, write func([]T) error) *gathered[T] {
	return &gathered[T]{write: write, tell: func(done int64) { w.tell(part, done) }}
}

func (g *gathered[T]) add(one T, bytes int) error {
	g.batch, g.bytes = append(g.batch, one), g.bytes+bytes
	if len(g.batch) < atOnce && g.bytes < bytesAtOnce {
		return nil
	}
	return g.flush()
}

func (g *gathered[T]) flush() error {
	if len(g.batch) == 0 {
		return nil
	}
	if err := g.write(g.batch); err != nil {
		return err
	}
	g.done += int64(len(g.batch))
	g.tell(g.done)
	g.batch, g.bytes = g.batch[:0:0], 0
	return nil
}

// end writes the rest, unless the walk has failed.
func (g *gathered[T]) end(err error) error {
	if err != nil {
		return err
	}
	return g.flush()
}

func (w *way) items(ctx context.Context) error {
	items := gather(w, "side documents", func(batch []store.SideItem) error { return w.to.Lay(ctx, store.Laid{Items: batch}) })
	return items.end(w.from.EachItem(ctx, func(one store.SideItem) error { return items.add(one, len(one.Body)) }))
}

func (w *way) lines(ctx context.Context) error {
	lines := gather(w, "history", func(batch []event.Event) error { return w.to.Lay(ctx, store.Laid{Lines: batch}) })
	return lines.end(w.from.EachLine(ctx, 0, func(e event.Event) error { return lines.add(e, 0) }))
}

func (w *way) events(ctx context.Context) error {
	events := gather(w, "outbox", func(batch []event.Event) error { return w.to.Lay(ctx, store.Laid{Events: batch}) })
	return events.end(eachEvent(ctx, w.from, func(e event.Event) error { return events.add(e, 0) }))
}

func (w *way) counters(ctx context.Context) error {
	counters, err := w.from.Counters(ctx)
	if err != nil {
		return err
	}
	return w.to.Lay(ctx, store.Laid{Counters: &counters})
}

// eachEvent walks the outbox.
func eachEvent(ctx context.Context, s store.Store, do func(event.Event) error) error {
	after := int64(0)
	for {
		batch, err := s.Since(ctx, after, atOnce)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, e := range batch {
			if err := do(e); err != nil {
				return err
			}
			after = e.Seq
		}
	}
}

func (w *way) files(ctx context.Context) error {
	done := int64(0)
	return w.from.EachFile(ctx, "", func(f store.File) error {
		if err := w.file(ctx, f); err != nil {
			return err
		}
		done++
		w.tell("files", done)
		return nil
	})
}

// file carries a file as any other arrives: piece by piece, then whole, then claimed by the field that holds it.
func (w *way) file(ctx context.Context, f store.File) error {
	err := eachPiece(ctx, w.from, f, func(n int, data []byte) error {
		return w.to.PutPiece(ctx, f.ID, n, data, f.At.Add(unclaimed))
	})
	if err != nil {
		return err
	}
	return w.to.Tx(ctx, func(tx store.Tx) error {
		arrived := f
		arrived.Holder = store.Holder{}
		if f.Holder == (store.Holder{}) {
			return tx.AddFile(ctx, arrived)
		}
		arrived.Owner = carrier
		if err := tx.AddFile(ctx, arrived); err != nil {
			return err
		}
		return tx.Claim(ctx, f.ID, carrier, f.Holder)
	})
}

// eachPiece walks the bytes of a file; an empty one has one piece with nothing in it.
func eachPiece(ctx context.Context, s store.Store, f store.File, do func(n int, data []byte) error) error {
	read := int64(0)
	for n := 0; n == 0 || read < f.Size; n++ {
		data, err := s.Piece(ctx, f.ID, n)
		if err != nil {
			return err
		}
		if err := do(n, data); err != nil {
			return err
		}
		read += int64(len(data))
	}
	return nil
}

// searched holds that search finds each record by its own words: that is not part of the sums, for it follows from
// what is.
func searched(ctx context.Context, s store.Store) error {
	forms, err := s.Forms(ctx)
	if err != nil {
		return err
	}
	for _, form := range forms {
		if !form.Search {
			continue
		}
		want, got := store.TokenSum(0), store.TokenSum(0)
		err := s.Each(ctx, form.Key, "", func(r *value.Record) error {
			want += of(r.ID, store.SumTokens(tokensOf(form, r)))
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.EachTokens(ctx, form.Key, func(id value.ID, sum store.TokenSum) error { got += of(id, sum); return nil }); err != nil {
			return err
		}
		if want != got {
			return differs("search in form " + string(form.Key))
		}
	}
	return nil
}

// of ties a sum of tokens to its record; that of none counts for nothing.
func of(id value.ID, sum store.TokenSum) store.TokenSum {
	if sum == 0 {
		return 0
	}
	return sum * (2*store.SumTokens([]string{string(id)}) + 1)
}

func differs(parts string) error {
	return fault.New(fault.Internal, "carry.differs").With("parts", parts)
}
