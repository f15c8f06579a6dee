package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/grid"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// exportRecords writes a file of what a list shows, as a job.
func (s *Server) exportRecords(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := smallBody(c)
	if err != nil {
		return err
	}
	req := engine.ExportRequest{
		Form: formOf(c), View: in.Text("view"), Filter: in.Any("filter"), Q: in.Text("q"), Sort: in.Text("sort"),
		Format: grid.Format(in.Text("format")), Whole: in.Bool("whole"),
	}
	for _, key := range in.Texts("columns") {
		req.Columns = append(req.Columns, value.FieldKey(key))
	}
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Export(ctx, v.Actor, req, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}
