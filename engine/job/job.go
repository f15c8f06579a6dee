// Package job is work that is done in the background: a durable queue over the tenant's store, worked
// off in batches under leases. A job survives the process: its cursor moves in the transaction of each
// batch, so that after a kill another worker goes on where the last commit stood, and no batch is done
// twice.
//
// It knows kinds of work by name and nothing of what they do: no records, no rules, no rights over
// records. Whoever does the work (Kind) asks for these as the one who wanted it (Run.Actor).
package job

import (
	"context"
	"encoding/json"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// State says how far a job is.
type State string

const (
	Queued    State = "queued"    // waits for a worker, or for its next try
	Running   State = "running"   // a worker has begun it
	Done      State = "done"      // to its end; the report tells what was refused
	Failed    State = "failed"    // given up, Reason tells why; what was done stays done
	Cancelled State = "cancelled" // ended by somebody; what was done stays done
)

// Ended tells whether nothing more will happen to a job of this state.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of work, as it stands.
type Job struct {
	ID       value.ID         `json:"id"`
	Kind     string           `json:"kind"`
	State    State            `json:"state"`
	Asker    value.ID         `json:"asker"`            // a user's id, or "system:<part>"
	Scopes   []string         `json:"scopes,omitempty"` // of the token that the asker came with; nil: not narrowed
	Args     json.RawMessage  `json:"-"`                // what the kind was asked to do; only a Run has it
	Cursor   json.RawMessage  `json:"cursor,omitempty"` // where the kind goes on; nil before the first batch
	Done     int64            `json:"done"`             // parts dealt with, refused ones too
	Total    int64            `json:"total"`            // parts there are; 0 while unknown
	Counts   map[string]int64 `json:"counts,omitempty"` // parts by what became of them, in the kind's words
	Refusals map[string]int64 `json:"refusals,omitempty"`
	Result   string           `json:"result,omitempty"` // what came of it, such as a file's id
	Reason   *Refusal         `json:"reason,omitempty"` // of a failed one, or of the last try that failed
	Cancel   bool             `json:"cancel,omitempty"` // somebody wants it to end; seen at the next batch
	Tries    int              `json:"tries,omitempty"`  // that failed since it last moved on
	Undo     bool             `json:"undo,omitempty"`   // what it did is kept, so that it can be taken back

	CreatedAt time.Time `json:"createdAt"`
	StartedAt time.Time `json:"startedAt,omitzero"`
	EndedAt   time.Time `json:"endedAt,omitzero"`
	Due       time.Time `json:"due"` // when it may be worked on

	// Refused are the first MaxRefused parts that were refused; Refusals counts all, by code. Only
	// Queue.Get fills it.
	Refused []Refusal `json:"-"`
}

// Refusal is one part that was not done, and why.
type Refusal struct {
	At     string       `json:"at,omitempty"` // which part, in the kind's words: a record's id, a row's number
	Code   string       `json:"code"`
	Args   fault.Args   `json:"args,omitempty"`
	Issues fault.Issues `json:"issues,omitempty"`
}

// MaxRefused bounds the refusals that a report tells one by one.
const MaxRefused = 200

// New asks for a job.
type New struct {
	Kind  string
	Actor value.Actor
	Args  any       // made into JSON for the kind
	Total int64     // parts there are, where that is known
	Due   time.Time // zero: at once
	Once  *Once     // nil unless the same request shall make one job only
}

// Once names a request, so that sent again it finds its job. It holds for 24 hours.
type Once struct {
	Key  string // the route and the client's key; the actor is added
	Hash []byte // of the request: the same key with another request is a mistake
}

// Kind is one kind of work.
type Kind interface {
	// Name is what New.Kind says.
	Name() string
	// Step does the next batch, which must be small (a second's work, at most 500 documents), and calls
	// run.Advance within the transaction that writes it. It is called again until one says Ended. ctx ends, too, when
	// the job is cancelled: a batch that takes longer must heed it, what it has written by then stays. A fault
	// that may pass (Unavailable, Conflict, Internal) is tried again later; any other ends the job.
	Step(ctx context.Context, run *Run) error
}

// Leaver is a kind that has something in hand between its batches.
type Leaver interface {
	// Leave lets go of what is in hand for a job that ends between two batches: cancelled, or failed for good.
	Leave(id value.ID) error
}

// Finisher is a kind whose jobs finish what is half done already: when whoever asked for one may no longer act, the
// engine goes on in their place.
type Finisher interface{ Finishes() }

// Config is what a Queue stands on; all but Turn, Ending and Ended are needed.
type Config struct {
	Store Store
	Kinds []Kind
	Clock func() time.Time
	NewID func() value.ID
	// Person returns somebody as they are now; false for one who may no longer act.
	Person func(id value.ID) (value.Actor, bool)
	// Turn waits until this queue may do one batch, and returns what ends its turn; it keeps many queues
	// in one process fair to each other. Nil: at once.
	Turn func(ctx context.Context) (end func(), err error)
	// Ending writes what goes with the end of a job, in the transaction that ends it. Nil: nothing does.
	Ending func(ctx context.Context, tx store.Tx, j Job) error
	// Ended hears of each job that this queue's worker has brought to its end. Nil: nobody does.
	Ended func(kind string, state State)
}
