package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
)

// format is the version of the database, in its document "tenant" of the collection meta.
const format = 1

// The collections that every tenant has; forms add their own (layout.go).
const (
	inMeta       = "meta"       // whose the database is, and the layouts of forms
	inCounters   = "counters"   // sequences, the number of the newest event, the usage of files
	inGates      = "gates"      // what transactions go through (gates.go)
	inGuards     = "guards"     // what keeps transactions from crossing each other
	inLeases     = "leases"     //
	inSide       = "side"       // documents that are no records
	inLate       = "late"       // what transactions left, before it has its number (settle.go)
	inHistory    = "history"    // what happened to records, by number
	inOutbox     = "outbox"     // events on their way, with images, by number
	inConsumers  = "consumers"  // each has settled every event up to its floor
	inDeliveries = "deliveries" // and above it those marked so
	inSums       = "sums"       // figures kept ready (sums.go)
	inFiles      = "fs.files"   // as GridFS has files, so that its tools read them
	inPieces     = "fs.chunks"
)

// schema lists the tenant's collections and what indexes each has beside that of _id. They are made before anything
// is written: a transaction makes none.
func schema() map[string][]driver.IndexModel {
	one := func(name string, unique bool, keys bson.D) []driver.IndexModel {
		return []driver.IndexModel{{Keys: keys, Options: options.Index().SetName(name).SetUnique(unique)}}
	}
	up := int32(1)
	return map[string][]driver.IndexModel{
		inMeta: nil, inCounters: nil, inGates: nil, inLeases: nil, inConsumers: nil,
		inOutbox:     one("at", false, d("at", up)),
		inGuards:     one("at", false, d("at", up)),
		inLate:       one("record", false, bson.D{{Key: "form", Value: up}, {Key: "record", Value: up}}),
		inHistory:    one("record", false, bson.D{{Key: "form", Value: up}, {Key: "record", Value: up}, {Key: atID, Value: up}}),
		inDeliveries: one("delivery", true, bson.D{{Key: "consumer", Value: up}, {Key: "seq", Value: up}}),
		inSums:       one("place", true, bson.D{{Key: "sums", Value: up}, {Key: "principal", Value: up}, {Key: "key", Value: up}}),
		inSide: append(one("key", true, bson.D{{Key: "collection", Value: up}, {Key: "key", Value: up}}),
			driver.IndexModel{Keys: d("expires", up), Options: options.Index().SetName("expires").SetSparse(true)}),
		inFiles: append(one("holder", false, bson.D{{Key: "metadata.form", Value: up}, {Key: "metadata.record", Value: up}}),
			driver.IndexModel{Keys: d("metadata.expires", up), Options: options.Index().SetName("expires").SetSparse(true)}),
		inPieces: one("files_id_1_n_1", true, bson.D{{Key: "files_id", Value: up}, {Key: "n", Value: up}}),
	}
}

// tenancy says whose a database is.
type tenancy struct {
	ID     string `bson:"_id"`
	Tenant string `bson:"tenant"`
	Format int32  `bson:"format"`
}

// found makes an empty database this tenant's, or checks that it is, and reads its forms.
func (s *Store) found(ctx context.Context) error {
	meta := s.db.Collection(inMeta)
	var who tenancy
	err := meta.FindOne(ctx, d(atID, "tenant")).Decode(&who)
	if err == driver.ErrNoDocuments { //nolint:errorlint // the driver returns it bare
		if err := s.create(ctx); err != nil {
			return err
		}
		err = meta.FindOne(ctx, d(atID, "tenant")).Decode(&who)
	}
	switch {
	case err != nil:
		return broken(err)
	case who.Tenant != s.tenant:
		return fault.New(fault.Internal, "store.foreign")
	case who.Format > format:
		return fault.New(fault.Internal, "store.newer")
	}
	names, err := s.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return broken(err)
	}
	for _, name := range names {
		s.made.Store(name, true)
	}
	return s.reload(ctx)
}

// create makes the collections. Whose the database is is written last, so that an end in the middle is made good at
// the next start; of two instances at it, both do the same.
func (s *Store) create(ctx context.Context) error {
	n, err := s.db.Collection(inMeta).CountDocuments(ctx, bson.D{})
	if err != nil {
		return broken(err)
	}
	if n > 0 {
		return fault.New(fault.Internal, "store.foreign") // a database, and none of ours
	}
	for name, indexes := range schema() {
		if err := s.makeCollection(ctx, name, indexes); err != nil {
			return err
		}
	}
	if err := s.makeGates(ctx); err != nil {
		return err
	}
	_, err = s.db.Collection(inMeta).InsertOne(ctx, tenancy{"tenant", s.tenant, format})
	if isDuplicate(err) {
		return nil // another instance was first
	}
	return broken(err)
}

// makeCollection makes a collection with its indexes; what is there stays.
func (s *Store) makeCollection(ctx context.Context, name string, indexes []driver.IndexModel) error {
	if err := s.db.CreateCollection(ctx, name); err != nil && !hasCode(err, codeExists) {
		return broken(err)
	}
	if s.options.bare {
		indexes = bareIndexes(indexes)
	}
	if len(indexes) > 0 {
		ctx, cancel := atLength(ctx)
		defer cancel()
		if _, err := s.db.Collection(name).Indexes().CreateMany(ctx, indexes, s.quorum()); err != nil {
			return broken(err)
		}
	}
	s.made.Store(name, true)
	return nil
}

// rested is how a form's layout rests; of sums, which of them are complete.
type rested struct {
	ID     string `bson:"_id"` // "form." and the form
	Form   string `bson:"form"`
	Layout string `bson:"layout"` // JSON
	Summed string `bson:"summed"` // the sums that are ready, see sums.go
}
