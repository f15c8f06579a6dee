package sqlite

import (
	"context"
	"database/sql/driver"
	"os"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Each walks all records of a form in id order, a batch at a time, so that no connection is kept.
func (s *Store) Each(ctx context.Context, form value.FormKey, after value.ID, do func(*value.Record) error) error {
	l, err := s.layout(form)
	if err != nil {
		return err
	}
	sql := "SELECT " + recordColumns + " FROM " + l.table + " t WHERE t.id > ? ORDER BY t.id LIMIT 500"
	for {
		var batch []*value.Record
		err := s.read(ctx, func(c *conn) error {
			return c.rows(ctx, sql, []driver.Value{string(after)}, func(row []driver.Value) error {
				r, err := readRecord(form, row)
				batch = append(batch, r)
				return err
			})
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, r := range batch {
			if err := do(r); err != nil {
				return err
			}
		}
		after = batch[len(batch)-1].ID
	}
}

// Backup writes a consistent copy to a new file while reading and writing go on.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fault.New(fault.Conflict, "store.exists").At(path)
	}
	return s.read(ctx, func(c *conn) error {
		if err := c.run("PRAGMA query_only = OFF"); err != nil {
			return err
		}
		_, _, err := c.exec("VACUUM INTO ?", path)
		if back := c.run("PRAGMA query_only = ON"); err == nil {
			err = back
		}
		return err
	})
}
