package chat

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

// tokenKey tells accounts apart: it is made of all that a token is given for, so that whoever has another secret has
// another token.
type tokenKey [sha256.Size]byte

func keyOf(parts ...string) tokenKey {
	text := ""
	for _, part := range parts {
		text += part + "\x00"
	}
	return sha256.Sum256([]byte(text))
}

// fetch asks a service for a token, and how long it lives.
type fetch func(ctx context.Context) (text string, life time.Duration, err error)

// early is how long before its end a token is given up, for messages that are under way.
const early = 2 * time.Minute

// tokens keeps tokens while they live: services bound how often they are asked for one. It is safe for concurrent use.
type tokens struct {
	clock func() time.Time
	mu    sync.Mutex
	known map[tokenKey]*token
}

type token struct {
	mu    sync.Mutex // held while it is fetched, so that it is fetched once
	text  string
	until time.Time
}

func newTokens(clock func() time.Time) *tokens {
	return &tokens{clock: clock, known: map[tokenKey]*token{}}
}

func (t *tokens) get(ctx context.Context, key tokenKey, fetch fetch) (string, error) {
	one := t.place(key)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.text != "" && t.clock().Before(one.until) {
		return one.text, nil
	}
	text, life, err := fetch(ctx)
	if err != nil {
		return "", err
	}
	one.text, one.until = text, t.clock().Add(life-early)
	return text, nil
}

// forget gives up a token that a service takes no more.
func (t *tokens) forget(key tokenKey, text string) {
	one := t.place(key)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.text == text {
		one.text = ""
	}
}

// mostTokens bounds what is kept of accounts that were changed: beyond it all begin anew.
const mostTokens = 10_000

func (t *tokens) place(key tokenKey) *token {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[key] == nil {
		if len(t.known) >= mostTokens {
			clear(t.known)
		}
		t.known[key] = &token{}
	}
	return t.known[key]
}
