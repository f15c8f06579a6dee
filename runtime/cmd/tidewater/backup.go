package main

import (
	"context"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/runtime/tenant"
)

func (p *program) backup(ctx context.Context, args []string) error {
	set := p.flags("backup")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	at, err := storeAt(*place)
	if err != nil {
		return err
	}
	if err := tenant.Backup(ctx, at, *name, set.Arg(0)); err != nil {
		return err
	}
	p.say("%s is in %s\n", *name, set.Arg(0))
	return nil
}

func (p *program) verify(ctx context.Context, args []string) error {
	set := p.flags("verify")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error {
		found, err := record.VerifyBeside(ctx, t.Engine.Verify, whileWorkFollows)
		if err != nil {
			return err
		}
		for _, difference := range found {
			p.say("%s\n", difference)
		}
		if len(found) > 0 {
			return fault.New(fault.Internal, "store.corrupt").In("verify")
		}
		p.say("%s: no differences\n", t.Name)
		return nil
	})
}

// followed is how long what follows from a save may take, with much room.
const followed = 2 * time.Second

func whileWorkFollows(ctx context.Context) error {
	timer := time.NewTimer(followed)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *program) restore(ctx context.Context, args []string) error {
	set := p.flags("restore")
	place := storeFlag(set)
	name := set.String("tenant", "", "the name of the new tenant")
	zone := set.String("zone", defaultZone, "its time zone")
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	w, err := p.open(*place)
	if err != nil {
		return err
	}
	entry, err := w.tenants.Restore(ctx, *name, *zone, set.Arg(0))
	if err == nil {
		p.say("tenant %s restored, id %s\n", entry.Name, entry.ID)
	}
	return w.close(err)
}
