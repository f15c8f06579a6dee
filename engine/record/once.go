package record

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Once asks that a request with the same key by the same actor is carried out one time only, however
// often it is sent. It holds for 24 hours.
type Once struct {
	Key   string // the client's, at most 200 characters
	Route string // method and path
	Hash  []byte // of the body: the same key with another body is a mistake
}

// item is the Once of one item of a batch whose items stand alone: sent again, each that was carried out
// answers again, and the others get their chance. nil stays nil.
func (o *Once) item(n int) *Once {
	if o == nil {
		return nil
	}
	return &Once{Key: o.Key + "#" + strconv.Itoa(n), Route: o.Route, Hash: o.Hash}
}

const (
	onceCollection = "once"
	onceLife       = 24 * time.Hour
)

type done struct {
	Hash    []byte         `json:"hash"`
	Records []value.Record `json:"records"`
	File    value.ID       `json:"file,omitempty"`
}

// replay answers a request that was carried out before, with the record as it was then.
func (v *visit) replay(ctx context.Context, once *Once) (*View, bool, error) {
	records, ok, err := v.replayed(ctx, once)
	if err != nil || !ok || len(records) != 1 {
		return nil, false, err
	}
	answer, err := v.again(ctx, &records[0])
	return answer, true, err
}

// again is the view of a record as it was, for one who may still read it as it is.
func (v *visit) again(ctx context.Context, r *value.Record) (*View, error) {
	form, _, err := v.read(ctx, r.Form, r.ID)
	if err != nil {
		return nil, err
	}
	if !v.decision(form).Reaches(meta.Read, r) {
		return nil, notFound(r.Form, r.ID)
	}
	return v.answer(ctx, form, r)
}

// replayed returns the records of a request that was carried out before, and whether it was.
func (v *visit) replayed(ctx context.Context, once *Once) ([]value.Record, bool, error) {
	d, err := v.recall(ctx, once)
	if err != nil || d == nil {
		return nil, false, err
	}
	return d.Records, true, nil
}

// recall returns what was done for the request before, nil if nothing was.
func (v *visit) recall(ctx context.Context, once *Once) (*done, error) {
	if once == nil {
		return nil, nil
	}
	item, err := v.Store.Load(ctx, onceCollection, v.onceKey(once))
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !item.Expires.After(v.now) {
		return nil, v.Store.Drop(ctx, onceCollection, item.Key)
	}
	var d done
	if err := json.Unmarshal(item.Body, &d); err != nil {
		return nil, fault.Wrap("record.replay", err)
	}
	if !bytes.Equal(d.Hash, once.Hash) {
		return nil, fault.New(fault.Invalid, "idempotency.otherBody")
	}
	return &d, nil
}

// holdOnce answers errMoved when the request was carried out since replay has asked.
func (v *visit) holdOnce(ctx context.Context, tx store.Tx, once *Once) error {
	if once == nil {
		return nil
	}
	item, err := tx.Load(ctx, onceCollection, v.onceKey(once))
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return nil
	case err == nil && item.Expires.After(v.now):
		return errMoved
	}
	return err
}

// remember keeps the answer in the transaction that made it; a second one of the same key conflicts.
func (v *visit) remember(ctx context.Context, tx store.Tx, once *Once, records ...*value.Record) error {
	if once == nil {
		return nil
	}
	var d done
	for _, r := range records {
		kept := *r
		kept.Shadow, kept.Tokens = nil, nil
		d.Records = append(d.Records, kept)
	}
	return v.note(ctx, tx, once, d)
}

func (v *visit) note(ctx context.Context, tx store.Tx, once *Once, d done) error {
	if once == nil {
		return nil
	}
	d.Hash = once.Hash
	body, err := json.Marshal(d)
	if err != nil {
		return fault.Wrap("record.remember", err)
	}
	return tx.Save(ctx, onceCollection, store.Item{Key: v.onceKey(once), Expires: v.now.Add(onceLife), Body: body}, 0)
}

func (v *visit) onceKey(once *Once) string {
	return string(v.actor.Key()) + " " + once.Route + " " + once.Key
}
