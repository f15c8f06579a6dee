// Package store is the port to a tenant's data: what the engine needs of a database, and nothing of
// any database. The implementations (sqlite, mongo) pass storetest unchanged.
//
// Errors are faults: NotFound "store.notFound", Conflict "store.stale" (version), "store.taken"
// (unique; Args: form, fields, holder id), Unavailable "store.busy"/"store.full"/"store.readOnly"/"store.moving",
// Internal "store.corrupt". Context ends are passed on.
package store

import (
	"context"
	"time"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Reader reads records. Reads outside a transaction see the last commit.
type Reader interface {
	// Get returns one record, living or in the recycle bin; NotFound otherwise.
	Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error)
	// GetMany returns those of the ids that exist, in no set order; at most 1,000 ids.
	GetMany(ctx context.Context, form value.FormKey, ids []value.ID) ([]*value.Record, error)
	List(ctx context.Context, q query.List) (query.Page, error)
	Count(ctx context.Context, q query.Count) (query.Counted, error)
	Aggregate(ctx context.Context, q query.Aggregate) ([]query.Row, error)
	// History returns a record's events without their images, newest first, those with Seq < before
	// (0: from the newest); limit 1 to 500. A record taken away has none.
	History(ctx context.Context, form value.FormKey, id value.ID, before int64, limit int) ([]event.Event, error)
}

// Tx is one transaction: all of it or nothing. Its reads see its own writes.
type Tx interface {
	Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error)
	List(ctx context.Context, q query.List) (query.Page, error)
	// Put writes a record whole. was is the version it must replace, 0 for a new one: else Conflict.
	// Tokens are written, never read back: nil keeps those the record has (where its principals change, they may
	// be made anew from "~text"), empty ones take them away.
	Put(ctx context.Context, r *value.Record, was int64) error
	// Remove takes a record away for good, with its history; it must have version was.
	Remove(ctx context.Context, form value.FormKey, id value.ID, was int64) error
	// Emit writes an event to the record's history and the outbox; one of no form to the outbox alone.
	Emit(ctx context.Context, e event.Event) error
	Order
	Side
	Claims
}

// Order is what keeps transactions from crossing each other.
type Order interface {
	// Guard makes this transaction conflict with every other that guards the same key at the same time.
	Guard(ctx context.Context, key string) error
	// Next returns the next number of a named sequence, 1 first; given back when the transaction fails.
	Next(ctx context.Context, sequence string) (int64, error)
	// Hold makes the transaction depend on a lease: Conflict "store.leased" when the token is no longer
	// the lease's, because another holder came or it was released. Every transaction of leased work asks it.
	Hold(ctx context.Context, lease string, token int64) error
}

// Side keeps small documents that are no records, by collection and key: people, sessions, bundles.
type Side interface {
	// Load returns the document, or NotFound; one past its expiry may or may not be returned.
	Load(ctx context.Context, collection, key string) (Item, error)
	// Save writes the document whole; was is the revision it must replace: 0 for none yet, AnyRevision for any.
	Save(ctx context.Context, collection string, item Item, was int64) error
	// Drop takes the document away; nothing happens when there is none.
	Drop(ctx context.Context, collection, key string) error
	// Scan returns documents in key order whose key starts with prefix and is above after; at most limit.
	Scan(ctx context.Context, collection, prefix, after string, limit int) ([]Item, error)
}

// AnyRevision lets Save overwrite whatever is there.
const AnyRevision int64 = -1

// Item is a side document.
type Item struct {
	Key      string
	Revision int64     // given by the store: 1, 2, …
	Expires  time.Time // zero: never. Expired items are cleared by Store.Sweep
	Body     []byte    // JSON
}

// Outbox hands out events to named consumers, each event to each consumer at least once, in order per
// record. A consumer is known from its first Take or Settle and begins with the oldest event still kept:
// Sweep clears events a day after they happened, once every known consumer has settled them.
type Outbox interface {
	// Take leases up to limit events that consumer has not yet settled, for the given time.
	Take(ctx context.Context, consumer string, limit int, lease time.Duration) ([]event.Event, error)
	// Settle says that the consumer is done with these.
	Settle(ctx context.Context, consumer string, seqs []int64) error
}

// Log is the outbox for those who read along, whatever consumers have settled.
type Log interface {
	// Since returns events with Seq > after in the order of their numbers; limit is 1 to 1,000. What Sweep has
	// cleared is left out.
	Since(ctx context.Context, after int64, limit int) ([]event.Event, error)
	// Span returns the number of the oldest event that is kept, or of the next where none is, and the newest
	// number that was given.
	Span(ctx context.Context) (oldest, newest int64, err error)
	// Wait returns once there has been an event with Seq > after. It ends with ctx, and when the store is closed.
	Wait(ctx context.Context, after int64) error
}

// Leases decide who works. Expiry is judged by the store's own time.
type Leases interface {
	// Acquire gives the named lease to holder, or Conflict "store.leased". The token fences: it grows with every new holder.
	Acquire(ctx context.Context, name, holder string, life time.Duration) (token int64, err error)
	Release(ctx context.Context, name, holder string, token int64) error
}

// Store is one tenant's data.
type Store interface {
	Reader
	Side
	Files
	// Tx runs do in one transaction. do may run more than once and together with others' work: it must have no
	// effect but through tx, draw no time or randomness, and touch at most 1,000 documents.
	Tx(ctx context.Context, do func(tx Tx) error) error
	Outbox
	Log
	Leases
	Maintenance
}

// Maintenance is what operators and publishing do.
type Maintenance interface {
	// Prepare brings the store's layout to the given forms: builds missing indexes without stopping readers,
	// drops unused ones. Forms no longer named keep their records. It reports (done, total) as it goes.
	Prepare(ctx context.Context, forms []Form, progress func(done, total int)) error
	// Each walks all records of a form in id order, the recycle bin included; for verify, re-keying and copying.
	Each(ctx context.Context, form value.FormKey, after value.ID, do func(*value.Record) error) error
	// EachTokens hands out, in no set order, the sum of the tokens that search finds each record of a form by;
	// those that it finds by none may be left out. It reads what is there once, for verify.
	EachTokens(ctx context.Context, form value.FormKey, do func(id value.ID, sum TokenSum) error) error
	// Sweep clears what has expired by now and returns how many.
	Sweep(ctx context.Context, now time.Time) (int, error)
	// Check verifies the store's own structures and returns every difference found.
	Check(ctx context.Context) ([]string, error)
	// Backup writes a consistent copy to a new file while others go on.
	Backup(ctx context.Context, path string) error
	Moving
	Close() error
}
