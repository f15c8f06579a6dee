package mongo

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Files rest as GridFS has them (https://github.com/mongodb/specifications, gridfs), so that its tools read them: a
// document in fs.files, and a piece per document of fs.chunks. What the port asks beyond stands in "metadata".
// GridFS's own code is not used: it knows no transactions, and a file that arrives piece by piece and is seen whole
// or not at all needs them.

const fileUsage = "files"

// PutPiece keeps one piece, in a transaction of its own, in which the file is not made whole meanwhile.
func (s *Store) PutPiece(ctx context.Context, id value.ID, n int, data []byte, expires time.Time) error {
	if len(data) > store.PieceSize {
		return store.TooLarge()
	}
	if data == nil {
		data = []byte{}
	}
	return s.transact(ctx, func(t *tx) error {
		raw, there, err := t.one(ctx, inFiles, look{where: d(atID, string(id)), fields: d("metadata.whole", int32(1))})
		if err != nil {
			return t.told(err)
		}
		if whole, _ := raw.Lookup("metadata", "whole").BooleanOK(); there && whole {
			return stale()
		}
		begun := bson.D{
			{Key: "$set", Value: d("metadata.expires", expires.UnixMilli())},
			{Key: "$setOnInsert", Value: bson.D{{Key: "length", Value: int64(0)}, {Key: "chunkSize", Value: int32(store.PieceSize)}, {Key: "metadata.whole", Value: false}}},
		}
		if _, err := t.collection(inFiles).UpdateOne(t.in(ctx), d(atID, string(id)), begun, options.Update().SetUpsert(true)); err != nil {
			return t.told(raced(err))
		}
		piece := bson.D{
			{Key: "files_id", Value: string(id)}, {Key: "n", Value: int32(n)}, {Key: "size", Value: int32(len(data))},
			{Key: "data", Value: primitive.Binary{Data: data}},
		}
		_, err = t.collection(inPieces).InsertOne(t.in(ctx), piece)
		if isDuplicate(err) {
			t.failed = stale()
			return t.failed
		}
		return t.told(err)
	})
}

// Piece returns the bytes of one piece.
func (s *Store) Piece(ctx context.Context, id value.ID, n int) (data []byte, err error) {
	err = s.read(ctx, func(c conn) error {
		whole := bson.D{{Key: atID, Value: string(id)}, {Key: "metadata.whole", Value: true}}
		_, found, err := c.one(ctx, inFiles, look{where: whole, fields: d(atID, int32(1))})
		if err != nil {
			return err
		}
		var raw bson.Raw
		if found {
			raw, found, err = c.one(ctx, inPieces, look{where: bson.D{{Key: "files_id", Value: string(id)}, {Key: "n", Value: int32(n)}}})
		}
		if err == nil && !found {
			return notFound().With("form", "file").With("id", string(id))
		}
		_, data, _ = raw.Lookup("data").BinaryOK()
		return err
	})
	return data, err
}

// FileUsage reads what the transactions that add and drop files keep count of; in a transaction it writes it, too.
func (s *Store) FileUsage(ctx context.Context) (usage store.Usage, err error) {
	err = s.read(ctx, func(c conn) error {
		raw, _, err := c.one(ctx, inCounters, look{where: d(atID, fileUsage)})
		usage = store.Usage{Files: intOf(raw.Lookup("n")), Bytes: intOf(raw.Lookup("bytes"))}
		return err
	})
	return usage, err
}

func (c conn) files(ctx context.Context, l look) (files []store.File, err error) {
	err = c.find(ctx, inFiles, l, func(raw bson.Raw) error {
		files = append(files, readFile(raw))
		return nil
	})
	return files, err
}

func readFile(raw bson.Raw) store.File {
	more := func(key string) bson.RawValue { return raw.Lookup("metadata", key) }
	f := store.File{
		ID: value.ID(textOf(raw.Lookup(atID))), Name: textOf(raw.Lookup("filename")), Size: intOf(raw.Lookup("length")), Type: textOf(more("type")),
		Width: int(intOf(more("width"))), Height: int(intOf(more("height"))), By: value.ID(textOf(more("by"))), At: timeOf(more("at")),
		Owner: value.ID(textOf(more("owner"))), Expires: timeOf(more("expires")),
		Holder: store.Holder{
			Form: value.FormKey(textOf(more("form"))), Record: value.ID(textOf(more("record"))),
			Field: query.Path{Field: value.FieldKey(textOf(more("field"))), Sub: value.FieldKey(textOf(more("sub")))},
		},
	}
	f.Passing, _ = more("passing").BooleanOK()
	_, sum, _ := more("sum").BinaryOK()
	f.Sum = slices.Clone(sum)
	return f
}

// FilesOf returns the whole files of these ids.
func (s *Store) FilesOf(ctx context.Context, ids []value.ID) (files []store.File, err error) {
	if len(ids) > maxMany {
		return nil, store.TooLarge()
	}
	wanted := make(bson.A, len(ids))
	for i, id := range ids {
		wanted[i] = string(id)
	}
	err = s.read(ctx, func(c conn) error {
		if len(ids) == 0 {
			return nil
		}
		files, err = c.files(ctx, look{where: bson.D{{Key: atID, Value: d("$in", wanted)}, {Key: "metadata.whole", Value: true}}})
		return err
	})
	return files, err
}

// EachFile walks all whole files, a batch at a time, so that no cursor is kept.
func (s *Store) EachFile(ctx context.Context, after value.ID, do func(store.File) error) error {
	for {
		var batch []store.File
		err := s.read(ctx, func(c conn) (err error) {
			where := bson.D{{Key: atID, Value: d("$gt", string(after))}, {Key: "metadata.whole", Value: true}}
			batch, err = c.files(ctx, look{where: where, sort: d(atID, int32(1)), limit: 500})
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

// DropFile takes a file away that no record holds.
func (s *Store) DropFile(ctx context.Context, id value.ID) error {
	_, err := s.dropFile(ctx, d(atID, string(id)))
	return err
}

// dropFile takes away one file that meets a condition and that no record holds, if there is one.
func (s *Store) dropFile(ctx context.Context, which bson.D) (dropped bool, err error) {
	err = s.transact(ctx, func(t *tx) error {
		free := append(slices.Clone(which), bson.E{Key: "metadata.form", Value: d("$exists", false)})
		raw, err := t.collection(inFiles).FindOneAndDelete(t.in(ctx), free).Raw()
		if dropped = err == nil; errors.Is(err, driver.ErrNoDocuments) {
			return nil
		}
		if err != nil {
			return t.told(err)
		}
		f := readFile(raw)
		if _, err := t.collection(inPieces).DeleteMany(t.in(ctx), d("files_id", string(f.ID))); err != nil {
			return t.told(err)
		}
		if whole, _ := raw.Lookup("metadata", "whole").BooleanOK(); !whole {
			return nil
		}
		return t.told(t.countFiles(ctx, -1, -f.Size))
	})
	return dropped, err
}

// sweepFiles clears expired files, each in a transaction of its own: a large one is work enough.
func (s *Store) sweepFiles(ctx context.Context, now time.Time) (cleared int, err error) {
	for {
		dropped, err := s.dropFile(ctx, d("metadata.expires", d("$lte", now.UnixMilli())))
		if err != nil || !dropped {
			return cleared, err
		}
		cleared++
	}
}
