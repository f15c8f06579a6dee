package http_test

import (
	nethttp "net/http"
	"testing"
)

func TestViewsAreKept(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	door := "/forms/boat/views/mine"
	made := keeper.send("PUT", door, map[string]any{"name": "Gulls", "filter": `{"and":[]}`, "sort": "-updatedAt", "group": "name",
		"columns": []any{map[string]any{"field": "updatedAt", "width": 120, "pinned": true}, map[string]any{"field": "name"}}, "unpinned": true}).is(nethttp.StatusOK)
	if made.at("version") != 1.0 || made.at("mine") != true || made.at("group") != "name" || made.at("unpinned") != true ||
		len(made.at("columns").([]any)) != 2 || made.at("columns").([]any)[0].(map[string]any)["width"] != 120.0 {
		t.Errorf("%s", made.raw)
	}
	keeper.send("PUT", door, map[string]any{"name": "Gulls", "version": 1, "columns": []any{map[string]any{"field": "name", "colour": "red"}}}).
		problem(nethttp.StatusBadRequest, "json.unknownKey")
	keeper.send("PUT", door, map[string]any{"name": "Terns"}).problem(nethttp.StatusConflict, "view.stale")
	keeper.send("PUT", door, map[string]any{"name": "", "version": 1}).problem(nethttp.StatusUnprocessableEntity, "view.invalid")
	keeper.send("PUT", door, map[string]any{"name": "Terns", "version": 1, "owner": "x"}).problem(nethttp.StatusBadRequest, "json.unknownKey")
	keeper.send("PUT", door, map[string]any{"name": "Terns", "version": 1, "shared": map[string]any{"roles": []any{"nobody"}}}).
		problem(nethttp.StatusForbidden, "view.mayNotShare")
	keeper.send("PUT", door, map[string]any{"name": "Terns", "version": 1, "shared": map[string]any{"roles": []any{"keeper"}}}).is(nethttp.StatusOK)
	if found := keeper.get("/forms/boat/views").is(nethttp.StatusOK); len(found.at("views").([]any)) != 1 {
		t.Errorf("%s", found.raw)
	}
	viewer.remove(door).problem(nethttp.StatusNotFound, "view.unknown")
	keeper.remove(door).is(nethttp.StatusNoContent)
	if found := keeper.get("/forms/boat/views").is(nethttp.StatusOK); len(found.at("views").([]any)) != 0 {
		t.Errorf("%s", found.raw)
	}
}
