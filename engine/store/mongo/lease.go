package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
)

func leased(name string) error { return fault.New(fault.Conflict, "store.leased").With("name", name) }

// Acquire gives the lease to holder, or lengthens it for the one that has it. Tokens grow with each new holder, also
// after a release. The time is that of the primary: how far clocks of instances are apart does not matter.
func (s *Store) Acquire(ctx context.Context, name, holder string, life time.Duration) (token int64, err error) {
	err = s.read(ctx, func(c conn) error {
		if err := s.ajar(ctx); err != nil {
			return err
		}
		now, err := s.now(ctx)
		if err != nil {
			return err
		}
		until := now + life.Milliseconds()
		own := bson.D{{Key: atID, Value: name}, {Key: "holder", Value: holder}, {Key: "until", Value: d("$gt", now)}}
		token, err = c.lease(ctx, own, d("$set", d("until", until)), false)
		if !errors.Is(err, driver.ErrNoDocuments) {
			return err
		}
		free := bson.D{{Key: atID, Value: name}, {Key: "until", Value: d("$lte", now)}}
		take := bson.D{
			{Key: "$set", Value: bson.D{{Key: "holder", Value: holder}, {Key: "until", Value: until}}},
			{Key: "$inc", Value: d("token", int64(1))},
		}
		// One that is held is found by neither, and made anew it runs against the index of ids.
		if token, err = c.lease(ctx, free, take, true); isDuplicate(err) {
			return leased(name)
		}
		return err
	})
	return token, err
}

func (c conn) lease(ctx context.Context, which, change bson.D, upsert bool) (int64, error) {
	o := options.FindOneAndUpdate().SetReturnDocument(options.After).SetUpsert(upsert)
	raw, err := c.collection(inLeases).FindOneAndUpdate(c.in(ctx), which, change, o).Raw()
	if err != nil {
		return 0, err
	}
	return intOf(raw.Lookup("token")), nil
}

// Release gives the lease up, if holder has it still.
func (s *Store) Release(ctx context.Context, name, holder string, token int64) error {
	return s.read(ctx, func(c conn) error {
		if err := s.ajar(ctx); err != nil {
			return err
		}
		own := bson.D{{Key: atID, Value: name}, {Key: "holder", Value: holder}, {Key: "token", Value: token}}
		_, err := c.collection(inLeases).UpdateOne(ctx, own, d("$set", bson.D{{Key: "holder", Value: ""}, {Key: "until", Value: int64(0)}}))
		return err
	})
}

// Hold makes the transaction depend on the lease: it writes the lease, so that one by which another takes it fails
// this one or is failed by it.
func (t *tx) Hold(ctx context.Context, name string, token int64) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	own := bson.D{{Key: atID, Value: name}, {Key: "token", Value: token}, {Key: "holder", Value: d("$ne", "")}}
	found, err := t.collection(inLeases).UpdateOne(t.in(ctx), own, d("$inc", d("held", int64(1))))
	switch {
	case err != nil:
		return t.told(err)
	case found.MatchedCount == 0:
		return leased(name)
	}
	return nil
}
