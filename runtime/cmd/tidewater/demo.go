package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	builtinapps "tidewater/builtin-apps"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/people"
	"tidewater/runtime/sample"
	"tidewater/runtime/tenant"
)

const (
	demoTenant   = "demo"
	demoPassword = "demo"
	demoApp      = "crm"
	demoSeed     = 20
)

func (p *program) demo(ctx context.Context, args []string) error {
	set := p.flags("demo")
	addr := set.String("addr", "127.0.0.1:8080", "where to listen; loopback only, because everybody's password is known")
	folder := set.String("data", "data", "the data folder")
	if err := parse(set, args, 0, 0); err != nil {
		return err
	}
	if !onLoopback(*addr) {
		return fmt.Errorf("%w: the demo listens on loopback only", errUsage)
	}
	w, err := p.open(*folder)
	if err != nil {
		return err
	}
	if _, known := w.tenants.ByName(demoTenant); !known {
		err = p.makeDemo(ctx, w)
	}
	if err == nil {
		err = p.listen(ctx, w, settings{addr: *addr})
	}
	return w.close(err)
}

// makeDemo makes the demo company; the tenant gets its name last, so that one half made is made again.
func (p *program) makeDemo(ctx context.Context, w *world) error {
	start := p.clock()
	plan, err := fs.Sub(builtinapps.FS, demoApp+"/demo")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(defaultZone)
	if err != nil {
		return err
	}
	made, err := sample.Generate(plan, demoSeed, value.DayOf(p.clock(), zone))
	if err != nil {
		return err
	}
	app, err := appFiles(demoApp)
	if err != nil {
		return err
	}
	_, err = w.tenants.CreateWith(ctx, demoTenant, defaultZone, func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, app); err != nil {
			return err
		}
		hash, err := w.signin.Passwords.Hash(ctx, demoPassword)
		if err != nil {
			return err
		}
		l := newLoader(t, w.tenants.NewID, hash)
		return l.load(ctx, made)
	})
	p.log.Info("demo company made", "took", p.clock().Sub(start).String())
	return err
}

// loader brings a sample into a tenant: people first, because records name them; zones when the records
// that stand for them have their ids.
type loader struct {
	tenant  *tenant.Tenant
	newID   func() value.ID
	hash    string
	users   map[string]value.ID // by username
	units   map[string]value.ID // by key
	records map[string]value.ID // by ref
	at      time.Time           // when the record in hand was made
	door    *record.Service     // the tenant's own, but at that time
}

func newLoader(t *tenant.Tenant, newID func() value.ID, hash string) *loader {
	l := &loader{
		tenant: t, newID: newID, hash: hash,
		users: map[string]value.ID{}, units: map[string]value.ID{}, records: map[string]value.ID{},
	}
	config := t.Engine.Records.Config
	config.Clock = func() time.Time { return l.at }
	l.door = record.New(config)
	return l
}

func (l *loader) load(ctx context.Context, s *sample.Sample) error {
	if err := l.putPeople(ctx, s); err != nil {
		return err
	}
	zones := map[string]bool{}
	for _, z := range s.Zones {
		zones[string(z.ID)] = true
	}
	left := len(zones)
	for r := range s.Records() {
		if err := l.put(ctx, r); err != nil {
			return fault.Wrap("demo "+r.Ref, err)
		}
		if zones[r.Ref] {
			if left--; left == 0 {
				if err := l.putZones(ctx, s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *loader) putPeople(ctx context.Context, s *sample.Sample) error {
	for _, u := range s.Units {
		l.units[string(u.ID)] = l.newID()
	}
	for _, u := range s.People {
		l.users[u.Username] = l.newID()
	}
	return l.tenant.People.Change(ctx, func(d *people.Draft) error {
		for _, u := range s.Units {
			d.PutUnit(l.unit(u, nil))
		}
		for _, u := range s.People {
			known := l.user(u, nil)
			d.PutUser(known)
			d.SetHash(known.ID, l.hash)
		}
		return nil
	})
}

// putZones puts the zones under the ids of their records, and everybody and every unit where they belong.
func (l *loader) putZones(ctx context.Context, s *sample.Sample) error {
	zones := map[value.ID]value.ID{}
	for _, z := range s.Zones {
		zones[z.ID] = z.ID
		if id, ok := l.records[string(z.ID)]; ok {
			zones[z.ID] = id
		}
	}
	return l.tenant.People.Change(ctx, func(d *people.Draft) error {
		for _, z := range s.Zones {
			z.ID = zones[z.ID]
			d.PutZone(z)
		}
		for _, u := range s.Units {
			d.PutUnit(l.unit(u, zones))
		}
		for _, u := range s.People {
			d.PutUser(l.user(u, zones))
		}
		return nil
	})
}

func (l *loader) unit(u org.Unit, zones map[value.ID]value.ID) org.Unit {
	u.ID, u.Parent, u.Manager, u.Zone = l.units[string(u.ID)], l.units[string(u.Parent)], l.users[string(u.Manager)], zones[u.Zone]
	return u
}

func (l *loader) user(u org.User, zones map[value.ID]value.ID) org.User {
	u.ID, u.Unit, u.Manager = l.users[u.Username], l.units[string(u.Unit)], l.users[string(u.Manager)]
	var in []value.ID
	for _, zone := range u.Zones {
		if id, ok := zones[zone]; ok {
			in = append(in, id)
		}
	}
	u.Zones = in
	return u
}

// put makes one record as the one who made it, at the time they did.
func (l *loader) put(ctx context.Context, r sample.Record) error {
	values, err := l.real(r.Values)
	if err != nil {
		return err
	}
	l.at = r.At
	in := record.Input{Values: values.(map[string]any)}
	actor := value.SystemActor("demo")
	view, err := l.door.Create(ctx, actor, r.Form, in)
	if err != nil {
		return err
	}
	l.records[r.Ref] = view.ID
	return nil
}

// real puts real ids in place of symbolic ones.
func (l *loader) real(v any) (any, error) {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for n, e := range v {
			var err error
			if out[n], err = l.real(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		for mark, ids := range map[string]map[string]value.ID{"$ref": l.records, "$user": l.users, "$unit": l.units} {
			name, marked := v[mark].(string)
			if !marked {
				continue
			}
			id, known := ids[name]
			if !known {
				return nil, errors.New("nothing is called " + name)
			}
			return string(id), nil
		}
		out := make(map[string]any, len(v))
		for key, e := range v {
			var err error
			if out[key], err = l.real(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}
