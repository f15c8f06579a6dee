package record

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Cursors are sealed with the tenant's key and bound to their actor, question and catalog: a cursor
// carries the sort values of a record, and must neither be read nor be used for another question.

// sealCursor makes the opaque text of a page's end. question is whatever the answer depends on.
func (v *visit) sealCursor(question any, key query.Key) (string, error) {
	box, bound, err := v.box(question)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(cursorValues(key))
	if err != nil {
		return "", fault.Wrap("cursor.seal", err)
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fault.Wrap("cursor.seal", err)
	}
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, plain, bound)), nil
}

// openCursor reads what sealCursor made for the same actor, question and catalog; anything else is
// Malformed "cursor.invalid".
func (v *visit) openCursor(question any, text string) (query.Key, error) {
	if text == "" {
		return nil, nil
	}
	box, bound, err := v.box(question)
	if err != nil {
		return nil, err
	}
	invalid := fault.New(fault.Malformed, "cursor.invalid").At("/after")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < box.NonceSize() {
		return nil, invalid
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], bound)
	if err != nil {
		return nil, invalid
	}
	var parts []cursorValue
	if err := json.Unmarshal(plain, &parts); err != nil {
		return nil, invalid
	}
	key := make(query.Key, len(parts))
	for i, p := range parts {
		key[i] = p.value()
	}
	return key, nil
}

func (v *visit) box(question any) (cipher.AEAD, []byte, error) {
	block, err := aes.NewCipher(v.Seal[:])
	if err != nil {
		return nil, nil, fault.Wrap("cursor.box", err)
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, fault.Wrap("cursor.box", err)
	}
	bound, err := json.Marshal([]any{v.actor.Key(), v.catalog.Version, question})
	if err != nil {
		return nil, nil, fault.New(fault.Malformed, "filter.malformed").Because(fmt.Errorf("cursor: %w", err))
	}
	sum := sha256.Sum256(bound)
	return box, sum[:], nil
}

// cursorValue keeps a stored scalar's type through JSON, where int64 would become float64.
type cursorValue struct {
	Text *string `json:"s,omitempty"`
	Int  *int64  `json:"i,omitempty"`
	Bool *bool   `json:"b,omitempty"`
}

func cursorValues(key query.Key) []cursorValue {
	out := make([]cursorValue, len(key))
	for i, v := range key {
		switch v := v.(type) {
		case string:
			out[i].Text = &v
		case int64:
			out[i].Int = &v
		case bool:
			out[i].Bool = &v
		}
	}
	return out
}

func (c cursorValue) value() value.Value {
	switch {
	case c.Text != nil:
		return *c.Text
	case c.Int != nil:
		return *c.Int
	case c.Bool != nil:
		return *c.Bool
	}
	return nil
}
