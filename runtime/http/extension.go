package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/job"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// Handler answers a request of somebody who is signed in.
type Handler func(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error

// Route is a door that another package adds below /api/v1; its path begins with a slash.
type Route struct {
	Method, Path string
	Handle       Handler
}

// Body reads the JSON object that a request carries.
func Body(c *fiber.Ctx) (*wire.Body, error) { return body(c) }

// Parameters holds that a request's query has no other names than these, and none twice.
func Parameters(c *fiber.Ctx, known ...string) error { return parameters(c, known...) }

// Number reads a whole number from the query, 0 where there is none.
func Number(c *fiber.Ctx, name string) (int, error) { return number(c, name) }

// Locale is the language of the answer.
func Locale(c *fiber.Ctx) string { return locale(c) }

// Attach says that an answer is a file to be kept, by that name.
func Attach(c *fiber.Ctx, name string) { isolate(c, "attachment", name) }

// Accepted answers a request whose work goes on in the background.
func Accepted(c *fiber.Ctx, j *job.Job) error {
	c.Set(fiber.HeaderLocation, "/api/v1/jobs/"+string(j.ID))
	return c.Status(fiber.StatusAccepted).JSON(jobView{
		ID: string(j.ID), Kind: j.Kind, State: j.State, Progress: progress{j.Done, j.Total}, CreatedAt: j.CreatedAt,
	})
}
