// Package post is what is on its way to other hosts: parcels, kept with the transaction of what they tell of, sent
// by lanes, tried again with growing pauses, given up, and kept for a while for whoever looks after them.
//
// A parcel leaves at least once: where a process dies between a host's taking it and the note of that, it is sent
// again, under the same id. What a host makes of that is its own matter; senders say it where they send. Lanes go
// on beside each other, so that a host that does not answer holds up nothing but its own. The package knows no
// person, no record and no host.
package post

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// State is how a parcel stands.
type State string

const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Idle    State = "idle"   // there was nothing to send any more
	Failed  State = "failed" // given up
)

// Parcel is something that leaves.
type Parcel struct {
	ID    string          `json:"id"`   // of letters, digits and "-": names it for good
	Lane  string          `json:"lane"` // the way it goes, one after another; named by letters, digits and "-"
	Body  json.RawMessage `json:"body"` // for who sends it; it holds no secret
	Made  time.Time       `json:"made"`
	Due   time.Time       `json:"due"`            // of the next try, while it waits
	Tries int             `json:"tries"`          // that have failed
	Since time.Time       `json:"since,omitzero"` // when somebody had it tried again; zero: it was made
	At    time.Time       `json:"at,omitzero"`
	State State           `json:"state"`
	Why   *Why            `json:"why,omitempty"` // of the last try that failed
}

// Why says why a try has failed, with no word of what a host has said but its codes.
type Why struct {
	Code string     `json:"code"`
	Args fault.Args `json:"args,omitempty"`
}

// Side documents. What is due is found by its lane, and what has ended by time, the newest first.
const (
	parcels = "post"       // id → Parcel
	due     = "postDue"    // lane/time/id → nothing
	lanes   = "postLane"   // lane → nothing: that it was used
	ended   = "postEnded"  // lane/newest first/id → nothing
	failed  = "postFailed" // newest first/id → nothing
)

const (
	// kept is how long a parcel can be looked up after its end.
	kept = 30 * 24 * time.Hour
	// maxTries is how often a parcel is tried where what failed may pass: over about five hours.
	maxTries   = 10
	firstDelay = 5 * time.Second
	longest    = time.Hour
	// patience is how long a host is left alone that does not want to hear, before what waits for it is given up.
	patience = 3 * 24 * time.Hour
	// lease is longer than one try takes.
	lease = 2 * time.Minute
	// atOnce is how many parcels of a lane one look takes; lanesAtOnce how many lanes go beside each other.
	atOnce = 20
	// soon is what nobody closes a tenant before.
	soon        = time.Minute
	lanesAtOnce = 4
)

// delay is the pause after the nth failure: each four times as long as the one before.
func delay(n int) time.Duration {
	d := firstDelay
	for range n - 1 {
		d = min(4*d, longest)
	}
	return d
}

// Store is what an Office needs of a tenant's store.
type Store interface {
	store.Side
	store.Leases
	Tx(ctx context.Context, do func(tx store.Tx) error) error
}

// Config is what an Office stands on; all of it is needed.
type Config struct {
	Store  Store
	Clock  func() time.Time
	Holder func() string // names who works, each time another
	// Send sends a parcel once.
	Send func(ctx context.Context, p Parcel) (Verdict, error)
	// GivenUp is told in the transaction that gives a parcel up.
	GivenUp func(ctx context.Context, tx store.Tx, p Parcel) error
}

// Verdict is what became of a try that did not fail; the zero value: it is sent.
type Verdict struct {
	Idle bool      // there is nothing to send any more
	Held time.Time // it is to leave then and not before
	// Body is kept in the place of the parcel's own; nil: that stays.
	Body json.RawMessage
	// Also is done in the transaction that notes the end; nil: nothing.
	Also func(ctx context.Context, tx store.Tx) error
}

// Office keeps and sends parcels. It is safe for concurrent use.
type Office struct {
	Config
	paused pauses
	idle   atomic.Bool // nothing was to leave soon when it was last looked
}

// Open returns an Office.
func Open(config Config) *Office {
	return &Office{Config: config, paused: pauses{until: map[string]time.Time{}}}
}

// Find returns a parcel. Faults: NotFound.
func Find(ctx context.Context, from store.Side, id string) (Parcel, error) {
	p, err := load(ctx, from, id)
	return p, fault.Wrap("post.find", err)
}

// Amend gives a parcel that waits another body.
func Amend(ctx context.Context, tx store.Tx, p Parcel, body json.RawMessage) error {
	p.Body = body
	return fault.Wrap("post.amend", p.save(ctx, tx))
}

// Put keeps a parcel that is to leave at its Due. One whose id is known is left as it is.
func Put(ctx context.Context, tx store.Tx, p Parcel) error {
	const op = "post.put"
	_, err := tx.Load(ctx, parcels, p.ID)
	if fault.KindOf(err) != fault.NotFound {
		return fault.Wrap(op, err)
	}
	p.State = Waiting
	if err := tx.Save(ctx, lanes, store.Item{Key: p.Lane, Body: nothing}, store.AnyRevision); err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, p.save(ctx, tx))
}

var nothing = json.RawMessage("{}")

// save writes a parcel, and where it is found.
func (p Parcel) save(ctx context.Context, tx store.Tx) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	item := store.Item{Key: p.ID, Body: body}
	if p.State == Waiting {
		if err := tx.Save(ctx, parcels, item, store.AnyRevision); err != nil {
			return err
		}
		return tx.Save(ctx, due, store.Item{Key: p.dueKey(), Body: nothing}, store.AnyRevision)
	}
	item.Expires = p.At.Add(kept)
	if err := tx.Save(ctx, parcels, item, store.AnyRevision); err != nil {
		return err
	}
	if p.State == Failed {
		if err := tx.Save(ctx, failed, store.Item{Key: p.failedKey(), Body: nothing, Expires: item.Expires}, store.AnyRevision); err != nil {
			return err
		}
	}
	return tx.Save(ctx, ended, store.Item{Key: p.endedKey(), Body: nothing, Expires: item.Expires}, store.AnyRevision)
}

// unplace takes away where a parcel is found, before it is saved anew.
func (p Parcel) unplace(ctx context.Context, tx store.Tx) error {
	if p.State == Waiting {
		return tx.Drop(ctx, due, p.dueKey())
	}
	if err := tx.Drop(ctx, failed, p.failedKey()); err != nil {
		return err
	}
	return tx.Drop(ctx, ended, p.endedKey())
}

func (p Parcel) dueKey() string { return p.Lane + "/" + timeKey(p.Due) + "/" + p.ID }

func timeKey(at time.Time) string { return fmt.Sprintf("%019d", at.UnixMilli()) }

func (p Parcel) failedKey() string { return newestFirst(p.At) + "/" + p.ID }

func (p Parcel) endedKey() string { return p.Lane + "/" + p.failedKey() }

func newestFirst(at time.Time) string {
	const most = 1<<63 - 1
	return fmt.Sprintf("%019d", most-at.UnixMilli())
}

func load(ctx context.Context, from store.Side, id string) (p Parcel, err error) {
	item, err := from.Load(ctx, parcels, id)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(item.Body, &p); err != nil {
		return p, fault.New(fault.Internal, "store.corrupt").At(parcels + "/" + id).Because(err)
	}
	return p, nil
}
