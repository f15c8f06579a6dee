package signin

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

// TestEveryWrongSignInDoesTheSameWork holds that what a stranger waits for does not tell whether the
// tenant, the name or the password is wrong: the same hash is computed once, at the same cost.
func TestEveryWrongSignInDoesTheSameWork(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	tenants, err := tenant.Open(tenant.Config{At: tenant.Folder(t.TempDir()), Clock: clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tenants.Close(); err != nil {
			t.Error(err)
		}
	})
	passwords := NewPasswords()
	hash, err := passwords.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	_, err = tenants.CreateWith(t.Context(), "one", "Asia/Shanghai", func(one *tenant.Tenant) error {
		return one.People.Change(t.Context(), func(d *people.Draft) error {
			d.PutUser(org.User{ID: "u1", Username: "anna", Active: true})
			d.SetHash("u1", hash)
			d.PutUser(org.User{ID: "u2", Username: "gone"})
			d.SetHash("u2", hash)
			d.PutUser(org.User{ID: "u3", Username: "never", Active: true})
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	var work []string
	passwords.derive = func(password, salt []byte, passes, memory uint32, threads uint8, size uint32) []byte {
		work = append(work, fmt.Sprint(len(password), len(salt), passes, memory, threads, size))
		return argon2.IDKey(password, salt, passes, memory, threads, size)
	}
	s := New(Config{Tenants: tenants, Passwords: passwords, Clock: clock})
	var first []string
	for _, login := range []Login{
		{Tenant: "one", Username: "anna"}, {Tenant: "one", Username: "nobody"}, {Tenant: "none", Username: "anna"},
		{Tenant: "one", Username: "gone"}, {Tenant: "one", Username: "never"}, {Tenant: "", Username: ""},
	} {
		login.Password, login.Addr, login.Kind = "wrong horse 1", "192.0.2.1", Token
		work = nil
		if _, err := s.SignIn(t.Context(), login); fault.CodeOf(err) != "auth.failed" {
			t.Fatalf("%v: %v", login, err)
		}
		if first == nil {
			first = slices.Clone(work)
		}
		if len(work) != 1 || !slices.Equal(work, first) {
			t.Errorf("%s in %s: the work is %v, with a wrong password %v", login.Username, login.Tenant, work, first)
		}
	}
}
