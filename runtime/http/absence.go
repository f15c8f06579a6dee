package http

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/office"
	"tidewater/runtime/signin"
)

// absenceView is a stretch of days on which somebody is absent.
type absenceView struct {
	Person record.Ref  `json:"person"`
	From   string      `json:"from"`
	To     string      `json:"to"`
	Deputy *record.Ref `json:"deputy"`
}

func absencesOf(list []office.Absence) []absenceView {
	out := make([]absenceView, len(list))
	for i, a := range list {
		out[i] = absenceView{Person: record.Ref{ID: a.Person.ID, Title: a.Person.Name}, From: a.From, To: a.To}
		if a.Deputy != nil {
			out[i].Deputy = &record.Ref{ID: a.Deputy.ID, Title: a.Deputy.Name}
		}
	}
	return out
}

func (s *Server) own(v *signin.Visit) (*office.Own, error) {
	return office.OpenOwn(office.Config{SignIn: s.SignIn, Texts: s.Texts, Clock: s.Clock, NewID: s.Tenants.NewID}, v.Tenant, v.Actor)
}

func answerAbsences(c *fiber.Ctx, found office.Absences) error {
	c.Set(fiber.HeaderETag, `"`+found.Tag+`"`)
	return c.JSON(fiber.Map{"away": absencesOf(found.Away), "standsIn": absencesOf(found.StandsIn)})
}

// absences tells when one is absent, who stands in, and for whom one stands in oneself.
func (s *Server) absences(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	own, err := s.own(v)
	if err != nil {
		return err
	}
	found, err := own.Absences()
	if err != nil {
		return err
	}
	return answerAbsences(c, found)
}

// setAbsences says when one is absent, and who stands in.
func (s *Server) setAbsences(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	tag := strings.Trim(c.Get(fiber.HeaderIfMatch), `"`)
	if tag == "" {
		return fault.New(fault.Precondition, "record.versionRequired").In("http.setAbsences")
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	away := []office.Away{}
	in.Each("away", func(item *wire.Body) {
		away = append(away, office.Away{From: item.Text("from"), To: item.Text("to"), Deputy: value.ID(item.Text("deputy"))})
	})
	if err := in.End(); err != nil {
		return err
	}
	own, err := s.own(v)
	if err != nil {
		return err
	}
	found, err := own.SetAbsences(ctx, tag, away)
	if err != nil {
		return err
	}
	return answerAbsences(c, found)
}
