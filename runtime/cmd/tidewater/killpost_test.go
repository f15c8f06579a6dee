package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// taker is another system that takes what a server tells it, and now and then sees the server die before it has
// answered: it has what was sent, and the server does not know.
type taker struct {
	mu     sync.Mutex
	taken  map[string]int    // by the key that names a message for good
	about  map[string]string // the record that it was about
	dies   func()            // kills the server; nil: nothing does
	left   int               // until it does
	deaths int
}

func (k *taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var said struct {
		ID     string `json:"id"`
		Record string `json:"record"`
	}
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	k.taken[key]++
	k.about[key] = said.Record
	if k.left--; k.left == 0 && k.dies != nil {
		k.deaths++
		k.dies()
		k.dies = nil
	}
	w.WriteHeader(http.StatusNoContent)
}

// TestAKilledServerSendsAgainUnderTheSameKey kills a server when another system has taken a message and not answered
// yet. The next one sends that message once more, under the same key, and no other; none is lost.
func TestAKilledServerSendsAgainUnderTheSameKey(t *testing.T) {
	const records = 40
	rounds, moment := kills(t)
	folder := filepath.Join(t.TempDir(), "data")
	shown := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	k := &taker{taken: map[string]int{}, about: map[string]string{}}
	site := httptest.NewServer(k)
	defer site.Close()
	reach := "--script-hosts=" + strings.TrimPrefix(site.URL, "http://")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	p := start(ctx, t, folder, reach)
	token := tokenOf(ctx, t, p.address, shown[1])
	hook := map[string]any{
		"service": "webhook", "name": "ERP", "on": true, "events": []string{"recordCreated"}, "forms": []string{"product"},
		"settings": map[string]any{"url": site.URL}, "secret": "a word that signs, of a test",
	}
	var none any
	if status, err := call(ctx, http.MethodPut, p.address+"/api/v1/admin/outlets/erp", token, `"0"`, hook, &none); err != nil || status != http.StatusOK {
		t.Fatalf("making the webhook: %d %v %v", status, err, none)
	}
	made := map[string]bool{}
	for round := range rounds {
		gone := make(chan struct{})
		k.mu.Lock()
		k.left = 1 + moment.IntN(records)
		victim := p
		k.dies = func() {
			_ = victim.cmd.Process.Signal(syscall.SIGKILL)
			_ = victim.cmd.Wait()
			close(gone)
		}
		k.mu.Unlock()
		for n := range records {
			var one stock
			status, err := call(ctx, http.MethodPost, p.address+"/api/v1/forms/product/records", token, "", contents(fmt.Sprintf("%d-%d", round, n)), &one)
			if err != nil {
				break // it is gone
			}
			if status != http.StatusCreated {
				t.Fatalf("creating: %d", status)
			}
			made[one.ID] = true
		}
		select {
		case <-gone:
		case <-ctx.Done():
			t.Fatalf("round %d: it did not die: %s", round, p.out)
		}
		p = start(ctx, t, folder, reach)
	}
	k.all(ctx, t, made)
	p.end(t, syscall.SIGTERM)
	does(t, "verify", "--store", folder, "--tenant", "acme")
}

// all waits until every record that was made has been told of, and holds how often.
func (k *taker) all(ctx context.Context, t *testing.T, made map[string]bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for missing := len(made); missing > 0; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d of %d are not told of", missing, len(made))
		}
		k.mu.Lock()
		told := map[string]bool{}
		for _, record := range k.about {
			told[record] = true
		}
		k.mu.Unlock()
		missing = 0
		for id := range made {
			if !told[id] {
				missing++
			}
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	again, records := 0, map[string]int{}
	for key, times := range k.taken {
		records[k.about[key]]++
		again += times - 1
		if key == "" {
			t.Error("a message has no key")
		}
	}
	for record, keys := range records {
		if keys > 1 {
			t.Errorf("%s was told of under %d keys", record, keys)
		}
	}
	if k.deaths == 0 || again > k.deaths {
		t.Errorf("%d deaths, and %d messages were sent again", k.deaths, again)
	}
	t.Logf("%d messages, %d deaths, %d sent again under the same key", len(k.taken), k.deaths, again)
}
