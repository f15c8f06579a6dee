package tenant_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/carry"
	"tidewater/engine/fault"
	"tidewater/engine/store"
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

// soon waits until something is so.
func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !is() {
		select {
		case <-look.C:
		case <-patience.Done():
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

// attending has a directory looked after until the test ends.
func attending(t *testing.T, d *tenant.Directory) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Attend(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
}

// TestEveryProcessHearsOfTenants has two processes serve from one place: what one makes the other serves, and tenants that
// are suspended or taken away are closed.
func TestEveryProcessHearsOfTenants(t *testing.T) {
	c := deployment(t)
	one, two := open(t, c), open(t, c)
	attending(t, two)
	a, b := create(t, one, "alpha"), create(t, one, "beta")
	soon(t, "the other knows both", func() bool { return len(two.List()) == 2 })
	addUser(t, two, a.ID, "anna")
	soon(t, "the first knows who the other has added", func() bool { return hasUser(t, one, a.ID, "anna") })
	_, err := two.Create(t.Context(), "alpha", "Asia/Shanghai")
	wantCode(t, err, "tenant.taken")
	late := open(t, c)
	create(t, one, "gamma")
	_, err = late.Create(t.Context(), "gamma", "Asia/Shanghai") // it has not heard
	wantCode(t, err, "tenant.taken")

	uses := func(d *tenant.Directory, id string) string {
		_, release, err := d.Use(t.Context(), id)
		if err == nil {
			release()
		}
		return fault.CodeOf(err)
	}
	_, held, err := two.Use(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(one.Common().Drop(t.Context(), "tenants", "alpha"), suspend(t, one, b)); err != nil {
		t.Fatal(err)
	}
	soon(t, "one is gone, and one suspended", func() bool {
		return uses(two, a.ID) == "tenant.unknown" && uses(two, b.ID) == "tenant.suspended"
	})
	held()
	if err := two.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// suspend lists a tenant as suspended, as an operator does by hand.
func suspend(t *testing.T, d *tenant.Directory, entry tenant.Entry) error {
	t.Helper()
	entry.Suspended = true
	line, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	return d.Common().Save(t.Context(), "tenants", store.Item{Key: entry.Name, Body: line}, store.AnyRevision)
}

// TestWhoHasNotHeardForLongIsNotReady holds that a process says so which does not know what others have changed, until it
// has heard again, and that one alone in its folder never does.
func TestWhoHasNotHeardForLongIsNotReady(t *testing.T) {
	for kind, c := range map[string]tenant.Config{"mongodb": deployment(t), "sqlite": config(t.TempDir())} {
		var later atomic.Int64
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
		d := open(t, c)
		a := create(t, d, "alpha")
		attending(t, d)
		with(t, d, a.ID, func(*tenant.Tenant) {})
		ready := func() bool { return d.Ready(t.Context()) == nil }
		soon(t, "it is ready", ready)
		behind := func() bool {
			later.Add(int64(time.Hour)) // and it has not heard since
			return fault.CodeOf(d.Ready(t.Context())) == "http.behind"
		}
		if kind == "sqlite" {
			if behind() {
				t.Error("one that is alone is behind")
			}
			continue
		}
		soon(t, "it is behind", behind)
		soon(t, "it has heard again", ready)
	}
}

// TestWhoIsReadyKnowsWhatWasPublished has one process publish, and the other's clock go on by more than it may be behind:
// whenever that one says from then on that it is ready, it has what was published. No time passes but the clock's.
func TestWhoIsReadyKnowsWhatWasPublished(t *testing.T) {
	c := deployment(t)
	one := open(t, c)
	a := create(t, one, "alpha")
	var now atomic.Int64
	now.Store(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).UnixNano())
	c.Clock = func() time.Time { return time.Unix(0, now.Load()) }
	two := open(t, c)
	attending(t, two)
	with(t, two, a.ID, func(*tenant.Tenant) {})
	for n := range 5 {
		bundle, version := shop(), fmt.Sprintf("1.%d.0", n)
		bundle["app.json"] = []byte(strings.Replace(string(bundle["app.json"]), "1.0.0", version, 1))
		with(t, one, a.ID, func(opened *tenant.Tenant) {
			if _, err := opened.Engine.Apps.Install(t.Context(), bundle); err != nil {
				t.Fatal(err)
			}
		})
		now.Add(int64(2*time.Second + time.Millisecond))
		soon(t, "the other is ready", func() bool { return two.Ready(t.Context()) == nil })
		with(t, two, a.ID, func(opened *tenant.Tenant) {
			if has := opened.Engine.Catalog().App.Version; has != version {
				t.Errorf("it says that it is ready with %s, published is %s", has, version)
			}
		})
	}
}

// TestOneCopiesToAPlaceAtATime holds that a copy waits for another to the same place as long as that may live, and no longer.
func TestOneCopiesToAPlaceAtATime(t *testing.T) {
	at, c := config(t.TempDir()), deployment(t)
	create(t, open(t, at), "alpha")
	serving := open(t, c) // does not matter
	other := serving.Common()
	if _, err := other.Acquire(t.Context(), "copy", "another", time.Minute); err != nil {
		t.Fatal(err)
	}
	_, err := tenant.Copy(t.Context(), tenant.Copying{From: at, To: c})
	wantCode(t, err, "store.lock")
	if err := other.Release(t.Context(), "copy", "another", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.Copy(t.Context(), tenant.Copying{From: at, To: c}); err != nil {
		t.Error(err)
	}
	attending(t, serving)
	soon(t, "who serves there knows what was copied", func() bool { _, known := serving.ByName("alpha"); return known })
}

// TestProcessesWithDifferentKeysAreTold holds that one says so which seals with another key than was used before it.
func TestProcessesWithDifferentKeysAreTold(t *testing.T) {
	c := deployment(t)
	told := func(key string) bool {
		t.Helper()
		var log strings.Builder
		c.Log, c.Key = slog.New(slog.NewTextHandler(&log, nil)), key
		if err := open(t, c).Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(log.String(), "operator's key")
	}
	one, two := base64.StdEncoding.EncodeToString(make([]byte, 32)), base64.StdEncoding.EncodeToString(append(make([]byte, 31), 1))
	for n, step := range []struct {
		key  string
		told bool
	}{{one, false}, {one, false}, {"", false}, {two, true}, {two, false}, {one, true}} {
		if got := told(step.key); got != step.told {
			t.Errorf("step %d: told %v", n, got)
		}
	}
}
