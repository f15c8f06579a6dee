package http

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/http/wire"
	"tidewater/runtime/signin"
)

// lookAtFile tells what an uploaded file holds, and what may be meant by its columns.
func (s *Server) lookAtFile(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	file, choice := value.ID(in.Text("file")), choiceOf(in)
	if err := in.End(); err != nil {
		return err
	}
	seen, err := v.Tenant.Engine.Look(ctx, v.Actor, formOf(c), file, choice)
	if err != nil {
		return err
	}
	return c.JSON(seen)
}

// importTemplate sends a workbook to be filled with new records of a form.
func (s *Server) importTemplate(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	var made bytes.Buffer // its size is that of the form, not of what is in it
	name, err := v.Tenant.Engine.Template(ctx, v.Actor, formOf(c), locale(c), &made)
	if err != nil {
		return err
	}
	isolate(c, "attachment", name)
	c.Set(fiber.HeaderContentType, grid.XLSX.MediaType())
	return c.Send(made.Bytes())
}

func choiceOf(in *wire.Body) grid.Choice {
	return grid.Choice{
		Sheet: in.Text("sheet"), Encoding: in.Text("encoding"), Delimiter: in.Text("delimiter"), Header: int(in.Int("header")),
	}
}

// importRecords makes and changes records by the rows of a file that was uploaded before, as a job.
func (s *Server) importRecords(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	req := engine.ImportRequest{
		File: value.ID(in.Text("file")), Choice: choiceOf(in), DryRun: in.Bool("dryRun"), Report: grid.Format(in.Text("report")),
	}
	in.Part("plan", func(part *wire.Body) { req.Plan = planOf(part) })
	if err := in.End(); err != nil {
		return err
	}
	req.Plan.Form = formOf(c)
	once, err := JobOnce(c)
	if err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Import(ctx, v.Actor, req, once)
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}

func planOf(in *wire.Body) intake.Plan {
	plan := intake.Plan{Mode: intake.Mode(in.Text("mode")), Columns: columnsOf(in), Clear: in.Bool("clear"), Pool: in.Text("pool")}
	if plan.Mode == "" {
		plan.Mode = intake.Create
	}
	plan.AlsoIn = in.Texts("alsoIn")
	in.Text("form") // as a look answers it; the path says which
	for _, key := range in.Texts("key") {
		plan.Key = append(plan.Key, value.FieldKey(key))
	}
	in.Each("tables", func(item *wire.Body) {
		plan.Tables = append(plan.Tables, intake.Table{
			Field: value.FieldKey(item.Text("field")), File: value.ID(item.Text("file")), Choice: choiceOf(item),
			Join: item.Text("join"), To: item.Text("to"), Key: item.Text("key"), Columns: columnsOf(item),
		})
	})
	return plan
}

func columnsOf(in *wire.Body) (out []intake.Column) {
	in.Each("columns", func(item *wire.Body) {
		c := intake.Column{
			Column: item.Text("column"), Text: item.Text("text"), Field: item.Text("field"), By: item.Text("by"),
			Times: item.Text("times"), Dates: intake.DateOrder(item.Text("dates")),
		}
		if item.Has("round") {
			places := int(item.Int("round"))
			c.Round = &places
		}
		item.Part("values", func(part *wire.Body) {
			c.Values = map[string]string{}
			for _, said := range part.Keys() {
				c.Values[said] = part.Text(said)
			}
		})
		out = append(out, c)
	})
	return out
}

// rowView is what became of a row, or would, in the reader's language.
type rowView struct {
	Row     int          `json:"row"`
	Op      string       `json:"op"`
	ID      string       `json:"id,omitempty"`
	Errors  []flawView   `json:"errors,omitempty"`
	Changes []changeView `json:"changes,omitempty"`
	// Alike are the records that it looks like, and Twins the rows before it.
	Alike []record.Duplicate `json:"alike,omitempty"`
	Twins []engine.Twin      `json:"twins,omitempty"`
}

// flawView is what is wrong with a row, and in which cell where it is of one.
type flawView struct {
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Field   string    `json:"field,omitempty"` // its label, where no column fills the field
	Cell    *cellView `json:"cell,omitempty"`
}

type cellView struct {
	Column string `json:"column,omitempty"`
	Text   string `json:"text,omitempty"`
	Table  int    `json:"table,omitempty"` // of the plan's tables, the first is 1; else it is of the records' own
	Row    int    `json:"row,omitempty"`   // in that table
}

func (s *Server) flawView(locale string, flaw intake.Flaw) flawView {
	out := flawView{Code: flaw.Code, Message: s.Texts.Text(locale, flaw.Code, flaw.Args)}
	if flaw.Name != "" || flaw.Table > 0 {
		out.Cell = &cellView{flaw.Name, flaw.Text, flaw.Table, flaw.Row}
	} else if !strings.HasPrefix(flaw.Path, "/") {
		out.Field = flaw.Path
	}
	return out
}

type changeView struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

func (s *Server) importedRows(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "op", "after"); err != nil {
		return err
	}
	rows, next, err := v.Tenant.Engine.ImportRows(ctx, v.Actor, idOf(c), c.Query("op"), c.Query("after"))
	if err != nil {
		return err
	}
	out := make([]rowView, len(rows))
	for n, row := range rows {
		out[n] = rowView{Row: row.Row, Op: row.Op, ID: string(row.ID), Alike: row.Alike, Twins: row.Twins}
		for _, flaw := range row.Flaws {
			out[n].Errors = append(out[n].Errors, s.flawView(locale(c), flaw))
		}
		for _, change := range row.Changes {
			out[n].Changes = append(out[n].Changes, changeView{change.Field, change.From, change.To})
		}
	}
	answer := fiber.Map{"rows": out}
	if next != "" {
		answer["next"] = next
	}
	return c.JSON(answer)
}

func (s *Server) undoImport(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	j, err := v.Tenant.Engine.Undo(ctx, v.Actor, idOf(c))
	if err != nil {
		return err
	}
	return s.accepted(c, j)
}
