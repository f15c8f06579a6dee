package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
)

// TestWhatIsExportedComesBackUnchanged exports a record with a value of every kind, whole, and imports the file
// as a look at it suggests: nothing changes. A change in one place then changes that alone.
func TestWhatIsExportedComesBackUnchanged(t *testing.T) {
	s := newSite(t)
	s.furnishWith("kinds", "testdata/kinds")
	keeper := s.as("kinds", "keeper")
	values := everything(s, keeper)
	values["tags"] = []string{"new", "a;b", "=cmd|' /C calc'!A0"}
	values["story"] = "=1+1\ntwo, \"three\"; four"
	made := keeper.post("/forms/thing/records", map[string]any{"values": values}).is(nethttp.StatusCreated)
	for _, format := range []string{"xlsx", "csv"} {
		began := keeper.post("/forms/thing/export", map[string]any{"whole": true, "format": format}).is(nethttp.StatusAccepted)
		done := keeper.ended(began.header.Get("Location"))
		file, _ := done.at("result").(string)
		if done.at("state") != "done" || file == "" || done.at("report", "counts", "exported") != 2.0 {
			t.Fatalf("%s: %s", format, done.raw)
		}
		s.as("kinds", "viewer").get("/files/"+file).problem(nethttp.StatusNotFound, "file.notFound")
		sent := keeper.get("/files/" + file).is(nethttp.StatusOK)
		if format == "csv" && (!strings.HasPrefix(sent.raw, "\ufeff") || !strings.Contains(sent.raw, "'=1+1")) {
			t.Errorf("%.300q", sent.raw)
		}
		seen := keeper.post("/forms/thing/import/look", map[string]any{"file": file}).is(nethttp.StatusOK)
		if strings.Contains(seen.raw, `"unknown"`) {
			t.Errorf("%s: not understood: %s", format, seen.raw)
		}
		request, _ := seen.at("request").(map[string]any)
		plan, _ := request["plan"].(map[string]any)
		columns, _ := plan["columns"].([]any)
		if plan["mode"] != "update" || len(columns) < 30 || format == "xlsx" && plan["tables"] == nil {
			t.Errorf("%s: the plan is %v", format, plan)
		}
		began = keeper.post("/forms/thing/import", request).is(nethttp.StatusAccepted)
		done = keeper.ended(began.header.Get("Location"))
		if done.at("state") != "done" || done.at("report", "counts", "unchanged") != 2.0 {
			rows := keeper.get("/jobs/" + began.id() + "/rows").is(nethttp.StatusOK)
			t.Errorf("%s: %s\n%s\n%s", format, done.raw, rows.raw, keeper.get("/forms/thing/records/"+made.id()+"/history").raw)
		}
	}
}

func TestExportGivesWhatTheAskerMayExportAndSees(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper").with("Accept-Language", "zh-CN")
	for _, name := range []string{"Saw", "Drill", "=cmd"} {
		keeper.create(map[string]any{"name": name, "kind": "tool"}).is(nethttp.StatusCreated)
	}
	keeper.create(map[string]any{"name": "Tales", "kind": "book"}).is(nethttp.StatusCreated)
	ask := map[string]any{
		"format": "csv", "columns": []string{"kind", "name"}, "sort": "name", "filter": map[string]any{"field": "kind", "op": "eq", "value": "tool"},
	}
	done := keeper.ended(keeper.post("/forms/asset/export", ask).is(nethttp.StatusAccepted).header.Get("Location"))
	file, _ := done.at("result").(string)
	if got := keeper.get("/files/" + file).is(nethttp.StatusOK).raw; got != "\ufeff类别,名称\r\n工具,'=cmd\r\n工具,Drill\r\n工具,Saw\r\n" {
		t.Errorf("%q", got)
	}
	ask["columns"] = []string{"nothing"}
	keeper.post("/forms/asset/export", ask).problem(nethttp.StatusUnprocessableEntity, "record.invalid", "/columns/0 field.unknown")
	s.as("one", "viewer").post("/forms/asset/export", map[string]any{}).problem(nethttp.StatusForbidden, "record.mayNot")
}
