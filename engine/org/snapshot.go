package org

import (
	"cmp"
	"maps"
	"slices"

	"tidewater/engine/text"
	"tidewater/engine/value"
)

// MaxDepth bounds the levels of the department tree.
const MaxDepth = 32

// Snapshot is an organisation as of one version: immutable and safe for concurrent use. Slices and maps
// inside what its methods return are its own and must not be written to; lists of ids are fresh.
type Snapshot struct {
	version int64

	users map[value.ID]User
	names map[string]value.ID // by folded username
	zones map[value.ID]Zone
	keys  map[string]value.ID // zone ids by key

	units map[value.ID]Unit
	// order lists the units so that each is followed by all below it; a unit's place and the end of
	// what is below it make "is below" two comparisons.
	order []value.ID
	place map[value.ID]span

	led     map[value.ID][]value.ID // units by manager or deputy, in order
	inUnit  map[value.ID][]value.ID // active people by home unit, by id
	inZone  map[value.ID][]value.ID // active people by zone, by id
	holding map[string][]value.ID   // active people by role, by id
	// standing are the absences in which somebody stands in for others, by whom they are stood in for.
	standing map[value.ID][]standIn

	moving Moving
}

// Moving is what has found another place in the organisation, while records still carry the principals of
// its place before.
type Moving struct {
	Units  []value.ID // with all below them
	People []value.ID
}

// Any tells whether anything is moving.
func (m Moving) Any() bool { return len(m.Units)+len(m.People) > 0 }

// WithMoving returns the same organisation, of which these are moving.
func (s *Snapshot) WithMoving(m Moving) *Snapshot {
	out := *s
	out.moving = m
	return &out
}

// Moving tells what is moving. Whoever decides by principals must not trust those that follow from a place
// that has changed: "under:" of units, "unit:" of people's records.
func (s *Snapshot) Moving() Moving { return s.moving }

// standIn is an absence with a deputy.
type standIn struct {
	absent   value.ID
	from, to int64
}

// span is where a unit and all below it stand in the order: from, and the place after the last.
type span struct{ from, to int }

// NewSnapshot builds a snapshot. What does not hold together is refused with all its faults at once, as
// an Invalid fault "org.invalid" whose issues have paths such as /units/3/parent: ids, usernames and
// zone keys that are missing or double, references to nobody and nothing, units or managers above
// themselves, more than MaxDepth levels, absences that end before they begin.
func NewSnapshot(version int64, users []User, units []Unit, zones []Zone) (*Snapshot, error) {
	if err := check(users, units, zones); err != nil {
		return nil, err
	}
	s := &Snapshot{
		version: version,
		users:   make(map[value.ID]User, len(users)),
		names:   make(map[string]value.ID, len(users)),
		zones:   make(map[value.ID]Zone, len(zones)),
		keys:    make(map[string]value.ID, len(zones)),
		units:   make(map[value.ID]Unit, len(units)),
		place:   make(map[value.ID]span, len(units)),
		led:     make(map[value.ID][]value.ID),
		inUnit:  make(map[value.ID][]value.ID),
		inZone:  make(map[value.ID][]value.ID),
		holding: make(map[string][]value.ID),

		standing: make(map[value.ID][]standIn),
	}
	s.takeZones(zones)
	s.takeUnits(units)
	s.takeUsers(users)
	return s, nil
}

func (s *Snapshot) takeZones(zones []Zone) {
	for _, z := range zones {
		z.Name = maps.Clone(z.Name)
		s.zones[z.ID] = z
		s.keys[z.Key] = z.ID
	}
}

func (s *Snapshot) takeUnits(units []Unit) {
	below := make(map[value.ID][]value.ID)
	for _, u := range units {
		u.Name = maps.Clone(u.Name)
		u.Deputies = slices.Clip(slices.Clone(u.Deputies))
		s.units[u.ID] = u
		below[u.Parent] = append(below[u.Parent], u.ID)
	}
	s.line(below, "")
	for _, id := range s.order {
		u := s.units[id]
		leaders := slices.Concat([]value.ID{u.Manager}, u.Deputies)
		slices.Sort(leaders)
		for _, leader := range slices.Compact(leaders) {
			if leader != "" {
				s.led[leader] = append(s.led[leader], id)
			}
		}
	}
}

// line puts the units below parent into the order; the tree is at most MaxDepth deep.
func (s *Snapshot) line(below map[value.ID][]value.ID, parent value.ID) {
	for _, id := range below[parent] {
		from := len(s.order)
		s.order = append(s.order, id)
		s.line(below, id)
		s.place[id] = span{from, len(s.order)}
	}
}

func (s *Snapshot) takeUsers(users []User) {
	sorted := slices.SortedFunc(slices.Values(users), func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
	for _, u := range sorted {
		u.Zones = slices.Clip(slices.Clone(u.Zones))
		u.Roles = slices.Clip(slices.Clone(u.Roles))
		u.Positions = slices.Clip(slices.Clone(u.Positions))
		u.Away = slices.Clip(slices.Clone(u.Away))
		s.users[u.ID] = u
		s.names[text.Fold(u.Username)] = u.ID
		for _, away := range u.Away {
			if away.Deputy != "" && u.Active {
				s.standing[away.Deputy] = append(s.standing[away.Deputy], standIn{u.ID, away.From, away.To})
			}
		}
		if !u.Active {
			continue
		}
		if u.Unit != "" {
			s.inUnit[u.Unit] = append(s.inUnit[u.Unit], u.ID)
		}
		for _, zone := range s.ZonesOf(u.ID) {
			s.inZone[zone] = append(s.inZone[zone], u.ID)
		}
		roles := slices.Sorted(slices.Values(u.Roles))
		for _, role := range slices.Compact(roles) {
			s.holding[role] = append(s.holding[role], u.ID)
		}
	}
}
