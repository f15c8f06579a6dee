package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

func (p *program) app(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: check, install or rollback?", errUsage)
	}
	set := p.flags("app " + args[0])
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	to := set.Int64("to", 0, "rollback: the number of the publication to go back to; default the one before")
	if args[0] == "rollback" {
		if err := parse(set, args[1:], 0, 0); err != nil {
			return err
		}
		return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error { return p.rollbackApp(ctx, t, *to) })
	}
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
		if err := p.prove(ctx, checked); err != nil {
			return err
		}
		if err := p.tellWarnings(checked.Warnings); err != nil {
			return err
		}
		p.say("%s %s: %d forms, no faults, %d warnings\n", checked.App.Key, checked.App.Version, len(checked.Forms), len(checked.Warnings))
		if *name == "" {
			return nil
		}
		return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error {
			impact, err := operatorsDesk(t).ImpactOf(ctx, files)
			if err == nil {
				p.tellImpact(t, impact)
			}
			return err
		})
	case "install":
		return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error {
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

// operatorsDesk is the desk of whoever has the shell.
func operatorsDesk(t *tenant.Tenant) *publish.Desk {
	// The engine's own parts may always.
	desk, _ := t.Engine.Apps.Desk(value.SystemActor("operator"))
	return desk
}

// tellWarnings prints what forbids nothing, one a line.
func (p *program) tellWarnings(warnings fault.Issues) error {
	texts, err := message.Load()
	if err != nil {
		return err
	}
	locale := texts.Match(os.Getenv("LANG"))
	for _, w := range warnings {
		p.say("  %s: %s\n", place(w), texts.Text(locale, w.Code, w.Args))
	}
	return nil
}

func (p *program) rollbackApp(ctx context.Context, t *tenant.Tenant, to int64) error {
	active, err := operatorsDesk(t).Rollback(ctx, to)
	if err != nil {
		return err
	}
	p.say("%s %s is active in %s again\n", active.App.Key, active.App.Version, t.Name)
	return nil
}

// tellImpact prints what publishing would do to a tenant.
func (p *program) tellImpact(t *tenant.Tenant, impact *publish.Impact) {
	p.say("in %s: %d documents differ\n", t.Name, len(impact.Documents))
	for _, form := range impact.Forms {
		more := ""
		if !form.RecordsExact {
			more = " or more"
		}
		p.say("  form %s %s, %d%s records\n", form.Form, form.Change, form.Records, more)
		for _, field := range form.Fields {
			p.say("    field %s %s %s\n", field.Field, field.Change, strings.Join(field.Parts, " "))
		}
		for _, index := range form.Build {
			p.say("    build index %s\n", index)
		}
		for _, index := range form.Drop {
			p.say("    drop index %s\n", index)
		}
	}
	for _, w := range impact.Widened {
		p.say("  role %s: %s of %s widens from %s to %s\n", w.Role, w.Right, w.Form, w.From, w.To)
	}
}

// prove reads an app's scripts.
func (p *program) prove(ctx context.Context, app *catalog.Catalog) error {
	pool, err := p.scripts()
	if err != nil {
		return err
	}
	defer pool.Close()
	issues, err := engine.Prove(ctx, pool.Box(""), app)
	if err != nil {
		return err
	}
	return issues.Fault("app.check", "meta.invalid")
}
