package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"tidewater/engine/fault"
)

// MongoDB's transactions are snapshots: one that only reads whether it may write does not hear of an answer that
// changes before its commit. So each goes through a gate, a document that it writes, and who stops all writing shuts
// all gates: that waits for whoever is in one, and whoever comes later finds it shut. Transactions of one process are
// never in one gate together; two of different processes are now and then, and one begins anew.
const (
	// allGates is how many there are.
	allGates = 256
	// ownGates is how many of them a process uses for a tenant, and so how many of its transactions go on at once.
	ownGates = 64
)

// gates are those of this process that nobody is in.
type gates struct{ free chan int32 }

func newGates() gates {
	g := gates{make(chan int32, ownGates)}
	first := rand.Int32N(allGates) //nolint:gosec // it keeps apart, it hides nothing
	for n := range int32(ownGates) {
		g.free <- (first + n) % allGates
	}
	return g
}

// take waits for a gate that nobody of this process is in.
func (g gates) take(ctx context.Context) (gate int32, err error) {
	select {
	case gate = <-g.free:
		return gate, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (g gates) give(gate int32) { g.free <- gate }

// makeGates makes those that are not there.
func (s *Store) makeGates(ctx context.Context) error {
	models := make([]driver.WriteModel, allGates)
	for n := range int32(allGates) {
		models[n] = driver.NewUpdateOneModel().SetFilter(d(atID, n)).SetUpdate(d("$setOnInsert", d("n", int64(0)))).SetUpsert(true)
	}
	_, err := s.db.Collection(inGates).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	if isDuplicate(err) {
		return nil // another instance was first
	}
	return broken(err)
}

// transact runs do in a transaction that goes through a gate.
func (s *Store) transact(ctx context.Context, do func(*tx) error) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	gate, err := s.gates.take(ctx)
	if err != nil {
		return err
	}
	defer s.gates.give(gate)
	through := func() error {
		return s.carryOut(ctx, func(t *tx) error {
			if err := t.pass(ctx, gate); err != nil {
				return err
			}
			return do(t)
		})
	}
	if err = through(); fault.CodeOf(err) != "store.moving" {
		return err
	}
	// One that froze and is dead may have shut it, or come to it late.
	open, failed := s.conn().reopen(ctx)
	switch {
	case failed != nil:
		return broken(failed)
	case open:
		return through()
	}
	return err
}

// pass goes through a gate, unless it is shut, or shows layouts that are not known here: then the transaction begins
// anew with them.
func (t *tx) pass(ctx context.Context, gate int32) error {
	ajar := bson.D{
		{Key: atID, Value: gate}, {Key: "shut", Value: d("$exists", false)},
		{Key: "layouts", Value: d("$not", d("$gt", t.store.known.Load().generation))},
	}
	found, err := t.collection(inGates).UpdateOne(t.in(ctx), ajar, d("$inc", d("n", int64(1))))
	if err != nil || found.MatchedCount > 0 {
		return t.told(err)
	}
	raw, there, err := t.one(ctx, inGates, look{where: d(atID, gate)})
	if err != nil {
		return t.told(err)
	}
	if _, err := raw.LookupErr("shut"); !there || err == nil {
		return shut()
	}
	if err := t.store.reload(ctx); err != nil {
		return err
	}
	return t.told(errRace)
}

func shut() error { return fault.New(fault.Unavailable, "store.moving").In("store") }

// ajar refuses what needs no transaction while the gates are shut: what is no part of what moves, as leases are.
func (s *Store) ajar(ctx context.Context) error {
	by, err := s.Frozen(ctx)
	if err == nil && by != "" {
		return shut()
	}
	return err
}

// freezer is in whose name the gates are shut; its document stands beside them. Who freezes takes the next turn, and a
// gate keeps the latest that has shut it: who thaws opens none that a later one has shut meanwhile.
type freezer struct {
	By   string `bson:"by"`
	Turn int64  `bson:"turn"`
	Done bool   `bson:"done"` // all gates are shut
}

const (
	theFreezer = "freezer"
	// halfway follows a name as long as some gates may be open, also where whoever was at it has died.
	halfway = "…"
)

// Freeze has the name told only when all gates are shut, one after the other, each when nobody is in it, and numbers
// what has been left. Where it ends half way, some are shut, and it can be called again, or Thaw.
func (s *Store) Freeze(ctx context.Context, by string) (was string, err error) {
	err = s.read(ctx, func(c conn) error {
		all := c.collection(inGates)
		var before freezer
		next := bson.D{{Key: "$inc", Value: d("turn", int64(1))}, {Key: "$set", Value: d("by", by)}}
		o := options.FindOneAndUpdate().SetReturnDocument(options.Before).SetUpsert(true)
		err := all.FindOneAndUpdate(ctx, d(atID, theFreezer), next, o).Decode(&before)
		if err != nil && !errors.Is(err, driver.ErrNoDocuments) { // nobody was before
			return err
		}
		was = before.By
		turn := before.Turn + 1
		models := make([]driver.WriteModel, allGates)
		for n := range int32(allGates) {
			earlier := bson.D{{Key: atID, Value: n}, {Key: "shut", Value: d("$not", d("$gte", turn))}}
			models[n] = driver.NewUpdateOneModel().SetFilter(earlier).SetUpdate(d("$set", d("shut", turn)))
		}
		if _, err := all.BulkWrite(ctx, models); err != nil {
			return err
		}
		if err := s.late.catchUp(ctx); err != nil {
			return err
		}
		_, err = all.UpdateOne(ctx, bson.D{{Key: atID, Value: theFreezer}, {Key: "turn", Value: turn}, {Key: "by", Value: by}}, d("$set", d("done", true)))
		return err
	})
	return was, err
}

// Thaw takes the name away, and then opens the gates.
func (s *Store) Thaw(ctx context.Context, by string) error {
	return s.read(ctx, func(c conn) error {
		mine := bson.D{{Key: atID, Value: theFreezer}, {Key: "by", Value: strings.TrimSuffix(by, halfway)}}
		nobody := d("$set", bson.D{{Key: "by", Value: ""}, {Key: "done", Value: false}})
		if _, err := c.collection(inGates).UpdateOne(ctx, mine, nobody); err != nil {
			return err
		}
		_, err := c.reopen(ctx)
		return err
	})
}

// reopen opens all gates where nobody freezes, whoever has left them shut, and tells whether that is so.
func (c conn) reopen(ctx context.Context) (bool, error) {
	now, err := c.freezer(ctx)
	if err != nil || now.By != "" {
		return false, err
	}
	_, err = c.collection(inGates).UpdateMany(ctx, d("shut", d("$lte", now.Turn)), d("$unset", d("shut", "")))
	return err == nil, err
}

// Frozen tells of one that is not through yet, too, so that what it has shut can be thawed.
func (s *Store) Frozen(ctx context.Context) (by string, err error) {
	err = s.read(ctx, func(c conn) error {
		now, err := c.freezer(ctx)
		if by = now.By; by != "" && !now.Done {
			by += halfway
		}
		return err
	})
	return by, err
}

// freezer is the latest; nobody has a turn where none ever was.
func (c conn) freezer(ctx context.Context) (f freezer, err error) {
	raw, found, err := c.one(ctx, inGates, look{where: d(atID, theFreezer)})
	if err == nil && found {
		err = bson.Unmarshal(raw, &f)
	}
	return f, err
}
