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
	"tidewater/runtime/http/wire"
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

// channelView is a channel that the caller can choose; Ways are those that they have chosen, by kind.
type channelView struct {
	Channel notify.Channel             `json:"channel"`
	Label   string                     `json:"label"`
	Usual   notify.Way                 `json:"usual"`
	Reaches bool                       `json:"reaches"`
	Ways    map[notify.Kind]notify.Way `json:"ways"`
}

func (s *Server) notificationChoices(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	chosen, err := v.Tenant.Engine.Choices(ctx, v.Actor)
	if err != nil {
		return err
	}
	text := func(code string) string { return s.Texts.Text(locale(c), code, nil) }
	var kinds []choiceView
	for _, kind := range chosen.Kinds {
		kinds = append(kinds, choiceView{kind, text("noticeKind." + string(kind)), !slices.Contains(chosen.Off, kind)})
	}
	channels := make([]channelView, len(chosen.Channels))
	for n, one := range chosen.Channels {
		ways := chosen.Ways[one.Channel]
		if ways == nil {
			ways = map[notify.Kind]notify.Way{}
		}
		channels[n] = channelView{one.Channel, text("channel." + string(one.Channel)), one.Usual, one.Reaches, ways}
	}
	out := fiber.Map{"kinds": kinds, "channels": channels, "digestAt": chosen.DigestAt}
	if chosen.DigestAt == "" {
		out["digestAt"] = notify.UsualDigest
	}
	if chosen.Quiet != nil {
		out["quiet"] = chosen.Quiet
	}
	return c.JSON(out)
}

func (s *Server) chooseNotifications(c *fiber.Ctx, ctx context.Context, v *signin.Visit) error {
	if err := parameters(c); err != nil {
		return err
	}
	in, err := body(c)
	if err != nil {
		return err
	}
	var next notify.Choices
	for _, text := range in.Texts("off") {
		next.Off = append(next.Off, notify.Kind(text))
	}
	next.DigestAt = in.Text("digestAt")
	in.Part("quiet", func(part *wire.Body) { next.Quiet = &notify.Quiet{From: part.Text("from"), To: part.Text("to")} })
	in.Part("channels", func(part *wire.Body) { next.Ways = waysIn(part) })
	if err := in.End(); err != nil {
		return err
	}
	if err := v.Tenant.Engine.Choose(ctx, v.Actor, next); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// waysIn reads how kinds go by each channel.
func waysIn(channels *wire.Body) map[notify.Channel]map[notify.Kind]notify.Way {
	out := map[notify.Channel]map[notify.Kind]notify.Way{}
	for _, channel := range channels.Keys() {
		channels.Part(channel, func(kinds *wire.Body) {
			ways := map[notify.Kind]notify.Way{}
			for _, kind := range kinds.Keys() {
				ways[notify.Kind(kind)] = notify.Way(kinds.Text(kind))
			}
			out[notify.Channel(channel)] = ways
		})
	}
	return out
}
