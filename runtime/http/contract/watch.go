package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Watch holds the requests of a package's tests to what each caller was told, and remembers which
// operations were granted.
type Watch struct {
	all *Description // every operation that there is: what callers get who are not signed in

	mu      sync.Mutex
	parsed  map[[sha256.Size]byte]*Description
	byWhom  map[string]*Description
	granted map[string]bool
}

// NewWatch returns a Watch over all operations of a description.
func NewWatch(all map[string]any) (*Watch, error) {
	text, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return &Watch{
		all: d, parsed: map[[sha256.Size]byte]*Description{}, byWhom: map[string]*Description{}, granted: map[string]bool{},
	}, nil
}

// All is the description of everything.
func (w *Watch) All() *Description { return w.all }

// Missed are the operations below a path that were granted to nobody: what no test calls, nothing holds.
func (w *Watch) Missed(below string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var missed []string
	for _, op := range w.all.Operations {
		if !w.granted[op.ID] && strings.HasPrefix(op.Path, below) {
			missed = append(missed, op.Method+" "+op.Path)
		}
	}
	return missed
}

// Complain writes the operations below a path that a whole run of tests has granted to nobody, and returns the
// exit code of the run, which fails for them. Where only some tests ran that says nothing, and code stays.
func (w *Watch) Complain(out io.Writer, below string, code int) int {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			return code
		}
	}
	for _, operation := range w.Missed(below) {
		// Whether anybody reads it changes nothing of the code.
		_, _ = fmt.Fprintln(out, "described, and granted in no test:", operation)
		code = 1
	}
	return code
}

// API is where the paths of descriptions begin.
const API = "/api/v1"

// T is what a Watch needs of a test.
type T interface {
	Errorf(format string, args ...any)
	Helper()
}

// Transport is a client's transport whose exchanges are held, for the length of a test. What is no path of
// the API passes unseen.
func (w *Watch) Transport(t T) http.RoundTripper {
	inner, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t.Errorf("no transport to begin with")
		return http.DefaultTransport
	}
	return &transport{w, t, inner.Clone()}
}

type transport struct {
	*Watch
	t     T
	inner *http.Transport
}

// CloseIdleConnections is what http.Client looks for.
func (x *transport) CloseIdleConnections() { x.inner.CloseIdleConnections() }

// kept bounds what of a body is looked at.
const kept = 2 << 20

// RoundTrip implements http.RoundTripper.
func (x *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	path, isAPI := strings.CutPrefix(req.URL.RequestURI(), API)
	if !isAPI || path == "/openapi.json" {
		x.grant(req.Method, path, isAPI)
		return x.inner.RoundTrip(req)
	}
	d := x.describe(req, false)
	req = req.Clone(req.Context())
	var sent copied
	if req.Body != nil && req.Body != http.NoBody {
		req.Body = &tee{req.Body, &sent}
	}
	res, err := x.inner.RoundTrip(req)
	if err != nil {
		return res, err
	}
	e := Exchange{Method: req.Method, URL: path, Sent: req.Header, Body: sent.now(), Status: res.StatusCode, Answered: res.Header}
	if strings.Contains(res.Header.Get("Content-Type"), "json") || res.ContentLength == 0 {
		if e.Answer, err = io.ReadAll(res.Body); err != nil {
			return res, err
		}
		if err := res.Body.Close(); err != nil {
			return res, err
		}
		res.Body = io.NopCloser(bytes.NewReader(e.Answer))
	} else {
		e.Answer = []byte("…") // it flows on, and no schema says more than its type
	}
	x.hold(d, req, e)
	return res, nil
}

// tee copies what is read of a body.
type tee struct {
	io.ReadCloser
	to *copied
}

func (b *tee) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.to.add(p[:n])
	return n, err
}

// copied is the beginning of what was sent. A server may answer before it has read all, so it is asked for
// while the rest is still being sent.
type copied struct {
	mu   sync.Mutex
	body []byte
}

func (c *copied) add(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.body) < kept {
		c.body = append(c.body, p...)
	}
}

func (c *copied) now() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.body)
}

func (x *transport) hold(d *Description, req *http.Request, e Exchange) {
	x.t.Helper()
	_, err := d.Check(e)
	if err != nil { // what the caller may do can have changed without a request
		_, err = x.describe(req, true).Check(e)
	}
	if err != nil {
		x.t.Errorf("%s %s → %d is not as described:\n%v\nsent: %.600s", e.Method, e.URL, e.Status, err, e.Body)
	}
	if e.Status >= http.StatusBadRequest {
		return
	}
	x.grant(e.Method, e.URL, true)
	if !slices.Contains([]string{http.MethodGet, http.MethodHead}, e.Method) && strings.HasPrefix(e.URL, "/admin/") {
		x.mu.Lock()
		clear(x.byWhom)
		x.mu.Unlock()
	}
}

func (x *transport) grant(method, target string, isAPI bool) {
	path, _, _ := strings.Cut(target, "?")
	if op, ok := x.all.Find(method, path); ok && isAPI {
		x.mu.Lock()
		x.granted[op.ID] = true
		x.mu.Unlock()
	}
}

// describe fetches the description that the sender of a request gets, unless they have it already.
func (x *transport) describe(req *http.Request, anew bool) *Description {
	x.t.Helper()
	whose := req.URL.Host + "\n" + req.Header.Get("Authorization") + "\n" + req.Header.Get("Cookie")
	x.mu.Lock()
	d, known := x.byWhom[whose]
	x.mu.Unlock()
	if known && !anew {
		return d
	}
	d, err := x.fetch(req)
	if err != nil {
		x.t.Errorf("the description of the API: %v", err)
		return x.all
	}
	x.mu.Lock()
	x.byWhom[whose] = d
	x.mu.Unlock()
	return d
}

func (x *transport) fetch(req *http.Request) (*Description, error) {
	ask, err := http.NewRequestWithContext(req.Context(), http.MethodGet, req.URL.Scheme+"://"+req.URL.Host+API+"/openapi.json", nil)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"Authorization", "Cookie"} {
		ask.Header[name] = req.Header[name]
	}
	res, err := x.inner.RoundTrip(ask)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return x.parse(text)
	case http.StatusUnauthorized, http.StatusForbidden:
		return x.all, nil
	}
	return nil, fmt.Errorf("status %d: %.300s", res.StatusCode, text)
}

// parse is Parse, once for each text.
func (w *Watch) parse(text []byte) (*Description, error) {
	sum := sha256.Sum256(text)
	w.mu.Lock()
	d, known := w.parsed[sum]
	w.mu.Unlock()
	if known {
		return d, nil
	}
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parsed[sum] = d
	return d, nil
}
