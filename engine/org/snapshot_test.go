package org_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

func ids(list ...value.ID) []value.ID { return list }

// house is a small organisation:
//
//	hq (ann) ── east (bob; deputy cat; zone e) ── port (dan)
//	         └─ west (bob)
func house(t *testing.T) *org.Snapshot {
	t.Helper()
	users := []org.User{
		{ID: "u-dan", Username: "Dan", Unit: "port", Active: true, Roles: []string{"clerk", "clerk"}, Zones: ids("z-w", "z-e")},
		{ID: "u-ann", Username: "ann", Name: "Ann", Unit: "hq", Active: true, Admin: true, Locale: "en", Roles: []string{"head"}},
		{ID: "u-bob", Username: "bob", Unit: "east", Active: true, Roles: []string{"guide"}},
		{ID: "u-cat", Username: "cat", Unit: "east", Active: true, Manager: "u-ann", Away: []org.Span{{From: 2026_03_02, To: 2026_03_06}}},
		{ID: "u-eve", Username: "eve", Unit: "port", Active: false, Roles: []string{"clerk"}},
		{ID: "u-out", Username: "out", Active: true},
	}
	units := []org.Unit{
		{ID: "port", Parent: "east", Manager: "u-eve"},
		{ID: "hq", Manager: "u-ann"},
		{ID: "east", Parent: "hq", Manager: "u-bob", Deputies: ids("u-cat", "u-bob"), Zone: "z-e"},
		{ID: "west", Parent: "hq", Manager: "u-bob"},
	}
	zones := []org.Zone{{ID: "z-w", Key: "west"}, {ID: "z-e", Key: "east", Name: map[string]string{"en": "East"}}}
	s, err := org.NewSnapshot(7, users, units, zones)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLookups(t *testing.T) {
	s := house(t)
	same := func(what string, got, want any) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	dan, ok := s.UserByName("ｄＡＮ")
	same("user by name", []any{dan.ID, ok}, []any{"u-dan", true})
	_, ok = s.UserByName("")
	same("nobody's name", ok, false)
	same("version", s.Version(), 7)
	same("path", s.Path("port"), ids("port", "east", "hq"))
	same("path of nothing", s.Path("none"), ids())
	same("below", s.Below("east"), ids("east", "port"))
	same("all below", s.Below("hq"), ids("hq", "east", "port", "west"))
	same("below nothing", s.Below("none"), ids())
	same("within", []bool{s.Within("port", "hq"), s.Within("hq", "hq"), s.Within("hq", "port"), s.Within("none", "hq"), s.Within("hq", "none")}, []bool{true, true, false, false, false})
	same("led", s.Led("u-bob"), ids("east", "west"))
	same("led by deputy", s.Led("u-cat"), ids("east"))
	same("led by nobody", s.Led(""), ids())
	same("zones, own and inherited", s.ZonesOf("u-dan"), ids("z-e", "z-w"))
	same("zones by home unit", s.ZonesOf("u-bob"), ids("z-e"))
	same("no zones", s.ZonesOf("u-ann"), ids())
	same("zone members", s.ZoneMembers("z-e"), ids("u-bob", "u-cat", "u-dan"))
	same("unit members", s.UnitMembers("port"), ids("u-dan"))
	same("members below", s.MembersBelow("hq"), ids("u-ann", "u-bob", "u-cat", "u-dan"))
	same("role members", s.RoleMembers("clerk"), ids("u-dan"))
	east, _ := s.ZoneByKey("east")
	same("zone by key", east.Name["en"], "East")
	same("manager passes over who left", s.ManagerOf("u-dan"), "u-bob")
	same("manager named", s.ManagerOf("u-cat"), "u-ann")
	same("manager of a manager", s.ManagerOf("u-bob"), "u-ann")
	same("manager of the head", s.ManagerOf("u-ann"), "")
	same("away", []bool{s.IsAway("u-cat", 2026_03_01), s.IsAway("u-cat", 2026_03_02), s.IsAway("u-cat", 2026_03_06), s.IsAway("u-cat", 2026_03_07), s.IsAway("u-ann", 2026_03_02)}, []bool{false, true, true, false, false})
	actor, ok := s.Actor("u-ann")
	same("actor", []any{actor, ok}, []any{value.Actor{User: "u-ann", Name: "Ann", Roles: []string{"head"}, Unit: "hq", Admin: true, Locale: "en"}, true})
	if _, ok := s.Actor("u-eve"); ok {
		t.Error("who left acts")
	}
	same("everybody", len(s.Users()), 6)
	same("units in order", []value.ID{s.Units()[0].ID, s.Units()[2].ID}, ids("hq", "port"))
	same("zones by key", s.Zones()[0].Key, "east")
}

func TestNobodyChangesASnapshotFromOutside(t *testing.T) {
	users := []org.User{{ID: "u", Username: "u", Active: true, Zones: ids("z"), Roles: []string{"r"}}}
	units := []org.Unit{{ID: "n", Name: map[string]string{"en": "N"}, Deputies: ids("u")}}
	zones := []org.Zone{{ID: "z", Key: "z", Name: map[string]string{"en": "Z"}}}
	s, err := org.NewSnapshot(1, users, units, zones)
	if err != nil {
		t.Fatal(err)
	}
	users[0].Zones[0], users[0].Roles[0], units[0].Deputies[0] = "x", "x", "x"
	units[0].Name["en"], zones[0].Name["en"] = "x", "x"
	s.Led("u")[0], s.ZonesOf("u")[0], s.Below("n")[0] = "x", "x", "x"
	unit, _ := s.Unit("n")
	zone, _ := s.Zone("z")
	if s.Led("u")[0] != "n" || s.ZonesOf("u")[0] != "z" || s.RoleMembers("r")[0] != "u" || s.Below("n")[0] != "n" ||
		unit.Deputies[0] != "u" || unit.Name["en"] != "N" || zone.Name["en"] != "Z" {
		t.Error("a snapshot changed")
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	users := []org.User{
		{ID: "a", Username: "Ann", Unit: "none", Manager: "none", Zones: ids("z", "none")},
		{ID: "a", Username: "ａｎｎ", Away: []org.Span{{From: 2026_03_02, To: 2026_03_01}, {From: 2026_02_31, To: 2026_03_01}}},
		{ID: "", Username: " "},
		{ID: "b", Username: "b", Manager: "c"},
		{ID: "c", Username: "c", Manager: "b"},
		{ID: "d", Username: "d", Manager: "b"},
	}
	units := []org.Unit{
		{ID: "n", Parent: "none", Manager: "none", Deputies: ids("a", "none"), Zone: "none"},
		{ID: "n"},
		{ID: "p", Parent: "p"},
		{ID: "q", Parent: "s"},
		{ID: "r", Parent: "q"},
		{ID: "s", Parent: "r"},
	}
	zones := []org.Zone{{ID: "z", Key: "k"}, {ID: "z", Key: "k"}, {ID: "y"}}
	_, err := org.NewSnapshot(1, users, units, zones)
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid || e.Code != "org.invalid" {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, i := range e.Issues {
		got = append(got, i.Path+" "+i.Code)
	}
	slices.Sort(got)
	want := []string{
		"/units/0/deputies/1 org.userMissing", "/units/0/manager org.userMissing", "/units/0/parent org.unitMissing", "/units/0/zone org.zoneMissing",
		"/units/1/id org.unitDuplicate", "/units/2/parent org.unitCycle", "/units/3/parent org.unitCycle",
		"/users/0/manager org.userMissing", "/users/0/unit org.unitMissing", "/users/0/zones/1 org.zoneMissing",
		"/users/1/away/0 org.away", "/users/1/away/1 org.away", "/users/1/id org.userDuplicate", "/users/1/username org.usernameDuplicate",
		"/users/2/id org.idRequired", "/users/2/username org.usernameRequired", "/users/3/manager org.managerCycle",
		"/zones/1/id org.zoneDuplicate", "/zones/1/key org.zoneKeyDuplicate", "/zones/2/key org.zoneKeyRequired",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, i := range e.Issues {
		if i.Path == "/units/3/parent" && fmt.Sprint(i.Args["path"]) != "[q s r q]" {
			t.Errorf("the way round is %v", i.Args["path"])
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	chain := func(n int) []org.Unit {
		units := make([]org.Unit, n)
		for i := range units {
			units[i].ID = value.ID(fmt.Sprint("n", i))
			if i > 0 {
				units[i].Parent = units[i-1].ID
			}
		}
		return units
	}
	if _, err := org.NewSnapshot(1, nil, chain(org.MaxDepth), nil); err != nil {
		t.Errorf("%d levels: %v", org.MaxDepth, err)
	}
	_, err := org.NewSnapshot(1, nil, chain(org.MaxDepth+2), nil)
	var e *fault.Error
	if !errors.As(err, &e) || len(e.Issues) != 2 || e.Issues[0].Code != "org.unitTooDeep" {
		t.Errorf("two levels too many: %v", err)
	}
	// A long circle, and a long chain of people into a circle, end soon.
	units := chain(20000)
	units[0].Parent = units[len(units)-1].ID
	people := make([]org.User, 20000)
	for i := range people {
		people[i] = org.User{ID: value.ID(fmt.Sprint(i)), Username: fmt.Sprint(i), Manager: value.ID(fmt.Sprint(max(i-1, 0)))}
	}
	_, err = org.NewSnapshot(1, people, units, nil)
	if !errors.As(err, &e) || len(e.Issues) != 2 {
		t.Errorf("a circle of units and one of people: %d issues", len(e.Issues))
	}
}

// anyUnits draws a forest in any order of its nodes.
func anyUnits() *rapid.Generator[[]org.Unit] {
	return rapid.Custom(func(t *rapid.T) []org.Unit {
		units := make([]org.Unit, rapid.IntRange(1, 24).Draw(t, "units"))
		for i := range units {
			units[i].ID = value.ID(fmt.Sprint("n", i))
			if above := rapid.IntRange(-1, i-1).Draw(t, "above"); above >= 0 {
				units[i].Parent = units[above].ID
			}
			units[i].Zone = rapid.SampledFrom(ids("", "", "z0", "z1")).Draw(t, "zone")
			units[i].Manager = rapid.SampledFrom(ids("", "u0", "u1", "u2")).Draw(t, "manager")
		}
		return rapid.Permutation(units).Draw(t, "units in any order")
	})
}

// The lookups agree with what following parents one by one says.
func TestLookupsAgreeWithTheParents(t *testing.T) {
	zones := []org.Zone{{ID: "z0", Key: "0"}, {ID: "z1", Key: "1"}}
	rapid.Check(t, func(t *rapid.T) {
		units := anyUnits().Draw(t, "units")
		parent, linked := make(map[value.ID]value.ID), make(map[value.ID]value.ID)
		var all []value.ID
		for _, u := range units {
			parent[u.ID], linked[u.ID] = u.Parent, u.Zone
			all = append(all, u.ID)
		}
		users := make([]org.User, 5)
		for i := range users {
			users[i] = org.User{
				ID: value.ID(fmt.Sprint("u", i)), Username: fmt.Sprint("u", i), Active: rapid.Bool().Draw(t, "active"),
				Unit: rapid.SampledFrom(append(ids(""), all...)).Draw(t, "home"),
			}
		}
		s, err := org.NewSnapshot(1, users, units, zones)
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range all {
			path := []value.ID{}
			for at := unit; at != ""; at = parent[at] {
				path = append(path, at)
			}
			if got := s.Path(unit); !slices.Equal(got, path) {
				t.Fatalf("path of %s is %v, want %v", unit, got, path)
			}
			below, people := s.Below(unit), []value.ID{}
			for _, other := range all {
				within := slices.Contains(s.Path(other), unit)
				if s.Within(other, unit) != within || slices.Contains(below, other) != within {
					t.Fatalf("%s within %s: %v and %v, want %v", other, unit, s.Within(other, unit), below, within)
				}
			}
			for _, u := range users {
				if u.Active && slices.Contains(below, u.Unit) {
					people = append(people, u.ID)
				}
			}
			if got := s.MembersBelow(unit); !slices.Equal(got, people) {
				t.Fatalf("members below %s: %v, want %v", unit, got, people)
			}
		}
		for _, u := range users {
			want := []value.ID{}
			for at := u.Unit; at != "" && len(want) == 0; at = parent[at] {
				if linked[at] != "" {
					want = append(want, linked[at])
				}
			}
			zonesOf := s.ZonesOf(u.ID)
			if !slices.Equal(zonesOf, want) {
				t.Fatalf("zones of %s: %v, want %v", u.ID, zonesOf, want)
			}
			for _, zone := range zonesOf {
				if slices.Contains(s.ZoneMembers(zone), u.ID) != u.Active {
					t.Fatalf("%s (active %v) among %v", u.ID, u.Active, s.ZoneMembers(zone))
				}
			}
			for _, unit := range units {
				if slices.Contains(s.Led(u.ID), unit.ID) != (unit.Manager == u.ID) {
					t.Fatalf("%s leads %v", u.ID, s.Led(u.ID))
				}
			}
		}
	})
}

// A circle anywhere is found, and only then.
func TestCirclesAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		units := make([]org.Unit, n)
		for i := range units {
			units[i].ID = value.ID(fmt.Sprint(i))
			if above := rapid.IntRange(-1, n-1).Draw(t, "above"); above >= 0 {
				units[i].Parent = value.ID(fmt.Sprint(above))
			}
		}
		inCircle := 0
		for i := range units {
			at := units[i].Parent
			for steps := 0; at != "" && at != units[i].ID && steps < n; steps++ {
				var k int
				if _, err := fmt.Sscan(string(at), &k); err != nil {
					t.Fatal(err)
				}
				at = units[k].Parent
			}
			if at == units[i].ID {
				inCircle++
			}
		}
		_, err := org.NewSnapshot(1, nil, units, nil)
		told := 0
		var e *fault.Error
		if errors.As(err, &e) {
			for _, i := range e.Issues {
				told += len(i.Args["path"].([]string)) - 1
			}
		}
		if told != inCircle {
			t.Fatalf("%d stand in circles, told of %d: %v", inCircle, told, err)
		}
	})
}

func TestPrincipals(t *testing.T) {
	s := house(t)
	cases := []struct {
		holders org.Holders
		want    string
	}{
		{org.Holders{}, ""},
		{org.Holders{People: ids("", ""), Units: ids(""), Zones: ids("")}, ""},
		{org.Holders{People: ids("u-bob", "u-ann", "u-bob"), Zones: ids("z-e")}, "user:u-ann user:u-bob zone:z-e"},
		{org.Holders{Units: ids("port")}, "under:east under:hq under:port unit:port"},
		{org.Holders{Units: ids("port", "west")}, "under:east under:hq under:port under:west unit:port unit:west"},
		{org.Holders{Units: ids("gone")}, "under:gone unit:gone"},
	}
	for _, c := range cases {
		if got := strings.Join(s.Principals(c.holders), " "); got != c.want {
			t.Errorf("%v: %s, want %s", c.holders, got, c.want)
		}
	}
}
