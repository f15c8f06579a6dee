package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/store"
)

// side is the small documents, by themselves or in a transaction; Store and tx both are made of it.
type side struct{ conn }

func sideKey(collection, key string) bson.D {
	return bson.D{{Key: "collection", Value: collection}, {Key: "key", Value: d("$eq", key)}}
}

func (s side) load(ctx context.Context, collection, key string) (store.Item, error) {
	raw, found, err := s.one(ctx, inSide, look{where: sideKey(collection, key)})
	if err == nil && !found {
		return store.Item{}, notFound().With("form", collection).With("id", key)
	}
	return readItem(raw), err
}

func readItem(raw bson.Raw) store.Item {
	item := store.Item{Key: textOf(raw.Lookup("key")), Revision: intOf(raw.Lookup("revision")), Expires: timeOf(raw.Lookup("expires"))}
	_, body, _ := raw.Lookup("body").BinaryOK()
	item.Body = slices.Clone(body)
	return item
}

// save writes a document. One that must not be there yet is made where none is found, so that finding one is no
// error of the server, which would end the transaction.
func (s side) save(ctx context.Context, collection string, item store.Item, was int64) error {
	body := primitive.Binary{Data: item.Body}
	if body.Data == nil {
		body.Data = []byte{}
	}
	which := sideKey(collection, item.Key)
	if was == 0 {
		doc := bson.D{{Key: "revision", Value: int64(1)}, {Key: "body", Value: body}}
		if !item.Expires.IsZero() {
			doc = append(doc, bson.E{Key: "expires", Value: item.Expires.UnixMilli()})
		}
		found, err := s.collection(inSide).UpdateOne(s.in(ctx), which, d("$setOnInsert", doc), options.Update().SetUpsert(true))
		if err == nil && found.MatchedCount > 0 || isDuplicate(err) && s.session == nil {
			return stale()
		}
		return raced(err)
	}
	change := bson.D{{Key: "$set", Value: d("body", body)}, {Key: "$inc", Value: d("revision", int64(1))}}
	if item.Expires.IsZero() {
		change = append(change, bson.E{Key: "$unset", Value: d("expires", "")})
	} else {
		change[0].Value = bson.D{{Key: "body", Value: body}, {Key: "expires", Value: item.Expires.UnixMilli()}}
	}
	if was != store.AnyRevision {
		which = append(which, bson.E{Key: "revision", Value: was})
	}
	found, err := s.collection(inSide).UpdateOne(s.in(ctx), which, change, options.Update().SetUpsert(was == store.AnyRevision))
	if err == nil && found.MatchedCount+found.UpsertedCount == 0 {
		return stale()
	}
	return raced(err)
}

func (s side) drop(ctx context.Context, collection, key string) error {
	_, err := s.collection(inSide).DeleteOne(s.in(ctx), sideKey(collection, key))
	return err
}

// maxScan bounds the documents of one Scan.
const maxScan = 1000

func (s side) scan(ctx context.Context, collection, prefixed, after string, limit int) (items []store.Item, err error) {
	if limit < 1 || limit > maxScan {
		return nil, store.TooLarge()
	}
	from := d("$gt", after)
	if prefixed > after {
		from = d("$gte", prefixed)
	}
	if to, ok := successor(prefixed); ok {
		from = append(from, bson.E{Key: "$lt", Value: to})
	}
	l := look{where: bson.D{{Key: "collection", Value: collection}, {Key: "key", Value: from}}, sort: d("key", int32(1)), limit: int64(limit), hint: "key"}
	err = s.find(ctx, inSide, l, func(raw bson.Raw) error {
		items = append(items, readItem(raw))
		return nil
	})
	return items, err
}

// Load returns a side document.
func (s *Store) Load(ctx context.Context, collection, key string) (item store.Item, err error) {
	err = s.read(ctx, func(c conn) error {
		item, err = side{c}.load(ctx, collection, key)
		return err
	})
	return item, err
}

// Save writes a side document.
func (s *Store) Save(ctx context.Context, collection string, item store.Item, was int64) error {
	return s.transact(ctx, func(t *tx) error { return t.Save(ctx, collection, item, was) })
}

// Drop takes a side document away.
func (s *Store) Drop(ctx context.Context, collection, key string) error {
	return s.transact(ctx, func(t *tx) error { return t.Drop(ctx, collection, key) })
}

// Scan lists side documents by key.
func (s *Store) Scan(ctx context.Context, collection, prefixed, after string, limit int) (items []store.Item, err error) {
	err = s.read(ctx, func(c conn) error {
		items, err = side{c}.scan(ctx, collection, prefixed, after, limit)
		return err
	})
	return items, err
}

func (t *tx) Load(ctx context.Context, collection, key string) (store.Item, error) {
	if err := t.ready(ctx); err != nil {
		return store.Item{}, err
	}
	item, err := side{t.conn}.load(ctx, collection, key)
	return item, t.told2(err)
}

func (t *tx) Save(ctx context.Context, collection string, item store.Item, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	return t.told2(side{t.conn}.save(ctx, collection, item, was))
}

func (t *tx) Drop(ctx context.Context, collection, key string) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	return t.told2(side{t.conn}.drop(ctx, collection, key))
}

func (t *tx) Scan(ctx context.Context, collection, prefixed, after string, limit int) ([]store.Item, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	items, err := side{t.conn}.scan(ctx, collection, prefixed, after, limit)
	return items, t.told2(err)
}

// Sweep clears side documents and files whose time is over, events that every consumer is done with, and guards that
// nobody has taken for long.
func (s *Store) Sweep(ctx context.Context, now time.Time) (cleared int, err error) {
	items, err := s.sweepAll(ctx, inSide, look{where: d("expires", d("$lte", now.UnixMilli())), hint: "expires"})
	if err != nil {
		return items, err
	}
	events, err := s.sweepEvents(ctx, now)
	if err != nil {
		return items + events, err
	}
	files, err := s.sweepFiles(ctx, now)
	if err == nil {
		err = s.sweepGuards(ctx)
	}
	return items + events + files, broken(err)
}

// keepEvents is how long settled events stay, so that a consumer that comes new finds the last of them. Guards stay
// as long, by the store's own time.
const keepEvents = 24 * time.Hour

// sweepAll takes away all that meets a condition, so much at a time as a transaction should.
func (s *Store) sweepAll(ctx context.Context, from string, which look) (cleared int, err error) {
	which.fields, which.limit = d(atID, int32(1)), maxTouched
	for {
		var ids bson.A
		err := s.transact(ctx, func(t *tx) error {
			ids = nil
			err := t.find(ctx, from, which, func(raw bson.Raw) error {
				id := raw.Lookup(atID)
				id.Value = slices.Clone(id.Value) // the document holds only until the next
				ids = append(ids, id)
				return nil
			})
			if err == nil && len(ids) > 0 {
				_, err = t.collection(from).DeleteMany(t.in(ctx), d(atID, d("$in", ids)))
			}
			return t.told(err)
		})
		if err != nil {
			return cleared, err
		}
		if cleared += len(ids); len(ids) < maxTouched {
			return cleared, nil
		}
	}
}

func (s *Store) sweepEvents(ctx context.Context, now time.Time) (int, error) {
	lowest, known, err := s.conn().one(ctx, inConsumers, look{sort: d("floor", int32(1))})
	if err != nil || !known {
		return 0, broken(err)
	}
	done := bson.D{{Key: atID, Value: d("$lte", intOf(lowest.Lookup("floor")))}, {Key: "at", Value: d("$lt", now.Add(-keepEvents).UnixMilli())}}
	return s.sweepAll(ctx, inOutbox, look{where: done})
}

func (s *Store) sweepGuards(ctx context.Context) error {
	now, err := s.now(ctx)
	if err != nil {
		return err
	}
	_, err = s.db.Collection(inGuards).DeleteMany(ctx, d("at", d("$lt", time.UnixMilli(now).Add(-keepEvents))))
	return err
}
