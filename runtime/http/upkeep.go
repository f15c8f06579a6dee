package http

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/publish"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// keptView is a table or pool of which the asker may change values.
type keptView struct {
	Kind        string     `json:"kind"`
	Key         string     `json:"key"`
	Label       meta.Label `json:"label"`
	Description meta.Label `json:"description,omitempty"`
	// Inputs, Outputs and Rows are a table's; of the rows those that the asker may change something of.
	Inputs  []meta.TableInput  `json:"inputs,omitempty"`
	Outputs []meta.TableOutput `json:"outputs,omitempty"`
	Rows    []keptRow          `json:"rows,omitempty"`
	Values  []publish.Cell     `json:"values,omitempty"`
	Waiting []valuesView       `json:"waiting,omitempty"`
	Past    []valuesView       `json:"past,omitempty"`
}

type keptRow struct {
	Row int `json:"row"` // from 0
	meta.TableRow
}

// valuesView is a change of values.
type valuesView struct {
	ID            value.ID             `json:"id"`
	State         publish.ValuesState  `json:"state"`
	EffectiveFrom string               `json:"effectiveFrom,omitempty"` // a day; absent: at once
	Due           time.Time            `json:"due"`
	At            time.Time            `json:"at"`
	By            value.ID             `json:"by"`
	ByName        string               `json:"byName"`
	Note          string               `json:"note,omitempty"`
	Values        []publish.CellChange `json:"values"`
	Version       int64                `json:"version,omitempty"` // the publication that it became
	EndedAt       *time.Time           `json:"endedAt,omitempty"`
	Reason        *refusal             `json:"reason,omitempty"`
}

func keptOf(u *catalog.Upkeep) keptView {
	out := keptView{Kind: u.Kind, Key: u.Key}
	if u.Table != nil {
		out.Label, out.Description = u.Table.Label, u.Table.Description
	} else {
		out.Label, out.Description = u.Pool.Def.Label, u.Pool.Def.Description
	}
	return out
}

func (s *Server) valuesViews(c *fiber.Ctx, all []publish.Values) []valuesView {
	out := make([]valuesView, len(all))
	for n := range all {
		out[n] = s.valuesView(c, &all[n])
	}
	return out
}

func (s *Server) valuesView(c *fiber.Ctx, v *publish.Values) valuesView {
	out := valuesView{
		ID: v.ID, State: v.State, Due: v.Due, At: v.At, By: v.By, ByName: v.ByName, Note: v.Note, Values: v.Values, Version: v.Number,
		EndedAt: unlessZero(v.Ended),
	}
	if v.Day != 0 {
		out.EffectiveFrom = value.DayText(v.Day)
	}
	if v.Reason != nil {
		told := s.refusal(c, *v.Reason)
		out.Reason = &told
	}
	return out
}

func (s *Server) listUpkept(c *fiber.Ctx, _ context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	out := []keptView{}
	for _, u := range v.Tenant.Engine.Upkept(v.Actor).Keeps() {
		out = append(out, keptOf(u))
	}
	return c.JSON(fiber.Map{"documents": out})
}

func (s *Server) getUpkept(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	kept, err := v.Tenant.Engine.Upkept(v.Actor).Read(ctx, c.Params("kind"), c.Params("key"))
	if err != nil {
		return err
	}
	out := keptOf(kept.Upkeep)
	out.Values, out.Waiting, out.Past = kept.Cells, s.valuesViews(c, kept.Waiting), s.valuesViews(c, kept.Past)
	if kept.Table != nil {
		out.Inputs, out.Outputs = kept.Table.Inputs, kept.Table.Outputs
		last := -1
		for _, one := range kept.Cells {
			cell, _ := kept.Cell(one.Path)
			if cell.Row != last {
				last = cell.Row
				out.Rows = append(out.Rows, keptRow{last, kept.Table.Rows[last]})
			}
		}
	}
	c.Set(fiber.HeaderETag, `"`+kept.Tag+`"`)
	return c.JSON(out)
}

// valuesOrder reads what values are asked for.
func valuesOrder(c *fiber.Ctx) (publish.ValuesOrder, error) {
	out := publish.ValuesOrder{Kind: c.Params("kind"), Key: c.Params("key"), Tag: strings.Trim(c.Get(fiber.HeaderIfMatch), `"`)}
	if err := parameters(c); err != nil {
		return out, err
	}
	if out.Tag == "" {
		return out, fault.New(fault.Precondition, "record.versionRequired").In("http.ifMatch")
	}
	in, err := body(c)
	if err != nil {
		return out, err
	}
	day := in.Text("effectiveFrom")
	out.Note = in.Text("note")
	var wrong error
	in.Each("values", func(one *wire.Body) {
		raw, err := json.Marshal(one.Any("value"))
		if err != nil {
			wrong = err
		}
		out.Values = append(out.Values, publish.Cell{Path: one.Text("path"), Value: raw})
	})
	if err := in.End(); err != nil || wrong != nil || day == "" {
		return out, err
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return out, fault.Issues{{Path: "/effectiveFrom", Code: "field.date"}}.Fault("http.values", "upkeep.invalid")
	}
	out.From = value.Day(at.Date())
	return out, nil
}

// impactView is what values would make of a form's records.
type impactView struct {
	Form  value.FormKey           `json:"form"`
	Found *engine.RehearsalResult `json:"found,omitempty"`
	Job   string                  `json:"job,omitempty"` // that finds it, see /jobs/{id}/rehearsal
}

func (s *Server) checkValues(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	order, err := valuesOrder(c)
	if err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	checked, err := v.Tenant.Engine.CheckValues(ctx, v.Actor, order, once)
	if err != nil {
		return err
	}
	told := func(issues fault.Issues) []wire.ProblemAt {
		return append([]wire.ProblemAt{}, wire.IssuesOf(s.Texts, locale(c), issues)...)
	}
	impact := make([]impactView, len(checked.Impact))
	for n, one := range checked.Impact {
		impact[n] = impactView{Form: one.Form, Found: one.Found}
		if one.Job != nil {
			impact[n].Job = string(one.Job.ID)
		}
	}
	return c.JSON(fiber.Map{
		"ok": len(checked.Issues) == 0, "changes": checked.Changes, "errors": told(checked.Issues), "warnings": told(checked.Warnings), "impact": impact,
	})
}

func (s *Server) changeValues(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	order, err := valuesOrder(c)
	if err != nil {
		return err
	}
	if order.Once, err = JobOnce(c); err != nil {
		return err
	}
	made, err := v.Tenant.Engine.KeepValues(ctx, v.Actor, order)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(s.valuesView(c, made))
}

func (s *Server) cancelValues(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	made, err := v.Tenant.Engine.CancelValues(ctx, v.Actor, c.Params("kind"), c.Params("key"), idOf(c), once)
	if err != nil {
		return err
	}
	return c.JSON(s.valuesView(c, made))
}

// jobRehearsal is what a job has found so far of what would become of records.
func (s *Server) jobRehearsal(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	found, err := v.Tenant.Engine.Rehearsal(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	return c.JSON(found)
}
