package office

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
	"tidewater/runtime/once"
	"tidewater/runtime/people"
)

// Unit is a node of the department tree.
type Unit struct {
	ID       value.ID          `json:"id"`
	Name     map[string]string `json:"name"`
	Parent   value.ID          `json:"parent"`
	Manager  value.ID          `json:"manager"`
	Deputies []value.ID        `json:"deputies"`
	Zone     value.ID          `json:"zone"`
	Members  int               `json:"members"` // active people whose home it is
	Tag      string            `json:"tag,omitempty"`
}

func (o *Office) unitView(u org.Unit) (Unit, error) {
	out := Unit{ID: u.ID, Name: u.Name, Parent: u.Parent, Manager: u.Manager, Deputies: some(u.Deputies), Zone: u.Zone}
	tag, err := tagOf(out)
	out.Tag, out.Members = tag, len(o.org().UnitMembers(u.ID))
	return out, err
}

// Units lists the tree, each unit followed by all below it.
func (o *Office) Units() ([]Unit, error) {
	out := []Unit{}
	for _, u := range o.org().Units() {
		seen, err := o.unitView(u)
		if err != nil {
			return nil, err
		}
		out = append(out, seen)
	}
	return out, nil
}

// Unit returns one. Faults: NotFound "unit.unknown".
func (o *Office) Unit(id value.ID) (Unit, error) {
	u, known := o.org().Unit(id)
	if !known {
		return Unit{}, fault.New(fault.NotFound, "unit.unknown").In("office.unit")
	}
	return o.unitView(u)
}

// CreateUnit adds one. Faults: Invalid with all issues.
func (o *Office) CreateUnit(ctx context.Context, u org.Unit, request *record.Once) (Unit, error) {
	id, err := made(ctx, o, request, func(keep once.Keep[value.ID]) (value.ID, error) {
		u.ID = o.NewID()
		answer, err := keep(u.ID)
		if err != nil {
			return "", err
		}
		return u.ID, o.putUnit(ctx, "office.createUnit", u.ID, answer, func(*org.Unit) (org.Unit, error) { return u, nil })
	})
	if err != nil {
		return Unit{}, err
	}
	return o.Unit(id)
}

// UpdateUnit renames, moves or otherwise changes a unit from the state that tag names. Whose sight a move
// changes sees so at once. Faults: NotFound "unit.unknown", Conflict "office.stale", Invalid with all issues.
func (o *Office) UpdateUnit(ctx context.Context, id value.ID, tag string, edit func(*org.Unit) error) (Unit, error) {
	const op = "office.updateUnit"
	err := o.putUnit(ctx, op, id, nil, func(was *org.Unit) (org.Unit, error) {
		if was == nil {
			return org.Unit{}, fault.New(fault.NotFound, "unit.unknown").In(op)
		}
		before, err := o.unitView(*was)
		if err != nil {
			return org.Unit{}, err
		}
		if before.Tag != tag {
			return org.Unit{}, stale("updateUnit", id)
		}
		next := *was
		err = edit(&next)
		return next, err
	})
	if err != nil {
		return Unit{}, err
	}
	return o.Unit(id)
}

// putUnit writes what next makes of a unit, nil where there is none yet, and the answer to keep with it.
func (o *Office) putUnit(ctx context.Context, op string, id value.ID, answer *store.Item, next func(was *org.Unit) (org.Unit, error)) error {
	place := func(d *people.Draft) string {
		at := slices.IndexFunc(d.Units(), func(u org.Unit) bool { return u.ID == id })
		return "/units/" + strconv.Itoa(at)
	}
	err := o.change(ctx, place, func(d *people.Draft) error {
		var was *org.Unit
		var before any
		if u, known := o.org().Unit(id); known {
			was, before = &u, unitParts(u)
		}
		u, err := next(was)
		if err != nil {
			return err
		}
		u.Name = labels(u.Name)
		if err := checkName(u.Name).Fault(op, "record.invalid"); err != nil {
			return err
		}
		d.PutUnit(u)
		entry, err := o.note(audit.UnitChanged, id, before, unitParts(u))
		d.Note(entry)
		d.Beside(once.Collection, answer)
		return err
	})
	return fault.Wrap(op, err)
}

// unitParts is what the audit says of a unit.
func unitParts(u org.Unit) any {
	return Unit{ID: u.ID, Name: u.Name, Parent: u.Parent, Manager: u.Manager, Deputies: some(u.Deputies), Zone: u.Zone}
}

func checkName(name map[string]string) fault.Issues {
	var issues fault.Issues
	if len(name) == 0 {
		issues.Add("/name", "field.required")
	}
	for locale, s := range name {
		if len([]rune(s)) > maxName || len(locale) > 10 {
			issues.Add("/name/"+fault.Escape(locale), "field.tooLong", "max", maxName, "over", max(1, len([]rune(s))-maxName))
		}
	}
	return issues
}

// RemoveUnit takes a unit away that nobody and nothing is in. Faults: NotFound "unit.unknown", Conflict
// "office.stale" and "unit.used" with who or what is in it.
func (o *Office) RemoveUnit(ctx context.Context, id value.ID, tag string) error {
	const op = "office.removeUnit"
	// Records are asked for before, for that takes a while; one that comes into the unit meanwhile shows a
	// unit that is no longer there, as do those of people who left.
	held, err := o.tenant.Engine.Records.Held(ctx, org.UnitPrincipal(id))
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, o.tenant.People.Change(ctx, func(d *people.Draft) error {
		u, known := o.org().Unit(id)
		if !known {
			return fault.New(fault.NotFound, "unit.unknown").In(op)
		}
		before, err := o.unitView(u)
		if err != nil {
			return err
		}
		if before.Tag != tag {
			return stale("removeUnit", id)
		}
		used := []string{}
		if len(o.org().Below(id)) > 1 {
			used = append(used, "units")
		}
		if slices.ContainsFunc(o.org().Users(), func(p org.User) bool { return p.Unit == id }) {
			used = append(used, "users")
		}
		if held {
			used = append(used, "records")
		}
		if len(used) > 0 {
			return fault.New(fault.Conflict, "unit.used").In(op).With("by", strings.Join(used, ", "))
		}
		d.RemoveUnit(id)
		entry, err := o.note(audit.UnitChanged, id, unitParts(u), nil)
		d.Note(entry)
		return err
	}))
}
