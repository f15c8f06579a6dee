package http_test

import (
	"fmt"
	"strings"
	"testing"

	"tidewater/runtime/files"
	"tidewater/runtime/tenant"
)

// TestAFullStoreIsToldAndLosesNothing writes until the tenant's file may grow no more: the write that does not
// fit is refused whole, everything answered before is there, and reading goes on.
func TestAFullStoreIsToldAndLosesNothing(t *testing.T) {
	s := newSiteOf(t, tenant.Config{MaxPages: 400}, files.Limits{})
	if s.tenants.Kind() != "sqlite" {
		t.Skip("NOT HELD HERE: only a file has a bound; how much a MongoDB may keep is its operator's to say")
	}
	keeper := s.as("one", "keeper")
	lines := make([]any, 100)
	for i := range lines {
		lines[i] = map[string]any{"title": strings.Repeat("long ", 20)}
	}
	kept := map[string]string{}
	refused := false
	for n := 0; n < 2000 && !refused; n++ {
		name := fmt.Sprintf("asset %d", n)
		switch got := keeper.create(map[string]any{"name": name, "lines": lines}); got.status {
		case 201:
			kept[got.id()] = name
		default:
			got.problem(503, "store.full")
			refused = true
		}
	}
	if !refused || len(kept) == 0 {
		t.Fatalf("refused: %v after %d records", refused, len(kept))
	}
	for id, name := range kept {
		if got := keeper.get("/forms/asset/records/"+id).is(200).at("values", "name"); got != name {
			t.Errorf("%s is %v, want %s", id, got, name)
		}
	}
	count := keeper.get("/forms/asset/records?count=exact&limit=1").is(200).at("count", "value")
	if count != float64(len(kept)) {
		t.Errorf("%v records are there, %d were answered", count, len(kept))
	}
	s.anyone().get("/readyz").is(200)
	entry, _ := s.tenants.ByName("one")
	tenant, release, err := s.tenants.Use(t.Context(), entry.ID)
	must(t, err)
	defer release()
	found, err := tenant.Engine.Verify(t.Context())
	must(t, err)
	if len(found) > 0 {
		t.Errorf("half written: %v", found)
	}
}
