package http_test

import (
	"net/http"
	"testing"
)

// Two that are the same become one: shown first, done once however often it is sent, refused when somebody has been
// quicker, and taken back. Who may not delete learns of no record.
func TestTwoRecordsAreMergedAndTakenApart(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	keep := keeper.create(map[string]any{"name": "Lathe 40"}).is(http.StatusCreated).id()
	drop := keeper.create(map[string]any{"name": "Lathe 41", "kind": "tool"}).is(http.StatusCreated).id()
	part := keeper.create(map[string]any{"name": "Chuck", "part": drop}).is(http.StatusCreated).id()
	at := "/forms/asset/records/"
	door := at + keep + "/merge"

	shown := keeper.get(door + "?with=" + drop).is(http.StatusOK)
	if fields, _ := shown.at("fields").([]any); len(fields) != 2 || fields[0] != "kind" || fields[1] != "name" {
		t.Errorf("what may be chosen: %s", shown.raw)
	}
	if moves, _ := shown.at("moves").([]any); len(moves) != 1 || moves[0].(map[string]any)["form"] != "asset" {
		t.Errorf("what moves: %s", shown.raw)
	}
	ask := map[string]any{"version": 1, "with": drop, "withVersion": 1, "take": []any{"kind"}, "reason": "typed twice"}
	with := func(key string, value any) map[string]any {
		out := map[string]any{}
		for k, v := range ask {
			out[k] = v
		}
		out[key] = value
		return out
	}
	viewer.get(door+"?with="+drop).problem(http.StatusForbidden, "record.mayNot")
	viewer.post(door, ask).problem(http.StatusForbidden, "record.mayNot")
	s.as("two", "keeper").get(door+"?with="+drop).problem(http.StatusNotFound, "record.notFound")
	keeper.get(door+"?with="+keep).problem(http.StatusUnprocessableEntity, "merge.self")
	keeper.get(door+"?with=nobody").problem(http.StatusNotFound, "record.notFound")
	keeper.post(door, with("take", []any{"pieces"})).problem(http.StatusUnprocessableEntity, "record.invalid")
	keeper.post(door, with("more", 1)).problem(http.StatusBadRequest, "json.unknownKey")
	keeper.post(door, with("version", 2)).problem(http.StatusConflict, "record.stale")
	keeper.post(door, with("withVersion", 7)).problem(http.StatusConflict, "record.stale")

	once := keeper.with("Idempotency-Key", "k1")
	began := once.post(door, ask).is(http.StatusAccepted)
	if again := once.post(door, ask).is(http.StatusAccepted); again.id() != began.id() {
		t.Errorf("the same request began two: %s and %s", began.id(), again.id())
	}
	keeper.ended(began.header.Get("Location"))
	if got := keeper.get(at + keep).is(http.StatusOK); got.at("values", "kind") != "tool" || got.at("values", "name") != "Lathe 40" {
		t.Errorf("what stays: %s", got.raw)
	}
	if got := keeper.get(at + part).is(http.StatusOK); got.at("values", "part", "id") != keep {
		t.Errorf("what pointed to the other: %s", got.raw)
	}
	if got := keeper.get(at + drop).is(http.StatusOK); got.at("deletedAt") == nil {
		t.Errorf("both are there: %s", got.raw)
	}

	viewer.post("/jobs/"+began.id()+"/undo", nil).problem(http.StatusNotFound, "job.notFound")
	back := keeper.post("/jobs/"+began.id()+"/undo", nil).is(http.StatusAccepted)
	keeper.ended(back.header.Get("Location"))
	if got := keeper.get(at + part).is(http.StatusOK); got.at("values", "part", "id") != drop {
		t.Errorf("taken back, it points to: %s", got.raw)
	}
	if got := keeper.get(at + keep).is(http.StatusOK); got.at("values", "kind") != nil {
		t.Errorf("taken back, there stays: %s", got.raw)
	}
}
