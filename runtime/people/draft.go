package people

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"tidewater/engine/audit"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// person is a user as it lies in the store.
type person struct {
	ID        value.ID   `json:"id"`
	Username  string     `json:"username"`
	Name      string     `json:"name"`
	Email     string     `json:"email,omitempty"`
	Phone     string     `json:"phone,omitempty"`
	Unit      value.ID   `json:"unit,omitempty"`
	Zones     []value.ID `json:"zones,omitempty"`
	Roles     []string   `json:"roles,omitempty"`
	Manager   value.ID   `json:"manager,omitempty"`
	Positions []string   `json:"positions,omitempty"`
	Active    bool       `json:"active"`
	Admin     bool       `json:"admin,omitempty"`
	Locale    string     `json:"locale,omitempty"`
	Away      []org.Span `json:"away,omitempty"`
	Stamp     int64      `json:"stamp"`
	// MustChange says that the password was made by somebody else: nothing but changing it is open to them.
	MustChange bool `json:"mustChange,omitempty"`
}

func personOf(u org.User, stamp int64) person {
	return person{
		ID: u.ID, Username: u.Username, Name: u.Name, Email: u.Email, Phone: u.Phone, Unit: u.Unit, Zones: u.Zones,
		Roles: u.Roles, Manager: u.Manager, Positions: u.Positions, Active: u.Active, Admin: u.Admin, Locale: u.Locale, Away: u.Away,
		Stamp: stamp,
	}
}

func (p person) user() org.User {
	return org.User{
		ID: p.ID, Username: p.Username, Name: p.Name, Email: p.Email, Phone: p.Phone, Unit: p.Unit, Zones: p.Zones,
		Roles: p.Roles, Manager: p.Manager, Positions: p.Positions, Active: p.Active, Admin: p.Admin, Locale: p.Locale, Away: p.Away,
	}
}

// unit and zone lie in the store under these names of their parts.
type unit struct {
	ID       value.ID          `json:"id"`
	Name     map[string]string `json:"name"`
	Parent   value.ID          `json:"parent,omitempty"`
	Manager  value.ID          `json:"manager,omitempty"`
	Deputies []value.ID        `json:"deputies,omitempty"`
	Zone     value.ID          `json:"zone,omitempty"`
}

type zone struct {
	ID   value.ID          `json:"id"`
	Key  string            `json:"key"`
	Name map[string]string `json:"name"`
}

type credential struct {
	Hash string `json:"hash"`
}

// Draft gathers changes; nothing of it is true before Change has written it.
type Draft struct {
	next   *state
	hashes map[value.ID]string
	// touched are the documents to write, by collection and id; those that are no longer there are dropped.
	touched map[string]map[value.ID]bool
	notes   []audit.Entry
	beside  []keyed
}

func newDraft(was *state) *Draft {
	return &Draft{
		next: &state{
			revision: was.revision + 1,
			users:    maps.Clone(was.users), units: maps.Clone(was.units), zones: maps.Clone(was.zones),
			moving: was.moving,
		},
		hashes:  map[value.ID]string{},
		touched: map[string]map[value.ID]bool{users: {}, units: {}, zones: {}},
	}
}

// PutUser adds a user or replaces the one with the same id. Where roles, the admin mark or activity
// change, their sessions and tokens end.
func (d *Draft) PutUser(u org.User) {
	was, known := d.next.users[u.ID]
	stamp := was.Stamp
	if !known || was.Active != u.Active || was.Admin != u.Admin || !slices.Equal(was.Roles, u.Roles) {
		stamp++
	}
	if known && was.Unit != u.Unit {
		d.moved(nil, []value.ID{u.ID})
	}
	next := personOf(u, stamp)
	next.MustChange = was.MustChange
	d.next.users[u.ID] = next
	d.touched[users][u.ID] = true
}

// PutUnit adds an org unit or replaces the one with the same id.
func (d *Draft) PutUnit(u org.Unit) {
	if was, known := d.next.units[u.ID]; known && was.Parent != u.Parent {
		d.moved([]value.ID{u.ID}, nil)
	}
	d.next.units[u.ID] = u
	d.touched[units][u.ID] = true
}

// PutZone adds a zone or replaces the one with the same id.
func (d *Draft) PutZone(z org.Zone) {
	d.next.zones[z.ID] = z
	d.touched[zones][z.ID] = true
}

// moved notes what has found another place: records carry principals that follow from the one before.
func (d *Draft) moved(units, people []value.ID) {
	join := func(a, b []value.ID) []value.ID {
		out := slices.Concat(a, b)
		slices.Sort(out)
		return slices.Compact(out)
	}
	m := d.next.moving
	d.next.moving = moving{Revision: d.next.revision, Units: join(m.Units, units), People: join(m.People, people)}
}

// RemoveUnit takes an org unit away.
func (d *Draft) RemoveUnit(id value.ID) {
	delete(d.next.units, id)
	d.touched[units][id] = true
}

// RemoveZone takes a zone away.
func (d *Draft) RemoveZone(id value.ID) {
	delete(d.next.zones, id)
	d.touched[zones][id] = true
}

// SetHash gives a user another password, by its hash; their sessions and tokens end.
func (d *Draft) SetHash(user value.ID, hash string) { d.setHash(user, hash, false) }

// SetFirstHash is SetHash for a password that somebody else has made: the user must change it before
// anything else.
func (d *Draft) SetFirstHash(user value.ID, hash string) { d.setHash(user, hash, true) }

func (d *Draft) setHash(user value.ID, hash string, mustChange bool) {
	p := d.next.users[user]
	p.Stamp++
	p.MustChange = mustChange
	d.next.users[user] = p
	d.touched[users][user] = true
	d.hashes[user] = hash
}

// Beside saves a document that is not about people in the transaction that writes the draft; one that is
// there already makes it a Conflict "store.stale". nil does nothing.
func (d *Draft) Beside(collection string, item *store.Item) {
	if item != nil {
		d.beside = append(d.beside, keyed{collection, *item})
	}
}

// Note keeps a line in the audit, in the transaction that writes the draft.
func (d *Draft) Note(e audit.Entry) { d.notes = append(d.notes, e) }

// Users returns the people as the draft has them, by id.
func (d *Draft) Users() []org.User {
	out := make([]org.User, 0, len(d.next.users))
	for _, id := range slices.Sorted(maps.Keys(d.next.users)) {
		out = append(out, d.next.users[id].user())
	}
	return out
}

func (d *Draft) build() (*state, error) {
	snapshot, err := d.next.build()
	if err != nil {
		return nil, err
	}
	d.next.snapshot = snapshot
	return d.next, nil
}

// build checks the whole and makes its snapshot; in order of ids, so that the paths of faults are stable.
func (s *state) build() (*org.Snapshot, error) {
	people := make([]org.User, 0, len(s.users))
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		people = append(people, s.users[id].user())
	}
	byID := func(a, b org.Unit) int { return cmp.Compare(a.ID, b.ID) }
	tree := slices.SortedFunc(maps.Values(s.units), byID)
	regions := slices.SortedFunc(maps.Values(s.zones), func(a, b org.Zone) int { return cmp.Compare(a.ID, b.ID) })
	snapshot, err := org.NewSnapshot(s.revision, people, tree, regions)
	if err != nil {
		return nil, err
	}
	return snapshot.WithMoving(org.Moving{Units: s.moving.Units, People: s.moving.People}), nil
}

// keyed is a document and where it goes; without a body it is dropped.
type keyed struct {
	collection string
	item       store.Item
}

func (d *Draft) items() ([]keyed, error) {
	var out []keyed
	add := func(collection string, id value.ID, doc any, there bool) error {
		if !there {
			out = append(out, keyed{collection, store.Item{Key: string(id)}})
			return nil
		}
		body, err := json.Marshal(doc)
		out = append(out, keyed{collection, store.Item{Key: string(id), Body: body}})
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(d.touched[users])) {
		doc, there := d.next.users[id]
		if err := add(users, id, doc, there); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.touched[units])) {
		doc, there := d.next.units[id]
		if err := add(units, id, unit(doc), there); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.touched[zones])) {
		doc, there := d.next.zones[id]
		if err := add(zones, id, zone(doc), there); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.hashes)) {
		if err := add(credentials, id, credential{d.hashes[id]}, true); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Units and Zones return them as the draft has them, by id: the order in which faults count them.
func (d *Draft) Units() []org.Unit {
	return slices.SortedFunc(maps.Values(d.next.units), func(a, b org.Unit) int { return cmp.Compare(a.ID, b.ID) })
}

// Zones returns the zones as the draft has them, by id.
func (d *Draft) Zones() []org.Zone {
	return slices.SortedFunc(maps.Values(d.next.zones), func(a, b org.Zone) int { return cmp.Compare(a.ID, b.ID) })
}
