package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// viewingView says who sees the app as the person of an answer, why and until when.
type viewingView struct {
	By     record.Ref `json:"by"`
	Reason string     `json:"reason"`
	Until  time.Time  `json:"until"`
}

func viewingOf(v *signin.Visit) *viewingView {
	if v.Viewing == nil {
		return nil
	}
	return &viewingView{By: record.Ref{ID: v.Actor.Key(), Title: v.Actor.Viewer.Name}, Reason: v.Viewing.Reason, Until: v.Viewing.Until}
}

// usualViewing is how long somebody sees the app as another person unless they say so.
const usualViewing = 15

// beginViewing lets the visitor see the app as another person would, from the next request on.
func (s *Server) beginViewing(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	whom, reason, minutes := value.ID(in.Text("user")), in.Text("reason"), int64(usualViewing)
	if in.Has("minutes") {
		minutes = in.Int("minutes")
	}
	if err := in.End(); err != nil {
		return err
	}
	viewing, err := s.SignIn.View(ctx, v, whom, reason, minutes)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"user": viewing.User, "reason": viewing.Reason, "until": viewing.Until})
}

// endViewing lets the visitor be themselves again.
func (s *Server) endViewing(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	if err := s.SignIn.EndView(ctx, v); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
