package people_test

import (
	"context"
	"path/filepath"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/store"
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
	// Another process begins with what is there, not with what it has read before.
	change(t, other, func(d *people.Draft) { d.PutUser(org.User{ID: "u2", Username: "bert", Active: true}) })
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, book := range []*people.Book{b, other, again(t, s)} {
		if n := len(book.Org().Users()); n != 2 {
			t.Errorf("%d users", n)
		}
	}
	err := other.Change(t.Context(), func(d *people.Draft) error {
		d.PutUser(org.User{ID: "u3", Username: "Anna", Active: true})
		return nil
	})
	if fault.CodeOf(err) != "org.invalid" {
		t.Errorf("a name that another process has taken: %v", err)
	}
}

func TestMovesAreRememberedUntilTheRecordsHaveFollowed(t *testing.T) {
	b, s := open(t)
	unit := func(id, parent value.ID) org.Unit {
		return org.Unit{ID: id, Parent: parent, Name: map[string]string{"en": string(id)}}
	}
	change(t, b, func(d *people.Draft) {
		d.PutUnit(unit("a", ""))
		d.PutUnit(unit("b", ""))
		d.PutUnit(unit("c", "a"))
		d.PutUser(org.User{ID: "u1", Username: "anna", Active: true, Unit: "c"})
	})
	if b.Org().Moving().Any() {
		t.Error("what is new has moved")
	}
	var asked []int64
	b.Entails = func(revision int64) (func(context.Context, store.Tx) error, error) {
		asked = append(asked, revision)
		return func(context.Context, store.Tx) error { return nil }, nil
	}
	change(t, b, func(d *people.Draft) { d.PutUnit(unit("c", "b")) })
	change(t, b, func(d *people.Draft) {
		d.PutUser(org.User{ID: "u1", Username: "anna", Name: "Anna", Active: true, Unit: "c"})
	})
	change(t, b, func(d *people.Draft) { d.PutUser(org.User{ID: "u1", Username: "anna", Active: true, Unit: "b"}) })
	settle := func(revision int64) {
		t.Helper()
		if err := s.Tx(t.Context(), func(tx store.Tx) error { return b.Settle(t.Context(), tx, revision) }); err != nil {
			t.Fatal(err)
		}
		if err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 2 {
		t.Fatalf("work for the moves of %v", asked)
	}
	settle(asked[0]) // the later move is not done yet
	for _, book := range []*people.Book{b, again(t, s)} {
		if m := book.Org().Moving(); len(m.Units) != 1 || m.Units[0] != "c" || len(m.People) != 1 || m.People[0] != "u1" {
			t.Errorf("moving: %+v", m)
		}
	}
	settle(asked[1])
	for _, book := range []*people.Book{b, again(t, s)} {
		if book.Org().Moving().Any() {
			t.Errorf("still moving: %+v", book.Org().Moving())
		}
	}
	change(t, b, func(d *people.Draft) { d.PutUser(org.User{ID: "u2", Username: "bert", Active: true}) })
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
