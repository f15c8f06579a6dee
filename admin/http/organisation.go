package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/org"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/office"
)

func listUnits(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	found, err := o.Units()
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"units": found})
}

func getUnit(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	u, err := o.Unit(idOf(c))
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, u.Tag, u)
}

func createUnit(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	var u org.Unit
	if err := editUnit(in, &u); err != nil {
		return err
	}
	if err := in.End(); err != nil {
		return err
	}
	request, err := runtimehttp.Once(c)
	if err != nil {
		return err
	}
	made, err := o.CreateUnit(ctx, u, request)
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusCreated, made.Tag, made)
}

func updateUnit(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	tag, err := tagIn(c, "")
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	if err := editUnit(in, &org.Unit{}); err != nil {
		return err
	}
	if err := in.End(); err != nil {
		return err
	}
	u, err := o.UpdateUnit(ctx, idOf(c), tag, func(u *org.Unit) error { return editUnit(in, u) })
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, u.Tag, u)
}

// editUnit takes over those parts of a unit that are there.
func editUnit(in *wire.Body, u *org.Unit) error {
	text(in, "parent", &u.Parent)
	text(in, "manager", &u.Manager)
	text(in, "zone", &u.Zone)
	texts(in, "deputies", &u.Deputies)
	return names(in, "name", &u.Name)
}

func removeUnit(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	tag, err := tagIn(c, "")
	if err != nil {
		return err
	}
	if err := o.RemoveUnit(ctx, idOf(c), tag); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func listZones(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	found, err := o.Zones()
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"zones": found})
}

func getZone(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	z, err := o.Zone(idOf(c))
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, z.Tag, z)
}

func createZone(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	n := office.NewZone{Key: in.Text("key"), Record: value.ID(in.Text("record")), Values: in.Object("values")}
	if err := names(in, "name", &n.Name); err != nil {
		return err
	}
	if err := in.End(); err != nil {
		return err
	}
	request, err := runtimehttp.Once(c)
	if err != nil {
		return err
	}
	made, err := o.CreateZone(ctx, n, request)
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusCreated, made.Tag, made)
}

func renameZone(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	tag, err := tagIn(c, "")
	if err != nil {
		return err
	}
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	var name map[string]string
	if err := names(in, "name", &name); err != nil {
		return err
	}
	if err := in.End(); err != nil {
		return err
	}
	z, err := o.RenameZone(ctx, idOf(c), tag, name)
	if err != nil {
		return err
	}
	return tagged(c, fiber.StatusOK, z.Tag, z)
}

func removeZone(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	tag, err := tagIn(c, "")
	if err != nil {
		return err
	}
	if err := o.RemoveZone(ctx, idOf(c), tag); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
