package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

// told waits until somebody has so many notifications that they have not read.
func (c *caller) told(unread float64) *response {
	t := c.site.t
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		got := c.get("/notifications").is(nethttp.StatusOK)
		if got.at("unread", "value") == unread {
			return got
		}
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("not told: %s", got.raw)
		}
	}
}

func (s *site) userID(tenantName, username string) string {
	s.t.Helper()
	id, _ := s.as(tenantName, username).get("/me").is(nethttp.StatusOK).at("user", "id").(string)
	if id == "" {
		s.t.Fatal("nobody")
	}
	return id
}

func TestNotifications(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	viewer.told(0)
	made := keeper.create(map[string]any{"name": "Saw", "price": "99.50", "owner": s.userID("one", "viewer")}).is(nethttp.StatusCreated)
	got := viewer.told(1)
	first, _ := got.at("notifications").([]any)
	one, _ := first[0].(map[string]any)
	if one["kind"] != "assigned" || one["text"] != "keeper gave you Saw (Asset)." || !strings.Contains(got.raw, made.id()) || strings.Contains(got.raw, "99.50") {
		t.Errorf("%s", got.raw)
	}
	if chinese := viewer.with("Accept-Language", "zh-CN").get("/notifications"); !strings.Contains(chinese.raw, "keeper把资产「Saw」交给了您。") {
		t.Errorf("%s", chinese.raw)
	}
	keeper.told(0)
	s.as("two", "viewer").told(0)

	keeper.post("/notifications/read", map[string]any{"ids": []any{one["id"]}}).is(nethttp.StatusOK)
	viewer.told(1) // it is not the keeper's
	viewer.post("/notifications/read", map[string]any{"ids": []any{one["id"]}}).is(nethttp.StatusOK)
	viewer.told(0)
	if left := viewer.get("/notifications?unread=true&limit=5"); !strings.Contains(left.raw, `"notifications":[]`) {
		t.Errorf("%s", left.raw)
	}
	viewer.post("/notifications/read", map[string]any{"all": true}).is(nethttp.StatusOK)
	viewer.post("/notifications/read", map[string]any{}).problem(nethttp.StatusBadRequest, "notification.which")
	viewer.get("/notifications?unread=maybe").problem(nethttp.StatusBadRequest, "query.parameter", "?unread query.parameter")
	viewer.get("/notifications?after=x").problem(nethttp.StatusBadRequest, "cursor.invalid")

	viewer.send("PUT", "/notifications/choices", map[string]any{"off": []any{"assigned", "nonsense"}}).
		problem(nethttp.StatusUnprocessableEntity, "record.invalid", "/off notification.kind")
	viewer.send("PUT", "/notifications/choices", map[string]any{"off": []any{"assigned"}}).is(nethttp.StatusNoContent)
	choices := viewer.get("/notifications/choices").is(nethttp.StatusOK)
	if !strings.Contains(choices.raw, `{"kind":"assigned","label":"I was given a record","on":false}`) || strings.Contains(choices.raw, "scriptFailed") {
		t.Errorf("%s", choices.raw)
	}
}

// People choose how they are told by channels, and when not; what is not said is as usual again.
func TestWaysOfNotifications(t *testing.T) {
	s := newSite(t)
	viewer := s.as("one", "viewer")
	was := viewer.get("/notifications/choices").is(nethttp.StatusOK)
	if was.at("digestAt") != "08:30" || was.at("quiet") != nil || !strings.Contains(was.raw, `"channels":[]`) {
		t.Errorf("%s", was.raw)
	}
	put := func(choices map[string]any) *response {
		choices["off"] = []any{}
		return viewer.send("PUT", "/notifications/choices", choices)
	}
	put(map[string]any{
		"digestAt": "8:30", "quiet": map[string]any{"from": "22:00", "to": "25:00"},
		"channels": map[string]any{"mail": map[string]any{"assigned": "soon"}, "pigeon": map[string]any{}},
	}).problem(nethttp.StatusUnprocessableEntity, "record.invalid", "/channels/mail/assigned notification.way", "/channels/pigeon channel.unknown",
		"/digestAt notification.clock", "/quiet/to notification.clock")
	put(map[string]any{"quiet": map[string]any{"from": "22:00"}, "channels": map[string]any{"mail": "never"}}).is(nethttp.StatusBadRequest)
	put(map[string]any{
		"digestAt": "18:05", "quiet": map[string]any{"from": "22:00", "to": "07:30"}, "channels": map[string]any{"mail": map[string]any{"assigned": "digest"}},
	}).is(nethttp.StatusNoContent)
	if got := viewer.get("/notifications/choices").is(nethttp.StatusOK); got.at("digestAt") != "18:05" || got.at("quiet", "from") != "22:00" || got.at("quiet", "to") != "07:30" {
		t.Errorf("%s", got.raw)
	}
	put(map[string]any{"quiet": nil}).is(nethttp.StatusNoContent)
	if got := viewer.get("/notifications/choices").is(nethttp.StatusOK); got.at("digestAt") != "08:30" || got.at("quiet") != nil {
		t.Errorf("%s", got.raw)
	}
}
