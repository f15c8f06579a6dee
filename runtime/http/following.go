package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

func (s *Server) following(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Following(ctx, v.Actor, nameOf(c))
	if err != nil {
		return err
	}
	return c.JSON(found)
}

func (s *Server) follow(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	return s.followAs(c, ctx, v, true)
}

func (s *Server) unfollow(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	return s.followAs(c, ctx, v, false)
}

func (s *Server) followAs(c *fiber.Ctx, ctx context.Context, v *signin.Visit, follows bool) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Follow(ctx, v.Actor, nameOf(c), follows)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

func (s *Server) followed(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "form", "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = usualFollowed
	}
	found, next, err := v.Tenant.Engine.Followed(ctx, v.Actor, value.FormKey(c.Query("form")), c.Query("after"), limit)
	if err != nil {
		return err
	}
	out := fiber.Map{"records": found}
	if next != "" {
		out["next"] = next
	}
	return c.JSON(out)
}

const usualFollowed = 50
