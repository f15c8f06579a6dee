package tenant

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/crypto/chacha20poly1305"

	"tidewater/engine/fault"
	"tidewater/engine/store"
)

// keyFile holds the operator's key where none is named. It is no part of a tenant's backup: what a tenant has sealed is
// of no use elsewhere, and a copy of it sends nothing to anybody until its secrets are given anew.
const keyFile = "operator.key"

// operatorKey reads the operator's key: Key itself, or the file of that name, or one in the data folder, made there where
// it is missing; a place without a folder has none then. Faults: Internal "config.invalid" for what is no key, or a named
// one that is not there: another key would open nothing that was sealed.
func (c Config) operatorKey() ([]byte, error) {
	if c.Key != "" {
		key, err := base64.StdEncoding.DecodeString(c.Key)
		if err != nil || len(key) != chacha20poly1305.KeySize {
			return nil, fault.New(fault.Internal, "config.invalid").With("name", "key") // it is for nobody's eyes
		}
		return key, nil
	}
	path := c.KeyFile
	if path == "" {
		if c.At.folder == "" {
			return nil, nil
		}
		path = filepath.Join(c.At.folder, keyFile)
	}
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if c.KeyFile != "" {
			return nil, fault.New(fault.Internal, "config.invalid").With("name", "key-file").At(path).Because(err)
		}
		key = make([]byte, chacha20poly1305.KeySize)
		if _, err := rand.Read(key); err != nil {
			return nil, err
		}
		return key, writeKey(path, key)
	}
	if err != nil {
		return nil, fileFault(err)
	}
	if len(key) != chacha20poly1305.KeySize {
		return nil, fault.New(fault.Internal, "config.invalid").With("name", "key-file").At(path)
	}
	return key, nil
}

// The mark of a key tells that two are the same, and nothing of what they are.
const (
	operatorMarks = "operator"
	keyMark       = "key"
)

type markOfKey struct {
	Mark []byte `json:"mark"`
}

// sameKey tells whether the processes that serve from here have one key: what one seals another could not open. The mark
// that is left is that of the key of this one, so that who changes it everywhere hears of it once for each.
func (d *Directory) sameKey(ctx context.Context) (bool, error) {
	if d.key == nil || !d.config.At.isShared() {
		return true, nil
	}
	sum := hmac.New(sha256.New, d.key)
	sum.Write([]byte("tidewater operator key"))
	own := sum.Sum(nil)
	item, err := d.Common().Load(ctx, operatorMarks, keyMark)
	isNew := fault.KindOf(err) == fault.NotFound
	if err != nil && !isNew {
		return false, err
	}
	var was markOfKey
	if !isNew {
		if err := json.Unmarshal(item.Body, &was); err != nil {
			return false, fault.New(fault.Internal, "store.corrupt").At(operatorMarks + "/" + keyMark).Because(err)
		}
		if subtle.ConstantTimeCompare(was.Mark, own) == 1 {
			return true, nil
		}
	}
	body, err := json.Marshal(markOfKey{own})
	if err == nil {
		err = d.Common().Save(ctx, operatorMarks, store.Item{Key: keyMark, Body: body}, store.AnyRevision)
	}
	return isNew, err
}

// writeKey writes a key whole, or not at all, for its owner only.
func writeKey(path string, key []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return fileFault(err)
	}
	if err := fill(temp, key); err != nil {
		return errors.Join(fileFault(err), os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return errors.Join(fileFault(err), os.Remove(temp.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

// vault seals a tenant's secrets with the operator's key, for this tenant alone (XChaCha20-Poly1305, RFC 8439 and
// draft-irtf-cfrg-xchacha).
type vault struct {
	seal   cipher.AEAD // nil: there is no key
	tenant []byte
}

func newVault(key []byte, tenant string) (*vault, error) {
	if key == nil {
		return &vault{}, nil
	}
	seal, err := chacha20poly1305.NewX(key)
	return &vault{seal, []byte(tenant)}, err
}

// Seal implements engine.Vault.
func (v *vault) Seal(plain []byte) ([]byte, error) {
	if v.seal == nil {
		return nil, fault.New(fault.Unavailable, "secret.noKey").In("tenant.vault")
	}
	nonce := make([]byte, v.seal.NonceSize(), v.seal.NonceSize()+len(plain)+v.seal.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return v.seal.Seal(nonce, nonce, plain, v.tenant), nil
}

// Open implements engine.Vault.
func (v *vault) Open(sealed []byte) ([]byte, error) {
	if v.seal == nil || len(sealed) < v.seal.NonceSize() {
		return nil, fault.New(fault.Unavailable, "secret.sealed").In("tenant.vault")
	}
	nonce, rest := sealed[:v.seal.NonceSize()], sealed[v.seal.NonceSize():]
	plain, err := v.seal.Open(nil, nonce, rest, v.tenant)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "secret.sealed").In("tenant.vault").Because(err)
	}
	return plain, nil
}
