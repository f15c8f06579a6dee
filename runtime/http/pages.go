package http

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
)

// page answers with a file of the web app, or lets on what is none.
func (s *Server) page(c *fiber.Ctx) error {
	path := c.Path()
	asks := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if s.Pages == nil || !asks || strings.HasPrefix(path, "/api/") {
		return c.Next()
	}
	found, ok := s.Pages.Answer(path, c.AcceptsEncodings("br") == "br")
	if !ok {
		return fault.New(fault.NotFound, "http.notFound").In("http.page")
	}
	c.Set(fiber.HeaderContentType, found.Type)
	c.Set(fiber.HeaderCacheControl, found.CacheControl)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if found.Encoding != "" {
		c.Set(fiber.HeaderContentEncoding, found.Encoding)
	}
	if found.Policy != "" {
		c.Set(fiber.HeaderContentSecurityPolicy, found.Policy)
	}
	return c.Send(found.Body)
}
