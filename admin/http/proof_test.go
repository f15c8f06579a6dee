package http_test

import (
	"strings"
	"testing"
)

// TestATestThatFailsStopsAPublication drafts a rule with a test that fails, mends it, and asks what it leaves
// untried.
func TestATestThatFailsStopsAPublication(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	const rule, test = "/admin/drafts/forms/asset/rules/named.json", "/admin/drafts/forms/asset/rules/named.test.json"
	admin.new().put(rule, object{"content": `{"key": "named", "check": "name != 'x'", "message": {"zh-CN": "x", "en": "x"}}`}).is(200)
	cases := func(expect string) string {
		return `{"cases": [{"name": "a saw", "given": {"record": {"name": "saw"}}, "expect": {"result": ` + expect + `}}]}`
	}
	first := admin.new().put(test, object{"content": cases("false")}).is(200)
	admin.post("/admin/check", nil).is(200)
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid", "forms/asset/rules/named.test.json /cases/0/expect/result test.failed")
	report := admin.post("/admin/rules/test", object{}).is(200)
	if suites := report.list("suites"); len(suites) != 1 || !strings.Contains(string(report.raw), `"expect":"false","got":"true"`) {
		t.Errorf("%s", report.raw)
	}
	admin.seen(first).put(test, object{"content": cases("true")}).is(200)
	report = admin.post("/admin/rules/test", object{"bite": true}).is(200)
	for _, want := range []string{`"failed":[]`, `"outcome":"false"`, `"mutants":2`, `"was":"'x'","now":"'xx'"`} {
		if !strings.Contains(string(report.raw), want) {
			t.Errorf("no %s in %s", want, report.raw)
		}
	}
	admin.publish(object{})
	s.as("one", "keeper").post("/admin/rules/test", object{}).is(403)
}
