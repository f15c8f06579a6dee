package org

import (
	"maps"
	"slices"

	"tidewater/engine/text"
	"tidewater/engine/value"
)

// Version tells which state of the organisation this is.
func (s *Snapshot) Version() int64 { return s.version }

// User returns a person, active or not.
func (s *Snapshot) User(id value.ID) (User, bool) {
	u, ok := s.users[id]
	return u, ok
}

// UserByName returns the person with a username, whatever its case and width.
func (s *Snapshot) UserByName(username string) (User, bool) {
	return s.User(s.names[text.Fold(username)])
}

// Unit returns an org unit.
func (s *Snapshot) Unit(id value.ID) (Unit, bool) {
	u, ok := s.units[id]
	return u, ok
}

// Zone returns a zone.
func (s *Snapshot) Zone(id value.ID) (Zone, bool) {
	z, ok := s.zones[id]
	return z, ok
}

// ZoneByKey returns the zone with a key.
func (s *Snapshot) ZoneByKey(key string) (Zone, bool) { return s.Zone(s.keys[key]) }

// Users returns everybody, active or not, by id.
func (s *Snapshot) Users() []User {
	return collect(s.users, slices.Sorted(maps.Keys(s.users)))
}

// Units returns all org units, each followed by all below it.
func (s *Snapshot) Units() []Unit { return collect(s.units, s.order) }

// Zones returns all zones, by key.
func (s *Snapshot) Zones() []Zone {
	out := make([]Zone, 0, len(s.keys))
	for _, key := range slices.Sorted(maps.Keys(s.keys)) {
		out = append(out, s.zones[s.keys[key]])
	}
	return out
}

func collect[T any](all map[value.ID]T, ids []value.ID) []T {
	out := make([]T, len(ids))
	for i, id := range ids {
		out[i] = all[id]
	}
	return out
}

// Path returns a unit and each unit above it, upwards; nothing for one that does not exist.
func (s *Snapshot) Path(unit value.ID) []value.ID {
	var path []value.ID
	for u, ok := s.units[unit]; ok; u, ok = s.units[u.Parent] {
		path = append(path, u.ID)
	}
	return path
}

// Below returns a unit and all units below it; nothing for one that does not exist.
func (s *Snapshot) Below(unit value.ID) []value.ID {
	at := s.place[unit]
	return slices.Clone(s.order[at.from:at.to])
}

// Within tells whether a unit is another one or stands below it.
func (s *Snapshot) Within(unit, above value.ID) bool {
	at, ok := s.place[unit]
	over := s.place[above]
	return ok && over.from <= at.from && at.from < over.to
}

// Led returns the units that a person leads as manager or deputy; those below them are not listed.
func (s *Snapshot) Led(user value.ID) []value.ID { return slices.Clone(s.led[user]) }

// ZonesOf returns the zones that a person is a member of, sorted: their own, and the one linked to their
// home unit, or where it has none, to the nearest unit above.
func (s *Snapshot) ZonesOf(user value.ID) []value.ID {
	u, ok := s.users[user]
	if !ok {
		return nil
	}
	zones := slices.Clone(u.Zones)
	for _, unit := range s.Path(u.Unit) {
		if zone := s.units[unit].Zone; zone != "" {
			zones = append(zones, zone)
			break
		}
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// UnitMembers returns the active people whose home is the unit itself, by id.
func (s *Snapshot) UnitMembers(unit value.ID) []value.ID { return slices.Clone(s.inUnit[unit]) }

// MembersBelow returns the active people of a unit and of all below it, by id.
func (s *Snapshot) MembersBelow(unit value.ID) []value.ID {
	var people []value.ID
	at := s.place[unit]
	for _, id := range s.order[at.from:at.to] {
		people = append(people, s.inUnit[id]...)
	}
	slices.Sort(people)
	return people
}

// ZoneMembers returns the active people of a zone, by id; see ZonesOf.
func (s *Snapshot) ZoneMembers(zone value.ID) []value.ID { return slices.Clone(s.inZone[zone]) }

// RoleMembers returns the active people with a role, by id.
func (s *Snapshot) RoleMembers(role string) []value.ID { return slices.Clone(s.holding[role]) }

// ManagerOf returns whom a person reports to: the manager named with them, else the nearest manager of
// their home unit or a unit above; inactive people and the person themselves are passed over. Empty
// when there is nobody.
func (s *Snapshot) ManagerOf(user value.ID) value.ID {
	u, ok := s.users[user]
	if !ok {
		return ""
	}
	if s.users[u.Manager].Active {
		return u.Manager
	}
	for _, unit := range s.Path(u.Unit) {
		manager := s.units[unit].Manager
		if manager != user && s.users[manager].Active {
			return manager
		}
	}
	return ""
}

// IsAway tells whether a person is absent on a day.
func (s *Snapshot) IsAway(user value.ID, day int64) bool {
	return slices.ContainsFunc(s.users[user].Away, func(a Span) bool { return a.From <= day && day <= a.To })
}

// StandsInFor returns those for whom a person stands in on a day (yyyymmdd in the tenant's zone), by id: who is
// absent on it and has named them. For whom these stand in themselves is no matter.
func (s *Snapshot) StandsInFor(user value.ID, day int64) []value.ID {
	var out []value.ID
	for _, one := range s.standing[user] {
		if one.from <= day && day <= one.to && !slices.Contains(out, one.absent) {
			out = append(out, one.absent)
		}
	}
	return out
}

// Deputy returns who stands in for a person on a day, the first that their absences name; "" for nobody.
func (s *Snapshot) Deputy(user value.ID, day int64) value.ID {
	for _, away := range s.users[user].Away {
		if away.From <= day && day <= away.To && s.users[away.Deputy].Active {
			return away.Deputy
		}
	}
	return ""
}

// Actor returns an active person as one who acts, with all zones they are a member of.
func (s *Snapshot) Actor(user value.ID) (value.Actor, bool) {
	u, ok := s.users[user]
	if !ok || !u.Active {
		return value.Actor{}, false
	}
	return value.Actor{
		User: u.ID, Name: u.Name, Roles: slices.Clone(u.Roles), Unit: u.Unit,
		Zones: s.ZonesOf(u.ID), Admin: u.Admin, Locale: u.Locale,
	}, true
}
