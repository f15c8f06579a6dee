package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// fileSchema is where files rest. A file's row is there from its first piece; done tells that it is whole.
// The pieces have a table of their own with whole numbers as keys: bytes belong at the leaves of a tree,
// not where it is searched.
var fileSchema = []string{
	`CREATE TABLE files (id TEXT PRIMARY KEY, done INTEGER NOT NULL, size INTEGER NOT NULL, head TEXT NOT NULL, expires INTEGER, owner TEXT NOT NULL,
		form TEXT, record TEXT, field TEXT, sub TEXT) WITHOUT ROWID`,
	`CREATE INDEX files_expires ON files (expires) WHERE expires IS NOT NULL`,
	`CREATE INDEX files_holder ON files (form, record) WHERE form IS NOT NULL`,
	`CREATE TABLE pieces (seq INTEGER PRIMARY KEY, file TEXT NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL)`,
	`CREATE UNIQUE INDEX pieces_file ON pieces (file, n)`,
	`CREATE TABLE file_usage (files INTEGER NOT NULL, bytes INTEGER NOT NULL)`,
	`INSERT INTO file_usage VALUES (0, 0)`,
}

// fileHead is what never changes of a whole file.
type fileHead struct {
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Width  int       `json:"width,omitempty"`
	Height int       `json:"height,omitempty"`
	Sum    []byte    `json:"sum"`
	By     value.ID  `json:"by"`
	At     time.Time `json:"at"`

	Passing bool `json:"passing,omitempty"`
}

const fileColumns = "id, size, head, expires, owner, form, record, field, sub"

func readFile(row []driver.Value) (store.File, error) {
	var head fileHead
	if err := json.Unmarshal([]byte(textOf(row[2])), &head); err != nil {
		return store.File{}, fault.New(fault.Internal, "store.corrupt").In("store.file").At(textOf(row[0])).Because(err)
	}
	size, _ := row[1].(int64)
	return store.File{
		ID: value.ID(textOf(row[0])), Name: head.Name, Type: head.Type, Size: size, Width: head.Width, Height: head.Height,
		Sum: head.Sum, By: head.By, At: head.At, Passing: head.Passing, Expires: timeOf(row[3]), Owner: value.ID(textOf(row[4])),
		Holder: store.Holder{
			Form: value.FormKey(textOf(row[5])), Record: value.ID(textOf(row[6])),
			Field: query.Path{Field: value.FieldKey(textOf(row[7])), Sub: value.FieldKey(textOf(row[8]))},
		},
	}, nil
}

// PutPiece keeps one piece, in a transaction of its own that shares its commit with others.
func (s *Store) PutPiece(ctx context.Context, id value.ID, n int, data []byte, expires time.Time) error {
	if len(data) > store.PieceSize {
		return store.TooLarge()
	}
	if data == nil {
		data = []byte{}
	}
	return s.writer.submit(ctx, func(c *conn) error {
		begun, _, err := c.exec(`INSERT INTO files (id, done, size, head, expires, owner) VALUES (?1, 0, 0, '', ?2, '')
			ON CONFLICT DO UPDATE SET expires = ?2 WHERE done = 0`, string(id), millis(expires))
		if err != nil {
			return err
		}
		added, _, err := c.exec("INSERT INTO pieces (file, n, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", string(id), int64(n), data)
		if err == nil && (begun == 0 || added == 0) {
			return stale()
		}
		return err
	})
}

// Piece returns the bytes of one piece.
func (s *Store) Piece(ctx context.Context, id value.ID, n int) (data []byte, err error) {
	found := false
	err = s.read(ctx, func(c *conn) (err error) {
		sql := "SELECT data FROM pieces WHERE file = ?1 AND n = ?2 AND (SELECT done FROM files WHERE id = ?1)"
		found, err = c.one(ctx, sql, []driver.Value{string(id), int64(n)}, func(row []driver.Value) error {
			bytes, _ := row[0].([]byte)
			data = append([]byte(nil), bytes...)
			return nil
		})
		return err
	})
	if err == nil && !found {
		return nil, notFound().With("form", "file").With("id", string(id))
	}
	return data, err
}

// FilesOf returns the whole files of these ids.
func (s *Store) FilesOf(ctx context.Context, ids []value.ID) (files []store.File, err error) {
	if len(ids) > maxMany {
		return nil, store.TooLarge()
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list := make(value.List, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	wanted := among("id", list, "text")
	err = s.read(ctx, func(c *conn) error {
		files, err = filesWhere(ctx, c, "done AND "+wanted.sql, wanted.args...)
		return err
	})
	return files, err
}

func filesWhere(ctx context.Context, c *conn, where string, args ...driver.Value) (files []store.File, err error) {
	err = c.rows(ctx, "SELECT "+fileColumns+" FROM files WHERE "+where, args, func(row []driver.Value) error {
		f, err := readFile(row)
		files = append(files, f)
		return err
	})
	return files, err
}

// EachFile walks all whole files, a batch at a time, so that no connection is kept.
func (s *Store) EachFile(ctx context.Context, after value.ID, do func(store.File) error) error {
	for {
		var batch []store.File
		err := s.read(ctx, func(c *conn) (err error) {
			batch, err = filesWhere(ctx, c, "id > ? AND done ORDER BY id LIMIT 500", string(after))
			return err
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, f := range batch {
			if err := do(f); err != nil {
				return err
			}
		}
		after = batch[len(batch)-1].ID
	}
}

// FileUsage reads what the transactions that add and drop files keep count of.
func (s *Store) FileUsage(ctx context.Context) (usage store.Usage, err error) {
	err = s.read(ctx, func(c *conn) error {
		usage, err = fileUsage(c)
		return err
	})
	return usage, err
}

func fileUsage(c *conn) (usage store.Usage, err error) {
	_, err = c.one(context.Background(), "SELECT files, bytes FROM file_usage", nil, func(row []driver.Value) error {
		usage.Files, _ = row[0].(int64)
		usage.Bytes, _ = row[1].(int64)
		return nil
	})
	return usage, err
}

// DropFile takes a file away that no record holds.
func (s *Store) DropFile(ctx context.Context, id value.ID) error {
	return s.writer.submit(ctx, func(c *conn) error {
		_, err := dropFile(c, "id = ?", string(id))
		return err
	})
}

// dropFile takes away one file that meets a condition and that no record holds, if there is one.
func dropFile(c *conn, where string, args ...driver.Value) (dropped bool, err error) {
	var id string
	var done, size int64
	dropped, err = c.one(context.Background(), "SELECT id, done, size FROM files WHERE form IS NULL AND "+where, args, func(row []driver.Value) error {
		id = textOf(row[0])
		done, _ = row[1].(int64)
		size, _ = row[2].(int64)
		return nil
	})
	if err != nil || !dropped {
		return false, err
	}
	if _, _, err := c.exec("DELETE FROM pieces WHERE file = ?", id); err != nil {
		return false, err
	}
	if _, _, err := c.exec("DELETE FROM files WHERE id = ?", id); err != nil {
		return false, err
	}
	_, _, err = c.exec("UPDATE file_usage SET files = files - ?, bytes = bytes - ?", done, size)
	return true, err
}

// sweepFiles clears expired files, each in a transaction of its own: a large one is work enough.
func (s *Store) sweepFiles(ctx context.Context, now time.Time) (cleared int, err error) {
	for {
		dropped := false
		err = s.writer.submit(ctx, func(c *conn) (err error) {
			dropped, err = dropFile(c, "expires IS NOT NULL AND expires <= ? ORDER BY expires LIMIT 1", now.UnixMilli())
			return err
		})
		if err != nil || !dropped {
			return cleared, err
		}
		cleared++
	}
}
