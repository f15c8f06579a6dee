package http

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/publish"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

func (s *server) check(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	checked, err := desk.Check(ctx)
	if err != nil {
		return err
	}
	told := func(issues fault.Issues) []wire.ProblemAt {
		return append([]wire.ProblemAt{}, wire.IssuesOf(s.Texts, runtimehttp.Locale(c), issues)...)
	}
	return c.JSON(fiber.Map{
		"ok": len(checked.Issues) == 0, "version": checked.Version,
		"errors": told(checked.Issues), "warnings": told(checked.Warnings),
	})
}

func (s *server) impact(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	found, err := desk.Impact(ctx)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

// maxNote bounds what an administrator may say of a publication, in bytes.
const maxNote = 2000

// publish queues a publication: the answer is the job that does it.
func (s *server) publish(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	order := publish.Order{Version: in.Text("version"), Note: in.Text("note")}
	if err := in.End(); err != nil {
		return err
	}
	if over := len(order.Note) - maxNote; over > 0 {
		return fault.New(fault.TooLarge, "field.tooLong").In("http.publish").With("max", maxNote).With("over", over)
	}
	once, err := runtimehttp.JobOnce(c)
	if err != nil {
		return err
	}
	queued, err := v.Tenant.Engine.Publish(ctx, v.Actor, order, once)
	if err != nil {
		return err
	}
	return runtimehttp.Accepted(c, queued)
}

func (s *server) rollback(c *fiber.Ctx, ctx context.Context, v *signin.Visit, _ *publish.Desk) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	to := in.Int("to")
	if err := in.End(); err != nil {
		return err
	}
	once, err := runtimehttp.JobOnce(c)
	if err != nil {
		return err
	}
	queued, err := v.Tenant.Engine.Rollback(ctx, v.Actor, to, once)
	if err != nil {
		return err
	}
	return runtimehttp.Accepted(c, queued)
}

// version is a publication on the wire.
type version struct {
	publish.Publication
	Documents int  `json:"documents"`
	Shipped   *int `json:"shipped,omitempty"` // hides the list of the app's own documents
	Active    bool `json:"active"`
}

func versionOf(p publish.Publication) version {
	return version{Publication: p, Documents: len(p.Documents), Active: true}
}

const usualVersions, maxVersions = 20, 100

func (s *server) versions(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	after, err := runtimehttp.Number(c, "after")
	if err != nil {
		return err
	}
	limit, err := limitIn(c, usualVersions, maxVersions)
	if err != nil {
		return err
	}
	found, err := desk.Versions(ctx, int64(after), limit)
	if err != nil {
		return err
	}
	out := make([]version, len(found))
	for i, p := range found {
		out[i] = versionOf(p)
		out[i].Active = p.Number == desk.Active().Number
	}
	answer := fiber.Map{"versions": out}
	if len(found) == limit && found[limit-1].Number > 1 {
		answer["next"] = strconv.FormatInt(found[limit-1].Number, 10)
	}
	return c.JSON(answer)
}

// limitIn reads how many a page has.
func limitIn(c *fiber.Ctx, usual, most int) (int, error) {
	limit, err := runtimehttp.Number(c, "limit")
	if limit == 0 {
		limit = usual
	}
	return min(limit, most), err
}

// diff compares two versions; without "to" it compares with the drafts.
func (s *server) diff(c *fiber.Ctx, ctx context.Context, v *signin.Visit, desk *publish.Desk) error {
	from, err := runtimehttp.Number(c, "from")
	if err != nil {
		return err
	}
	to, err := runtimehttp.Number(c, "to")
	if err != nil {
		return err
	}
	if from == 0 {
		from = int(desk.Active().Number)
	}
	changes, err := desk.Diff(ctx, int64(from), int64(to))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"from": from, "to": to, "documents": changes})
}
