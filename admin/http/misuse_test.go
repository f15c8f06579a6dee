package http_test

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryAdminOperationRefusesWhatIsWrong sends to each operation of administrators what it must refuse,
// and holds that nobody else gets through its door.
func TestEveryAdminOperationRefusesWhatIsWrong(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	id, _ := keeper.get("/me").is(200).at("user").(object)["id"].(string)
	with := map[string]string{"id": id, "grant": "none", "path": "forms/asset/form.json", "channel": "mail", "outlet": "erp"}
	for _, op := range watch.All().Operations {
		if !strings.HasPrefix(op.Path, "/admin/") {
			continue
		}
		for _, wrong := range watch.All().Misuses(op, with) {
			from := admin
			if wrong.Anonymous {
				from = s.anyone()
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
			if wrong.Anonymous {
				keeper.send(wrong.Method, wrong.Path, body).problem(403, "access.admin")
			}
		}
	}
}
