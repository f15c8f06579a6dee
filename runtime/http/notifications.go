package http

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/record"
	"tidewater/engine/value"
	"tidewater/runtime/signin"
)

// noticeView is a notification on the wire.
type noticeView struct {
	ID      string         `json:"id"`
	Kind    notify.Kind    `json:"kind"`
	At      time.Time      `json:"at"`
	ReadAt  *time.Time     `json:"readAt,omitempty"`
	Text    string         `json:"text"`
	By      *record.Ref    `json:"by,omitempty"`
	Records []noticeRecord `json:"records"`
	Count   int            `json:"count"`
	Job     value.ID       `json:"job,omitempty"`
}

type noticeRecord struct {
	Form     value.FormKey `json:"form"`
	ID       value.ID      `json:"id,omitempty"`
	Title    string        `json:"title,omitempty"`
	LeavesAt *time.Time    `json:"leavesAt,omitempty"`
}

func noticeViewOf(n engine.Notice) noticeView {
	out := noticeView{
		ID: n.ID, Kind: n.Kind, At: n.At, ReadAt: unlessZero(n.ReadAt), Text: n.Text, Count: n.Count, Job: n.Job,
		Records: make([]noticeRecord, len(n.Records)),
	}
	if n.By.ID != "" {
		out.By = &n.By
	}
	for i, r := range n.Records {
		out.Records[i] = noticeRecord{r.Form, r.ID, r.Title, unlessZero(r.Leaves)}
	}
	return out
}

const usualNotices = 30

func (s *Server) listNotifications(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c, "after", "limit", "unread"); err != nil {
		return err
	}
	limit, err := number(c, "limit")
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = usualNotices
	}
	unread := c.Query("unread")
	if unread != "" && unread != "true" && unread != "false" {
		return badParameter("unread")
	}
	answer, err := s.unread(ctx, v) // before the page, so that none is counted that is not on it
	if err != nil {
		return err
	}
	page, next, err := v.Tenant.Engine.Notices(ctx, v.Actor, unread == "true", c.Query("after"), limit)
	if err != nil {
		return err
	}
	out := make([]noticeView, len(page))
	for n, one := range page {
		out[n] = noticeViewOf(one)
	}
	answer["notifications"] = out
	if next != "" {
		answer["next"] = next
	}
	return c.JSON(answer)
}

func (s *Server) unread(ctx context.Context, v *signin.Visit) (fiber.Map, error) {
	count, exact, err := v.Tenant.Engine.Unread(ctx, v.Actor)
	return fiber.Map{"unread": fiber.Map{"value": count, "exact": exact}}, err
}

func (s *Server) readNotifications(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	ids, all := in.Texts("ids"), in.Bool("all")
	if err := in.End(); err != nil {
		return err
	}
	if all == (len(ids) > 0) {
		return fault.New(fault.Malformed, "notification.which").In("http.notifications")
	}
	if err := v.Tenant.Engine.ReadNotices(ctx, v.Actor, ids, all); err != nil {
		return err
	}
	left, err := s.unread(ctx, v)
	if err != nil {
		return err
	}
	return c.JSON(left)
}

type choiceView struct {
	Kind  notify.Kind `json:"kind"`
	Label string      `json:"label"`
	On    bool        `json:"on"`
}

func (s *Server) notificationChoices(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	off, err := v.Tenant.Engine.Muted(ctx, v.Actor)
	if err != nil {
		return err
	}
	var out []choiceView
	for _, kind := range notify.Kinds() {
		out = append(out, choiceView{kind, s.Texts.Text(locale(c), "noticeKind."+string(kind), nil), !slices.Contains(off, kind)})
	}
	return c.JSON(fiber.Map{"kinds": out})
}

func (s *Server) chooseNotifications(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	texts := in.Texts("off")
	if err := in.End(); err != nil {
		return err
	}
	off := make([]notify.Kind, len(texts))
	for n, text := range texts {
		off[n] = notify.Kind(text)
	}
	if err := v.Tenant.Engine.Mute(ctx, v.Actor, off); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
