package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// rehearse tells what the drafts, or documents that are only tried, would make of a form's records: of few at
// once, of many by a job.
func (s *server) rehearse(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	req := engine.RehearsalRequest{Form: value.FormKey(in.Text("form")), Documents: map[string]string{}}
	in.Each("documents", func(one *wire.Body) { req.Documents[one.Text("path")] = one.Text("content") })
	if err := in.End(); err != nil {
		return err
	}
	once, err := runtimehttp.JobOnce(c)
	if err != nil {
		return err
	}
	found, queued, err := v.Tenant.Engine.Rehearse(ctx, v.Actor, req, once)
	if err != nil {
		return err
	}
	if queued != nil {
		return runtimehttp.Accepted(c, queued)
	}
	return c.JSON(found)
}

func (s *server) rehearsal(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.Rehearsal(ctx, v.Actor, value.ID(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(found)
}
