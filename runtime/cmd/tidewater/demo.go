package main

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/value"
	"tidewater/runtime/egress"
	"tidewater/runtime/sample"
	"tidewater/runtime/tenant"
)

const (
	demoTenant   = "demo"
	demoPassword = "demo"
	demoApp      = "crm"
	demoSeed     = 20
)

func (p *program) demo(ctx context.Context, args []string) error {
	set := p.flags("demo")
	addr := set.String("addr", "127.0.0.1:8080", "where to listen; loopback only, because everybody's password is known")
	place := storeFlag(set)
	set.StringVar(place, "data", "", "the data folder; as --store")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if !onLoopback(*addr) {
		return fmt.Errorf("%w: the demo listens on loopback only", errUsage)
	}
	p.outward, p.scriptsAsk, p.home = egress.New(egress.Config{}), true, "http://"+*addr // as under serve
	w, err := p.open(*place)
	if err != nil {
		return err
	}
	if _, known := w.tenants.ByName(demoTenant); !known {
		err = p.makeDemo(ctx, w)
	}
	if err == nil {
		err = p.listen(ctx, w, settings{addr: *addr})
	}
	return w.close(err)
}

// makeDemo makes the demo company; the tenant gets its name last, so that one half made is made again.
func (p *program) makeDemo(ctx context.Context, w *world) error {
	start := p.clock()
	plan, err := fs.Sub(builtinapps.FS, demoApp+"/demo")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(defaultZone)
	if err != nil {
		return err
	}
	made, err := sample.Generate(plan, demoSeed, value.DayOf(p.clock(), zone))
	if err != nil {
		return err
	}
	app, err := appFiles(demoApp)
	if err != nil {
		return err
	}
	_, err = w.tenants.CreateWith(ctx, demoTenant, defaultZone, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, app); err != nil {
			return err
		}
		hash, err := w.signin.Passwords.Hash(ctx, demoPassword)
		if err != nil {
			return err
		}
		if err := newLoader(t, w.tenants.NewID, hash).load(ctx, made); err != nil {
			return err
		}
		return t.Engine.Settle(ctx)
	})
	p.log.Info("demo company made", "took", p.clock().Sub(start).String())
	return err
}
