package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tidewater/runtime/tenant"
)

// TestAServerKilledInAnUploadShowsNothingOfIt kills a server when a part of a file has come, and another has
// been answered as kept.
func TestAServerKilledInAnUploadShowsNothingOfIt(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	folder := filepath.Join(t.TempDir(), "data")
	shown := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	p := start(ctx, t, folder)
	token := tokenOf(ctx, t, p.address, shown[1])
	whole := strings.Repeat("whole ", 200_000)
	id := keep(ctx, t, p.address, token, strings.NewReader(whole))

	out, in := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/api/v1/files?name=half", out)
		if err != nil {
			return
		}
		req.Header.Set("Authorization", "Bearer "+token)
		if res, err := http.DefaultClient.Do(req); err == nil { // it ends with the server
			_ = res.Body.Close()
		}
	}()
	// What the pipe has taken twice over the transport's buffer has reached the server for the most part.
	if _, err := io.WriteString(in, strings.Repeat("half ", 400_000)); err != nil {
		t.Fatal(err)
	}
	p.end(t, syscall.SIGKILL)
	_ = out.CloseWithError(io.ErrClosedPipe)
	<-ended

	does(t, "verify", "--store", folder, "--tenant", "acme")
	p = start(ctx, t, folder)
	token = tokenOf(ctx, t, p.address, shown[1])
	if got := fetch(ctx, t, p.address+"/api/v1/files/"+id, token); got != whole {
		t.Errorf("%d bytes come out of %d", len(got), len(whole))
	}
	p.end(t, syscall.SIGTERM)
	wantLeftPieces(t, folder)
}

// wantLeftPieces holds that a tenant keeps the one whole file, and that a day clears that and what is left
// of the other.
func wantLeftPieces(t *testing.T, folder string) {
	t.Helper()
	err := newProgram(io.Discard, io.Discard).with(t.Context(), folder, "acme", func(_ *world, opened *tenant.Tenant) error {
		used, err := opened.Store.FileUsage(t.Context())
		if err != nil || used.Files != 1 {
			t.Errorf("kept are %+v, %v", used, err)
		}
		if _, err := opened.Store.Sweep(t.Context(), time.Now().Add(25*time.Hour)); err != nil {
			return err
		}
		found, err := opened.Store.Check(t.Context())
		if err != nil || len(found) > 0 {
			t.Errorf("found wrong: %q, %v", found, err)
		}
		used, err = opened.Store.FileUsage(t.Context())
		if used.Files != 0 || used.Bytes != 0 {
			t.Errorf("left are %+v", used)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keep(ctx context.Context, t *testing.T, address, token string, body io.Reader) string {
	t.Helper()
	var made struct {
		ID string `json:"id"`
	}
	got := exchange(ctx, t, http.MethodPost, address+"/api/v1/files?name=a.txt", token, body)
	if err := json.Unmarshal([]byte(got), &made); err != nil || made.ID == "" {
		t.Fatalf("keeping a file: %v %s", err, got)
	}
	return made.ID
}

func fetch(ctx context.Context, t *testing.T, url, token string) string {
	t.Helper()
	return exchange(ctx, t, http.MethodGet, url, token, nil)
}

func exchange(ctx context.Context, t *testing.T, method, url, token string, body io.Reader) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}
