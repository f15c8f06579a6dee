package http_test

import (
	"strings"
	"testing"
)

func TestADraftIsRehearsedBeforeItIsPublished(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	for _, name := range []string{"Saw", "Plane", "A very long name of a tool"} {
		keeper.post("/forms/asset/records", object{"values": object{"name": name}}).is(201)
	}
	none := admin.post("/admin/rules/rehearse", object{"form": "asset"}).is(200)
	if len(none.list("effects")) != 0 || none.at("examined") != float64(3) || none.at("published") != none.at("version") {
		t.Errorf("without a draft: %s", none.raw)
	}
	admin.edit(formPath, `"required": ["name"]`, `"required": ["name"], "x-rules": [{"key": "short", "check": "len(name) < 10", "message": {"en": "Too long", "zh-CN": "过长"}}]`)
	got := admin.post("/admin/rules/rehearse", object{"form": "asset"}).is(200)
	effects := got.list("effects")
	if len(effects) != 1 || effects[0]["kind"] != "issue" || effects[0]["name"] != "short" || effects[0]["count"] != float64(1) {
		t.Errorf("a new rule: %s", got.raw)
	}
	// What is tried is not drafted.
	content := strings.Replace(admin.get(formPath).is(200).text("content"), "< 10", "< 4", 1)
	tried := admin.post("/admin/rules/rehearse", object{"form": "asset", "documents": []object{{"path": "forms/asset/form.json", "content": content}}}).is(200)
	if tried.list("effects")[0]["count"] != float64(2) {
		t.Errorf("a try: %s", tried.raw)
	}
	if admin.get(formPath).is(200).text("content") == content {
		t.Error("what was tried is drafted")
	}
	job := admin.with("Idempotency-Key", "once").post("/admin/rules/rehearse", object{"form": "asset"})
	done := admin.ended(job)
	found := admin.get("/admin/rules/rehearsals/" + job.text("id")).is(200)
	if done.at("state") != "done" || found.at("ended") != true || found.list("effects")[0]["count"] != float64(1) {
		t.Errorf("by a job: %s", found.raw)
	}
	audit := admin.get("/admin/audit").is(200)
	if !strings.Contains(string(audit.raw), "rules.rehearsed") {
		t.Errorf("the audit does not tell: %s", audit.raw)
	}
}

func TestRehearsalsThatAreRefused(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	s.as("one", "keeper").post("/admin/rules/rehearse", object{"form": "asset"}).is(403)
	admin.post("/admin/rules/rehearse", object{"form": "nothing"}).is(404)
	wrong := []object{{"path": "forms/asset/form.json", "content": "{"}}
	admin.post("/admin/rules/rehearse", object{"form": "asset", "documents": wrong}).is(422)
	admin.get("/admin/rules/rehearsals/01ARZ3NDEKTSV4RRFF00000000").is(404)
}
