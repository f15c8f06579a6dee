package http_test

import (
	"strings"
	"testing"
)

// TestFunctionsAreToldInTheReadersLanguage holds that an editor gets all it completes, with texts, and nobody
// else does.
func TestFunctionsAreToldInTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	helps := map[string]string{}
	for _, locale := range []string{"en", "zh-CN"} {
		got := s.as("one", "admin").with("Accept-Language", locale).get("/admin/rules/functions").is(200)
		list, _ := got.at("functions").([]any)
		if len(list) < 50 {
			t.Fatalf("%d functions", len(list))
		}
		for _, one := range list {
			f, _ := one.(object)
			signature, _ := f["signature"].(string)
			if f["help"] == "" || f["label"] == "" || !strings.HasPrefix(signature, f["name"].(string)+"(") {
				t.Errorf("%v", f)
			}
			if f["name"] == "capital" {
				helps[locale], _ = f["help"].(string)
			}
		}
		if steps := got.at("limits", "steps"); steps != float64(500_000) {
			t.Errorf("limits: %v", steps)
		}
	}
	if !strings.Contains(helps["zh-CN"], "大写") || !strings.Contains(helps["en"], "renminbi") {
		t.Errorf("told %q", helps)
	}
	s.as("one", "keeper").get("/admin/rules/functions").is(403)
}

// Decision tables are called as functions are, so an editor completes them too, also before they are published.
func TestDraftedTablesAreCompleted(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	if got := admin.get("/admin/rules/functions").is(200); len(got.list("tables")) != 0 {
		t.Errorf("before: %s", got.raw)
	}
	admin.drafted("tables/spare.json", `{"key": "spare", "label": {"zh-CN": "天数", "en": "Days"}, "hit": "first",
		"inputs": [{"key": "kind", "label": {"zh-CN": "x", "en": "x"}, "type": "option", "options": ["a", "b"], "optional": true}, {"key": "n", "label": {"zh-CN": "x", "en": "x"}, "type": "integer"}],
		"outputs": [{"key": "days", "label": {"zh-CN": "x", "en": "x"}, "type": "integer"}], "rows": [{"then": {"days": 1}}]}`)
	tables := admin.get("/admin/rules/functions").is(200).list("tables")
	if len(tables) != 1 || tables[0]["name"] != "spare" || tables[0]["usage"] != "spare(kind, n).days" {
		t.Errorf("drafted: %v", tables)
	}
	admin.drafted("tables/spare.json", `{`)
	admin.get("/admin/rules/functions").is(200)
}
