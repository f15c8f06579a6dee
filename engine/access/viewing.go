package access

import (
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// MayView decides whether somebody may see the app as another person would: administrators as anybody, and others as
// those in the units that they lead, and below. It widens no right of theirs, see As. It is for people in person, and for
// nobody who does so already. Faults: as Unscoped; NotFound "user.unknown" for whoever is not there any more; Forbidden
// "viewing.mayNot".
func MayView(actor value.Actor, people *org.Snapshot, whom value.ID) error {
	const op = "access.mayView"
	if err := Unscoped(actor); err != nil {
		return err
	}
	return mayView(op, actor, people, whom)
}

// StillViews decides again, at each request, what MayView has decided at first.
func StillViews(actor value.Actor, people *org.Snapshot, whom value.ID) bool {
	return mayView("access.stillViews", actor, people, whom) == nil
}

func mayView(op string, actor value.Actor, people *org.Snapshot, whom value.ID) error {
	if !Views(actor, people) || whom == actor.User {
		return fault.New(fault.Forbidden, "viewing.mayNot").In(op)
	}
	other, active := people.Actor(whom)
	if !active {
		return fault.New(fault.NotFound, "user.unknown").In(op)
	}
	leads := func(unit value.ID) bool { return people.Within(other.Unit, unit) }
	if Administer(actor) != nil && !slices.ContainsFunc(people.Led(actor.User), leads) {
		return fault.New(fault.Forbidden, "viewing.mayNot").In(op)
	}
	return nil
}

// Views tells whether there may be anybody as whom somebody may see the app.
func Views(actor value.Actor, people *org.Snapshot) bool {
	return !actor.IsSystem() && Unscoped(actor) == nil && (Administer(actor) == nil || len(people.Led(actor.User)) > 0)
}

// As is the actor by whom a viewer sees the app as somebody else would. They read only, are no administrator, and reach
// what the viewer's token reaches at most.
func As(viewer, viewed value.Actor) value.Actor {
	viewed.Viewer, viewed.Admin, viewed.Locale = &viewer, false, viewer.Locale
	viewed.Scopes = []string{value.ReadScope}
	if viewer.Scopes == nil {
		return viewed
	}
	viewed.Scopes = []string{}
	for _, scope := range viewer.Scopes {
		verb, form, one := strings.Cut(scope, ":")
		switch {
		case verb != value.ReadScope && verb != value.WriteScope:
		case one:
			viewed.Scopes = append(viewed.Scopes, value.ReadScope+":"+form)
		default:
			viewed.Scopes = append(viewed.Scopes, value.ReadScope)
		}
	}
	return viewed
}

// Passive refuses whoever sees the app as somebody else, in whose name nothing is changed: Forbidden
// "viewing.readOnly".
func Passive(actor value.Actor) error {
	if actor.Viewer == nil {
		return nil
	}
	return fault.New(fault.Forbidden, "viewing.readOnly").In("access.passive")
}

// InPerson refuses whoever sees the app as somebody else what is that person's alone, such as their messages: Forbidden
// "viewing.private".
func InPerson(actor value.Actor) error {
	if actor.Viewer == nil {
		return nil
	}
	return fault.New(fault.Forbidden, "viewing.private").In("access.inPerson")
}

// seenBy is what two may read: the rows that both reach, each field as far as both see it. Nothing of it is changed,
// taken out or passed on.
func (d *Decision) seenBy(viewer *Decision) *Decision {
	out := &Decision{
		viewed: true, rows: map[meta.Verb]query.Filter{meta.Read: intersection(d.Rows(meta.Read), viewer.Rows(meta.Read))},
		fields: map[value.FieldKey]fieldDecision{}, guest: intersection(d.Guest(), viewer.Rows(meta.Read)), guests: d.guests,
		reads: query.Const(false), own: query.Const(false),
	}
	for _, fields := range []map[value.FieldKey]fieldDecision{d.fields, viewer.fields} {
		for key := range fields {
			a, b := d.limited(key), viewer.limited(key)
			out.fields[key] = fieldDecision{
				visible: intersection(a.visible, b.visible), masked: intersection(a.masked, b.masked), opened: intersection(a.opened, b.opened),
				write: query.Const(false),
			}
		}
	}
	return out
}
