package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var sumLine = regexp.MustCompile(`(?m)^([0-9a-f]{64})  (.+)$`)

// sumsIn are the lines of sums that a copy has printed.
func sumsIn(out string) (all []string) {
	for _, m := range sumLine.FindAllString(out, -1) {
		all = append(all, strings.TrimSuffix(m, " and the same on both sides"))
	}
	return all
}

// TestMovingBesideAServer moves a tenant while a server has its folder: everything can be read there and nothing is
// written, and at the other place people go on with the sessions that they had.
func TestMovingBesideAServer(t *testing.T) {
	folder, there, back := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	made := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	if made == nil {
		t.Fatal("no password is shown")
	}
	address, _, stop := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", "sqlite:"+folder)
	token := tokenOf(t.Context(), t, address, made[1])
	var one stock
	products := address + "/api/v1/forms/product/records"
	if status, err := call(t.Context(), http.MethodPost, products, token, "", contents("kept"), &one); err != nil || status != http.StatusCreated {
		t.Fatalf("creating: %d %v", status, err)
	}
	out := does(t, "copy", "--from", folder, "--to", "sqlite:"+there)
	first := sumsIn(out)
	if len(first) < 8 || !strings.Contains(out, "form product: 1 records, 1 lines of history, 0 files") {
		t.Errorf("copying says %s", out)
	}
	if status, err := call(t.Context(), http.MethodGet, products+"/"+one.ID, token, "", nil, &one); err != nil || status != http.StatusOK {
		t.Errorf("reading where it was: %d %v", status, err)
	}
	status, err := call(t.Context(), http.MethodPost, products, token, "", contents("late"), &one)
	if status != http.StatusServiceUnavailable {
		t.Errorf("writing where it was: %d %v", status, err)
	}
	signsInAndOut(t, address, made[1], token)
	fails(t, 1, "store.lock", "copy", "--from", there, "--to", folder)
	stop()

	if second := sumsIn(does(t, "copy", "--from", there, "--to", back)); !slices.Equal(first, second) {
		t.Errorf("it came to\n%s\nand then to\n%s", strings.Join(first, "\n"), strings.Join(second, "\n"))
	}
	does(t, "verify", "--store", back, "--tenant", "acme")
	moved, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", back)
	var kept stock
	status, err = call(t.Context(), http.MethodGet, moved+"/api/v1/forms/product/records/"+one.ID, token, "", nil, &kept)
	if err != nil || status != http.StatusOK || kept.Values.Name != "kept" {
		t.Errorf("the record where it went: %d %v %+v", status, err, kept)
	}
	if status, err := call(t.Context(), http.MethodPost, moved+"/api/v1/forms/product/records", token, "", contents("new"), &kept); err != nil || status != http.StatusCreated {
		t.Errorf("writing where it went: %d %v", status, err)
	}
	fails(t, 1, "store.moving", "user", "add", "--store", folder, "--tenant", "acme", "--username", "anna")
	if out := does(t, "tenant", "list", "--store", folder); !strings.Contains(out, "\tclosed for writing") {
		t.Errorf("the list says %s", out)
	}
	does(t, "copy", "--reopen", "--from", folder)
	does(t, "user", "add", "--store", folder, "--tenant", "acme", "--username", "anna")
	if out := does(t, "tenant", "list", "--store", folder); strings.Contains(out, "closed") {
		t.Errorf("the list says %s", out)
	}
}

// signsInAndOut holds that people come and go while nothing of their tenant can be written: who signs in reads, who signs
// out is out, and who is in stays so.
func signsInAndOut(t *testing.T, address, password, before string) {
	t.Helper()
	me := func(token string) int {
		t.Helper()
		status, err := call(t.Context(), http.MethodGet, address+"/api/v1/me", token, "", nil, &struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	late, other := tokenOf(t.Context(), t, address, password), tokenOf(t.Context(), t, address, password)
	if me(late) != http.StatusOK || me(other) != http.StatusOK || me(late+"x") != http.StatusUnauthorized {
		t.Error("who has signed in while it moves reads nothing")
	}
	if status := logsOut(t, address, late); status != http.StatusNoContent || me(late) != http.StatusUnauthorized {
		t.Errorf("signing out: %d", status)
	}
	if me(other) != http.StatusOK || me(before) != http.StatusOK {
		t.Error("others are out, too")
	}
}

func logsOut(t *testing.T, address, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/v1/auth/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	status, _ := send(t, req)
	return status
}

func TestACopyThatIsInterruptedSaysSo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	does(t, "tenant", "create", "--store", folder, "acme")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	out := &output{ready: make(chan string, 1)}
	code := newProgram(out, out).run(ctx, []string{"copy", "--from", folder, "--to", filepath.Join(t.TempDir(), "data")})
	if code != 1 || out.String() != "stopped before it was done\n" {
		t.Errorf("exit code %d: %s", code, out.String())
	}
	does(t, "user", "add", "--store", folder, "--tenant", "acme", "--username", "anna")
}

func TestWhereTheDataIsComesFromTheEnvironmentOrAFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	secret := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(secret, []byte("sqlite:"+folder+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	does(t, "tenant", "create", "--store", "file:"+secret, "acme")
	t.Setenv(storeVariable, "file:"+secret)
	if out := does(t, "tenant", "list"); !strings.Contains(out, "acme") {
		t.Errorf("tenants: %s", out)
	}
	fails(t, 1, "config.invalid", "tenant", "list", "--store", "file:"+secret+"2")
	if err := os.WriteFile(secret, []byte("mongodb:u:geheim@host/x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := run(t, "tenant", "list")
	if code != 1 || strings.Contains(out, "geheim") || !strings.Contains(out, secret) {
		t.Errorf("exit code %d: %s", code, out)
	}
	fails(t, 2, "--from, and --to or --reopen", "copy", "--from", folder)
	code, out = run(t, "tenant", "list", "--store", "ftp://u:geheim@host/x?k=geheim")
	if code != 1 || strings.Contains(out, "geheim") || !strings.Contains(out, "config.invalid") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
