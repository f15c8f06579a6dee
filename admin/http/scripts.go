package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/publish"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

func (s *server) scriptRoutes() []runtimehttp.Route {
	return []runtimehttp.Route{
		{Method: "GET", Path: "/admin/scripts", Handle: atDesk(s.scriptState)},
		{Method: "POST", Path: "/admin/scripts/resume", Handle: atDesk(s.resumeScript)},
		{Method: "POST", Path: "/admin/scripts/run", Handle: atDesk(s.runScript)},
		{Method: "GET", Path: "/admin/scripts/runs", Handle: atDesk(s.scriptRuns)},
		{Method: "GET", Path: "/admin/scripts/work", Handle: atDesk(s.scriptsRan, "job")},
		{Method: "GET", Path: "/admin/scripts/runs/:id", Handle: atDesk(s.scriptRun)},
		{Method: "POST", Path: "/admin/scripts/runs/:id/replay", Handle: atDesk(s.replayScript)},
	}
}

// scriptState tells how scripts are doing here, and what they may call.
func (s *server) scriptState(c *fiber.Ctx, _ context.Context, v *signin.Visit, _ *publish.Desk) error {
	state, err := v.Tenant.Engine.ScriptState(v.Actor)
	if err != nil {
		return err
	}
	locale := runtimehttp.Locale(c)
	functions := []scriptFunction{}
	for _, f := range script.API() {
		functions = append(functions, scriptFunction{f, s.Texts.Text(locale, f.HelpCode(), nil)})
	}
	return c.JSON(fiber.Map{"runs": state.Runs, "walled": state.Walled, "scripts": state.Scripts, "functions": functions})
}

// scriptFunction is one function that scripts may call, with its text in the reader's language.
type scriptFunction struct {
	script.Function
	Help string `json:"help"`
}

func (s *server) resumeScript(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	name := in.Text("script")
	if err := in.End(); err != nil {
		return err
	}
	if err := v.Tenant.Engine.ResumeScript(ctx, v.Actor, name); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// runScript tells what a script of the drafts, or of documents that are only tried, would do.
func (s *server) runScript(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	req := engine.ScriptRequest{Form: in.Text("form"), Script: in.Text("script"), After: value.ID(in.Text("after")), Documents: map[string]string{}}
	req.ScriptTrial = record.ScriptTrial{
		Actor: v.Actor, Event: in.Text("event"), ID: value.ID(in.Text("id")), Values: in.Object("values"), Args: in.Object("args"),
	}
	in.Each("documents", func(one *wire.Body) { req.Documents[one.Text("path")] = one.Text("content") })
	if err := in.End(); err != nil {
		return err
	}
	run, err := v.Tenant.Engine.RunScript(ctx, req)
	if err != nil {
		return err
	}
	return c.JSON(run)
}

func (s *server) scriptRuns(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	runs, err := v.Tenant.Engine.ScriptRuns(ctx, v.Actor)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"runs": runs})
}

// scriptsRan lists runs at work, of a job where one is named.
func (s *server) scriptsRan(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	runs, err := v.Tenant.Engine.ScriptsRan(ctx, v.Actor, value.ID(c.Query("job")))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"runs": runs})
}

func (s *server) scriptRun(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	run, err := v.Tenant.Engine.ScriptRun(ctx, v.Actor, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(run)
}

// replayScript repeats a run from what it saw.
func (s *server) replayScript(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	again, err := v.Tenant.Engine.ReplayScript(ctx, v.Actor, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(again)
}
