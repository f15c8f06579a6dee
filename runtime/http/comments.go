package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

func nameOf(c *fiber.Ctx) record.Name { return record.Name{Form: formOf(c), ID: idOf(c)} }

func (s *Server) listComments(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = usualComments
	}
	found, next, err := v.Tenant.Engine.Comments(ctx, v.Actor, nameOf(c), c.Query("after"), limit)
	if err != nil {
		return err
	}
	out := fiber.Map{"comments": found}
	if next != "" {
		out["next"] = next
	}
	return c.JSON(out)
}

const usualComments = 30

func (s *Server) comment(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	once, err := Once(c)
	if err != nil {
		return err
	}
	said, err := remarkIn(c, true)
	if err != nil {
		return err
	}
	said.Once = once
	made, err := v.Tenant.Engine.Comment(ctx, v.Actor, nameOf(c), said)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(made)
}

// remarkIn reads what somebody says from a request's body.
func remarkIn(c *fiber.Ctx, withFiles bool) (engine.Remark, error) {
	in, err := Body(c)
	if err != nil {
		return engine.Remark{}, err
	}
	said := engine.Remark{Text: in.Text("text")}
	for _, user := range in.Texts("mentions") {
		said.Mentions = append(said.Mentions, value.ID(user))
	}
	if withFiles {
		for _, file := range in.Texts("files") {
			said.Files = append(said.Files, value.ID(file))
		}
	}
	return said, in.End()
}

func (s *Server) editComment(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	said, err := remarkIn(c, false)
	if err != nil {
		return err
	}
	edited, err := v.Tenant.Engine.EditComment(ctx, v.Actor, nameOf(c), c.Params("comment"), said)
	if err != nil {
		return err
	}
	return c.JSON(edited)
}

func (s *Server) dropComment(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := v.Tenant.Engine.DropComment(ctx, v.Actor, nameOf(c), c.Params("comment")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) mentions(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = usualComments
	}
	found, next, err := v.Tenant.Engine.Mentions(ctx, v.Actor, c.Query("after"), limit)
	if err != nil {
		return err
	}
	out := fiber.Map{"mentions": found}
	if next != "" {
		out["next"] = next
	}
	return c.JSON(out)
}
