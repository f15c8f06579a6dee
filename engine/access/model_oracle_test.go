package access_test

import (
	"slices"
	"strings"

	"tidewater/engine/access"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// What follows is the oracle: product.md's and pools.md's sentences about rights, one by one, over plain
// facts. It shares no code with what it judges: no filter, no principal, no snapshot.

// facts are who stands where.
type facts struct {
	above  map[value.ID][]value.ID // a unit, and each unit above it
	leads  map[value.ID][]value.ID // who leads a unit, its manager first
	home   map[value.ID]value.ID
	zones  map[value.ID][]value.ID
	boss   map[value.ID]value.ID
	roles  map[value.ID][]string
	moving map[value.ID]bool // people whose records still stand where they were before
	// standsIn are those for whom somebody stands in at the moment of asking.
	standsIn map[value.ID][]value.ID
	now      int64 // epoch milliseconds
}

// holding is a record: who holds it, and its state.
type holding struct {
	owner, unit, zone value.ID
	with              []value.ID // who has it beside its owner, where it is in no pool
	open              bool
	pool              string
	secret            string // "": empty
	shares            []shared
}

// shared is somebody, or a unit, with whom a record is shared.
type shared struct {
	user, unit value.ID
	how        value.Sharing
	until      int64 // 0: without an end
}

// had are all who have it.
func (h holding) had() []value.ID {
	if h.owner == "" {
		return h.with
	}
	return append([]value.ID{h.owner}, h.with...)
}

func (h holding) pooled() bool { return h.owner == "" && h.pool != "" }

// role is what a role grants, by verb a scope, and how it limits the secret.
type role struct {
	grants map[meta.Verb]meta.Scope
	create bool
	limit  meta.FieldAccess
}

// pond is a pool as far as rights go.
type pond struct {
	key          string
	lists        map[string][]meta.Who // view, claim, assign, manage, return, transfer
	hides, masks bool                  // what nobody owns
	always       bool                  // masks also what somebody owns
}

// holder is one who asks: somebody with their roles, and the token that they came with.
type holder struct {
	user  value.ID
	roles []role
	token []string // nil: none
}

// reached tells whether a scope reaches a record; standing counts those for whom somebody stands in as themselves.
func (f facts) reached(user value.ID, scope meta.Scope, h holding, standing bool) bool {
	own := slices.ContainsFunc(h.had(), func(one value.ID) bool { return one == user || standing && slices.Contains(f.standsIn[user], one) })
	moving := slices.ContainsFunc(h.had(), func(one value.ID) bool { return f.moving[one] })
	switch scope {
	case meta.ScopeOwn:
		return own
	case meta.ScopeUnit:
		return own || f.home[user] != "" && h.unit == f.home[user] && !moving
	case meta.ScopeUnitBelow:
		if own || moving {
			return own
		}
		return slices.ContainsFunc(f.above[h.unit], func(u value.ID) bool { return u == f.home[user] || slices.Contains(f.leads[u], user) })
	case meta.ScopeZone:
		return own || h.zone != "" && slices.Contains(f.zones[user], h.zone)
	case meta.ScopeAll:
		return true
	case meta.ScopeExpr:
		return h.open
	}
	return false
}

// among tells whether a list of people holds somebody, beside a record of that owner.
func (f facts) among(list []meta.Who, user, owner value.ID) bool {
	for _, who := range list {
		names := who.All
		if who.One != "" {
			names = []string{who.One}
		}
		all := true
		for _, name := range names {
			all = all && f.is(name, user, owner)
		}
		if all {
			return true
		}
	}
	return false
}

func (f facts) is(name string, user, owner value.ID) bool {
	kind, of, _ := strings.Cut(name, ":")
	switch kind {
	case "user":
		return string(user) == of
	case "role":
		return slices.Contains(f.roles[user], of)
	case "unit":
		return slices.Contains(f.above[f.home[user]], value.ID(of))
	case "zone":
		return slices.Contains(f.zones[user], value.ID(of))
	case "owner":
		return owner == user
	case "manager":
		return owner != "" && f.boss[owner] == user
	}
	return false
}

// shows tells whether a pool shows somebody what nobody owns: who claims, gives or manages also sees.
func (f facts) shows(p pond, user value.ID) bool {
	return slices.ContainsFunc([]string{"view", "claim", "assign", "manage"}, func(right string) bool { return f.among(p.lists[right], user, "") })
}

// reads tells whether any role reads anything: who reads nothing is shown nothing by a pool either.
func (w holder) reads() bool {
	return slices.ContainsFunc(w.roles, func(r role) bool { return r.grants[meta.Read] != meta.ScopeNone })
}

func (w holder) grants(verb string) bool {
	return w.token == nil || slices.Contains(w.token, verb) || slices.Contains(w.token, verb+":thing")
}

// allows tells whether the token lets a verb be done.
func (w holder) allows(verb meta.Verb) bool {
	switch writes := w.grants("write"); verb {
	case meta.Read:
		return w.grants("read") || writes
	case meta.Export:
		return w.grants("export") && (w.grants("read") || writes)
	default:
		return writes
	}
}

// may tells whether somebody may do something to a record.
func (f facts) may(w holder, verb meta.Verb, h holding, ponds []pond) bool {
	if !w.allows(verb) {
		return false
	}
	// Whoever stands in for somebody reads and changes what is theirs, and neither deletes nor exports it.
	if f.granted(w, verb, h, verb == meta.Read || verb == meta.Update) {
		return true
	}
	switch verb {
	case meta.Read:
		return f.shown(w, h, ponds) || f.guest(w, h)
	case meta.Update:
		return f.changesAsGuest(w, h)
	}
	return false
}

// granted tells whether some role of somebody's reaches a record for a verb.
func (f facts) granted(w holder, verb meta.Verb, h holding, standing bool) bool {
	return slices.ContainsFunc(w.roles, func(r role) bool {
		return f.reached(w.user, r.grants[meta.Read], h, standing) && (verb == meta.Read || f.reached(w.user, r.grants[verb], h, standing))
	})
}

// lets tells whether a record is shared with somebody, now and in one of these ways: with them, with a unit that they
// are in or below of, or with one that they lead, or below of which they lead one.
func (f facts) lets(user value.ID, h holding, how ...value.Sharing) bool {
	return slices.ContainsFunc(h.shares, func(s shared) bool {
		if !slices.Contains(how, s.how) || s.until != 0 && s.until <= f.now {
			return false
		}
		if s.unit == "" {
			return s.user == user
		}
		for unit, above := range f.above {
			if (f.home[user] == unit || slices.Contains(f.leads[unit], user)) && slices.Contains(above, s.unit) {
				return true
			}
		}
		return false
	})
}

// guest tells whether somebody reads a record because it is shared with them: who reads nothing by any role does not.
func (f facts) guest(w holder, h holding) bool {
	return w.reads() && f.lets(w.user, h, value.ShareRead, value.ShareWrite, value.ShareTeam)
}

func (f facts) changesAsGuest(w holder, h holding) bool {
	return f.lets(w.user, h, value.ShareWrite, value.ShareTeam) && slices.ContainsFunc(w.roles, changesSome)
}

func changesSome(r role) bool {
	return r.grants[meta.Read] != meta.ScopeNone && r.grants[meta.Update] != meta.ScopeNone
}

// passesOn tells whether somebody changes a record by roles of their own.
func (f facts) passesOn(w holder, h holding) bool {
	return w.allows(meta.Update) && f.granted(w, meta.Update, h, false)
}

// takesBack tells whether somebody reads a record by their roles over what is theirs, and came with a right to write.
func (f facts) takesBack(w holder, h holding) bool {
	return w.allows(meta.Update) && f.granted(w, meta.Read, h, false)
}

func (f facts) shown(w holder, h holding, ponds []pond) bool {
	return w.reads() && h.pooled() && slices.ContainsFunc(ponds, func(p pond) bool { return p.key == h.pool && f.shows(p, w.user) })
}

// sight is how much of the secret somebody sees on a record that they may read.
func (f facts) sight(w holder, h holding, ponds []pond) access.Sight {
	sight := access.Hidden
	for _, r := range w.roles {
		in := f.shown(w, h, ponds) || f.guest(w, h)
		if !f.reached(w.user, r.grants[meta.Read], h, true) && (!in || r.grants[meta.Read] == meta.ScopeNone) {
			continue
		}
		switch r.limit {
		case "", meta.ReadOnly:
			sight = access.Whole
		case meta.Masked:
			sight = min(sight, access.Masked)
		}
	}
	for _, p := range ponds {
		if p.key != h.pool {
			continue
		}
		if h.pooled() && p.hides {
			sight = access.Hidden
		}
		if p.masks && (h.pooled() || p.always) {
			sight = max(sight, access.Masked)
		}
	}
	return sight
}

// writes tells whether somebody may change the secret of a record.
func (f facts) writes(w holder, h holding, ponds []pond) bool {
	if !w.allows(meta.Update) || f.sight(w, h, ponds) != access.Whole {
		return false
	}
	return slices.ContainsFunc(w.roles, func(r role) bool {
		reached := f.reached(w.user, r.grants[meta.Read], h, true) && f.reached(w.user, r.grants[meta.Update], h, true)
		return r.limit == "" && (reached || changesSome(r) && f.changesAsGuest(w, h))
	})
}

// ordered tells whether the secret may be sorted, grouped and compared by: where every record that could ever be
// in sight shows it whole.
func (f facts) ordered(w holder, ponds []pond) bool {
	for _, p := range ponds {
		if p.hides || p.masks {
			return false
		}
	}
	shows := func(r role) bool { return r.limit != meta.Hidden && r.limit != meta.Masked }
	return slices.ContainsFunc(w.roles, func(r role) bool { return r.grants[meta.Read] == meta.ScopeAll && shows(r) }) ||
		!slices.ContainsFunc(w.roles, func(r role) bool { return r.grants[meta.Read] != meta.ScopeNone && !shows(r) })
}
