package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/runtime/office"
)

func listTokens(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	limit, err := limitIn(c, usualPage, maxPage)
	if err != nil {
		return err
	}
	found, next, err := o.Tokens(ctx, c.Query("after"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf("tokens", found, next))
}

func listGrants(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	found, err := o.Grants(ctx, idOf(c))
	if err != nil {
		return err
	}
	return c.JSON(pageOf("grants", found, ""))
}

func revokeGrant(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	if err := o.Revoke(ctx, idOf(c), c.Params("grant")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
