package access

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Keeps tells whether somebody may change a value of a document that people keep up. Administrators may change
// each of them: they could publish the whole document.
func Keeps(actor value.Actor, people *org.Snapshot, u *catalog.Upkeep, cell catalog.UpkeepCell) bool {
	if Administer(actor) == nil {
		return true
	}
	if Unscoped(actor) != nil || !Among(u.Who, actor, people, "") {
		return false
	}
	if u.Scope == "" {
		return true
	}
	foreign := func(name string) bool { return !isOwn(actor, people, u.Scope, name) }
	return len(cell.Of) > 0 && !slices.ContainsFunc(cell.Of, foreign)
}

// isOwn tells whether a zone is one that somebody is in, or a unit one that they lead, or below such a one.
func isOwn(actor value.Actor, people *org.Snapshot, scope, name string) bool {
	if scope == "zone" {
		zone, known := people.ZoneByKey(name)
		return known && slices.Contains(people.ZonesOf(actor.User), zone.ID)
	}
	return slices.ContainsFunc(people.Led(actor.User), func(led value.ID) bool { return people.Within(value.ID(name), led) })
}
