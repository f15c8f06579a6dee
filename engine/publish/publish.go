// Package publish brings a tenant's metadata to life: it compiles a bundle, prepares the store for it,
// keeps its files for good and makes it the active one, all of it or nothing. It changes no records.
package publish

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// bundles is the side collection of what was ever installed: a document per app and version that is
// never changed, and one that names the active one.
const (
	bundles   = "bundle"
	activeKey = "active"
)

// Config says what a Service stands on.
type Config struct {
	Store store.Store
	Clock func() time.Time
	// Entails returns what must be written in the transaction that makes a catalog the active one, such as
	// the work that it leaves behind; nil for nothing. It is asked outside of the transaction.
	Entails func(before, after *catalog.Catalog) (func(ctx context.Context, tx store.Tx) error, error)
}

// Service knows what is published. It is safe for concurrent use.
type Service struct {
	Config
	publishing sync.Mutex // one publication at a time
	active     atomic.Pointer[catalog.Catalog]
}

// kept is an app's files as they lie in the store.
type kept struct {
	Files       catalog.Bundle `json:"files"`
	InstalledAt time.Time      `json:"installedAt"`
}

// pointer names the active bundle, and the one before it for going back.
type pointer struct {
	Key      string `json:"key"` // "<app>/<version>"
	Previous string `json:"previous,omitempty"`
}

// Open loads what is published in a store; nothing yet is an empty catalog. A bundle that no longer
// compiles is Internal "store.corrupt" with the faults of the catalog as its cause.
func Open(ctx context.Context, config Config) (*Service, error) {
	s := &Service{Config: config}
	s.active.Store(&catalog.Catalog{})
	p, _, err := s.pointer(ctx)
	if err != nil || p.Key == "" {
		return s, fault.Wrap("publish.open", err)
	}
	compiled, err := s.load(ctx, p.Key)
	if err != nil {
		return nil, fault.New(fault.Internal, "store.corrupt").In("publish.open").At(p.Key).Because(err)
	}
	s.active.Store(compiled)
	return s, nil
}

// Catalog returns what is published now. Whoever begins something with it uses it to the end.
func (s *Service) Catalog() *catalog.Catalog { return s.active.Load() }

// IsCurrent tells whether Catalog returns what the store says is active: for a moment after a publication,
// and after one by another process, it does not.
func (s *Service) IsCurrent(ctx context.Context) (bool, error) {
	p, _, err := s.pointer(ctx)
	app := s.Catalog().App
	return p.Key == app.Key+"/"+app.Version, err
}

// Check compiles a bundle and installs nothing. It answers every fault at once, as Invalid "meta.invalid".
func Check(files catalog.Bundle) (*catalog.Catalog, error) {
	compiled, issues := catalog.Compile(files)
	if err := issues.Fault("publish.check", "meta.invalid"); err != nil {
		return nil, err
	}
	return compiled, nil
}

// Install publishes a bundle: compile, prepare the store's indexes, keep the files, make it the active
// one. Whatever fails, the one before stays. Faults: those of Check and of the store, Conflict
// "app.installed" when other files were installed under the same version, "publish.running".
func (s *Service) Install(ctx context.Context, files catalog.Bundle) (*catalog.Catalog, error) {
	const op = "publish.install"
	if !s.publishing.TryLock() {
		return nil, fault.New(fault.Conflict, "publish.running").In(op)
	}
	defer s.publishing.Unlock()
	compiled, err := Check(files)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	key := compiled.App.Key + "/" + compiled.App.Version
	if err := s.keep(ctx, key, files); err != nil {
		return nil, fault.Wrap(op, err)
	}
	return compiled, fault.Wrap(op, s.activate(ctx, key, compiled))
}

// Rollback makes the bundle that was active before the active one again. Faults: NotFound
// "publish.unknownVersion" when there is none, and as Install.
func (s *Service) Rollback(ctx context.Context) (*catalog.Catalog, error) {
	const op = "publish.rollback"
	if !s.publishing.TryLock() {
		return nil, fault.New(fault.Conflict, "publish.running").In(op)
	}
	defer s.publishing.Unlock()
	p, _, err := s.pointer(ctx)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	if p.Previous == "" {
		return nil, fault.New(fault.NotFound, "publish.unknownVersion").In(op).With("version", "")
	}
	compiled, err := s.load(ctx, p.Previous)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	return compiled, fault.Wrap(op, s.activate(ctx, p.Previous, compiled))
}

// activate prepares the store and moves the pointer, in the store first and here last.
func (s *Service) activate(ctx context.Context, key string, compiled *catalog.Catalog) error {
	was, revision, err := s.pointer(ctx)
	if err != nil {
		return err
	}
	if err := s.Store.Prepare(ctx, compiled.Layouts(), func(int, int) {}); err != nil {
		return err
	}
	next := pointer{Key: key, Previous: was.Key}
	if was.Key == key {
		next.Previous = was.Previous
	}
	body, err := json.Marshal(next)
	if err != nil {
		return err
	}
	entailed := func(context.Context, store.Tx) error { return nil }
	if s.Entails != nil {
		if entailed, err = s.Entails(s.active.Load(), compiled); err != nil {
			return err
		}
	}
	err = s.Store.Tx(ctx, func(tx store.Tx) error {
		if err := tx.Save(ctx, bundles, store.Item{Key: activeKey, Body: body}, revision); err != nil {
			return err
		}
		return entailed(ctx, tx)
	})
	if err == nil {
		s.active.Store(compiled)
	}
	return err
}

// pointer reads what is active, and its revision.
func (s *Service) pointer(ctx context.Context) (pointer, int64, error) {
	item, err := s.Store.Load(ctx, bundles, activeKey)
	if fault.KindOf(err) == fault.NotFound {
		return pointer{}, 0, nil
	}
	if err != nil {
		return pointer{}, 0, err
	}
	var p pointer
	if err := json.Unmarshal(item.Body, &p); err != nil {
		return pointer{}, 0, fault.New(fault.Internal, "store.corrupt").At(bundles + "/" + activeKey).Because(err)
	}
	return p, item.Revision, nil
}
