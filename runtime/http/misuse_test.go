package http_test

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryOperationRefusesWhatIsWrong sends to each operation that is described what it must refuse.
func TestEveryOperationRefusesWhatIsWrong(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw"}).is(201).id()
	with := map[string]string{"form": "asset", "id": id, "key": "start", "action": "update", "pool": "harbour", "kind": "table", "comment": "none"}
	for _, op := range watch.All().Operations {
		for _, wrong := range watch.All().Misuses(op, with) {
			from := s.anyone()
			if !wrong.Anonymous && !op.Open {
				from = keeper
			}
			for name := range wrong.Header {
				from = from.with(name, wrong.Header.Get(name))
			}
			var body any
			if wrong.Body != "" {
				body = wrong.Body
			}
			got := from.send(wrong.Method, wrong.Path, body)
			if got.status != wrong.Status || got.body["status"] != float64(got.status) {
				t.Errorf("%s %s, %s: status %d, want %d: %.300s", wrong.Method, wrong.Path, wrong.Name, got.status, wrong.Status, got.raw)
			}
			for _, method := range wrong.Allow {
				if !slices.Contains(strings.Split(got.header.Get("Allow"), ", "), method) {
					t.Errorf("%s %s: Allow %q lacks %s", wrong.Method, wrong.Path, got.header.Get("Allow"), method)
				}
			}
		}
		if op.Method == "GET" {
			path := strings.NewReplacer("{form}", "asset", "{id}", id, "{key}", "start").Replace(op.Path)
			want := keeper.get(path).status
			if got := keeper.send("HEAD", path, nil); got.raw != "" || got.status != want {
				t.Errorf("HEAD %s: status %d, want %d; body %q", op.Path, got.status, want, got.raw)
			}
		}
	}
	if got := keeper.get("/forms/asset/records/" + id).is(200).at("version"); got != float64(1) {
		t.Errorf("version %v after all that, want 1", got)
	}
}
