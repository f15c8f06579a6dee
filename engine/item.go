package engine

import (
	"bytes"
	"context"
	"encoding/json"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// readItem reads a side document; numbers in values of type any keep their digits, as json.Number.
func readItem(collection string, item store.Item, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(item.Body))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(collection + "/" + item.Key).Because(err)
	}
	return nil
}

// saveItem writes a side document in place of whatever was there.
func saveItem(ctx context.Context, tx store.Tx, collection, key string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Save(ctx, collection, store.Item{Key: key, Body: body}, store.AnyRevision)
}
