package http

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// viewBytes is about what one record takes on the wire.
const viewBytes = 1 << 10

// pageOf writes a page of records.
func pageOf(c *fiber.Ctx, p *record.ListPage) error {
	out := wire.Page{Records: p.Records, Next: p.Next, Incomplete: p.Incomplete}
	if p.Count != nil {
		out.Count = &wire.Count{Value: p.Count.Value, Exact: p.Count.Exact}
	}
	body, err := wire.AppendPage(make([]byte, 0, viewBytes*(1+len(p.Records))), out)
	return written(c, body, err)
}

// answer writes one record, with its version as entity tag.
func answer(c *fiber.Ctx, status int, v *record.View) error {
	return answerActed(c, status, v, nil)
}

// answerActed is answer, with what an action warns of.
func answerActed(c *fiber.Ctx, status int, v *record.View, warns *wire.Warning) error {
	c.Set(fiber.HeaderETag, `"`+strconv.FormatInt(v.Version, 10)+`"`)
	body, err := wire.AppendActed(make([]byte, 0, viewBytes), v, warns)
	return written(c.Status(status), body, err)
}

func written(c *fiber.Ctx, body []byte, err error) error {
	if err != nil {
		return fault.Wrap("http.write", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Response().SetBodyRaw(body)
	return nil
}

func (s *Server) listRecords(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	err := parameters(c, "view", "filter", "q", "sort", "limit", "after", "fields", "count", "deleted", "with")
	if err != nil {
		return err
	}
	req := record.ListRequest{
		Form: formOf(c), View: c.Query("view"), Q: c.Query("q"), Sort: c.Query("sort"), After: c.Query("after"),
		Count: c.Query("count"), Deleted: c.Query("deleted") == "true", With: c.Query("with"),
	}
	if req.Limit, err = number(c, "limit"); err != nil {
		return err
	}
	if req.Filter, err = filterOf(c.Query("filter")); err != nil {
		return err
	}
	if fields := c.Query("fields"); fields != "" {
		req.Fields = strings.Split(fields, ",")
	}
	found, err := v.Tenant.Engine.Records.List(ctx, v.Actor, req)
	if err != nil {
		return err
	}
	return pageOf(c, found)
}

// filterOf reads a filter from a query: a JSON tree where it looks like one, else an expression.
func filterOf(text string) (any, error) {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		return nil, nil
	case strings.HasPrefix(trimmed, "{"):
		return wire.Parse([]byte(trimmed))
	}
	return trimmed, nil
}

func (s *Server) queryRecords(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := smallBody(c)
	if err != nil {
		return err
	}
	req := record.ListRequest{
		Form: formOf(c), View: in.Text("view"), Filter: in.Any("filter"), Q: in.Text("q"), Sort: in.Text("sort"),
		Limit: int(in.Int("limit")), After: in.Text("after"), Fields: in.Texts("fields"), Count: in.Text("count"),
		Deleted: in.Bool("deleted"), With: in.Text("with"),
	}
	if err := in.End(); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.List(ctx, v.Actor, req)
	if err != nil {
		return err
	}
	return pageOf(c, found)
}

// input reads what a record shall hold.
func input(c *fiber.Ctx) (record.Input, error) {
	if err := parameters(c); err != nil {
		return record.Input{}, err
	}
	in, err := body(c)
	if err != nil {
		return record.Input{}, err
	}
	out := record.Input{Values: in.Object("values"), Reason: in.Text("reason")}
	if err := in.End(); err != nil {
		return record.Input{}, err
	}
	out.Once, err = Once(c)
	return out, err
}

func (s *Server) createRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	in, err := input(c)
	if err != nil {
		return err
	}
	made, err := v.Tenant.Engine.Records.Create(ctx, v.Actor, formOf(c), in)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLocation, "/api/v1/forms/"+string(made.Form)+"/records/"+string(made.ID))
	return answer(c, fiber.StatusCreated, made)
}

func (s *Server) getRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.Get(ctx, v.Actor, formOf(c), idOf(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, found)
}

func (s *Server) updateRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	was, err := version(c)
	if err != nil {
		return err
	}
	in, err := input(c)
	if err != nil {
		return err
	}
	changed, err := v.Tenant.Engine.Records.Update(ctx, v.Actor, formOf(c), idOf(c), was, in)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, changed)
}

func (s *Server) deleteRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	was, err := version(c)
	if err != nil {
		return err
	}
	if err := parameters(c, "reason"); err != nil {
		return err
	}
	if err := v.Tenant.Engine.Records.Delete(ctx, v.Actor, formOf(c), idOf(c), was, c.Query("reason")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) restoreRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	key, err := Once(c)
	if err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.Restore(ctx, v.Actor, formOf(c), idOf(c), key)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, found)
}

func (s *Server) purgeRecord(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	key, err := Once(c)
	if err != nil {
		return err
	}
	if err := v.Tenant.Engine.Records.Purge(ctx, v.Actor, formOf(c), idOf(c), key); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) history(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.History(ctx, v.Actor, formOf(c), idOf(c), c.Query("after"), limit)
	if err != nil {
		return err
	}
	return c.JSON(found)
}

func (s *Server) search(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "q", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = 10
	}
	found, err := v.Tenant.Engine.Records.Search(ctx, v.Actor, c.Query("q"), limit)
	if err != nil {
		return err
	}
	return pageOf(c, &record.ListPage{Records: found})
}
