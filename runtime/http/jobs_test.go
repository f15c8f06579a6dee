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

func TestImportOfAFileIsLookedAtRehearsedDoneAndUndone(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	upload := func(name, content string) string {
		return keeper.with("Content-Type", "text/csv").post("/files?name="+name, content).is(nethttp.StatusCreated).id()
	}
	file := upload("tools.csv", "Name;Price;Kind;Bought\nSaw;¥1,012.5;tool;2026年1月2日\nDrill;much;tool;2026/1/3\nLamp;3;tool;\n")
	seen := keeper.post("/forms/asset/import/look", map[string]any{"file": file}).is(nethttp.StatusOK)
	if seen.at("delimiter") != ";" || seen.at("encoding") != "utf-8" || seen.at("header") != 1.0 || !strings.Contains(seen.raw, `"unknown":["much"]`) {
		t.Errorf("%s", seen.raw)
	}
	request, ok := seen.at("request").(map[string]any)
	if !ok {
		t.Fatalf("%s", seen.raw)
	}
	request["dryRun"] = true
	began := keeper.post("/forms/asset/import", request).is(nethttp.StatusAccepted)
	dry := keeper.ended(began.header.Get("Location"))
	rows := keeper.get("/jobs/" + began.id() + "/rows").is(nethttp.StatusOK)
	if dry.at("report", "counts", "made") != 2.0 || !strings.Contains(rows.raw, `"to":"1012.50"`) || !strings.Contains(rows.raw, `"op":"refused"`) {
		t.Errorf("%s %s", dry.raw, rows.raw)
	}
	if found := keeper.get("/forms/asset/records?count=exact").is(nethttp.StatusOK); found.at("count", "value") != 0.0 {
		t.Errorf("after a dry run: %s", found.raw)
	}
	request["dryRun"] = false
	began = keeper.post("/forms/asset/import", request).is(nethttp.StatusAccepted)
	done := keeper.ended(began.header.Get("Location"))
	if done.at("state") != "done" || done.at("report", "counts", "made") != 2.0 || !strings.Contains(done.raw, `"at":"3"`) || !strings.Contains(done.raw, `much`) {
		t.Errorf("%s", done.raw)
	}
	if found := keeper.get("/forms/asset/records?count=exact").is(nethttp.StatusOK); found.at("count", "value") != 2.0 || !strings.Contains(found.raw, "1012.50") {
		t.Errorf("%s", found.raw)
	}
	result, _ := done.at("result").(string)
	if book := keeper.get("/files/" + result).is(nethttp.StatusOK); !strings.HasPrefix(book.raw, "PK") {
		t.Errorf("no workbook: %.40q", book.raw)
	}
	viewer := s.as("one", "viewer")
	viewer.get("/files/"+result).problem(nethttp.StatusNotFound, "file.notFound")
	viewer.get("/jobs/"+began.id()+"/rows").problem(nethttp.StatusNotFound, "job.notFound")
	viewer.post("/jobs/"+began.id()+"/undo", nil).problem(nethttp.StatusNotFound, "job.notFound")
	if done.at("undoable") != true {
		t.Errorf("nothing to undo: %s", done.raw)
	}
	undone := keeper.ended(keeper.post("/jobs/"+began.id()+"/undo", nil).is(nethttp.StatusAccepted).header.Get("Location"))
	if undone.at("report", "counts", "undone") != 2.0 {
		t.Errorf("%s", undone.raw)
	}
	if undone.at("undoable") != false || keeper.get("/jobs/"+began.id()).is(nethttp.StatusOK).at("undoable") != false {
		t.Errorf("taken back once more: %s", undone.raw)
	}
	if found := keeper.get("/forms/asset/records?count=exact").is(nethttp.StatusOK); found.at("count", "value") != 0.0 {
		t.Errorf("after undoing: %s", found.raw)
	}
}

func TestImportsThatCannotBeAreRefused(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	file := keeper.with("Content-Type", "text/csv").post("/files?name=tools.csv", "name,paid\nSaw,1\n").is(nethttp.StatusCreated).id()
	ask := func(who *caller, form string, columns ...any) *response {
		return who.post("/forms/"+form+"/import", map[string]any{"file": file, "plan": map[string]any{"columns": columns}})
	}
	ask(keeper, "asset", map[string]any{"column": "size", "field": "price"}, map[string]any{"column": "paid", "field": "weight"}).
		problem(nethttp.StatusUnprocessableEntity, "import.plan", "/columns/0/column import.columnMissing", "/columns/1/field field.unknown")
	ask(s.as("one", "viewer"), "asset", map[string]any{"column": "name", "field": "name"}).problem(nethttp.StatusForbidden, "record.mayNotCreate")
	ask(keeper, "nothing", map[string]any{"column": "name", "field": "name"}).problem(nethttp.StatusNotFound, "form.unknown")
	file = "nothing"
	ask(keeper, "asset", map[string]any{"column": "name", "field": "name"}).problem(nethttp.StatusNotFound, "file.notFound")
	file = keeper.with("Content-Type", "text/csv").post("/files?name=broken.csv", "name\n\"Saw\n").is(nethttp.StatusCreated).id()
	ask(keeper, "asset", map[string]any{"column": "name", "field": "name"}).problem(nethttp.StatusBadRequest, "import.quote")
}
