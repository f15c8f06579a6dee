package http_test

import (
	"errors"
	"strings"
	"testing"

	"tidewater/engine/script"
	"tidewater/runtime/tenant"
)

// tried are the documents of a script of assets.
func tried(settings, source string) []object {
	return []object{
		{"path": "forms/asset/scripts/check.json", "content": `{"key": "check", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, ` + settings + `}`},
		{"path": "forms/asset/scripts/check.lua", "content": source},
	}
}

const hook = `"kind": "hook", "hook": {"on": ["beforeCreate", "beforeUpdate"]}`

// A consultant writes, tries, debugs and publishes a script through the API alone.
func TestAScriptIsTriedBeforeItIsPublished(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	broken := admin.post("/admin/scripts/run", object{"form": "asset", "script": "check", "values": object{"name": "Saw"}, "documents": tried(hook, "local x\nreturn x.y")}).is(200)
	fault, _ := broken.at("fault").(map[string]any)
	if fault["code"] != "script.failed" || fault["line"] != float64(2) || !strings.Contains(fault["source"].(string), "> 2 return x.y") {
		t.Errorf("a broken one: %s", broken.raw)
	}
	good := tried(hook, `
if #record.name < 3 then fail("short", {en = "Too short", ["zh-CN"] = "太短"}, "name") end
record.name = record.name .. "!"
log("named", record.name)`)
	run := admin.post("/admin/scripts/run", object{"form": "asset", "script": "check", "values": object{"name": "Saw"}, "documents": good}).is(200)
	changed, _ := run.at("changed").(map[string]any)
	if changed["name"] != "Saw!" || run.at("differs") != true || len(run.list("log")) != 1 || len(run.list("trace")) == 0 {
		t.Errorf("a good one: %s", run.raw)
	}
	again := admin.post("/admin/scripts/runs/"+run.text("id")+"/replay", nil).is(200)
	if again.at("same") != true {
		t.Errorf("replayed: %s", again.raw)
	}
	if kept := admin.get("/admin/scripts/runs/" + run.text("id")).is(200); kept.text("script") != "asset/check" {
		t.Errorf("kept: %s", kept.raw)
	}
	if all := admin.get("/admin/scripts/runs").is(200).list("runs"); len(all) != 2 {
		t.Errorf("all: %v", all)
	}
	if list := keeper.get("/forms/asset/records").is(200).list("records"); len(list) != 0 {
		t.Errorf("something was written: %v", list)
	}
	for _, one := range good {
		path, _ := one["path"].(string)
		admin.with("If-None-Match", "*").put("/admin/drafts/"+path, object{"content": one["content"]}).is(200)
	}
	admin.ended(admin.post("/admin/publish", object{}).is(202))
	made := keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)
	if values, _ := made.at("values").(map[string]any); values["name"] != "Saw!" {
		t.Errorf("saved: %s", made.raw)
	}
	refused := keeper.post("/forms/asset/records", object{"values": object{"name": "S"}}).is(422)
	if errors := refused.list("errors"); len(errors) != 1 || errors[0]["path"] != "/values/name" || errors[0]["message"] != "Too short" && errors[0]["message"] != "太短" {
		t.Errorf("refused: %s", refused.raw)
	}
}

// What a script after saves has failed at is shown, run again and forgotten.
func TestAFailedScriptIsShownAndRunAgain(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	run := func() {
		t.Helper()
		s.in("one", func(in *tenant.Tenant) {
			must(t, errors.Join(in.Engine.RunLate(t.Context()), in.Engine.RunHooks(t.Context())))
		})
	}
	for _, one := range tried(`"kind": "hook", "hook": {"on": ["afterCreate"]}`, "local x = nil\nreturn x.y") {
		path, _ := one["path"].(string)
		admin.new().put("/admin/drafts/"+path, object{"content": one["content"]}).is(200)
	}
	admin.ended(admin.post("/admin/publish", object{}).is(202))
	made := keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)
	run()
	failed := admin.get("/admin/scripts/failures").is(200)
	list := failed.list("failures")
	if len(list) != 1 || list[0]["record"] != made.at("id") || list[0]["script"] != "asset/check" || list[0]["fault"].(map[string]any)["line"] != float64(2) {
		t.Fatalf("failed: %s", failed.raw)
	}
	at := "/admin/scripts/failures/" + list[0]["id"].(string)
	keeper.get("/admin/scripts/failures").is(403)
	keeper.post(at+"/retry", nil).is(403)
	admin.post("/admin/scripts/failures/nothing/retry", nil).problem(404, "script.failureUnknown")
	admin.post(at+"/retry", nil).is(204)
	run()
	if again := admin.get("/admin/scripts/failures").is(200).list("failures"); len(again) != 1 {
		t.Errorf("it has not failed again: %v", again)
	}
	admin.remove(at).is(204)
	admin.remove(at).is(404)
}

// What a script would say to people is shown, and said to nobody.
func TestATrialShowsWhatWouldBeSaid(t *testing.T) {
	admin := newSite(t).as("one", "admin")
	run := admin.post("/admin/scripts/run", object{
		"form": "asset", "script": "check", "values": object{"name": "Saw"}, "documents": tried(hook, `notify("somebody", "Look")`),
	}).is(200)
	if effects := run.list("effects"); len(effects) != 1 || effects[0]["op"] != "notify" || effects[0]["message"] != "Look" {
		t.Errorf("%s", run.raw)
	}
}

// What scripts may call is told in the reader's language, with examples, and nothing that is not there yet.
func TestTheFunctionsOfScriptsAreTold(t *testing.T) {
	s := newSite(t)
	for locale, help := range map[string]string{"en": "Adds a line to the run's log.", "zh-CN": "在运行日志中加一行。"} {
		told := map[string]object{}
		for _, f := range s.as("one", "admin").with("Accept-Language", locale).get("/admin/scripts").is(200).list("functions") {
			name, _ := f["name"].(string)
			told[name] = f
		}
		if told["log"]["help"] != help || told["log"]["usage"] != "log(…)" || told["log"]["example"] == "" || told["log"]["shows"] == "" {
			t.Errorf("%s: %v", locale, told["log"])
		}
		if _, there := told["get_many"]; !there || len(told) != len(script.API()) {
			t.Errorf("%s: only %d functions", locale, len(told))
		}
	}
}

// A script that has to be killed again and again is suspended; administrators see it and let it run again.
func TestASuspendedScriptIsShown(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	endless := object{"form": "asset", "script": "check", "documents": tried(hook+`, "limits": {"milliseconds": 5}`, "while true do end")}
	for range 3 {
		admin.post("/admin/scripts/run", endless).is(200)
	}
	admin.post("/admin/scripts/run", endless).is(503)
	state := admin.get("/admin/scripts").is(200)
	scripts := state.list("scripts")
	if len(scripts) != 1 || scripts[0]["killed"] != float64(3) || scripts[0]["suspendedUntil"] == nil || state.at("walled") != true || len(state.list("functions")) < 10 {
		t.Errorf("shown: %s", state.raw)
	}
	admin.post("/admin/scripts/resume", object{"script": "asset/check"}).is(204)
	admin.post("/admin/scripts/resume", object{"script": "asset/check"}).is(404)
	admin.post("/admin/scripts/run", endless).is(200)
}

func TestScriptsThatAreRefused(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	keeper.get("/admin/scripts").is(403)
	keeper.post("/admin/scripts/run", object{"form": "asset", "script": "x"}).is(403)
	admin.post("/admin/scripts/run", object{"form": "asset", "script": "x"}).is(404)
	admin.get("/admin/scripts/runs/nothing").is(404)
	admin.post("/admin/scripts/runs/nothing/replay", nil).is(404)
}

// A button that is about no record is offered by the catalog, tried by whoever writes it, and pressed once however
// often the request is sent.
func TestAnActionOnAFormOverHTTP(t *testing.T) {
	s := newSite(t)
	consultant, sales := firm(t, s)
	if told := sales.get("/catalog").is(200); !strings.Contains(string(told.raw), `"key":"paste"`) || !strings.Contains(string(told.raw), `"onForm":true`) {
		t.Errorf("not offered: %s", told.raw)
	}
	card := object{"args": object{"text": "Wang Fang, Acme-Ltd, 13800000000", "source": "exhibition"}}
	tried := consultant.post("/admin/scripts/run", object{"form": "lead", "script": "paste", "args": card["args"]}).is(200)
	if effects := tried.list("effects"); len(effects) != 1 || effects[0]["op"] != "create" || effects[0]["code"] != nil {
		t.Errorf("tried: %s", tried.raw)
	}
	consultant.post("/admin/scripts/run", object{"form": "lead", "script": "paste", "id": "x"}).problem(422, "script.event")
	consultant.post("/admin/scripts/run", object{"form": "lead", "script": "paste", "values": object{"name": "x"}}).problem(422, "script.event")

	once := sales.with("Idempotency-Key", "k1")
	done := once.post("/forms/lead/act/paste", card).is(200)
	made := done.list("records")
	if len(made) != 1 || made[0]["form"] != "lead" || made[0]["created"] != true {
		t.Fatalf("%s", done.raw)
	}
	if again := once.post("/forms/lead/act/paste", card).is(200); string(again.raw) != string(done.raw) {
		t.Errorf("sent again: %s", again.raw)
	}
	lead := sales.get("/forms/lead/records/" + made[0]["id"].(string)).is(200)
	values, _ := lead.at("values").(map[string]any)
	if values["name"] != "Wang Fang" || values["company"] != "Acme-Ltd" || values["score"] == nil {
		t.Errorf("%s", lead.raw)
	}
	refused := sales.post("/forms/lead/act/paste", object{"args": object{"text": "Wang Fang", "source": "other"}})
	refused.problem(422, "action.refused", "/args/text script.refused")
	sales.post("/forms/lead/act/paste", object{"args": object{"source": "other"}}).problem(422, "action.args", "/args/text field.required")
	sales.post("/forms/lead/act/nothing", object{}).problem(404, "action.unknown")
	sales.post("/forms/lead/actions/paste", object{"ids": []any{made[0]["id"]}}).problem(404, "action.unknown")
	sales.post("/forms/nothing/act/paste", object{}).problem(404, "form.unknown")
}
