package tenant

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/people"
	"tidewater/runtime/sheet"
)

// start puts together what stands behind a tenant: its store, made where there is none, its people, its
// engine.
func (d *Directory) start(ctx context.Context, entry Entry) (*Tenant, error) {
	s, err := d.home.open(ctx, entry.ID)
	if err != nil {
		return nil, err
	}
	t := &Tenant{Entry: entry, Store: s}
	if err := d.fill(ctx, t); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	t.work(d.config.Clock, func(err error) {
		if fault.CodeOf(err) != "store.moving" { // what is to be done waits until the data may be written again
			d.config.Log.Error("background", "tenant", entry.ID, "error", err.Error())
		}
	})
	return t, nil
}

func (d *Directory) fill(ctx context.Context, t *Tenant) (err error) {
	if t.People, err = people.Open(ctx, t.Store); err != nil {
		return err
	}
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return fault.New(fault.Internal, "config.invalid").With("name", "zone").Because(err)
	}
	calendar, err := org.China()
	if err != nil {
		return err
	}
	safe, err := newVault(d.key, t.ID)
	if err != nil {
		return err
	}
	settings := engine.Config{
		Store: t.Store, Org: t.People.Org, Settled: t.People.Settle, Clock: d.config.Clock, NewID: d.NewID, Zone: zone, Calendar: calendar,
		Outward: d.config.Outward, Turn: d.turn, Ended: d.ended.add, Sheets: sheet.Files{}, Texts: d.texts,
		Carriers: d.config.Carriers, Outlets: d.config.Outlets, Vault: safe, Home: d.config.Home,
	}
	if d.config.Scripts != nil {
		settings.Scripts = d.config.Scripts.Box(t.ID)
	}
	t.Engine, err = engine.Open(ctx, settings)
	if err != nil {
		return err
	}
	t.People.Entails = t.Engine.Moved
	return nil
}

// turn waits until one more tenant's job may do a batch.
func (d *Directory) turn(ctx context.Context) (end func(), err error) {
	if err := d.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { d.turns.Release(1) }, nil
}

// NewID makes the id of a record, person or unit: sortable by its time, random in the rest.
func (d *Directory) NewID() value.ID {
	return value.ID(ulid.MustNew(ulid.Timestamp(d.config.Clock()), rand.Reader).String())
}

// Backup writes a consistent, checked copy of a tenant's data to a new file. It takes no lock: servers over the same
// data go on with their work. Faults: NotFound "tenant.unknown", Conflict "store.exists", Internal "backup.corrupt", and
// those of the store; where it fails there is no copy.
func Backup(ctx context.Context, at Address, name, to string) error {
	const op = "tenant.backup"
	from, err := Config{At: at}.visit(ctx)
	if err != nil {
		return fault.Wrap(op, err)
	}
	entry, err := named(ctx, from, name)
	if err == nil {
		err = from.backup(ctx, entry.ID, to)
	}
	return fault.Wrap(op, errors.Join(err, from.close()))
}

// named finds a tenant by its name.
func named(ctx context.Context, in home, name string) (Entry, error) {
	entries, err := in.list(ctx)
	if err != nil {
		return Entry{}, err
	}
	n := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == name })
	if n < 0 {
		return Entry{}, fault.New(fault.NotFound, "tenant.unknown").With("tenant", name)
	}
	return entries[n], nil
}

// Restore makes a new tenant of a backup. The copy is given to the new tenant and checked before anybody
// sees it. Faults: as Create, "store.missing", "store.foreign", Internal "backup.corrupt".
func (d *Directory) Restore(ctx context.Context, name, zone, backup string) (Entry, error) {
	const op = "tenant.restore"
	entry, err := d.newEntry(ctx, name, zone)
	if err != nil {
		return Entry{}, fault.Wrap(op, err)
	}
	if err := d.takeBackup(ctx, entry, backup); err != nil {
		return Entry{}, fault.Wrap(op, errors.Join(err, d.home.remove(ctx, entry.ID)))
	}
	return entry, fault.Wrap(op, d.arrive(ctx, entry))
}

func (d *Directory) takeBackup(ctx context.Context, entry Entry, backup string) error {
	if err := d.home.restore(ctx, entry.ID, backup); err != nil {
		return err
	}
	t, err := d.start(ctx, entry)
	if err != nil {
		return err
	}
	return t.Close()
}
