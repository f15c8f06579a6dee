package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/engine/value"
)

// filled returns the path of a closed tenant's file with some assets.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	s, err := sqlite.Open(t.Context(), path, "tenant-1")
	check(t, err)
	check(t, s.Prepare(t.Context(), []store.Form{asset()}, nil))
	check(t, s.Tx(t.Context(), func(tx store.Tx) error {
		for i := range 200 {
			r := benchRecord(i)
			if err := tx.Put(t.Context(), r, 0); err != nil {
				return err
			}
		}
		return nil
	}))
	check(t, s.Close())
	return path
}

func TestOpeningWhatIsNoFileOfThisTenant(t *testing.T) {
	good := filled(t)
	other := filepath.Join(t.TempDir(), "other.db")
	raw, err := sql.Open("sqlite", other)
	check(t, err)
	_, err = raw.ExecContext(t.Context(), "CREATE TABLE x (y)")
	check(t, errors.Join(err, raw.Close()))
	noise := filepath.Join(t.TempDir(), "noise.db")
	check(t, os.WriteFile(noise, bytes.Repeat([]byte("no database at all "), 500), 0o600))
	cases := []struct{ path, tenant, code string }{
		{good, "tenant-2", "store.foreign"},
		{other, "tenant-1", "store.foreign"},
		{noise, "tenant-1", "store.corrupt"},
		{t.TempDir(), "tenant-1", "store.unavailable"},
		{filepath.Join(t.TempDir(), "no", "such", "folder", "t.db"), "tenant-1", "store.unavailable"},
	}
	for _, c := range cases {
		s, err := sqlite.Open(t.Context(), c.path, c.tenant)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", filepath.Base(c.path), err, c.code)
		}
		if err == nil {
			check(t, s.Close())
		}
	}
}

func TestADamagedPageIsAFaultAndCheckFindsIt(t *testing.T) {
	path := filled(t)
	content, err := os.ReadFile(path)
	check(t, err)
	const page = 4096
	// The head stays, so that the file opens; much of what is behind the schema goes.
	for at := len(content) / 2 / page * page; at < len(content)-page; at += page {
		copy(content[at:at+page], bytes.Repeat([]byte{0xff}, page))
	}
	check(t, os.WriteFile(path, content, 0o600))
	s, err := sqlite.Open(t.Context(), path, "tenant-1")
	if fault.CodeOf(err) == "store.corrupt" {
		return // found at once is as good
	}
	check(t, err)
	defer func() { check(t, s.Close()) }()
	wrong, err := s.Check(t.Context())
	if len(wrong) == 0 && fault.CodeOf(err) != "store.corrupt" {
		t.Errorf("Check finds nothing: %q, %v", wrong, err)
	}
	err = s.Each(t.Context(), "asset", "", func(*value.Record) error { return nil })
	if fault.CodeOf(err) != "store.corrupt" {
		t.Errorf("reading all: %v", err)
	}
}

func TestAFullDiskRefusesAndLosesNothing(t *testing.T) {
	path := filled(t)
	s := open(t, path, sqlite.PageLimit(1))
	big := benchRecord(1000)
	big.Values["wide"] = strings.Repeat("x", 2_000_000)
	err := s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), big, 0) })
	if fault.CodeOf(err) != "store.full" || fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a write to a full disk: %v", err)
	}
	if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("afterwards: %q, %v", wrong, err)
	}
	// What needs no room still works, and so does the queue.
	check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Remove(t.Context(), "asset", benchRecord(3).ID, 1) }))
	if _, err := s.Get(t.Context(), "asset", benchRecord(4).ID); err != nil {
		t.Error(err)
	}
}

func TestCheckFindsWhatDiffersFromTheDocuments(t *testing.T) {
	path := filled(t)
	raw, err := sql.Open("sqlite", path)
	check(t, err)
	for _, q := range []string{
		`DELETE FROM "f:asset.tags" WHERE rid = 5`,
		`INSERT INTO "o:asset./-cost" VALUES (17, x'00', 7)`,
		`DELETE FROM "o:asset./-cost" WHERE rid = 5`,
		`DELETE FROM "t:asset" WHERE rowid = 9`,
		`UPDATE "f:asset" SET "$principals" = 'user:other' || char(10) || 'unit:2' || char(10) || 'under:root' || char(10) || 'zone:2' WHERE "$rid" = 11`,
	} {
		_, err := raw.ExecContext(t.Context(), q)
		check(t, err)
	}
	check(t, raw.Close())
	s := open(t, path)
	wrong, err := s.Check(t.Context())
	check(t, err)
	for _, want := range []string{"of tags is not indexed", "lines in the order", "is not in the order", "not indexed", "other principals than its own"} {
		if !strings.Contains(strings.Join(wrong, "\n"), want) {
			t.Errorf("no word of %q in %q", want, wrong)
		}
	}
}

func TestCheckAfterSearchesAndChangesFindsNothing(t *testing.T) {
	s := open(t, filled(t))
	search := query.List{Form: "asset", Limit: 5, Filter: query.Search{Terms: []query.Term{{Tokens: benchRecord(1).Tokens[:1]}}}}
	for range 8 { // each reader remembers the index as it is now
		_, err := s.List(t.Context(), search)
		check(t, err)
	}
	for round := range 5 {
		for n := range 60 {
			r := benchRecord(n)
			r.Version, r.Tokens = int64(round+2), []string{"round", fmt.Sprint("r", round, n)}
			check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, int64(round+1)) }))
		}
		for range 3 {
			if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
				t.Fatalf("round %d: %q, %v", round, wrong, err)
			}
		}
	}
}

func TestABackupIsWholeWhileWritingGoesOn(t *testing.T) {
	s := open(t, filled(t))
	done := make(chan error)
	go func() {
		for i := range 50 {
			r := benchRecord(5000 + i)
			if err := s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) }); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	to := filepath.Join(t.TempDir(), "copy.db")
	check(t, s.Backup(t.Context(), to))
	check(t, <-done)
	if err := s.Backup(t.Context(), to); fault.CodeOf(err) != "store.exists" {
		t.Errorf("over another file: %v", err)
	}
	// The connection that copied still refuses to write, and the copy is a tenant's file like any other.
	c := open(t, to)
	if wrong, err := c.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Errorf("the copy: %q, %v", wrong, err)
	}
	if _, err := c.Get(t.Context(), "asset", benchRecord(199).ID); err != nil {
		t.Error(err)
	}
}

func TestAClosedStoreRefuses(t *testing.T) {
	s, err := sqlite.Open(t.Context(), filled(t), "tenant-1")
	check(t, err)
	check(t, s.Close())
	check(t, s.Close())
	if _, err := s.Get(t.Context(), "asset", "x"); fault.CodeOf(err) != "store.closed" {
		t.Errorf("reading: %v", err)
	}
	if err := s.Tx(t.Context(), func(store.Tx) error { return nil }); fault.CodeOf(err) != "store.closed" {
		t.Errorf("writing: %v", err)
	}
}

func TestGuardsAreTold(t *testing.T) {
	var told []string
	s := open(t, filled(t), sqlite.OnGuard(func(key string) { told = append(told, key) }))
	check(t, s.Tx(t.Context(), func(tx store.Tx) error { return tx.Guard(t.Context(), "quota:u1") }))
	if len(told) != 1 || told[0] != "quota:u1" {
		t.Errorf("told %q", told)
	}
}
