package notify

import (
	"slices"

	"tidewater/engine/access"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// People finds whom lists name, in one snapshot of the organisation. Whoever has left is nobody.
type People struct {
	org   *org.Snapshot
	day   int64                 // on which somebody may stand in for others; 0: nobody does
	known map[string][]value.ID // of lists that name nobody by the record, by what they say
}

// PeopleIn returns what finds people in a snapshot.
func PeopleIn(snapshot *org.Snapshot) *People {
	return &People{org: snapshot, known: map[string][]value.ID{}}
}

// On returns the same for what is to be done on a day: whoever stands in on it for the owner of a record is named with
// them.
func (p *People) On(day int64) *People {
	p.day = day
	return p
}

// Of returns whom a list names beside a record of that owner, each once.
func (p *People) Of(list []meta.Who, owner value.ID) []value.ID {
	var out []value.ID
	for _, who := range list {
		out = append(out, p.named(who, owner)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *People) named(who meta.Who, owner value.ID) []value.ID {
	switch who.One {
	case "owner":
		return p.Having(owner)
	case "manager":
		return p.active(p.org.ManagerOf(owner))
	}
	names := who.Names()
	if slices.Contains(names, "owner") || slices.Contains(names, "manager") {
		return p.among(who, owner)
	}
	key := ""
	for _, name := range names {
		key += name + "\x00"
	}
	found, known := p.known[key]
	if !known {
		found = p.among(who, "")
		p.known[key] = found
	}
	return found
}

// Having returns who has a record to work on: its owner, and who stands in for them.
func (p *People) Having(owner value.ID) []value.ID {
	out := p.active(owner)
	if p.day == 0 {
		return out
	}
	if deputy := p.org.Deputy(owner, p.day); deputy != "" {
		out = append(out, deputy)
	}
	return out
}

func (p *People) active(user value.ID) []value.ID {
	if _, ok := p.org.Actor(user); !ok {
		return nil
	}
	return []value.ID{user}
}

// among asks everybody.
func (p *People) among(who meta.Who, owner value.ID) []value.ID {
	var out []value.ID
	for _, user := range p.org.Users() {
		actor, active := p.org.Actor(user.ID)
		if active && access.Among([]meta.Who{who}, actor, p.org, owner) {
			out = append(out, user.ID)
		}
	}
	return out
}

// Admins are the administrators.
func (p *People) Admins() []value.ID {
	var out []value.ID
	for _, user := range p.org.Users() {
		if user.Active && user.Admin {
			out = append(out, user.ID)
		}
	}
	return out
}
