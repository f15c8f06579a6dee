package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// userView is a user as they see themselves.
type userView struct {
	ID       value.ID `json:"id"`
	Username string   `json:"username"`
	Name     string   `json:"name"`
	Locale   string   `json:"locale,omitempty"`
	Admin    bool     `json:"admin"`
}

func viewOf(u org.User) userView {
	return userView{ID: u.ID, Username: u.Username, Name: u.Name, Locale: u.Locale, Admin: u.Admin}
}

// login signs a browser in.
func (s *Server) login(c *fiber.Ctx) error {
	if err := sameSite(c); err != nil {
		return err
	}
	granted, err := s.signIn(c, signin.Session)
	if err != nil {
		return err
	}
	s.setCookie(c, granted.Secret, granted.Expires)
	return c.JSON(fiber.Map{"user": viewOf(granted.User)})
}

// token signs a program in.
func (s *Server) token(c *fiber.Ctx) error {
	if c.Get(fiber.HeaderOrigin) != "" {
		return fault.New(fault.Forbidden, "auth.origin").In("http.token")
	}
	granted, err := s.signIn(c, signin.Token)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"token": granted.Secret, "expiresAt": granted.Expires, "user": viewOf(granted.User)})
}

func (s *Server) signIn(c *fiber.Ctx, kind signin.Kind) (*signin.Granted, error) {
	if err := parameters(c); err != nil {
		return nil, err
	}
	in, err := body(c)
	if err != nil {
		return nil, err
	}
	login := signin.Login{
		Tenant: in.Text("tenant"), Username: in.Text("username"), Password: in.Text("password"),
		Addr: s.addr(c), Agent: c.Get(fiber.HeaderUserAgent), Kind: kind,
	}
	if err := in.End(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(s.base, answerTime)
	defer cancel()
	return s.SignIn.SignIn(ctx, login)
}

func (s *Server) setCookie(c *fiber.Ctx, secret string, expires time.Time) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Value: secret, Path: "/", Expires: expires,
		Secure: s.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// logout ends the session or token that the request came with.
func (s *Server) logout(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := s.SignIn.SignOut(ctx, v); err != nil {
		return err
	}
	s.setCookie(c, "", time.Unix(0, 0))
	return c.SendStatus(fiber.StatusNoContent)
}

// password gives the user another password; their sessions and tokens end, this one too.
func (s *Server) password(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	current, next := in.Text("current"), in.Text("new")
	if err := in.End(); err != nil {
		return err
	}
	if err := s.SignIn.ChangePassword(ctx, v, s.addr(c), current, next); err != nil {
		return err
	}
	s.setCookie(c, "", time.Unix(0, 0))
	return c.SendStatus(fiber.StatusNoContent)
}
