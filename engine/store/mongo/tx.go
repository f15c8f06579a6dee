package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const (
	// maxTouched bounds the documents one transaction writes.
	maxTouched = 1000
	// maxAttempts bounds how often a transaction is run that others keep getting in the way of, about ten seconds.
	maxAttempts = 40
	// maxAway bounds how often a transaction is run that finds no primary: each time has waited for one already.
	maxAway = 3
	// maxCommits bounds how often a commit of unknown end is asked for again.
	maxCommits = 20
	// lastWord is how long a commit may take whose caller no longer waits: its answer would else never be known.
	lastWord = 15 * time.Second
	// givingUp is how long the server is told that a transaction is given up; it finds out by itself in a minute.
	givingUp = 2 * time.Second
)

// tx is one transaction under way.
type tx struct {
	conn
	touched int
	over    bool
	asked   bool     // for its commit
	failed  error    // the first error of the server: it has ended the transaction there
	missing *layout  // a form whose collection must be made before the transaction can be
	late    []bson.D // what waits for its number, written at the end
	order   int32    // of the next that waits
	sums    shares
	put     map[held]*value.Record // what it has written itself, which nobody else sees
}

type held struct {
	form value.FormKey
	id   value.ID
}

var _ store.Tx = (*tx)(nil)

// Tx runs do in a transaction. It is run again from its beginning, on the world as it is then, as long as others get
// in its way or the primary changes; do must not call Store.Tx.
func (s *Store) Tx(ctx context.Context, do func(store.Tx) error) error {
	return s.transact(ctx, func(t *tx) error { return do(t) })
}

// carryOut is transact (gates.go) for what changes nothing that anybody is told of.
func (s *Store) carryOut(ctx context.Context, do func(*tx) error) error {
	if err := s.open(ctx); err != nil {
		return err
	}
	if s.options.twice && !s.options.bare {
		s.inVain(ctx, do)
	}
	away, unhinted := 0, false
	for attempt := 0; ; attempt++ {
		t, err := s.attempt(ctx, unhinted, do)
		if isAway(t.failed) {
			away++ // it has waited for a primary
		}
		unhinted = unhinted || isHint(t.failed)
		switch {
		case err == nil:
			if len(t.late) > 0 {
				s.late.wake()
			}
			return nil
		case t.missing != nil:
			if err := s.makeForm(ctx, t.missing); err != nil {
				return err
			}
			continue
		case !t.again():
			return err
		case away == maxAway:
			return fault.New(fault.Unavailable, "store.unavailable").In("store.tx").Because(t.failed)
		case attempt == maxAttempts:
			return fault.New(fault.Unavailable, "store.busy").In("store.tx").Because(t.failed)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// attempt runs do once, from beginning to commit. Whatever the closure makes of an error of the server, that decides
// how it ends.
func (s *Store) attempt(ctx context.Context, unhinted bool, do func(*tx) error) (*tx, error) {
	t := &tx{conn: s.conn(), put: map[held]*value.Record{}}
	t.unhinted = unhinted
	end, err := s.begin(ctx, t)
	if err != nil {
		return t, t.told(err)
	}
	err = t.run(do)
	switch {
	case t.missing != nil:
		err = errMissing
	case t.failed != nil && (err == nil || isTransient(t.failed)):
		err = broken(t.failed)
	case err == nil:
		err = t.finish(ctx)
	}
	t.over = true
	if err != nil {
		_ = end(false) // the first error is the one to tell
		return t, err
	}
	t.asked = true
	return t, t.told(end(true))
}

// again tells whether the transaction may be run once more. Until its commit is asked for nothing of it has happened,
// whatever has failed it; after that only the server knows.
func (t *tx) again() bool {
	return isTransient(t.failed) || t.session != nil && !t.asked && isAway(t.failed)
}

// errMissing says that a form's collection is not there yet.
var errMissing = errors.New("the collection is to be made first")

// begin starts the server's transaction; what it returns ends it, by its commit or not.
func (s *Store) begin(ctx context.Context, t *tx) (end func(commits bool) error, err error) {
	if s.options.bare {
		return s.beginBare(), nil
	}
	session, err := s.cluster.client.StartSession()
	if err != nil {
		return nil, err
	}
	o := options.Transaction().SetReadConcern(readconcern.Snapshot()).SetWriteConcern(writeconcern.Majority())
	if err := session.StartTransaction(o); err != nil {
		session.EndSession(context.WithoutCancel(ctx))
		return nil, err
	}
	t.session = session
	return func(commits bool) error {
		patience := givingUp
		if commits {
			patience = lastWord
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		defer session.EndSession(last)
		if !commits {
			return session.AbortTransaction(last)
		}
		return commit(last, session)
	}, nil
}

// commit asks for the commit until its end is known: that it has happened, or that the server knows of no such
// transaction, or refuses it. That it is asked for again does nothing twice: the server knows what it has committed.
func commit(ctx context.Context, session committer) error {
	for attempt := 0; ; attempt++ {
		err := session.CommitTransaction(ctx)
		if err == nil || hasLabel(err, labelTransient) || isAnswer(err) && !hasLabel(err, labelUnknown) {
			return err
		}
		if attempt == maxCommits || pause(ctx, attempt) != nil {
			return fault.New(fault.Unavailable, "store.unsure").In("store.commit").Because(err)
		}
	}
}

// committer is what a commit needs of the driver's session.
type committer interface {
	CommitTransaction(context.Context) error
}

// inVain runs do and gives up all it did. Its fault is left to the run that counts.
func (s *Store) inVain(ctx context.Context, do func(*tx) error) {
	_, _ = s.attempt(ctx, false, func(t *tx) error {
		if err := do(t); err != nil {
			return err
		}
		return errVain
	})
}

var errVain = errors.New("in vain")

// run runs the closure and makes a fault of a panic, so that it ends one request and not the process.
func (t *tx) run(do func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "internal").In("store.tx").Because(fmt.Errorf("panic: %v", p))
		}
	}()
	return do(t)
}

// finish writes what the closure has left to the end.
func (t *tx) finish(ctx context.Context) error {
	t.sums.leave(t)
	if len(t.late) == 0 {
		return nil
	}
	docs := make([]any, len(t.late))
	for i, one := range t.late {
		docs[i] = one
	}
	_, err := t.collection(inLate).InsertMany(t.in(ctx), docs)
	return t.told(err)
}

// leave keeps a document for the end, behind what is left already.
func (t *tx) leave(doc bson.D) {
	t.late = append(t.late, append(bson.D{{Key: atID, Value: primitive.NewObjectID()}, {Key: "order", Value: t.order}}, doc...))
	t.order++
}

// told remembers the first error of the server, which has ended the transaction there.
func (t *tx) told(err error) error {
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return broken(err)
}

func (t *tx) ready(ctx context.Context) error {
	switch {
	case t.over:
		return fault.New(fault.Internal, "internal").In("store.tx").Because(errors.New("the transaction is over"))
	case t.missing != nil:
		return errMissing
	case t.failed != nil:
		return broken(t.failed)
	}
	return ctx.Err()
}

// write is ready for one more document.
func (t *tx) write(ctx context.Context) error {
	if t.touched++; t.touched > maxTouched {
		return store.TooLarge()
	}
	return t.ready(ctx)
}

func (t *tx) Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error) {
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	r, err := t.get(ctx, form, id)
	return r, t.told2(err)
}

// told2 is told for what may be a fault of ours that has ended nothing.
func (t *tx) told2(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	return t.told(err)
}

func (t *tx) List(ctx context.Context, q query.List) (query.Page, error) {
	if err := t.ready(ctx); err != nil {
		return query.Page{}, err
	}
	page, err := t.store.list(ctx, t.conn, q)
	return page, t.told2(err)
}

// Guard writes a document that every other transaction under the same guard writes too.
func (t *tx) Guard(ctx context.Context, key string) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	if told := t.store.options.guard; told != nil {
		told(key)
	}
	change := bson.D{{Key: "$inc", Value: d("n", int64(1))}, {Key: "$currentDate", Value: d("at", true)}}
	_, err := t.collection(inGuards).UpdateOne(t.in(ctx), d(atID, key), change, options.Update().SetUpsert(true))
	return t.told(raced(err))
}

// sequenceCounter begins the counters that are sequences.
const sequenceCounter = "sequence."

func (t *tx) Next(ctx context.Context, sequence string) (int64, error) {
	if err := t.ready(ctx); err != nil {
		return 0, err
	}
	n, err := t.count(ctx, sequenceCounter+sequence, 1)
	return n, t.told(raced(err))
}

// raced says of a document that another transaction was first to make that this one begins anew: then it finds it.
func raced(err error) error {
	if isDuplicate(err) {
		return fmt.Errorf("%w: %w", errRace, err)
	}
	return err
}

// errRace says that the transaction may succeed when it is run again.
var errRace = errors.New("another was first")

// count adds to a counter and returns what it is then.
func (c conn) count(ctx context.Context, name string, by int64) (int64, error) {
	o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	raw, err := c.collection(inCounters).FindOneAndUpdate(c.in(ctx), d(atID, name), d("$inc", d("n", by)), o).Raw()
	if err != nil {
		return 0, err
	}
	return intOf(raw.Lookup("n")), nil
}
