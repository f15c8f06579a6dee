package main

import (
	"context"
	"os"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// calendar shows a tenant's working calendar, or puts days in place of those of the same years.
func (p *program) calendar(ctx context.Context, args []string) error {
	set := p.flags("calendar")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	most, known := map[string]int{"show": 0, "import": 1}[verb]
	if !known {
		return errUsage
	}
	if err := parse(set, args, most, most); err != nil {
		return err
	}
	var days []org.Day
	if verb == "import" {
		var err error
		if days, err = daysOf(set.Arg(0)); err != nil {
			return err
		}
	}
	return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error {
		operator := value.SystemActor("operator")
		now, err := t.Engine.WorkingCalendar(ctx, operator)
		if err == nil && verb == "import" {
			now, err = t.Engine.ImportDays(ctx, operator, now.Version, days)
		}
		if err != nil {
			return err
		}
		if verb == "show" {
			for _, day := range now.Days {
				p.say("%s,%s,%s\n", day.Date, day.Kind, day.Name)
			}
			return nil
		}
		p.say("%s: version %d of the working calendar, %d special days\n", t.Name, now.Version, len(now.Days))
		return nil
	})
}

// daysOf reads days from CSV, or from JSON as the API takes it.
func daysOf(file string) ([]org.Day, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file.notFound").At(file).Because(err)
	}
	if !strings.HasSuffix(file, ".json") {
		return org.ReadDays(data)
	}
	in, err := org.ReadAlmanac(data)
	if err == nil && in.Weekend != nil {
		err = fault.New(fault.Malformed, "calendar.malformed").In("calendar.import").At("/weekend")
	}
	return in.Days, err
}
