package http

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/field/region"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/text"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

const (
	peopleShown = 20 // unless the request says how many
	peopleMost  = 200
)

// listPeople finds colleagues by name or user name, for whoever is to pick one. Who is signed in may know who
// works here, and nothing more of them than their name.
func (s *Server) listPeople(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c, "q", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = peopleShown
	}
	words, found := text.Fold(c.Query("q")), []record.Ref{}
	for _, user := range v.Tenant.People.Org().Users() {
		if user.Active && len(found) < min(limit, peopleMost) && isNamed(user, words) {
			found = append(found, record.Ref{ID: user.ID, Title: user.Name})
		}
	}
	return c.JSON(fiber.Map{"people": found})
}

func isNamed(user org.User, words string) bool {
	return strings.Contains(text.Fold(user.Name), words) || strings.Contains(text.Fold(user.Username), words)
}

// unitShown is a department, with the one right above it.
type unitShown struct {
	ID     value.ID `json:"id"`
	Title  string   `json:"title"`
	Parent value.ID `json:"parent,omitempty"`
}

func (s *Server) listUnits(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	shown := []unitShown{}
	for _, unit := range v.Tenant.People.Org().Units() {
		shown = append(shown, unitShown{ID: unit.ID, Title: nameIn(unit.Name, locale(c)), Parent: unit.Parent})
	}
	return c.JSON(fiber.Map{"units": shown})
}

func (s *Server) listZones(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	shown := []record.Ref{}
	for _, zone := range v.Tenant.People.Org().Zones() {
		shown = append(shown, record.Ref{ID: zone.ID, Title: nameIn(zone.Name, locale(c))})
	}
	return c.JSON(fiber.Map{"zones": shown})
}

// nameIn is a name in a language; Chinese where the language has none.
func nameIn(name map[string]string, locale string) string {
	if text := name[locale]; text != "" {
		return text
	}
	return name["zh-CN"]
}

// listRegions answers every division of the country, [code, name]: what a region field's values mean.
func (s *Server) listRegions(c *fiber.Ctx, _ context.Context, _ *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, max-age=86400")
	return c.JSON(fiber.Map{"regions": region.All()})
}
