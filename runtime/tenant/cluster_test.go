package tenant_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/carry"
	"tidewater/engine/fault"
	"tidewater/engine/store/mongo"
	"tidewater/engine/store/teststore"
	"tidewater/runtime/tenant"
)

// deployment is the place of tenants on a MongoDB, empty, and taken away when the test ends. Whoever dies gives it free
// within a second.
func deployment(t *testing.T) tenant.Config {
	t.Helper()
	address, _ := teststore.Place(t)
	at, err := tenant.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	c := config("")
	c.At, c.Lease = at, time.Second
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		d, err := tenant.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"common"}
		for _, entry := range d.List() {
			names = append(names, entry.ID)
		}
		reach, err := mongo.Dial(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if err := reach.Drop(ctx, name); err != nil {
				t.Error(err)
			}
		}
		if err := reach.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestTenantsOnMongoDB(t *testing.T) {
	c := deployment(t)
	wantCode(t, tenant.Backup(t.Context(), c.At, "alpha", filepath.Join(t.TempDir(), "none")), "store.missing")
	d, err := tenant.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	a := create(t, d, "alpha")
	addUser(t, d, a.ID, "anna")
	if err := d.Ready(t.Context()); err != nil || d.Kind() != "mongodb" {
		t.Errorf("ready: %v, %s", err, d.Kind())
	}
	_, err = d.Create(t.Context(), "alpha", "Asia/Shanghai")
	wantCode(t, err, "tenant.taken")
	_, err = tenant.Open(c)
	wantCode(t, err, "store.lock")

	backup := filepath.Join(t.TempDir(), "alpha.backup")
	if err := tenant.Backup(t.Context(), c.At, "alpha", backup); err != nil {
		t.Fatal(err)
	}
	wantCode(t, tenant.Backup(t.Context(), c.At, "alpha", backup), "store.exists")
	wantCode(t, tenant.Backup(t.Context(), c.At, "nobody", backup+"2"), "tenant.unknown")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}

	again := open(t, c)
	if !hasUser(t, again, a.ID, "anna") {
		t.Error("what was there has gone")
	}
	whole, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string][]byte{"half": whole[:len(whole)/2], "empty": nil, "else": []byte(strings.Repeat("no backup ", 99))} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := again.Restore(t.Context(), name, "Asia/Shanghai", file)
		wantCode(t, err, "store.foreign")
	}
	restored, err := again.Restore(t.Context(), "gamma", "Asia/Shanghai", backup)
	if err != nil || restored.ID == a.ID || !hasUser(t, again, restored.ID, "anna") {
		t.Errorf("restored: %+v, %v", restored, err)
	}
	if err := saves(t, again, restored.ID); err != nil {
		t.Error(err)
	}
	if names := again.List(); len(names) != 2 {
		t.Errorf("tenants %+v", names)
	}
}

// TestTenantsMoveFromOneKindOfStoreToTheOther holds what a tenant comes to in a file, on a MongoDB, and in a file again.
func TestTenantsMoveFromOneKindOfStoreToTheOther(t *testing.T) {
	at, back := config(t.TempDir()), config(t.TempDir())
	c := deployment(t)
	d := open(t, at)
	a := create(t, d, "alpha")
	create(t, d, "beta")
	addUser(t, d, a.ID, "anna")
	sums := func(from, to tenant.Config) (all []carry.Sum) {
		t.Helper()
		_, err := tenant.Copy(t.Context(), tenant.Copying{From: from, To: to, Done: func(one tenant.Copied) { all = append(all, one.Sums...) }})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	there := sums(at, c)
	if len(there) < 6 {
		t.Errorf("copied %v", there)
	}
	if returned := sums(c, back); !slices.Equal(there, returned) {
		t.Errorf("it came to\n%v\nand then to\n%v", there, returned)
	}
	moved := open(t, c)
	wantCode(t, saves(t, moved, a.ID), "store.moving") // it has been copied away
	if err := moved.Close(); err != nil {
		t.Fatal(err)
	}
	if err := tenant.Reopen(t.Context(), c.At, nil); err != nil {
		t.Fatal(err)
	}
	moved = open(t, c)
	if err := saves(t, moved, a.ID); err != nil || !hasUser(t, moved, a.ID, "anna") {
		t.Errorf("where it went: %v", err)
	}
}

// TestWhoCannotKeepTheLeaseIsNotReady holds that a process says so as long as another may have taken the place.
func TestWhoCannotKeepTheLeaseIsNotReady(t *testing.T) {
	c := deployment(t)
	d := open(t, c)
	a := create(t, d, "alpha")
	reach, err := mongo.Dial(t.Context(), addressOf(t))
	if err != nil {
		t.Fatal(err)
	}
	common, err := reach.Open(t.Context(), "common", "common")
	if err != nil {
		t.Fatal(err)
	}
	until := func(code string) {
		t.Helper()
		for patience, cancel := context.WithTimeout(t.Context(), time.Minute); ; {
			if fault.CodeOf(d.Ready(t.Context())) == code {
				cancel()
				return
			}
			if patience.Err() != nil {
				cancel()
				t.Fatalf("it never was %q", code)
			}
		}
	}
	if _, err := common.Freeze(t.Context(), "one"); err != nil { // nothing can be written there now, no lease either
		t.Fatal(err)
	}
	until("store.lock")
	_, err = d.Create(t.Context(), "beta", "Asia/Shanghai")
	wantCode(t, err, "store.lock")
	if err := common.Thaw(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	until("")
	addUser(t, d, a.ID, "anna")
	if err := errors.Join(common.Close(), reach.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// addressOf is that of the test's deployment.
func addressOf(t *testing.T) string {
	t.Helper()
	address, _ := teststore.Place(t)
	return address
}
