package publish

import (
	"context"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// Desk is what an administrator works at. Who has one may use all of it.
type Desk struct {
	service *Service
	actor   value.Actor
}

// Desk returns an administrator's desk. Faults: Forbidden "access.admin".
func (s *Service) Desk(actor value.Actor) (*Desk, error) {
	if err := access.Administer(actor); err != nil {
		return nil, err
	}
	return &Desk{service: s, actor: actor}, nil
}

// Checked is what compiling the drafts came to.
type Checked struct {
	// Version names what was checked, so that nothing else is published in its name; "" with faults.
	Version string
	Issues  fault.Issues
}

// Check compiles what would be published and tells every fault at once; nothing changes.
func (d *Desk) Check(ctx context.Context) (*Checked, error) {
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap("publish.check", err)
	}
	out := &Checked{Issues: c.issues}
	if len(c.issues) == 0 {
		out.Version = c.compiled.Version
	}
	return out, nil
}

// Order is what to publish: the drafts as they were checked.
type Order struct {
	Version  string // of Checked or Impact; "": whatever the drafts are now
	Note     string
	Progress Progress // may be nil
}

// Publish makes the drafts the active version. Faults: Invalid "meta.invalid" with everything that forbids
// it, Conflict "draft.moved" when the drafts are not those of the order's version any more,
// "publish.nothing", "publish.running", "store.taken" when records break a new unique index.
func (d *Desk) Publish(ctx context.Context, order Order) (*Publication, error) {
	const op = "publish.publish"
	done, err := d.service.turn()
	if err != nil {
		return nil, err
	}
	defer done()
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	switch {
	case len(c.issues) > 0:
		return nil, c.issues.Fault(op, "meta.invalid")
	case order.Version != "" && order.Version != c.compiled.Version:
		return nil, fault.New(fault.Conflict, "draft.moved").In(op)
	case len(c.drafts) == 0:
		return nil, fault.New(fault.Conflict, "publish.nothing").In(op)
	}
	was := d.service.live.Load().publication
	next := was
	next.How, next.Of, next.Before, next.Note = "publish", 0, was.Number, order.Note
	next.Documents = manifestOf(c.files)
	return d.activate(ctx, op, step{
		publication: next, files: c.files, compiled: c.compiled, drafts: c.drafts, progress: order.Progress,
	})
}

// activate is Service.activate in the name of the desk's actor.
func (d *Desk) activate(ctx context.Context, op string, next step) (*Publication, error) {
	next.publication.By, next.publication.ByName = d.actor.Key(), d.actor.Name
	if _, err := d.service.activate(ctx, next); err != nil {
		return nil, fault.Wrap(op, err)
	}
	now := d.service.live.Load().publication
	return &now, nil
}

// Rollback makes an earlier publication's documents active again, as a publication of its own; 0 means
// the one before. Drafts stay. Faults: NotFound "publish.unknownVersion", Invalid "meta.invalid" when
// keys have become of another kind since, and as Publish.
func (d *Desk) Rollback(ctx context.Context, number int64) (*catalog.Catalog, error) {
	const op = "publish.rollback"
	done, err := d.service.turn()
	if err != nil {
		return nil, err
	}
	defer done()
	was := d.service.live.Load().publication
	if number == 0 {
		number = was.Before
	}
	to, err := d.service.publication(ctx, number)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	c := &candidate{}
	if c.files, err = d.service.files(ctx, to.Documents); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if err := d.service.judge(ctx, c); err != nil {
		return nil, fault.Wrap(op, err)
	}
	if len(c.issues) > 0 {
		return nil, c.issues.Fault(op, "meta.invalid")
	}
	next := to
	next.How, next.Of, next.Note = "rollback", to.Number, ""
	if _, err := d.activate(ctx, op, step{publication: next, compiled: c.compiled}); err != nil {
		return nil, err
	}
	return c.compiled, nil
}

// Versions returns publications, newest first, those with a number below before (0: from the newest).
func (d *Desk) Versions(ctx context.Context, before int64, limit int) ([]Publication, error) {
	newest := d.service.live.Load().publication.Number
	from := newest
	if before > 0 {
		from = min(newest, before-1)
	}
	var out []Publication
	for number := from; number > 0 && len(out) < limit; number-- {
		p, err := d.service.publication(ctx, number)
		if err != nil {
			return nil, fault.Wrap("publish.versions", err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Active returns the active publication; number 0 while nothing is published.
func (d *Desk) Active() Publication { return d.service.live.Load().publication }

// OwnChanges lists what the tenant has changed of the app as it came.
func (d *Desk) OwnChanges() []DocumentChange {
	p := d.Active()
	return compare(p.Shipped, p.Documents)
}

// paths lists what a manifest names, sorted.
func (m manifest) paths() []string {
	out := make([]string, 0, len(m))
	for path := range m {
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}
