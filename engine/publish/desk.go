package publish

import (
	"context"
	"maps"
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/decision"
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
	Version  string
	Issues   fault.Issues
	Warnings fault.Issues // which forbid nothing; only where it compiles
}

// Check compiles what would be published and tells every fault at once; nothing changes.
func (d *Desk) Check(ctx context.Context) (*Checked, error) {
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap("publish.check", err)
	}
	out := &Checked{Issues: c.issues}
	if c.compiled != nil {
		out.Warnings = c.compiled.Warnings
		if d.service.Warn != nil {
			out.Warnings = slices.Concat(out.Warnings, d.service.Warn(c.compiled))
		}
	}
	if len(c.issues) == 0 {
		out.Version = c.compiled.Version
	}
	return out, nil
}

// Tables are the decision tables that rules may call: those of the drafts, or where these do not compile those
// that are published.
func (d *Desk) Tables(ctx context.Context) ([]*decision.Table, error) {
	c, err := d.candidate(ctx)
	if err != nil {
		return nil, fault.Wrap("publish.tables", err)
	}
	from := c.compiled
	if from == nil {
		from = d.service.Catalog()
	}
	var out []*decision.Table
	for _, key := range slices.Sorted(maps.Keys(from.Tables)) {
		out = append(out, from.Tables[key])
	}
	return out, nil
}

// Order is what to publish: the drafts as they were checked.
type Order struct {
	Version  string // of Checked or Impact; "": whatever the drafts are now
	Note     string
	Job      value.ID // that does it; may be empty
	Progress Progress // may be nil
}

// Ready tells whether the drafts can be published as the version that was checked ("": as they are), and
// returns it. Faults are those of Publish.
func (d *Desk) Ready(ctx context.Context, version string) (string, error) {
	c, err := d.ready(ctx, version)
	if err != nil {
		return "", fault.Wrap("publish.ready", err)
	}
	return c.compiled.Version, nil
}

func (d *Desk) ready(ctx context.Context, version string) (*candidate, error) {
	c, err := d.candidate(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(c.issues) > 0:
		return nil, c.issues.Fault("publish.ready", "meta.invalid")
	case version != "" && version != c.compiled.Version:
		return nil, fault.New(fault.Conflict, "draft.moved")
	case len(c.drafts) == 0:
		return nil, fault.New(fault.Conflict, "publish.nothing")
	}
	return c, nil
}

// Publish makes the drafts the active version. Faults: Invalid "meta.invalid" with everything that forbids
// it, Conflict "draft.moved" when the drafts are not those of the order's version any more,
// "publish.nothing", "publish.running", "store.taken" when records break a new unique index.
func (d *Desk) Publish(ctx context.Context, order Order) (*Publication, error) {
	const op = "publish.publish"
	turn, err := d.service.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer turn.done()
	c, err := d.ready(ctx, order.Version)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	was := d.service.live.Load().publication
	next := was
	next.How, next.Of, next.Before, next.Note, next.Job = "publish", 0, was.Number, order.Note, order.Job
	next.Documents = manifestOf(c.files)
	return d.activate(ctx, op, step{
		turn: turn, publication: next, files: c.files, compiled: c.compiled, drafts: c.drafts, progress: order.Progress,
	})
}

// activate is Service.activate in the name of the desk's actor.
func (d *Desk) activate(ctx context.Context, op string, next step) (*Publication, error) {
	next.publication.By, next.publication.ByName = d.actor.Key(), d.actor.Name
	if err := d.service.activate(ctx, next); err != nil {
		return nil, fault.Wrap(op, err)
	}
	now := d.service.live.Load().publication
	return &now, nil
}

// Rollback is RollbackAs without an order.
func (d *Desk) Rollback(ctx context.Context, number int64) (*catalog.Catalog, error) {
	if _, err := d.RollbackAs(ctx, number, Order{}); err != nil {
		return nil, err
	}
	return d.service.Catalog(), nil
}

// Earlier names the publication to go back to: number, or for 0 the one before. Faults: NotFound
// "publish.unknownVersion".
func (d *Desk) Earlier(ctx context.Context, number int64) (int64, error) {
	if number == 0 {
		number = d.Active().Before
	}
	p, err := d.service.publication(ctx, number)
	return p.Number, fault.Wrap("publish.earlier", err)
}

// RollbackAs makes an earlier publication's documents active again, as a publication of its own; 0 means
// the one before. Drafts stay. Faults: NotFound "publish.unknownVersion", Invalid "meta.invalid" when
// keys have become of another kind since, and as Publish.
func (d *Desk) RollbackAs(ctx context.Context, number int64, order Order) (*Publication, error) {
	const op = "publish.rollback"
	turn, err := d.service.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer turn.done()
	if number, err = d.Earlier(ctx, number); err != nil {
		return nil, err
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
	next.How, next.Of, next.Note, next.Job = "rollback", to.Number, order.Note, order.Job
	return d.activate(ctx, op, step{turn: turn, publication: next, compiled: c.compiled, progress: order.Progress})
}

// Publication returns one by its number. Faults: NotFound "publish.unknownVersion".
func (d *Desk) Publication(ctx context.Context, number int64) (Publication, error) {
	return d.service.publication(ctx, number)
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
