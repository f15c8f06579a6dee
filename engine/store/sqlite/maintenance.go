package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
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
	return s.read(ctx, func(c *conn) error { return backup(c, path) })
}

// Copy is Backup of a file that no Store of this process has open; another process may have it open and go
// on with its work. Faults: NotFound "store.missing", Conflict "store.exists", Internal "store.corrupt".
func Copy(_ context.Context, path, to string) error {
	const op = "store.copy"
	c, err := alone(path, true)
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, errors.Join(backup(c, to), c.close()))
}

func backup(c *conn, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fault.New(fault.Conflict, "store.exists").At(path)
	}
	if err := c.run("PRAGMA query_only = OFF"); err != nil {
		return err
	}
	_, _, err := c.exec("VACUUM INTO ?", path)
	return errors.Join(err, c.run("PRAGMA query_only = ON"))
}
