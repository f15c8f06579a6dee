package record

import (
	"context"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// number gives the record its running numbers, drawn inside the transaction so that a save which
// fails leaves no gap.
func (w *write) number(ctx context.Context, tx store.Tx, next *value.Record) error {
	day := value.DayOf(w.now, w.Zone)
	for _, field := range w.form.Numbered {
		n, err := tx.Next(ctx, field.Sequence(w.form.Key, day))
		if err != nil {
			return err
		}
		next.Values[string(field.Key)] = field.RenderNumber(n, day)
	}
	return nil
}
