// Package http is the HTTP API for business users: one file per resource, and in each handler parse →
// call → write. What somebody may do is decided below, never here.
//
// Strings that fiber hands out die with the request; the app is set to copy them (Immutable), and no
// *fiber.Ctx leaves this package.
package http

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/message"
	"tidewater/engine/value"
	"tidewater/runtime/files"
	"tidewater/runtime/signin"
	"tidewater/runtime/tenant"
	"tidewater/runtime/web"
)

const (
	maxBody     = 1 << 20 // bytes
	answerTime  = 30 * time.Second
	idleTime    = 75 * time.Second
	headerBytes = 16 << 10
)

// Config says what a Server is built from.
type Config struct {
	Tenants *tenant.Directory
	SignIn  *signin.Service
	Texts   *message.Catalog
	Log     *slog.Logger
	Clock   func() time.Time
	Version string
	// Scripts says how scripts run here, see script.Pool.State.
	Scripts string
	Files   files.Limits
	// Secure says that browsers reach us by https, perhaps through a proxy: cookies are then marked so.
	Secure bool
	// Pages is the web app; nil: only the API is served.
	Pages *web.Pages
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Routes are doors that stand beside those of business users.
	Routes []Route
	// Describe returns what the API's description says of Routes to somebody, as wire.OpenAPI takes it; nil
	// for nothing. It may itself be nil.
	Describe func(actor value.Actor) []byte
}

// Server answers requests. Make it with New, give it a listener with Serve.
type Server struct {
	Config
	app     *fiber.App
	figures *figures
	files   *files.Service
	base    context.Context
	closing chan struct{}
	streams *streams
}

// New returns a Server that answers nothing yet.
func New(config Config) *Server {
	s := &Server{Config: config, figures: newFigures(), base: context.Background(), closing: make(chan struct{}), streams: &streams{of: map[string][]*stream{}}}
	s.files = files.New(config.Files)
	s.app = fiber.New(fiber.Config{
		AppName:               "tidewater",
		DisableStartupMessage: true,
		Immutable:             true,
		CaseSensitive:         true,
		StrictRouting:         true,
		UnescapePath:          true,
		BodyLimit:             maxBody,
		StreamRequestBody:     true,
		// The parts of a form are read where they are wanted, and only there.
		DisablePreParseMultipartForm: true,
		ReadBufferSize:               headerBytes,
		ReadTimeout:                  answerTime,
		IdleTimeout:                  idleTime,
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.observe, s.headers, s.recovered, s.bounded)
	s.routes()
	for _, r := range s.Routes {
		s.app.Add(r.Method, "/api/v1"+r.Path, s.signed(signedHandler(r.Handle)))
	}
	s.app.Get(web.ManifestPath, s.manifest)
	s.app.Use(s.page)
	return s
}

// routes is the list of all there is, in the order of the API's description.
func (s *Server) routes() {
	s.app.Get("/healthz", s.healthy)
	s.app.Get("/readyz", s.ready)

	api := s.app.Group("/api/v1")
	api.Post("/auth/login", s.login)
	api.Post("/auth/token", s.token)
	api.Post("/auth/logout", s.asking(s.logout))
	api.Post("/auth/password", s.signed(s.password))
	api.Get("/me", s.signed(s.me))
	api.Post("/me/password", s.signed(s.password))
	api.Get("/me/sessions", s.signed(s.sessions))
	api.Delete("/me/sessions/:id", s.signed(s.endGrant))
	api.Get("/me/tokens", s.signed(s.tokens))
	api.Post("/me/tokens", s.signed(s.createToken))
	api.Delete("/me/tokens/:id", s.signed(s.endGrant))
	api.Get("/me/absence", s.signed(s.absences))
	api.Put("/me/absence", s.signed(s.setAbsences))
	api.Post("/me/viewing", s.signed(s.beginViewing))
	api.Delete("/me/viewing", s.asking(s.endViewing))
	api.Get("/catalog", s.signed(s.catalog))
	api.Get("/catalog/:form", s.signed(s.catalogForm))
	api.Get("/dashboards/:key", s.signed(s.dashboard))
	api.Get("/openapi.json", s.signed(s.openAPI))
	api.Get("/search", s.signed(s.search))
	api.Get("/people", s.signed(s.listPeople))
	api.Get("/units", s.signed(s.listUnits))
	api.Get("/zones", s.signed(s.listZones))
	api.Get("/regions", s.signed(s.listRegions))

	api.Post("/files", s.signedFor(transferTime, inPerson(s.upload)))
	api.Get("/files/:id", s.signed(s.download))
	api.Get("/files/:id/paper", s.signed(s.paper))
	api.Get("/files/:id/thumbnail", s.signed(s.thumbnail))

	s.formRoutes(api)

	api.Get("/maintained", s.signed(s.listUpkept))
	api.Get("/maintained/:kind/:key", s.signed(s.getUpkept))
	api.Post("/maintained/:kind/:key/check", s.signed(s.checkValues))
	api.Post("/maintained/:kind/:key/values", s.signed(s.changeValues))
	api.Delete("/maintained/:kind/:key/values/:id", s.signed(s.cancelValues))

	api.Get("/jobs", s.signed(s.listJobs))
	api.Get("/jobs/:id", s.signed(s.getJob))
	api.Post("/jobs/:id/cancel", s.signed(s.cancelJob))
	api.Get("/jobs/:id/rows", s.signed(s.importedRows))
	api.Get("/jobs/:id/rehearsal", s.signed(s.jobRehearsal))
	api.Post("/jobs/:id/undo", s.signed(s.undoImport))

	api.Get("/events", s.signed(s.events))
	api.Get("/followed", s.signed(s.followed))
	api.Get("/mentions", s.signed(s.mentions))
	api.Get("/notifications", s.signed(s.listNotifications))
	api.Post("/notifications/read", s.signed(s.readNotifications))
	api.Get("/notifications/choices", s.signed(s.notificationChoices))
	api.Put("/notifications/choices", s.signed(s.chooseNotifications))
}

// formRoutes are those of the records of a form, and of what goes with them.
func (s *Server) formRoutes(api fiber.Router) {
	api.Get("/forms/:form/records", s.signed(s.listRecords))
	api.Post("/forms/:form/records", s.signed(s.createRecord))
	api.Get("/forms/:form/records/:id", s.signed(s.getRecord))
	api.Patch("/forms/:form/records/:id", s.signed(s.updateRecord))
	api.Delete("/forms/:form/records/:id", s.signed(s.deleteRecord))
	api.Post("/forms/:form/records/:id/restore", s.signed(s.restoreRecord))
	api.Post("/forms/:form/records/:id/purge", s.signed(s.purgeRecord))
	api.Get("/forms/:form/records/:id/merge", s.signed(s.previewMerge))
	api.Post("/forms/:form/records/:id/merge", s.signed(s.merge))
	api.Get("/forms/:form/records/:id/history", s.signed(s.history))
	api.Get("/forms/:form/records/:id/comments", s.signed(s.listComments))
	api.Post("/forms/:form/records/:id/comments", s.signed(s.comment))
	api.Patch("/forms/:form/records/:id/comments/:comment", s.signed(s.editComment))
	api.Delete("/forms/:form/records/:id/comments/:comment", s.signed(s.dropComment))
	api.Get("/forms/:form/records/:id/follow", s.signed(s.following))
	api.Put("/forms/:form/records/:id/follow", s.signed(s.follow))
	api.Delete("/forms/:form/records/:id/follow", s.signed(s.unfollow))
	api.Get("/forms/:form/records/:id/explain", s.signed(s.explain))
	api.Get("/forms/:form/records/:id/viewers", s.signed(s.viewers))
	api.Post("/forms/:form/records/:id/actions/:action", s.signed(s.act))
	api.Post("/forms/:form/query", s.asking(s.queryRecords))
	api.Post("/forms/:form/batch", s.signed(s.batch))
	api.Post("/forms/:form/actions/:action", s.signed(s.actOnMany))
	api.Post("/forms/:form/act/:action", s.signed(s.actOnForm))
	api.Get("/forms/:form/views", s.signed(s.listViews))
	api.Put("/forms/:form/views/:id", s.signed(s.saveView))
	api.Delete("/forms/:form/views/:id", s.signed(s.dropView))
	api.Get("/forms/:form/pools", s.signed(s.listPools))
	api.Post("/forms/:form/pools/:pool/sweep", s.signed(s.sweepPool))
	api.Post("/forms/:form/pools/:pool/distribute", s.signed(s.distributePool))
	api.Get("/forms/:form/pools/:pool/draws", s.signed(s.listDraws))
	api.Get("/forms/:form/pools/:pool/draws/:id", s.signed(s.getDraw))
	api.Get("/forms/:form/pools/:pool/ledger", s.signed(s.poolLedger))
	api.Post("/forms/:form/import", s.signed(s.importRecords))
	api.Post("/forms/:form/printed", s.signed(s.printed))
	api.Post("/forms/:form/export", s.signed(s.exportRecords))
	api.Post("/forms/:form/import/look", s.signed(s.lookAtFile))
	api.Get("/forms/:form/import-template", s.signed(s.importTemplate))
	api.Post("/forms/:form/evaluate", s.signed(s.evaluate))
	api.Post("/forms/:form/duplicates", s.signed(s.findDuplicates))
	api.Post("/forms/:form/aggregate", s.asking(s.aggregate))
}

// Serve answers requests until Shutdown.
func (s *Server) Serve(listener net.Listener) error { return s.app.Listener(listener) }

// Shutdown takes no new requests and waits, as long as ctx lasts, for those under way.
func (s *Server) Shutdown(ctx context.Context) error {
	close(s.closing)
	return s.app.ShutdownWithContext(ctx)
}

// isClosing tells whether Shutdown has begun.
func (s *Server) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

// fiberFault tells the status of an error that the framework itself has made.
func fiberFault(err error) (status int, ok bool) {
	var f *fiber.Error
	if errors.As(err, &f) {
		return f.Code, true
	}
	return 0, false
}
