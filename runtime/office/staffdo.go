package office

import (
	"context"
	"errors"
	"slices"
	"sync"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/people"
)

// What a row of staff does.
const (
	StaffNew     = "new"
	StaffChanged = "changed"
	StaffSame    = "same"
)

// StaffLine is what one row does, or would do.
type StaffLine struct {
	Sheet string
	Row   int
	Name  string
	Does  string
	// Username and Password are those of a new person once they are there: it is told this once.
	Username string
	Password string
}

// Staff is what a workbook does to the organisation, or would do. With issues it does nothing.
type Staff struct {
	Lines  []StaffLine
	Issues []StaffIssue
	// Done says that it was done. Stopped is what it stopped at half-way, nil where it did not: the same workbook brought
	// again does the rest.
	Done    bool
	Stopped error
}

// atOnce bounds the people or units that one transaction writes, each in a few documents.
const atOnce = 100

// BringStaff reads people and units from an uploaded workbook, and with do makes and changes them: whoever has the phone
// of a row as user name or phone is that person, others are new and get a password that they must change. A workbook
// with anything wrong changes nothing. Faults: those of reading the file; Conflict "store.stale".
func (o *Office) BringStaff(ctx context.Context, file value.ID, do bool) (Staff, error) {
	const op = "office.bringStaff"
	book, err := o.readStaff(ctx, file)
	if err != nil {
		return Staff{}, fault.Wrap(op, err)
	}
	plan := o.planStaff(book)
	out := Staff{Lines: plan.lines(), Issues: plan.issues[:min(len(plan.issues), maxIssues)]}
	if !do || len(plan.issues) > 0 {
		return out, nil
	}
	secrets, err := o.firstPasswords(ctx, plan)
	if err != nil {
		return Staff{}, fault.Wrap(op, err)
	}
	made, err := plan.write(ctx, secrets)
	if err != nil && len(made) == 0 {
		return Staff{}, fault.Wrap(op, err)
	}
	out.Done, out.Stopped = err == nil, err
	for n, line := range out.Lines {
		if line.Sheet != peopleSheet {
			continue
		}
		id := rowID(plan.ofUser, line.Row)
		if secret, is := secrets[id]; is && made[id] {
			out.Lines[n].Username, out.Lines[n].Password = plan.users[id].Username, secret.password
		}
	}
	return out, nil
}

func rowID(rows []staffOf, number int) value.ID {
	at := slices.IndexFunc(rows, func(one staffOf) bool { return one.row.number == number })
	return rows[at].id
}

// lines tell what each row does.
func (p *staffPlan) lines() []StaffLine {
	out := []StaffLine{}
	for _, one := range p.ofUnit {
		was, _ := p.office.org().Unit(one.id)
		line := StaffLine{Sheet: unitsSheet, Row: one.row.number, Name: one.row.cells["unit"], Does: StaffChanged}
		out = append(out, line.does(one.new, sameUnit(was, p.tree[one.id])))
	}
	for _, one := range p.ofUser {
		was, _ := p.office.org().User(one.id)
		line := StaffLine{Sheet: peopleSheet, Row: one.row.number, Name: p.users[one.id].Name, Does: StaffChanged}
		out = append(out, line.does(one.new, sameUser(was, p.users[one.id])))
	}
	return out
}

func (l StaffLine) does(isNew, isSame bool) StaffLine {
	switch {
	case isNew:
		l.Does = StaffNew
	case isSame:
		l.Does = StaffSame
	}
	return l
}

func sameUnit(a, b org.Unit) bool {
	return a.Parent == b.Parent && a.Manager == b.Manager && a.Zone == b.Zone && slices.Equal(a.Deputies, b.Deputies)
}

func sameUser(a, b org.User) bool {
	return a.Name == b.Name && a.Unit == b.Unit && a.Manager == b.Manager && a.Email == b.Email &&
		slices.Equal(a.Positions, b.Positions) && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Zones, b.Zones)
}

// secret is a first password with its hash.
type secret struct{ password, hash string }

// firstPasswords makes those of new people. Hashing takes its time, so it is done for several at once.
func (o *Office) firstPasswords(ctx context.Context, p *staffPlan) (map[value.ID]secret, error) {
	out, ask := map[value.ID]secret{}, make(chan value.ID)
	var mu sync.Mutex
	var failed error
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for id := range ask {
				password, hash, err := o.password(ctx)
				mu.Lock()
				out[id] = secret{password, hash}
				failed = errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	for _, one := range p.ofUser {
		if one.new {
			ask <- one.id
		}
	}
	close(ask)
	all.Wait()
	return out, failed
}

// write carries the plan out, in an order in which the organisation is whole after each step: units from the top down
// without those who lead them, people from the top down, then who leads the units. It tells who was written.
func (p *staffPlan) write(ctx context.Context, secrets map[value.ID]secret) (made map[value.ID]bool, err error) {
	made = map[value.ID]bool{}
	units := downwards(p.ofUnit, func(id value.ID) value.ID { return p.tree[id].Parent })
	for part := range slices.Chunk(units, atOnce) {
		if err := p.writeUnits(ctx, part, func(u, was org.Unit) org.Unit {
			u.Manager, u.Deputies = was.Manager, was.Deputies
			return u
		}); err != nil {
			return made, err
		}
	}
	users := downwards(p.ofUser, func(id value.ID) value.ID { return p.users[id].Manager })
	for part := range slices.Chunk(users, atOnce) {
		if err := p.writePeople(ctx, part, secrets); err != nil {
			return made, err
		}
		for _, one := range part {
			made[one.id] = true
		}
	}
	for part := range slices.Chunk(units, atOnce) {
		if err := p.writeUnits(ctx, part, func(u, _ org.Unit) org.Unit { return u }); err != nil {
			return made, err
		}
	}
	return made, nil
}

// downwards puts whatever stands above something before it.
func downwards(rows []staffOf, above func(value.ID) value.ID) []staffOf {
	at := map[value.ID]int{}
	for n, one := range rows {
		at[one.id] = n
	}
	out, seen := make([]staffOf, 0, len(rows)), map[value.ID]bool{}
	var add func(id value.ID)
	add = func(id value.ID) {
		if id == "" || seen[id] {
			return
		}
		seen[id] = true
		add(above(id))
		if n, ours := at[id]; ours {
			out = append(out, rows[n])
		}
	}
	for _, one := range rows {
		add(one.id)
	}
	return out
}

func (p *staffPlan) writeUnits(ctx context.Context, part []staffOf, as func(u, was org.Unit) org.Unit) error {
	return p.office.tenant.People.Change(ctx, func(d *people.Draft) error {
		for _, one := range part {
			was, known := p.office.org().Unit(one.id)
			next := as(p.tree[one.id], was)
			if known && sameUnit(was, next) {
				continue
			}
			var before any
			if known {
				before = unitParts(was)
			}
			d.PutUnit(next)
			entry, err := p.office.note(audit.UnitChanged, one.id, before, unitParts(next))
			if err != nil {
				return err
			}
			d.Note(entry)
		}
		return nil
	})
}

func (p *staffPlan) writePeople(ctx context.Context, part []staffOf, secrets map[value.ID]secret) error {
	return p.office.tenant.People.Change(ctx, func(d *people.Draft) error {
		for _, one := range part {
			next := p.users[one.id]
			if !one.new {
				was, _ := p.office.org().User(one.id)
				if err := p.office.putNoted(d, was, next); err != nil {
					return err
				}
				continue
			}
			seen, err := p.office.view(next)
			if err != nil {
				return err
			}
			seen.Tag = ""
			entry, err := p.office.note(audit.UserChanged, one.id, nil, seen)
			if err != nil {
				return err
			}
			d.PutUser(next)
			d.SetFirstHash(one.id, secrets[one.id].hash)
			d.Note(entry)
		}
		return nil
	})
}
