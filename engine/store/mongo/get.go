package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxMany bounds the ids of one GetMany.
const maxMany = 1000

// Get returns one record.
func (s *Store) Get(ctx context.Context, form value.FormKey, id value.ID) (r *value.Record, err error) {
	err = s.read(ctx, func(c conn) error {
		r, err = c.get(ctx, form, id)
		return err
	})
	return r, err
}

func (c conn) get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error) {
	l, err := c.store.layout(ctx, form)
	if err != nil {
		return nil, err
	}
	raw, found, err := c.one(ctx, l.collection, look{where: d(atID, string(id)), fields: d(atTokens, int32(0))})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, notFound().With("form", string(form)).With("id", string(id))
	}
	return readRecord(form, raw)
}

// GetMany returns the records that exist of those named.
func (s *Store) GetMany(ctx context.Context, form value.FormKey, ids []value.ID) (records []*value.Record, err error) {
	if len(ids) > maxMany {
		return nil, store.TooLarge()
	}
	err = s.read(ctx, func(c conn) error {
		l, err := s.layout(ctx, form)
		if err != nil || len(ids) == 0 {
			return err
		}
		wanted := make(bson.A, len(ids))
		for i, id := range ids {
			wanted[i] = string(id)
		}
		found, err := c.many(ctx, l, wanted)
		for _, r := range found {
			r.Tokens = nil
			records = append(records, r)
		}
		return err
	})
	return records, err
}

// many reads the records of these ids.
func (c conn) many(ctx context.Context, l *layout, ids bson.A) (map[value.ID]*value.Record, error) {
	records := make(map[value.ID]*value.Record, len(ids))
	if len(ids) == 0 {
		return records, nil
	}
	err := c.find(ctx, l.collection, look{where: d(atID, d("$in", ids))}, func(raw bson.Raw) error {
		r, err := readRecord(l.form.Key, raw)
		if err == nil {
			records[r.ID] = r
		}
		return err
	})
	return records, err
}
