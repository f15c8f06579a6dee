package access

import (
	"slices"

	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// MayPress tells whether a button that a script stands behind is the actor's: where its author names roles, whoever
// has one of them, else whoever may change what it is about. It gives no other right: what the script does, it
// does with the actor's.
func MayPress(actor value.Actor, roles []string, changes bool) bool {
	if len(roles) == 0 {
		return changes
	}
	return actor.IsSystem() || slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(actor.Roles, role) })
}

// MayPressOnForm is MayPress of a button that is about no record: one without roles is for whoever may change some
// record of the form.
func (d *Decision) MayPressOnForm(actor value.Actor, roles []string) bool {
	return d.act && MayPress(actor, roles, d.May(meta.Update))
}
