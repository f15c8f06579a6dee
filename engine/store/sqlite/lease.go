package sqlite

import (
	"context"
	"database/sql/driver"
	"time"

	"tidewater/engine/fault"
)

func leased(name string) error { return fault.New(fault.Conflict, "store.leased").With("name", name) }

// Acquire gives the lease to holder, or lengthens it for the one that has it. Tokens grow with each new
// holder, also after a release.
func (s *Store) Acquire(ctx context.Context, name, holder string, life time.Duration) (token int64, err error) {
	err = s.writer.submit(ctx, func(c *conn) error {
		token, err = c.number(context.Background(), `INSERT INTO leases VALUES (?1, ?2, 1, `+storeNow+` + ?3) ON CONFLICT DO UPDATE
			SET token = token + (holder <> ?2 OR until <= `+storeNow+`), holder = ?2, until = `+storeNow+` + ?3
			WHERE holder = ?2 OR until <= `+storeNow+` RETURNING token`, name, holder, life.Milliseconds())
		if err == nil && token == 0 {
			return leased(name)
		}
		return err
	})
	return token, err
}

// Release gives the lease up, if holder has it still.
func (s *Store) Release(ctx context.Context, name, holder string, token int64) error {
	return s.writer.submit(ctx, func(c *conn) error {
		_, _, err := c.exec("UPDATE leases SET until = 0, holder = '' WHERE name = ? AND holder = ? AND token = ?", name, holder, token)
		return err
	})
}

// endLeases ends the leases of the dead, of work and of events. Tokens grow on, so that they still fence.
func endLeases(c *conn) error {
	if err := c.run("UPDATE leases SET until = 0, holder = '' WHERE holder <> ''"); err != nil {
		return err
	}
	return c.run("UPDATE deliveries SET until = 0 WHERE until > 0")
}

// Hold makes the transaction depend on the lease: it fails when another has taken it since.
func (t *tx) Hold(ctx context.Context, name string, token int64) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	found, err := t.conn.one(context.Background(), "SELECT 1 FROM leases WHERE name = ? AND token = ? AND holder <> ''", []driver.Value{name, token},
		func([]driver.Value) error { return nil })
	if err == nil && !found {
		return leased(name)
	}
	return err
}
