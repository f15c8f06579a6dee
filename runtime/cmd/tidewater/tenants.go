package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/publish"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

const (
	defaultZone = "Asia/Shanghai"
	// firstAdmin is the user name of the first administrator of a tenant, and the role they get where an
	// app has one of that key.
	firstAdmin = "admin"
)

// newTenant says how to make a tenant.
type newTenant struct {
	name, zone string
	app        string // empty: none
	password   string // of the first administrator; empty: a random one, printed once
}

func (p *program) tenant(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: create, list or budget?", errUsage)
	}
	set := p.flags("tenant " + args[0])
	place := storeFlag(set)
	zone := set.String("zone", defaultZone, "the tenant's time zone")
	app := set.String("app", "", "an app to install: a folder, or the key of one that comes along")
	switch args[0] {
	case "create":
		if err := parse(set, args[1:], 1, 1); err != nil {
			return err
		}
		w, err := p.open(*place)
		if err != nil {
			return err
		}
		return w.close(p.createTenant(ctx, w, newTenant{name: set.Arg(0), zone: *zone, app: *app}))
	case "list":
		if err := parse(set, args[1:], 0, 0); err != nil {
			return err
		}
		w, err := p.open(*place)
		if err != nil {
			return err
		}
		return w.close(p.listTenants(ctx, w.tenants))
	case "budget":
		if err := parse(set, args[1:], 0, 1); err != nil {
			return err
		}
		w, err := p.open(*place)
		if err != nil {
			return err
		}
		return w.close(p.budget(ctx, w.tenants, set.Arg(0)))
	}
	return fmt.Errorf("%w: tenant %s", errUsage, args[0])
}

// budget prints how many files the tenants take of how many they may, which is set before where a number is said.
func (p *program) budget(ctx context.Context, of *tenant.Directory, said string) error {
	if said != "" {
		most, err := strconv.ParseInt(said, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %s is no number of files", errUsage, said)
		}
		if err := of.SetBudget(ctx, most); err != nil {
			return err
		}
	}
	b, err := of.Budget(ctx)
	if err == nil {
		p.say("%d files of %d\n", b.Used, b.Most)
	}
	return err
}

// listTenants prints a line for each tenant, and why it is not as others are.
func (p *program) listTenants(ctx context.Context, of *tenant.Directory) error {
	for _, e := range of.List() {
		closed, err := of.Closed(ctx, e)
		if err != nil {
			return err
		}
		line := e.Name + "\t" + e.ID + "\t" + e.CreatedAt.Format(time.RFC3339)
		if e.Suspended {
			line += "\tsuspended"
		}
		if closed {
			line += "\tclosed for writing by a copy"
		}
		p.say("%s\n", line)
	}
	return nil
}

// createTenant makes a tenant with its first administrator, and prints their password if it is random.
func (p *program) createTenant(ctx context.Context, w *world, n newTenant) error {
	if _, err := time.LoadLocation(n.zone); err != nil {
		return fault.New(fault.Invalid, "config.invalid").With("name", "zone").Because(err)
	}
	var app catalog.Bundle
	if n.app != "" {
		var err error
		if app, err = appFiles(n.app); err != nil {
			return err
		}
		if _, err := publish.Check(app); err != nil {
			return err
		}
	}
	password := cmp.Or(n.password, strings.ToLower(rand.Text())[:20])
	_, err := w.tenants.CreateWith(ctx, n.name, n.zone, func(t *tenant.Tenant) error {
		if app != nil {
			if _, err := t.Engine.Apps.Install(ctx, app); err != nil {
				return err
			}
		}
		return p.addAdmin(ctx, w, t, password)
	})
	if err == nil && n.password == "" { // not before it is sure that it is theirs
		p.say("tenant %s: user %s, password %s (shown this once)\n", n.name, firstAdmin, password)
	}
	return err
}

func (p *program) addAdmin(ctx context.Context, w *world, t *tenant.Tenant, password string) error {
	hash, err := w.signin.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	return t.People.Change(ctx, func(d *people.Draft) error {
		u := org.User{ID: w.tenants.NewID(), Username: firstAdmin, Name: firstAdmin, Roles: []string{firstAdmin}, Active: true, Admin: true}
		d.PutUser(u)
		d.SetHash(u.ID, hash)
		return nil
	})
}

// appFiles finds an app: a folder, or one that comes along.
func appFiles(name string) (catalog.Bundle, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return catalog.LoadFS(os.DirFS(name))
	}
	app, err := fs.Sub(builtinapps.FS, name)
	if err == nil {
		_, err = fs.Stat(app, "app.json")
	}
	if err != nil {
		return nil, fault.New(fault.NotFound, "app.unknown").With("app", name).Because(err)
	}
	return catalog.LoadFS(app)
}
