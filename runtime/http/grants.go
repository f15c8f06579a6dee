package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/runtime/signin"
)

// sessions lists where one is signed in.
func (s *Server) sessions(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	return s.ownGrants(c, ctx, v, signin.Session, "sessions")
}

// tokens lists one's tokens.
func (s *Server) tokens(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	return s.ownGrants(c, ctx, v, signin.Token, "tokens")
}

func (s *Server) ownGrants(c *fiber.Ctx, ctx context.Context, v *signin.Visit, kind signin.Kind, name string) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := access.InPerson(v.Actor); err != nil {
		return err
	}
	found, err := s.SignIn.Grants(ctx, v.Tenant, v.User.ID, kind)
	if err != nil {
		return err
	}
	for i := range found {
		found[i].Current = v.Grant == string(v.User.ID)+"/"+found[i].ID
	}
	return c.JSON(fiber.Map{name: found})
}

// createToken grants a token; its secret is in this answer only.
func (s *Server) createToken(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	n := signin.NewToken{Name: in.Text("name")}
	if in.Has("scopes") {
		n.Scopes = in.Texts("scopes")
	}
	expires := in.Text("expiresAt")
	if err := in.End(); err != nil {
		return err
	}
	if expires != "" {
		if n.Expires, err = time.Parse(time.RFC3339, expires); err != nil {
			return fault.Issues{{Path: "/expiresAt", Code: "field.datetime"}}.Fault("http.createToken", "record.invalid")
		}
	}
	request, err := Once(c)
	if err != nil {
		return err
	}
	made, err := s.SignIn.CreateToken(ctx, v, n, request)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(fiber.Map{"id": made.ID, "token": made.Secret, "expiresAt": made.Expires})
}

// endGrant ends one of one's own sessions or tokens.
func (s *Server) endGrant(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := access.Unscoped(v.Actor); err != nil {
		return err
	}
	if err := s.SignIn.EndGrant(ctx, v.Tenant, v.User.ID, c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
