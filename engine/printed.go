package engine

import (
	"context"
	"strconv"

	"tidewater/engine/access"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// MaxPrinted is how many records one print names.
const MaxPrinted = 200

// Printed keeps for the administrators that somebody has records printed, before they do: each of them must be theirs to
// read. Faults: Malformed "print.records", NotFound "record.notFound", Forbidden "viewing.readOnly".
func (e *Engine) Printed(ctx context.Context, actor value.Actor, form value.FormKey, ids []value.ID) error {
	const op = "engine.printed"
	if err := access.Passive(actor); err != nil {
		return err
	}
	if len(ids) == 0 || len(ids) > MaxPrinted {
		return fault.New(fault.Malformed, "print.records").In(op).At("/records").With("max", MaxPrinted)
	}
	names := make([]record.Name, len(ids))
	for n, id := range ids {
		names[n] = record.Name{Form: form, ID: id}
	}
	seen, err := e.Records.Glimpses(ctx, actor, names)
	if err != nil {
		return fault.Wrap(op, err)
	}
	for n, one := range seen {
		if !one.Seen {
			return fault.New(fault.NotFound, "record.notFound").In(op).At("/records/" + strconv.Itoa(n))
		}
	}
	entry := audit.Entry{At: e.config.Clock().UTC(), Actor: actor.Key(), Op: audit.RecordsPrinted, Form: form, Count: int64(len(ids))}
	if len(ids) == 1 {
		entry.Record = ids[0]
	}
	id := e.config.NewID()
	return fault.Wrap(op, e.config.Store.Tx(ctx, func(tx store.Tx) error {
		if err := audit.Write(ctx, tx, id, entry); err != nil {
			return err
		}
		return e.tallyTaken(ctx, tx, actor, entry.Count)
	}))
}
