package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"tidewater/engine/catalog"
	"tidewater/engine/event"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
)

// rawBatch is how many documents a transaction of the raw store writes.
const rawBatch = 200

// rawIntake is a store that is given what an import writes of each row, record, tokens, history and event, and does
// nothing of the engine's own work: what is left is what any import costs at the least.
type rawIntake struct {
	store  store.Store
	form   *catalog.Form
	people *org.Snapshot
	zone   *time.Location
	clock  func() time.Time
}

func openRawIntake(ctx context.Context, path string, clock func() time.Time) (*rawIntake, error) {
	bundle, err := intakeApp()
	if err != nil {
		return nil, err
	}
	compiled, issues := catalog.Compile(bundle)
	if len(issues) > 0 {
		return nil, fmt.Errorf("the app of the benchmark: %w", issues)
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, err
	}
	staff, err := org.NewSnapshot(1, salespeople(people), nil, nil)
	if err != nil {
		return nil, err
	}
	raw, err := sqlite.Open(ctx, path, "raw")
	if err != nil {
		return nil, err
	}
	r := &rawIntake{raw, compiled.Forms[form], staff, zone, clock}
	if err := raw.Prepare(ctx, compiled.Layouts(), func(int, int) {}); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return r, nil
}

// draw makes the documents of rows after the first ones, a transaction's worth each.
func (r *rawIntake) draw(first int64, rows int) ([][]event.Event, error) {
	var all []event.Event
	for n := first; n < first+int64(rows); n++ {
		values, issues := r.form.DecodeValues(intakeRow(n))
		if len(issues) > 0 {
			return nil, fmt.Errorf("row %d: %w", n, issues)
		}
		now := r.clock().UTC().Truncate(time.Millisecond)
		made := &value.Record{
			ID: value.ID(ulid.Make().String()), Form: form, Version: 1, Values: values,
			CreatedAt: now, CreatedBy: personID(0), UpdatedAt: now, UpdatedBy: personID(0),
		}
		r.form.Derive(made, r.zone, r.people)
		e := event.Event{Kind: event.RecordCreated, Form: form, Record: made.ID, Version: 1, At: now, Actor: personID(0), After: made}
		for name, v := range values {
			e.Changes = append(e.Changes, event.Change{Field: value.FieldKey(name), To: v})
		}
		slices.SortFunc(e.Changes, func(a, b event.Change) int { return strings.Compare(string(a.Field), string(b.Field)) })
		all = append(all, e)
	}
	return slices.Collect(slices.Chunk(all, rawBatch)), nil
}

func (r *rawIntake) write(ctx context.Context, batch []event.Event) error {
	return r.store.Tx(ctx, func(tx store.Tx) error {
		for _, e := range batch {
			if err := tx.Put(ctx, e.After, 0); err != nil {
				return err
			}
			if err := tx.Emit(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
