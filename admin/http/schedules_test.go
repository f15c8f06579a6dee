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
