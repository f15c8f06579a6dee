package tenant

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"

	"tidewater/engine/carry"
	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// Copying says what is copied from where to where.
type Copying struct {
	From, To Config
	Names    []string // of tenants; none: all
	// Tell hears how far a tenant's copy has come; nil: nobody does.
	Tell func(tenant Entry, part string, done int64)
	// Done hears of each tenant that is there and verified; nil: nobody does.
	Done func(Copied)
}

// Copied is a tenant whose copy was held against what it is of.
type Copied struct {
	Tenant Entry
	Sums   carry.Sums
	Was    bool // it was there already, from a copy before
}

// Copy copies tenants to another place, each whole or not at all, and holds both against each other. Servers over the
// source may go on: everything can be read there, and from the beginning on nothing is written. Where all went well it
// stays so, for what is written there afterwards would be missing at the target; Reopen ends that. Where something
// failed, what this has closed is open again, and what was not finished is taken away from the target.
//
// Begun again, it goes on with the tenants that are missing; those that are there already must be the same. Failed
// sign-ins that are counted are left behind. Faults: NotFound "tenant.unknown", "store.missing"; Conflict
// "tenant.taken", "carry.notEmpty"; Internal "carry.differs", "backup.corrupt"; those of Open and of stores.
func Copy(ctx context.Context, c Copying) (err error) {
	const op = "tenant.copy"
	to, err := c.To.enter(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer func() { err = fault.Wrap(op, errors.Join(err, to.close())) }()
	from, err := c.From.visit(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	entries, err := chosen(ctx, from, c.Names)
	if err != nil {
		return err
	}
	w := &copying{Copying: c, from: from, to: to}
	if err := w.all(ctx, entries); err != nil {
		return errors.Join(err, w.thaw(context.WithoutCancel(ctx)))
	}
	return nil
}

// Reopen lets the tenants be written again that Copy has closed. Faults: NotFound "tenant.unknown", those of stores.
func Reopen(ctx context.Context, at Address, names []string) (err error) {
	const op = "tenant.reopen"
	from, err := Config{At: at}.visit(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer func() { err = fault.Wrap(op, errors.Join(err, from.close())) }()
	entries, err := chosen(ctx, from, names)
	for _, entry := range entries {
		err = errors.Join(err, within(ctx, from, entry, func(s store.Store) error { return s.Freeze(ctx, false) }))
	}
	return err
}

// chosen are the tenants of these names, all without any.
func chosen(ctx context.Context, in home, names []string) ([]Entry, error) {
	if len(names) == 0 {
		return in.list(ctx)
	}
	var out []Entry
	for _, name := range names {
		entry, err := named(ctx, in, name)
		if err != nil {
			return nil, err
		}
		out = append(out, entry)
	}
	return out, nil
}

// within lends a tenant's store.
func within(ctx context.Context, in home, entry Entry, do func(store.Store) error) error {
	s, err := in.open(ctx, entry.ID)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// copying is a copy under way.
type copying struct {
	Copying
	from, to home
	closed   []Entry // what this has closed for writing
}

// all closes every tenant before the first is copied, so that what one process does in two of them is in both or in
// neither.
func (w *copying) all(ctx context.Context, entries []Entry) error {
	for _, entry := range entries {
		err := within(ctx, w.from, entry, func(s store.Store) error {
			was, err := s.Frozen(ctx)
			if err != nil || was {
				return err
			}
			w.closed = append(w.closed, entry)
			return s.Freeze(ctx, true)
		})
		if err != nil {
			return err
		}
	}
	for _, entry := range entries {
		err := within(ctx, w.from, entry, func(s store.Store) error { return w.one(ctx, entry, s) })
		if err != nil {
			return fault.Wrap(entry.Name, err)
		}
	}
	return nil
}

func (w *copying) thaw(ctx context.Context) error {
	var errs []error
	for _, entry := range w.closed {
		errs = append(errs, within(ctx, w.from, entry, func(s store.Store) error { return s.Freeze(ctx, false) }))
	}
	return errors.Join(errs...)
}

// one copies a tenant, unless it is there already.
func (w *copying) one(ctx context.Context, entry Entry, from store.Store) error {
	there, err := w.to.list(ctx)
	if err != nil {
		return err
	}
	if n := slices.IndexFunc(there, func(e Entry) bool { return e.ID == entry.ID || e.Name == entry.Name }); n >= 0 {
		return w.compare(ctx, entry, there[n], from)
	}
	// What an interrupted copy has left is in no list.
	if err := w.to.remove(ctx, entry.ID); err != nil {
		return err
	}
	sums, err := w.fill(ctx, entry, from)
	if err != nil {
		return errors.Join(err, w.to.remove(context.WithoutCancel(ctx), entry.ID))
	}
	if err := w.to.add(ctx, entry); err != nil {
		return err
	}
	arrived, err := named(ctx, w.to, entry.Name)
	if err != nil {
		return err
	}
	return w.done(entry, arrived, sums, false)
}

func (w *copying) fill(ctx context.Context, entry Entry, from store.Store) (sums carry.Sums, err error) {
	var tell carry.Progress
	if w.Tell != nil {
		tell = func(part string, done int64) { w.Tell(entry, part, done) }
	}
	err = within(ctx, w.to, entry, func(s store.Store) error {
		if sums, err = carry.Copy(ctx, from, s, tell); err != nil {
			return err
		}
		found, err := s.Check(ctx)
		if err == nil && len(found) > 0 {
			err = fault.New(fault.Internal, "backup.corrupt").Because(errors.New(found[0]))
		}
		return err
	})
	return sums, err
}

// compare holds a tenant that is there already against what would be copied.
func (w *copying) compare(ctx context.Context, entry, there Entry, from store.Store) error {
	if there.ID != entry.ID {
		return fault.New(fault.Conflict, "tenant.taken").With("tenant", entry.Name)
	}
	return within(ctx, w.to, there, func(s store.Store) error {
		sums, err := carry.Compare(ctx, from, s)
		if fault.CodeOf(err) == "carry.differs" {
			return fault.New(fault.Conflict, "carry.notEmpty").Because(err)
		}
		if err != nil {
			return err
		}
		return w.done(entry, there, sums, true)
	})
}

// done holds the lines of the directory against each other, and tells.
func (w *copying) done(entry, there Entry, sums carry.Sums, was bool) error {
	line, err := lineOf(entry)
	if err != nil {
		return err
	}
	other, err := lineOf(there)
	if err != nil {
		return err
	}
	if line.Hash != other.Hash {
		return fault.New(fault.Internal, "carry.differs").With("parts", line.Part)
	}
	if w.Done != nil {
		w.Done(Copied{entry, append(slices.Clone(sums), line), was})
	}
	return nil
}

// lineOf is what a tenant's line in the directory comes to.
func lineOf(entry Entry) (carry.Sum, error) {
	entry.CreatedAt = entry.CreatedAt.UTC()
	line, err := json.Marshal(entry)
	return carry.Sum{Part: "tenant", Things: 1, Hash: sha256.Sum256(line)}, err
}
