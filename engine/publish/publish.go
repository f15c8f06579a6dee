// Package publish brings a tenant's metadata to life: drafts are checked, their impact is told, and what
// is compiled becomes the active version, all of it or nothing, with the store prepared before and the
// way back kept. It installs, upgrades and exports apps. It changes no records.
//
// What administrators do is behind a Desk, which only they get; what operators do from a shell and tests
// do is Install and Rollback on the Service itself.
package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/proof"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Side collections. Contents, apps as they came and publications never change once saved.
const (
	documents    = "document"    // contents by their hash
	apps         = "app"         // apps as they came, by "<app>/<version>"
	publications = "publication" // what was ever active, by number
	state        = "publish"     // the pointer to the active publication, and what goes with it
	drafts       = "draft"       // administrators' changes by path
)

// Keys in the collection state.
const (
	activeKey = "active"
	kindsKey  = "kinds"
	tidyKey   = "tidy"
)

// Config says what a Service stands on.
type Config struct {
	Store store.Store
	Clock func() time.Time
	// Entails returns what must be written in the transaction that makes a catalog the active one, such as
	// the work that it leaves behind; nil for nothing. It is asked outside of the transaction.
	Entails func(before, after *catalog.Catalog) (func(ctx context.Context, tx store.Tx) error, error)
	// Prove tells what is wrong with a catalog beyond what compiling finds, such as scripts that cannot be
	// read. It is asked before a catalog is published and whenever drafts are checked; nil for nothing.
	Prove func(ctx context.Context, c *catalog.Catalog) (fault.Issues, error)
	// Warn tells what of a catalog does not suit the people that there are, though it forbids nothing; nil for nothing.
	Warn func(c *catalog.Catalog) fault.Issues
	// Runner runs scripts for their tests; nil where none run.
	Runner proof.Runner
}

// Service knows what is published. It is safe for concurrent use.
type Service struct {
	Config
	publishing sync.Mutex // one publication at a time in this process; of all, by turn
	live       atomic.Pointer[live]
}

// live is what is active in this process.
type live struct {
	revision    int64 // of the pointer; 0 while nothing is published
	publication Publication
	catalog     *catalog.Catalog
}

// pointer names the active publication.
type pointer struct {
	Number int64 `json:"number"`
}

// Publication is one state of the metadata that was active, and for the newest is.
type Publication struct {
	Number  int64     `json:"number"`
	App     string    `json:"app"`
	Version string    `json:"version"` // the app's
	Catalog string    `json:"catalog"` // the compiled catalog's own version
	How     string    `json:"how"`     // install, upgrade, publish, values or rollback
	Of      int64     `json:"of,omitempty"`
	Before  int64     `json:"before,omitempty"` // what a rollback without a number goes back to
	At      time.Time `json:"at"`
	By      value.ID  `json:"by,omitempty"`
	ByName  string    `json:"byName,omitempty"`
	Note    string    `json:"note,omitempty"`
	Job     value.ID  `json:"job,omitempty"` // that did it

	Documents manifest `json:"documents"`
	Shipped   manifest `json:"shipped"` // the app as it came, before the tenant's own changes
}

func numberKey(n int64) string { return fmt.Sprintf("%010d", n) }

// Open loads what is published in a store; nothing yet is an empty catalog. A bundle that no longer
// compiles is Internal "store.corrupt" with the faults of the catalog as its cause.
func Open(ctx context.Context, config Config) (*Service, error) {
	s := &Service{Config: config}
	s.live.Store(&live{catalog: &catalog.Catalog{}})
	if err := s.Refresh(ctx); err != nil {
		return nil, fault.Wrap("publish.open", err)
	}
	if err := s.adopt(ctx); err != nil {
		return nil, err
	}
	// A publication that was killed half way has left the store prepared for more than is active. What is
	// active can be served all the same, so that a fault here is left to Tidy, which tries again and tells.
	_ = s.tidy(ctx, func(time.Time) bool { return true })
	return s, nil
}

// Catalog returns what is published now. Whoever begins something with it uses it to the end.
func (s *Service) Catalog() *catalog.Catalog { return s.live.Load().catalog }

// PublishedAt is when what is active was published; the zero time where nothing is.
func (s *Service) PublishedAt() time.Time { return s.live.Load().publication.At }

// Holds tells, in a transaction, whether a catalog is still the published one; one that has been published
// but is not known here yet makes it false too.
func (s *Service) Holds(ctx context.Context, tx store.Side, c *catalog.Catalog) (bool, error) {
	known := s.live.Load()
	if known.catalog != c {
		return false, nil
	}
	item, err := tx.Load(ctx, state, activeKey)
	if fault.KindOf(err) == fault.NotFound {
		return known.revision == 0, nil
	}
	return err == nil && item.Revision == known.revision, err
}

// Refresh takes over what another process has published since; it asks for one small document.
func (s *Service) Refresh(ctx context.Context) error {
	item, err := s.Store.Load(ctx, state, activeKey)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil || item.Revision <= s.live.Load().revision {
		return err
	}
	corrupt := func(cause error) error {
		return fault.New(fault.Internal, "store.corrupt").In("publish.refresh").At(state + "/" + activeKey).Because(cause)
	}
	var p pointer
	if err := json.Unmarshal(item.Body, &p); err != nil {
		return corrupt(err)
	}
	publication, err := s.publication(ctx, p.Number)
	if err != nil {
		return corrupt(err)
	}
	files, err := s.files(ctx, publication.Documents)
	if err != nil {
		return corrupt(err)
	}
	compiled, err := Check(files)
	if err != nil {
		return corrupt(err)
	}
	s.swap(&live{revision: item.Revision, publication: publication, catalog: compiled})
	return nil
}

// swap makes next what every request from now on sees, unless something newer is that already.
func (s *Service) swap(next *live) {
	for {
		was := s.live.Load()
		if was.revision >= next.revision || s.live.CompareAndSwap(was, next) {
			return
		}
	}
}

// publication reads one by its number. Faults: NotFound "publish.unknownVersion".
func (s *Service) publication(ctx context.Context, number int64) (p Publication, err error) {
	item, err := s.Store.Load(ctx, publications, numberKey(number))
	if fault.KindOf(err) == fault.NotFound {
		return p, fault.New(fault.NotFound, "publish.unknownVersion").With("version", number)
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(item.Body, &p); err != nil {
		return p, fault.New(fault.Internal, "store.corrupt").At(publications + "/" + item.Key).Because(err)
	}
	return p, nil
}

// Check compiles a bundle and installs nothing. It answers every fault at once, as Invalid "meta.invalid".
func Check(files catalog.Bundle) (*catalog.Catalog, error) {
	compiled, issues := compile(files)
	if err := issues.Fault("publish.check", "meta.invalid"); err != nil {
		return nil, err
	}
	return compiled, nil
}

// compile compiles a bundle and runs its tests: one that fails is a fault like any other.
func compile(files catalog.Bundle) (*catalog.Catalog, fault.Issues) {
	compiled, issues := catalog.Compile(files)
	if len(issues) > 0 {
		return nil, issues
	}
	return compiled, proof.Hold(compiled)
}

// Install publishes an app as the operator, see Desk.Install.
func (s *Service) Install(ctx context.Context, files catalog.Bundle) (*catalog.Catalog, error) {
	return s.operator().Install(ctx, files, nil)
}

// Rollback makes the publication before the active one active again, as the operator.
func (s *Service) Rollback(ctx context.Context) (*catalog.Catalog, error) {
	return s.operator().Rollback(ctx, 0)
}

func (s *Service) operator() *Desk {
	return &Desk{service: s, actor: value.SystemActor("operator")}
}
