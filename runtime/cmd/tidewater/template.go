package main

import (
	"context"
	"errors"
	"os"

	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// template writes a workbook to be filled with new records of a form, which import then understands by itself.
func (p *program) template(ctx context.Context, args []string) error {
	set := p.flags("template")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	form := set.String("form", "", "the form's key")
	as := set.String("as", "", "the user who will fill it: it has what they may set; empty: the system")
	locale := set.String("locale", os.Getenv("LANG"), "the language of its texts")
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	return p.with(ctx, *place, *name, func(w *world, t *tenant.Tenant) error {
		actor, err := actorNamed(t, *as)
		if err != nil {
			return err
		}
		path := set.Arg(0)
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) //nolint:gosec // it is for whoever asks to read
		if err != nil {
			return err
		}
		_, err = t.Engine.Template(ctx, actor, value.FormKey(*form), w.texts.Match(*locale), file)
		if err = errors.Join(err, file.Close()); err != nil {
			return errors.Join(err, os.Remove(path)) // half of it is of no use
		}
		p.say("%s is to be filled with records of %s\n", path, *form)
		return nil
	})
}
