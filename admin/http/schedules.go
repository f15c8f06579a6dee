package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/signin"
)

func (s *server) scheduleRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/schedules", Handle: atDesk(s.listSchedules)},
		{Method: "POST", Path: "/admin/schedules", Handle: atDesk(s.tellSchedule)},
	}
}

func (s *server) listSchedules(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	found, err := v.Tenant.Engine.ScheduleList(ctx, v.Actor)
	if err != nil {
		return err
	}
	out := make([]fiber.Map, len(found))
	for n, one := range found {
		runs := make([]fiber.Map, len(one.Runs))
		for i, run := range one.Runs {
			runs[i] = runOf(run)
		}
		out[n] = fiber.Map{
			"key": one.Key, "label": one.Label, "kind": one.Kind, "form": one.Form, "cron": one.Cron, "onHoliday": one.OnHoliday,
			"paused": one.Paused, "runs": runs,
		}
		if one.Script != "" {
			out[n]["script"] = one.Script
		} else {
			out[n]["pool"], out[n]["distribution"] = one.Pool, one.Part
		}
		if !one.Next.IsZero() {
			out[n]["next"] = one.Next.Format(time.RFC3339)
		}
	}
	return c.JSON(fiber.Map{"schedules": out})
}

func runOf(run engine.ScheduleRun) fiber.Map {
	out := fiber.Map{"job": run.Job, "due": run.Due, "at": run.At}
	if run.By != "" {
		out["by"] = run.By
	}
	if j := run.Told; j != nil {
		out["state"], out["done"], out["total"], out["counts"] = j.State, j.Done, j.Total, j.Counts
		if !j.EndedAt.IsZero() {
			out["endedAt"] = j.EndedAt
		}
	}
	return out
}

// tellSchedule pauses a schedule, resumes it, or lets its work run now.
func (s *server) tellSchedule(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	key, do := in.Text("schedule"), in.Text("do")
	if err := in.End(); err != nil {
		return err
	}
	j, err := v.Tenant.Engine.TellSchedule(ctx, v.Actor, key, do)
	if err != nil {
		return err
	}
	if j == nil {
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Status(fiber.StatusAccepted).JSON(fiber.Map{"job": j.ID})
}
