package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tidewater/engine/carry"
	"tidewater/runtime/tenant"
)

// copyTenants copies tenants to another place, or with --reopen lets them be written again where they were.
func (p *program) copyTenants(ctx context.Context, args []string) error {
	set := p.flags("copy")
	from := set.String("from", "", "where the tenants are; as --store of other commands")
	to := set.String("to", "", "where they are to go: an empty place, or one with other tenants, that no server has open")
	names := set.String("tenant", "", "names of tenants, with commas; default all")
	reopen := set.Bool("reopen", false, "copy nothing: let the tenants at --from be written again that a copy has closed")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if *from == "" || (*to == "") != *reopen {
		return fmt.Errorf("%w: --from, and --to or --reopen", errUsage)
	}
	source, err := storeAt(*from)
	if err != nil {
		return err
	}
	if *reopen {
		if err := tenant.Reopen(ctx, source, words(*names)); err != nil {
			return err
		}
		p.say("%s can be written again\n", source)
		return nil
	}
	target, err := storeAt(*to)
	if err != nil {
		return err
	}
	last := p.clock()
	closed, err := tenant.Copy(ctx, tenant.Copying{
		From: tenant.Config{At: source, Clock: p.clock, Log: p.log}, To: tenant.Config{At: target, Clock: p.clock, Log: p.log},
		Names: words(*names), Done: p.tellCopied,
		Tell: func(entry tenant.Entry, part string, done int64) {
			if now := p.clock(); now.Sub(last) >= tellEvery {
				last = now
				p.complain("%s: %s, %d\n", entry.Name, part, done)
			}
		},
	})
	tell := p.complain
	if err == nil {
		tell = p.say
		p.say("All of it is in %s.\n", target)
	}
	if len(closed) > 0 {
		tell("In %s these can be read and not written, for what is written there might be missing where they were copied to: %s. "+
			"To go on there instead: tidewater copy --reopen --from %s\n", source, namesOf(closed), source)
	}
	return err
}

func namesOf(entries []tenant.Entry) string {
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name)
	}
	return strings.Join(names, ", ")
}

// tellEvery is how often a copy says how far it is.
const tellEvery = 5 * time.Second

// tellCopied prints what both sides of a copy come to, so that anybody can hold later copies against it.
func (p *program) tellCopied(c tenant.Copied) {
	how := "copied"
	if c.Was {
		how = "was there already"
	}
	for _, one := range c.Sums {
		p.say("%s  %s%s\n", one, one.Part, countsOf(one))
	}
	p.say("%s  %s, %s and the same on both sides\n", c.Sums.Total(), c.Tenant.Name, how)
}

func countsOf(s carry.Sum) string {
	if s.Things > 0 {
		return fmt.Sprintf(": %d", s.Things)
	}
	return fmt.Sprintf(": %d records, %d lines of history, %d files", s.Records, s.Lines, s.Files)
}
