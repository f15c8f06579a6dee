package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/store"
	"tidewater/engine/value"
)

// AddFile makes a file whole, if its pieces are.
func (t *tx) AddFile(ctx context.Context, f store.File) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	pieces, size, err := t.pieces(ctx, f.ID)
	if err != nil {
		return t.told(err)
	}
	if pieces != piecesOf(f.Size) || size != f.Size {
		return stale()
	}
	set := bson.D{
		{Key: "length", Value: f.Size}, {Key: "uploadDate", Value: f.At}, {Key: "filename", Value: f.Name}, {Key: "metadata.whole", Value: true},
		{Key: "metadata.type", Value: f.Type}, {Key: "metadata.width", Value: int64(f.Width)}, {Key: "metadata.height", Value: int64(f.Height)},
		{Key: "metadata.sum", Value: primitive.Binary{Data: f.Sum}}, {Key: "metadata.passing", Value: f.Passing}, {Key: "metadata.by", Value: string(f.By)},
		{Key: "metadata.owner", Value: string(f.Owner)}, {Key: "metadata.at", Value: f.At.UnixMilli()},
	}
	change := d("$set", append(set, bson.E{Key: "metadata.expires", Value: f.Expires.UnixMilli()}))
	if f.Expires.IsZero() {
		change = bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: d("metadata.expires", "")}}
	}
	if err := t.changeFile(ctx, bson.D{{Key: atID, Value: string(f.ID)}, {Key: "metadata.whole", Value: false}}, change); err != nil {
		return err
	}
	return t.told(t.countFiles(ctx, 1, f.Size))
}

// piecesOf is how many pieces a file of that size has; an empty one has one.
func piecesOf(size int64) int64 { return max(1, (size+store.PieceSize-1)/store.PieceSize) }

// pieces tells how many pieces of a file are there in a row, and their bytes, without reading these.
func (t *tx) pieces(ctx context.Context, id value.ID) (pieces, size int64, err error) {
	l := look{
		where: d("files_id", string(id)), sort: bson.D{{Key: "files_id", Value: int32(1)}, {Key: "n", Value: int32(1)}},
		fields: bson.D{{Key: "n", Value: int32(1)}, {Key: "size", Value: int32(1)}},
	}
	err = t.find(ctx, inPieces, l, func(raw bson.Raw) error {
		if intOf(raw.Lookup("n")) != pieces {
			pieces = -1 // one is missing
			return errStop
		}
		pieces, size = pieces+1, size+intOf(raw.Lookup("size"))
		return nil
	})
	return pieces, size, err
}

func (t *tx) countFiles(ctx context.Context, files, size int64) error {
	adding := d("$inc", bson.D{{Key: "n", Value: files}, {Key: "bytes", Value: size}})
	_, err := t.collection(inCounters).UpdateOne(t.in(ctx), d(atID, fileUsage), adding, options.Update().SetUpsert(true))
	return raced(err)
}

// changeFile changes a file, which must be found.
func (t *tx) changeFile(ctx context.Context, which, change bson.D) error {
	found, err := t.collection(inFiles).UpdateOne(t.in(ctx), which, change)
	switch {
	case err != nil:
		return t.told(err)
	case found.MatchedCount == 0:
		return stale()
	}
	return nil
}

// FileUsage is the store's, with what this transaction has added.
func (t *tx) FileUsage(ctx context.Context) (store.Usage, error) {
	if err := t.ready(ctx); err != nil {
		return store.Usage{}, err
	}
	o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	raw, err := t.collection(inCounters).FindOneAndUpdate(t.in(ctx), d(atID, fileUsage), d("$inc", d("asked", int64(1))), o).Raw()
	if err != nil {
		return store.Usage{}, t.told(raced(err))
	}
	return store.Usage{Files: intOf(raw.Lookup("n")), Bytes: intOf(raw.Lookup("bytes"))}, nil
}

func holderOf(h store.Holder) bson.D {
	return bson.D{
		{Key: "metadata.form", Value: string(h.Form)}, {Key: "metadata.record", Value: string(h.Record)},
		{Key: "metadata.field", Value: string(h.Field.Field)}, {Key: "metadata.sub", Value: string(h.Field.Sub)},
	}
}

func (t *tx) Claim(ctx context.Context, id, owner value.ID, holder store.Holder) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	if owner == "" {
		return stale() // nobody's is not to be had by being nobody
	}
	free := bson.D{
		{Key: atID, Value: string(id)}, {Key: "metadata.whole", Value: true}, {Key: "metadata.owner", Value: string(owner)},
		{Key: "metadata.form", Value: d("$exists", false)},
	}
	set := append(holderOf(holder), bson.E{Key: "metadata.owner", Value: ""})
	return t.changeFile(ctx, free, bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: d("metadata.expires", "")}})
}

func (t *tx) Release(ctx context.Context, id value.ID, holder store.Holder, owner value.ID, expires time.Time) error {
	if err := t.write(ctx); err != nil {
		return err
	}
	set := bson.D{{Key: "metadata.owner", Value: string(owner)}, {Key: "metadata.expires", Value: expires.UnixMilli()}}
	unset := bson.D{}
	for _, e := range holderOf(holder) {
		unset = append(unset, bson.E{Key: e.Key, Value: ""})
	}
	return t.changeFile(ctx, append(d(atID, string(id)), holderOf(holder)...), bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}})
}

func (t *tx) HeldBy(ctx context.Context, form value.FormKey, record value.ID) ([]store.File, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	held := bson.D{{Key: "metadata.form", Value: string(form)}, {Key: "metadata.record", Value: string(record)}}
	files, err := t.files(ctx, look{where: held, sort: d(atID, int32(1))})
	return files, t.told(err)
}
