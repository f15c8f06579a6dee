package main

import (
	"context"
	"fmt"

	"tidewater/engine/publish"
	"tidewater/runtime/tenant"
)

func (p *program) app(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: check or install?", errUsage)
	}
	set := p.flags("app " + args[0])
	folder := set.String("store", "data", "the data folder")
	name := set.String("tenant", "", "the tenant's name")
	if err := parse(set, args[1:], 1, 1); err != nil {
		return err
	}
	files, err := appFiles(set.Arg(0))
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		checked, err := publish.Check(files)
		if err != nil {
			return err
		}
		p.say("%s %s: %d forms, no faults\n", checked.App.Key, checked.App.Version, len(checked.Forms))
		return nil
	case "install":
		return p.with(ctx, *folder, *name, func(_ *world, t *tenant.Tenant) error {
			installed, err := t.Engine.Apps.Install(ctx, files)
			if err != nil {
				return err
			}
			p.say("%s %s installed in %s\n", installed.App.Key, installed.App.Version, t.Name)
			return nil
		})
	}
	return fmt.Errorf("%w: app %s", errUsage, args[0])
}
