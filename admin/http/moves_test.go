package http_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/runtime/tenant"
)

// titles lists the names of the records that a caller sees, sorted.
func (c *caller) titles() string {
	c.site.t.Helper()
	var out []string
	for _, r := range c.get("/forms/asset/records?limit=100").is(200).list("records") {
		values, _ := r["values"].(object)
		name, _ := values["name"].(string)
		out = append(out, name)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// work does what is due in the background.
func (s *site) work(name string) {
	s.t.Helper()
	s.in(name, func(t *tenant.Tenant) {
		for {
			worked, err := t.Engine.Jobs.RunOnce(s.t.Context())
			// The server's own worker may be publishing: that is tried again later.
			if fault.CodeOf(err) != "publish.running" {
				must(s.t, err)
			}
			if worked {
				continue
			}
			active, err := t.Engine.Jobs.Active(s.t.Context())
			must(s.t, err)
			if active[job.Queued]+active[job.Running] == 0 {
				break
			}
			// The server's own worker is at it, or it waits for its next try.
			s.clock.add(time.Second)
		}
		must(s.t, t.People.Refresh(s.t.Context()))
	})
}

// TestSightIsRightAfterAMove moves a unit and then a person: at no moment does anybody see what neither
// their old nor their new place gives them, and in the end all see what the new one does.
func TestSightIsRightAfterAMove(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit("/admin/drafts/roles/viewer.json", `"read": {"scope": "all"}`, `"read": {"scope": "unitBelow"}`)
	admin.edit("/admin/drafts/roles/keeper.json", `"read": {"scope": "all"}`, `"read": {"scope": "own"}`)
	admin.publish(object{})
	unit := func(name, parent string) string {
		return admin.make("/admin/units", object{"name": english(name), "parent": parent})
	}
	top := unit("Top", "")
	north, south := unit("North", top), unit("South", top)
	team := unit("Team", north)
	person := func(name, unit string, roles ...string) (id string, c *caller) {
		id, first := admin.makeUser(object{"username": name, "name": name, "unit": unit, "roles": roles})
		s.with("one", name, first).post("/me/password", object{"current": first, "new": "battery staple"}).is(204)
		return id, s.with("one", name, "battery staple")
	}
	headNorth, hn := person("headnorth", north, "viewer")
	headSouth, hs := person("headsouth", south, "viewer")
	worker, w := person("worker", team, "keeper")
	_, head := person("head", top, "viewer")
	for unit, manager := range map[string]string{north: headNorth, south: headSouth} {
		admin.change("/admin/units/"+unit, object{"manager": manager}).is(200)
	}
	w.post("/forms/asset/records", object{"values": object{"name": "Saw", "owner": worker}}).is(201)
	see := func(when, ofNorth, ofSouth string) {
		t.Helper()
		if n, so, all, own := hn.titles(), hs.titles(), head.titles(), w.titles(); n != ofNorth || so != ofSouth || all != "Saw" || own != "Saw" {
			t.Errorf("%s: north sees %q, south %q, the top %q, the owner %q", when, n, so, all, own)
		}
	}
	see("at first", "Saw", "")

	admin.change("/admin/units/"+team, object{"parent": south}).is(200)
	see("as soon as the team has moved", "", "Saw")
	w.post("/forms/asset/records", object{"values": object{"name": "Axe", "owner": worker}}).is(201)
	if n, so := hn.titles(), hs.titles(); n != "" || so != "Axe Saw" {
		t.Errorf("a new record: north sees %q, south %q", n, so)
	}
	s.clock.add(time.Minute)
	s.work("one")
	if n, so := hn.titles(), hs.titles(); n != "" || so != "Axe Saw" {
		t.Errorf("after the records have followed: north sees %q, south %q", n, so)
	}
	s.in("one", func(tn *tenant.Tenant) {
		if tn.People.Org().Moving().Any() {
			t.Error("the records have followed, and nobody says so")
		}
		found, err := tn.Engine.Verify(t.Context())
		must(t, err)
		if len(found) > 0 {
			t.Errorf("verify: %v", found)
		}
	})

	// A person takes their records along, for they name no unit of their own: until these have followed,
	// neither unit's head sees them.
	admin.change("/admin/users/"+worker, object{"unit": north}).is(200)
	if n, so, own := hn.titles(), hs.titles(), w.titles(); n != "" || so != "" || own != "Axe Saw" {
		t.Errorf("as soon as the person has moved: north sees %q, south %q, the owner %q", n, so, own)
	}
	s.clock.add(time.Minute)
	s.work("one")
	if n, so, all := hn.titles(), hs.titles(), head.titles(); n != "Axe Saw" || so != "" || all != "Axe Saw" {
		t.Errorf("in the end: north sees %q, south %q, the top %q", n, so, all)
	}
}
