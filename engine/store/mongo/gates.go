package mongo

import (
	"context"
	"math/rand/v2"

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

const (
	theFreezer = "freezer"
	// halfway follows a name as long as some gates may be open, also where whoever was at it has died.
	halfway = "…"
)
