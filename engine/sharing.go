package engine

import (
	"context"

	"tidewater/engine/fault"
	"tidewater/engine/share"
	"tidewater/engine/store"
)

// endedAtOnce is how many ends of shares are read together.
const endedAtOnce = 100

// EndShares takes away what records were shared for and are no longer. It reads what is due, and no more; ended twice
// at once, or again after a kill, it finds nothing more to do. What a share has let do has ended by itself before.
func (e *Engine) EndShares(ctx context.Context) error {
	const op = "engine.endShares"
	now := e.config.Clock().UnixMilli()
	for after := ""; ; {
		items, err := e.config.Store.Scan(ctx, share.Ends, "", after, endedAtOnce)
		if err != nil {
			return fault.Wrap(op, err)
		}
		for _, item := range items {
			at, form, id, ok := share.EndOf(item.Key)
			if !ok {
				return fault.New(fault.Internal, "store.corrupt").In(op).At(share.Ends + "/" + item.Key)
			}
			if at > now {
				return nil
			}
			if err := e.Records.EndShares(ctx, form, id); err != nil {
				return fault.Wrap(op, err)
			}
			if err := e.dropEnd(ctx, item.Key); err != nil {
				return fault.Wrap(op, err)
			}
			after = item.Key
		}
		if len(items) < endedAtOnce {
			return nil
		}
	}
}

func (e *Engine) dropEnd(ctx context.Context, key string) error {
	return e.config.Store.Tx(ctx, func(tx store.Tx) error { return tx.Drop(ctx, share.Ends, key) })
}
