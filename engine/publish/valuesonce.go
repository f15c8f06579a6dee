package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/store"
)

const (
	valuesOnce     = "valuesOnce" // actor and request → the change as it was answered
	valuesOnceLife = 24 * time.Hour
)

// onceDone is what came of a request, and of which one.
type onceDone struct {
	Hash   []byte `json:"hash"`
	Values Values `json:"values"`
}

// onceOf is a request that changes values, by its key; nil for one that has none.
type onceOf struct {
	key  string
	hash []byte
}

func (k *Keeper) onceOf(once *job.Once) *onceOf {
	if once == nil {
		return nil
	}
	return &onceOf{key: string(k.actor.Key()) + " " + once.Key, hash: once.Hash}
}

// Recall returns what came of a request that was carried out before, nil where it was not, or where the actor may not
// have done it any more. Faults: Invalid "idempotency.otherBody".
func (k *Keeper) Recall(ctx context.Context, once *job.Once) (*Values, error) {
	const op = "publish.recallValues"
	of := k.onceOf(once)
	if of == nil {
		return nil, nil
	}
	item, err := k.service.Store.Load(ctx, valuesOnce, of.key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if !item.Expires.After(k.service.Clock()) {
		return nil, fault.Wrap(op, k.service.Store.Drop(ctx, valuesOnce, item.Key))
	}
	var done onceDone
	if err := json.Unmarshal(item.Body, &done); err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").At(valuesOnce).Because(err)
	}
	if !bytes.Equal(done.Hash, of.hash) {
		return nil, fault.New(fault.Invalid, "idempotency.otherBody").In(op)
	}
	if !k.mayHear(&done.Values) {
		return nil, nil
	}
	return &done.Values, nil
}

// mayHear tells whether somebody may still be told of a change.
func (k *Keeper) mayHear(v *Values) bool {
	return access.Unscoped(k.actor) == nil && (v.By == k.actor.Key() || k.mayAll(v))
}

// remember keeps the answer in the transaction that makes it so; of two requests with one key the second conflicts.
func (v *Values) remember(ctx context.Context, tx store.Tx, at time.Time) error {
	if v.once == nil {
		return nil
	}
	body, err := json.Marshal(onceDone{Hash: v.once.hash, Values: *v})
	if err != nil {
		return fault.Wrap("publish.rememberValues", err)
	}
	return tx.Save(ctx, valuesOnce, store.Item{Key: v.once.key, Expires: at.Add(valuesOnceLife), Body: body}, 0)
}
