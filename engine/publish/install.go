package publish

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
)

// Side says whose document stays where the tenant and a new version of the app have changed the same one.
type Side string

const (
	Mine   Side = "mine"   // the tenant's
	Theirs Side = "theirs" // the app's
)

// Install publishes an app, or upgrades to another version of it: documents that the tenant has not
// changed become the app's new ones, those that the app has not changed stay the tenant's, and what both
// have changed is a collision that resolve must decide, by path. Drafts stay.
//
// Faults: those of Check and of the store, Conflict "app.installed" when other files were installed under
// the same version, "app.other" when another app is installed, "app.collisions" with an issue for each
// path that resolve does not decide, "publish.running".
func (d *Desk) Install(ctx context.Context, files catalog.Bundle, resolve map[string]Side) (*catalog.Catalog, error) {
	const op = "publish.install"
	turn, err := d.service.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer turn.done()
	// An app that has faults of its own is told so before anything is mixed with it.
	app, err := Check(files)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	plan, err := d.plan(ctx, app, files, resolve)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	c := &candidate{files: plan.files}
	if err := d.service.judge(ctx, c); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(c.issues) > 0 {
		return nil, c.issues.Fault(op, "meta.invalid")
	}
	if err := d.service.keepShipped(ctx, app.App.Key+"/"+app.App.Version, plan.shipped); err != nil {
		return nil, fault.Wrap(op, err)
	}
	was := d.service.live.Load()
	now := manifestOf(plan.files)
	if maps.Equal(was.publication.Documents, now) && maps.Equal(was.publication.Shipped, plan.shipped) {
		return was.catalog, nil // an install may be repeated
	}
	next := Publication{How: "install", Before: was.publication.Number, Documents: now, Shipped: plan.shipped}
	if was.revision > 0 {
		next.How = "upgrade"
	}
	// The app as it came is kept whole, also where the tenant's own document stays.
	if err := d.service.keepContents(ctx, files, was.publication.Documents); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if _, err := d.activate(ctx, op, step{turn: turn, publication: next, files: plan.files, compiled: c.compiled}); err != nil {
		return nil, err
	}
	return c.compiled, nil
}

// Upgrade tells what Install would do: the documents it changes, and the paths that both sides have changed.
func (d *Desk) Upgrade(ctx context.Context, files catalog.Bundle) (changes []DocumentChange, collisions []string, err error) {
	const op = "publish.upgrade"
	app, err := Check(files)
	if err != nil {
		return nil, nil, fault.Wrap(op, err)
	}
	theirs := map[string]Side{}
	for path := range files {
		theirs[path] = Theirs
	}
	for path := range d.service.live.Load().publication.Documents {
		theirs[path] = Theirs
	}
	plan, err := d.plan(ctx, app, files, theirs)
	if err != nil {
		return nil, nil, fault.Wrap(op, err)
	}
	return compare(d.service.live.Load().publication.Documents, manifestOf(plan.files)), plan.collisions, nil
}

// plan is what an upgrade comes to.
type plan struct {
	files      catalog.Bundle
	shipped    manifest
	collisions []string // paths that both have changed, decided or not
}

// plan merges document by document: base is the app as it came last, mine what is active, theirs the new one.
func (d *Desk) plan(ctx context.Context, app *catalog.Catalog, files catalog.Bundle, resolve map[string]Side) (*plan, error) {
	was := d.service.live.Load()
	out := &plan{files: catalog.Bundle{}, shipped: manifestOf(files)}
	if was.revision > 0 && was.publication.App != app.App.Key {
		return nil, fault.New(fault.Conflict, "app.other").With("app", was.publication.App)
	}
	base, mine, theirs := was.publication.Shipped, was.publication.Documents, out.shipped
	all := manifest{}
	maps.Copy(all, mine)
	maps.Copy(all, theirs)
	var undecided fault.Issues
	for _, path := range all.paths() {
		side := Theirs
		switch {
		case mine[path] == theirs[path] || mine[path] == base[path]:
		case theirs[path] == base[path]:
			side = Mine
		default:
			merged, ok, err := d.mergeApp(ctx, path, base[path], mine[path], files)
			if err != nil {
				return nil, err
			}
			if ok {
				out.files[path] = merged
				continue
			}
			out.collisions = append(out.collisions, path)
			if side = resolve[path]; side != Mine && side != Theirs {
				undecided = append(undecided, fault.Issue{File: path, Code: "app.collision"})
				continue
			}
		}
		if err := d.take(ctx, out, path, side, files); err != nil {
			return nil, err
		}
	}
	if len(undecided) > 0 {
		return nil, &fault.Error{Kind: fault.Conflict, Code: "app.collisions", Issues: undecided}
	}
	return out, nil
}

// take puts one side's document into the plan, or nothing where that side has none.
func (d *Desk) take(ctx context.Context, out *plan, path string, side Side, files catalog.Bundle) error {
	if side == Theirs {
		if content, there := files[path]; there {
			out.files[path] = content
		}
		return nil
	}
	hash := d.service.live.Load().publication.Documents[path]
	if hash == "" {
		return nil
	}
	content, err := d.service.content(ctx, path, hash)
	out.files[path] = content
	return err
}

// mergeApp merges app.json by its parts: every version changes the version in it, and that must not
// collide with a tenant's own menu.
func (d *Desk) mergeApp(ctx context.Context, path, base, mine string, files catalog.Bundle) ([]byte, bool, error) {
	theirs, there := files[path]
	if path != "app.json" || base == "" || mine == "" || !there {
		return nil, false, nil
	}
	var parts [3]map[string]json.RawMessage
	for i, hash := range []string{base, mine} {
		content, err := d.service.content(ctx, path, hash)
		if err != nil {
			return nil, false, err
		}
		if err := json.Unmarshal(content, &parts[i]); err != nil {
			return nil, false, fault.New(fault.Internal, "store.corrupt").At(path).Because(err)
		}
	}
	if err := json.Unmarshal(theirs, &parts[2]); err != nil {
		return nil, false, fault.New(fault.Malformed, "meta.malformed").At(path).Because(err)
	}
	merged := map[string]json.RawMessage{}
	keys := slices.Concat(slices.Collect(maps.Keys(parts[1])), slices.Collect(maps.Keys(parts[2])))
	for _, key := range keys {
		a, b, c := string(parts[0][key]), string(parts[1][key]), string(parts[2][key])
		switch {
		case b == c || b == a:
			b = c
		case c != a:
			return nil, false, nil
		}
		if b != "" {
			merged[key] = json.RawMessage(b)
		}
	}
	out, err := json.MarshalIndent(merged, "", "  ")
	return out, err == nil, err
}

// Export returns the active version's documents; with shipped, the app as it came.
func (d *Desk) Export(ctx context.Context, shipped bool) (catalog.Bundle, error) {
	p := d.service.live.Load().publication
	m := p.Documents
	if shipped {
		m = p.Shipped
	}
	out, err := d.service.files(ctx, m)
	return out, fault.Wrap("publish.export", err)
}
