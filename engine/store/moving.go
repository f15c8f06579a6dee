package store

import (
	"context"

	"tidewater/engine/event"
)

// Moving is what a store tells and takes beyond what everybody asks of it, so that all that it holds can be
// carried into another one, whatever that is: see package carry.
type Moving interface {
	// Freeze refuses every write with Unavailable "store.moving" until Thaw, whoever writes: it is kept with the
	// data. When it returns, no other process writes either. It is frozen in the name of by, which is not empty, also
	// where it was in that of another before; was is that, "" where it was open.
	Freeze(ctx context.Context, by string) (was string, err error)
	// Thaw lets it be written again if it is frozen in the name of by; otherwise nothing happens.
	Thaw(ctx context.Context, by string) error
	// Frozen tells in whose name it is frozen, "" for open. As long as it tells the same, nobody has written.
	Frozen(ctx context.Context) (by string, err error)
	// Forms returns all forms that the store was ever prepared for, by key.
	Forms(ctx context.Context) ([]Form, error)
	// EachLine walks the lines of all histories with Seq > after in the order of their numbers, without images.
	EachLine(ctx context.Context, after int64, do func(event.Event) error) error
	// EachItem walks all side documents by collection and key; those past their expiry, too, until Sweep.
	EachItem(ctx context.Context, do func(SideItem) error) error
	// Counters returns the numbers by which the store goes on.
	Counters(ctx context.Context) (Counters, error)
	// Lay puts down what was in another store, under the numbers that it had there: all of it or nothing, at
	// most 1,000 of each. Conflict "store.stale" where there is something under such a number.
	Lay(ctx context.Context, l Laid) error
}

// Laid is what Lay puts down.
type Laid struct {
	Lines    []event.Event // of histories, without images
	Events   []event.Event // of the outbox, with images
	Items    []SideItem    // with their revisions
	Counters *Counters     // nil: none; they come last
}

// SideItem is a side document and where it lies.
type SideItem struct {
	Collection string
	Item
}

// Counters are the numbers by which a store goes on.
type Counters struct {
	Newest    int64            // the number of the newest event that ever was, 0 for none
	Sequences map[string]int64 // the last number of each
	Consumers []Consumer       // of the outbox, by name
}

// Consumer is what a consumer of the outbox has settled. What it has only taken it is given again.
type Consumer struct {
	Name    string
	Floor   int64   // every event up to this
	Settled []int64 // and above it these, ascending
}

// InBatches calls do with all that next returns, until that is nothing: the way of EachLine and EachItem.
func InBatches[T any](next func() ([]T, error), do func(T) error) error {
	for {
		batch, err := next()
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, one := range batch {
			if err := do(one); err != nil {
				return err
			}
		}
	}
}
