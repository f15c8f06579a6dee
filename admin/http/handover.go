package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/office"
)

func previewHandOver(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	seen, err := o.PreviewHandOver(ctx, idOf(c), office.HandOver{To: value.ID(c.Query("to")), Roles: c.Query("roles") == "true"})
	if err != nil {
		return err
	}
	return c.JSON(seen)
}

func handOver(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	with := office.HandOver{
		To: value.ID(in.Text("to")), Reason: in.Text("reason"), Posts: in.Bool("posts"), Roles: in.Bool("roles"), Leaves: in.Bool("leaves"),
	}
	if err := in.End(); err != nil {
		return err
	}
	request, err := runtimehttp.JobOnce(c)
	if err != nil {
		return err
	}
	j, err := o.HandOver(ctx, idOf(c), with, request)
	if err != nil {
		return err
	}
	return runtimehttp.Accepted(c, j)
}
