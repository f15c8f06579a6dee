package publish_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/publish"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// dying is a store whose process is killed after so many writes: nothing is written from then on.
type dying struct {
	store.Store
	left int
}

var errKilled = errors.New("killed")

func (d *dying) step() error {
	if d.left == 0 {
		return errKilled
	}
	d.left--
	return nil
}

func (d *dying) Save(ctx context.Context, collection string, item store.Item, was int64) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.Save(ctx, collection, item, was)
}

func (d *dying) Drop(ctx context.Context, collection, key string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.Drop(ctx, collection, key)
}

func (d *dying) Tx(ctx context.Context, do func(store.Tx) error) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.Tx(ctx, do)
}

func (d *dying) Prepare(ctx context.Context, forms []store.Form, progress func(done, total int)) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.Store.Prepare(ctx, forms, progress)
}

// admin is somebody who may publish.
func admin() value.Actor { return value.Actor{User: "u1", Name: "Anna", Admin: true} }

// draft drafts the form of a bundle.
func draft(t *testing.T, d *publish.Desk, b map[string][]byte) {
	t.Helper()
	const path = "forms/book/form.json"
	seen, err := d.Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Put(t.Context(), path, seen.Tag, string(b[path])); err != nil {
		t.Fatal(err)
	}
}

// TestAPublicationKilledAnywhereIsAllOrNothing kills the process after each write of a publication that
// drops one field with its index and adds another that is unique: what is found afterwards is the old
// version or the new one, whole, and the store serves it.
func TestAPublicationKilledAnywhereIsAllOrNothing(t *testing.T) {
	unique := bundle("1.0.0", "code")
	unique["forms/book/form.json"] = []byte(strings.Replace(string(unique["forms/book/form.json"]), `"x-index": true}}}`, `"x-unique": true}}}`, 1))
	finished := false
	for kill := 0; !finished; kill++ {
		p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
		install(t, p, bundle("1.0.0", "shelf"))
		desk, err := p.Desk(admin())
		if err != nil {
			t.Fatal(err)
		}
		draft(t, desk, unique)

		dies := &dying{Store: s.Store, left: kill}
		mortal, err := publish.Open(t.Context(), publish.Config{Store: dies, Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if desk, err = mortal.Desk(admin()); err != nil {
			t.Fatal(err)
		}
		_, err = desk.Publish(t.Context(), publish.Order{})
		finished = err == nil && dies.left > 0
		if err != nil && !errors.Is(err, errKilled) {
			t.Fatalf("after %d writes: %v", kill, err)
		}

		again := service(t, s)
		field, number, left := value.FieldKey("shelf"), int64(1), 1
		if err == nil {
			field, number, left = "code", 2, 0
		}
		if desk, err = again.Desk(admin()); err != nil {
			t.Fatal(err)
		}
		if got := desk.Active().Number; got != number {
			t.Errorf("killed after %d writes: publication %d is active, want %d", kill, got, number)
		}
		holds(t, again, "1.0.0", string(field))
		if found, err := desk.Drafts(t.Context()); err != nil || len(found) != left {
			t.Errorf("killed after %d writes: %d drafts, %v", kill, len(found), err)
		}
		list := query.List{Form: "book", Filter: query.Where(field, query.Eq, "a"), Limit: 1}
		if _, err := s.List(t.Context(), list); err != nil {
			t.Errorf("killed after %d writes: %v", kill, err)
		}
		// What only the killed one holds unique does not bind, and what is active does.
		for n := range 2 {
			r := &value.Record{ID: value.ID(rune('a' + n)), Form: "book", Version: 1, Values: value.Doc{"name": "x", "code": "same"}}
			err := s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) })
			if taken := err != nil; taken != (n == 1 && number == 2) {
				t.Errorf("killed after %d writes: record %d: %v", kill, n, err)
			}
		}
	}
}

func TestAnotherProcessHearsOfAPublication(t *testing.T) {
	p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	other := service(t, s)
	install(t, p, bundle("1.0.0"))
	for _, version := range []string{"1.0.0", "1.1.0"} {
		install(t, p, bundle(version))
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		holds(t, other, version, "name")
	}
	// Who has not heard does so first, and publishes upon what there is.
	late := service(t, s)
	install(t, p, bundle("1.2.0", "shelf"))
	desk, err := late.Desk(admin())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Install(t.Context(), bundle("1.3.0"), nil); err != nil {
		t.Fatal(err)
	}
	before, err := desk.Publication(t.Context(), desk.Active().Number-1)
	if err != nil || before.Version != "1.2.0" {
		t.Errorf("it has published upon %+v, %v", before, err)
	}
	holds(t, late, "1.3.0", "name")
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	holds(t, p, "1.3.0", "name")
}

func TestWhatOnlyOlderOnesNeededIsDroppedLater(t *testing.T) {
	_, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	p, err := publish.Open(t.Context(), publish.Config{Store: s, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	install(t, p, bundle("1.0.0", "shelf"))
	install(t, p, bundle("1.1.0"))
	serves := func() bool {
		_, err := s.List(t.Context(), query.List{Form: "book", Filter: query.Where("shelf", query.Eq, "a"), Limit: 1})
		return err == nil
	}
	if err := p.Tidy(t.Context()); err != nil || !serves() {
		t.Errorf("a request under way is not served any more: %v", err)
	}
	now = now.Add(2 * time.Minute)
	if err := p.Tidy(t.Context()); err != nil || serves() {
		t.Errorf("nothing was dropped: %v", err)
	}
}

// between is a store as a process has it in whose publication something happens once, when all is prepared and the
// pointer is about to move.
type between struct {
	store.Store
	happens func()
}

func (b *between) Tx(ctx context.Context, do func(store.Tx) error) error {
	if happens := b.happens; happens != nil {
		b.happens = nil
		happens()
	}
	return b.Store.Tx(ctx, do)
}

// TestOthersLeaveAPublicationThatIsUnderWayAlone lets another process open, tidy up and publish while one is about to
// publish: what it has prepared stays, and it alone publishes.
func TestOthersLeaveAPublicationThatIsUnderWayAlone(t *testing.T) {
	p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	install(t, p, bundle("1.0.0", "shelf"))
	b := &between{Store: s}
	slow, err := publish.Open(t.Context(), publish.Config{Store: b, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	asked := false
	b.happens = func() {
		asked = true
		other, err := publish.Open(t.Context(), publish.Config{Store: s, Clock: func() time.Time { return time.Now().Add(time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Tidy(t.Context()); err != nil {
			t.Errorf("tidying up: %v", err)
		}
		if _, err := other.Install(t.Context(), bundle("1.2.0")); fault.CodeOf(err) != "publish.running" {
			t.Errorf("a second publication at once: %v", err)
		}
	}
	install(t, slow, bundle("1.1.0", "code"))
	if !asked {
		t.Fatal("nothing happened in between")
	}
	_, err = s.List(t.Context(), query.List{Form: "book", Filter: query.Where("code", query.Eq, "a"), Limit: 1})
	if err != nil {
		t.Errorf("what was prepared was taken away: %v", err)
	}
	holds(t, slow, "1.1.0", "code")
}
