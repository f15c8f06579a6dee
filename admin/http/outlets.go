package http

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/event"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

// outletRoutes are for the groups and the other systems that the tenant as such speaks to.
func (s *server) outletRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/outlets", Handle: atDesk(s.listOutlets)},
		{Method: "PUT", Path: "/admin/outlets/:outlet", Handle: atDesk(s.putOutlet)},
		{Method: "DELETE", Path: "/admin/outlets/:outlet", Handle: atDesk(s.dropOutlet)},
		{Method: "POST", Path: "/admin/outlets/:outlet/test", Handle: atDesk(s.testOutlet)},
	}
}

type outletView struct {
	Key string `json:"outlet"`
	engine.OutletOrder
	HasSecret bool      `json:"hasSecret"`
	Waiting   int       `json:"waiting"`
	Version   int64     `json:"version"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

func outletOf(v engine.OutletView) outletView {
	return outletView{v.Key, v.OutletOrder, v.HasSecret, v.Waiting, v.Version, string(v.By), v.At}
}

func (s *server) listOutlets(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.Outlets(ctx, v.Actor)
	if err != nil {
		return err
	}
	out := make([]outletView, len(found))
	for n, one := range found {
		out[n] = outletOf(one)
	}
	return c.JSON(fiber.Map{"outlets": out})
}

// putOutlet writes an outlet in place of the version that If-Match names.
func (s *server) putOutlet(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	version, err := numberedTag(c, "channel.stale")
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	order := engine.OutletOrder{Service: engine.Service(in.Text("service")), Name: in.Text("name"), On: in.Bool("on"), Locale: in.Text("locale")}
	for _, form := range in.Texts("forms") {
		order.Forms = append(order.Forms, value.FormKey(form))
	}
	for _, kind := range in.Texts("events") {
		order.Events = append(order.Events, event.Kind(kind))
	}
	if order.Settings, order.Secret, err = accountIn(in); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.PutOutlet(ctx, v.Actor, c.Params("outlet"), version, order)
	if err != nil {
		return err
	}
	setTag(c, strconv.FormatInt(found.Version, 10))
	return c.JSON(outletOf(found))
}

func (s *server) dropOutlet(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	version, err := numberedTag(c, "channel.stale")
	if err != nil {
		return err
	}
	if err := v.Tenant.Engine.DropOutlet(ctx, v.Actor, c.Params("outlet"), version); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *server) testOutlet(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.TestOutlet(ctx, v.Actor, c.Params("outlet")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
