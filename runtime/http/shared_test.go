package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
)

// A record is shared, found among what is shared, told who sees it and why, and given back, all over HTTP.
func TestARecordIsShared(t *testing.T) {
	s := newSite(t)
	s.furnishWith("harbour", "testdata/shared")
	keeper, viewer := s.as("harbour", "keeper"), s.as("harbour", "viewer")
	guest, _ := viewer.get("/me").is(nethttp.StatusOK).at("user", "id").(string)
	made := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Tern", "phone": "13800138000"}}).is(nethttp.StatusCreated)
	path := "/forms/boat/records/" + made.id()
	viewer.get(path).problem(nethttp.StatusNotFound, "record.notFound")
	keeper.post(path+"/actions/share", map[string]any{"args": map[string]any{"person": guest, "how": "write"}}).
		problem(nethttp.StatusUnprocessableEntity, "action.args", "/args/person share.ofNoUse")
	shared := keeper.post(path+"/actions/share", map[string]any{"args": map[string]any{"person": guest, "how": "read"}}).is(nethttp.StatusOK)
	if with, _ := shared.at("shared", "with").([]any); len(with) != 1 || shared.at("shared", "mine") != nil {
		t.Errorf("%s", shared.raw)
	}

	seen := viewer.get(path).is(nethttp.StatusOK)
	if seen.at("shared", "mine") != "read" || seen.at("values", "phone") == "13800138000" {
		t.Errorf("%s", seen.raw)
	}
	for who, want := range map[*caller]int{viewer: 1, keeper: 0} {
		listed, _ := who.get("/forms/boat/records?with=me&count=exact").is(nethttp.StatusOK).at("records").([]any)
		asked, _ := who.post("/forms/boat/query", map[string]any{"with": "me"}).is(nethttp.StatusOK).at("records").([]any)
		if len(listed) != want || len(asked) != want {
			t.Errorf("%d and %d are shared, want %d", len(listed), len(asked), want)
		}
	}
	viewer.get("/forms/boat/records?with=you").problem(nethttp.StatusBadRequest, "list.with")

	told := keeper.get(path + "/viewers?field=phone").is(nethttp.StatusOK)
	if viewers, _ := told.at("viewers").([]any); len(viewers) != 2 || !strings.Contains(told.raw, `"masked":true`) ||
		!strings.Contains(told.raw, "Shared by keeper: to read") || told.at("next") != nil {
		t.Errorf("%s", told.raw)
	}
	first := keeper.get(path + "/viewers?limit=1").is(nethttp.StatusOK)
	next, _ := first.at("next").(string)
	if viewers, _ := first.at("viewers").([]any); len(viewers) != 1 || next == "" {
		t.Errorf("%s", first.raw)
	}
	if second, _ := keeper.get(path + "/viewers?limit=1&after=" + next).is(nethttp.StatusOK).at("viewers").([]any); len(second) != 1 {
		t.Errorf("%d on the second page", len(second))
	}
	viewer.get(path+"/viewers").problem(nethttp.StatusForbidden, "explain.viewers")
	keeper.get(path+"/viewers?field=nothing").problem(nethttp.StatusNotFound, "field.unknown")
	keeper.get(path+"/viewers?colour=red").problem(nethttp.StatusBadRequest, "query.unknownParameter")

	viewer.post(path+"/actions/unshare", map[string]any{}).is(nethttp.StatusNoContent)
	viewer.get(path).problem(nethttp.StatusNotFound, "record.notFound")
}
