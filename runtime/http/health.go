package http

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
)

// healthy says that the process answers at all.
func (s *Server) healthy(c *fiber.Ctx) error { return c.JSON(fiber.Map{"status": "ok"}) }

// ready says whether to send requests here.
func (s *Server) ready(c *fiber.Ctx) error {
	if s.isClosing() {
		return fault.New(fault.Unavailable, "http.shuttingDown").In("http.ready")
	}
	if err := s.Tenants.Ready(c.UserContext()); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"status": "ready", "version": s.Version, "scripts": s.Scripts, "store": s.Tenants.Kind()})
}

// figures are what the operator sees of requests.
type figures struct{ set *metrics.Set }

func newFigures() *figures { return &figures{set: metrics.NewSet()} }

func (f *figures) request(method, route string, status int, took time.Duration) {
	labels := `{method="` + method + `",route=` + strconv.Quote(route) + `,status="` + strconv.Itoa(status) + `"}`
	f.set.GetOrCreateCounter("tidewater_http_requests_total" + labels).Inc()
	f.set.GetOrCreateHistogram(`tidewater_http_seconds{route=` + strconv.Quote(route) + `}`).Update(took.Seconds())
}

// ServeOperator answers GET /metrics, and /debug/pprof/ with profiles of this process (see net/http/pprof), on
// the operator's listener, until it is closed. It never shares a port with users.
func (s *Server) ServeOperator(listener net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		s.figures.set.WritePrometheus(w)
		s.writeStore(r.Context(), w)
		s.writeJobs(r.Context(), w)
		metrics.WriteProcessMetrics(w)
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: answerTime}
	return server.Serve(listener)
}

// writeStore writes whether what keeps the data can be served from, and whether it wakes those who wait for what is written.
func (s *Server) writeStore(ctx context.Context, w io.Writer) {
	ready := 1
	if err := s.Tenants.Ready(ctx); err != nil {
		s.Log.Error("metrics", "error", err.Error())
		ready = 0
	}
	kind := s.Tenants.Kind()
	fmt.Fprintf(w, "tidewater_store_ready{store=%q} %d\n", kind, ready)
	hears, lost := s.Tenants.Wakes()
	wakes := 0
	if hears {
		wakes = 1
	}
	fmt.Fprintf(w, "tidewater_store_wakes{store=%q} %d\ntidewater_store_wakes_lost_total{store=%q} %d\n", kind, wakes, kind, lost)
}

// writeJobs writes how many jobs there are by state, and how many have ended since this process began. What
// cannot be counted now is left out, and logged.
func (s *Server) writeJobs(ctx context.Context, w io.Writer) {
	tally, err := s.Tenants.Jobs(ctx)
	if err != nil {
		s.Log.Error("metrics", "error", err.Error())
		return
	}
	for _, state := range slices.Sorted(maps.Keys(tally.Active)) {
		fmt.Fprintf(w, "tidewater_jobs{state=%q} %d\n", state, tally.Active[state])
	}
	for ending, n := range tally.Ended {
		fmt.Fprintf(w, "tidewater_jobs_ended_total{kind=%q,state=%q} %d\n", ending.Kind, ending.State, n)
	}
}
