package mongo

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// errStop ends a walk over documents early, without being a fault.
var errStop = errors.New("stop")

// conn is how an operation reaches the tenant's collections: each command by itself, or all of them in the
// transaction of a session.
type conn struct {
	store    *Store
	session  driver.Session // nil outside of transactions
	unhinted bool           // the server is left to choose its indexes: one that was named has gone
}

func (s *Store) conn() conn { return conn{store: s} }

// in is the context under which a command runs.
func (c conn) in(ctx context.Context) context.Context {
	if c.session == nil {
		return ctx
	}
	return driver.NewSessionContext(ctx, c.session)
}

func (c conn) collection(name string) *driver.Collection { return c.store.db.Collection(name) }

// left is how long the server may work for a caller, nil for as long as it takes.
func (c conn) left(ctx context.Context) *time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok || c.store.options.now == nil {
		return nil
	}
	left := max(deadline.Sub(c.store.options.now()), time.Millisecond)
	return &left
}

// look is one question to a collection.
type look struct {
	where  bson.D
	sort   bson.D
	fields bson.D // the projection; nil for whole documents
	limit  int64  // 0 for all
	hint   string // the index to use; "" leaves it to the server
}

// find calls do with each document, which holds only until it returns.
func (c conn) find(ctx context.Context, collection string, l look, do func(bson.Raw) error) error {
	o := options.Find().SetAllowDiskUse(false)
	o.MaxTime = c.left(ctx)
	if l.sort != nil {
		o.SetSort(l.sort)
	}
	if l.fields != nil {
		o.SetProjection(l.fields)
	}
	if l.limit > 0 {
		o.SetLimit(l.limit).SetBatchSize(int32(min(l.limit, inOne-1) + 1))
	} else {
		o.SetBatchSize(inOne)
	}
	if l.hint != "" && !c.unhinted {
		o.SetHint(l.hint)
	}
	cursor, err := c.collection(collection).Find(c.in(ctx), orAll(l.where), o)
	if isHint(err) && c.session == nil {
		c.store.old.Store(true)
		cursor, err = c.collection(collection).Find(c.in(ctx), orAll(l.where), o.SetHint(nil))
	}
	return c.each(ctx, cursor, err, do)
}

// aggregate calls do with each document that a pipeline gives.
func (c conn) aggregate(ctx context.Context, collection string, stages []bson.D, hint string, do func(bson.Raw) error) error {
	o := options.Aggregate().SetAllowDiskUse(false).SetBatchSize(inOne)
	o.MaxTime = c.left(ctx)
	if hint != "" && !c.unhinted {
		o.SetHint(hint)
	}
	cursor, err := c.collection(collection).Aggregate(c.in(ctx), stages, o)
	if isHint(err) && c.session == nil {
		c.store.old.Store(true)
		cursor, err = c.collection(collection).Aggregate(c.in(ctx), stages, o.SetHint(nil))
	}
	return c.each(ctx, cursor, err, do)
}

// inOne is how many documents come with one answer, but for what 16 MB hold: a page comes whole, so that no cursor
// can be lost on the way to its end.
const inOne = 1001

// isHint tells that the index that was named is not there: it is being built, or another instance has dropped it.
// The answer is the same without it; a transaction has ended with it and begins anew (tx.go).
func isHint(err error) bool {
	return err != nil && hasCode(err, codeBadValue) && strings.Contains(err.Error(), "hint")
}

func (c conn) each(ctx context.Context, cursor *driver.Cursor, err error, do func(bson.Raw) error) error {
	if err != nil {
		return err
	}
	for cursor.Next(c.in(ctx)) {
		if err = do(cursor.Current); err != nil {
			break
		}
	}
	if err == nil {
		err = cursor.Err()
	}
	// What it left behind on the server goes by itself when this fails.
	last, cancel := context.WithTimeout(context.WithoutCancel(c.in(ctx)), givingUp)
	defer cancel()
	_ = cursor.Close(last)
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// one reads the first document of a question; found is false where there is none.
func (c conn) one(ctx context.Context, collection string, l look) (doc bson.Raw, found bool, err error) {
	l.limit = 1
	err = c.find(ctx, collection, l, func(raw bson.Raw) error {
		doc, found = append(bson.Raw(nil), raw...), true
		return nil
	})
	return doc, found, err
}

// number counts what meets a condition, but not beyond limit; 0 sets none.
func (c conn) number(ctx context.Context, collection string, where bson.D, limit int64, hint string) (n int64, err error) {
	stages := []bson.D{d("$match", orAll(where))}
	if limit > 0 {
		stages = append(stages, d("$limit", limit))
	}
	stages = append(stages, d("$count", "n"))
	err = c.aggregate(ctx, collection, stages, hint, func(raw bson.Raw) error {
		n = intOf(raw.Lookup("n"))
		return nil
	})
	return n, err
}

// read runs a question outside of transactions; its errors become faults.
func (s *Store) read(ctx context.Context, do func(c conn) error) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	return broken(do(s.conn()))
}

// atOneMoment runs questions that are all answered as of one moment, whatever is written meanwhile. MongoDB keeps such
// a moment for five minutes (minSnapshotHistoryWindowInSeconds); for what takes longer, see isPast.
func (s *Store) atOneMoment(ctx context.Context, do func(c conn) error) error {
	c := s.conn()
	if !s.options.bare {
		session, err := s.cluster.client.StartSession(options.Session().SetSnapshot(true))
		if err != nil {
			return err
		}
		defer session.EndSession(context.WithoutCancel(ctx))
		c.session = session
	}
	return do(c)
}

// isPast tells that the moment as of which was asked is kept no longer.
func isPast(err error) bool {
	return hasCode(err, codeSnapshotTooOld) || hasCode(err, codeSnapshotGone)
}

// now is the store's own time in epoch milliseconds: leases are judged by it and by no caller's clock.
func (s *Store) now(ctx context.Context) (int64, error) {
	h, err := s.cluster.hello(ctx)
	return h.Time.UnixMilli(), err
}

// d is a document of one member.
func d(key string, v any) bson.D { return bson.D{{Key: key, Value: v}} }

func orAll(where bson.D) bson.D {
	if where == nil {
		return bson.D{}
	}
	return where
}
