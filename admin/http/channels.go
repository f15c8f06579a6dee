package http

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// channelRoutes are for the services by which people are told outside the app, and for what could not be sent.
func (s *server) channelRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/channels", Handle: atDesk(s.listChannels)},
		{Method: "PUT", Path: "/admin/channels/:channel", Handle: atDesk(s.putChannel)},
		{Method: "POST", Path: "/admin/channels/:channel/test", Handle: atDesk(s.testChannel)},
		{Method: "GET", Path: "/admin/users/:id/addresses", Handle: atDesk(s.getAddresses)},
		{Method: "PUT", Path: "/admin/users/:id/addresses", Handle: atDesk(s.putAddresses)},
		{Method: "GET", Path: "/admin/deliveries", Handle: atDesk(s.deliveries, "channel", "after", "limit")},
		{Method: "POST", Path: "/admin/deliveries/:id/retry", Handle: atDesk(s.retryDelivery)},
		{Method: "DELETE", Path: "/admin/deliveries/:id", Handle: atDesk(s.dropDelivery)},
	}
}

func (s *server) channelOf(c *fiber.Ctx, v engine.ChannelView) fiber.Map {
	out := fiber.Map{
		"channel": v.Channel, "label": s.Texts.Text(runtimehttp.Locale(c), "channel."+string(v.Channel), nil),
		"on": v.On, "usual": v.Usual, "settings": v.Settings, "hasSecret": v.Secret, "waiting": v.Waiting, "version": v.Version,
	}
	if v.Version > 0 {
		out["by"], out["at"] = v.By, v.At
	}
	return out
}

func (s *server) listChannels(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.ChannelList(ctx, v.Actor)
	if err != nil {
		return err
	}
	out := make([]fiber.Map, len(found))
	for n, one := range found {
		out[n] = s.channelOf(c, one)
	}
	return c.JSON(fiber.Map{"channels": out})
}

// putChannel writes what the tenant has with a service, in place of the version that If-Match names.
func (s *server) putChannel(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	version, err := numberedTag(c, "channel.stale")
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	order := engine.ChannelOrder{On: in.Bool("on"), Usual: notify.Way(in.Text("usual"))}
	if order.Settings, order.Secret, err = accountIn(in); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.PutChannel(ctx, v.Actor, notify.Channel(c.Params("channel")), version, order)
	if err != nil {
		return err
	}
	setTag(c, strconv.FormatInt(found.Version, 10))
	return c.JSON(s.channelOf(c, found))
}

// accountIn reads what is had with a service, and that nothing else is said; no secret: the one that is kept.
func accountIn(in *wire.Body) (settings json.RawMessage, secret *string, err error) {
	parts := in.Object("settings")
	if in.Has("secret") {
		text := in.Text("secret")
		secret = &text
	}
	if err := in.End(); err != nil {
		return nil, nil, err
	}
	settings, err = json.Marshal(parts)
	return settings, secret, fault.Wrap("http.account", err)
}

func (s *server) testChannel(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.TestChannel(ctx, v.Actor, notify.Channel(c.Params("channel"))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *server) getAddresses(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.AddressesOf(ctx, v.Actor, value.ID(c.Params("id")))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"addresses": found})
}

func (s *server) putAddresses(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	next := engine.Addresses{}
	for _, channel := range in.Keys() {
		next[notify.Channel(channel)] = in.Text(channel)
	}
	if err := in.End(); err != nil {
		return err
	}
	if err := v.Tenant.Engine.PutAddresses(ctx, v.Actor, value.ID(c.Params("id")), next); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// deliveries lists what was given up or, by one channel, all that has left.
func (s *server) deliveries(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	limit, err := limitIn(c, usualPage, maxPage)
	if err != nil {
		return err
	}
	found, next, err := v.Tenant.Engine.Deliveries(ctx, v.Actor, c.Query("channel"), c.Query("after"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf("deliveries", found, next))
}

func (s *server) retryDelivery(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.RetryDelivery(ctx, v.Actor, c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *server) dropDelivery(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if err := v.Tenant.Engine.DropDelivery(ctx, v.Actor, c.Params("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
