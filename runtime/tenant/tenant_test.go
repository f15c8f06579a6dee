package tenant_test

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

func config(folder string) tenant.Config {
	return tenant.Config{At: tenant.Folder(folder), Clock: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func open(t *testing.T, c tenant.Config) *tenant.Directory {
	t.Helper()
	d, err := tenant.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func create(t *testing.T, d *tenant.Directory, name string) tenant.Entry {
	t.Helper()
	entry, err := d.Create(t.Context(), name, "Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

// with does something with an open tenant.
func with(t *testing.T, d *tenant.Directory, id string, do func(*tenant.Tenant)) {
	t.Helper()
	opened, release, err := d.Use(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	do(opened)
}

func addUser(t *testing.T, d *tenant.Directory, id, username string) {
	t.Helper()
	with(t, d, id, func(opened *tenant.Tenant) {
		err := opened.People.Change(t.Context(), func(draft *people.Draft) error {
			draft.PutUser(org.User{ID: d.NewID(), Username: username, Active: true})
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func hasUser(t *testing.T, d *tenant.Directory, id, username string) (has bool) {
	t.Helper()
	with(t, d, id, func(opened *tenant.Tenant) { _, has = opened.People.Org().UserByName(username) })
	return has
}

func TestTenantsKeepApartAndOutlastTheProcess(t *testing.T) {
	folder := t.TempDir()
	d, err := tenant.Open(config(folder))
	if err != nil {
		t.Fatal(err)
	}
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	addUser(t, d, a.ID, "anna")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	d = open(t, config(folder))
	if list := d.List(); len(list) != 2 || list[0].Name != "alpha" || list[1].Name != "beta" {
		t.Errorf("the directory lists %v", list)
	}
	if !hasUser(t, d, a.ID, "anna") || hasUser(t, d, b.ID, "anna") {
		t.Error("a person is lost, or in another tenant")
	}
}

func TestNames(t *testing.T) {
	d := open(t, config(t.TempDir()))
	create(t, d, "alpha-1")
	for name, code := range map[string]string{
		"": "tenant.name", "Alpha": "tenant.name", "-a": "tenant.name", "a/b": "tenant.name", "../a": "tenant.name", "alpha-1": "tenant.taken",
	} {
		if _, err := d.Create(t.Context(), name, "UTC"); fault.CodeOf(err) != code {
			t.Errorf("%q: %v, want %s", name, err, code)
		}
	}
	if _, _, err := d.Use(t.Context(), "nobody"); fault.CodeOf(err) != "tenant.unknown" {
		t.Errorf("an unknown tenant: %v", err)
	}
}

func TestOneProcessHoldsAFolder(t *testing.T) {
	folder := t.TempDir()
	first, err := tenant.Open(config(folder))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.Open(config(folder)); fault.CodeOf(err) != "store.lock" {
		t.Errorf("a second one: %v, want store.lock", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, config(folder))
}

func TestIdleTenantsAreClosedAndOpenedAgain(t *testing.T) {
	c := config(t.TempDir())
	c.MaxOpen = 2
	d := open(t, c)
	var ids []string
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		ids = append(ids, create(t, d, name).ID)
	}
	var group sync.WaitGroup
	for n := range 40 {
		group.Go(func() { hasUser(t, d, ids[n%len(ids)], "x") })
	}
	group.Wait()
	first, release, err := d.Use(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for _, id := range ids[1:] {
		hasUser(t, d, id, "x")
	}
	// One in use stays open, however many others come.
	if _, err := first.Store.Scan(t.Context(), "user", "", "", 1); err != nil {
		t.Errorf("a tenant in use was closed: %v", err)
	}
}

func TestATenantThatFailsAtFirstIsNotThere(t *testing.T) {
	folder := t.TempDir()
	d := open(t, config(folder))
	no := errors.New("no")
	if _, err := d.CreateWith(t.Context(), "alpha", "UTC", func(*tenant.Tenant) error { return no }); !errors.Is(err, no) {
		t.Errorf("%v, want the reason", err)
	}
	if _, known := d.ByName("alpha"); known {
		t.Error("there is such a tenant")
	}
	if left, err := filepath.Glob(filepath.Join(folder, "tenants", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	create(t, d, "alpha")
}

func TestAnotherTenantsFileIsRefused(t *testing.T) {
	folder := t.TempDir()
	d := open(t, config(folder))
	a, b := create(t, d, "alpha"), create(t, d, "beta")
	file := func(id string) string { return filepath.Join(folder, "tenants", id+".db") }
	if err := os.Rename(file(a.ID), file(b.ID)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Use(t.Context(), b.ID); fault.CodeOf(err) != "store.foreign" {
		t.Errorf("%v, want store.foreign", err)
	}
}

func TestBackupBecomesANewTenant(t *testing.T) {
	folder := t.TempDir()
	d := open(t, config(folder))
	a := create(t, d, "alpha")
	addUser(t, d, a.ID, "anna")
	copied := filepath.Join(t.TempDir(), "copy.db")
	with(t, d, a.ID, func(opened *tenant.Tenant) {
		if err := opened.Store.Backup(t.Context(), copied); err != nil {
			t.Fatal(err)
		}
	})
	b, err := d.Restore(t.Context(), "beta", "Asia/Shanghai", copied)
	if err != nil {
		t.Fatal(err)
	}
	addUser(t, d, b.ID, "berta")
	if !hasUser(t, d, b.ID, "anna") || hasUser(t, d, a.ID, "berta") {
		t.Error("the copy is not whole, or not a copy")
	}

	if _, err := d.Restore(t.Context(), "gamma", "UTC", filepath.Join(folder, "nothing")); fault.CodeOf(err) != "store.missing" {
		t.Errorf("a backup that is not there: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.db")
	if err := os.WriteFile(broken, []byte("this is no database, however long it may be"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Restore(t.Context(), "gamma", "UTC", broken); err == nil {
		t.Error("a broken backup was restored")
	}
	if _, known := d.ByName("gamma"); known {
		t.Error("a tenant was made of a broken backup")
	}
}

func TestABrokenDirectoryIsNotOverwritten(t *testing.T) {
	folder := t.TempDir()
	list := filepath.Join(folder, "directory.json")
	if err := os.WriteFile(list, []byte(`[{"id": "a", "na`), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := tenant.Open(config(folder)); fault.CodeOf(err) != "store.corrupt" {
			t.Errorf("%v, want store.corrupt", err)
		}
	}
}
