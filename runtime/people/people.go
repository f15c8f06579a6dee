// Package people keeps a tenant's users, org units and zones in the tenant's store, and hands them out
// as an org.Snapshot that is rebuilt whole with every change.
//
// It neither checks passwords nor knows sessions (package signin does); it only keeps a password's hash
// away from what is listed, and counts a stamp per user that grows when whoever is signed in must sign
// in again.
package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Side collections. The hash of a password lives apart from its user, so that no list carries it.
const (
	users       = "user"
	units       = "unit"
	zones       = "zone"
	credentials = "credential"
	revisions   = "org"
)

// revisionKey names the one document that every change replaces, so that two changes at once conflict.
const revisionKey = "revision"

// Book is one tenant's people. It is safe for concurrent use.
type Book struct {
	store store.Store
	// Entails returns what must be written in the transaction that moves units or people, such as the work
	// that it leaves behind; nil for nothing. It is asked outside of the transaction, with the revision to be.
	Entails func(revision int64) (func(ctx context.Context, tx store.Tx) error, error)
	write   sync.Mutex // one change at a time
	state   atomic.Pointer[state]
}

// state is what the store held at one revision. It is never changed once made.
type state struct {
	revision int64
	users    map[value.ID]person
	units    map[value.ID]org.Unit
	zones    map[value.ID]org.Zone
	moving   moving
	snapshot *org.Snapshot
}

// mark is the document that every change replaces.
type mark struct {
	Moving moving `json:"moving,omitzero"`
}

// moving is what has moved and when last, until Settle says that the records have followed.
type moving struct {
	Revision int64      `json:"revision"`
	Units    []value.ID `json:"units,omitempty"`
	People   []value.ID `json:"people,omitempty"`
}

// Open reads the people of a store.
func Open(ctx context.Context, s store.Store) (*Book, error) {
	b := &Book{store: s}
	if err := b.reload(ctx); err != nil {
		return nil, fault.Wrap("people.open", err)
	}
	return b, nil
}

// Org returns the organisation as it is now.
func (b *Book) Org() *org.Snapshot { return b.state.Load().snapshot }

// Stamp returns a user's stamp: a session made under an older one is over. 0 for nobody.
func (b *Book) Stamp(user value.ID) int64 { return b.state.Load().users[user].Stamp }

// Hash returns the hash of a user's password, or NotFound for a user who has none.
func (b *Book) Hash(ctx context.Context, user value.ID) (string, error) {
	item, err := b.store.Load(ctx, credentials, string(user))
	if err != nil {
		return "", err
	}
	var c credential
	if err := json.Unmarshal(item.Body, &c); err != nil {
		return "", fault.New(fault.Internal, "store.corrupt").In("people.hash").Because(err)
	}
	return c.Hash, nil
}

// Change lets do describe changes on a draft, checks the organisation that comes of them as a whole, and
// writes what differs in one transaction. Where another process is faster, do is run again upon what that has left: it
// must have no effect but on the draft. Faults are those of org.NewSnapshot, of the store, and what do returns; then
// nothing has changed.
func (b *Book) Change(ctx context.Context, do func(*Draft) error) error {
	b.write.Lock()
	defer b.write.Unlock()
	for attempt := 1; ; attempt++ {
		if err := b.catchUp(ctx); err != nil {
			return fault.Wrap("people.change", err)
		}
		was := b.state.Load()
		next, err := b.change(ctx, was, do)
		if err == nil {
			b.state.Store(next)
			return nil
		}
		if fault.CodeOf(err) != "store.stale" || attempt == maxChanges {
			return err
		}
		// Another process was faster: what it has changed is taken over, and this begins anew. Else it is not that.
		if caught := b.catchUp(ctx); caught != nil || b.state.Load() == was {
			return errors.Join(err, caught)
		}
	}
}

// maxChanges is how often a change begins anew that other processes keep getting in the way of.
const maxChanges = 10

// change makes one attempt at a change.
func (b *Book) change(ctx context.Context, was *state, do func(*Draft) error) (*state, error) {
	draft := newDraft(was)
	if err := do(draft); err != nil {
		return nil, err
	}
	next, err := draft.build()
	if err == nil {
		err = b.save(ctx, was, draft)
	}
	return next, fault.Wrap("people.change", err)
}

// save writes what the draft changes if nobody has written since was.
func (b *Book) save(ctx context.Context, was *state, draft *Draft) error {
	items, err := draft.items()
	if err != nil {
		return err
	}
	body, err := json.Marshal(mark{draft.next.moving})
	if err != nil {
		return err
	}
	entailed := func(context.Context, store.Tx) error { return nil }
	if draft.next.moving.Revision == draft.next.revision && b.Entails != nil {
		if entailed, err = b.Entails(draft.next.revision); err != nil {
			return err
		}
	}
	return b.store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, revisions, store.Item{Key: revisionKey, Body: body}, was.revision); err != nil {
			return err
		}
		for _, k := range items {
			if err := put(ctx, tx, k); err != nil {
				return err
			}
		}
		for _, k := range draft.beside {
			if err := tx.Save(ctx, k.collection, k.item, 0); err != nil {
				return err
			}
		}
		for i, e := range draft.notes {
			// The revision is this change's own, so that it makes a key that no other line has.
			if err := audit.Write(ctx, tx, value.ID(fmt.Sprintf("people-%d-%d", draft.next.revision, i)), e); err != nil {
				return err
			}
		}
		return entailed(ctx, tx)
	})
}

// Settle says, in a transaction, that all records have followed the moves up to a revision. Moves since
// then have work of their own.
func (b *Book) Settle(ctx context.Context, tx store.Tx, revision int64) error {
	item, err := tx.Load(ctx, revisions, revisionKey)
	if err != nil {
		return err
	}
	var m mark
	if err := json.Unmarshal(item.Body, &m); err != nil {
		return fault.New(fault.Internal, "store.corrupt").At(revisions + "/" + revisionKey).Because(err)
	}
	if m.Moving.Revision != revision {
		return nil
	}
	return tx.Save(ctx, revisions, store.Item{Key: revisionKey, Body: []byte("{}")}, item.Revision)
}

func put(ctx context.Context, tx store.Tx, k keyed) error {
	if k.item.Body == nil {
		return tx.Drop(ctx, k.collection, k.item.Key)
	}
	return tx.Save(ctx, k.collection, k.item, store.AnyRevision)
}

// Refresh takes over what another process has changed since; it asks for one small document.
func (b *Book) Refresh(ctx context.Context) error {
	b.write.Lock()
	defer b.write.Unlock()
	return fault.Wrap("people.refresh", b.catchUp(ctx))
}

func (b *Book) catchUp(ctx context.Context) error {
	item, err := b.store.Load(ctx, revisions, revisionKey)
	if fault.KindOf(err) == fault.NotFound || err == nil && item.Revision <= b.state.Load().revision {
		return nil
	}
	if err != nil {
		return err
	}
	return b.reload(ctx)
}

// MustChange tells whether a user has to change their password before anything else.
func (b *Book) MustChange(user value.ID) bool { return b.state.Load().users[user].MustChange }

// reload reads everything anew.
func (b *Book) reload(ctx context.Context) error {
	next := &state{users: map[value.ID]person{}, units: map[value.ID]org.Unit{}, zones: map[value.ID]org.Zone{}}
	item, err := b.store.Load(ctx, revisions, revisionKey)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil {
		var m mark
		if err := json.Unmarshal(item.Body, &m); err != nil {
			return fault.New(fault.Internal, "store.corrupt").At(revisions + "/" + revisionKey).Because(err)
		}
		next.revision, next.moving = item.Revision, m.Moving
	}
	if err := scan(ctx, b.store, users, func(p person) { next.users[p.ID] = p }); err != nil {
		return err
	}
	if err := scan(ctx, b.store, units, func(u unit) { next.units[u.ID] = org.Unit(u) }); err != nil {
		return err
	}
	if err := scan(ctx, b.store, zones, func(z zone) { next.zones[z.ID] = org.Zone(z) }); err != nil {
		return err
	}
	if next.snapshot, err = next.build(); err != nil {
		return err
	}
	b.state.Store(next)
	return nil
}

const scanPage = 500

func scan[T any](ctx context.Context, side store.Side, collection string, take func(T)) error {
	after := ""
	for {
		items, err := side.Scan(ctx, collection, "", after, scanPage)
		if err != nil {
			return err
		}
		for _, item := range items {
			var doc T
			if err := json.Unmarshal(item.Body, &doc); err != nil {
				return fault.New(fault.Internal, "store.corrupt").At(collection + "/" + item.Key).Because(err)
			}
			take(doc)
			after = item.Key
		}
		if len(items) < scanPage {
			return nil
		}
	}
}

// Revision names the state of the people, for caches.
func (b *Book) Revision() string { return strconv.FormatInt(b.state.Load().revision, 10) }
