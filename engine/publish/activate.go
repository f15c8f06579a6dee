package publish

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Progress is told how far preparing the store has come.
type Progress func(done, total int)

// step is a publication about to happen.
type step struct {
	publication Publication
	files       catalog.Bundle // contents that may not be in the store yet
	compiled    *catalog.Catalog
	drafts      map[string]Draft // what it takes up, by path
	progress    Progress
	with        func(ctx context.Context, tx store.Tx) error // nil, or what else its transaction writes
	turn        *turn
}

// activate makes the publication the active one: contents first, then the store prepared for the old and
// the new one together, then one transaction moves the pointer, and only then anybody sees it. Whatever
// fails before that, the one before stays as it was; also when the process is killed.
func (s *Service) activate(ctx context.Context, next step) error {
	was := s.live.Load()
	p := &next.publication
	p.Number, p.At = was.publication.Number+1, s.Clock().UTC()
	p.App, p.Version, p.Catalog = next.compiled.App.Key, next.compiled.App.Version, next.compiled.Version
	if err := s.keepContents(ctx, next.files, was.publication.Documents, was.publication.Shipped); err != nil {
		return err
	}
	if err := s.markUntidy(ctx); err != nil {
		return err
	}
	if next.progress == nil {
		next.progress = func(int, int) {}
	}
	both := union(was.catalog.Layouts(), next.compiled.Layouts(), true)
	if err := s.Store.Prepare(ctx, both, next.progress); err != nil {
		return err
	}
	entailed := func(context.Context, store.Tx) error { return nil }
	if s.Entails != nil {
		var err error
		if entailed, err = s.Entails(was.catalog, next.compiled); err != nil {
			return err
		}
	}
	err := s.Store.Tx(ctx, func(tx store.Tx) error {
		if err := next.turn.hold(ctx, tx); err != nil {
			return err
		}
		if err := s.movePointer(ctx, tx, was, next); err != nil {
			return err
		}
		if next.with != nil {
			if err := next.with(ctx, tx); err != nil {
				return err
			}
		}
		return entailed(ctx, tx)
	})
	if err != nil {
		if code := fault.CodeOf(err); code == "store.stale" || code == "store.leased" {
			return fault.New(fault.Conflict, "publish.running").Because(err)
		}
		return err
	}
	s.swap(&live{revision: was.revision + 1, publication: *p, catalog: next.compiled})
	// What the old one alone held unique must not bind any longer. Should this fail, the publication has
	// happened all the same, and Tidy does it later; so too where somebody else has the turn by now.
	if !next.turn.holds(ctx) {
		return nil
	}
	_ = s.Store.Prepare(context.WithoutCancel(ctx), union(was.catalog.Layouts(), next.compiled.Layouts(), false), func(int, int) {})
	return nil
}

func (s *Service) movePointer(ctx context.Context, tx store.Tx, was *live, next step) error {
	save := func(collection, key string, doc any, revision int64) error {
		body, err := json.Marshal(doc)
		if err != nil {
			return err
		}
		return tx.Save(ctx, collection, store.Item{Key: key, Body: body}, revision)
	}
	if err := save(state, activeKey, pointer{next.publication.Number}, was.revision); err != nil {
		return err
	}
	if err := save(publications, numberKey(next.publication.Number), next.publication, 0); err != nil {
		return err
	}
	if err := next.note(ctx, tx, was); err != nil {
		return err
	}
	kinds, err := kindsIn(ctx, tx)
	if err != nil {
		return err
	}
	maps.Copy(kinds, kindsOf(next.compiled))
	if err := save(state, kindsKey, kinds, store.AnyRevision); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(next.drafts)) {
		item, err := tx.Load(ctx, drafts, path)
		if err != nil || item.Revision != next.drafts[path].revision {
			return fault.New(fault.Conflict, "draft.moved").At(path).Because(err)
		}
		if err := tx.Drop(ctx, drafts, path); err != nil {
			return err
		}
	}
	return nil
}

// note keeps in the audit what happened. The same number is never published twice, so it makes the key.
func (next step) note(ctx context.Context, tx store.Tx, was *live) error {
	p := next.publication
	e := audit.Entry{
		At: p.At, Actor: p.By, Op: map[string]audit.Op{
			"install": audit.AppInstalled, "upgrade": audit.AppUpgraded, "publish": audit.AppPublished, "rollback": audit.AppRolledBack,
			"values": audit.AppPublished,
		}[p.How],
		Target: p.App, Note: p.Note, Changes: []audit.Change{{Part: "version", From: was.publication.Catalog, To: p.Catalog}},
	}
	for _, change := range compare(was.publication.Documents, p.Documents) {
		if len(e.Changes) == maxNoted {
			break
		}
		e.Changes = append(e.Changes, audit.Change{Part: change.Path, From: change.From, To: change.To})
	}
	return audit.Write(ctx, tx, value.ID("publication-"+numberKey(p.Number)), e)
}

// maxNoted bounds the documents that one line of the audit names; the publications know all of them.
const maxNoted = 200

// union is what a store needs to serve the old and the new forms at the same time. Where both say
// something of a path, the new one is right. Without unique, what only the old one holds unique is left out.
func union(old, next []store.Form, unique bool) []store.Form {
	out := slices.Clone(next)
	for n := range out {
		at := slices.IndexFunc(old, func(f store.Form) bool { return f.Key == out[n].Key })
		if at >= 0 {
			out[n] = merged(old[at], out[n], unique)
		}
	}
	return out
}

func merged(old, next store.Form, unique bool) store.Form {
	out := next
	out.Search = old.Search || next.Search
	out.Fields, out.Indexes, out.Unique = slices.Clone(next.Fields), slices.Clone(next.Indexes), slices.Clone(next.Unique)
	typed := map[string]store.Field{}
	for _, f := range next.Fields {
		typed[f.Path.String()] = f
	}
	changed := map[string]bool{} // paths that are no longer what the old indexes were made for
	for _, f := range old.Fields {
		now, there := typed[f.Path.String()]
		if !there {
			out.Fields = append(out.Fields, f)
		}
		changed[f.Path.String()] = there && now != f
	}
	for _, i := range old.Indexes {
		same := func(o store.Index) bool { return slices.Equal(o.Columns, i.Columns) }
		stale := slices.ContainsFunc(i.Columns, func(c query.Sort) bool { return changed[c.Path.String()] })
		if !stale && !slices.ContainsFunc(next.Indexes, same) {
			out.Indexes = append(out.Indexes, i)
		}
	}
	for _, group := range old.Unique {
		same := func(o []value.FieldKey) bool { return slices.Equal(o, group) }
		stale := slices.ContainsFunc(group, func(key value.FieldKey) bool { return changed[string(key)] })
		if unique && !stale && !slices.ContainsFunc(next.Unique, same) {
			out.Unique = append(out.Unique, group)
		}
	}
	return out
}

// tidyAfter is how long the store stays prepared for what was active before, for requests under way and
// for processes that have not heard yet.
const tidyAfter = time.Minute

type untidy struct {
	Since time.Time `json:"since"`
}

func (s *Service) markUntidy(ctx context.Context) error {
	body, err := json.Marshal(untidy{s.Clock().UTC()})
	if err != nil {
		return err
	}
	return s.Store.Save(ctx, state, store.Item{Key: tidyKey, Body: body}, store.AnyRevision)
}

// Tidy drops the indexes that only older publications needed, a while after the last one.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.Clock()
	return s.tidy(ctx, func(since time.Time) bool { return now.Sub(since) >= tidyAfter })
}

func (s *Service) tidy(ctx context.Context, due func(since time.Time) bool) error {
	if waits, err := s.untidy(ctx, due); err != nil || !waits {
		return err
	}
	t, err := s.turn(ctx)
	if fault.CodeOf(err) == "publish.running" {
		return nil // a publication is under way, here or elsewhere, and leaves its own mark
	}
	if err != nil {
		return err
	}
	defer t.done()
	if waits, err := s.untidy(ctx, due); err != nil || !waits {
		return err
	}
	if err := s.Store.Prepare(ctx, s.Catalog().Layouts(), func(int, int) {}); err != nil {
		return err
	}
	return s.Store.Drop(ctx, state, tidyKey)
}

// untidy tells whether there is something to clear up whose time has come.
func (s *Service) untidy(ctx context.Context, due func(since time.Time) bool) (bool, error) {
	item, err := s.Store.Load(ctx, state, tidyKey)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var mark untidy
	if err := json.Unmarshal(item.Body, &mark); err != nil {
		return false, fault.New(fault.Internal, "store.corrupt").At(state + "/" + tidyKey).Because(err)
	}
	return due(mark.Since), nil
}
