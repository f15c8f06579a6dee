package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"time"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// AddFile makes a file whole, if its pieces are.
func (t *tx) AddFile(ctx context.Context, f store.File) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	head, err := json.Marshal(fileHead{
		Name: f.Name, Type: f.Type, Width: f.Width, Height: f.Height, Sum: f.Sum, By: f.By, At: f.At, Passing: f.Passing,
	})
	if err != nil {
		return broken(err)
	}
	changed, _, err := t.conn.exec(`UPDATE files SET done = 1, size = ?2, head = ?3, expires = ?4, owner = ?5 WHERE id = ?1 AND done = 0
		AND (SELECT count(*) FROM pieces WHERE file = ?1) = ?6 AND (SELECT ifnull(max(n), 0) FROM pieces WHERE file = ?1) = ?6 - 1
		AND (SELECT sum(length(data)) FROM pieces WHERE file = ?1) = ?2`,
		string(f.ID), f.Size, string(head), millis(f.Expires), string(f.Owner), max(1, (f.Size+store.PieceSize-1)/store.PieceSize))
	if err == nil && changed == 0 {
		return stale()
	}
	if err != nil {
		return err
	}
	_, _, err = t.conn.exec("UPDATE file_usage SET files = files + 1, bytes = bytes + ?", f.Size)
	return err
}

func (t *tx) FileUsage(ctx context.Context) (store.Usage, error) {
	if err := t.ready(ctx); err != nil {
		return store.Usage{}, err
	}
	return fileUsage(t.conn)
}

func (t *tx) HeldBy(ctx context.Context, form value.FormKey, record value.ID) ([]store.File, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	return filesWhere(context.Background(), t.conn, "form = ? AND record = ? ORDER BY id", string(form), string(record))
}

func (t *tx) Claim(ctx context.Context, id, owner value.ID, holder store.Holder) error {
	return t.changeFile(ctx, `UPDATE files SET expires = NULL, owner = '', form = ?3, record = ?4, field = ?5, sub = ?6
		WHERE id = ?1 AND done AND form IS NULL AND owner = ?2 AND owner <> ''`, id, owner, holder)
}

func (t *tx) Release(ctx context.Context, id value.ID, holder store.Holder, owner value.ID, expires time.Time) error {
	return t.changeFile(ctx, `UPDATE files SET expires = ?7, owner = ?2, form = NULL, record = NULL, field = NULL, sub = NULL
		WHERE id = ?1 AND form = ?3 AND record = ?4 AND field = ?5 AND sub = ?6`, id, owner, holder, millis(expires))
}

// changeFile runs one of the two statements above, which must find its file.
func (t *tx) changeFile(ctx context.Context, sql string, id, owner value.ID, holder store.Holder, more ...driver.Value) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	args := append([]driver.Value{
		string(id), string(owner), string(holder.Form), string(holder.Record), string(holder.Field.Field), string(holder.Field.Sub),
	}, more...)
	changed, _, err := t.conn.exec(sql, args...)
	if err == nil && changed == 0 {
		return stale()
	}
	return err
}
