package http

import (
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/access"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// named is a person, unit or zone by id, with its name.
type named struct {
	ID   value.ID          `json:"id"`
	Name map[string]string `json:"name"`
}

// me is what somebody may know of themselves.
type me struct {
	User   userView `json:"user"`
	Tenant string   `json:"tenant"`
	Zone   string   `json:"zone"` // of the tenant, an IANA name: times are shown and typed in it, wherever one is
	// MustChangePassword says that nothing but changing it is open.
	MustChangePassword bool                                `json:"mustChangePassword,omitempty"`
	Roles              []string                            `json:"roles"`
	Unit               *named                              `json:"unit"`
	Zones              []named                             `json:"zones"`
	Home               string                              `json:"home,omitempty"` // the dashboard that they see first
	Forms              map[value.FormKey]record.FormRights `json:"forms"`
	// MayView says that there may be people as whom they can see the app; Viewing that they do, and who they are.
	MayView bool         `json:"mayView,omitempty"`
	Viewing *viewingView `json:"viewing,omitempty"`
	Place   string       `json:"place"` // in what happens, before anything of this was read: from where events misses nothing
}

func (s *Server) me(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	place, _, err := v.Tenant.Engine.Here(ctx, 0)
	if err != nil {
		return err
	}
	people := v.Tenant.People.Org()
	out := me{
		User: viewOf(v.User), Tenant: v.Tenant.Name, Zone: v.Tenant.Zone, MustChangePassword: v.MustChange, Roles: append([]string{}, v.Actor.Roles...),
		Unit: unitOf(people, v.Actor.Unit), Zones: []named{}, Forms: map[value.FormKey]record.FormRights{},
		MayView: access.Views(v.Actor, people), Viewing: viewingOf(v), Place: strconv.FormatInt(place, 10),
	}
	for _, id := range v.Actor.Zones {
		if zone, ok := people.Zone(id); ok {
			out.Zones = append(out.Zones, named{ID: id, Name: zone.Name})
		}
	}
	seen := v.Tenant.Engine.Records.CatalogFor(v.Actor)
	out.Home = seen.Home
	for _, form := range seen.Forms {
		out.Forms[form.Key] = form.Rights
	}
	return c.JSON(out)
}

func unitOf(people *org.Snapshot, id value.ID) *named {
	unit, ok := people.Unit(id)
	if !ok {
		return nil
	}
	return &named{ID: id, Name: unit.Name}
}

func (s *Server) catalog(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	seen := v.Tenant.Engine.Records.CatalogFor(v.Actor)
	tag, err := seen.Tag()
	if err != nil {
		return err
	}
	tag = `"` + tag + `"`
	c.Set(fiber.HeaderETag, tag)
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return c.JSON(seen)
}

func (s *Server) catalogForm(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	forms := v.Tenant.Engine.Records.CatalogFor(v.Actor).Forms
	at := slices.IndexFunc(forms, func(f record.FormView) bool { return f.Key == formOf(c) })
	if at < 0 {
		return fault.New(fault.NotFound, "form.unknown").In("http.catalog").With("form", formOf(c))
	}
	return c.JSON(forms[at])
}

func (s *Server) dashboard(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	seen, err := v.Tenant.Engine.Records.Dashboard(v.Actor, c.Params("key"))
	if err != nil {
		return err
	}
	return c.JSON(seen)
}
