package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// output gathers what a program prints, and tells when a line is there.
type output struct {
	mu    sync.Mutex
	text  strings.Builder
	ready chan string // gets the address of a server
}

var readyLine = regexp.MustCompile(`ready on (http://\S+)`)

func (o *output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m := readyLine.FindSubmatch(data); m != nil {
		o.ready <- string(m[1])
	}
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// run runs the program and returns its exit code and what it printed.
func run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	out := &output{ready: make(chan string, 1)}
	code := newProgram(out, out).run(t.Context(), args)
	return code, out.String()
}

// does holds that the program does something, and returns what it printed.
func does(t *testing.T, args ...string) string {
	t.Helper()
	code, out := run(t, args...)
	if code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, out)
	}
	return out
}

// fails holds that the program fails with a code and says why.
func fails(t *testing.T, code int, why string, args ...string) {
	t.Helper()
	got, out := run(t, args...)
	if got != code || !strings.Contains(out, why) {
		t.Errorf("%v: exit code %d, want %d and %q: %s", args, got, code, why, out)
	}
}

// serve runs a server until the test ends or stop is called, and returns its address.
func serve(t *testing.T, args ...string) (address string, out *output, stop func()) {
	t.Helper()
	out = &output{ready: make(chan string, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- newProgram(out, out).run(ctx, args) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d: %s", code, out)
		}
	})
	t.Cleanup(stop)
	select {
	case address = <-out.ready:
	case code := <-ended:
		ended <- 0
		t.Fatalf("exit code %d: %s", code, out)
	}
	return address, out, stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, req)
}

func send(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err == nil {
		err = res.Body.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// signIn returns the status of signing in.
func signIn(t *testing.T, address, tenantName, username, password string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"tenant": tenantName, "username": username, "password": password})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/v1/auth/token", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	status, _ := send(t, req)
	return status
}

var onceShown = regexp.MustCompile(`user admin, password (\S+) \(shown this once\)`)

func TestFirstStartMakesAnAdministratorOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	address, out, stop := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	shown := onceShown.FindStringSubmatch(out.String())
	if shown == nil {
		t.Fatalf("no password is shown: %s", out)
	}
	if status, body := get(t, address+"/readyz"); status != http.StatusOK || !strings.Contains(body, `"scripts":"walled"`) {
		t.Errorf("readyz: %d %s", status, body)
	}
	if status := signIn(t, address, "main", "admin", shown[1]); status != http.StatusOK {
		t.Errorf("signing in: %d", status)
	}
	if status := signIn(t, address, "main", "admin", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("a wrong password: %d", status)
	}
	// Meanwhile the folder is taken.
	fails(t, 1, "store.lock", "tenant", "list", "--store", folder)
	stop()

	_, again, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	if strings.Contains(again.String(), "password") {
		t.Errorf("a second start shows a password: %s", again)
	}
}

func TestOperatorsDay(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	if told := does(t, "app", "check", "crm"); !strings.Contains(told, "no faults, 0 warnings") {
		t.Errorf("app check: %s", told)
	}
	made := does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme")
	if onceShown.FindString(made) == "" {
		t.Errorf("no password is shown: %s", made)
	}
	at := func(args ...string) []string { return append(args, "--store", folder, "--tenant", "acme") }
	does(t, at("user", "add", "--username", "lead", "--roles", "salesManager")...)
	added := does(t, at("user", "add", "--username", "anna", "--name", "Anna", "--roles", "sales", "--manager", "lead")...)
	password := regexp.MustCompile(`password (\S+)`).FindStringSubmatch(added)
	if password == nil {
		t.Fatalf("no password is shown: %s", added)
	}
	fails(t, 1, "user.usernameTaken", at("user", "add", "--username", "ANNA")...)
	fails(t, 1, "user.role", at("user", "add", "--username", "carl", "--roles", "nothing")...)
	fails(t, 1, "publish.unknownVersion", at("app", "rollback")...)
	if told := does(t, append(at("app", "check"), "crm")...); !strings.Contains(told, "in acme: 0 documents differ") {
		t.Errorf("app check: %s", told)
	}
	fails(t, 1, "user.unknown", at("user", "passwd", "--username", "nobody")...)
	does(t, append(at("app", "install"), "crm")...)
	if out := does(t, at("verify")...); !strings.Contains(out, "no differences") {
		t.Errorf("verify: %s", out)
	}

	copied := filepath.Join(t.TempDir(), "acme.backup")
	does(t, append(at("backup"), copied)...)
	fails(t, 1, "", append(at("backup"), copied)...)
	does(t, "restore", "--store", folder, "--tenant", "copy", copied)
	fails(t, 1, "tenant.taken", "restore", "--store", folder, "--tenant", "copy", copied)
	if list := does(t, "tenant", "list", "--store", folder); !strings.Contains(list, "acme\t") || !strings.Contains(list, "copy\t") {
		t.Errorf("tenants: %s", list)
	}
	budgets(t, folder, copied, 3)

	address, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	for _, name := range []string{"acme", "copy"} {
		if status := signIn(t, address, name, "anna", password[1]); status != http.StatusOK {
			t.Errorf("signing in to %s: %d", name, status)
		}
	}
}

// budgets holds that a place with used files takes no tenant beyond its budget, and says what that is.
func budgets(t *testing.T, at, backup string, used int) {
	t.Helper()
	if out := does(t, "tenant", "budget", "--store", at); used > 0 && out != fmt.Sprintf("%d files of 50000\n", used) {
		t.Errorf("budget: %s", out)
	}
	if out := does(t, "tenant", "budget", "--store", at, "2"); !strings.HasSuffix(out, " files of 2\n") {
		t.Errorf("budget: %s", out)
	}
	fails(t, 1, "tenant.budget", "tenant", "create", "--store", at, "more")
	fails(t, 1, "tenant.budget", "restore", "--store", at, "--tenant", "more", backup)
	fails(t, 1, "config.invalid", "tenant", "budget", "--store", at, "0")
	fails(t, 2, "no number of files", "tenant", "budget", "--store", at, "many")
	does(t, "tenant", "budget", "--store", at, "50000")
}

// TestBackupBesideAServer copies a tenant while a server has its folder, restores it elsewhere, and finds there
// what the server had answered.
func TestBackupBesideAServer(t *testing.T) {
	folder, elsewhere := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	made := onceShown.FindStringSubmatch(does(t, "tenant", "create", "--store", folder, "--app", "crm", "acme"))
	if made == nil {
		t.Fatal("no password is shown")
	}
	address, _, stop := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", folder)
	token := tokenOf(t.Context(), t, address, made[1])
	var one stock
	products := address + "/api/v1/forms/product/records"
	status, err := call(t.Context(), http.MethodPost, products, token, "", contents("kept"), &one)
	if err != nil || status != http.StatusCreated {
		t.Fatalf("creating: %d %v", status, err)
	}
	copied := filepath.Join(t.TempDir(), "acme.backup")
	does(t, "backup", "--store", folder, "--tenant", "acme", copied)
	fails(t, 1, "tenant.unknown", "backup", "--store", folder, "--tenant", "nobody", copied+"2")
	if status, err := call(t.Context(), http.MethodGet, products+"/"+one.ID, token, "", nil, &one); err != nil || status != http.StatusOK {
		t.Errorf("the server after the backup: %d %v", status, err)
	}
	stop()

	does(t, "restore", "--store", elsewhere, "--tenant", "acme", copied)
	does(t, "verify", "--store", elsewhere, "--tenant", "acme")
	there, _, _ := serve(t, "serve", "--addr", "127.0.0.1:0", "--store", elsewhere)
	token = tokenOf(t.Context(), t, there, made[1])
	status, err = call(t.Context(), http.MethodGet, there+"/api/v1/forms/product/records/"+one.ID, token, "", nil, &one)
	if err != nil || status != http.StatusOK || one.Values.Name != "kept" {
		t.Errorf("the record in the copy: %d %v %+v", status, err, one)
	}
}

func TestCalledWrongly(t *testing.T) {
	fails(t, 2, "tidewater serve")
	fails(t, 2, "tidewater serve", "dance")
	fails(t, 2, "tenant create", "tenant")
	fails(t, 2, "app check", "app", "check")
	fails(t, 2, "loopback only", "demo", "--addr", "0.0.0.0:8080", "--data", t.TempDir())
	fails(t, 1, "tenant.unknown", "verify", "--store", t.TempDir(), "--tenant", "nobody")
	fails(t, 1, "app.unknown", "app", "check", "nothing")
	if out := does(t, "version"); !strings.HasPrefix(out, "tidewater ") {
		t.Errorf("version: %q", out)
	}
}
