package access_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// dice draw a world: an organisation, pools, records.
type dice struct{ *rand.Rand }

func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

var (
	people = []value.ID{"u0", "u1", "u2", "u3", "u4", "u5"}
	units  = []value.ID{"n0", "n1", "n2", "n3", "n4"}
	zones  = []value.ID{"z0", "z1"}
	scopes = []meta.Scope{meta.ScopeNone, meta.ScopeOwn, meta.ScopeUnit, meta.ScopeUnitBelow, meta.ScopeZone, meta.ScopeAll, meta.ScopeExpr}
	verbs  = []meta.Verb{meta.Read, meta.Update, meta.Delete, meta.Export}
)

// model is an organisation twice: as the engine has it and as plain facts.
type model struct {
	dice
	facts
	was, is *org.Snapshot // before and after a reorganisation that records have not followed yet
	when    time.Time
	zone    *time.Location
	today   int64 // the day of when in the zone
	ponds   []pond
	pools   []*catalog.Pool
}

func newModel(t *testing.T, d dice) *model {
	m := &model{dice: d, facts: facts{
		above: map[value.ID][]value.ID{}, leads: map[value.ID][]value.ID{}, home: map[value.ID]value.ID{}, zones: map[value.ID][]value.ID{},
		boss: map[value.ID]value.ID{}, roles: map[value.ID][]string{}, moving: map[value.ID]bool{}, standsIn: map[value.ID][]value.ID{},
	}}
	m.moment()
	var users []org.User
	for _, id := range people {
		u := org.User{ID: id, Username: string(id), Unit: pick(d, append(units, "")...), Active: true}
		for _, zone := range zones {
			if d.chance(25) {
				u.Zones = append(u.Zones, zone)
			}
		}
		for _, key := range []string{"keeper", "warden"} {
			if d.chance(40) {
				u.Roles = append(u.Roles, key)
			}
		}
		u.Away = m.absences(id)
		m.home[id], m.zones[id], m.facts.roles[id] = u.Unit, slices.Clone(u.Zones), u.Roles
		users = append(users, u)
	}
	var tree []org.Unit
	linked := map[value.ID]value.ID{}
	for n, id := range units {
		u := org.Unit{ID: id, Name: map[string]string{"en": string(id)}, Manager: pick(d, append(people, "")...)}
		if n > 0 && d.chance(80) {
			u.Parent = units[d.IntN(n)]
		}
		if d.chance(50) {
			u.Deputies = []value.ID{pick(d, people...)}
		}
		if d.chance(25) {
			u.Zone = pick(d, zones...)
		}
		linked[id], m.leads[id] = u.Zone, append([]value.ID{u.Manager}, u.Deputies...)
		m.above[id] = append([]value.ID{id}, m.above[u.Parent]...)
		tree = append(tree, u)
	}
	m.was = snapshot(t, users, tree)
	var moving org.Moving
	if last := &tree[len(tree)-1]; d.chance(20) {
		last.Parent = pick(d, units[:len(units)-1]...)
		m.above[last.ID] = append([]value.ID{last.ID}, m.above[last.Parent]...)
		moving.Units = []value.ID{last.ID}
	}
	if d.chance(20) {
		one := &users[d.IntN(len(users))]
		one.Unit = pick(d, units...)
		m.home[one.ID], m.moving[one.ID] = one.Unit, true
		moving.People = []value.ID{one.ID}
	}
	m.is = snapshot(t, users, tree).WithMoving(moving)
	for _, u := range users {
		for _, unit := range m.above[u.Unit] {
			if zone := linked[unit]; zone != "" {
				m.zones[u.ID] = append(m.zones[u.ID], zone)
				break
			}
		}
		for _, unit := range m.above[u.Unit] {
			if leader := m.leads[unit][0]; leader != "" && leader != u.ID {
				m.boss[u.ID] = leader
				break
			}
		}
	}
	m.dig()
	return m
}

// moments are instants about the ends of days in the zones that they are told in, with the day of each.
var moments = []struct {
	at, zone string
	day      int64
}{
	{"2026-03-09T15:59:59.999Z", "Asia/Shanghai", 20260309}, {"2026-03-09T16:00:00Z", "Asia/Shanghai", 20260310},
	{"2026-03-10T15:59:59Z", "Asia/Shanghai", 20260310}, {"2026-03-10T16:00:00Z", "Asia/Shanghai", 20260311}, {"2026-03-10T12:00:00Z", "", 20260310},
	// A day of 23 hours, and one of 25.
	{"2026-03-08T04:59:59Z", "America/New_York", 20260307}, {"2026-03-08T05:00:00Z", "America/New_York", 20260308},
	{"2026-03-09T03:59:59Z", "America/New_York", 20260308}, {"2026-03-09T04:00:00Z", "America/New_York", 20260309},
	{"2026-11-01T03:59:59Z", "America/New_York", 20261031}, {"2026-11-02T04:59:59Z", "America/New_York", 20261101},
	{"2026-11-02T05:00:00Z", "America/New_York", 20261102},
}

// moment draws when everybody asks.
func (m *model) moment() {
	one := pick(m.dice, moments...)
	at, err := time.Parse(time.RFC3339Nano, one.at)
	if err != nil {
		panic(err)
	}
	if m.when, m.today, m.facts.now = at, one.day, at.UnixMilli(); one.zone == "" {
		return
	}
	if m.zone, err = time.LoadLocation(one.zone); err != nil {
		panic(err)
	}
}

// absences draws when somebody is away, and who stands in for them then: today is among the days, or next to them.
func (m *model) absences(id value.ID) []org.Span {
	var out []org.Span
	for m.chance(45) {
		deputy := pick(m.dice, append(people, "")...)
		if deputy == id {
			deputy = ""
		}
		before, after := value.AddDays(m.today, -1), value.AddDays(m.today, 1)
		span := pick(m.dice, org.Span{From: m.today, To: m.today}, org.Span{From: before, To: after}, org.Span{From: before, To: m.today},
			org.Span{From: m.today, To: after}, org.Span{From: before, To: before}, org.Span{From: after, To: after})
		if span.Deputy = deputy; deputy != "" && span.From <= m.today && m.today <= span.To {
			m.standsIn[deputy] = append(m.standsIn[deputy], id)
		}
		out = append(out, span)
	}
	return out
}

// share draws with whom a record is shared; an end is now, a moment before or a moment after.
func (m *model) share(asker value.ID) (out []shared) {
	for m.chance(50) {
		s := shared{how: pick(m.dice, value.ShareRead, value.ShareWrite, value.ShareTeam), until: pick(m.dice, 0, 0, m.now-1, m.now, m.now+1)}
		if m.chance(50) {
			s.user = pick(m.dice, append(people, asker, asker)...)
		} else {
			s.unit = pick(m.dice, units...)
		}
		out = append(out, s)
	}
	return out
}

func snapshot(t *testing.T, users []org.User, tree []org.Unit) *org.Snapshot {
	named := func(id value.ID) org.Zone {
		return org.Zone{ID: id, Key: string(id), Name: map[string]string{"en": string(id)}}
	}
	s, err := org.NewSnapshot(1, users, tree, []org.Zone{named("z0"), named("z1")})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// who draws a list of people.
func (m *model) who() []meta.Who {
	name := func() string {
		return pick(m.dice, "user:"+string(pick(m.dice, people...)), "role:"+pick(m.dice, "keeper", "warden"),
			"unit:"+string(pick(m.dice, units...)), "zone:"+string(pick(m.dice, zones...)), "owner", "manager", "nobody:x")
	}
	var list []meta.Who
	for m.chance(45) {
		if m.chance(30) {
			list = append(list, meta.Who{All: []string{name(), name()}})
			continue
		}
		list = append(list, meta.Who{One: name()})
	}
	return list
}

// dig draws up to two pools.
func (m *model) dig() {
	for _, key := range []string{"p0", "p1"}[:pick(m.dice, 0, 1, 2, 2)] {
		p := pond{key: key, lists: map[string][]meta.Who{}, hides: m.chance(15), masks: m.chance(35)}
		for _, right := range []string{"view", "claim", "assign", "manage", "return", "transfer"} {
			p.lists[right] = m.who()
		}
		l := p.lists
		pool := &catalog.Pool{Masked: map[value.FieldKey]string{}, Def: meta.Pool{Key: key, Rights: meta.PoolRights{
			View: l["view"], Claim: l["claim"], Assign: l["assign"], Manage: l["manage"], Return: l["return"], Transfer: l["transfer"]}}}
		if p.hides {
			pool.Def.Hidden = []value.FieldKey{"secret", "lines"}
		}
		if p.masks {
			p.always = m.chance(40)
			how := map[bool]string{true: catalog.Always, false: catalog.UntilClaimed}[p.always]
			pool.Masked["secret"], pool.Masked["lines"] = how, how
		}
		m.ponds, m.pools = append(m.ponds, p), append(m.pools, pool)
	}
}

// record draws a record, often one of who asks, with the principals that it was given before any reorganisation.
func (m *model) record(asker value.ID) (holding, *value.Record) {
	h := holding{
		owner: pick(m.dice, append(people, asker, asker, "", "", "")...), unit: pick(m.dice, append(units, "")...), zone: pick(m.dice, append(zones, "")...),
		open: m.chance(50), pool: pick(m.dice, "", "p0", "p1"), secret: pick(m.dice, "", "s3", "s3", "other"),
		shares: m.share(asker),
	}
	if absent := m.standsIn[asker]; len(absent) > 0 && m.chance(35) {
		h.owner = pick(m.dice, absent...)
	}
	for h.pool == "" && m.chance(45) {
		h.with = append(h.with, pick(m.dice, append(people, asker, asker, asker)...))
	}
	r := &value.Record{ID: "r", Values: value.Doc{"open": h.open}}
	r.Principals = m.was.Principals(org.Holders{People: append([]value.ID{h.owner}, h.with...), Units: []value.ID{h.unit}, Zones: []value.ID{h.zone}})
	var kept []value.Share
	for _, s := range h.shares {
		with := "user:" + string(s.user)
		if s.unit != "" {
			with = "unit:" + string(s.unit)
		}
		kept = append(kept, value.Share{With: with, How: s.how, Until: s.until})
		r.Principals = append(r.Principals, org.GuestPrincipal(with))
	}
	r.Values.PutShares(kept)
	if h.pool != "" {
		r.Values[string(value.SysPool)] = h.pool
	}
	if h.pooled() {
		r.Principals = append(r.Principals, catalog.PoolPrincipal(h.pool))
	}
	if h.secret != "" {
		r.Values["secret"], r.Values["lines"] = h.secret, value.List{value.Doc{"of": h.secret}}
	}
	return h, r
}

// holder draws somebody with roles and a token, and what the engine decides on them.
func (m *model) holder(t *testing.T) (holder, *access.Decision) {
	w, c := m.asker(t)
	return w, access.Decide(c).Within(c.Actor, "thing")
}

// asker draws somebody with roles and a token, as facts and as a case.
func (m *model) asker(t *testing.T) (holder, access.Case) {
	w := holder{user: pick(m.dice, people...)}
	actor, known := m.is.Actor(w.user)
	if !known {
		t.Fatal("no actor for", w.user)
	}
	var rights []catalog.Rights
	for range pick(m.dice, 0, 1, 1, 2, 2, 3) {
		r := role{grants: map[meta.Verb]meta.Scope{}, create: m.chance(50), limit: pick(m.dice, "", "", meta.ReadOnly, meta.Masked, meta.Hidden)}
		grants := map[meta.Verb]catalog.Grant{}
		for _, verb := range verbs {
			scope := pick(m.dice, scopes...)
			r.grants[verb], grants[verb] = scope, catalog.Grant{Scope: scope}
			switch {
			case scope == meta.ScopeExpr && m.chance(15): // a condition that failed
				r.grants[verb] = meta.ScopeNone
			case scope == meta.ScopeExpr:
				grants[verb] = catalog.Grant{Scope: scope, When: query.Where("open", query.Eq, true)}
			}
		}
		one := catalog.Rights{Create: r.create, Read: grants[meta.Read], Update: grants[meta.Update], Delete: grants[meta.Delete], Export: grants[meta.Export]}
		if r.limit != "" {
			one.Fields = map[value.FieldKey]meta.FieldAccess{"secret": r.limit, "lines": r.limit}
		}
		w.roles, rights = append(w.roles, r), append(rights, one)
	}
	if m.chance(30) {
		w.token = []string{}
		for _, scope := range []string{"read", "read:thing", "read:other", "write", "write:thing", "export", "export:thing", "export:other", "admin"} {
			if m.chance(20) {
				w.token = append(w.token, scope)
			}
		}
	}
	actor.Scopes = w.token
	return w, access.Case{
		Actor: actor, People: m.is, Now: m.when, Zone: m.zone, Roles: rights, Pools: m.pools, Shared: true,
	}
}
