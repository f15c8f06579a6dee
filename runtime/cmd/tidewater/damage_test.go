package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tidewater/engine/store"
	"tidewater/engine/store/sqlite"
	"tidewater/runtime/tenant"
)

// written is a data folder with the tenant acme, and the tenant as the directory lists it.
func written(t *testing.T) (folder, file string, entry tenant.Entry) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "data")
	does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	d, err := tenant.Open(tenant.Config{At: tenant.Folder(folder)})
	if err != nil {
		t.Fatal(err)
	}
	entry, known := d.ByName("acme")
	if err := d.Close(); err != nil || !known {
		t.Fatalf("acme is known: %v, %v", known, err)
	}
	return folder, filepath.Join(folder, "tenants", entry.ID+".db"), entry
}

func replace(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Modes bind nobody who may do everything, so the folder here is one that nobody can write in: it lies
// below a file.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	replace(t, file, nil)
	fails(t, 1, "store.unavailable", "serve", "--addr", "127.0.0.1:0", "--store", filepath.Join(file, "data"))
	fails(t, 1, "store.unavailable", "tenant", "create", "--store", file, "acme")
}

func TestADamagedFolderIsToldNotServed(t *testing.T) {
	t.Run("list of tenants", func(t *testing.T) {
		folder, _, _ := written(t)
		replace(t, filepath.Join(folder, "directory.json"), []byte(`[{"id": `))
		fails(t, 1, "store.corrupt", "serve", "--addr", "127.0.0.1:0", "--store", folder)
	})
	t.Run("tenant's file", func(t *testing.T) {
		folder, file, _ := written(t)
		replace(t, file, bytes.Repeat([]byte("no database at all "), 500))
		fails(t, 1, "store.corrupt", "verify", "--store", folder, "--tenant", "acme")
	})
	for _, body := range []string{"{", `{"number": 1, "documents": {}}`} {
		t.Run("catalog "+body, func(t *testing.T) {
			folder, file, entry := written(t)
			s, err := sqlite.Open(t.Context(), file, entry.ID)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Save(t.Context(), "publication", store.Item{Key: "0000000001", Body: []byte(body)}, store.AnyRevision)
			if closed := s.Close(); err != nil || closed != nil {
				t.Fatal(err, closed)
			}
			fails(t, 1, "store.corrupt", "verify", "--store", folder, "--tenant", "acme")
		})
	}
}
