package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// maxViewID bounds the ids that clients make, in bytes.
const maxViewID = 64

func (s *Server) listViews(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Views(ctx, v.Actor, formOf(c))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"views": found})
}

// saveView keeps a view under an id that the client has made: sent again it is the same one.
func (s *Server) saveView(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := smallBody(c)
	if err != nil {
		return err
	}
	id := c.Params("id")
	view := engine.SavedView{
		ID: id, Name: in.Text("name"), View: in.Text("view"), Filter: in.Text("filter"), Q: in.Text("q"), Sort: in.Text("sort"),
		Version: in.Int("version"), Group: value.FieldKey(in.Text("group")), Unpinned: in.Bool("unpinned"),
	}
	in.Each("columns", func(item *wire.Body) {
		view.Columns = append(view.Columns, engine.ViewColumn{
			Field: value.FieldKey(item.Text("field")), Width: item.Int("width"), Pinned: item.Bool("pinned"),
		})
	})
	in.Part("shared", func(part *wire.Body) {
		view.Shared = &engine.Sharing{Roles: part.Texts("roles")}
		for _, unit := range part.Texts("units") {
			view.Shared.Units = append(view.Shared.Units, value.ID(unit))
		}
	})
	if err := in.End(); err != nil {
		return err
	}
	if len(id) > maxViewID {
		return fault.New(fault.NotFound, "view.unknown").In("http.saveView")
	}
	saved, err := v.Tenant.Engine.SaveView(ctx, v.Actor, formOf(c), view)
	if err != nil {
		return err
	}
	return c.JSON(saved)
}

func (s *Server) dropView(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := v.Tenant.Engine.DropView(ctx, v.Actor, formOf(c), c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
