package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	"tidewater/engine/store"
)

// side is the small documents on one connection; Store and tx both are made of it.
type side struct{ conn *conn }

func (s side) Load(_ context.Context, collection, key string) (item store.Item, err error) {
	sql := "SELECT key, revision, expires, body FROM side WHERE collection = ? AND key = ?"
	found, err := s.conn.one(context.Background(), sql, []driver.Value{collection, key}, func(row []driver.Value) error {
		item = readItem(row)
		return nil
	})
	if err == nil && !found {
		return item, notFound().With("form", collection).With("id", key)
	}
	return item, err
}

func readItem(row []driver.Value) store.Item {
	item := store.Item{Key: textOf(row[0]), Expires: timeOf(row[2])}
	item.Revision, _ = row[1].(int64)
	item.Body, _ = row[3].([]byte)
	return item
}

func (s side) Save(_ context.Context, collection string, item store.Item, was int64) error {
	body := item.Body
	if body == nil {
		body = []byte{}
	}
	args := []driver.Value{collection, item.Key, millis(item.Expires), body}
	var sql string
	switch was {
	case store.AnyRevision:
		sql = `INSERT INTO side (collection, key, revision, expires, body) VALUES (?1, ?2, 1, ?3, ?4)
			ON CONFLICT DO UPDATE SET revision = revision + 1, expires = ?3, body = ?4`
	case 0:
		sql = "INSERT INTO side (collection, key, revision, expires, body) VALUES (?1, ?2, 1, ?3, ?4) ON CONFLICT DO NOTHING"
	default:
		sql = "UPDATE side SET revision = revision + 1, expires = ?3, body = ?4 WHERE collection = ?1 AND key = ?2 AND revision = ?5"
		args = append(args, was)
	}
	changed, _, err := s.conn.exec(sql, args...)
	if err == nil && changed == 0 {
		return stale()
	}
	return err
}

func (s side) Drop(_ context.Context, collection, key string) error {
	_, _, err := s.conn.exec("DELETE FROM side WHERE collection = ? AND key = ?", collection, key)
	return err
}

// maxScan bounds the documents of one Scan.
const maxScan = 1000

func (s side) Scan(ctx context.Context, collection, prefixed, after string, limit int) (items []store.Item, err error) {
	if limit < 1 || limit > maxScan {
		return nil, store.TooLarge()
	}
	in := prefix("key", prefixed)
	sql := "SELECT key, revision, expires, body FROM side WHERE collection = ? AND key > ? AND " + in.sql + " ORDER BY key LIMIT ?"
	args := append([]driver.Value{collection, after}, append(in.args, int64(limit))...)
	err = s.conn.rows(ctx, sql, args, func(row []driver.Value) error {
		items = append(items, readItem(row))
		return nil
	})
	return items, err
}

// Load returns a side document.
func (s *Store) Load(ctx context.Context, collection, key string) (item store.Item, err error) {
	err = s.read(ctx, func(c *conn) error {
		item, err = side{c}.Load(ctx, collection, key)
		return err
	})
	return item, err
}

// Save writes a side document.
func (s *Store) Save(ctx context.Context, collection string, item store.Item, was int64) error {
	return s.writer.submit(ctx, func(c *conn) error { return side{c}.Save(ctx, collection, item, was) })
}

// Drop takes a side document away.
func (s *Store) Drop(ctx context.Context, collection, key string) error {
	return s.writer.submit(ctx, func(c *conn) error { return side{c}.Drop(ctx, collection, key) })
}

// Scan lists side documents by key.
func (s *Store) Scan(ctx context.Context, collection, prefixed, after string, limit int) (items []store.Item, err error) {
	err = s.read(ctx, func(c *conn) error {
		items, err = side{c}.Scan(ctx, collection, prefixed, after, limit)
		return err
	})
	return items, err
}

func (t *tx) Load(ctx context.Context, collection, key string) (store.Item, error) {
	if err := t.ready(ctx); err != nil {
		return store.Item{}, err
	}
	return side{t.conn}.Load(ctx, collection, key)
}

func (t *tx) Save(ctx context.Context, collection string, item store.Item, was int64) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	return side{t.conn}.Save(ctx, collection, item, was)
}

func (t *tx) Drop(ctx context.Context, collection, key string) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	return side{t.conn}.Drop(ctx, collection, key)
}

func (t *tx) Scan(ctx context.Context, collection, prefixed, after string, limit int) ([]store.Item, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	return side{t.conn}.Scan(context.Background(), collection, prefixed, after, limit)
}

// Sweep clears side documents and files whose time is over and events that every consumer is done with.
func (s *Store) Sweep(ctx context.Context, now time.Time) (cleared int, err error) {
	err = s.writer.submit(ctx, func(c *conn) error {
		cleared = 0
		items, _, err := c.exec("DELETE FROM side WHERE expires IS NOT NULL AND expires <= ?", now.UnixMilli())
		if err != nil {
			return err
		}
		events, _, err := c.exec("DELETE FROM outbox WHERE at < ? AND seq <= (SELECT min(floor) FROM consumers)", now.Add(-keepEvents).UnixMilli())
		cleared = int(items + events)
		return err
	})
	if err != nil {
		return cleared, err
	}
	files, err := s.sweepFiles(ctx, now)
	return cleared + files, errors.Join(err, s.mergeTokens(ctx))
}

// keepEvents is how long settled events stay, so that a consumer that comes new finds the last of them.
const keepEvents = 24 * time.Hour
