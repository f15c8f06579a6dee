package http_test

import (
	"strings"
	"testing"

	"tidewater/runtime/tenant"
)

func TestAnAdministratorKeepsOutlets(t *testing.T) {
	s := newSite(t)
	s.as("one", "keeper").get("/admin/outlets").problem(403, "access.admin")
	admin := s.as("one", "admin")
	if list := admin.get("/admin/outlets").is(200).list("outlets"); len(list) != 0 {
		t.Errorf("%v", list)
	}
	hook := object{"service": "webhook", "name": "ERP", "on": true, "events": []string{"recordCreated"}, "forms": []string{"asset"}, "settings": object{"host": "x"}, "secret": "s3cret"}
	admin.put("/admin/outlets/erp", hook).problem(428, "record.versionRequired")
	first := admin.with("If-Match", `"0"`)
	first.put("/admin/outlets/1x", hook).problem(400, "outlet.key")
	first.put("/admin/outlets/erp", object{"service": "pigeon", "name": "", "on": true, "events": []string{"told"}, "forms": []string{"none"}, "locale": "xx", "settings": object{}}).
		problem(422, "record.invalid", "/events outlet.event", "/events outlet.events", "/forms form.unknown", "/locale outlet.locale", "/name outlet.name", "/service channel.unknown")
	first.put("/admin/outlets/erp", object{"service": "webhook", "name": "ERP", "on": true, "settings": object{"host": "x"}, "secret": "s3cret"}).
		problem(422, "record.invalid", "/events outlet.events")
	made := first.put("/admin/outlets/erp", hook).is(200)
	if made.at("version") != 1.0 || made.at("hasSecret") != true || strings.Contains(string(made.raw), "s3cret") {
		t.Errorf("%s", made.raw)
	}
	first.put("/admin/outlets/erp", hook).problem(409, "channel.stale")
	delete(hook, "secret")
	hook["settings"] = object{"host": "elsewhere"}
	admin.seen(made).put("/admin/outlets/erp", hook).problem(422, "record.invalid", "/secret channel.secretAgain")
	hook["settings"], hook["on"] = object{"host": "x"}, false
	off := admin.seen(made).put("/admin/outlets/erp", hook).is(200)
	admin.post("/admin/outlets/erp/test", nil).is(204)
	if len(s.mail.got) != 1 || !strings.Contains(s.mail.got[0].Text, `"event":"test"`) {
		t.Errorf("%+v", s.mail.got)
	}
	s.as("one", "keeper").post("/admin/outlets/erp/test", nil).problem(403, "access.admin")
	admin.post("/admin/outlets/none/test", nil).problem(404, "outlet.unknown")
	admin.seen(made).remove("/admin/outlets/erp").problem(409, "channel.stale")
	if list := s.as("two", "admin").get("/admin/outlets").is(200).list("outlets"); len(list) != 0 {
		t.Errorf("the neighbours have %v", list)
	}
	admin.seen(off).remove("/admin/outlets/erp").is(204)
	admin.seen(off).remove("/admin/outlets/erp").problem(404, "outlet.unknown")
	if noted := string(admin.get("/admin/audit").is(200).raw); strings.Count(noted, "outlet.changed") != 3 || strings.Contains(noted, "s3cret") {
		t.Errorf("%s", noted)
	}
}

// What another system refuses is listed for administrators, who have it tried again or forget it.
func TestAnAdministratorSeesWhatCouldNotBeDelivered(t *testing.T) {
	s := newSite(t)
	s.mail.refuses = true
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	admin.with("If-Match", `"0"`).put("/admin/outlets/erp", object{
		"service": "webhook", "name": "ERP", "on": true, "events": []string{"recordCreated"}, "settings": object{"host": "x"}, "secret": "s3cret",
	}).is(200)
	keeper.post("/forms/asset/records", object{"values": object{"name": "Drill"}}).is(201)
	deliver := func() {
		s.in("one", func(one *tenant.Tenant) {
			must(t, one.Engine.Settle(t.Context()))
			must(t, one.Engine.Inform(t.Context()))
			must(t, one.Engine.RunPost(t.Context()))
		})
	}
	failed := func() []object { return admin.get("/admin/deliveries").is(200).list("deliveries") }
	deliver()
	list := failed()
	if len(list) != 1 || list[0]["state"] != "failed" {
		t.Fatalf("%v", list)
	}
	door := "/admin/deliveries/" + list[0]["id"].(string)
	keeper.post(door+"/retry", nil).problem(403, "access.admin")
	keeper.remove(door).problem(403, "access.admin")
	s.as("two", "admin").remove(door).problem(404, "post.unknown")

	admin.post(door+"/retry", nil).is(204)
	if list := failed(); len(list) != 0 {
		t.Errorf("tried again, it is still given up: %v", list)
	}
	deliver()
	admin.remove(door).is(204)
	if list := failed(); len(list) != 0 {
		t.Errorf("forgotten, it is still there: %v", list)
	}
	admin.remove(door).problem(404, "post.unknown")
}
