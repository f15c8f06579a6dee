package http

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

func (s *server) calendarRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/calendar", Handle: atDesk(s.getCalendar, "version")},
		{Method: "PUT", Path: "/admin/calendar", Handle: atDesk(s.putCalendar)},
		{Method: "POST", Path: "/admin/calendar/days", Handle: atDesk(s.importDays)},
		{Method: "GET", Path: "/admin/calendar/versions", Handle: atDesk(s.calendarVersions)},
	}
}

func (s *server) getCalendar(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	if asked := c.Query("version"); asked != "" {
		version, err := strconv.ParseInt(asked, 10, 64)
		if err != nil {
			return fault.New(fault.NotFound, "calendar.version").In("http.calendar").With("version", strings.Clone(asked))
		}
		found, err := v.Tenant.Engine.CalendarOf(ctx, v.Actor, version)
		return answerCalendar(c, found, err)
	}
	found, err := v.Tenant.Engine.WorkingCalendar(ctx, v.Actor)
	return answerCalendar(c, found, err)
}

func answerCalendar(c *fiber.Ctx, found *engine.WorkingCalendar, err error) error {
	if err != nil {
		return err
	}
	setTag(c, strconv.FormatInt(found.Version, 10))
	out := fiber.Map{"version": found.Version, "weekend": found.Weekend, "days": found.Days, "unknownYears": found.Unknown}
	if found.Version > 0 {
		out["by"], out["at"] = found.By, found.At
	}
	return c.JSON(out)
}

// putCalendar writes the whole calendar in place of the version that If-Match names.
func (s *server) putCalendar(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	version, err := versionIn(c)
	if err != nil {
		return err
	}
	if _, err := runtimehttp.Body(c); err != nil {
		return err
	}
	almanac, err := org.ReadAlmanac(c.Body())
	if err != nil {
		return err
	}
	if almanac.Weekend == nil {
		return fault.New(fault.Malformed, "calendar.malformed").In("http.calendar").At("/weekend")
	}
	found, err := v.Tenant.Engine.PutCalendar(ctx, v.Actor, version, almanac)
	return answerCalendar(c, found, err)
}

// importDays puts days, as CSV or JSON, in place of all special days of the years that they speak of.
func (s *server) importDays(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	version, err := versionIn(c)
	if err != nil {
		return err
	}
	days, err := daysIn(c)
	if err != nil {
		return err
	}
	found, err := v.Tenant.Engine.ImportDays(ctx, v.Actor, version, days)
	return answerCalendar(c, found, err)
}

func daysIn(c *fiber.Ctx) ([]org.Day, error) {
	body := bytes.Clone(c.Body())
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), "text/csv") {
		return org.ReadDays(body)
	}
	if _, err := runtimehttp.Body(c); err != nil {
		return nil, err
	}
	in, err := org.ReadAlmanac(body)
	if err == nil && in.Weekend != nil {
		err = fault.New(fault.Malformed, "calendar.malformed").In("http.days").At("/weekend")
	}
	return in.Days, err
}

func versionIn(c *fiber.Ctx) (int64, error) { return numberedTag(c, "calendar.stale") }

// numberedTag is tagIn of what has versions from 1 on; stale is the code for what is none.
func numberedTag(c *fiber.Ctx, stale string) (int64, error) {
	tag, err := tagIn(c, "0")
	if err != nil {
		return 0, err
	}
	version, err := strconv.ParseInt(tag, 10, 64)
	if err != nil || version < 0 {
		return 0, fault.New(fault.Conflict, stale).In("http.ifMatch")
	}
	return version, nil
}

func (s *server) calendarVersions(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.CalendarVersions(ctx, v.Actor)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"versions": found})
}
