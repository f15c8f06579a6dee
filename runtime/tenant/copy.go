package tenant

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"

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

// Copy copies tenants to another place, all of them or none, each whole, and holds both against each other. Servers over
// the source may go on: everything can be read there, and from the beginning on nothing is written. Where all went well
// it stays so, for what is written there afterwards would be missing at the target; Reopen ends that. Where something
// failed, what this has closed is open again and what it has brought is taken away from the target. closed are those that
// cannot be written at the source now, also where this fails: another copy may have closed them before.
//
// Those that are there already, from a copy before, must be the same. Of two copies at the same time the later takes over,
// and the earlier fails. Failed sign-ins that are counted are left behind. Faults: Invalid "carry.samePlace"; NotFound
// "tenant.unknown", "store.missing"; Conflict "tenant.taken", "carry.notEmpty", "carry.reopened", "carry.more"; Unavailable
// "tenant.budget" where the target may take no more files; Internal "carry.differs", "backup.corrupt"; those of Open and of stores.
func Copy(ctx context.Context, c Copying) (closed []Entry, err error) {
	const op = "tenant.copy"
	to, err := c.To.take(ctx)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	defer func() { err = fault.Wrap(op, errors.Join(err, to.close())) }()
	from, err := c.From.visit(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	entries, err := chosen(ctx, from, c.Names)
	if err != nil {
		return nil, err
	}
	w := &copying{Copying: c, from: from, to: to, name: rand.Text(), there: map[string]bool{}}
	err = w.all(ctx, entries)
	afterwards := context.WithoutCancel(ctx) // what has begun to be undone is undone
	if err != nil {
		err = errors.Join(err, w.undo(afterwards))
	}
	closed, failed := w.closed(afterwards, entries)
	return closed, errors.Join(err, failed)
}

// Reopen lets the tenants be written again that any Copy has closed. Faults: NotFound "tenant.unknown", those of stores.
func Reopen(ctx context.Context, at Address, names []string) (err error) {
	const op = "tenant.reopen"
	from, err := Config{At: at}.visit(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	defer func() { err = fault.Wrap(op, errors.Join(err, from.close())) }()
	entries, err := chosen(ctx, from, names)
	for _, entry := range entries {
		err = errors.Join(err, within(ctx, from, entry, func(s store.Store) error {
			by, err := s.Frozen(ctx)
			if err != nil || by == "" {
				return err
			}
			return s.Thaw(ctx, by)
		}))
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
	name     string  // in which this closes for writing; nobody else has it
	opened   []Entry // that could be written before
	brought  []Entry // that this has copied
	done     []Copied
	there    map[string]bool // by id: what the target lists, and what nobody knows whether it does
	room     Budget          // of files at the target, as far as this copy knows
}

// all closes every tenant before the first is copied, so that what one process does in two of them is in both or in
// neither. No tenant is in the target's list before all are there and it is sure that nothing was written meanwhile.
func (w *copying) all(ctx context.Context, entries []Entry) error {
	for _, entry := range entries {
		if err := within(ctx, w.from, entry, func(s store.Store) error { return w.shut(ctx, entry, s) }); err != nil {
			return err
		}
	}
	var err error
	if w.room, err = budgetOf(ctx, w.to); err != nil {
		return err
	}
	for _, entry := range entries {
		err := within(ctx, w.from, entry, func(s store.Store) error { return w.one(ctx, entry, s) })
		if err != nil {
			return fault.Wrap(entry.Name, err)
		}
	}
	if err := w.unchanged(ctx, entries); err != nil {
		return err
	}
	return w.arrive(context.WithoutCancel(ctx))
}

func (w *copying) shut(ctx context.Context, entry Entry, s store.Store) error {
	was, err := s.Freeze(ctx, w.name)
	if was == "" {
		w.opened = append(w.opened, entry)
	}
	return err
}

// one copies a tenant, unless it is there already.
func (w *copying) one(ctx context.Context, entry Entry, from store.Store) error {
	listed, err := w.to.list(ctx)
	if err != nil {
		return err
	}
	if n := slices.IndexFunc(listed, func(e Entry) bool { return e.ID == entry.ID || e.Name == entry.Name }); n >= 0 {
		return w.compare(ctx, entry, listed[n], from)
	}
	if err := w.clear(ctx, entry); err != nil {
		return err
	}
	w.brought = append(w.brought, entry)
	sums, err := w.fill(ctx, entry, from)
	if err != nil {
		return err
	}
	files, err := w.to.countFiles(ctx, entry.ID)
	if err != nil {
		return err
	}
	w.room.Used += files
	if err := w.room.fits(0); err != nil {
		return err
	}
	w.done = append(w.done, Copied{Tenant: entry, Sums: sums})
	return nil
}

// clear takes away what an interrupted copy has left, which is in no list, and holds that there is room for any tenant.
func (w *copying) clear(ctx context.Context, entry Entry) error {
	files, err := w.to.countFiles(ctx, entry.ID)
	if err != nil {
		return err
	}
	if err := w.to.remove(ctx, entry.ID); err != nil {
		return err
	}
	w.room.Used -= files
	return w.room.fits(1)
}

// unchanged holds that nobody has opened what this has closed, nor made more tenants.
func (w *copying) unchanged(ctx context.Context, entries []Entry) error {
	for _, entry := range entries {
		err := within(ctx, w.from, entry, func(s store.Store) error {
			by, err := s.Frozen(ctx)
			if err == nil && by != w.name {
				err = fault.New(fault.Conflict, "carry.reopened").With("tenant", entry.Name)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(w.Names) > 0 {
		return nil
	}
	now, err := w.from.list(ctx)
	if err != nil {
		return err
	}
	var more []string
	for _, entry := range now {
		if !slices.ContainsFunc(entries, func(e Entry) bool { return e.ID == entry.ID }) {
			more = append(more, entry.Name)
		}
	}
	if len(more) > 0 {
		return fault.New(fault.Conflict, "carry.more").With("tenants", strings.Join(more, ", "))
	}
	return nil
}

// arrive has the target list what was brought, and tells.
func (w *copying) arrive(ctx context.Context) error {
	for _, entry := range w.brought {
		w.there[entry.ID] = true // also where this fails: it may be on the disk
		if err := w.to.add(ctx, entry); err != nil {
			return err
		}
	}
	for _, one := range w.done {
		there, err := named(ctx, w.to, one.Tenant.Name)
		if err != nil {
			return err
		}
		line, err := sameLine(one.Tenant, there)
		if err != nil {
			return err
		}
		if one.Sums = append(slices.Clone(one.Sums), line); w.Done != nil {
			w.Done(one)
		}
	}
	return nil
}

// undo takes away what was brought and opens what was closed, but nothing that can be written at the target.
func (w *copying) undo(ctx context.Context) error {
	var errs []error
	for _, entry := range w.brought {
		if !w.there[entry.ID] {
			errs = append(errs, w.to.remove(ctx, entry.ID))
		}
	}
	for _, entry := range w.opened {
		if !w.there[entry.ID] {
			errs = append(errs, within(ctx, w.from, entry, func(s store.Store) error { return s.Thaw(ctx, w.name) }))
		}
	}
	return errors.Join(errs...)
}

// closed are those that cannot be written at the source now.
func (w *copying) closed(ctx context.Context, entries []Entry) (closed []Entry, err error) {
	for _, entry := range entries {
		err = errors.Join(err, within(ctx, w.from, entry, func(s store.Store) error {
			by, err := s.Frozen(ctx)
			if by != "" {
				closed = append(closed, entry)
			}
			return err
		}))
	}
	return closed, err
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
		by, err := s.Frozen(ctx)
		if err != nil {
			return err
		}
		if by == w.name { // what this has just closed at the source
			return fault.New(fault.Invalid, "carry.samePlace")
		}
		_, err = sameLine(entry, there)
		var sums carry.Sums
		if err == nil {
			sums, err = carry.Compare(ctx, from, s)
		}
		if fault.CodeOf(err) == "carry.differs" {
			return fault.New(fault.Conflict, "carry.notEmpty").Because(err)
		}
		if err != nil {
			return err
		}
		w.there[entry.ID] = true
		w.done = append(w.done, Copied{Tenant: entry, Sums: sums, Was: true})
		return nil
	})
}

// sameLine holds a tenant's lines in both directories against each other.
func sameLine(entry, there Entry) (carry.Sum, error) {
	line, err := lineOf(entry)
	if err != nil {
		return line, err
	}
	other, err := lineOf(there)
	if err == nil && line.Hash != other.Hash {
		err = fault.New(fault.Internal, "carry.differs").With("parts", line.Part)
	}
	return line, err
}

// lineOf is what a tenant's line in the directory comes to.
func lineOf(entry Entry) (carry.Sum, error) {
	entry.CreatedAt = entry.CreatedAt.UTC()
	line, err := json.Marshal(entry)
	return carry.Sum{Part: "tenant", Things: 1, Hash: sha256.Sum256(line)}, err
}
