package http_test

import "testing"

// TestPrinting is kept of records that one may read, and asks for some.
func TestPrinting(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw"}).is(201).id()
	const at = "/forms/asset/printed"
	if got := keeper.post(at, map[string]any{"records": []string{id}}).is(204); len(got.raw) != 0 {
		t.Errorf("%s", got.raw)
	}
	keeper.post("/forms/nothing/printed", map[string]any{"records": []string{id}}).problem(404, "record.notFound")
	s.anyone().post(at, map[string]any{"records": []string{id}}).problem(401, "auth.required")
}
