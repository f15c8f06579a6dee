package tenant_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	_, err := tenant.Copy(t.Context(), c)
	return done, err
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
	target, err := tenant.Open(config(there))
	if err != nil {
		t.Fatal(err)
	}
	set(t, target, 3) // what is common, and both: the half that is left counts no more once it is taken away
	if err := target.Close(); err != nil {
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
	if _, err := tenant.Copy(dies, c); !errors.Is(err, context.Canceled) {
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

// second does something when the second tenant is on its way.
func second(do func()) func(*tenant.Copying) {
	return func(c *tenant.Copying) {
		first, once := "", sync.Once{}
		c.Tell = func(on tenant.Entry, _ string, _ int64) {
			if first = cmp.Or(first, on.ID); on.ID != first {
				once.Do(do)
			}
		}
	}
}

// wantNone holds that nothing is at a place.
func wantNone(t *testing.T, at string) {
	t.Helper()
	d := open(t, config(at))
	if list := d.List(); len(list) > 0 {
		t.Errorf("at the target there are %v", list)
	}
	if left, err := filepath.Glob(filepath.Join(at, "tenants", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func wantNames(t *testing.T, entries []tenant.Entry, want ...string) {
	t.Helper()
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name)
	}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func TestACopyThatFailsAtTheSecondTenantLeavesTheFirstWhereItWas(t *testing.T) {
	at, there := t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	ctx, die := context.WithCancel(t.Context())
	c := tenant.Copying{From: config(at), To: config(there)}
	second(die)(&c)
	closed, err := tenant.Copy(ctx, c)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	wantNames(t, closed)
	wantNone(t, there)
	for _, id := range []string{a.ID, b.ID} {
		if err := saves(t, d, id); err != nil {
			t.Errorf("where it was: %v", err)
		}
	}
	if done, err := copies(t, at, there); err != nil || len(done) != 2 {
		t.Errorf("again: %v, %v", done, err)
	}
}

// What is written at the source behind a copy's back is not lost: there is no copy.
func TestACopyOfWhatWasReopenedFails(t *testing.T) {
	at, there := t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, _ := create(t, d, "alpha"), create(t, d, "beta")
	_, err := copies(t, at, there, second(func() {
		if err := tenant.Reopen(t.Context(), tenant.Folder(at), nil); err != nil {
			t.Error(err)
		}
		if err := saves(t, d, a.ID); err != nil { // it is copied already
			t.Error(err)
		}
		// Closed again, but not by the copy that goes on.
		if _, err := copies(t, at, t.TempDir()); err != nil {
			t.Error(err)
		}
	}))
	wantCode(t, err, "carry.reopened")
	wantNone(t, there)
}

// One copy never opens what another has closed.
func TestOfTwoCopiesTheLaterTakesOver(t *testing.T) {
	at, one, two := t.TempDir(), t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	var closed []tenant.Entry
	_, err := copies(t, at, one, second(func() {
		var err error
		closed, err = tenant.Copy(t.Context(), tenant.Copying{From: config(at), To: tenant.Config{At: tenant.Folder(two), MaxPages: 2}})
		wantCode(t, err, "store.full")
	}))
	wantCode(t, err, "carry.reopened")
	wantNames(t, closed, "alpha", "beta")
	wantNone(t, one)
	wantNone(t, two)
	wantCode(t, saves(t, d, a.ID), "store.moving")
	wantCode(t, saves(t, d, b.ID), "store.moving")
	if done, err := copies(t, at, one); err != nil || len(done) != 2 {
		t.Errorf("again: %v, %v", done, err)
	}
}

func TestTenantsMadeDuringACopyAreNotForgotten(t *testing.T) {
	at, there := t.TempDir(), t.TempDir()
	d := open(t, config(at))
	a, _ := create(t, d, "alpha"), create(t, d, "beta")
	_, err := copies(t, at, there, second(func() { create(t, d, "late") }))
	wantCode(t, err, "carry.more")
	wantNone(t, there)
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("where it was: %v", err)
	}
	if done, err := copies(t, at, there); err != nil || len(done) != 3 {
		t.Errorf("again: %v, %v", done, err)
	}
	one, err := copies(t, at, t.TempDir(), func(c *tenant.Copying) {
		c.Names = []string{"alpha", "beta"}
		second(func() { create(t, d, "later") })(c)
	})
	if err != nil || len(one) != 2 {
		t.Errorf("of two that were named: %v, %v", one, err)
	}
}

func TestACopyOntoItselfIsRefused(t *testing.T) {
	at := t.TempDir()
	d := open(t, config(at))
	a := create(t, d, "alpha")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(at, link); err != nil {
		t.Fatal(err)
	}
	_, err := copies(t, at, link)
	wantCode(t, err, "carry.samePlace")
	d = open(t, config(at))
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A target's path may have characters that mean something to patterns.
func TestLeftoversAreTakenAwayWhateverThePathIsCalled(t *testing.T) {
	at, there := t.TempDir(), filepath.Join(t.TempDir(), "[a]*?")
	d := open(t, config(at))
	a := create(t, d, "alpha")
	if err := os.MkdirAll(filepath.Join(there, "tenants"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.WriteFile(filepath.Join(there, "tenants", a.ID+".db"+more), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := copies(t, at, there); err != nil {
		t.Error(err)
	}
}

// A server of an earlier version may have the file, and does not know of freezing.
func TestAVisitorLeavesTheFormatAsItIs(t *testing.T) {
	at := t.TempDir()
	d := open(t, config(at))
	a := create(t, d, "alpha")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(at, "tenants", a.ID+".db")
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const version = 63 // the last byte of user_version
	body[version] = 6
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = copies(t, at, t.TempDir())
	wantCode(t, err, "store.older")
	wantCode(t, tenant.Reopen(t.Context(), tenant.Folder(at), nil), "store.older")
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, body) {
		t.Errorf("the file has changed, %v", err)
	}
	d = open(t, config(at))
	if err := saves(t, d, a.ID); err != nil {
		t.Errorf("served by this version: %v", err)
	}
	if _, err := copies(t, at, t.TempDir()); err != nil {
		t.Errorf("and then copied: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"data": "sqlite:data", "sqlite:/var/lib/tide": "sqlite:/var/lib/tide", "": "", "sqlite:": "", "http://u:geheim@host/x": "",
		`C:\data`: `sqlite:C:\data`, "sqlite:a@b:c": "sqlite:a@b:c", "a@b": "", "sqlite:http://geheim": "",
		"mongodb://u:geheim@a:1,b:2/tide?replicaSet=rs0": "mongodb://…", "mongodb+srv://u:geheim@a.example/": "mongodb+srv://…",
		"mongodb://user:12/34geheim@host/x": "mongodb://…", "mongodb+srv://user:12#geheim@host": "mongodb+srv://…", "mongodb:/x": "",
		"mongodb:user:geheim@host/x": "", "user:geheim@host": "", "geheim:x": "", "user:geheim://x": "",
	} {
		at, err := tenant.ParseAddress(text)
		if want == "" {
			wantCode(t, err, "config.invalid")
			if strings.Contains(fmt.Sprint(err, at), "geheim") {
				t.Errorf("%s is shown: %v", text, err)
			}
		} else if err != nil || at.String() != want {
			t.Errorf("%s: %s, %v", text, at, err)
		}
	}
}
