package egress

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/script"
)

func TestPublic(t *testing.T) {
	for _, text := range []string{"1.1.1.1", "8.8.8.8", "114.114.114.114", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1", "::ffff:8.8.8.8"} {
		if !public(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	for _, text := range []string{
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"100.100.100.200", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7",
		"203.0.113.9", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1",
	} {
		if public(netip.MustParseAddr(text)) {
			t.Errorf("%s is let through", text)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is let through")
	}
}

// inside is a server that says how often it was asked, and a client that finds it under public names.
type inside struct {
	*testing.T
	*Client
	asked atomic.Int64
	hosts map[string][]string // addresses by name
}

func newInside(t *testing.T, config Config, answer http.HandlerFunc) *inside {
	t.Helper()
	in := &inside{T: t, hosts: map[string][]string{"example.com": {"93.184.216.34"}, "www.example.com": {"93.184.216.34"}}}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { in.asked.Add(1); answer(w, r) }))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	config.Roots = x509.NewCertPool()
	config.Roots.AddCert(server.Certificate()) // it is for example.com
	config.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
		var out []netip.Addr
		for _, text := range in.hosts[host] {
			out = append(out, netip.MustParseAddr(text))
		}
		if out == nil {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return out, nil
	}
	config.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err != nil || in.hosts[host] != nil {
			return nil, fmt.Errorf("%s was dialled by its name, which could lead elsewhere by now: %w", address, err)
		}
		return (&net.Dialer{}).DialContext(ctx, network, at.Host)
	}
	in.Client = New(config)
	return in
}

func (in *inside) get(address string) (*script.Incoming, error) {
	return in.Do(in.Context(), script.Outgoing{Method: "GET", URL: address})
}

func TestAHostIsAsked(t *testing.T) {
	in := newInside(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Said", r.Method+" "+r.Header.Get("X-Mine")+" "+r.Header.Get("User-Agent"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprint(w, r.Host)
	})
	got, err := in.Do(t.Context(), script.Outgoing{Method: "GET", URL: "https://example.com/a?b=c", Headers: map[string]string{"x-mine": "yes"}})
	if err != nil || got.Status != 418 || string(got.Body) != "example.com" || got.Headers["x-said"] != "GET yes Tidewater" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestWhatMayNotBeAsked holds each wall; nothing is asked behind it.
func TestWhatMayNotBeAsked(t *testing.T) {
	in := newInside(t, Config{}, func(http.ResponseWriter, *http.Request) {})
	in.hosts["inside.test"] = []string{"10.0.0.1"}
	in.hosts["rebinding.test"] = []string{"93.184.216.34", "127.0.0.1"}
	in.hosts["metadata.test"] = []string{"169.254.169.254"}
	for address, code := range map[string]string{
		"http://example.com/": "egress.url", "ftp://example.com/": "egress.url", "file:///etc/passwd": "egress.url", "https://user:word@example.com/": "egress.url",
		"https:///nowhere": "egress.url", "example.com": "egress.url", "https://exa mple.com": "egress.url", "//example.com/": "egress.url", "": "egress.url",
		"https:example.com": "egress.url", "gopher://example.com/": "egress.url", "unix:/run/docker.sock": "egress.url",
		"https://127.0.0.1/": "egress.forbidden", "https://[::1]/": "egress.forbidden", "https://[::ffff:127.0.0.1]/": "egress.forbidden",
		"https://169.254.169.254/latest/meta-data": "egress.forbidden", "https://inside.test/": "egress.forbidden", "https://rebinding.test/": "egress.forbidden",
		"https://metadata.test/": "egress.forbidden", "https://[fe80::1%25eth0]/": "egress.forbidden", "https://0x7f.1/": "egress.unreachable", "https://2130706433/": "egress.unreachable",
		"https://localhost/": "egress.unreachable", "https://nowhere.test/": "egress.unreachable",
	} {
		if got, err := in.get(address); fault.CodeOf(err) != code || got != nil {
			t.Errorf("%q: %v, want %s", address, err, code)
		}
	}
	for _, name := range []string{"Host", "connection", "Content-Length", "transfer-encoding", "Proxy-Authorization", "", "X\r\nY", "X Y", "Host "} {
		_, err := in.Do(t.Context(), script.Outgoing{Method: "GET", URL: "https://example.com/", Headers: map[string]string{name: "x"}})
		if fault.CodeOf(err) != "egress.header" {
			t.Errorf("header %q: %v", name, err)
		}
	}
	if in.asked.Load() != 0 {
		t.Errorf("asked %d times", in.asked.Load())
	}
}

func TestRedirects(t *testing.T) {
	var seen []string
	in := newInside(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Host+r.URL.Path+" "+r.Header.Get("Authorization")+r.Header.Get("X-Key"))
		to, found := strings.CutPrefix(r.URL.Path, "/to/")
		if found {
			where, err := url.PathUnescape(to)
			if err != nil {
				t.Error(err)
			}
			http.Redirect(w, r, where, http.StatusTemporaryRedirect)
		}
	})
	in.hosts["inside.test"] = []string{"192.168.0.1"}
	ask := func(method, to string) (*script.Incoming, error) {
		seen = nil
		return in.Do(t.Context(), script.Outgoing{
			Method: method, URL: "https://example.com/to/" + url.PathEscape(to), Headers: map[string]string{"Authorization": "secret", "X-Key": "too"},
		})
	}
	if got, err := ask("GET", "https://www.example.com/end"); err != nil || got.Status != 200 || len(seen) != 2 || seen[1] != "www.example.com/end " {
		t.Errorf("elsewhere: %v, %v", seen, err)
	}
	for to, code := range map[string]string{
		"https://inside.test/": "egress.forbidden", "https://127.0.0.1/": "egress.forbidden", "http://example.com/": "egress.url", "https://example.com/to/%2Fto%2F%252Fto%252F%25252Fend": "egress.redirects",
	} {
		if got, err := ask("GET", to); fault.CodeOf(err) != code || got != nil {
			t.Errorf("%s: %v, want %s", to, err, code)
		}
	}
	if got, err := ask("POST", "https://www.example.com/end"); err != nil || got.Status != 307 || len(seen) != 1 {
		t.Errorf("what is sent goes nowhere else: %v, %v", seen, err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	in := newInside(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			<-r.Context().Done()
			return
		}
		for range 1100 {
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	})
	if _, err := in.get("https://example.com/"); fault.CodeOf(err) != "egress.tooLarge" {
		t.Errorf("large: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := in.Do(ctx, script.Outgoing{Method: "GET", URL: "https://example.com/hang"}); !errors.Is(err, context.Canceled) && fault.CodeOf(err) != "egress.unreachable" {
		t.Errorf("given up: %v", err)
	}
}

func TestTheOperatorLetsSomeHostsInsideBeReached(t *testing.T) {
	in := newInside(t, Config{Internal: []string{"example.com:8443"}}, func(http.ResponseWriter, *http.Request) {})
	in.hosts["example.com"] = nil // wherever it is: nobody looks
	if _, err := in.get("https://example.com:8443/"); err != nil {
		t.Error(err)
	}
	for _, address := range []string{"https://example.com/", "https://10.0.0.1:8443/"} {
		if _, err := in.get(address); err == nil {
			t.Errorf("%s is reached", address)
		}
	}
}

// Only who names a host inside reaches it: no host outside leads there.
func TestNoHostOutsideLeadsInside(t *testing.T) {
	in := newInside(t, Config{Internal: []string{"www.example.com"}}, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.example.com/reset", http.StatusFound)
	})
	if _, err := in.get("https://example.com/"); fault.CodeOf(err) != "egress.forbidden" || in.asked.Load() != 1 {
		t.Errorf("%v, asked %d", err, in.asked.Load())
	}
}
