package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// language is how the caller reads.
func (s *Server) language(c *fiber.Ctx) record.Language {
	in := locale(c)
	return record.Language{Locale: in, Say: func(code string, args fault.Args) string { return s.Texts.Text(in, code, args) }}
}

func (s *Server) explain(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "field", "right", "version"); err != nil {
		return err
	}
	version, err := number(c, "version")
	if err != nil {
		return err
	}
	key, right := value.FieldKey(c.Query("field")), meta.Verb(c.Query("right"))
	records := v.Tenant.Engine.Records
	var told *record.Explanation
	switch {
	case version != 0:
		told, err = records.ExplainMove(ctx, v.Actor, formOf(c), idOf(c), int64(version), s.language(c))
	case right != "":
		told, err = records.ExplainRight(ctx, v.Actor, formOf(c), idOf(c), key, right, s.language(c))
	case key != "":
		told, err = records.Explain(ctx, v.Actor, formOf(c), idOf(c), key, s.language(c))
	default:
		err = fault.New(fault.Malformed, "explain.fieldOrRight").In("http.explain")
	}
	if err != nil {
		return err
	}
	return c.JSON(told)
}

func (s *Server) viewers(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "field", "after", "limit"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = record.MaxViewers
	}
	key, after := value.FieldKey(c.Query("field")), value.ID(c.Query("after"))
	told, err := v.Tenant.Engine.Records.ViewersOf(ctx, v.Actor, formOf(c), idOf(c), key, after, limit, s.language(c))
	if err != nil {
		return err
	}
	return c.JSON(told)
}
