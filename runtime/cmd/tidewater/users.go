package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"regexp"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/people"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

const maxUsername = 60

var usernameForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]*$`)

func isUsername(name string) bool {
	return usernameForm.MatchString(name) && len([]rune(name)) <= maxUsername
}

func (p *program) user(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: add, import or passwd?", errUsage)
	}
	if args[0] == "import" {
		return p.importUsers(ctx, args[1:])
	}
	set := p.flags("user " + args[0])
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	username := set.String("username", "", "the user's name for signing in")
	fromStdin := set.Bool("password-stdin", false, "read the password from the first line of stdin; else a random one is printed once")
	full := set.String("name", "", "the name as people call them; default the user name")
	roles := set.String("roles", "", "role keys, with commas")
	unit := set.String("unit", "", "the key of the home org unit")
	manager := set.String("manager", "", "the user name of whom they report to")
	email := set.String("email", "", "mail address")
	phone := set.String("phone", "", "telephone number")
	isAdmin := set.Bool("admin", false, "may design, publish and manage people")
	if err := parse(set, args[1:], 0, 0); err != nil {
		return err
	}
	password, err := p.readPassword(*fromStdin)
	if err != nil {
		return err
	}
	return p.with(ctx, *place, *name, func(w *world, t *tenant.Tenant) error {
		switch args[0] {
		case "add":
			return p.addUser(ctx, w, t, org.User{
				Username: *username, Name: orElse(*full, *username), Email: *email, Phone: *phone, Unit: value.ID(*unit),
				Roles: words(*roles), Admin: *isAdmin, Active: true,
			}, *manager, password)
		case "passwd":
			return p.setPassword(ctx, w, t, *username, password)
		}
		return fmt.Errorf("%w: user %s", errUsage, args[0])
	})
}

// readPassword reads a password from stdin; empty when a random one is wanted.
func (p *program) readPassword(fromStdin bool) (string, error) {
	if !fromStdin {
		return "", nil
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", fmt.Errorf("%w: no password on stdin: %w", errUsage, err)
	}
	return line, nil
}

func (p *program) addUser(ctx context.Context, w *world, t *tenant.Tenant, u org.User, manager, password string) error {
	if !isUsername(u.Username) {
		return fault.New(fault.Invalid, "user.username").With("max", maxUsername)
	}
	if _, taken := t.People.Org().UserByName(u.Username); taken {
		return fault.New(fault.Conflict, "user.usernameTaken").With("username", u.Username)
	}
	published := t.Engine.Catalog()
	for _, role := range u.Roles {
		if _, known := published.Roles[role]; !known && published.App.Key != "" {
			return fault.New(fault.Invalid, "user.role").At("--roles").With("role", role)
		}
	}
	if manager != "" {
		m, known := t.People.Org().UserByName(manager)
		if !known {
			return fault.New(fault.NotFound, "user.unknown").At("--manager")
		}
		u.Manager = m.ID
	}
	hash, shown, err := p.hashOf(ctx, w, u.Username, password)
	if err != nil {
		return err
	}
	u.ID = w.tenants.NewID()
	err = t.People.Change(ctx, func(d *people.Draft) error {
		d.PutUser(u)
		d.SetHash(u.ID, hash)
		return nil
	})
	if err == nil {
		p.say("user %s added, id %s%s\n", u.Username, u.ID, shown)
	}
	return err
}

func (p *program) setPassword(ctx context.Context, w *world, t *tenant.Tenant, username, password string) error {
	u, known := t.People.Org().UserByName(username)
	if !known {
		return fault.New(fault.NotFound, "user.unknown")
	}
	hash, shown, err := p.hashOf(ctx, w, username, password)
	if err != nil {
		return err
	}
	err = t.People.Change(ctx, func(d *people.Draft) error {
		d.SetHash(u.ID, hash)
		return nil
	})
	if err == nil {
		p.say("password of %s changed%s\n", username, shown)
	}
	return err
}

// hashOf returns the hash of a password that follows the rules, or of a random one with what to print of it.
func (p *program) hashOf(ctx context.Context, w *world, username, password string) (hash, shown string, err error) {
	if password == "" {
		password = strings.ToLower(rand.Text())[:20]
		shown = ", password " + password + " (shown this once)"
	}
	if err := signin.CheckNew("/password", username, password); err != nil {
		return "", "", err
	}
	hash, err = w.signin.Passwords.Hash(ctx, password)
	return hash, shown, err
}

// unit adds an org unit, or a zone with --as zone.
func (p *program) unit(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "add" {
		return fmt.Errorf("%w: add?", errUsage)
	}
	set := p.flags("unit add")
	place := storeFlag(set)
	name := set.String("tenant", "", "the tenant's name")
	key := set.String("key", "", "the unit's id, or the zone's key")
	zh := set.String("name-zh", "", "its name in Chinese; default as --name")
	en := set.String("name", "", "its name")
	parent := set.String("parent", "", "the unit above")
	manager := set.String("manager", "", "the user name of its manager")
	zone := set.String("zone", "", "the id of the zone its people belong to")
	as := set.String("as", "unit", "unit or zone")
	if err := parse(set, args[1:], 0, 0); err != nil {
		return err
	}
	label := map[string]string{"en": *en, "zh-CN": orElse(*zh, *en)}
	return p.with(ctx, *place, *name, func(_ *world, t *tenant.Tenant) error {
		if *as == "zone" {
			z := org.Zone{ID: value.ID(*key), Key: *key, Name: label}
			return t.People.Change(ctx, func(d *people.Draft) error { d.PutZone(z); return nil })
		}
		m, known := t.People.Org().UserByName(*manager)
		if *manager != "" && !known {
			return fault.New(fault.NotFound, "user.unknown").At("--manager")
		}
		u := org.Unit{ID: value.ID(*key), Name: label, Parent: value.ID(*parent), Manager: m.ID, Zone: value.ID(*zone)}
		return t.People.Change(ctx, func(d *people.Draft) error { d.PutUnit(u); return nil })
	})
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
