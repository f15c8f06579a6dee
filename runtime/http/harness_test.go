package http_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/message"
	"tidewater/engine/org"
	"tidewater/engine/store/teststore"
	"tidewater/runtime/files"
	"tidewater/runtime/http"
	"tidewater/runtime/people"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
	"tidewater/runtime/web"
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

// site is a real server on a loopback port, over real files, with the tenants "one" and "two".
type site struct {
	t       *testing.T
	url     string
	clock   *clock
	tenants *tenant.Directory
	signin  *signin.Service
	client  *nethttp.Client
	server  *http.Server
}

func newSite(t *testing.T) *site { return newSiteOf(t, tenant.Config{}, files.Limits{}) }

// newSiteOf is newSite with tenants that are kept in their own way, in a folder of the test, and with limits for files.
func newSiteOf(t *testing.T, config tenant.Config, limits files.Limits) *site {
	t.Helper()
	now := &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	address, drop := teststore.Home(t, t.TempDir())
	at, err := tenant.ParseAddress(address)
	must(t, err)
	config.At, config.Clock, config.Log = at, now.Now, log
	tenants, err := tenant.Open(config)
	must(t, err)
	texts, err := message.Load()
	must(t, err)
	service := signin.New(signin.Config{Tenants: tenants, Passwords: signin.NewPasswords(), Clock: now.Now})
	server := http.New(http.Config{
		Tenants: tenants, SignIn: service, Texts: texts, Log: log,
		Clock: now.Now, Version: "test", Scripts: "walled", Files: limits, Pages: pages(t),
	})
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	s := &site{
		t: t, url: "http://" + listener.Addr().String(), clock: now, tenants: tenants, signin: service,
		client: &nethttp.Client{Transport: watch.Transport(t)}, server: server,
	}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		// The test's own context is over by now.
		must(t, server.Shutdown(context.WithoutCancel(t.Context())))
		must(t, <-ended)
		names := []string{"common"}
		for _, entry := range tenants.List() {
			names = append(names, entry.ID)
		}
		must(t, tenants.Close())
		drop(names...)
	})
	s.furnish("one")
	s.furnish("two")
	return s
}

// pages is a web app that is next to nothing.
func pages(t *testing.T) *web.Pages {
	t.Helper()
	found, err := web.From(fstest.MapFS{
		"index.html":           {Data: []byte(`<script nonce="__NONCE__"></script>`)},
		"manifest.webmanifest": {Data: []byte(`{"name": "Product", "short_name": "Product", "theme_color": "#000000", "start_url": "/"}`)},
	})
	must(t, err)
	return found
}

// furnish makes a tenant with the app of testdata, and a person for each role.
func (s *site) furnish(name string) { s.furnishWith(name, "testdata/app") }

// furnishWith is furnish with the app of another folder.
func (s *site) furnishWith(name, app string) {
	s.t.Helper()
	ctx := s.t.Context()
	bundle, err := catalog.LoadFS(os.DirFS(app))
	must(s.t, err)
	hash, err := s.signin.Passwords.Hash(ctx, password)
	must(s.t, err)
	_, err = s.tenants.CreateWith(ctx, name, "Asia/Shanghai", func(t *tenant.Tenant) error {
		if _, err := t.Engine.Apps.Install(ctx, bundle); err != nil {
			return err
		}
		return t.People.Change(ctx, func(d *people.Draft) error {
			for _, role := range []string{"keeper", "viewer"} {
				u := org.User{ID: s.tenants.NewID(), Username: role, Name: role, Roles: []string{role}, Active: true}
				d.PutUser(u)
				d.SetHash(u.ID, hash)
			}
			return nil
		})
	})
	must(s.t, err)
}

// as signs a user in and returns what they call with.
func (s *site) as(tenantName, username string) *caller {
	s.t.Helper()
	got := s.anyone().post("/auth/token", map[string]any{"tenant": tenantName, "username": username, "password": password})
	got.is(nethttp.StatusOK)
	token, _ := got.body["token"].(string)
	if token == "" {
		s.t.Fatal("no token")
	}
	return &caller{site: s, header: nethttp.Header{"Authorization": {"Bearer " + token}}}
}

func (s *site) anyone() *caller { return &caller{site: s, header: nethttp.Header{}} }

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

// response is what came back.
type response struct {
	t      *testing.T
	status int
	header nethttp.Header
	raw    string
	body   map[string]any
}

func (c *caller) get(path string) *response             { return c.send("GET", path, nil) }
func (c *caller) post(path string, body any) *response  { return c.send("POST", path, body) }
func (c *caller) patch(path string, body any) *response { return c.send("PATCH", path, body) }
func (c *caller) remove(path string) *response          { return c.send("DELETE", path, nil) }
func (c *caller) create(values map[string]any) *response {
	return c.post("/forms/asset/records", map[string]any{"values": values})
}

// send sends a body: text as it is, anything else as JSON.
func (c *caller) send(method, path string, body any) *response {
	t := c.site.t
	t.Helper()
	var data []byte
	switch body := body.(type) {
	case nil:
	case string:
		data = []byte(body)
	default:
		var err error
		data, err = json.Marshal(body)
		must(t, err)
	}
	if !slices.ContainsFunc([]string{"/healthz", "/readyz", web.ManifestPath}, func(own string) bool { return strings.HasPrefix(path, own) }) {
		path = "/api/v1" + path
	}
	req, err := nethttp.NewRequestWithContext(t.Context(), method, c.site.url+path, bytes.NewReader(data))
	must(t, err)
	req.Header = c.header.Clone()
	if _, said := req.Header["Content-Type"]; body != nil && !said {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.site.client.Do(req)
	must(t, err)
	var raw []byte
	if res.Header.Get("Content-Type") == "text/event-stream" && method != nethttp.MethodHead {
		raw, err = bufio.NewReader(res.Body).ReadBytes('\n') // it has no end
	} else {
		raw, err = io.ReadAll(res.Body)
	}
	must(t, err)
	must(t, res.Body.Close())
	out := &response{t: t, status: res.StatusCode, header: res.Header, raw: string(raw)}
	if strings.Contains(res.Header.Get("Content-Type"), "json") && method != nethttp.MethodHead {
		must(t, json.Unmarshal(raw, &out.body))
	}
	return out
}

// is holds the status.
func (r *response) is(status int) *response {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.raw)
	}
	return r
}

// problem holds that the answer is a problem document of a status and code, and where it has issues, that
// they are these: "path code".
func (r *response) problem(status int, code string, issues ...string) *response {
	r.t.Helper()
	r.is(status)
	if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
		r.t.Errorf("content type %q", kind)
	}
	if r.body["code"] != code {
		r.t.Fatalf("code %v, want %s: %s", r.body["code"], code, r.raw)
	}
	for _, key := range []string{"type", "title", "detail", "instance"} {
		if text, _ := r.body[key].(string); text == "" {
			r.t.Errorf("no %s in %s", key, r.raw)
		}
	}
	if issues == nil {
		return r
	}
	found := map[string]bool{}
	list, _ := r.body["errors"].([]any)
	for _, one := range list {
		issue, _ := one.(map[string]any)
		path, _ := issue["path"].(string)
		code, _ := issue["code"].(string)
		if text, _ := issue["message"].(string); text == "" {
			r.t.Errorf("%s %s has no message", path, code)
		}
		found[path+" "+code] = true
	}
	for _, want := range issues {
		if !found[want] {
			r.t.Errorf("no issue %q in %s", want, r.raw)
		}
	}
	if len(found) != len(issues) {
		r.t.Errorf("%d issues, want %d: %s", len(found), len(issues), r.raw)
	}
	return r
}

// at walks into the body: at("values", "name").
func (r *response) at(steps ...string) any {
	r.t.Helper()
	var v any = r.body
	for _, step := range steps {
		m, ok := v.(map[string]any)
		if !ok {
			r.t.Fatalf("nothing at %v in %s", steps, r.raw)
		}
		v = m[step]
	}
	return v
}

func (r *response) id() string {
	id, _ := r.at("id").(string)
	return id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
