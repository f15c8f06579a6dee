package office

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/once"
	"tidewater/runtime/people"
)

// Zone is a region that people of several units work in. Where the app has a form whose records stand for
// zones, each zone has such a record, with the same id.
type Zone struct {
	ID      value.ID          `json:"id"`
	Key     string            `json:"key"`
	Name    map[string]string `json:"name"`
	Members int               `json:"members"` // active people
	Form    value.FormKey     `json:"form,omitempty"`
	Tag     string            `json:"tag,omitempty"`
}

func (o *Office) zoneView(z org.Zone) (Zone, error) {
	out := Zone{ID: z.ID, Key: z.Key, Name: z.Name}
	tag, err := tagOf(out)
	out.Tag, out.Members = tag, len(o.org().ZoneMembers(z.ID))
	if form := o.zoneForm(); form != nil {
		out.Form = form.Key
	}
	return out, err
}

// zoneForm is the form that the published forms refer to for the zone that holds their records; nil where
// none does, or not all to the same.
func (o *Office) zoneForm() *catalog.Form {
	published := o.tenant.Engine.Catalog()
	var found value.FormKey
	for _, form := range published.InOrder() {
		field, named := form.Field(form.Def.Holders.Zone)
		if !named || field.As.Ref == "" {
			continue
		}
		if found != "" && found != field.As.Ref {
			return nil
		}
		found = field.As.Ref
	}
	return published.Forms[found]
}

// Zones lists them by key.
func (o *Office) Zones() ([]Zone, error) {
	out := []Zone{}
	for _, z := range o.org().Zones() {
		seen, err := o.zoneView(z)
		if err != nil {
			return nil, err
		}
		out = append(out, seen)
	}
	return out, nil
}

// Zone returns one. Faults: NotFound "zone.unknown".
func (o *Office) Zone(id value.ID) (Zone, error) {
	z, known := o.org().Zone(id)
	if !known {
		return Zone{}, fault.New(fault.NotFound, "zone.unknown").In("office.zone")
	}
	return o.zoneView(z)
}

var zoneKey = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// NewZone is what a zone is made of.
type NewZone struct {
	Key    string
	Name   map[string]string
	Record value.ID       // one that stands for it already; "": one is made
	Values map[string]any // of the record to make, beside its title
}

// CreateZone adds a zone, and its record where the app has a form for them; making that takes the right to
// make such a record. Faults: Invalid with all issues, and those of making a record.
func (o *Office) CreateZone(ctx context.Context, n NewZone, request *record.Once) (Zone, error) {
	id, err := made(ctx, o, request, func(keep once.Keep[value.ID]) (value.ID, error) {
		return o.createZone(ctx, n, keep)
	})
	if err != nil {
		return Zone{}, err
	}
	return o.Zone(id)
}

func (o *Office) createZone(ctx context.Context, n NewZone, keep once.Keep[value.ID]) (value.ID, error) {
	const op = "office.createZone"
	n.Name = labels(n.Name)
	issues := checkName(n.Name)
	if !zoneKey.MatchString(n.Key) {
		issues.Add("/key", "zone.key")
	}
	if _, taken := o.org().ZoneByKey(n.Key); taken {
		issues.Add("/key", "org.zoneKeyDuplicate", "key", n.Key)
	}
	if _, taken := o.org().Zone(n.Record); taken && n.Record != "" {
		issues.Add("/record", "org.zoneDuplicate", "id", string(n.Record))
	}
	if err := issues.Fault(op, "record.invalid"); err != nil {
		return "", err
	}
	id, undo, err := o.zoneRecord(ctx, n)
	if err != nil {
		return "", fault.Wrap(op, err)
	}
	z := org.Zone{ID: id, Key: n.Key, Name: n.Name}
	entry, err := o.note(audit.ZoneChanged, id, nil, Zone{ID: id, Key: z.Key, Name: z.Name})
	if err != nil {
		return "", err
	}
	answer, err := keep(id)
	if err != nil {
		return "", err
	}
	err = o.change(ctx, placeOfZone(id), func(d *people.Draft) error {
		d.PutZone(z)
		d.Note(entry)
		d.Beside(once.Collection, answer)
		return nil
	})
	if err != nil {
		return "", fault.Wrap(op, undo(err))
	}
	return id, nil
}

func placeOfZone(id value.ID) func(*people.Draft) string {
	return func(d *people.Draft) string {
		at := slices.IndexFunc(d.Zones(), func(z org.Zone) bool { return z.ID == id })
		return "/zones/" + strconv.Itoa(at)
	}
}

// zoneRecord returns the id that a new zone gets: its record's, where the app has a form for zones. undo
// takes a record back that was made, and returns why.
func (o *Office) zoneRecord(ctx context.Context, n NewZone) (id value.ID, undo func(error) error, err error) {
	keep := func(why error) error { return why }
	form := o.zoneForm()
	records := o.tenant.Engine.Records
	switch {
	case form == nil && n.Record != "":
		return "", keep, fault.Issues{{Path: "/record", Code: "field.reference"}}.Fault("office.zoneRecord", "record.invalid")
	case form == nil:
		return o.NewID(), keep, nil
	case n.Record != "":
		if _, err := records.Get(ctx, o.actor, form.Key, n.Record); err != nil {
			return "", keep, fault.Issues{{Path: "/record", Code: "field.reference"}}.Fault("office.zoneRecord", "record.invalid")
		}
		return n.Record, keep, nil
	}
	values := map[string]any{string(form.Title): o.titleOf(n.Name)}
	for key, v := range n.Values {
		values[key] = v
	}
	made, err := records.Create(ctx, o.actor, form.Key, record.Input{Values: values})
	if err != nil {
		return "", keep, err
	}
	return made.ID, func(why error) error {
		if err := records.Delete(ctx, o.actor, form.Key, made.ID, made.Version, ""); err != nil {
			return err
		}
		return why
	}, nil
}

// titleOf is a name in the language that a record's title is written in: the administrator's, else any.
func (o *Office) titleOf(name map[string]string) string {
	if s := name[o.actor.Locale]; s != "" {
		return s
	}
	if s := name["zh-CN"]; s != "" {
		return s
	}
	for _, locale := range slices.Sorted(slices.Values(localesOf(name))) {
		return name[locale]
	}
	return ""
}

func localesOf(name map[string]string) []string {
	out := make([]string, 0, len(name))
	for locale := range name {
		out = append(out, locale)
	}
	return out
}

// RenameZone changes a zone's name, and its record's title with it, from the state that tag names. The key
// stays: records and imports name the zone by it. Faults: NotFound "zone.unknown", Conflict
// "office.stale", Invalid with all issues, and those of changing a record.
func (o *Office) RenameZone(ctx context.Context, id value.ID, tag string, name map[string]string) (Zone, error) {
	const op = "office.renameZone"
	name = labels(name)
	if err := checkName(name).Fault(op, "record.invalid"); err != nil {
		return Zone{}, err
	}
	was, err := o.Zone(id)
	if err != nil {
		return Zone{}, err
	}
	if was.Tag != tag {
		return Zone{}, stale("renameZone", id)
	}
	if err := o.retitle(ctx, id, o.titleOf(name)); err != nil {
		return Zone{}, fault.Wrap(op, err)
	}
	err = o.change(ctx, placeOfZone(id), func(d *people.Draft) error {
		z, known := o.org().Zone(id)
		if !known {
			return stale("renameZone", id)
		}
		next := z
		next.Name = name
		d.PutZone(next)
		entry, err := o.note(audit.ZoneChanged, id, Zone{ID: id, Key: z.Key, Name: z.Name}, Zone{ID: id, Key: z.Key, Name: name})
		d.Note(entry)
		return err
	})
	if err != nil {
		return Zone{}, fault.Wrap(op, err)
	}
	return o.Zone(id)
}

// retitle gives a zone's record another title, where it has one.
func (o *Office) retitle(ctx context.Context, id value.ID, title string) error {
	form := o.zoneForm()
	if form == nil {
		return nil
	}
	r, err := o.tenant.Engine.Records.Get(ctx, o.actor, form.Key, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if r.Values[string(form.Title)] == title {
		return nil
	}
	_, err = o.tenant.Engine.Records.Update(ctx, o.actor, form.Key, id, r.Version, record.Input{Values: map[string]any{string(form.Title): title}})
	return err
}

// RemoveZone takes a zone away that nobody and nothing is in; its record stays as long as somebody keeps it.
// Faults: NotFound "zone.unknown", Conflict "office.stale" and "zone.used" with who or what is in it.
func (o *Office) RemoveZone(ctx context.Context, id value.ID, tag string) error {
	const op = "office.removeZone"
	held, err := o.tenant.Engine.Records.Held(ctx, org.ZonePrincipal(id))
	if err != nil {
		return fault.Wrap(op, err)
	}
	return fault.Wrap(op, o.tenant.People.Change(ctx, func(d *people.Draft) error {
		z, known := o.org().Zone(id)
		if !known {
			return fault.New(fault.NotFound, "zone.unknown").In(op)
		}
		before, err := o.zoneView(z)
		if err != nil {
			return err
		}
		if before.Tag != tag {
			return stale("removeZone", id)
		}
		used := []string{}
		if slices.ContainsFunc(o.org().Units(), func(u org.Unit) bool { return u.Zone == id }) {
			used = append(used, "units")
		}
		if slices.ContainsFunc(o.org().Users(), func(p org.User) bool { return slices.Contains(p.Zones, id) }) {
			used = append(used, "users")
		}
		if held {
			used = append(used, "records")
		}
		if len(used) > 0 {
			return fault.New(fault.Conflict, "zone.used").In(op).With("by", strings.Join(used, ", "))
		}
		d.RemoveZone(id)
		entry, err := o.note(audit.ZoneChanged, id, Zone{ID: id, Key: z.Key, Name: z.Name}, nil)
		d.Note(entry)
		return err
	}))
}
