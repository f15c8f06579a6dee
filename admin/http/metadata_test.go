package http_test

import (
	"strings"
	"testing"
	"time"

	"tidewater/runtime/tenant"
)

const formPath = "/admin/drafts/forms/asset/form.json"

// edit drafts a document with one text in it replaced.
func (c *caller) edit(path, from, to string) {
	c.site.t.Helper()
	was := c.get(path).is(200)
	content := was.text("content")
	if !strings.Contains(content, from) {
		c.site.t.Fatalf("no %q in %s", from, content)
	}
	c.seen(was).put(path, object{"content": strings.Replace(content, from, to, 1)}).is(200)
}

// publish publishes the drafts and returns the publication.
func (c *caller) publish(order object) object {
	c.site.t.Helper()
	return c.published(c.post("/admin/publish", order))
}

// rollback goes back and returns the publication.
func (c *caller) rollback(order object) object {
	c.site.t.Helper()
	return c.published(c.post("/admin/rollback", order))
}

func (c *caller) published(asked *response) object {
	c.site.t.Helper()
	if done := c.ended(asked); done.at("state") != "done" {
		c.site.t.Fatalf("not published: %s", done.raw)
	}
	return c.get("/admin/versions?limit=1").is(200).list("versions")[0]
}

// ended waits for the job that a request was answered with.
func (c *caller) ended(asked *response) *response {
	c.site.t.Helper()
	return c.until(asked.is(202).text("id"))
}

// until waits for a job.
func (c *caller) until(id string) *response {
	c.site.t.Helper()
	for {
		for _, name := range c.site.names {
			c.site.work(name)
		}
		got := c.get("/jobs/" + id).is(200)
		if state := got.at("state"); state != "queued" && state != "running" {
			return got
		}
		c.site.clock.add(time.Second) // what waits for its next try becomes due
	}
}

const shelf = `"shelf": {"x-field": "text", "x-label": {"zh-CN": "架", "en": "Shelf"}, "x-index": true},
    "bought"`

func TestADraftIsCheckedToldAndPublished(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)

	admin.edit(formPath, `"bought"`, shelf)
	drafts := admin.get("/admin/drafts").is(200).list("drafts")
	if len(drafts) != 1 || drafts[0]["path"] != "forms/asset/form.json" || drafts[0]["change"] != "changed" || drafts[0]["byName"] != "admin" {
		t.Errorf("drafts: %v", drafts)
	}
	checked := admin.post("/admin/check", nil).is(200)
	if checked.at("ok") != true || checked.text("version") == "" {
		t.Errorf("check: %s", checked.raw)
	}
	impact := admin.get("/admin/impact").is(200)
	forms := impact.list("forms")
	if len(forms) != 1 || forms[0]["records"] != float64(1) || forms[0]["recordsExact"] != true {
		t.Fatalf("impact: %s", impact.raw)
	}
	for _, want := range []string{`{"field":"shelf","change":"added"}`, `"build":["shelf"`, `"drop":[]`, `"widened":[]`} {
		if !strings.Contains(string(impact.raw), want) {
			t.Errorf("impact without %s: %s", want, impact.raw)
		}
	}
	// Nobody sees a draft.
	keeper.post("/forms/asset/records", object{"values": object{"name": "Axe", "shelf": "A"}}).problem(422, "record.invalid")

	admin.post("/admin/publish", object{"version": "another"}).problem(409, "draft.moved")
	done := admin.publish(object{"version": checked.at("version"), "note": "shelves"})
	if done["how"] != "publish" || done["number"] != float64(2) || done["note"] != "shelves" || done["byName"] != "admin" {
		t.Errorf("published: %v", done)
	}
	keeper.post("/forms/asset/records", object{"values": object{"name": "Axe", "shelf": "A"}}).is(201)
	if got := admin.get("/admin/drafts").is(200).list("drafts"); len(got) != 0 {
		t.Errorf("published drafts stay: %v", got)
	}
	admin.post("/admin/publish", object{}).problem(409, "publish.nothing")

	// The other tenant has nothing of it.
	s.as("two", "keeper").post("/forms/asset/records", object{"values": object{"name": "Axe", "shelf": "A"}}).problem(422, "record.invalid")
	if got := s.as("two", "admin").get("/admin/versions").is(200).list("versions"); len(got) != 1 {
		t.Errorf("versions of the other tenant: %v", got)
	}
}

func TestEveryFaultOfADraftIsTold(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit(formPath, `"x-field": "currency"`, `"x-field": "nothing"`)
	admin.edit("/admin/drafts/roles/viewer.json", `{"asset"`, `{"book": {}, "asset"`)
	admin.new().put("/admin/drafts/forms/asset/views/all.json", object{"content": `{"key": "all"`}).is(200)
	checked := admin.post("/admin/check", nil).is(200)
	if checked.at("ok") != false || checked.text("version") != "" {
		t.Errorf("check: %s", checked.raw)
	}
	found := strings.Join(checked.issues(), "\n")
	for _, want := range []string{"forms/asset/form.json /properties/price/x-field", "roles/viewer.json /forms/book", "forms/asset/views/all.json"} {
		if !strings.Contains(found, want) {
			t.Errorf("not told: %s in\n%s", want, found)
		}
	}
	admin.get("/admin/impact").problem(422, "meta.invalid")
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid")
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 1 {
		t.Errorf("a faulty draft was published: %v", got)
	}
}

func TestTwoAdminsDoNotOverwriteEachOther(t *testing.T) {
	s := newSite(t)
	anna, bert := s.as("one", "admin"), s.as("one", "admin")
	seen := anna.get(formPath).is(200)
	content := seen.text("content")
	anna.put(formPath, object{"content": content}).problem(428, "record.versionRequired")
	first := anna.seen(seen).put(formPath, object{"content": strings.Replace(content, `"Name"`, `"Title"`, 1)}).is(200)
	bert.seen(seen).put(formPath, object{"content": strings.Replace(content, `"Name"`, `"Label"`, 1)}).problem(409, "draft.stale")
	bert.seen(seen).remove(formPath).problem(409, "draft.stale")
	bert.seen(seen).remove(formPath+"?discard=true").problem(409, "draft.stale")
	bert.new().put(formPath, object{"content": "{}"}).problem(409, "draft.stale")
	if got := bert.get(formPath).is(200).text("content"); !strings.Contains(got, `"Title"`) {
		t.Errorf("the first one's draft is gone: %s", got)
	}
	bert.seen(first).remove(formPath + "?discard=true").is(204)
	if got := bert.get(formPath).is(200).text("content"); got != content {
		t.Errorf("after discarding: %s", got)
	}
	bert.seen(seen).remove(formPath+"?discard=true").problem(404, "draft.unknown")
}

func TestDocumentsAreAddedAndTakenAway(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	const view = "/admin/drafts/forms/asset/views/tools.json"
	gone := admin.seen(admin.get(view).is(200)).remove(view).is(200)
	if gone.at("change") != "removed" {
		t.Errorf("removed: %s", gone.raw)
	}
	admin.get(view).problem(404, "draft.unknown")
	const role = "/admin/drafts/roles/guest.json"
	made := admin.new().put(role, object{"content": `{"key": "guest", "label": {"zh-CN": "客", "en": "Guest"}, "forms": {}}`}).is(200)
	if made.at("change") != "added" {
		t.Errorf("added: %s", made.raw)
	}
	// What was never published is dropped, not drafted away.
	admin.seen(made).remove(role).is(204)
	admin.new().put(role, object{"content": `{"key": "guest", "label": {"zh-CN": "客", "en": "Guest"}, "forms": {}}`}).is(200)
	admin.publish(object{})
	listed := map[any]bool{}
	for _, one := range admin.get("/admin/documents").is(200).list("documents") {
		listed[one["path"]] = true
	}
	if listed["forms/asset/views/tools.json"] || !listed["roles/guest.json"] {
		t.Errorf("documents: %v", listed)
	}
	diff := admin.get("/admin/diff?from=1&to=2").is(200).list("documents")
	if len(diff) != 2 || diff[0]["change"] != "removed" || diff[1]["change"] != "added" || diff[1]["after"] == "" {
		t.Errorf("diff: %v", diff)
	}
}

func TestPathsThatNoBundleHasAreRefused(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	for _, path := range []string{"forms", "x.json", "forms/asset/%2E%2E/form.json", "demo/..%2F..%2Fetc", "demo/.hidden", "demo/-rf", "demo/a%00b", "roles/a%5Cb.json", "demo/" + strings.Repeat("a", 300)} {
		got := admin.new().put("/admin/drafts/"+path, object{"content": "x"})
		if got.status != 422 && got.status != 404 && got.status != 405 {
			t.Errorf("%s: %d %s", path, got.status, got.raw)
		}
	}
	if got := admin.get("/admin/drafts").is(200).list("drafts"); len(got) != 0 {
		t.Errorf("kept: %v", got)
	}
	admin.new().put("/admin/drafts/demo/big.txt", object{"content": strings.Repeat("x", 600<<10)}).problem(413, "draft.tooLarge")
	admin.new().put("/admin/drafts/demo/big.txt", object{"content": strings.Repeat("x", 10<<20)}).problem(413, "limit.body")
	admin.new().put("/admin/drafts/roles/a.json", object{"text": "x"}).problem(400, "json.unknownKey")
}

func TestRollingBackBringsBackWhatWas(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	admin.post("/admin/rollback", object{}).problem(404, "publish.unknownVersion")
	admin.edit(formPath, `"bought"`, shelf)
	admin.publish(object{})
	kept := keeper.post("/forms/asset/records", object{"values": object{"name": "Axe", "shelf": "A"}}).is(201)

	back := admin.rollback(object{})
	if back["number"] != float64(3) || back["how"] != "rollback" || back["of"] != float64(1) {
		t.Errorf("rollback: %v", back)
	}
	keeper.post("/forms/asset/records", object{"values": object{"name": "Saw", "shelf": "A"}}).problem(422, "record.invalid")
	admin.post("/admin/rollback", object{"to": 9}).problem(404, "publish.unknownVersion")
	admin.rollback(object{"to": 2})
	if got := keeper.get("/forms/asset/records/" + kept.text("id")).is(200); got.at("values", "shelf") != "A" {
		t.Errorf("what the record held is gone: %s", got.raw)
	}
	versions := admin.get("/admin/versions?limit=3").is(200)
	list := versions.list("versions")
	if len(list) != 3 || list[0]["number"] != float64(4) || list[0]["active"] != true || list[1]["active"] != false || versions.text("next") != "2" {
		t.Errorf("versions: %s", versions.raw)
	}
	if rest := admin.get("/admin/versions?after=2").is(200).list("versions"); len(rest) != 1 || rest[0]["how"] != "install" {
		t.Errorf("the rest: %v", rest)
	}
}

func TestADraftBehindIsNotPublished(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit(formPath, `"bought"`, shelf)
	admin.publish(object{})
	admin.edit(formPath, `"Name"`, `"Title"`)
	admin.rollback(object{})
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid", "forms/asset/form.json draft.behind")
	// Who looks at it and saves it again knows what they do.
	admin.edit(formPath, `"Title"`, `"Heading"`)
	admin.publish(object{})
}

// TestWarningsAreToldAndForbidNothing holds that a condition which decides nothing is told where it stands, in
// words, and is published all the same.
func TestWarningsAreToldAndForbidNothing(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	if got := admin.post("/admin/check", nil).is(200).list("warnings"); len(got) != 0 {
		t.Errorf("warned of what means something: %v", got)
	}
	admin.edit(formPath, `"bought"`, `"shelf": {"x-field": "text", "x-label": {"zh-CN": "架", "en": "Shelf"}, "x-requiredIf": "name == 'a' and name == 'b'"},
    "bought"`)
	checked := admin.with("Accept-Language", "en").post("/admin/check", nil).is(200)
	found := checked.list("warnings")
	if checked.at("ok") != true || len(found) != 1 {
		t.Fatalf("check: %s", checked.raw)
	}
	w := found[0]
	message, _ := w["message"].(string)
	if w["file"] != "forms/asset/form.json" || w["path"] != "/properties/shelf/x-requiredIf" || w["line"] != float64(1) || !strings.Contains(message, "name == 'a' and name == 'b'") {
		t.Errorf("warned: %v", w)
	}
	admin.publish(object{})
}

func TestAKeyIsNotReusedForAnotherKindWhileRecordsHoldIt(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	const number = `"price": {"x-field": "number"`
	admin.edit(formPath, `"price": {"x-field": "currency"`, number)
	admin.edit(formPath, `, "x-scale": 2, "x-currency": "CNY"`, ``)
	admin.post("/admin/check", nil).is(200)
	made := s.as("one", "keeper").post("/forms/asset/records", object{"values": object{"name": "Saw", "price": "1.50"}}).is(201)
	want := "forms/asset/form.json /properties/price/x-field publish.kind"
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid", want)
	// In the recycle bin it is there still.
	s.as("one", "keeper").seen(made).remove("/forms/asset/records/" + made.text("id")).is(204)
	admin.post("/admin/publish", object{}).problem(422, "meta.invalid", want)
	s.as("one", "keeper").post("/forms/asset/records/"+made.text("id")+"/purge", nil).is(204)
	admin.publish(object{})
}

func TestAUniqueFieldThatRecordsBreakIsNotPublished(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	for range 2 {
		keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)
	}
	admin.edit(formPath, `"maxLength": 80`, `"maxLength": 80, "x-unique": true`)
	got := admin.ended(admin.post("/admin/publish", object{}))
	if got.at("state") != "failed" || got.at("reason", "code") != "store.taken" {
		t.Errorf("the job: %s", got.raw)
	}
	keeper.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 1 {
		t.Errorf("versions: %v", got)
	}
	if got := admin.get("/admin/drafts").is(200).list("drafts"); len(got) != 1 {
		t.Errorf("the draft is gone: %v", got)
	}
}

func TestOnlyAdministratorsGetIn(t *testing.T) {
	s := newSite(t)
	routes := []struct {
		method, path string
		body         any
	}{
		{"GET", "/admin/documents", nil}, {"GET", "/admin/drafts", nil}, {"GET", formPath, nil},
		{"PUT", formPath, object{"content": "{}"}}, {"DELETE", formPath, nil}, {"POST", "/admin/check", nil},
		{"GET", "/admin/impact", nil}, {"POST", "/admin/publish", object{}}, {"POST", "/admin/rollback", object{}},
		{"GET", "/admin/versions", nil}, {"GET", "/admin/diff", nil}, {"GET", "/admin/apps", nil},
		{"POST", "/admin/apps/install", object{"builtin": "crm"}}, {"POST", "/admin/apps/upgrade", object{"builtin": "crm"}},
		{"GET", "/admin/apps/export", nil},
	}
	keeper, nobody := s.as("one", "keeper").with("If-Match", "x"), s.anyone().with("If-Match", "x")
	for _, route := range routes {
		keeper.send(route.method, route.path, route.body).problem(403, "access.admin")
		nobody.send(route.method, route.path, route.body).problem(401, "auth.required")
	}
	s.in("one", func(t *tenant.Tenant) {
		if got := t.Engine.Catalog().App.Version; got != "1.0.0" {
			s.t.Errorf("version %s", got)
		}
	})
}

// TestTwoPublicationsAtOnce asks for the same drafts twice: one is carried out, the other ends and says why.
func TestTwoPublicationsAtOnce(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit(formPath, `"bought"`, shelf)
	first, second := admin.post("/admin/publish", object{}).is(202), admin.post("/admin/publish", object{})
	states := map[any]int{admin.ended(first).at("state"): 1}
	if second.status == 409 { // the first was done already
		second.problem(409, "publish.nothing")
	} else {
		got := admin.ended(second)
		states[got.at("state")]++
		if got.at("state") != "failed" || got.at("reason", "code") != "publish.moved" && got.at("reason", "code") != "publish.nothing" {
			t.Errorf("the second: %s", got.raw)
		}
	}
	if states["done"] != 1 {
		t.Errorf("states: %v", states)
	}
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 2 {
		t.Errorf("versions: %v", got)
	}
}

// TestAPublicationOutlivesTheProcess publishes, and starts anew over the same folder.
func TestAPublicationOutlivesTheProcess(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit(formPath, `"bought"`, shelf)
	admin.publish(object{})
	admin.edit(formPath, `"Name"`, `"Title"`)
	s.stop()
	s.start()
	admin = s.as("one", "admin")
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 2 || got[0]["active"] != true {
		t.Errorf("versions: %v", got)
	}
	if got := admin.get("/admin/drafts").is(200).list("drafts"); len(got) != 1 {
		t.Errorf("drafts: %v", got)
	}
	s.as("one", "keeper").post("/forms/asset/records", object{"values": object{"name": "Axe", "shelf": "A"}}).is(201)
}
