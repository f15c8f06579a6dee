package sqlite

import (
	"path/filepath"
	"testing"
)

// What wants a commit of its own asks whether the file is frozen, and writes; between the two nobody freezes it.
func TestNobodyFreezesAFileUnderLoneWork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s, err := Open(t.Context(), path, "t")
	if err != nil {
		t.Fatal(err)
	}
	other, err := alone(path, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := other.run("PRAGMA busy_timeout = 0"); err != nil {
		t.Fatal(err)
	}
	err = s.writer.await(&work{ctx: t.Context(), alone: true, do: func(*conn) error {
		if other.run("BEGIN IMMEDIATE") == nil {
			t.Error("another process writes at the same time")
		}
		return nil
	}})
	if err != nil {
		t.Error(err)
	}
	if err := other.runAll([]string{"BEGIN IMMEDIATE", "ROLLBACK"}); err != nil {
		t.Errorf("afterwards nobody else can write: %v", err)
	}
}
