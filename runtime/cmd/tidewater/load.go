package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/files"
	"tidewater/runtime/people"
	"tidewater/runtime/sample"
	"tidewater/runtime/tenant"
)

// loadAtOnce is how many records are on their way at once: their commits share what a commit costs.
const loadAtOnce = 16

// loader brings a sample into a tenant: people first, because records name them; zones when the records
// that stand for them have their ids.
type loader struct {
	tenant  *tenant.Tenant
	newID   func() value.ID
	hash    string
	users   map[string]value.ID // by username
	units   map[string]value.ID // by key
	records map[string]*loaded  // by ref; only written between records
	files   *files.Service
}

// loaded is a record that is there, or will be when done is closed.
type loaded struct {
	done chan struct{}
	id   value.ID // empty when it failed
}

func newLoader(t *tenant.Tenant, newID func() value.ID, hash string) *loader {
	return &loader{
		tenant: t, newID: newID, hash: hash,
		users: map[string]value.ID{}, units: map[string]value.ID{}, records: map[string]*loaded{},
		files: files.New(files.Limits{AtOnce: loadAtOnce}),
	}
}

func (l *loader) load(ctx context.Context, s *sample.Sample) error {
	if err := l.putPeople(ctx, s); err != nil {
		return err
	}
	standFor := map[string]bool{}
	for _, z := range s.Zones {
		standFor[string(z.ID)] = true
	}
	acts := map[string][]sample.Act{}
	for _, one := range s.Acts {
		acts[one.Ref] = append(acts[one.Ref], one)
	}
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(loadAtOnce)
	for r := range s.Records() {
		// What a record names has begun before it, so whoever waits waits for somebody who does not.
		values, err := l.waitFor(r.Values)
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		todo, err := l.ready(acts[r.Ref])
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		delete(acts, r.Ref)
		here := &loaded{done: make(chan struct{})}
		l.records[r.Ref] = here
		group.Go(func() (err error) {
			defer close(here.done)
			if here.id, err = l.put(running, r, values); err != nil {
				return fault.Wrap("demo "+r.Ref, err)
			}
			return l.act(running, r.At, here.id, todo)
		})
		if !standFor[r.Ref] {
			continue
		}
		// Those who are here already get to their zones as these come to be.
		<-here.done
		if err := l.putZones(ctx, s); err != nil {
			return errors.Join(err, group.Wait())
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if len(acts) > 0 {
		return errors.New("a sample act names a record that is not there")
	}
	return nil
}

// ready are acts as they can be done, what they name in place.
func (l *loader) ready(acts []sample.Act) ([]sample.Act, error) {
	out := slices.Clone(acts)
	for n := range out {
		args, err := l.waitFor(out[n].Args)
		if err != nil {
			return nil, err
		}
		out[n].Args = args
	}
	return out, nil
}

// actsBack is how far back acts lie at most: what they allow ends, and may be allowed for so long only.
const actsBack = 30 * 24 * time.Hour

// act does what is done to a record, at a time of its own: done now, it would stand first in every list.
func (l *loader) act(ctx context.Context, made time.Time, id value.ID, acts []sample.Act) error {
	config := l.tenant.Engine.Records.Config
	at := config.Clock().Add(-actsBack)
	if at.Before(made) {
		at = made
	}
	config.Clock = func() time.Time { return at }
	door := record.New(config)
	for _, one := range acts {
		actor, known := l.tenant.People.Org().Actor(l.users[one.By])
		if !known {
			return errors.New("a sample act names who is not there")
		}
		form, _, _ := strings.Cut(one.Ref, ":")
		_, err := door.Act(ctx, actor, value.FormKey(form), id, one.Action, record.ActInput{Args: one.Args})
		if err != nil {
			return fault.Wrap("demo "+one.Action+" "+one.Ref, err)
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

// putZones puts the zones whose records are there under the ids of those, and everybody and every unit
// where they belong.
func (l *loader) putZones(ctx context.Context, s *sample.Sample) error {
	zones := map[value.ID]value.ID{}
	for _, z := range s.Zones {
		if r, ok := l.records[string(z.ID)]; ok {
			<-r.done
			zones[z.ID] = r.id
		}
	}
	return l.tenant.People.Change(ctx, func(d *people.Draft) error {
		for _, z := range s.Zones {
			if id, known := zones[z.ID]; known && id != "" {
				z.ID = id
				d.PutZone(z)
			}
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

// put makes one record at the time it was made, as the one who made it where they may, else as the system:
// a year ago they may have had rights that they have no more.
func (l *loader) put(ctx context.Context, r sample.Record, values map[string]any) (value.ID, error) {
	config := l.tenant.Engine.Records.Config
	config.Clock = func() time.Time { return r.At }
	door := record.New(config)
	if actor, known := l.tenant.People.Org().Actor(l.users[r.By]); known {
		id, err := l.putAs(ctx, door, actor, r.Form, values)
		if kind := fault.KindOf(err); err == nil || kind != fault.Forbidden && kind != fault.Invalid {
			return id, err
		}
	}
	return l.putAs(ctx, door, value.SystemActor("demo"), r.Form, values)
}

func (l *loader) putAs(ctx context.Context, door *record.Service, actor value.Actor, form value.FormKey, values map[string]any) (value.ID, error) {
	values, err := l.keepFiles(ctx, door, actor, values)
	if err != nil {
		return "", err
	}
	view, err := door.Create(ctx, actor, form, record.Input{Values: values})
	if err != nil {
		return "", err
	}
	return view.ID, nil
}

// keepFiles brings the files that values hold as that actor's, who alone can attach them, and puts their
// ids in their place.
func (l *loader) keepFiles(ctx context.Context, door *record.Service, actor value.Actor, values map[string]any) (map[string]any, error) {
	out := maps.Clone(values)
	for key, v := range values {
		list, _ := v.([]any)
		for n, entry := range list {
			mark, _ := entry.(map[string]any)
			name, marked := mark["$file"].(string)
			if !marked {
				continue
			}
			text, _ := mark["text"].(string)
			kept, err := l.files.Take(ctx, door, actor, files.Upload{Name: name, Body: strings.NewReader(text)})
			if err != nil {
				return nil, err
			}
			with := slices.Clone(list)
			with[n] = string(kept.ID)
			list, out[key] = with, with
		}
	}
	return out, nil
}

// waitFor puts real ids in place of symbolic ones, waiting for records that are on their way.
func (l *loader) waitFor(values map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(values))
	for key, v := range values {
		var err error
		if out[key], err = l.real(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// real is waitFor for any part.
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
		id, marked, err := l.marked(v)
		if err != nil {
			return nil, err
		}
		if marked {
			return string(id), nil
		}
		return l.waitFor(v)
	}
	return v, nil
}

// marked returns the id that a mark such as {"$user": "anna"} stands for.
func (l *loader) marked(v map[string]any) (id value.ID, marked bool, err error) {
	if name, ok := v["$ref"].(string); ok {
		if r, known := l.records[name]; known {
			<-r.done
			id = r.id
		}
		marked = true
	}
	if name, ok := v["$user"].(string); ok {
		id, marked = l.users[name], true
	}
	if name, ok := v["$unit"].(string); ok {
		id, marked = l.units[name], true
	}
	if marked && id == "" {
		return "", true, errors.New("a sample record names what is not there")
	}
	return id, marked, nil
}
