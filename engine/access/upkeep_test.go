package access_test

import (
	"testing"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// Who changes a value: whom the document names, within the scope of its rows, and administrators.
func TestWhoKeepsAValue(t *testing.T) {
	named := func(text string) map[string]string { return map[string]string{"en": text} }
	people, err := org.NewSnapshot(1,
		[]org.User{
			{ID: "ann", Username: "ann", Unit: "north", Zones: []value.ID{"z1"}, Roles: []string{"warden"}, Active: true},
			{ID: "nan", Username: "nan", Unit: "south", Roles: []string{"warden"}, Active: true},
			{ID: "top", Username: "top", Unit: "head", Active: true}, {ID: "adm", Username: "adm", Unit: "head", Admin: true, Active: true},
		},
		[]org.Unit{
			{ID: "head", Name: named("Head"), Manager: "top"}, {ID: "north", Name: named("North"), Parent: "head"},
			{ID: "south", Name: named("South"), Parent: "head", Manager: "nan"}, {ID: "team", Name: named("Team"), Parent: "south"},
		},
		[]org.Zone{{ID: "z1", Key: "east", Name: named("East")}, {ID: "z2", Key: "west", Name: named("West")}})
	if err != nil {
		t.Fatal(err)
	}
	wardens := []meta.Who{{One: "role:warden"}}
	for _, c := range []struct {
		who   value.ID
		scope string
		of    []string
		keeps bool
	}{
		{"ann", "", nil, true}, {"top", "", nil, false}, {"adm", "", nil, true}, {"adm", "zone", []string{"west"}, true},
		{"ann", "zone", []string{"east"}, true}, {"ann", "zone", []string{"east", "west"}, false}, {"ann", "zone", []string{"west"}, false},
		{"ann", "zone", nil, false}, {"ann", "zone", []string{"nowhere"}, false}, {"nan", "zone", []string{"east"}, false},
		{"nan", "unit", []string{"south"}, true}, {"nan", "unit", []string{"team"}, true}, {"nan", "unit", []string{"team", "south"}, true},
		{"nan", "unit", []string{"head"}, false}, {"nan", "unit", []string{"north"}, false}, {"nan", "unit", []string{"gone"}, false},
		{"ann", "unit", []string{"north"}, false}, // who is in a unit does not lead it
		{"top", "unit", []string{"team"}, false},  // who leads it is not named
	} {
		actor, _ := people.Actor(c.who)
		u := &catalog.Upkeep{Who: wardens, Scope: c.scope}
		if got := access.Keeps(actor, people, u, catalog.UpkeepCell{Of: c.of}); got != c.keeps {
			t.Errorf("%s, %s of %v: %v", c.who, c.scope, c.of, got)
		}
	}
	narrowed, _ := people.Actor("ann")
	narrowed.Scopes = []string{"write"}
	if access.Keeps(narrowed, people, &catalog.Upkeep{Who: wardens}, catalog.UpkeepCell{}) {
		t.Error("with a token of narrowed scopes")
	}
}
