package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

// ended waits for a job that the server works off in the background.
func (c *caller) ended(location string) *response {
	t := c.site.t
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		got := c.get(strings.TrimPrefix(location, "/api/v1")).is(nethttp.StatusOK)
		if state := got.at("state"); state != "queued" && state != "running" {
			return got
		}
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("not ended: %s", got.raw)
		}
	}
}

func TestActionsOnManyRecords(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	var ids []any
	for _, name := range []string{"Saw", "Drill", "Lamp"} {
		ids = append(ids, keeper.create(map[string]any{"name": name, "kind": "tool"}).is(nethttp.StatusCreated).id())
	}
	got := keeper.post("/forms/asset/actions/update", map[string]any{
		"ids": append(ids[:2:2], "nothing"), "args": map[string]any{"values": map[string]any{"kind": "book"}, "reason": "moved"},
	}).is(nethttp.StatusOK)
	results, _ := got.at("results").([]any)
	if len(results) != 3 || !strings.Contains(got.raw, `"record.notFound"`) {
		t.Errorf("%s", got.raw)
	}
	keeper.post("/forms/asset/actions/explode", map[string]any{"ids": ids}).problem(nethttp.StatusNotFound, "action.unknown")
	keeper.post("/forms/asset/actions/delete", map[string]any{"ids": ids, "args": map[string]any{"force": true}}).
		problem(nethttp.StatusBadRequest, "json.unknownKey", "/args/force json.unknownKey")

	all := map[string]any{"filter": map[string]any{"field": "kind", "op": "eq", "value": "book"}}
	sent := keeper.with("Idempotency-Key", "k1")
	began := sent.post("/forms/asset/actions/delete", all).is(nethttp.StatusAccepted)
	location := began.header.Get("Location")
	if again := sent.post("/forms/asset/actions/delete", all).is(nethttp.StatusAccepted); again.header.Get("Location") != location {
		t.Errorf("sent again: %s, not %s", again.header.Get("Location"), location)
	}
	done := keeper.ended(location)
	if done.at("state") != "done" || done.at("progress", "done") != 2.0 || done.at("report", "counts", "changed") != 2.0 {
		t.Errorf("%s", done.raw)
	}
	if mine := keeper.get("/jobs").is(nethttp.StatusOK); !strings.Contains(mine.raw, began.id()) {
		t.Errorf("not among one's own: %s", mine.raw)
	}
	if others := viewer.get("/jobs").is(nethttp.StatusOK); strings.Contains(others.raw, began.id()) {
		t.Errorf("among another's: %s", others.raw)
	}
	viewer.get("/jobs/"+began.id()).problem(nethttp.StatusNotFound, "job.notFound")
	viewer.post("/jobs/"+began.id()+"/cancel", nil).problem(nethttp.StatusNotFound, "job.notFound")
	s.as("two", "keeper").get("/jobs/"+began.id()).problem(nethttp.StatusNotFound, "job.notFound")
	keeper.post("/jobs/"+began.id()+"/cancel", nil).is(nethttp.StatusOK)
	keeper.get("/jobs?after=../x/y").problem(nethttp.StatusBadRequest, "cursor.invalid")
}

func TestImportOfACSVFile(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	file := keeper.with("Content-Type", "text/csv").post("/files?name=tools.csv", "name,paid,from\nSaw,12.5,2026-01-02\nDrill,much,2026-01-03\nLamp,3,\n").
		is(nethttp.StatusCreated).id()
	plan := map[string]any{
		"file": file, "map": map[string]any{"name": "name", "paid": "price", "from": "bought"}, "set": map[string]any{"kind": "tool"},
	}
	began := keeper.post("/forms/asset/import", plan).is(nethttp.StatusAccepted)
	done := keeper.ended(began.header.Get("Location"))
	if done.at("state") != "done" || done.at("report", "counts", "made") != 2.0 || !strings.Contains(done.raw, `"at":"3"`) || !strings.Contains(done.raw, `much`) {
		t.Errorf("%s", done.raw)
	}
	if found := keeper.get("/forms/asset/records?count=exact").is(nethttp.StatusOK); found.at("count", "value") != 2.0 || !strings.Contains(found.raw, "12.50") {
		t.Errorf("%s", found.raw)
	}
	plan["map"] = map[string]any{"name": "name", "size": "price", "paid": "weight"}
	keeper.post("/forms/asset/import", plan).problem(nethttp.StatusUnprocessableEntity, "import.flags",
		"/map/size import.columnMissing", "/map/paid field.unknown")
	plan["file"] = "nothing"
	keeper.post("/forms/asset/import", plan).problem(nethttp.StatusNotFound, "file.notFound")
	s.as("one", "viewer").post("/forms/asset/import", map[string]any{"file": file, "map": map[string]any{"name": "name"}}).
		problem(nethttp.StatusNotFound, "file.notFound")
	broken := keeper.with("Content-Type", "text/csv").post("/files?name=broken.csv", "name\n\"Saw\n").is(nethttp.StatusCreated).id()
	keeper.post("/forms/asset/import", map[string]any{"file": broken, "map": map[string]any{"name": "name"}}).
		problem(nethttp.StatusBadRequest, "import.line")
}
