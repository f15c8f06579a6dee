package http_test

import (
	"strings"
	"testing"
)

func TestAnAdministratorSeesWhatIsDueAndLetsItRun(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	pool := `{"key": "yard", "form": "asset", "label": {"en": "Yard", "zh-CN": "堆场"}, "priority": 1, "rights": {},
		"distribute": [{"id": "weekly", "mode": "randomEven", "among": ["role:keeper"], "cron": "CRON"}]}`
	draft := func(cron string) {
		t.Helper()
		content := strings.Replace(pool, "CRON", cron, 1)
		c := admin.new()
		if got := admin.get("/admin/drafts/pools/yard.json"); got.status == 200 {
			c = admin.seen(got)
		}
		c.put("/admin/drafts/pools/yard.json", object{"content": content}).is(200)
	}
	draft("0 9 31 2 *")
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid", "pools/yard.json /distribute/0/cron meta.cronNever")
	draft("0 9 * * 1")
	admin.publish(object{})
	s.as("one", "keeper").get("/admin/schedules").problem(403, "access.admin")
	list := admin.get("/admin/schedules").is(200).list("schedules")
	if len(list) != 1 || list[0]["cron"] != "0 9 * * 1" || list[0]["onHoliday"] != "nextWorkday" || list[0]["paused"] != false ||
		list[0]["next"] != "2026-03-09T01:00:00Z" || list[0]["distribution"] != "weekly" {
		t.Fatalf("%v", list)
	}
	key := list[0]["key"]
	admin.post("/admin/schedules", object{"schedule": "none", "do": "run"}).problem(404, "schedule.unknown")
	admin.post("/admin/schedules", object{"schedule": key, "do": "stop"}).problem(400, "schedule.do")
	s.as("one", "keeper").post("/admin/schedules", object{"schedule": key, "do": "run"}).problem(403, "access.admin")
	admin.post("/admin/schedules", object{"schedule": key, "do": "pause"}).is(204)
	if got := admin.get("/admin/schedules").is(200).list("schedules"); got[0]["paused"] != true || got[0]["next"] != nil {
		t.Errorf("%v", got)
	}
	admin.post("/admin/schedules", object{"schedule": key, "do": "resume"}).is(204)
	job := admin.post("/admin/schedules", object{"schedule": key, "do": "run"}).is(202).text("job")
	got := admin.get("/admin/schedules").is(200).list("schedules")
	runs, _ := got[0]["runs"].([]any)
	if len(runs) != 1 || runs[0].(object)["job"] != job || runs[0].(object)["state"] == "" || got[0]["next"] != "2026-03-09T01:00:00Z" {
		t.Errorf("%v", got)
	}
	if list := s.as("two", "admin").get("/admin/schedules").is(200).list("schedules"); len(list) != 0 {
		t.Errorf("the neighbours have %v", list)
	}
}

// A consultant writes a job, looks at what it would do, publishes it, lets it run and reads what it has done.
func TestAJobIsWrittenTriedPublishedAndRunThroughTheAPI(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	files := []object{
		{"path": "forms/asset/scripts/mark.json", "content": `{"key": "mark", "form": "asset", "label": {"zh-CN": "标记", "en": "Mark"}, "kind": "batch"}`},
		{"path": "forms/asset/scripts/mark.lua", "content": `
if record.name == "Odd" then fail("odd", {["zh-CN"] = "不标记", en = "Not that one"}) end
record.name = record.name .. "!"`},
		{"path": "jobs/mark.json", "content": `{"key": "mark", "label": {"zh-CN": "每夜标记", "en": "Mark by night"}, "cron": "0 2 * * *", "script": {"form": "asset", "script": "mark"}}`},
	}
	saw := keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201).text("id")
	keeper.post("/forms/asset/records", object{"values": object{"name": "Odd"}}).is(201)
	tried := admin.post("/admin/scripts/run", object{"form": "asset", "script": "mark", "documents": files[:2]}).is(200)
	if runs := tried.list("records"); tried.text("event") != "batch" || len(runs) != 2 || runs[0]["id"] == runs[1]["id"] || tried.at("next") != nil {
		t.Errorf("tried: %s", tried.raw)
	}
	if got := keeper.get("/forms/asset/records/" + saw).is(200); got.at("version") != float64(1) {
		t.Errorf("trying has written: %s", got.raw)
	}
	for _, one := range files {
		path, _ := one["path"].(string)
		admin.with("If-None-Match", "*").put("/admin/drafts/"+path, object{"content": one["content"]}).is(200)
	}
	admin.ended(admin.post("/admin/publish", object{}).is(202))
	list := admin.get("/admin/schedules").is(200).list("schedules")
	if len(list) != 1 || list[0]["key"] != "job/mark" || list[0]["kind"] != "script" || list[0]["script"] != "mark" || list[0]["form"] != "asset" || list[0]["pool"] != nil || list[0]["next"] == nil {
		t.Fatalf("%v", list)
	}
	keeper.post("/admin/schedules", object{"schedule": "job/mark", "do": "run"}).problem(403, "access.admin")
	id := admin.post("/admin/schedules", object{"schedule": "job/mark", "do": "run"}).is(202).text("job")
	done := admin.until(id)
	report, _ := done.at("report").(map[string]any)
	counts, _ := report["counts"].(map[string]any)
	refused, _ := report["refused"].([]any)
	if done.text("state") != "done" || done.text("kind") != "script" || counts["changed"] != float64(1) || counts["skipped"] != float64(1) || len(refused) != 1 {
		t.Fatalf("%s", done.raw)
	}
	if why, _ := refused[0].(map[string]any); why["code"] != "script.skipped" || !strings.Contains(why["message"].(string), "odd") || strings.Contains(why["message"].(string), "Not that one") {
		t.Errorf("%v", why)
	}
	if got := keeper.get("/forms/asset/records/" + saw).is(200); got.at("values").(map[string]any)["name"] != "Saw!" {
		t.Errorf("%s", got.raw)
	}
	keeper.get("/jobs/"+id).problem(404, "job.notFound")
}
