package value

import "strings"

// Actor is who does something: a signed-in person, or a named part of the system. Built by whoever
// authenticates (runtime/signin) or by the engine itself for its own work; never by a client.
type Actor struct {
	User ID     // empty for the system
	Name string // shown in the history
	// System names a part of the engine that acts on its own, e.g. "system:reclaim". Such an actor
	// is not bound by roles, and the history shows its name. Empty for people.
	System string

	Roles []string // role keys
	Unit  ID       // the home org unit
	Zones []ID
	Admin bool // may design and publish, and manage people; gives no right over records
	// Scopes narrow what the actor may do to those of the token they came with; nil: not narrowed.
	Scopes []string
	// Viewer is who sees the app as this person would, nil for nobody: then all the rest says whom they see it as.
	// Package access makes such an actor, who only reads, and only what both may read.
	Viewer *Actor
	// Locale is the language of answers, a BCP 47 tag such as "zh-CN" or "en".
	Locale string
}

// system stands before the name of a part of the engine, where others have a user's id.
const system = "system:"

// SystemActor returns the actor for the engine's own work, named "system:<part>".
func SystemActor(part string) Actor { return Actor{System: system + part, Name: system + part} }

// SystemPart is the part of the engine that an actor's key names; false for a person's.
func SystemPart(key ID) (part string, isSystem bool) { return strings.CutPrefix(string(key), system) }

// IsSystem tells whether an actor's key names a part of the engine.
func IsSystem(key ID) bool { return strings.HasPrefix(string(key), system) }

// IsSystem tells whether no person stands behind the actor.
func (a Actor) IsSystem() bool { return a.System != "" }

// Key names the actor in histories, quotas and idempotency: a user id or "system:<part>". What somebody asks who sees
// the app as another person is their own doing, and nothing that is that person's own is theirs.
func (a Actor) Key() ID {
	switch {
	case a.IsSystem():
		return ID(a.System)
	case a.Viewer != nil:
		return a.Viewer.Key()
	}
	return a.User
}
