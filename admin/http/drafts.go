package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

func (s *server) listDocuments(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	listed, err := desk.Documents(ctx)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"documents": listed})
}

func (s *server) listDrafts(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	found, err := desk.Drafts(ctx)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"drafts": found})
}

func (s *server) getDraft(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	document, err := desk.Read(ctx, c.Params("+"))
	if err != nil {
		return err
	}
	setTag(c, document.Tag)
	return c.JSON(document)
}

func (s *server) putDraft(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	tag, err := tagIn(c, publish.NoTag)
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	content := in.Text("content")
	if err := in.End(); err != nil {
		return err
	}
	draft, err := desk.Put(ctx, c.Params("+"), tag, content)
	if err != nil {
		return err
	}
	setTag(c, draft.Tag)
	return c.JSON(draft)
}

// removeDraft drafts that the document is taken away; with ?discard=true it drops the draft instead.
func (s *server) removeDraft(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	tag, err := tagIn(c, publish.NoTag)
	if err != nil {
		return err
	}
	if c.Query("discard") == "true" {
		if err := desk.Discard(ctx, c.Params("+"), tag); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
	draft, err := desk.Remove(ctx, c.Params("+"), tag)
	if err != nil {
		return err
	}
	if draft == nil {
		return c.SendStatus(fiber.StatusNoContent)
	}
	setTag(c, draft.Tag)
	return c.JSON(draft)
}
