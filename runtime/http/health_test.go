package http_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"tidewater/engine/message"
	"tidewater/runtime/http"
)

func TestOperatorSeesFiguresAndProfiles(t *testing.T) {
	s := newSite(t)
	s.anyone().get("/me").problem(401, "auth.required")
	s.anyone().get("/healthz").is(200)
	if got := s.anyone().get("/readyz").is(200); got.at("version") != "test" || got.at("scripts") != "walled" || got.at("store") != s.tenants.Kind() {
		t.Errorf("readyz: %s", got.raw)
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.server.ServeOperator(listener) }()
	for path, want := range map[string]string{
		"/metrics":                       `tidewater_http_requests_total{method="GET",route="/api/v1/me",status="401"} 1`,
		"/metrics?store":                 `tidewater_store_ready{store="` + s.tenants.Kind() + `"} 1`,
		"/metrics?wakes":                 `tidewater_store_wakes{store="` + s.tenants.Kind() + `"} `,
		"/metrics?lost":                  `tidewater_store_wakes_lost_total{store="` + s.tenants.Kind() + `"} 0`,
		"/metrics?jobs":                  `tidewater_jobs{state="queued"} 0`,
		"/debug/pprof/":                  "full goroutine stack dump",
		"/debug/pprof/goroutine?debug=1": "goroutine profile: total",
	} {
		// Users never see it.
		s.anyone().get(path).problem(404, "http.notFound")
		req, err := nethttp.NewRequestWithContext(t.Context(), nethttp.MethodGet, "http://"+listener.Addr().String()+path, nil)
		must(t, err)
		res, err := s.client.Do(req)
		must(t, err)
		raw, err := io.ReadAll(res.Body)
		must(t, err)
		must(t, res.Body.Close())
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s: no %s in\n%s", path, want, raw)
		}
	}
	must(t, listener.Close())
	if err := <-ended; err == nil {
		t.Error("serving ended without saying why")
	}
}

func TestShutdownFinishesWhatItBegan(t *testing.T) {
	texts, err := message.Load()
	must(t, err)
	server := http.New(http.Config{Texts: texts, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: time.Now})
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	dial := func(request, answer string) net.Conn {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
		must(t, err)
		_, err = io.WriteString(conn, request)
		must(t, err)
		got := make([]byte, len(answer))
		_, err = io.ReadFull(conn, got)
		must(t, err)
		if string(got) != answer {
			t.Fatalf("answered %q, want %q", got, answer)
		}
		return conn
	}
	// A connection that is idle must not hold the end up.
	idle := dial("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n")
	// A request whose head the server has taken when it is told to end, and whose body comes later.
	busy := dial("POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n")
	stopped := make(chan error, 1)
	go func() { stopped <- server.Shutdown(context.WithoutCancel(t.Context())) }()
	must(t, <-ended)
	_, err = io.WriteString(busy, "{}")
	must(t, err)
	answer, err := io.ReadAll(busy)
	must(t, err)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 415 ") || !strings.Contains(string(answer), `"code":"http.mediaType"`) {
		t.Errorf("answered %q", answer)
	}
	must(t, <-stopped)
	must(t, errors.Join(busy.Close(), idle.Close()))
}
