package tenant_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// copies copies tenants and returns what each came to, by name.
func copies(t *testing.T, from, to string, change ...func(*tenant.Copying)) (map[string]tenant.Copied, error) {
	t.Helper()
	done := map[string]tenant.Copied{}
	c := tenant.Copying{From: config(from), To: config(to), Done: func(one tenant.Copied) { done[one.Tenant.Name] = one }}
	for _, do := range change {
		do(&c)
	}
	return done, tenant.Copy(t.Context(), c)
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// saves tells what comes of writing in a tenant.
func saves(t *testing.T, d *tenant.Directory, id string) (err error) {
	t.Helper()
	with(t, d, id, func(opened *tenant.Tenant) {
		err = opened.People.Change(t.Context(), func(draft *people.Draft) error {
			draft.PutUser(org.User{ID: d.NewID(), Username: string(d.NewID()), Active: true})
			return nil
		})
	})
	return err
}

func TestTenantsMoveWhileTheyAreRead(t *testing.T) {
	at, there, back := t.TempDir(), t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	addUser(t, d, a.ID, "anna")
	first, err := copies(t, at, there)
	if err != nil || len(first) != 2 || first["alpha"].Was {
		t.Fatalf("%+v, %v", first, err)
	}
	if !hasUser(t, d, a.ID, "anna") {
		t.Error("it cannot be read")
	}
	wantCode(t, saves(t, d, a.ID), "store.moving")
	wantCode(t, saves(t, d, b.ID), "store.moving")

	second, err := copies(t, there, back)
	if err != nil {
		t.Fatal(err)
	}
	for name := range first {
		if one, other := first[name].Sums.Total(), second[name].Sums.Total(); one != other {
			t.Errorf("%s came to %s and then to %s", name, one, other)
		}
	}
	moved := open(t, config(back))
	if got, _ := moved.ByName("alpha"); got.ID != a.ID || !got.CreatedAt.Equal(a.CreatedAt) {
		t.Errorf("the tenant is %+v, was %+v", got, a)
	}
	if !hasUser(t, moved, a.ID, "anna") || hasUser(t, moved, b.ID, "anna") {
		t.Error("a person is lost, or in another tenant")
	}
	if err := saves(t, moved, a.ID); err != nil {
		t.Errorf("the copy cannot be written: %v", err)
	}
	if err := tenant.Reopen(t.Context(), tenant.Folder(at), []string{"alpha"}); err != nil {
		t.Fatal(err)
	}
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("reopened: %v", err)
	}
	wantCode(t, saves(t, d, b.ID), "store.moving")
}

func TestACopyGoesOnWhereItStopped(t *testing.T) {
	at, there := t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	if _, err := copies(t, at, there, func(c *tenant.Copying) { c.Names = []string{"beta"} }); err != nil {
		t.Fatal(err)
	}
	if err := tenant.Reopen(t.Context(), tenant.Folder(at), nil); err != nil {
		t.Fatal(err)
	}
	// A process that was killed has left a half of the other one.
	if err := os.WriteFile(filepath.Join(there, "tenants", a.ID+".db"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := copies(t, at, there)
	if err != nil || done["alpha"].Was || !done["beta"].Was {
		t.Errorf("%+v, %v", done, err)
	}
	if err := tenant.Reopen(t.Context(), tenant.Folder(at), nil); err != nil {
		t.Fatal(err)
	}
	addUser(t, d, b.ID, "berta")
	_, err = copies(t, at, there)
	wantCode(t, err, "carry.notEmpty")
	if err := saves(t, d, b.ID); err != nil {
		t.Errorf("after a copy that failed: %v", err)
	}
}

func TestACopyThatFailsLeavesEverythingAsItWas(t *testing.T) {
	at, there := t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a := create(t, d, "alpha")
	with(t, d, a.ID, func(opened *tenant.Tenant) {
		for _, key := range []string{"a", "b", "c", "d"} {
			item := store.Item{Key: key, Body: make([]byte, 100_000)}
			if err := opened.Store.Save(t.Context(), "large", item, 0); err != nil {
				t.Fatal(err)
			}
		}
	})
	dies, die := context.WithCancel(t.Context())
	for code, change := range map[string]func(*tenant.Copying){
		"store.full":     func(c *tenant.Copying) { c.To.MaxPages = 60 },
		"tenant.unknown": func(c *tenant.Copying) { c.Names = []string{"nobody"} },
		"store.missing":  func(c *tenant.Copying) { c.From = config(t.TempDir()) },
	} {
		_, err := copies(t, at, there, change)
		wantCode(t, err, code)
	}
	c := tenant.Copying{From: config(at), To: config(there), Tell: func(tenant.Entry, string, int64) { die() }}
	if err := tenant.Copy(dies, c); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(there, "tenants", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("the source cannot be written: %v", err)
	}

	target := open(t, config(there))
	_, err := copies(t, at, there)
	wantCode(t, err, "store.lock")
	create(t, target, "alpha")
	if err := target.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = copies(t, at, there)
	wantCode(t, err, "tenant.taken")
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("the source cannot be written: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"data": "sqlite:data", "sqlite:/var/lib/tide": "sqlite:/var/lib/tide", "": "", "sqlite:": "", "http://u:secret@host/x": "",
	} {
		at, err := tenant.ParseAddress(text)
		if want == "" {
			wantCode(t, err, "config.invalid")
		} else if err != nil || at.String() != want {
			t.Errorf("%s: %s, %v", text, at, err)
		}
	}
}
