package sqlite

import (
	"context"
	"database/sql/driver"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxMany bounds the ids of one GetMany.
const maxMany = 1000

// Get returns one record.
func (s *Store) Get(ctx context.Context, form value.FormKey, id value.ID) (r *value.Record, err error) {
	err = s.read(ctx, func(c *conn) error {
		r, err = s.get(c, form, id)
		return err
	})
	return r, err
}

// get reads without the context: it takes microseconds, which watching for an end would double.
func (s *Store) get(c *conn, form value.FormKey, id value.ID) (r *value.Record, err error) {
	l, err := s.layout(form)
	if err != nil {
		return nil, err
	}
	sql := "SELECT " + recordColumns + " FROM " + l.table + " t WHERE t.id = ?"
	found, err := c.one(context.Background(), sql, []driver.Value{string(id)}, func(row []driver.Value) error {
		r, err = readRecord(form, row)
		return err
	})
	if err == nil && !found {
		return nil, missing(form, id)
	}
	return r, err
}

func missing(form value.FormKey, id value.ID) error {
	return notFound().With("form", string(form)).With("id", string(id))
}

// GetMany returns the records that exist of those named.
func (s *Store) GetMany(ctx context.Context, form value.FormKey, ids []value.ID) (records []*value.Record, err error) {
	if len(ids) > maxMany {
		return nil, store.TooLarge()
	}
	l, err := s.layout(form)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	list := make(value.List, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	wanted := among("t.id", list, "text")
	sql := "SELECT " + recordColumns + " FROM " + l.table + " t WHERE " + wanted.sql
	err = s.read(ctx, func(c *conn) error {
		return c.rows(ctx, sql, wanted.args, func(row []driver.Value) error {
			r, err := readRecord(form, row)
			records = append(records, r)
			return err
		})
	})
	return records, err
}
