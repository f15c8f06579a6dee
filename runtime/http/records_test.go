package http_test

import (
	"fmt"
	"testing"
	"time"
)

func TestLifeOfARecord(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	made := keeper.create(map[string]any{
		"name": "Drill", "price": "1234.5", "bought": "2026-02-28", "kind": "tool",
		"lines": []any{map[string]any{"title": "bit", "quantity": 3}},
	}).is(201)
	path := "/forms/asset/records/" + made.id()
	if got := made.header.Get("Location"); got != "/api/v1"+path {
		t.Errorf("Location %q", got)
	}
	if got := made.header.Get("ETag"); got != `"1"` {
		t.Errorf("ETag %q", got)
	}
	if got := made.at("values", "price"); got != "1234.50" {
		t.Errorf("price %v, want exact text", got)
	}
	keeper.get(path).is(200)

	changed := keeper.with("If-Match", "1").patch(path, map[string]any{"values": map[string]any{"name": "Big drill", "bought": nil}}).is(200)
	if changed.at("version") != float64(2) || changed.at("values", "name") != "Big drill" || changed.at("values", "bought") != nil {
		t.Errorf("after the change: %s", changed.raw)
	}
	if changed.at("values", "price") != "1234.50" {
		t.Error("a key that was not sent changed")
	}

	stale := keeper.with("If-Match", "1").patch(path, map[string]any{"values": map[string]any{"name": "Mine"}}).problem(409, "record.stale")
	if stale.at("conflict", "yours", "name") != "Mine" || stale.at("conflict", "theirs", "values", "name") != "Big drill" {
		t.Errorf("both versions are not shown: %s", stale.raw)
	}
	keeper.patch(path, map[string]any{"values": map[string]any{"name": "x"}}).problem(428, "record.versionRequired")
	keeper.with("If-Match", "two").patch(path, map[string]any{"values": map[string]any{"name": "x"}}).problem(400, "record.versionMalformed")
	keeper.remove(path).problem(428, "record.versionRequired")
	keeper.with("If-Match", "1").remove(path).problem(409, "record.stale")

	history := keeper.get(path + "/history").is(200)
	if entries, _ := history.at("entries").([]any); len(entries) != 2 {
		t.Errorf("history: %s", history.raw)
	}

	keeper.with("If-Match", `"2"`).remove(path).is(204)
	if list, _ := keeper.get("/forms/asset/records").is(200).at("records").([]any); len(list) != 0 {
		t.Error("a deleted record is listed")
	}
	keeper.post(path+"/restore", nil).is(200)
	keeper.get(path).is(200)
}

func TestListsAndQuestions(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	for n := range 7 {
		kind := "tool"
		if n%2 == 0 {
			kind = "book"
		}
		keeper.create(map[string]any{"name": fmt.Sprintf("thing %d", n), "kind": kind, "price": fmt.Sprintf("0.1%d", n)}).is(201)
	}
	seen := map[string]bool{}
	next, pages := "", 0
	for {
		page := keeper.get("/forms/asset/records?sort=name&limit=3&after=" + next).is(200)
		list, _ := page.at("records").([]any)
		for _, one := range list {
			r, _ := one.(map[string]any)
			id, _ := r["id"].(string)
			seen[id] = true
		}
		pages++
		next, _ = page.at("next").(string)
		if next == "" {
			break
		}
	}
	if len(seen) != 7 || pages != 3 {
		t.Errorf("%d records on %d pages", len(seen), pages)
	}

	books := keeper.post("/forms/asset/query", map[string]any{
		"filter": map[string]any{"field": "kind", "op": "eq", "value": "book"}, "count": "exact", "limit": 2,
	}).is(200)
	if books.at("count", "value") != float64(4) || books.at("count", "exact") != true {
		t.Errorf("count: %s", books.raw)
	}
	if tools, _ := keeper.get("/forms/asset/records?view=tools").is(200).at("records").([]any); len(tools) != 3 {
		t.Errorf("the view has %d records", len(tools))
	}
	if found, _ := keeper.get("/search?q=thing+3").is(200).at("records").([]any); len(found) != 1 {
		t.Errorf("search finds %d", len(found))
	}
	sums := keeper.post("/forms/asset/aggregate", map[string]any{
		"group": []any{map[string]any{"field": "kind"}}, "metrics": []any{map[string]any{"op": "sum", "field": "price"}},
	}).is(200)
	// 0.10 + 0.12 + 0.14 + 0.16 and 0.11 + 0.13 + 0.15, to the cent.
	want := map[string]string{"book": "0.52", "tool": "0.39"}
	rows, _ := sums.at("rows").([]any)
	for _, one := range rows {
		row, _ := one.(map[string]any)
		key, figure := row["keys"].([]any)[0].(string), row["metrics"].([]any)[0]
		if want[key] != figure {
			t.Errorf("%s: %v, want %s", key, figure, want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("no row for %v: %s", want, sums.raw)
	}
}

func TestRightsHoldForEveryWayOut(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	made := keeper.create(map[string]any{"name": "Phone", "phone": "13812345678", "price": "9"}).is(201)
	path := "/forms/asset/records/" + made.id()
	seen := viewer.get(path).is(200)
	if got := seen.at("values", "phone"); got == "13812345678" || got == nil {
		t.Errorf("phone %v, want it masked", got)
	}
	if got := seen.at("values", "price"); got != nil {
		t.Errorf("price %v, want it hidden", got)
	}
	viewer.create(map[string]any{"name": "x"}).is(403)
	viewer.with("If-Match", "1").patch(path, map[string]any{"values": map[string]any{"name": "x"}}).is(403)
	viewer.with("If-Match", "1").remove(path).is(403)
	viewer.get("/forms/asset/records?sort=phone").problem(403, "field.notReadable")
	if list, _ := viewer.get("/forms/asset/records?q=13812345678").is(200).at("records").([]any); len(list) != 0 {
		t.Error("a search finds by a masked value")
	}
	if fields := viewer.get("/catalog/asset").is(200).raw; fields == keeper.get("/catalog/asset").is(200).raw {
		t.Error("the catalog shows the hidden field")
	}
}

func TestBatch(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	op := func(values map[string]any) map[string]any { return map[string]any{"op": "create", "values": values} }
	each := keeper.post("/forms/asset/batch", map[string]any{"operations": []any{
		op(map[string]any{"name": "a"}), op(map[string]any{}), op(map[string]any{"name": "c"}),
	}}).is(200)
	results, _ := each.at("results").([]any)
	var statuses []any
	for _, one := range results {
		r, _ := one.(map[string]any)
		statuses = append(statuses, r["status"])
	}
	if fmt.Sprint(statuses) != "[201 422 201]" {
		t.Errorf("statuses %v: %s", statuses, each.raw)
	}
	keeper.post("/forms/asset/batch", map[string]any{"atomic": true, "operations": []any{
		op(map[string]any{"name": "d"}), op(map[string]any{}),
	}}).problem(422, "record.invalid", "/operations/1/values/name field.required")
	if list, _ := keeper.get("/forms/asset/records").is(200).at("records").([]any); len(list) != 2 {
		t.Errorf("%d records, want 2: nothing of an atomic batch that failed", len(list))
	}
}

func TestOnceIsOnce(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	once := keeper.with("Idempotency-Key", "k-1")
	first := once.create(map[string]any{"name": "a"}).is(201)
	again := once.create(map[string]any{"name": "a"}).is(201)
	if first.id() != again.id() {
		t.Error("the same request made two records")
	}
	once.create(map[string]any{"name": "b"}).problem(422, "idempotency.otherBody")
	keeper.with("Idempotency-Key", "with space").create(map[string]any{"name": "a"}).problem(400, "idempotency.malformed")
}

func TestRestoreAndPurgeAreOnce(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	made := keeper.create(map[string]any{"name": "a"}).is(201)
	path := "/forms/asset/records/" + made.id()
	keeper.with("If-Match", "1").remove(path).is(204)
	once := keeper.with("Idempotency-Key", "k-1")
	first := once.post(path+"/restore", nil).is(200)
	if again := once.post(path+"/restore", nil).is(200); again.at("version") != first.at("version") {
		t.Errorf("restored twice: %s", again.raw)
	}
	keeper.post(path+"/restore", nil).problem(409, "record.notDeleted")

	keeper.with("If-Match", "3").remove(path).is(204)
	once.post(path+"/purge", nil).is(204)
	once.post(path+"/purge", nil).is(204)
	keeper.post(path+"/purge", nil).problem(404, "record.notFound")
	once.post(path+"/purge", "{}").problem(422, "idempotency.otherBody")
	once.post(path+"/restore", nil).problem(404, "record.notFound")
}

func TestLookupsAreLimited(t *testing.T) {
	s := newSite(t)
	viewer := s.as("one", "viewer")
	serial := func(n int) map[string]any {
		return map[string]any{"filter": map[string]any{"field": "serial", "op": "eq", "value": fmt.Sprintf("SN%08d", n)}}
	}
	for n := range 60 {
		viewer.post("/forms/asset/query", serial(n)).is(200)
	}
	refused := viewer.post("/forms/asset/query", serial(60)).problem(429, "lookup.throttled")
	if after := refused.header.Get("Retry-After"); after != "600" {
		t.Errorf("Retry-After %q", after)
	}
	viewer.post("/forms/asset/aggregate", serial(60)).problem(429, "lookup.throttled")
	viewer.get("/forms/asset/records?q=SN99999999").problem(429, "lookup.throttled")
	viewer.get("/search?q=SN99999999").problem(429, "lookup.throttled")
	viewer.post("/forms/asset/query", serial(59)).is(200)
	s.clock.add(10 * time.Minute)
	viewer.post("/forms/asset/query", serial(60)).is(200)
}

func TestEvaluateWritesNothing(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	got := keeper.post("/forms/asset/evaluate", map[string]any{"values": map[string]any{"price": "5"}}).is(200)
	if issues, _ := got.at("issues").([]any); len(issues) != 1 {
		t.Errorf("issues: %s", got.raw)
	}
	if list, _ := keeper.get("/forms/asset/records").is(200).at("records").([]any); len(list) != 0 {
		t.Error("something was written")
	}
}

func TestDuplicatesAreToldBeforeAndAfterASave(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	first := keeper.post("/forms/asset/records", map[string]any{"values": map[string]any{"name": "Lathe 40"}}).is(201)
	ask := map[string]any{"values": map[string]any{"name": "Lathe 41"}}
	told := func(answer *response) {
		t.Helper()
		list, _ := answer.at("duplicates").([]any)
		if len(list) != 1 || list[0].(map[string]any)["id"] != first.at("id") {
			t.Errorf("%s does not tell of %v", answer.raw, first.at("id"))
		}
	}
	told(keeper.post("/forms/asset/duplicates", ask).is(200))
	told(keeper.post("/forms/asset/records", ask).is(201))
	keeper.post("/forms/asset/duplicates", map[string]any{"values": map[string]any{}, "explain": "name"}).problem(400, "json.unknownKey")
	s.as("one", "viewer").post("/forms/asset/duplicates", ask).problem(403, "record.mayNotCreate")
	keeper.post("/forms/nothing/duplicates", ask).problem(404, "form.unknown")
}

func TestOpenAPIDescribesWhatTheCallerMayDo(t *testing.T) {
	s := newSite(t)
	got := s.as("one", "keeper").get("/openapi.json").is(200)
	if got.at("openapi") != "3.1.0" || got.at("paths", "/forms/asset/records", "post") == nil {
		t.Errorf("not described: %s", got.raw)
	}
	viewer := s.as("one", "viewer").get("/openapi.json").is(200)
	if viewer.at("paths", "/forms/asset/records", "post") != nil {
		t.Error("a viewer is told that they may create")
	}
	if viewer.at("components", "schemas", "values.asset", "properties", "price") != nil {
		t.Error("a hidden field is described")
	}
}

func TestDashboardsThatAreNotThere(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	if got := keeper.get("/dashboards/nothing").is(404); got.at("code") != "dashboard.unknown" {
		t.Errorf("answered %s", got.raw)
	}
	keeper.get("/dashboards/nothing?period=all").is(400)
	if seen := s.as("one", "viewer").get("/catalog").is(200); seen.at("home") != nil || len(seen.at("dashboards").([]any)) != 0 {
		t.Errorf("whoever has no dashboards sees some: %s", seen.raw)
	}
}
