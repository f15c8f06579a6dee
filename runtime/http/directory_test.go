package http_test

import (
	"strings"
	"testing"
)

func TestPickersFindColleaguesByName(t *testing.T) {
	s := newSite(t)
	s.anyone().get("/people").problem(401, "auth.required")
	viewer := s.as("one", "viewer")
	for words, want := range map[string]int{"": 2, "KEEP": 1, "nobody": 0} {
		found, _ := viewer.get("/people?q=" + words).is(200).body["people"].([]any)
		if len(found) != want {
			t.Errorf("%q: %v", words, found)
		}
		for _, one := range found {
			if person, _ := one.(map[string]any); len(person) != 2 || person["id"] == "" || person["title"] == "" {
				t.Errorf("%q shows %v", words, one)
			}
		}
	}
	if found, _ := viewer.get("/people?limit=1").is(200).body["people"].([]any); len(found) != 1 {
		t.Errorf("limit: %v", found)
	}
	viewer.get("/people?limit=0").problem(400, "query.parameter")
	viewer.get("/people?role=keeper").problem(400, "query.unknownParameter")
	viewer.get("/units").is(200)
	viewer.get("/zones").is(200)
}

func TestRegionsHaveNames(t *testing.T) {
	got := newSite(t).as("one", "viewer").get("/regions").is(200)
	regions, _ := got.body["regions"].([]any)
	if len(regions) < 3000 || !strings.Contains(got.raw, `["310000","上海市"]`) {
		t.Errorf("%d regions", len(regions))
	}
}
