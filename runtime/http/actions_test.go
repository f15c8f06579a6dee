package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"tidewater/engine/script/scripttest"
	"tidewater/runtime/files"
	"tidewater/runtime/tenant"
)

func TestARecordIsClaimedAndPutBack(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	made := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull", "phone": "13812345678"}}).is(nethttp.StatusCreated)
	if made.at("pool", "key") != "harbour" || !strings.Contains(made.raw, `"actions":["claim","assign"]`) || made.at("values", "phone") != "138****5678" {
		t.Errorf("%s", made.raw)
	}
	path := "/forms/boat/records/" + made.id() + "/actions/"
	viewer.post(path+"claim", map[string]any{}).problem(nethttp.StatusForbidden, "action.mayNot")
	keeper.post(path+"sink", map[string]any{}).problem(nethttp.StatusNotFound, "action.unknown")
	keeper.post(path+"claim", map[string]any{"args": map[string]any{"force": true}}).
		problem(nethttp.StatusUnprocessableEntity, "action.args", "/args/force json.unknownKey")
	keeper.post(path+"claim", map[string]any{"version": 7}).problem(nethttp.StatusConflict, "record.stale")
	once := keeper.with("Idempotency-Key", "k1")
	got := once.post(path+"claim", map[string]any{}).is(nethttp.StatusOK)
	if got.at("values", "skipper", "id") == nil || got.at("pool", "reclaimAt") == nil || got.at("values", "phone") != "13812345678" {
		t.Errorf("%s", got.raw)
	}
	if again := once.post(path+"claim", map[string]any{}).is(nethttp.StatusOK); again.at("version") != 2.0 {
		t.Errorf("sent again: %s", again.raw)
	}
	keeper.post(path+"claim", map[string]any{}).problem(nethttp.StatusConflict, "pool.claimed")
	viewer.post(path+"claim", map[string]any{}).problem(nethttp.StatusNotFound, "record.notFound")
	keeper.post(path+"return", map[string]any{"args": map[string]any{"reason": "too small"}}).is(nethttp.StatusOK)
	history := keeper.get("/forms/boat/records/" + made.id() + "/history").is(nethttp.StatusOK)
	if !strings.Contains(history.raw, `"action":"return"`) || !strings.Contains(history.raw, "too small") {
		t.Errorf("%s", history.raw)
	}
	many := keeper.post("/forms/boat/actions/claim", map[string]any{"ids": []any{made.id(), "nothing"}}).is(nethttp.StatusOK)
	if !strings.Contains(many.raw, `"pool.coolingDown"`) || !strings.Contains(many.raw, `"record.notFound"`) {
		t.Errorf("%s", many.raw)
	}
}

// Whoever assigns to somebody who could not have claimed it yet is told so in their language.
func TestAnAssignmentWithinACoolDownWarns(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	made := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull"}}).is(nethttp.StatusCreated).id()
	path := "/forms/boat/records/" + made + "/actions/"
	keeper.post(path+"claim", map[string]any{}).is(nethttp.StatusOK)
	keeper.post(path+"return", map[string]any{"args": map[string]any{"reason": "too small"}}).is(nethttp.StatusOK)
	to := map[string]any{"args": map[string]any{"to": s.userID("one", "keeper")}}
	got := keeper.post(path+"assign", to).is(nethttp.StatusOK)
	if text, _ := got.at("warning", "message").(string); got.at("warning", "code") != "pool.assignedCooling" || !strings.Contains(text, "all the same") {
		t.Errorf("%s", got.raw)
	}
	keeper.post(path+"return", map[string]any{"args": map[string]any{"reason": "too small"}}).is(nethttp.StatusOK)
	to["ids"] = []any{made}
	many := keeper.post("/forms/boat/actions/assign", to).is(nethttp.StatusOK)
	if !strings.Contains(many.raw, `"warning":{"code":"pool.assignedCooling"`) {
		t.Errorf("%s", many.raw)
	}
}

// What waits in a pool is opened so many times a day, and the answer says when the next day begins.
func TestPoolsShowSoManyRecordsADay(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	paths := make([]string, 21)
	for n := range paths {
		made := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull"}}).is(nethttp.StatusCreated)
		paths[n] = "/forms/boat/records/" + made.id()
	}
	for _, path := range paths[:20] {
		keeper.get(path).is(nethttp.StatusOK)
		keeper.get(path + "/history").is(nethttp.StatusOK)
	}
	refused := keeper.get(paths[20]).problem(nethttp.StatusTooManyRequests, "pool.viewLimit")
	if after := refused.header.Get("Retry-After"); after != "25200" { // it is five in the afternoon in Shanghai
		t.Errorf("Retry-After %q", after)
	}
	keeper.get(paths[20]+"/history").problem(nethttp.StatusTooManyRequests, "pool.viewLimit")
	keeper.get(paths[0]).is(nethttp.StatusOK)
	if got := keeper.get("/forms/boat/pools").is(nethttp.StatusOK); !strings.Contains(got.raw, `"opened":{"used":20,"most":20}`) {
		t.Errorf("%s", got.raw)
	}
}

func TestPoolsTellWhatIsLeft(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	made := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull"}}).is(nethttp.StatusCreated)
	keeper.post("/forms/boat/records/"+made.id()+"/actions/claim", map[string]any{}).is(nethttp.StatusOK)
	got := keeper.get("/forms/boat/pools").is(nethttp.StatusOK)
	if !strings.Contains(got.raw, `"claims":{"used":1,"most":2}`) || !strings.Contains(got.raw, `"sweep":{"on":false`) {
		t.Errorf("%s", got.raw)
	}
	if seen := viewer.get("/forms/boat/pools").is(nethttp.StatusOK); strings.Contains(seen.raw, "sweep") || !strings.Contains(seen.raw, `"rights":["view"]`) {
		t.Errorf("%s", seen.raw)
	}
	if none := keeper.get("/forms/asset/pools").is(nethttp.StatusOK); none.raw != `{"pools":[]}` {
		t.Errorf("%s", none.raw)
	}
	keeper.get("/forms/nothing/pools").problem(nethttp.StatusNotFound, "form.unknown")
	sweep := "/forms/boat/pools/harbour/sweep"
	viewer.post(sweep, map[string]any{"do": "on"}).problem(nethttp.StatusForbidden, "pool.mayNotManage")
	keeper.post(sweep, map[string]any{"do": "sink"}).problem(nethttp.StatusBadRequest, "pool.sweep")
	keeper.post("/forms/boat/pools/sea/sweep", map[string]any{"do": "on"}).problem(nethttp.StatusNotFound, "pool.unknown")
	keeper.post(sweep, map[string]any{"do": "on"}).is(nethttp.StatusNoContent)
	if on := keeper.get("/forms/boat/pools").is(nethttp.StatusOK); !strings.Contains(on.raw, `"sweep":{"on":true,"by":"`) {
		t.Errorf("%s", on.raw)
	}
	keeper.post(sweep, map[string]any{"do": "run"}).is(nethttp.StatusAccepted)
}

func TestAPoolIsDealtOutOnceAWeek(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	for _, name := range []string{"Gull", "Tern", "Skua"} {
		keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": name}}).is(nethttp.StatusCreated)
	}
	door := "/forms/boat/pools/harbour/distribute"
	viewer.post(door, map[string]any{"distribution": "even"}).problem(nethttp.StatusForbidden, "pool.mayNotManage")
	keeper.post(door, map[string]any{"distribution": "odd"}).problem(nethttp.StatusNotFound, "pool.distribution")
	preview := keeper.post(door, map[string]any{"distribution": "even", "preview": true}).is(nethttp.StatusOK)
	if preview.at("candidates") != 3.0 || preview.at("dealt") != 3.0 || preview.at("left") != 0.0 {
		t.Errorf("%s", preview.raw)
	}
	done := keeper.ended(keeper.post(door, map[string]any{"distribution": "even"}).is(nethttp.StatusAccepted).header.Get("Location"))
	if done.at("report", "counts", "dealt") != 3.0 {
		t.Errorf("%s", done.raw)
	}
	drawn := keeper.get("/forms/boat/pools/harbour/draws").is(nethttp.StatusOK)
	id, _ := drawn.at("draws").([]any)[0].(map[string]any)["job"].(string)
	if draw := keeper.get("/forms/boat/pools/harbour/draws/" + id).is(nethttp.StatusOK); draw.at("dealt") != 3.0 || strings.Count(draw.raw, `"told":true`) != 3 {
		t.Errorf("%s", draw.raw)
	}
	if ledger := keeper.get("/forms/boat/pools/harbour/ledger?distribution=even").is(nethttp.StatusOK); !strings.Contains(ledger.raw, `"got":3`) {
		t.Errorf("%s", ledger.raw)
	}
	keeper.get("/forms/boat/pools/harbour/draws/x").problem(nethttp.StatusNotFound, "pool.draw")
	keeper.post(door, map[string]any{}).problem(nethttp.StatusUnprocessableEntity, "pool.deal")
	me, _ := keeper.get("/me").is(nethttp.StatusOK).at("user", "id").(string)
	hand := map[string]any{"mode": "randomEven", "people": []any{map[string]any{"user": me}}, "preview": true}
	if preview := keeper.post(door, hand).is(nethttp.StatusOK); preview.at("dealt") != 0.0 || !strings.Contains(preview.raw, `"name":"`) {
		t.Errorf("%s", preview.raw)
	}
	again := keeper.ended(keeper.post(door, map[string]any{"distribution": "even"}).is(nethttp.StatusAccepted).header.Get("Location"))
	if !strings.Contains(again.raw, "pool.periodDone") {
		t.Errorf("%s", again.raw)
	}
}

// A button on a form is about no record: what its script makes is told, and made once however often it is pressed.
func TestAButtonOnAFormIsPressedOnce(t *testing.T) {
	s := newSiteOf(t, tenant.Config{Scripts: scripttest.Pool(t, time.Now)}, files.Limits{})
	s.furnishWith("notes", "testdata/button")
	keeper, viewer := s.as("notes", "keeper"), s.as("notes", "viewer")
	once := keeper.with("Idempotency-Key", "k1")
	done := once.post("/forms/note/act/jot", map[string]any{}).is(200)
	if made, _ := done.at("records").([]any); len(made) != 2 {
		t.Errorf("%s", done.raw)
	}
	if again := once.post("/forms/note/act/jot", map[string]any{}).is(200); again.raw != done.raw {
		t.Errorf("pressed again: %s", again.raw)
	}
	viewer.post("/forms/note/act/jot", map[string]any{}).problem(403, "action.mayNotNow")
	keeper.post("/forms/note/act/nothing", map[string]any{}).problem(404, "action.unknown")
	s.as("one", "keeper").post("/forms/note/act/jot", map[string]any{}).problem(404, "form.unknown")
	if list, _ := keeper.get("/forms/note/records").is(200).at("records").([]any); len(list) != 2 {
		t.Errorf("%d notes", len(list))
	}
}
