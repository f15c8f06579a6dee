package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// userFields are what a column may become in an import of people. Columns that share the name are joined
// by a space, in the order of the flags.
var userFields = []string{"username", "name", "email", "phone", "unit", "roles", "manager"}

// userPlan says how the columns of a CSV file become people.
type userPlan struct {
	mapped pairs // column=field
	roles  string
	unit   string
	quiet  bool
}

func (p *program) importUsers(ctx context.Context, args []string) error {
	set := p.flags("user import")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	plan := userFlags(set)
	if err := parse(set, args, 1, 1); err != nil {
		return err
	}
	rows, err := openTable(ctx, set.Arg(0))
	if err != nil {
		return err
	}
	return p.with(ctx, *place, *name, func(w *world, t *tenant.Tenant) error {
		if err := plan.check(rows); err != nil {
			return err
		}
		users, err := plan.users(rows, t, w.tenants.NewID)
		if err != nil {
			return err
		}
		return p.putUsers(ctx, w, t, users, !plan.quiet)
	})
}

func userFlags(set *flag.FlagSet) *userPlan {
	plan := &userPlan{}
	set.Var(&plan.mapped, "map", "column="+strings.Join(userFields, "|")+"; a manager is a user name, of the file or of the tenant")
	set.StringVar(&plan.roles, "roles", "", "role keys, with commas, of those whose row names none")
	set.StringVar(&plan.unit, "unit", "", "the key of the home org unit of those whose row names none")
	set.BoolVar(&plan.quiet, "no-password", false, "print no random passwords: nobody signs in before `user passwd`")
	return plan
}

func (u *userPlan) check(s *table) error {
	var issues fault.Issues
	for _, m := range u.mapped {
		at := "--map " + m.left + "=" + m.right
		if _, has := s.header.Place(m.left); !has {
			issues.Add(at, "import.columnMissing", "column", m.left)
		}
		if !slices.Contains(userFields, m.right) {
			issues.Add(at, "field.unknown", "field", m.right)
		}
	}
	if !slices.ContainsFunc(u.mapped, func(m pair) bool { return m.right == "username" }) {
		issues.Add("--map …=username", "field.required")
	}
	return issues.Fault("import", "import.flags")
}

// users makes the people of a file, all or none: managers may stand below those who report to them.
func (u *userPlan) users(s *table, t *tenant.Tenant, newID func() value.ID) ([]org.User, error) {
	known, published := t.People.Org(), t.Engine.Catalog()
	out := make([]org.User, len(s.rows))
	managers := make([]string, len(s.rows))
	byName := map[string]value.ID{}
	var issues fault.Issues
	for place := range s.rows {
		one, manager := u.user(s, place)
		one.ID = newID()
		at := fmt.Sprintf("%s row %d", s.name, s.rows[place].Number)
		_, taken := known.UserByName(one.Username)
		_, twice := byName[strings.ToLower(one.Username)]
		switch {
		case !isUsername(one.Username):
			issues.Add(at, "user.username", "max", maxUsername)
		case taken || twice:
			issues.Add(at, "user.usernameTaken", "username", one.Username)
		}
		for _, role := range one.Roles {
			// Before an app is there, people may have the roles that it will bring.
			if _, there := published.Roles[role]; !there && published.App.Key != "" {
				issues.Add(at+", roles", "user.role", "role", role)
			}
		}
		byName[strings.ToLower(one.Username)] = one.ID
		out[place], managers[place] = one, manager
	}
	for place, manager := range managers {
		if manager == "" {
			continue
		}
		id, here := byName[strings.ToLower(manager)]
		if there, ok := known.UserByName(manager); ok && !here {
			id = there.ID
		}
		if id == "" {
			issues.Add(fmt.Sprintf("%s row %d, manager %q", s.name, s.rows[place].Number, manager), "user.unknown")
		}
		out[place].Manager = id
	}
	return out, issues.Fault("import", "record.invalid")
}

// user makes one of them, and tells the user name of the manager.
func (u *userPlan) user(s *table, place int) (one org.User, manager string) {
	said := map[string]string{}
	for _, m := range u.mapped {
		said[m.right] = strings.TrimSpace(said[m.right] + " " + strings.TrimSpace(s.cell(place, m.left)))
	}
	return org.User{
		Username: said["username"], Name: orElse(said["name"], said["username"]), Email: said["email"], Phone: said["phone"],
		Unit: value.ID(orElse(said["unit"], u.unit)), Roles: words(orElse(said["roles"], u.roles)), Active: true,
	}, said["manager"]
}

// putUsers puts people into a tenant, all or none, and prints their passwords if they are to have some: whoever hands
// these out knows them, so they must be changed at the first sign-in.
func (p *program) putUsers(ctx context.Context, w *world, t *tenant.Tenant, users []org.User, withPasswords bool) error {
	hashes, shown := make([]string, len(users)), make([]string, len(users))
	for n, one := range users {
		if !withPasswords {
			continue
		}
		var err error
		if hashes[n], shown[n], err = p.hashOf(ctx, w, one.Username, ""); err != nil {
			return err
		}
	}
	err := t.People.Change(ctx, func(d *people.Draft) error {
		for n, one := range users {
			d.PutUser(one)
			if withPasswords {
				d.SetFirstHash(one.ID, hashes[n])
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for n, one := range users {
		p.say("user %s added, id %s%s\n", one.Username, one.ID, shown[n])
	}
	return nil
}
