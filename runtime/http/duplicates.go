package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// duplicatesFound are the records that a draft may be a duplicate of.
type duplicatesFound struct {
	Duplicates []record.Duplicate `json:"duplicates"`
}

func (s *Server) findDuplicates(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	id, values := value.ID(in.Text("id")), in.Object("values")
	if err := in.End(); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.Duplicates(ctx, v.Actor, formOf(c), id, values)
	if err != nil {
		return err
	}
	return c.JSON(duplicatesFound{found})
}
