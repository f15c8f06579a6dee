package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/event"
	"tidewater/engine/store"
)

// Take leases events. Of two who take for one consumer at once, one begins anew.
func (s *Store) Take(ctx context.Context, consumer string, limit int, lease time.Duration) (events []event.Event, err error) {
	if limit < 1 || limit > maxTouched {
		return nil, store.TooLarge()
	}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if err := s.late.catchUp(ctx); err != nil {
		return nil, err
	}
	if idle, err := s.isIdle(ctx, consumer); idle || err != nil {
		return nil, broken(err)
	}
	now, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	err = s.transact(ctx, func(t *tx) error {
		events = nil
		seqs, err := t.free(ctx, consumer, limit, now)
		if err != nil || len(seqs) == 0 {
			return t.told(err)
		}
		if err := t.deliver(ctx, consumer, seqs, now+lease.Milliseconds()); err != nil {
			return t.told(err)
		}
		events, err = t.events(ctx, d(atID, d("$in", seqs)), 0)
		return t.told2(err)
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// isIdle tells whether a consumer that is known has nothing to take, which is nearly always so, without a transaction.
func (s *Store) isIdle(ctx context.Context, consumer string) (bool, error) {
	known, found, err := s.conn().one(ctx, inConsumers, look{where: d(atID, consumer)})
	if err != nil || !found {
		return false, err
	}
	_, more, err := s.conn().one(ctx, inOutbox, look{where: d(atID, d("$gt", intOf(known.Lookup("floor")))), fields: d(atID, int32(1))})
	return !more, err
}

// floor is the number up to which a consumer has settled all. It writes the consumer, so that only one is at it.
func (t *tx) floor(ctx context.Context, consumer string) (int64, error) {
	change := bson.D{{Key: "$inc", Value: d("turns", int64(1))}, {Key: "$setOnInsert", Value: d("floor", int64(0))}}
	o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	raw, err := t.collection(inConsumers).FindOneAndUpdate(t.in(ctx), d(atID, consumer), change, o).Raw()
	if err != nil {
		return 0, raced(err)
	}
	return intOf(raw.Lookup("floor")), nil
}

// deliveries are until when events above the floor are leased to a consumer; settled ones until forever.
func (t *tx) deliveries(ctx context.Context, consumer string, floor int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	where := bson.D{{Key: "consumer", Value: consumer}, {Key: "seq", Value: d("$gt", floor)}}
	err := t.find(ctx, inDeliveries, look{where: where}, func(raw bson.Raw) error {
		out[intOf(raw.Lookup("seq"))] = intOf(raw.Lookup("until"))
		return nil
	})
	return out, err
}

// settled is until when what is settled is not handed out again.
const settled = 1<<63 - 1

// free lists events that the consumer may have now: neither settled nor leased, nor behind an event of the same
// record that is leased to somebody still.
func (t *tx) free(ctx context.Context, consumer string, limit int, now int64) (seqs []int64, err error) {
	floor, err := t.floor(ctx, consumer)
	if err != nil {
		return nil, err
	}
	until, err := t.deliveries(ctx, consumer, floor)
	if err != nil {
		return nil, err
	}
	heads := bson.D{{Key: "form", Value: int32(1)}, {Key: "record", Value: int32(1)}}
	leased := map[[2]string]bool{}
	l := look{where: d(atID, d("$gt", floor)), sort: d(atID, int32(1)), fields: heads}
	err = t.find(ctx, inOutbox, l, func(raw bson.Raw) error {
		seq := intOf(raw.Lookup(atID))
		record := [2]string{textOf(raw.Lookup("form")), textOf(raw.Lookup("record"))}
		switch ends, given := until[seq]; {
		case given && ends == settled:
			return nil
		case given && ends > now || leased[record]:
			leased[record] = true
			return nil
		}
		if seqs = append(seqs, seq); len(seqs) == limit {
			return errStop
		}
		return nil
	})
	return seqs, err
}

// deliver says until when events are a consumer's.
func (t *tx) deliver(ctx context.Context, consumer string, seqs []int64, until int64) error {
	if len(seqs) == 0 {
		return nil
	}
	models := make([]driver.WriteModel, len(seqs))
	for i, seq := range seqs {
		which := bson.D{{Key: "consumer", Value: consumer}, {Key: "seq", Value: seq}}
		models[i] = driver.NewUpdateOneModel().SetFilter(which).SetUpdate(d("$set", d("until", until))).SetUpsert(true)
	}
	_, err := t.collection(inDeliveries).BulkWrite(t.in(ctx), models)
	return raced(err)
}

// Settle marks events as done and moves the floor over all that are.
func (s *Store) Settle(ctx context.Context, consumer string, seqs []int64) error {
	if len(seqs) > maxTouched {
		return store.TooLarge()
	}
	return s.transact(ctx, func(t *tx) error { return t.told(t.settleAll(ctx, consumer, seqs)) })
}

func (t *tx) settleAll(ctx context.Context, consumer string, seqs []int64) error {
	floor, err := t.floor(ctx, consumer)
	if err != nil {
		return err
	}
	until, err := t.deliveries(ctx, consumer, floor)
	if err != nil {
		return err
	}
	var marked []int64
	for _, seq := range seqs {
		if seq > floor {
			until[seq], marked = settled, append(marked, seq)
		}
	}
	was := floor
	open := false
	l := look{where: d(atID, d("$gt", floor)), sort: d(atID, int32(1)), fields: d(atID, int32(1))}
	err = t.find(ctx, inOutbox, l, func(raw bson.Raw) error {
		if seq := intOf(raw.Lookup(atID)); until[seq] == settled {
			floor = seq
			return nil
		}
		open = true
		return errStop
	})
	if err != nil {
		return err
	}
	if floor > was {
		if _, err := t.collection(inConsumers).UpdateOne(t.in(ctx), d(atID, consumer), d("$set", d("floor", floor))); err != nil {
			return err
		}
		below := bson.D{{Key: "consumer", Value: consumer}, {Key: "seq", Value: d("$lte", floor)}}
		if _, err := t.collection(inDeliveries).DeleteMany(t.in(ctx), below); err != nil {
			return err
		}
	}
	var above []int64
	for _, seq := range marked {
		if open && seq > floor {
			above = append(above, seq) // what stands behind one that is not settled needs a line of its own
		}
	}
	return t.deliver(ctx, consumer, above, settled)
}
