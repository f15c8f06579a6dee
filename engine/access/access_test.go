package access_test

import (
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// The organisation of these tests: head office over north and south; nan leads south.
func people(t *rapid.T) *org.Snapshot {
	snapshot, err := org.NewSnapshot(1,
		[]org.User{
			{ID: "ann", Username: "ann", Unit: "north", Zones: []value.ID{"z1"}, Active: true},
			{ID: "bob", Username: "bob", Unit: "team", Active: true},
			{ID: "nan", Username: "nan", Unit: "south", Active: true},
			{ID: "top", Username: "top", Unit: "head", Active: true},
		},
		[]org.Unit{
			{ID: "head", Name: map[string]string{"en": "Head"}, Manager: "top"},
			{ID: "north", Name: map[string]string{"en": "North"}, Parent: "head"},
			{ID: "south", Name: map[string]string{"en": "South"}, Parent: "head", Manager: "nan"},
			{ID: "team", Name: map[string]string{"en": "Team"}, Parent: "south"},
		},
		[]org.Zone{{ID: "z1", Key: "z1", Name: map[string]string{"en": "One"}}, {ID: "z2", Key: "z2", Name: map[string]string{"en": "Two"}}})
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

var (
	users  = []value.ID{"ann", "bob", "nan", "top"}
	units  = []value.ID{"head", "north", "south", "team"}
	above  = map[value.ID][]value.ID{"head": {"head"}, "north": {"north", "head"}, "south": {"south", "head"}, "team": {"team", "south", "head"}}
	unitOf = map[value.ID]value.ID{"ann": "north", "bob": "team", "nan": "south", "top": "head"}
	zones  = map[value.ID]value.ID{"ann": "z1"}
	scopes = []meta.Scope{meta.ScopeNone, meta.ScopeOwn, meta.ScopeUnit, meta.ScopeUnitBelow, meta.ScopeZone, meta.ScopeAll, meta.ScopeExpr}
)

// holding is a record as the oracle sees it: who holds it, and its state.
type holding struct {
	owner, unit, zone value.ID
	open              bool
}

// reached is the oracle: product.md's sentences about scopes, one by one, over plain facts.
func reached(user value.ID, scope meta.Scope, h holding) bool {
	own := h.owner == user
	switch scope {
	case meta.ScopeOwn:
		return own
	case meta.ScopeUnit:
		return own || h.unit == unitOf[user]
	case meta.ScopeUnitBelow:
		for _, unit := range above[h.unit] {
			if unit == unitOf[user] {
				return true
			}
		}
		return own
	case meta.ScopeZone:
		return own || (h.zone != "" && h.zone == zones[user])
	case meta.ScopeAll:
		return true
	case meta.ScopeExpr:
		return h.open
	}
	return false
}

func record(t *rapid.T, snapshot *org.Snapshot) (*value.Record, holding) {
	h := holding{
		owner: rapid.SampledFrom(users).Draw(t, "owner"), unit: rapid.SampledFrom(units).Draw(t, "unit"),
		zone: rapid.SampledFrom([]value.ID{"", "z1", "z2"}).Draw(t, "zone"), open: rapid.Bool().Draw(t, "open"),
	}
	holders := org.Holders{People: []value.ID{h.owner}, Units: []value.ID{h.unit}}
	if h.zone != "" {
		holders.Zones = []value.ID{h.zone}
	}
	r := &value.Record{ID: "r", Values: value.Doc{"secret": "s3", "open": h.open}}
	r.Principals = snapshot.Principals(holders)
	return r, h
}

func grant(t *rapid.T, name string) catalog.Grant {
	g := catalog.Grant{Scope: rapid.SampledFrom(scopes).Draw(t, name)}
	if g.Scope == meta.ScopeExpr {
		g.When = query.Where("open", query.Eq, true)
	}
	return g
}

func TestScopesAndFieldsAgreeWithTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snapshot := people(t)
		user := rapid.SampledFrom(users).Draw(t, "user")
		actor, ok := snapshot.Actor(user)
		if !ok {
			t.Fatal("no actor for", user)
		}
		limits := []meta.FieldAccess{"", meta.ReadOnly, meta.Masked, meta.Hidden}
		roles := make([]catalog.Rights, rapid.IntRange(0, 3).Draw(t, "roles"))
		for i := range roles {
			roles[i] = catalog.Rights{Read: grant(t, "read"), Update: grant(t, "update"), Create: rapid.Bool().Draw(t, "create")}
			if limit := rapid.SampledFrom(limits).Draw(t, "limit"); limit != "" {
				roles[i].Fields = map[value.FieldKey]meta.FieldAccess{"secret": limit}
			}
		}
		r, h := record(t, snapshot)
		d := access.Decide(actor, snapshot, roles)

		read, update, write := false, false, false
		sight := access.Hidden
		for _, role := range roles {
			if !reached(user, role.Read.Scope, h) {
				continue
			}
			read = true
			changes := reached(user, role.Update.Scope, h)
			update = update || changes
			switch role.Fields["secret"] {
			case "":
				sight, write = access.Whole, write || changes
			case meta.ReadOnly:
				sight = access.Whole
			case meta.Masked:
				sight = min(sight, access.Masked)
			}
		}
		if got := d.Reaches(meta.Read, r); got != read {
			t.Fatalf("read: got %v, oracle %v", got, read)
		}
		if got := d.Reaches(meta.Update, r); got != update {
			t.Fatalf("update: got %v, oracle %v", got, update)
		}
		if !read {
			return
		}
		if got := d.Sees("secret", r); got != sight {
			t.Fatalf("sight: got %v, oracle %v", got, sight)
		}
		if got := d.MayWrite("secret", r) && update; got != write {
			t.Fatalf("write: got %v, oracle %v", got, write)
		}
		checkQuestion(t, d, r, sight)
	})
}

// checkQuestion holds the oracle rule: a question about the field answers as if it were absent unless
// the actor sees it whole on this row.
func checkQuestion(t *rapid.T, d *access.Decision, r *value.Record, sight access.Sight) {
	asked := rapid.SampledFrom([]query.Filter{
		query.Where("secret", query.Eq, "s3"), query.Where("secret", query.Ne, "s3"), query.Where("secret", query.Ne, "x"),
		query.Where("secret", query.Empty, nil), query.Where("secret", query.NotEmpty, nil),
		query.Not{Of: query.Where("secret", query.Contains, "s")},
	}).Draw(t, "asked")
	got, err := d.Restrict(meta.Read, asked, func(value.FieldKey) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	blind := r.Clone()
	if sight != access.Whole {
		delete(blind.Values, "secret")
	}
	if want := query.Match(asked, blind); query.Match(got.Filter, r) != want {
		t.Fatalf("%v: got %v, oracle %v (sight %v)", asked, !want, want, sight)
	}
}

func TestAnUnreadableFieldGivesNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snapshot := people(t)
		actor, _ := snapshot.Actor("ann")
		limit := rapid.SampledFrom([]meta.FieldAccess{meta.Masked, meta.Hidden}).Draw(t, "limit")
		d := access.Decide(actor, snapshot, []catalog.Rights{{
			Read:   catalog.Grant{Scope: meta.ScopeAll},
			Fields: map[value.FieldKey]meta.FieldAccess{"secret": limit},
		}})
		none := func(value.FieldKey) bool { return false }
		if _, err := d.Restrict(meta.Read, query.Where("secret", query.Gt, "a"), none); err == nil {
			t.Fatal("a range over an unreadable field was allowed")
		}
		err := d.SortReadable(query.At("~sort:secret"))
		want := map[meta.FieldAccess]fault.Kind{meta.Masked: fault.Forbidden, meta.Hidden: fault.Invalid}[limit]
		if fault.KindOf(err) != want || err == nil {
			t.Fatalf("sort by %s field: %v", limit, err)
		}
	})
}
