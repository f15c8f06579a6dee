package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

// testRules runs the tests of the drafts and reports.
func (s *server) testRules(c *fiber.Ctx, ctx context.Context, _ *signin.Visit, desk *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	bite := in.Bool("bite")
	if err := in.End(); err != nil {
		return err
	}
	report, err := desk.Test(ctx, bite)
	if err != nil {
		return err
	}
	return c.JSON(report)
}
