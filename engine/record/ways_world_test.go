package record_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// What follows draws a small organisation with things, roles and pools, for the test of every way out, and says
// by the words of the design, over plain facts, who sees what of them. It asks package access nothing.

// thing is a record in plain facts. Its unit is its owner's.
type thing struct {
	id, owner    value.ID
	zone, secret string
	open         bool
	code         string
	guests       []guest
}

// guest is a person, or n1 with n2 not below it, with whom a thing is shared.
type guest struct {
	user   value.ID // "": the unit n1
	how    value.Sharing
	lasted bool // it is no longer
}

// clan is one drawn organisation: u0 leads n0, above n1 and n2; u1 leads n1, with u2 as deputy.
type clan struct {
	*testing.T
	*record.Service
	dice   *rand.Rand
	people *org.Snapshot
	homes  map[value.ID]value.ID
	zones  map[value.ID]string
	roles  map[string]meta.Role
	of     map[value.ID][]string
	pools  map[string]pool // by zone, whose key it has
	things []thing
	stands map[value.ID]value.ID // who stands in, and for whom
}

// pool is what a drawn pool says of rights.
type pool struct{ view, mask, hides string }

func oneOf[T any](d *rand.Rand, from ...T) T { return from[d.IntN(len(from))] }

const thingForm = `{"type": "object", "x-form": "thing", "x-label": {"en": "Thing", "zh-CN": "物"}, "x-title": "name", "x-holders": {"owner": "owner", "zone": "zone"}, "x-sharing": {"by": ["owner"]},
	"required": ["name"], "properties": {
	"name": {"x-field": "text", "x-label": {"en": "Name", "zh-CN": "名"}},
	"code": {"x-field": "text", "x-label": {"en": "Code", "zh-CN": "码"}, "x-unique": true},
	"secret": {"x-field": "text", "x-label": {"en": "Secret", "zh-CN": "密"}, "x-search": true},
	"open": {"x-field": "boolean", "x-label": {"en": "Open", "zh-CN": "开"}},
	"zone": {"x-field": "select", "x-label": {"en": "Zone", "zh-CN": "区"}, "x-options": [{"value": "z0", "label": {"en": "0", "zh-CN": "0"}}, {"value": "z1", "label": {"en": "1", "zh-CN": "1"}}]},
	"owner": {"x-field": "member", "x-label": {"en": "Owner", "zh-CN": "主"}}}}`

func newClan(t *testing.T, dice *rand.Rand) *clan {
	t.Helper()
	c := &clan{T: t, dice: dice, homes: map[value.ID]value.ID{}, zones: map[value.ID]string{}, roles: map[string]meta.Role{}, of: map[value.ID][]string{}, pools: map[string]pool{}, stands: map[value.ID]value.ID{}}
	compiled, issues := catalog.Compile(c.bundle())
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	c.organise()
	st := teststore.Open(t, filepath.Join(t.TempDir(), "clan.db"), "clan")
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := st.Prepare(t.Context(), compiled.Layouts(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	calendar, err := org.China()
	if err != nil {
		t.Fatal(err)
	}
	now, ids := time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC), 0
	c.Service = record.New(record.Config{
		Store: st, Catalog: func() *catalog.Catalog { return compiled }, Org: func() *org.Snapshot { return c.people },
		Clock: func() time.Time { now = now.Add(time.Second); return now }, NewID: func() value.ID { ids++; return value.ID(fmt.Sprintf("id%04d", ids)) },
		Zone: time.UTC, Calendar: func() *org.Calendar { return calendar },
	})
	c.fill()
	c.share(st, compiled.Forms["thing"])
	return c
}

func (c *clan) bundle() catalog.Bundle {
	out := catalog.Bundle{
		"app.json":              []byte(`{"key": "clan", "version": "1.0.0", "label": {"en": "Clan", "zh-CN": "族"}, "menu": ["thing"]}`),
		"forms/thing/form.json": []byte(thingForm),
	}
	scopes := []meta.Scope{meta.ScopeNone, meta.ScopeOwn, meta.ScopeUnit, meta.ScopeUnitBelow, meta.ScopeZone, meta.ScopeAll, meta.ScopeExpr}
	grant := func() meta.Grant {
		g := meta.Grant{Scope: oneOf(c.dice, scopes...)}
		if g.Scope == meta.ScopeExpr {
			g.When = "open == true"
		}
		return g
	}
	for _, key := range []string{"r0", "r1", "r2", "r3"} {
		rights := meta.FormRights{Create: true, Read: grant(), Update: grant(), Export: grant(), Delete: grant()}
		if limit := oneOf(c.dice, "", "", meta.Masked, meta.Hidden, meta.ReadOnly); limit != "" {
			rights.Fields = map[value.FieldKey]meta.FieldAccess{"secret": limit}
		}
		role := meta.Role{Key: key, Label: meta.Label{"en": key, "zh-CN": key}, Forms: map[value.FormKey]meta.FormRights{"thing": rights}}
		c.roles[key] = role
		out["roles/"+key+".json"] = c.json(role)
	}
	for n, zone := range []string{"z0", "z1"}[:c.dice.IntN(3)] {
		p := pool{view: oneOf(c.dice, "role:r0", "zone:z0", "unit:n1", "user:u3"), mask: oneOf(c.dice, "", catalog.UntilClaimed, catalog.Always), hides: oneOf(c.dice, "", "", "secret")}
		c.pools[zone] = p
		def := map[string]any{"key": zone, "form": "thing", "label": meta.Label{"en": zone, "zh-CN": zone}, "priority": n, "when": `zone == "` + zone + `"`,
			"rights": map[string]any{"view": []string{p.view}}, "masked": map[string]string{}}
		if p.mask != "" {
			def["masked"] = map[string]string{"secret": p.mask}
		}
		if p.hides != "" {
			def["hidden"] = []string{p.hides}
		}
		out["pools/"+zone+".json"] = c.json(def)
	}
	return out
}

func (c *clan) json(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		c.Fatal(err)
	}
	return text
}

func (c *clan) organise() {
	var users []org.User
	for n := range 6 {
		id := value.ID(fmt.Sprintf("u%d", n))
		u := org.User{ID: id, Username: string(id), Name: string(id), Unit: oneOf[value.ID](c.dice, "n0", "n1", "n2"), Active: true, Locale: "en"}
		if zone := oneOf(c.dice, "", "z0", "z1"); zone != "" {
			u.Zones, c.zones[id] = []value.ID{value.ID(zone)}, zone
		}
		u.Roles = []string{oneOf(c.dice, "r0", "r1", "r2", "r3")}
		if more := oneOf(c.dice, "", "r0", "r1", "r2"); more != "" && more != u.Roles[0] {
			u.Roles = append(u.Roles, more)
		}
		if deputy := value.ID(oneOf(c.dice, "", "", "u0", "u3", "u5")); deputy != id && deputy != "" && c.stands[deputy] == "" {
			// Away today, or until yesterday: the things are of 31 March 2026.
			if u.Away = []org.Span{{From: 20260330, To: 20260331, Deputy: deputy}}; c.dice.IntN(3) == 0 {
				u.Away[0].To = 20260330
			} else {
				c.stands[deputy] = id
			}
		}
		c.homes[id], c.of[id] = u.Unit, u.Roles
		users = append(users, u)
	}
	named := map[string]string{"en": "x"}
	var err error
	c.people, err = org.NewSnapshot(1, users,
		[]org.Unit{{ID: "n0", Name: named, Manager: "u0"}, {ID: "n1", Name: named, Parent: "n0", Manager: "u1", Deputies: []value.ID{"u2"}}, {ID: "n2", Name: named, Parent: "n0"}},
		[]org.Zone{{ID: "z0", Key: "z0", Name: named}, {ID: "z1", Key: "z1", Name: named}})
	if err != nil {
		c.Fatal(err)
	}
}

func (c *clan) fill() {
	for n := range 14 {
		one := thing{
			owner: oneOf[value.ID](c.dice, "", "", "u0", "u1", "u2", "u3", "u4", "u5"), zone: oneOf(c.dice, "z0", "z1", ""),
			secret: oneOf(c.dice, "amber", "amber", "coral", ""), open: c.dice.IntN(2) == 0, code: fmt.Sprint("c", n),
		}
		values := map[string]any{"name": fmt.Sprint("thing ", n), "code": one.code, "open": one.open}
		for key, v := range map[string]string{"owner": string(one.owner), "zone": one.zone, "secret": one.secret} {
			if v != "" {
				values[key] = v
			}
		}
		made, err := c.Create(context.Background(), value.SystemActor("test"), "thing", record.Input{Values: values})
		if err != nil {
			c.Fatal(err)
		}
		one.id = made.ID
		c.things = append(c.things, one)
	}
}

// share shares some things that somebody owns, and lets some of that be over.
func (c *clan) share(st store.Store, form *catalog.Form) {
	now := time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)
	for n := range c.things {
		one := &c.things[n]
		if one.owner == "" || c.dice.IntN(2) == 0 {
			continue
		}
		r, err := st.Get(context.Background(), "thing", one.id)
		if err != nil {
			c.Fatal(err)
		}
		var shares []value.Share
		for range 1 + c.dice.IntN(2) {
			g := guest{oneOf[value.ID](c.dice, "", "u0", "u1", "u2", "u3", "u4", "u5"), oneOf(c.dice, value.ShareRead, value.ShareWrite, value.ShareTeam), c.dice.IntN(4) == 0}
			s := value.Share{With: "user:" + string(g.user), How: g.how}
			if g.user == "" {
				s.With = "unit:n1"
			}
			if s.Until = oneOf(c.dice, 0, now.Add(24*time.Hour).UnixMilli()); g.lasted {
				s.Until = now.UnixMilli()
			}
			one.guests, shares = append(one.guests, g), append(shares, s)
		}
		r.Values.PutShares(shares)
		form.Derive(r, time.UTC, c.people)
		if err := st.Tx(context.Background(), func(tx store.Tx) error { return tx.Put(context.Background(), r, r.Version) }); err != nil {
			c.Fatal(err)
		}
	}
}

// lets tells whether a thing is shared with somebody in one of these ways.
func (c *clan) lets(user value.ID, one thing, how ...value.Sharing) bool {
	return slices.ContainsFunc(one.guests, func(g guest) bool {
		ofUnit := g.user == "" && (c.homes[user] == "n1" || user == "u1" || user == "u2")
		return !g.lasted && slices.Contains(how, g.how) && (g.user == user || ofUnit)
	})
}

// isGuest tells whether somebody reads a thing, or with changes changes it, because it is shared with them.
func (c *clan) isGuest(user value.ID, one thing, changes bool) bool {
	if !changes {
		return c.readsSome(user) && c.lets(user, one, value.ShareRead, value.ShareWrite, value.ShareTeam)
	}
	return c.lets(user, one, value.ShareWrite, value.ShareTeam) && slices.ContainsFunc(c.of[user], func(role string) bool {
		return c.grants(role, meta.Read) != meta.ScopeNone && c.grants(role, meta.Update) != meta.ScopeNone
	})
}

// pooled tells whether nobody owns a thing that is at home in a pool.
func (c *clan) pooled(one thing) (pool, bool) {
	p, is := c.pools[one.zone]
	return p, is && one.owner == ""
}

func (c *clan) reaches(user value.ID, verb meta.Verb, scope meta.Scope, one thing) bool {
	helps := verb == meta.Read || verb == meta.Update
	own, unit := one.owner == user || helps && one.owner != "" && one.owner == c.stands[user], c.homes[one.owner]
	switch scope {
	case meta.ScopeOwn:
		return own
	case meta.ScopeUnit:
		return own || unit == c.homes[user]
	case meta.ScopeUnitBelow:
		return own || unit != "" && (c.homes[user] == "n0" || unit == c.homes[user] || user == "u0" || unit == "n1" && (user == "u1" || user == "u2"))
	case meta.ScopeZone:
		return own || one.zone != "" && one.zone == c.zones[user]
	case meta.ScopeAll:
		return true
	case meta.ScopeExpr:
		return one.open
	}
	return false
}

func (c *clan) grants(role string, verb meta.Verb) meta.Scope {
	rights := c.roles[role].Forms["thing"]
	return map[meta.Verb]meta.Scope{meta.Read: rights.Read.Scope, meta.Update: rights.Update.Scope, meta.Delete: rights.Delete.Scope, meta.Export: rights.Export.Scope}[verb]
}

func (c *clan) readsSome(user value.ID) bool {
	return slices.ContainsFunc(c.of[user], func(role string) bool { return c.grants(role, meta.Read) != meta.ScopeNone })
}

// shown tells whether a pool shows somebody a thing.
func (c *clan) shown(user value.ID, one thing) bool {
	p, is := c.pooled(one)
	return is && c.readsSome(user) && map[string]bool{
		"role:r0": slices.Contains(c.of[user], "r0"), "zone:z0": c.zones[user] == "z0", "unit:n1": c.homes[user] == "n1", "user:u3": user == "u3",
	}[p.view]
}

func (c *clan) may(user value.ID, verb meta.Verb, one thing) bool {
	byRole := slices.ContainsFunc(c.of[user], func(role string) bool {
		return c.reaches(user, verb, c.grants(role, meta.Read), one) && c.reaches(user, verb, c.grants(role, verb), one)
	})
	return byRole || verb == meta.Read && (c.shown(user, one) || c.isGuest(user, one, false)) || verb == meta.Update && c.isGuest(user, one, true)
}

// sees is how much of the secret somebody sees: 0 nothing, 1 masked, 2 all.
func (c *clan) sees(user value.ID, one thing) int {
	most := 0
	for _, role := range c.of[user] {
		scope := c.grants(role, meta.Read)
		if !c.reaches(user, meta.Read, scope, one) && (!c.shown(user, one) && !c.isGuest(user, one, false) || scope == meta.ScopeNone) {
			continue
		}
		switch c.roles[role].Forms["thing"].Fields["secret"] {
		case meta.Hidden:
		case meta.Masked:
			most = max(most, 1)
		default:
			most = 2
		}
	}
	if p, is := c.pools[one.zone]; is {
		ownerless := one.owner == ""
		if p.mask == catalog.Always || p.mask == catalog.UntilClaimed && ownerless {
			most = min(most, 1)
		}
		if p.hides != "" && ownerless {
			most = 0
		}
	}
	return most
}
