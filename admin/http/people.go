package http

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/office"
	"tidewater/runtime/signin"
)

func (s *server) peopleRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/users", Handle: s.inOffice(listUsers, "q", "unit", "role", "active", "after", "limit")},
		{Method: "POST", Path: "/admin/users", Handle: s.inOffice(createUser)},
		{Method: "POST", Path: "/admin/staff", Handle: s.inOffice(s.bringStaff)},
		{Method: "GET", Path: "/admin/staff/template", Handle: s.inOffice(s.staffTemplate)},
		{Method: "GET", Path: "/admin/users/:id", Handle: s.inOffice(getUser)},
		{Method: "PATCH", Path: "/admin/users/:id", Handle: s.inOffice(updateUser)},
		{Method: "POST", Path: "/admin/users/:id/password", Handle: s.inOffice(resetPassword)},
		{Method: "GET", Path: "/admin/users/:id/handover", Handle: s.inOffice(previewHandOver, "to", "roles")},
		{Method: "POST", Path: "/admin/users/:id/handover", Handle: s.inOffice(handOver)},
		{Method: "GET", Path: "/admin/users/:id/grants", Handle: s.inOffice(listGrants)},
		{Method: "DELETE", Path: "/admin/users/:id/grants/:grant", Handle: s.inOffice(revokeGrant)},
		{Method: "GET", Path: "/admin/tokens", Handle: s.inOffice(listTokens, "after", "limit")},
		{Method: "GET", Path: "/admin/units", Handle: s.inOffice(listUnits)},
		{Method: "POST", Path: "/admin/units", Handle: s.inOffice(createUnit)},
		{Method: "GET", Path: "/admin/units/:id", Handle: s.inOffice(getUnit)},
		{Method: "PATCH", Path: "/admin/units/:id", Handle: s.inOffice(updateUnit)},
		{Method: "DELETE", Path: "/admin/units/:id", Handle: s.inOffice(removeUnit)},
		{Method: "GET", Path: "/admin/zones", Handle: s.inOffice(listZones)},
		{Method: "POST", Path: "/admin/zones", Handle: s.inOffice(createZone)},
		{Method: "GET", Path: "/admin/zones/:id", Handle: s.inOffice(getZone)},
		{Method: "PATCH", Path: "/admin/zones/:id", Handle: s.inOffice(renameZone)},
		{Method: "DELETE", Path: "/admin/zones/:id", Handle: s.inOffice(removeZone)},
		{Method: "GET", Path: "/admin/roles", Handle: s.inOffice(listRoles)},
		{Method: "GET", Path: "/admin/audit", Handle: s.inOffice(listAudit, "actor", "op", "form", "record", "from", "to", "after", "limit")},
	}
}

// officeHandler answers a request of an administrator about people.
type officeHandler func(c *fiber.Ctx, ctx context.Context, o *office.Office) error

// inOffice opens the caller's office for a handler whose query has these parameters.
func (s *server) inOffice(handle officeHandler, parameters ...string) runtimehttp.Handler {
	return func(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
		o, err := office.Open(office.Config{SignIn: s.SignIn, Texts: s.Texts, Clock: s.Clock, NewID: s.NewID}, v.Tenant, v.Actor)
		if err != nil {
			return err
		}
		if err := runtimehttp.Parameters(c, parameters...); err != nil {
			return err
		}
		return handle(c, ctx, o)
	}
}

func idOf(c *fiber.Ctx) value.ID { return value.ID(c.Params("id")) }

const usualPage, maxPage = 50, 200

func listUsers(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	limit, err := limitIn(c, usualPage, maxPage)
	if err != nil {
		return err
	}
	q := office.UserQuery{
		Q: c.Query("q"), Unit: value.ID(c.Query("unit")), Role: c.Query("role"), After: value.ID(c.Query("after")), Limit: limit,
	}
	if active := c.Query("active"); active != "" {
		is := active == "true"
		q.Active = &is
	}
	found, next, err := o.Users(q)
	if err != nil {
		return err
	}
	return c.JSON(pageOf("users", found, string(next)))
}

// pageOf is a page on the wire; next is left out at the end.
func pageOf[T any](name string, list []T, next string) fiber.Map {
	out := fiber.Map{name: append([]T{}, list...)}
	if next != "" {
		out["next"] = next
	}
	return out
}

func getUser(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	u, err := o.User(idOf(c))
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, u.Tag, u)
}

// tagged answers with a thing and its entity tag.
func tagged(c *fiber.Ctx, status int, tag string, thing any) error {
	setTag(c, tag)
	return c.Status(status).JSON(thing)
}

func createUser(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	u := org.User{Active: true}
	editUser(in, &u)
	if err := in.End(); err != nil {
		return err
	}
	request, err := runtimehttp.Once(c)
	if err != nil {
		return err
	}
	made, password, err := o.CreateUser(ctx, u, request)
	if err != nil {
		return err
	}
	setTag(c, made.Tag)
	return c.Status(fiber.StatusCreated).JSON(fiber.Map{"user": made, "password": password})
}

func updateUser(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	tag, err := tagIn(c, "")
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	editUser(in, &org.User{})
	if err := in.End(); err != nil {
		return err
	}
	u, err := o.UpdateUser(ctx, idOf(c), tag, func(u *org.User) error { editUser(in, u); return nil })
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, u.Tag, u)
}

// editUser takes over those parts of a user that are there.
func editUser(in *wire.Body, u *org.User) {
	text(in, "username", &u.Username)
	text(in, "name", &u.Name)
	text(in, "email", &u.Email)
	text(in, "phone", &u.Phone)
	text(in, "unit", &u.Unit)
	text(in, "manager", &u.Manager)
	text(in, "locale", &u.Locale)
	texts(in, "zones", &u.Zones)
	texts(in, "roles", &u.Roles)
	texts(in, "positions", &u.Positions)
	truth(in, "active", &u.Active)
	truth(in, "admin", &u.Admin)
	if in.Has("away") {
		var away []office.Away
		in.Each("away", func(item *wire.Body) {
			away = append(away, office.Away{From: item.Text("from"), To: item.Text("to"), Deputy: value.ID(item.Text("deputy"))})
		})
		u.Away = office.Spans(away)
	}
}

// text, texts and truth take over a part where it is there; null empties it.
func text[T ~string](in *wire.Body, key string, to *T) {
	if in.Has(key) {
		*to = T(strings.TrimSpace(in.Text(key)))
	}
}

func texts[T ~string](in *wire.Body, key string, to *[]T) {
	if !in.Has(key) {
		return
	}
	*to = nil
	for _, s := range in.Texts(key) {
		*to = append(*to, T(s))
	}
}

func truth(in *wire.Body, key string, to *bool) {
	if in.Has(key) {
		*to = in.Bool(key)
	}
}

// names takes over a name in several languages.
func names(in *wire.Body, key string, to *map[string]string) error {
	if !in.Has(key) {
		return nil
	}
	*to = map[string]string{}
	for locale, v := range in.Object(key) {
		s, ok := v.(string)
		if !ok {
			return fault.New(fault.Malformed, "json.type").In("http.names").At("/"+key+"/"+fault.Escape(locale)).With("want", "text")
		}
		(*to)[locale] = s
	}
	return nil
}

func resetPassword(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	request, err := runtimehttp.Once(c)
	if err != nil {
		return err
	}
	password, err := o.ResetPassword(ctx, idOf(c), request)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"password": password})
}

func listRoles(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	return c.JSON(fiber.Map{"roles": o.Roles()})
}
