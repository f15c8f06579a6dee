package http

import (
	"context"
	"errors"
	"io/fs"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/runtime/signin"
	"tidewater/runtime/web"
)

// manifest answers with what a phone or a desktop asks for to put the app among its own: under the name and in the colour
// of whose it is where the asker is signed in, else as the product's.
func (s *Server) manifest(c *fiber.Ctx) error {
	if s.Pages == nil {
		return c.Next()
	}
	err := s.signed(s.brandedManifest)(c)
	if kind := fault.KindOf(err); kind == fault.Unknown || kind == fault.Forbidden { // nobody, or somebody who is not in yet
		return s.sendManifest(c, "", "")
	}
	return err
}

func (s *Server) brandedManifest(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	brand := v.Tenant.Engine.Catalog().App.Brand
	if brand == nil {
		return s.sendManifest(c, "", "")
	}
	return s.sendManifest(c, brand.Name.In(v.Actor.Locale), brand.Accent)
}

func (s *Server) sendManifest(c *fiber.Ctx, name, accent string) error {
	body, err := s.Pages.Manifest(name, accent)
	if errors.Is(err, fs.ErrNotExist) { // nothing was built
		return fault.New(fault.NotFound, "http.notFound").In("http.manifest")
	}
	if err != nil {
		return fault.Wrap("http.manifest", err)
	}
	c.Set(fiber.HeaderContentType, web.ManifestType)
	return c.Send(body)
}
