package http_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	adminhttp "tidewater/admin/http"
	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/message"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/script/scripttest"
	"tidewater/runtime/http"
	"tidewater/runtime/people"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
)

const password = "correct horse"

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// site is a real server on a loopback port, over real files, with the tenants "one" and "two", each with
// the administrator "admin", and with "keeper" and "viewer" who are none.
type site struct {
	t       *testing.T
	url     string
	clock   *clock
	folder  string
	tenants *tenant.Directory
	signin  *signin.Service
	client  *nethttp.Client
	stop    func()
	names   []string // of the tenants
	mail    outbox
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, folder: t.TempDir(), clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}}
	s.start()
	t.Cleanup(func() { s.stop() })
	s.furnish("one")
	s.furnish("two")
	return s
}

// start opens the folder and serves it.
func (s *site) start() {
	t := s.t
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	scripts := scripttest.Pool(t, time.Now)
	tenants, err := tenant.Open(tenant.Config{
		At: tenant.Folder(s.folder), Clock: s.clock.Now, Log: log, Scripts: scripts, Carriers: map[notify.Channel]notify.Carrier{notify.Mail: &s.mail}, Outlets: map[notify.Channel]notify.Carrier{engine.Webhook: &s.mail},
	})
	must(t, err)
	texts, err := message.Load()
	must(t, err)
	service := signin.New(signin.Config{Tenants: tenants, Passwords: signin.NewPasswords(), Clock: s.clock.Now})
	server := http.New(http.Config{
		Tenants: tenants, SignIn: service, Texts: texts, Log: log, Clock: s.clock.Now, Version: "test",
		Routes:   adminhttp.Routes(adminhttp.Config{SignIn: service, Texts: texts, Clock: s.clock.Now, NewID: tenants.NewID}),
		Describe: adminhttp.Describe,
	})
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	s.url, s.tenants, s.signin, s.client = "http://"+listener.Addr().String(), tenants, service, &nethttp.Client{Transport: watch.Transport(t)}
	s.stop = func() {
		s.client.CloseIdleConnections()
		// The test's own context may be over by now.
		must(t, server.Shutdown(context.WithoutCancel(t.Context())))
		must(t, <-ended)
		must(t, tenants.Close())
		scripts.Close()
	}
}

// furnish makes a tenant with the app of testdata, and its people.
func (s *site) furnish(name string) {
	s.t.Helper()
	ctx := s.t.Context()
	hash, err := s.signin.Passwords.Hash(ctx, password)
	must(s.t, err)
	s.names = append(s.names, name)
	_, err = s.tenants.CreateWith(ctx, name, "Asia/Shanghai", func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, s.app()); err != nil {
			return err
		}
		return t.People.Change(ctx, func(d *people.Draft) error {
			for _, role := range []string{"admin", "keeper", "viewer"} {
				u := org.User{ID: s.tenants.NewID(), Username: role, Name: role, Roles: []string{role}, Active: true, Admin: role == "admin"}
				d.PutUser(u)
				d.SetHash(u.ID, hash)
			}
			return nil
		})
	})
	must(s.t, err)
}

// app is the app of testdata.
func (s *site) app() catalog.Bundle {
	s.t.Helper()
	bundle, err := catalog.LoadFS(os.DirFS("testdata/app"))
	must(s.t, err)
	return bundle
}

// in does something with an open tenant.
func (s *site) in(name string, do func(*tenant.Tenant)) {
	s.t.Helper()
	entry, _ := s.tenants.ByName(name)
	t, release, err := s.tenants.Use(s.t.Context(), entry.ID)
	must(s.t, err)
	defer release()
	do(t)
}

// as signs a user in and returns what they call with.
func (s *site) as(tenantName, username string) *caller { return s.with(tenantName, username, password) }

func (s *site) with(tenantName, username, password string) *caller {
	s.t.Helper()
	got := s.anyone().post("/auth/token", map[string]any{"tenant": tenantName, "username": username, "password": password})
	got.is(nethttp.StatusOK)
	return s.bearing(got.text("token"))
}

func (s *site) anyone() *caller { return &caller{site: s, header: nethttp.Header{}} }

func (s *site) bearing(token string) *caller {
	return s.anyone().with("Authorization", "Bearer "+token)
}

// caller sends requests with some headers.
type caller struct {
	site   *site
	header nethttp.Header
}

// with returns a caller that sends one more header.
func (c *caller) with(name, value string) *caller {
	header := c.header.Clone()
	header.Set(name, value)
	return &caller{site: c.site, header: header}
}

// seen returns a caller that changes what an answer has shown.
func (c *caller) seen(r *response) *caller { return c.with("If-Match", r.header.Get("ETag")) }

// new returns a caller that makes what is not there yet.
func (c *caller) new() *caller { return c.with("If-None-Match", "*") }

func (c *caller) get(path string) *response             { return c.send("GET", path, nil) }
func (c *caller) post(path string, body any) *response  { return c.send("POST", path, body) }
func (c *caller) put(path string, body any) *response   { return c.send("PUT", path, body) }
func (c *caller) patch(path string, body any) *response { return c.send("PATCH", path, body) }
func (c *caller) remove(path string) *response          { return c.send("DELETE", path, nil) }

// object is a JSON object.
type object = map[string]any

// send sends a body: bytes and text as they are, anything else as JSON.
func (c *caller) send(method, path string, body any) *response {
	t := c.site.t
	t.Helper()
	var data []byte
	switch body := body.(type) {
	case nil:
	case []byte:
		data = body
	case string:
		data = []byte(body)
	default:
		var err error
		data, err = json.Marshal(body)
		must(t, err)
	}
	req, err := nethttp.NewRequestWithContext(t.Context(), method, c.site.url+"/api/v1"+path, bytes.NewReader(data))
	must(t, err)
	req.Header = c.header.Clone()
	if _, said := req.Header["Content-Type"]; body != nil && !said {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.site.client.Do(req)
	must(t, err)
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	out := &response{t: t, status: res.StatusCode, header: res.Header, raw: raw}
	if strings.Contains(res.Header.Get("Content-Type"), "json") && method != nethttp.MethodHead {
		must(t, json.Unmarshal(raw, &out.body))
	}
	return out
}

// response is what came back.
type response struct {
	t      *testing.T
	status int
	header nethttp.Header
	raw    []byte
	body   object
}

// is holds the status.
func (r *response) is(status int) *response {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.raw)
	}
	return r
}

// problem holds that the answer is a problem document of a status and code, and which issues it has, as
// "path code" or "file path code".
func (r *response) problem(status int, code string, issues ...string) *response {
	r.t.Helper()
	r.is(status)
	if r.body["code"] != code {
		r.t.Fatalf("code %v, want %s: %s", r.body["code"], code, r.raw)
	}
	for _, want := range issues {
		if !strings.Contains("\n"+strings.Join(r.issues(), "\n")+"\n", "\n"+want+"\n") {
			r.t.Errorf("no issue %q in %s", want, r.raw)
		}
	}
	return r
}

// issues are what is wrong, as "file path code".
func (r *response) issues() []string {
	var out []string
	list, _ := r.body["errors"].([]any)
	for _, one := range list {
		issue, _ := one.(object)
		file, _ := issue["file"].(string)
		path, _ := issue["path"].(string)
		code, _ := issue["code"].(string)
		out = append(out, strings.TrimSpace(strings.TrimSpace(file+" "+path)+" "+code))
	}
	return out
}

// at walks into the body: at("user", "name").
func (r *response) at(steps ...string) any {
	r.t.Helper()
	var v any = r.body
	for _, step := range steps {
		m, ok := v.(object)
		if !ok {
			r.t.Fatalf("nothing at %v in %s", steps, r.raw)
		}
		v = m[step]
	}
	return v
}

func (r *response) text(steps ...string) string {
	r.t.Helper()
	text, _ := r.at(steps...).(string)
	return text
}

// list is the array at a place, its elements as objects.
func (r *response) list(steps ...string) []object {
	r.t.Helper()
	list, ok := r.at(steps...).([]any)
	if !ok {
		r.t.Fatalf("no list at %v in %s", steps, r.raw)
	}
	out := make([]object, len(list))
	for i, v := range list {
		out[i], _ = v.(object)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func toJSON(t *testing.T, v any) []byte {
	t.Helper()
	body, err := json.Marshal(v)
	must(t, err)
	return body
}
