package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// printed keeps that somebody has records printed.
func (s *Server) printed(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	var ids []value.ID
	for _, id := range in.Texts("records") {
		ids = append(ids, value.ID(id))
	}
	if err := in.End(); err != nil {
		return err
	}
	if err := v.Tenant.Engine.Printed(ctx, v.Actor, formOf(c), ids); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
