// Package http is the HTTP API for tenant admins and consultants, below /api/v1/admin: one file per
// resource, and in each handler parse → call → write. Who may do it is decided below, by the desk of
// engine/publish and by runtime/office, which only administrators get.
package http

import (
	"context"
	_ "embed" // for api.json
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

// Config says what the routes are built from.
type Config struct {
	SignIn *signin.Service
	Texts  *message.Catalog
	Clock  func() time.Time
	NewID  func() value.ID
}

// api.json describes the routes: paths and schemas, beside those that every tenant has.
//
//go:embed api.json
var api []byte

// Describe returns the description of the routes for whoever may use them, nil for others.
func Describe(actor value.Actor) []byte {
	if access.Administer(actor) != nil {
		return nil
	}
	return api
}

type server struct{ Config }

// Routes are all doors of administrators, in the order of the API's description.
func Routes(config Config) []runtimehttp.Route {
	s := &server{config}
	return slices.Concat(
		s.metadataRoutes(), s.scriptRoutes(), s.failureRoutes(), s.peopleRoutes(), s.calendarRoutes(), s.scheduleRoutes(),
		s.channelRoutes(), s.outletRoutes(),
	)
}

// deskHandler answers an administrator at the desk where metadata are drafted and published.
type deskHandler func(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error

// atDesk opens the desk, which refuses whoever is no administrator, for a handler whose query has these parameters.
func atDesk(handle deskHandler, parameters ...string) runtimehttp.Handler {
	return func(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
		desk, err := v.Tenant.Engine.Apps.Desk(v.Actor)
		if err != nil {
			return err
		}
		if err := runtimehttp.Parameters(c, parameters...); err != nil {
			return err
		}
		return handle(c, ctx, v, desk)
	}
}

func (s *server) metadataRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/documents", Handle: atDesk(s.listDocuments)},
		{Method: "GET", Path: "/admin/drafts", Handle: atDesk(s.listDrafts)},
		{Method: "GET", Path: "/admin/drafts/+", Handle: atDesk(s.getDraft)},
		{Method: "PUT", Path: "/admin/drafts/+", Handle: atDesk(s.putDraft)},
		{Method: "DELETE", Path: "/admin/drafts/+", Handle: atDesk(s.removeDraft, "discard")},
		{Method: "POST", Path: "/admin/check", Handle: atDesk(s.check)},
		{Method: "GET", Path: "/admin/impact", Handle: atDesk(s.impact)},
		{Method: "GET", Path: "/admin/rules/functions", Handle: atDesk(s.functions)},
		{Method: "POST", Path: "/admin/rules/test", Handle: atDesk(s.testRules)},
		{Method: "POST", Path: "/admin/rules/rehearse", Handle: atDesk(s.rehearse)},
		{Method: "GET", Path: "/admin/rules/rehearsals/:id", Handle: atDesk(s.rehearsal)},
		{Method: "POST", Path: "/admin/publish", Handle: atDesk(s.publish)},
		{Method: "POST", Path: "/admin/rollback", Handle: atDesk(s.rollback)},
		{Method: "GET", Path: "/admin/versions", Handle: atDesk(s.versions, "after", "limit")},
		{Method: "GET", Path: "/admin/diff", Handle: atDesk(s.diff, "from", "to")},
		{Method: "GET", Path: "/admin/apps", Handle: atDesk(s.listApps)},
		{Method: "POST", Path: "/admin/apps/install", Handle: atDesk(s.installApp, "dryRun", "resolve")},
		{Method: "POST", Path: "/admin/apps/upgrade", Handle: atDesk(s.installApp, "dryRun", "resolve")},
		{Method: "GET", Path: "/admin/apps/export", Handle: atDesk(s.exportApp, "shipped", "format")},
	}
}

// tagIn reads which state of a thing a change means: If-Match with its entity tag, or If-None-Match: *
// for what is not there yet, answered as none.
func tagIn(c *fiber.Ctx, none string) (string, error) {
	if c.Get(fiber.HeaderIfNoneMatch) == "*" {
		return none, nil
	}
	tag := strings.Trim(c.Get(fiber.HeaderIfMatch), `"`)
	if tag == "" {
		return "", fault.New(fault.Precondition, "record.versionRequired").In("http.ifMatch")
	}
	return tag, nil
}

// setTag says which state of a thing an answer shows.
func setTag(c *fiber.Ctx, tag string) { c.Set(fiber.HeaderETag, `"`+tag+`"`) }
