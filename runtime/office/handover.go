package office

import (
	"context"
	"slices"
	"strings"

	"tidewater/engine"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/people"
)

// HandOver is what somebody's hand-over comes to: all that they own goes to somebody else, and more where it is asked.
type HandOver struct {
	To     value.ID
	Reason string
	Posts  bool // the units that they lead or are deputy of, who reports to them, and whom they stand in for
	Roles  bool // the other one gets their roles beside their own, and they keep none
	Leaves bool // they can no longer sign in
}

// HandOverPreview is what a hand-over would move.
type HandOverPreview struct {
	Person    Named     `json:"person"`
	To        Named     `json:"to"`
	Forms     []Held    `json:"forms"`
	Records   int64     `json:"records"`
	Units     []Named   `json:"units"`     // that they lead
	DeputyOf  []Named   `json:"deputyOf"`  // units
	Reports   []Named   `json:"reports"`   // people who report to them by name
	StandsIn  []Named   `json:"standsIn"`  // people whose absences name them
	Roles     []string  `json:"roles"`     // that the other one does not have
	Untouched Untouched `json:"untouched"` // what nobody gets
}

// Held is how many records of a form somebody owns.
type Held struct {
	Form    value.FormKey     `json:"form"`
	Label   map[string]string `json:"label"`
	Records int64             `json:"records"`
	// Reads says that the other one reads such records, with the roles that they will have.
	Reads bool `json:"reads"`
}

// Untouched is what stays where it is.
type Untouched struct {
	Admin bool `json:"admin"` // they administer: nobody does instead
}

// Named is somebody or something by name.
type Named struct {
	ID   value.ID `json:"id"`
	Name any      `json:"name"` // a text, or a text in each language
}

func personNamed(u org.User) Named { return Named{u.ID, u.Name} }
func unitNamed(u org.Unit) Named   { return Named{u.ID, u.Name} }

// PreviewHandOver tells what a hand-over of somebody's work would move. Nothing is done. Faults: NotFound
// "user.unknown", Invalid "handover.to".
func (o *Office) PreviewHandOver(ctx context.Context, id value.ID, with HandOver) (*HandOverPreview, error) {
	from, to, err := o.parties(id, with.To)
	if err != nil {
		return nil, err
	}
	out := &HandOverPreview{
		Person: personNamed(from), To: personNamed(to), Forms: []Held{}, Untouched: Untouched{Admin: from.Admin && !to.Admin},
		Units: []Named{}, DeputyOf: []Named{}, Reports: []Named{}, StandsIn: []Named{}, Roles: []string{},
	}
	for _, u := range o.org().Units() {
		if u.Manager == id {
			out.Units = append(out.Units, unitNamed(u))
		}
		if slices.Contains(u.Deputies, id) {
			out.DeputyOf = append(out.DeputyOf, unitNamed(u))
		}
	}
	for _, u := range o.org().Users() {
		if u.Manager == id {
			out.Reports = append(out.Reports, personNamed(u))
		}
		if slices.ContainsFunc(u.Away, func(a org.Span) bool { return a.Deputy == id }) {
			out.StandsIn = append(out.StandsIn, personNamed(u))
		}
	}
	for _, role := range from.Roles {
		if !slices.Contains(to.Roles, role) {
			out.Roles = append(out.Roles, role)
		}
	}
	actor, _ := o.org().Actor(to.ID)
	if with.Roles {
		actor.Roles = slices.Concat(actor.Roles, out.Roles)
	}
	held, err := o.tenant.Engine.Holdings(ctx, o.actor, id, actor)
	for _, h := range held {
		out.Forms = append(out.Forms, Held{h.Form, h.Label, h.Records, h.Reads})
		out.Records += h.Records
	}
	return out, err
}

// parties are whoever hands over, who may have left, and whoever gets it, who may not.
func (o *Office) parties(from, to value.ID) (was, is org.User, err error) {
	was, known := o.org().User(from)
	if !known {
		return was, is, fault.New(fault.NotFound, "user.unknown").In("office.handOver")
	}
	is, known = o.org().User(to)
	if !known || !is.Active || to == from {
		return was, is, fault.New(fault.Invalid, "handover.to").In("office.handOver").At("/to")
	}
	return was, is, nil
}

// HandOver hands somebody's work over: posts and roles at once, the records by a job. Asked for again, where something
// has come between, it does what is left. Faults: those of PreviewHandOver and engine.HandOver, Invalid
// "handover.reads", Conflict "user.lastAdmin", and those of the organisation that would come of it.
func (o *Office) HandOver(ctx context.Context, id value.ID, with HandOver, request *job.Once) (*job.Job, error) {
	const op = "office.handOver"
	if strings.TrimSpace(with.Reason) == "" {
		return nil, fault.New(fault.Invalid, "handover.reason").In(op).At("/reason")
	}
	seen, err := o.PreviewHandOver(ctx, id, with)
	if err != nil {
		return nil, err
	}
	req := engine.HandOverRequest{From: id, To: with.To, Reason: strings.TrimSpace(with.Reason), Forms: []value.FormKey{}}
	for _, h := range seen.Forms {
		if !h.Reads {
			return nil, fault.New(fault.Invalid, "handover.reads").In(op).At("/to").With("name", seen.To.Name).With("form", h.Label).With("count", h.Records)
		}
		req.Forms = append(req.Forms, h.Form)
	}
	if err := o.change(ctx, placeOf(id), func(d *people.Draft) error { return o.passOn(d, id, with) }); err != nil {
		return nil, fault.Wrap(op, err)
	}
	j, err := o.tenant.Engine.HandOver(ctx, o.actor, req, seen.Records, request)
	return j, fault.Wrap(op, err)
}

// passOn changes the organisation as a hand-over asks.
func (o *Office) passOn(d *people.Draft, id value.ID, with HandOver) error {
	from, to, err := o.parties(id, with.To)
	if err != nil {
		return err
	}
	before := map[value.ID]org.User{}
	next := map[value.ID]org.User{}
	for _, u := range o.org().Users() {
		before[u.ID], next[u.ID] = u, u
		if with.Posts {
			next[u.ID] = instead(u, from, to.ID)
		}
	}
	if with.Roles {
		getting, leaving := next[to.ID], next[id]
		for _, role := range from.Roles {
			if !slices.Contains(getting.Roles, role) {
				getting.Roles = append(slices.Clone(getting.Roles), role)
			}
		}
		leaving.Roles = nil
		next[to.ID], next[id] = getting, leaving
	}
	if with.Leaves {
		leaving := next[id]
		leaving.Active = false
		next[id] = leaving
	}
	for _, u := range o.org().Users() {
		if err := o.putNoted(d, before[u.ID], next[u.ID]); err != nil {
			return err
		}
	}
	if !hasAdmin(d.Users()) {
		return fault.New(fault.Conflict, "user.lastAdmin").In("office.handOver")
	}
	if with.Posts {
		if err := o.passUnits(d, id, to.ID); err != nil {
			return err
		}
	}
	entry, err := o.note(audit.HandedOver, id, nil, map[string]any{
		"to": to.ID, "posts": with.Posts, "roles": with.Roles, "leaves": with.Leaves,
	})
	entry.Note = strings.TrimSpace(with.Reason)
	d.Note(entry)
	return err
}

// instead is somebody in whose entry another stands for whoever hands over. Nobody comes to report to themselves, or to
// stand in for themselves: whoever gets it then reports to whom the other one did.
func instead(u, from org.User, to value.ID) org.User {
	if u.Manager == from.ID {
		if u.Manager = to; u.ID == to {
			u.Manager = from.Manager
		}
	}
	u.Away = slices.Clone(u.Away)
	for n := range u.Away {
		if u.Away[n].Deputy == from.ID {
			if u.Away[n].Deputy = to; u.ID == to {
				u.Away[n].Deputy = ""
			}
		}
	}
	return u
}

// putNoted writes a person who has changed, with a line of the audit.
func (o *Office) putNoted(d *people.Draft, was, is org.User) error {
	before, err := o.view(was)
	if err != nil {
		return err
	}
	after, err := o.view(is)
	if err != nil || before.Tag == after.Tag {
		return err
	}
	d.PutUser(is)
	before.Tag, after.Tag = "", ""
	entry, err := o.note(audit.UserChanged, is.ID, before, after)
	d.Note(entry)
	return err
}

// passUnits puts somebody in place of another wherever that one leads a unit or is a deputy.
func (o *Office) passUnits(d *people.Draft, from, to value.ID) error {
	for _, was := range o.org().Units() {
		is := was
		if is.Manager == from {
			is.Manager = to
		}
		if at := slices.Index(was.Deputies, from); at >= 0 {
			is.Deputies = slices.Clone(was.Deputies)
			is.Deputies[at] = to
			if is.Manager == to || slices.Contains(was.Deputies, to) { // they are one already, or need be none
				is.Deputies = slices.Delete(is.Deputies, at, at+1)
			}
		}
		if is.Manager == was.Manager && slices.Equal(is.Deputies, was.Deputies) {
			continue
		}
		d.PutUnit(is)
		entry, err := o.note(audit.UnitChanged, is.ID, unitParts(was), unitParts(is))
		if err != nil {
			return err
		}
		d.Note(entry)
	}
	return nil
}
