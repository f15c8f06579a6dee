package mongo

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Each walks all records of a form in id order, a batch at a time, so that no cursor is kept.
func (s *Store) Each(ctx context.Context, form value.FormKey, after value.ID, do func(*value.Record) error) error {
	l, err := s.layout(ctx, form)
	if err != nil {
		return err
	}
	for {
		var batch []*value.Record
		err := s.read(ctx, func(c conn) error {
			next := look{where: d(atID, d("$gt", string(after))), sort: d(atID, int32(1)), fields: d(atTokens, int32(0)), limit: 500}
			return c.find(ctx, l.collection, next, func(raw bson.Raw) error {
				r, err := readRecord(form, raw)
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

// A backup is a file of documents, one behind another as MongoDB writes them: first what the file is, then for each
// collection one that names it, and its documents; the last says how many there were, so that half a file is none.
const backupKind = "tidewater.backup"

// Backup writes all collections as they are at one moment to a new file, while others go on. One that takes longer than
// MongoDB keeps a moment is a fault, and is for the server's own tools.
func (s *Store) Backup(ctx context.Context, path string) error {
	const op = "store.backup"
	if err := s.open(ctx); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.Conflict, "store.exists").In(op).At(path)
	}
	if err != nil {
		return during(op, err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	err = s.atOneMoment(ctx, func(c conn) error { return c.backup(ctx, out) })
	err = errors.Join(err, out.Flush(), file.Sync(), file.Close())
	if err != nil {
		return errors.Join(during(op, broken(err)), os.Remove(path))
	}
	return nil
}

func (c conn) backup(ctx context.Context, out io.Writer) error {
	names, err := c.store.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return err
	}
	slices.Sort(names)
	total := int64(0)
	put := func(doc any) error {
		raw, err := bson.Marshal(doc)
		if err == nil {
			_, err = out.Write(raw)
		}
		return err
	}
	if err := put(bson.D{{Key: "kind", Value: backupKind}, {Key: "format", Value: int32(format)}}); err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(name, "system.") {
			continue
		}
		if err := put(d("collection", name)); err != nil {
			return err
		}
		err := c.find(ctx, name, look{}, func(raw bson.Raw) error {
			total++
			return put(d("doc", raw))
		})
		if err != nil {
			return err
		}
	}
	return put(d("documents", total))
}

// Restore fills an empty database with a backup, and gives it to a tenant. Faults: NotFound "store.missing", Conflict
// "store.exists" where there is something, Internal "store.foreign" for a file that is no whole backup of ours.
func (c *Cluster) Restore(ctx context.Context, path, name, tenant string) error {
	const op = "store.restore"
	file, err := os.Open(path)
	if err != nil {
		return fault.New(fault.NotFound, "store.missing").In(op).At(path).Because(err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	db, err := c.database(name)
	if err != nil {
		return during(op, err)
	}
	names, err := db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return during(op, broken(err))
	}
	if len(names) > 0 {
		return fault.New(fault.Conflict, "store.exists").In(op).At(db.Name())
	}
	s := &Store{cluster: c, db: db, tenant: tenant, options: c.options}
	r := restoring{s: s, in: bufio.NewReaderSize(file, 1<<20)}
	if err := r.run(ctx); err != nil {
		return errors.Join(during(op, broken(err)), broken(db.Drop(context.WithoutCancel(ctx))))
	}
	return nil
}

// restoring is a backup on its way into a database.
type restoring struct {
	s          *Store
	in         *bufio.Reader
	collection string
	batch      []any
	bytes      int
	total      int64
}

func noBackup() error { return fault.New(fault.Internal, "store.foreign") }

func (r *restoring) run(ctx context.Context) error {
	first, err := r.next()
	if err != nil || textOf(first.Lookup("kind")) != backupKind || intOf(first.Lookup("format")) > format {
		return errors.Join(noBackup(), err)
	}
	for name, indexes := range schema() {
		if err := r.s.makeCollection(ctx, name, indexes); err != nil {
			return err
		}
	}
	if err := r.s.makeGates(ctx); err != nil {
		return err
	}
	for {
		raw, err := r.next()
		if err != nil {
			return errors.Join(noBackup(), err) // it ends before it says so
		}
		if ends := raw.Lookup("documents"); !ends.IsZero() {
			if err := r.flush(ctx); err != nil {
				return err
			}
			if intOf(ends) != r.total {
				return noBackup()
			}
			return r.finish(ctx)
		}
		if err := r.take(ctx, raw); err != nil {
			return err
		}
	}
}

// next reads one document.
func (r *restoring) next() (bson.Raw, error) {
	head, err := r.in.Peek(4)
	if err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(head)
	if size < 5 || size > 17<<20 {
		return nil, errors.New("a document of no size")
	}
	raw := make(bson.Raw, size)
	if _, err := io.ReadFull(r.in, raw); err != nil {
		return nil, err
	}
	return raw, raw.Validate()
}

func (r *restoring) take(ctx context.Context, raw bson.Raw) error {
	if name := textOf(raw.Lookup("collection")); name != "" {
		if err := r.flush(ctx); err != nil {
			return err
		}
		r.collection = name
		return nil
	}
	doc, ok := raw.Lookup("doc").DocumentOK()
	if !ok || r.collection == "" {
		return noBackup()
	}
	if r.total++; r.collection == inGates {
		return nil // those here are open, whatever those there were
	}
	r.batch, r.bytes = append(r.batch, doc), r.bytes+len(doc)
	if len(r.batch) < 1000 && r.bytes < 8<<20 {
		return nil
	}
	return r.flush(ctx)
}

func (r *restoring) flush(ctx context.Context) error {
	if len(r.batch) == 0 {
		return nil
	}
	_, err := r.s.db.Collection(r.collection).InsertMany(ctx, r.batch)
	r.batch, r.bytes = nil, 0
	return err
}

// finish builds the indexes of forms and says last whose the database is.
func (r *restoring) finish(ctx context.Context) error {
	if err := r.s.reload(ctx); err != nil {
		return err
	}
	for _, l := range r.s.known.Load().forms {
		made, err := r.s.isMade(ctx, l)
		if err != nil {
			return err
		}
		if made {
			for _, model := range l.models() {
				if err := r.s.buildIndex(ctx, l, model); err != nil {
					return err
				}
			}
		}
	}
	_, err := r.s.db.Collection(inMeta).UpdateOne(ctx, d(atID, "tenant"), d("$set", d("tenant", r.s.tenant)))
	return err
}
