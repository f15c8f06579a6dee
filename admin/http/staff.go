package http

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine/grid"
	"tidewater/engine/value"
	runtimehttp "tidewater/runtime/http"
	"tidewater/runtime/office"
)

// staffLineView is what a row of a workbook of people and units does.
type staffLineView struct {
	Sheet    string `json:"sheet"`
	Row      int    `json:"row"`
	Name     string `json:"name"`
	Does     string `json:"does"`
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
}

// staffIssueView is what is wrong with a cell, or with a row or the workbook.
type staffIssueView struct {
	Sheet   string `json:"sheet,omitempty"`
	Row     int    `json:"row,omitempty"`
	Column  string `json:"column,omitempty"` // its name in the reader's language
	Text    string `json:"text,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// bringStaff makes and changes people and units by an uploaded workbook, or with dryRun tells what that would do.
func (s *server) bringStaff(c *fiber.Ctx, ctx context.Context, o *office.Office) error {
	in, err := runtimehttp.Body(c)
	if err != nil {
		return err
	}
	file, dryRun := value.ID(in.Text("file")), in.Bool("dryRun")
	if err := in.End(); err != nil {
		return err
	}
	found, err := o.BringStaff(ctx, file, !dryRun)
	if err != nil {
		return err
	}
	locale := runtimehttp.Locale(c)
	lines, issues := make([]staffLineView, len(found.Lines)), make([]staffIssueView, len(found.Issues))
	for n, line := range found.Lines {
		lines[n] = staffLineView(line)
	}
	for n, one := range found.Issues {
		issues[n] = staffIssueView{Sheet: one.Sheet, Row: one.Row, Text: one.Text, Code: one.Code, Message: s.Texts.Text(locale, one.Code, one.Args)}
		if one.Column != "" {
			issues[n].Column = s.Texts.Text(locale, "staff.column."+one.Sheet+"."+one.Column, nil)
		}
	}
	out := fiber.Map{"rows": lines, "issues": issues, "done": found.Done}
	if found.Stopped != nil {
		out["stopped"] = s.Texts.Text(locale, "staff.stopped", nil)
	}
	return c.JSON(out)
}

// staffTemplate sends a workbook to be filled with people and units.
func (s *server) staffTemplate(c *fiber.Ctx, _ context.Context, o *office.Office) error {
	var made bytes.Buffer
	locale := runtimehttp.Locale(c)
	if err := o.StaffTemplate(locale, &made); err != nil {
		return err
	}
	runtimehttp.Attach(c, s.Texts.Text(locale, "staff.file", nil)+".xlsx")
	c.Set(fiber.HeaderContentType, grid.XLSX.MediaType())
	return c.Send(made.Bytes())
}
