package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// mergeView is what somebody sees before they merge two records.
type mergeView struct {
	Keep   *record.View     `json:"keep"`
	Drop   *record.View     `json:"drop"`
	Fields []value.FieldKey `json:"fields"`
	Moves  []movesView      `json:"moves"`
}

type movesView struct {
	Form  value.FormKey `json:"form"`
	Count countView     `json:"count"`
}

type countView struct {
	Value int64 `json:"value"`
	Exact bool  `json:"exact"`
}

func (s *Server) previewMerge(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "with"); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Records.MergePreview(ctx, v.Actor, formOf(c), idOf(c), value.ID(c.Query("with")))
	if err != nil {
		return err
	}
	out := mergeView{Keep: found.Keep, Drop: found.Drop, Fields: found.Fields, Moves: []movesView{}}
	for _, m := range found.Moves {
		out.Moves = append(out.Moves, movesView{m.Form, countView{m.Count.Value, m.Count.Exact}})
	}
	return c.JSON(out)
}

// merge makes one record out of two; the job moves what points to the one that goes.
func (s *Server) merge(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	of := record.Merging{
		Keep: idOf(c), KeepVersion: in.Int("version"), Drop: value.ID(in.Text("with")), DropVersion: in.Int("withVersion"), Reason: in.Text("reason"),
	}
	for _, key := range in.Texts("take") {
		of.Take = append(of.Take, value.FieldKey(key))
	}
	if err := in.End(); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Merge(ctx, v.Actor, formOf(c), of, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}
