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

	"tidewater/engine/store/mongo"
	"tidewater/engine/store/teststore"
)

var tenantID = regexp.MustCompile(`\b[a-z2-7]{26}\b`)

// TestOnMongoDB takes a tenant from a folder to a MongoDB, has it served, kept and checked there, and takes it back.
func TestOnMongoDB(t *testing.T) {
	address, _ := teststore.Place(t)
	folder, back := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	made := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	if made == nil {
		t.Fatal("no password is shown")
	}
	secret := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(secret, []byte(address+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := "file:" + secret
	t.Cleanup(func() { dropTenants(t, address) })
	first := sumsIn(does(t, "copy", "--from", folder, "--to", at))

	server, _, stop := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", at)
	token := tokenOf(t.Context(), t, server, made[1])
	products := server + "/api/v1/forms/product/records"
	var one, same stock
	if status, err := call(t.Context(), http.MethodPost, products, token, "", contents("kept"), &one); err != nil || status != http.StatusCreated {
		t.Fatalf("creating: %d %v", status, err)
	}
	if status, err := call(t.Context(), http.MethodGet, products+"/"+one.ID, token, "", nil, &same); err != nil || status != http.StatusOK || same.Values.Name != "kept" {
		t.Errorf("reading: %d %v %+v", status, err, same)
	}
	if status, body := get(t, server+"/readyz"); status != http.StatusOK || !strings.Contains(body, `"store":"mongodb"`) {
		t.Errorf("readyz: %d %s", status, body)
	}
	backup := filepath.Join(t.TempDir(), "acme.backup")
	does(t, "backup", "--store", at, "--tenant", "acme", backup)
	stop()

	does(t, "verify", "--store", at, "--tenant", "acme")
	budgets(t, at, backup, 0)
	does(t, "restore", "--store", at, "--tenant", "again", backup)
	does(t, "verify", "--store", at, "--tenant", "again")
	second := sumsIn(does(t, "copy", "--from", at, "--to", back, "--tenant", "acme"))
	if len(first) == 0 || slices.Equal(first, second) {
		t.Errorf("before it was served it came to\n%s\nand then to\n%s", strings.Join(first, "\n"), strings.Join(second, "\n"))
	}
	does(t, "verify", "--store", back, "--tenant", "acme")
	restored := sumsIn(does(t, "copy", "--from", at, "--to", filepath.Join(t.TempDir(), "data"), "--tenant", "again"))
	product := func(sums []string) string {
		n := slices.IndexFunc(sums, func(line string) bool { return strings.Contains(line, "form product: 1 records, 1 lines of history") })
		if n < 0 {
			t.Fatalf("no product in\n%s", strings.Join(sums, "\n"))
		}
		return sums[n]
	}
	if product(restored) != product(second) {
		t.Errorf("restored it comes to\n%s\nwhat was kept to\n%s", product(restored), product(second))
	}
}

func dropTenants(t *testing.T, address string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // the test's own is over by now
	out := &output{ready: make(chan string, 1)}
	if code := newProgram(out, out).run(ctx, []string{"tenant", "list", "--store", address}); code != 0 {
		t.Errorf("exit code %d: %s", code, out)
	}
	reach, err := mongo.Dial(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(tenantID.FindAllString(out.String(), -1), "common") {
		if err := reach.Drop(ctx, name); err != nil {
			t.Error(err)
		}
	}
	if err := reach.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestAddressesOfServersThatAreNone(t *testing.T) {
	fails(t, 1, "store.unavailable", "tenant", "list", "--store", "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=100")
	fails(t, 1, "config.invalid", "tenant", "list", "--store", "mongodb:/x")
	fails(t, 1, "store.address", "tenant", "list", "--store", "mongodb://127.0.0.1:1/Ümlaut?serverSelectionTimeoutMS=100")
	for _, text := range []string{"user:12/34geheim@127.0.0.1:1/x", "user:12#geheim@127.0.0.1:1/x", "user:geheim@127.0.0.1:1/x?y=@", "user:12?geheim@127.0.0.1:1"} {
		if code, out := run(t, "tenant", "list", "--store", "mongodb://"+text+"&serverSelectionTimeoutMS=100"); code != 1 || strings.Contains(out, "geheim") {
			t.Errorf("%s: exit code %d: %s", text, code, out)
		}
	}
}
