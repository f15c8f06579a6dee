package tenant

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine/fault"
)

// What a tenant seals opens for it alone, with the same key.
func TestAVaultIsItsTenantsAlone(t *testing.T) {
	folder := Config{At: Folder(t.TempDir())}
	path := filepath.Join(folder.At.folder, keyFile)
	key, err := folder.operatorKey()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Config{KeyFile: path}.operatorKey()
	if err != nil || !bytes.Equal(key, again) {
		t.Fatalf("a second key, %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	other, err := Config{At: Folder(t.TempDir())}.operatorKey()
	if err != nil || bytes.Equal(key, other) {
		t.Fatalf("the same key twice, %v", err)
	}
	open := func(key []byte, tenant string) *vault {
		v, err := newVault(key, tenant)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	one := open(key, "one")
	sealed, err := one.Seal([]byte("s3cret"))
	if err != nil || bytes.Contains(sealed, []byte("s3cret")) {
		t.Fatalf("%q, %v", sealed, err)
	}
	if plain, err := one.Open(sealed); err != nil || string(plain) != "s3cret" {
		t.Errorf("%q, %v", plain, err)
	}
	bent := bytes.Clone(sealed)
	bent[len(bent)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another tenant": func() ([]byte, error) { return open(key, "two").Open(sealed) },
		"another key":    func() ([]byte, error) { return open(other, "one").Open(sealed) },
		"no key":         func() ([]byte, error) { return open(nil, "one").Open(sealed) },
		"bent":           func() ([]byte, error) { return one.Open(bent) },
		"cut":            func() ([]byte, error) { return one.Open(sealed[:10]) },
	} {
		if plain, err := try(); fault.CodeOf(err) != "secret.sealed" || plain != nil {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	if _, err := open(nil, "one").Seal(nil); fault.CodeOf(err) != "secret.noKey" {
		t.Errorf("sealed with no key: %v", err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.operatorKey(); fault.CodeOf(err) != "config.invalid" {
		t.Errorf("a key that is none: %v", err)
	}
	// One that is named and missing is not made: it would open nothing that was sealed.
	missing := filepath.Join(t.TempDir(), "missing")
	if _, err := (Config{At: folder.At, KeyFile: missing}).operatorKey(); fault.CodeOf(err) != "config.invalid" {
		t.Errorf("a named key that is missing: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a named key was made")
	}
	// Where there is no file, it is given itself.
	given, err := Config{Key: base64.StdEncoding.EncodeToString(key)}.operatorKey()
	if err != nil || !bytes.Equal(given, key) {
		t.Errorf("a key that is given: %v", err)
	}
	for _, none := range []string{"no key", base64.StdEncoding.EncodeToString(key[1:])} {
		if _, err := (Config{At: folder.At, Key: none}).operatorKey(); fault.CodeOf(err) != "config.invalid" || strings.Contains(err.Error(), none) {
			t.Errorf("%q: %v", none, err)
		}
	}
}
