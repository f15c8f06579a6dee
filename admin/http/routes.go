// Package http is the HTTP API for tenant admins and consultants, below /api/v1/admin: one file per
// resource, and in each handler parse → call → write. Who may do it is decided below, by the desk of
// engine/publish and by runtime/office, which only administrators get.
package http

import (
	_ "embed" // for api.json
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/message"
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
	return append(s.metadataRoutes(), s.peopleRoutes()...)
}

func (s *server) metadataRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/documents", Handle: s.listDocuments},
		{Method: "GET", Path: "/admin/drafts", Handle: s.listDrafts},
		{Method: "GET", Path: "/admin/drafts/+", Handle: s.getDraft},
		{Method: "PUT", Path: "/admin/drafts/+", Handle: s.putDraft},
		{Method: "DELETE", Path: "/admin/drafts/+", Handle: s.removeDraft},
		{Method: "POST", Path: "/admin/check", Handle: s.check},
		{Method: "GET", Path: "/admin/impact", Handle: s.impact},
		{Method: "POST", Path: "/admin/publish", Handle: s.publish},
		{Method: "POST", Path: "/admin/rollback", Handle: s.rollback},
		{Method: "GET", Path: "/admin/versions", Handle: s.versions},
		{Method: "GET", Path: "/admin/diff", Handle: s.diff},
		{Method: "GET", Path: "/admin/apps", Handle: s.listApps},
		{Method: "POST", Path: "/admin/apps/install", Handle: s.installApp},
		{Method: "POST", Path: "/admin/apps/upgrade", Handle: s.installApp},
		{Method: "GET", Path: "/admin/apps/export", Handle: s.exportApp},
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
