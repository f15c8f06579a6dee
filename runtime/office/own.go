package office

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/tenant"
)

// Own is what somebody who is no administrator says of themselves.
type Own struct{ office *Office }

// OpenOwn returns a person's own desk. Faults: Forbidden "access.scope" for a token of narrowed scopes, "viewing.readOnly"
// for whoever sees the app as somebody else.
func OpenOwn(config Config, t *tenant.Tenant, actor value.Actor) (*Own, error) {
	if err := access.Unscoped(actor); err != nil {
		return nil, err
	}
	return &Own{&Office{Config: config, tenant: t, actor: actor}}, nil
}

// Absence is a stretch of days on which somebody is absent, both ends included, and who stands in for them.
type Absence struct {
	Person org.User // who is absent
	From   string   // 2026-03-31
	To     string
	Deputy *org.User // nil: nobody
}

// Absences are when somebody is absent, in the order of days, and for whom they stand in, today or later.
type Absences struct {
	Away     []Absence
	StandsIn []Absence
	Tag      string
}

// Absences returns what is said by now.
func (o *Own) Absences() (Absences, error) {
	me, err := o.office.User(o.office.actor.User)
	if err != nil {
		return Absences{}, err
	}
	out := Absences{Away: []Absence{}, StandsIn: []Absence{}, Tag: me.Tag}
	today := o.office.tenant.Engine.Today()
	for _, u := range o.office.org().Users() {
		for _, span := range u.Away {
			one := Absence{Person: u, From: value.DayText(span.From), To: value.DayText(span.To)}
			if deputy, known := o.office.org().User(span.Deputy); known {
				one.Deputy = &deputy
			}
			if u.ID == me.ID {
				out.Away = append(out.Away, one)
			}
			if span.Deputy == me.ID && span.To >= today && u.Active {
				out.StandsIn = append(out.StandsIn, one)
			}
		}
	}
	byDay := func(a, b Absence) int {
		return strings.Compare(a.From+a.To+string(a.Person.ID), b.From+b.To+string(b.Person.ID))
	}
	slices.SortFunc(out.Away, byDay)
	slices.SortFunc(out.StandsIn, byDay)
	return out, nil
}

// SetAbsences says when the person is absent, from the state that tag names. Nobody is absent twice on a day. Faults:
// Conflict "office.stale", Invalid with all issues, at /away/<place>.
func (o *Own) SetAbsences(ctx context.Context, tag string, away []Away) (Absences, error) {
	const op = "office.setAbsences"
	spans := Spans(away)
	var issues fault.Issues
	for i, span := range spans {
		twice := func(other org.Span) bool { return other.From <= span.To && span.From <= other.To }
		if slices.ContainsFunc(spans[:i], twice) {
			issues.Add("/away/"+strconv.Itoa(i), "user.awayTwice")
		}
	}
	if err := issues.Fault(op, "record.invalid"); err != nil {
		return Absences{}, err
	}
	_, err := o.office.UpdateUser(ctx, o.office.actor.User, tag, func(u *org.User) error {
		u.Away = spans
		return nil
	})
	if err != nil {
		return Absences{}, fault.Wrap(op, err)
	}
	return o.Absences()
}
