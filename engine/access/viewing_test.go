package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Whoever sees the app as somebody else reads what the oracle says that both of them read, each field as far as the
// oracle says that both of them see it, and changes nothing.
func TestWhatIsSeenAsSomebodyElseAgreesWithTheOracle(t *testing.T) {
	count, seed := trials(t)
	count /= 2
	d := dice{rand.New(rand.NewPCG(seed, 2))}
	seen := tally{}
	for n := 0; n < count; {
		m := newModel(t, d)
		for range 6 {
			viewed, c := m.asker(t)
			viewed.token, c.Actor.Scopes = nil, nil // whoever came with that token is another session
			viewer, by := m.asker(t)
			c.Actor = access.As(by.Actor, c.Actor)
			c.Viewer = &by
			decision := access.Decide(c).Within(c.Actor, "thing")
			for range 5 {
				n++
				h, r := m.record(pick(m.dice, viewed.user, viewer.user))
				if said := m.viewedDiffers(viewed, viewer, decision, h, r, seen); said != "" {
					t.Fatalf("seed %d, trial %d: %s\nviewed %+v\nviewer %+v\nrecord %+v\npools %+v\nfacts %+v", seed, n, said, viewed, viewer, h, m.ponds, m.facts)
				}
			}
		}
	}
	for _, cell := range []string{
		"read true true", "read true false", "read false true", "read false false", "sight 0 0", "sight 0 1", "sight 0 2", "sight 1 0", "sight 2 0",
		"sight 1 2", "token true", "sort true", "sort false",
	} {
		t.Logf("%-20s %5.1f %%", cell, float64(seen[cell])*100/float64(count))
		if seen[cell]*200 < count {
			t.Errorf("%q was hit %d times in %d: less than one in two hundred", cell, seen[cell], count)
		}
	}
}

func (m *model) viewedDiffers(viewed, viewer holder, d *access.Decision, h holding, r *value.Record, seen tally) string {
	one, other := m.may(viewed, meta.Read, h, m.ponds), m.may(viewer, meta.Read, h, m.ponds)
	seen.hit("read", one, other)
	seen.hit("token", viewer.token != nil)
	within, err := d.Restrict(meta.Read, nil, none)
	if got := d.Reaches(meta.Read, r); got != (one && other) || err != nil || query.Match(within.Filter, r) != got {
		return fmt.Sprintf("read: got %v, oracle %v and %v; listed: %v", got, one, other, err)
	}
	for _, verb := range []meta.Verb{meta.Update, meta.Delete, meta.Export} {
		if d.May(verb) || d.Reaches(verb, r) {
			return string(verb) + " is allowed"
		}
	}
	if d.MayCreate() || d.MayAct() || d.MayWrite("secret", r) || d.MayWrite("open", r) || d.MayWrite("open", nil) || d.MayWriteSome("secret") ||
		d.MayWriteSome("open") || d.MayShare(r) || d.MayTakeBack(r) || d.Helps(r) {
		return "something is changed"
	}
	guest := m.guest(viewed, h) && other
	if got := query.Match(d.Guest(), r); got != guest {
		return fmt.Sprintf("shared with them: got %v, oracle %v", got, guest)
	}
	if !one || !other {
		return ""
	}
	a, b := m.sight(viewed, h, m.ponds), m.sight(viewer, h, m.ponds)
	seen.hit("sight", int(a), int(b))
	if got := d.Sees("secret", r); got != max(a, b) {
		return fmt.Sprintf("sight: got %v, oracle %v and %v", got, a, b)
	}
	ordered := m.ordered(viewed, m.ponds) && m.ordered(viewer, m.ponds)
	seen.hit("sort", ordered)
	if err := d.SortReadable(query.At("secret")); (err == nil) != ordered {
		return fmt.Sprintf("sort: %v, oracle %v", err, ordered)
	}
	return m.question(d, r, max(a, b), seen)
}

// A decision in which the viewer was forgotten, or is another, shows nothing.
func TestNobodySeesAnythingThroughAForgottenViewer(t *testing.T) {
	s := snapshot(t, []org.User{{ID: "u", Username: "u", Active: true}, {ID: "v", Username: "v", Active: true, Admin: true}}, nil)
	all := catalog.Grant{Scope: meta.ScopeAll}
	rights := []catalog.Rights{{Create: true, Read: all, Update: all}}
	viewer := access.Case{Actor: value.Actor{User: "v", Admin: true}, People: s, Roles: rights}
	c := access.Case{Actor: access.As(viewer.Actor, value.Actor{User: "u"}), People: s, Roles: rights}
	stranger := access.Case{Actor: value.Actor{User: "u"}, People: s, Roles: rights}
	for name, one := range map[string]struct {
		viewer *access.Case
		reads  bool
	}{"the viewer": {&viewer, true}, "nobody": {nil, false}, "another": {&stranger, false}} {
		c.Viewer = one.viewer
		d := access.Decide(c).Within(c.Actor, "thing")
		if d.May(meta.Read) != one.reads || d.MayWrite("any", nil) || d.May(meta.Update) || d.MayCreate() || d.MayAct() {
			t.Errorf("%s: not as it should be", name)
		}
	}
}

func TestWhoSeesTheAppAsWhom(t *testing.T) {
	users := []org.User{
		{ID: "admin", Username: "admin", Active: true, Admin: true}, {ID: "chief", Username: "chief", Active: true, Unit: "top"},
		{ID: "near", Username: "near", Active: true, Unit: "top"}, {ID: "below", Username: "below", Active: true, Unit: "low"},
		{ID: "away", Username: "away", Active: true, Unit: "other"}, {ID: "gone", Username: "gone", Unit: "low"}, {ID: "nowhere", Username: "nowhere", Active: true},
	}
	name := map[string]string{"en": "n"}
	s := snapshot(t, users, []org.Unit{{ID: "top", Name: name, Manager: "chief"}, {ID: "low", Name: name, Parent: "top"}, {ID: "other", Name: name}})
	as := func(id value.ID, scopes ...string) value.Actor {
		actor, _ := s.Actor(id)
		actor.Scopes = scopes
		return actor
	}
	viewing := access.As(as("admin"), as("chief"))
	for _, c := range []struct {
		who  value.Actor
		whom value.ID
		code string
	}{
		{as("admin"), "away", ""}, {as("admin"), "nowhere", ""}, {as("admin"), "admin", "viewing.mayNot"}, {as("admin"), "gone", "user.unknown"},
		{as("admin"), "nobody", "user.unknown"}, {as("chief"), "near", ""}, {as("chief"), "below", ""}, {as("chief"), "away", "viewing.mayNot"},
		{as("chief"), "admin", "viewing.mayNot"}, {as("chief"), "nowhere", "viewing.mayNot"}, {as("chief"), "chief", "viewing.mayNot"},
		{as("near"), "below", "viewing.mayNot"}, {as("near"), "gone", "viewing.mayNot"}, {as("admin", "admin"), "away", "access.scope"},
		{viewing, "below", "viewing.readOnly"}, {value.SystemActor("reclaim"), "away", "viewing.mayNot"},
	} {
		if got := fault.CodeOf(access.MayView(c.who, s, c.whom)); got != c.code {
			t.Errorf("%s as %s: %q, want %q", c.who.Key(), c.whom, got, c.code)
		}
		if got := access.StillViews(c.who, s, c.whom); got != (c.code == "") {
			t.Errorf("%s still as %s: %v", c.who.Key(), c.whom, got)
		}
	}
	for id, want := range map[value.ID]bool{"admin": true, "chief": true, "near": false} {
		if access.Views(as(id), s) != want {
			t.Errorf("%s: not %v", id, want)
		}
	}
	if viewing.Key() != "admin" || viewing.User != "chief" || viewing.Admin || access.As(as("chief"), as("admin")).Admin {
		t.Errorf("%+v", viewing)
	}
	for scope, want := range map[string][]string{"read": {"read"}, "write": {"read"}, "write:thing": {"read:thing"}, "export": {}, "admin": {}} {
		if got := access.As(as("admin", scope), as("chief")).Scopes; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", scope, got, want)
		}
	}
	for what, err := range map[string]error{
		"viewing.readOnly": access.Passive(viewing), "viewing.private": access.InPerson(viewing), "access.admin": access.Administer(viewing),
	} {
		if fault.CodeOf(err) != what {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if err := access.Change(viewing); fault.CodeOf(err) != "viewing.readOnly" {
		t.Error(err)
	}
	if access.Passive(as("chief")) != nil || access.InPerson(as("chief")) != nil {
		t.Error("whoever is there in person is refused")
	}
	for _, c := range []struct {
		viewer value.ID
		list   []meta.Who
		want   bool
	}{{"admin", []meta.Who{{One: "unit:top"}}, false}, {"near", []meta.Who{{One: "unit:top"}}, true}, {"near", []meta.Who{{One: "user:near"}}, false}} {
		if access.Among(c.list, access.As(as(c.viewer), as("chief")), s, "") != c.want {
			t.Errorf("%s among %v: not %v", c.viewer, c.list, c.want)
		}
	}
}
