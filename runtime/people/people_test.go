package people_test

import (
	"path/filepath"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
	"tidewater/runtime/people"
)

func open(t *testing.T) (*people.Book, *sqlite.Store) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return again(t, s), s
}

func again(t *testing.T, s *sqlite.Store) *people.Book {
	t.Helper()
	b, err := people.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func change(t *testing.T, b *people.Book, do func(*people.Draft)) {
	t.Helper()
	if err := b.Change(t.Context(), func(d *people.Draft) error { do(d); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsPutIsReadBack(t *testing.T) {
	b, s := open(t)
	anna := org.User{
		ID: "u1", Username: "anna", Name: "Anna", Email: "a@example.com", Phone: "1", Unit: "n1", Zones: []value.ID{"z1"},
		Roles: []string{"keeper"}, Manager: "u2", Active: true, Admin: true, Locale: "en", Away: []org.Span{{From: 20260101, To: 20260102}},
	}
	change(t, b, func(d *people.Draft) {
		d.PutZone(org.Zone{ID: "z1", Key: "north", Name: map[string]string{"en": "North"}})
		d.PutUnit(org.Unit{ID: "n1", Name: map[string]string{"en": "Unit"}, Manager: "u2", Deputies: []value.ID{"u1"}, Zone: "z1"})
		d.PutUser(anna)
		d.PutUser(org.User{ID: "u2", Username: "bert", Active: true})
	})
	for _, book := range []*people.Book{b, again(t, s)} {
		got, ok := book.Org().User("u1")
		if !ok || got.Name != "Anna" || got.Manager != "u2" || len(got.Away) != 1 || got.Away[0].To != 20260102 || !got.Admin {
			t.Errorf("read back: %+v", got)
		}
		if zones := book.Org().ZonesOf("u1"); len(zones) != 1 || zones[0] != "z1" {
			t.Errorf("zones %v", zones)
		}
		if unit, ok := book.Org().Unit("n1"); !ok || len(unit.Deputies) != 1 || unit.Zone != "z1" {
			t.Errorf("unit %+v", unit)
		}
	}
}

func TestWhatDoesNotHoldTogetherChangesNothing(t *testing.T) {
	b, s := open(t)
	change(t, b, func(d *people.Draft) { d.PutUser(org.User{ID: "u1", Username: "anna", Active: true}) })
	err := b.Change(t.Context(), func(d *people.Draft) error {
		d.PutUser(org.User{ID: "u2", Username: "ANNA", Active: true, Manager: "u9"})
		return nil
	})
	if fault.CodeOf(err) != "org.invalid" {
		t.Errorf("%v, want org.invalid", err)
	}
	for _, book := range []*people.Book{b, again(t, s)} {
		if n := len(book.Org().Users()); n != 1 {
			t.Errorf("%d users", n)
		}
	}
	change(t, b, func(d *people.Draft) { d.PutUser(org.User{ID: "u2", Username: "bert", Active: true}) })
}

func TestSomebodyElsesChangeIsNotOverwritten(t *testing.T) {
	b, s := open(t)
	other := again(t, s)
	change(t, b, func(d *people.Draft) { d.PutUser(org.User{ID: "u1", Username: "anna", Active: true}) })
	err := other.Change(t.Context(), func(d *people.Draft) error {
		d.PutUser(org.User{ID: "u2", Username: "bert", Active: true})
		return nil
	})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v, want a conflict", err)
	}
}

func TestStampsGrowWhenSessionsMustEnd(t *testing.T) {
	b, s := open(t)
	anna := org.User{ID: "u1", Username: "anna", Active: true, Roles: []string{"keeper"}}
	put := func(d *people.Draft) { d.PutUser(anna) }
	change(t, b, put)
	was := b.Stamp("u1")
	grows := func(what string, want bool, do func(*people.Draft)) {
		change(t, b, do)
		now := again(t, s).Stamp("u1")
		if now != b.Stamp("u1") || (now > was) != want {
			t.Errorf("%s: the stamp went from %d to %d", what, was, now)
		}
		was = now
	}
	anna.Name = "Anna"
	grows("a name", false, put)
	anna.Roles = []string{"viewer"}
	grows("a role", true, put)
	anna.Active = false
	grows("leaving", true, put)
	anna.Admin = true
	grows("becoming an administrator", true, put)
	grows("a password", true, func(d *people.Draft) { d.SetHash("u1", "hash") })
	if hash, err := b.Hash(t.Context(), "u1"); err != nil || hash != "hash" {
		t.Errorf("hash %q, %v", hash, err)
	}
	if _, err := b.Hash(t.Context(), "u2"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the hash of nobody: %v", err)
	}
}
