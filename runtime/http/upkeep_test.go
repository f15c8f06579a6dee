package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

// days orders other days for the row of ferries.
func days(n int, more map[string]any) map[string]any {
	out := map[string]any{"values": []any{map[string]any{"path": "/rows/0/then/days", "value": n}}}
	for key, v := range more {
		out[key] = v
	}
	return out
}

func TestValuesAreKeptUpWithoutAPublication(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Ferry"}}).is(nethttp.StatusCreated)
	if got := keeper.get("/maintained").is(nethttp.StatusOK); strings.Contains(got.raw, "harbour") || !strings.Contains(got.raw, "berths") {
		t.Errorf("the keeper keeps %s", got.raw)
	}
	viewer.get("/maintained/table/berths").problem(nethttp.StatusNotFound, "upkeep.unknown")
	viewer.get("/maintained/nothing/berths").problem(nethttp.StatusNotFound, "upkeep.unknown")
	seen := keeper.get("/maintained/table/berths").is(nethttp.StatusOK)
	with := keeper.with("If-Match", seen.header.Get("ETag"))
	if !strings.Contains(seen.raw, `{"path":"/rows/1/then/days","value":30}`) || !strings.Contains(seen.raw, "All others") {
		t.Errorf("read: %s", seen.raw)
	}

	checked := with.post("/maintained/table/berths/check", days(6, nil)).is(nethttp.StatusOK)
	if checked.at("ok") != true || !strings.Contains(checked.raw, `"form":"boat","found":{"form":"boat"`) {
		t.Errorf("checked: %s", checked.raw)
	}
	queued := with.with("Idempotency-Key", "once").post("/maintained/table/berths/check", days(6, nil)).is(nethttp.StatusOK)
	impact, _ := queued.at("impact").([]any)
	job, _ := impact[0].(map[string]any)["job"].(string)
	keeper.ended("/jobs/" + job)
	if got := keeper.get("/jobs/" + job + "/rehearsal").is(nethttp.StatusOK); got.at("ended") != true || got.at("examined") != float64(1) {
		t.Errorf("found by a job: %s", got.raw)
	}
	viewer.get("/jobs/" + job + "/rehearsal").is(nethttp.StatusForbidden)

	failing := with.post("/maintained/table/berths/check", days(8, nil)).is(nethttp.StatusOK)
	if failing.at("ok") != false || !strings.Contains(failing.raw, "a ferry leaves within a week") {
		t.Errorf("a test that fails: %s", failing.raw)
	}
	with.post("/maintained/table/berths/values", days(8, nil)).problem(nethttp.StatusUnprocessableEntity, "meta.invalid")
	keeper.post("/maintained/table/berths/values", days(6, nil)).is(nethttp.StatusPreconditionRequired)

	made := with.post("/maintained/table/berths/values", days(6, map[string]any{"note": "busy summer"})).is(nethttp.StatusCreated)
	if made.at("state") != "active" || made.at("note") != "busy summer" || made.at("version") != float64(2) {
		t.Errorf("made: %s", made.raw)
	}
	with.post("/maintained/table/berths/values", days(7, nil)).problem(nethttp.StatusConflict, "upkeep.stale")
}

func TestValuesThatCountLaterAreTakenBack(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	with := func() *caller {
		return keeper.with("If-Match", keeper.get("/maintained/table/berths").is(nethttp.StatusOK).header.Get("ETag"))
	}
	for _, day := range []string{"soon", "2026-02-30", "2020-01-01", "2126-01-01"} {
		with().post("/maintained/table/berths/values", days(6, map[string]any{"effectiveFrom": day})).is(nethttp.StatusUnprocessableEntity)
	}
	tomorrow := s.clock.Now().Add(48 * time.Hour).Format(time.DateOnly)
	made := with().post("/maintained/table/berths/values", days(6, map[string]any{"effectiveFrom": tomorrow})).is(nethttp.StatusCreated)
	if made.at("state") != "waiting" || made.at("effectiveFrom") != tomorrow {
		t.Errorf("made: %s", made.raw)
	}
	if got := keeper.get("/maintained/table/berths").is(nethttp.StatusOK); !strings.Contains(got.raw, `"waiting":[{"id":"`+made.id()) {
		t.Errorf("to come: %s", got.raw)
	}
	place := "/maintained/table/berths/values/" + made.id()
	s.as("one", "viewer").remove(place).problem(nethttp.StatusNotFound, "upkeep.noChange")
	if got := keeper.remove(place).is(nethttp.StatusOK); got.at("state") != "cancelled" {
		t.Errorf("taken back: %s", got.raw)
	}
	keeper.remove(place).problem(nethttp.StatusNotFound, "upkeep.noChange")
	if got := keeper.get("/maintained/table/berths").is(nethttp.StatusOK); !strings.Contains(got.raw, `"past":[{"id":"`+made.id()) {
		t.Errorf("past: %s", got.raw)
	}
}

func TestValuesAreChangedOnce(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	tag := keeper.get("/maintained/table/berths").is(nethttp.StatusOK).header.Get("ETag")
	once := keeper.with("If-Match", tag).with("Idempotency-Key", "k-1")
	door := "/maintained/table/berths/values"
	first := once.post(door, days(6, nil)).is(nethttp.StatusCreated)
	if again := once.post(door, days(6, nil)).is(nethttp.StatusCreated); again.raw != first.raw {
		t.Errorf("answered %s, then %s", first.raw, again.raw)
	}
	once.post(door, days(5, nil)).problem(nethttp.StatusUnprocessableEntity, "idempotency.otherBody")
	once.with("Idempotency-Key", "k-2").post(door, days(6, nil)).problem(nethttp.StatusConflict, "upkeep.stale")

	tag = keeper.get("/maintained/table/berths").is(nethttp.StatusOK).header.Get("ETag")
	tomorrow := s.clock.Now().Add(48 * time.Hour).Format(time.DateOnly)
	waits := keeper.with("If-Match", tag).with("Idempotency-Key", "k-3")
	order := days(4, map[string]any{"effectiveFrom": tomorrow})
	made := waits.post(door, order).is(nethttp.StatusCreated)
	if again := waits.post(door, order).is(nethttp.StatusCreated); again.raw != made.raw {
		t.Errorf("answered %s, then %s", made.raw, again.raw)
	}
	ends := keeper.with("Idempotency-Key", "k-4")
	ended := ends.remove(door + "/" + made.id()).is(nethttp.StatusOK)
	if again := ends.remove(door + "/" + made.id()).is(nethttp.StatusOK); again.raw != ended.raw || again.at("state") != "cancelled" {
		t.Errorf("answered %s, then %s", ended.raw, again.raw)
	}
}
