package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// once saves a product under the key of a request that may be sent again.
func (p *couple) once(of *process, token, key, name string) (made stock) {
	p.t.Helper()
	body, err := json.Marshal(contents(name))
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.ctx, http.MethodPost, of.address+"/api/v1/forms/product/records", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", key)
	status, answer := send(p.t, req)
	if status != http.StatusCreated || json.Unmarshal([]byte(answer), &made) != nil {
		p.t.Fatalf("saving: %d %s", status, answer)
	}
	return made
}

// share holds that what is sent again to the other process is done once, and that who guesses there waits for what they
// guessed here.
func (p *couple) share(token string) {
	p.t.Helper()
	here, there := p.once(p.a, token, "same", "sent twice"), p.once(p.b, token, "same", "sent twice")
	if here.ID != there.ID || p.names(p.a, token)["sent twice"] != 1 {
		p.t.Errorf("it is %s here and %s there, of %v", here.ID, there.ID, p.names(p.a, token))
	}
	const free, names = 6, 3 // a wait is over after some seconds: on a machine that stands still for as long another name is tried
	for n := range names {
		name, tries := fmt.Sprint("nobody", n), 0
		for signIn(p.t, p.a.address, "acme", name, "guessed") != http.StatusTooManyRequests {
			if tries++; tries > 2*free {
				p.t.Fatalf("%s has guessed %d times", name, tries)
			}
		}
		if signIn(p.t, p.b.address, "acme", name, "guessed") == http.StatusTooManyRequests {
			return
		}
	}
	p.t.Error("who must wait at one process guesses on at the other")
}
