package http_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAValueIsExplainedInTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw", "kind": "tool", "price": "1234.50", "lines": []any{
		map[string]any{"title": "a", "quantity": 2}, map[string]any{"title": "b", "quantity": 3},
	}}).is(201).id()
	for locale, want := range map[string][2]string{"zh-CN": {"数量合计", "公式"}, "en": {"Pieces", "Formula"}} {
		got := keeper.with("Accept-Language", locale).get("/forms/asset/records/" + id + "/explain?field=pieces").is(200)
		if got.at("value", "label") != want[0] || got.at("value", "text") != "5" || got.at("metadata") == "" {
			t.Errorf("%s: %s", locale, got.raw)
		}
		for _, told := range []string{want[1], `"text":"sum(lines, .quantity)"`, `"version":1`} {
			if !strings.Contains(got.raw, told) {
				t.Errorf("%s: no %s in %s", locale, told, got.raw)
			}
		}
	}
	if got := keeper.get("/forms/asset/records/" + id + "/explain?right=update").is(200); got.at("right", "value") != true {
		t.Errorf("a right: %s", got.raw)
	}
	asked := map[string]any{"values": map[string]any{"kind": "book"}, "id": id, "explain": "pieces"}
	draft := keeper.post("/forms/asset/evaluate", asked).is(200)
	if draft.at("explanation", "value", "text") != "5" {
		t.Errorf("a draft: %s", draft.raw)
	}
}

func TestWhatCannotBeExplained(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	id := keeper.create(map[string]any{"name": "Saw", "price": "5"}).is(201).id()
	at := "/forms/asset/records/" + id + "/explain"
	keeper.get(at).problem(400, "explain.fieldOrRight")
	keeper.get(at+"?version=1").problem(404, "explain.notKept")
	keeper.get(at+"?version=first").problem(400, "query.parameter")
	keeper.get(at+"?right=own").problem(422, "explain.right")
	keeper.get(at+"?field=nothing").problem(404, "field.unknown")
	viewer.get(at+"?field=price").problem(404, "field.unknown")
	viewer.get(at+"?field=price&right=read").problem(404, "field.unknown")
	s.as("two", "keeper").get(at+"?field=price").problem(404, "record.notFound")
	keeper.post("/forms/asset/evaluate", map[string]any{"values": map[string]any{}, "explain": "nothing"}).problem(404, "field.unknown")

	// Two refusals of what is not there and what is hidden read alike.
	hidden, missing := viewer.get(at+"?field=price"), viewer.get(at+"?field=gone1")
	for _, r := range []*response{hidden, missing} {
		delete(r.body, "trace")
		delete(r.body, "instance")
	}
	one, err := json.Marshal(hidden.body)
	must(t, err)
	other, err := json.Marshal(missing.body)
	must(t, err)
	if strings.ReplaceAll(string(one), "price", "gone1") != string(other) {
		t.Errorf("told apart:\n%s\n%s", one, other)
	}
}
