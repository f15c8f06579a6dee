// Package record is the one door to records: everything that makes, changes, reads or counts them
// passes here, whoever asks, so that rules, rights and history cannot be gone around. Each file is
// one thing that can be done. It knows no HTTP and no kind of background work.
package record

import (
	"context"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/expr"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/script"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Config is what the service stands on; all of it is needed.
type Config struct {
	Store    store.Store
	Catalog  func() *catalog.Catalog // the published metadata, now
	Org      func() *org.Snapshot    // the people, now
	Clock    func() time.Time
	NewID    func() value.ID
	Zone     *time.Location       // the tenant's time zone
	Calendar func() *org.Calendar // the tenant's working calendar, now
	Seal     [32]byte             // the tenant's key for cursors
	// Publications are where Catalog comes from; nil: it never changes.
	Publications Publications
	// Actions are those that a form has; nil: none has any.
	Actions func(form *catalog.Form) []Action
	// Label is what a text of the engine's own is called, in each language; nil: by its code.
	Label func(code string) meta.Label
	// Say is the text of a code of package message in a locale; nil: the code.
	Say func(locale, code string, args fault.Args) string
	// Room holds, in the transaction that makes a record of a form with pools for somebody, that they have room
	// for it; nil: everybody has.
	Room func(ctx context.Context, tx store.Tx, on Asked, owner value.ID) error
	// Notify tells people, in the transaction of a save, what a script of it says; nil: nobody is told.
	Notify func(ctx context.Context, tx store.Tx, s Saying) error
	// Send keeps, in the transaction of a save, what a script of it sends to another host; nil: nothing is sent.
	Send func(ctx context.Context, tx store.Tx, s Sending) error
	// Outward asks other hosts for scripts; nil: none reaches any.
	Outward Outward
	// Ran keeps runs of scripts that are worth being looked at; nil: none is kept.
	Ran func(ctx context.Context, one Ran) error
	// Taken hears, in the transaction that keeps it, how many values somebody has learnt past a mask; nil: nobody does.
	Taken func(ctx context.Context, tx store.Tx, actor value.Actor, count int64) error
	// Followed are records of a form that somebody follows, at most so many; nil: nobody follows any.
	Followed func(ctx context.Context, form value.FormKey, user value.ID, most int) ([]value.ID, error)
	// Leave leaves to a job what is left of bringing mirrors up to date, in the transaction that has done the rest; needed where forms have any.
	Leave func(ctx context.Context, tx store.Tx, left Mirrors) error
	// Scripts runs scripts; nil: no save passes that needs one.
	Scripts Scripts
}

// Saying is what a script says to people.
type Saying struct {
	To      []string // users' ids
	Message any      // text, or texts by locale
	About   Name     // the zero value: no record
	Script  string   // who says it
	Once    string   // tells it from all that was ever said
	At      time.Time
}

// Sending is what a script sends to another host.
type Sending struct {
	What    script.Outgoing
	About   Name // the record that the script ran for
	Version int64
	Actor   value.ID
	Script  string
	Key     value.ID // tells it from all that was ever sent
	At      time.Time
}

// Outward asks other hosts, within the operator's walls.
type Outward interface {
	Do(ctx context.Context, out script.Outgoing) (*script.Incoming, error)
}

// Scripts runs scripts, see script.Box.
type Scripts interface {
	Run(ctx context.Context, class script.Class, s script.Script, call script.Call, host script.Host) (*script.Result, error)
}

// Publications know what is published. Faults: those of the store.
type Publications interface {
	// Holds tells, in the transaction that asks, whether the catalog is still what is published.
	Holds(ctx context.Context, tx store.Side, c *catalog.Catalog) (bool, error)
	// Refresh takes over what has been published since.
	Refresh(ctx context.Context) error
}

// Service is the door. It is safe for concurrent use.
type Service struct {
	Config
	following store.Pace // see Follow
}

// New returns the door over what cfg names.
func New(cfg Config) *Service {
	return &Service{Config: cfg, following: store.Pace{Most: followBatch, Lease: followLease}}
}

// visit is one request's view of the world: one catalog, one snapshot of people, one instant, used to
// the end of the request.
type visit struct {
	*Service
	actor   value.Actor
	catalog *catalog.Catalog
	people  *org.Snapshot
	now     time.Time
	decided map[value.FormKey]*access.Decision
	// ahead are records read together for what is done together, nil for one that is not there; holding is what
	// this run of a transaction has made sure of. Both are nil where single records are dealt with. lot are those that are
	// changed together, and pointed is what refers to them, see pointingTo.
	ahead   map[parentKey]*value.Record
	lot     []parentKey
	pointed map[referring]map[value.ID][]*value.Record
	holding map[string]bool
	counted map[string]int // see Acting.Tally
	trial   *Trial         // nil unless nothing is to be kept
	depth   int            // scripts after commits that have led to this
	job     value.ID       // whose script this runs, "" for none
	// occasion is that of the job whose script this runs, "" for none: what that script says is said once then.
	occasion string
	occurs   *catalog.Script
	// coming are records that are not written yet but will be with this visit's transaction, by id.
	coming map[value.ID]*value.Record
	// notes are where scripts have read, by the run of one; nil unless somebody asks.
	notes *readings
}

func (s *Service) visit(actor value.Actor) *visit {
	return &visit{
		Service: s, actor: actor, catalog: s.Catalog(), people: s.Org(),
		now:     s.Clock().UTC().Truncate(time.Millisecond),
		decided: map[value.FormKey]*access.Decision{},
	}
}

// form returns a published form, or NotFound: also for an actor who may neither read nor make any of its
// records, to whom it does not exist.
func (v *visit) form(key value.FormKey) (*catalog.Form, error) {
	if form, ok := v.catalog.Forms[key]; ok {
		if d := v.decision(form); d.May(meta.Read) || d.MayCreate() {
			return form, nil
		}
	}
	return nil, fault.New(fault.NotFound, "form.unknown").With("form", string(key))
}

// rule is what an expr sees beside the record; old is nil at creation.
func (v *visit) rule(old value.Doc) expr.Context {
	return expr.Context{Now: v.now, Zone: v.Zone, Calendar: v.Calendar(), Actor: v.actor, Old: old}
}

// decisionOf decides what somebody may do with a form.
func (v *visit) decisionOf(actor value.Actor, form *catalog.Form) *access.Decision {
	return access.Decide(v.caseOf(actor, form)).Within(actor, form.Key)
}

func (v *visit) caseOf(actor value.Actor, form *catalog.Form) access.Case {
	rule := v.rule(nil)
	rule.Actor = actor
	out := access.Case{
		Actor: actor, People: v.people, Now: v.now, Zone: v.Zone, Roles: v.catalog.RightsOf(actor, form.Key, rule), Pools: form.Pools,
		Shared: form.Def.Sharing != nil,
	}
	if actor.Viewer != nil {
		viewer := v.caseOf(*actor.Viewer, form)
		out.Viewer = &viewer
	}
	return out
}

// decision answers, once per request and form, what the actor may do.
func (v *visit) decision(form *catalog.Form) *access.Decision {
	if d, ok := v.decided[form.Key]; ok {
		return d
	}
	d := v.decisionOf(v.actor, form)
	v.decided[form.Key] = d
	return d
}
