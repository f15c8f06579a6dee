package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

// failureRoutes are for the scripts after saves that have failed for good.
func (s *server) failureRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/scripts/failures", Handle: atDesk(s.failures, "after", "limit")},
		{Method: "POST", Path: "/admin/scripts/failures/:id/retry", Handle: atDesk(s.retryFailure)},
		{Method: "DELETE", Path: "/admin/scripts/failures/:id", Handle: atDesk(s.dropFailure)},
	}
}

func (s *server) failures(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	limit, err := limitIn(c, usualPage, maxPage)
	if err != nil {
		return err
	}
	found, next, err := v.Tenant.Engine.FailedHooks(ctx, v.Actor, c.Query("after"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf("failures", found, next))
}

func (s *server) retryFailure(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.RetryHook(ctx, v.Actor, c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *server) dropFailure(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.DropHook(ctx, v.Actor, c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
