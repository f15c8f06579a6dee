package http_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/runtime/tenant"
)

// make creates something and returns its id.
func (c *caller) make(path string, body object) string {
	c.site.t.Helper()
	return c.post(path, body).is(201).text("id")
}

func (c *caller) makeUser(body object) (id, password string) {
	c.site.t.Helper()
	made := c.post("/admin/users", body).is(201)
	return made.text("user", "id"), made.text("password")
}

// change reads a thing and changes it.
func (c *caller) change(path string, body object) *response {
	c.site.t.Helper()
	return c.seen(c.get(path).is(200)).patch(path, body)
}

func english(name string) object { return object{"en": name} }

func TestANewPersonMustChooseAPassword(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	id, first := admin.makeUser(object{"username": "anna", "name": "Anna", "email": "anna@example.com", "roles": []string{"keeper"}, "positions": []string{"Clerk"}})
	if len(first) < 16 {
		t.Errorf("password %q", first)
	}
	anna := s.with("one", "anna", first)
	if got := anna.get("/me").is(200); got.at("mustChangePassword") != true {
		t.Errorf("me: %s", got.raw)
	}
	anna.get("/forms/asset/records").problem(403, "auth.mustChange")
	anna.get("/catalog").problem(403, "auth.mustChange")
	anna.post("/me/tokens", object{"name": "x"}).problem(403, "auth.mustChange")
	anna.post("/me/password", object{"current": first, "new": first}).problem(422, "record.invalid", "/new auth.passwordSame")
	anna.post("/me/password", object{"current": first, "new": "battery staple"}).is(204)
	anna.get("/me").problem(401, "auth.tokenInvalid")
	anna = s.with("one", "anna", "battery staple")
	anna.get("/forms/asset/records").is(200)

	second := admin.post("/admin/users/"+id+"/password", nil).is(200).text("password")
	anna.get("/me").problem(401, "auth.tokenInvalid")
	s.with("one", "anna", second).get("/catalog").problem(403, "auth.mustChange")
	if got := admin.get("/admin/users/" + id).is(200); got.at("mustChangePassword") != true || got.at("positions").([]any)[0] != "Clerk" {
		t.Errorf("as the admin sees her: %s", got.raw)
	}
	for _, line := range admin.get("/admin/audit").is(200).list("entries") {
		if strings.Contains(strings.ToLower(string(toJSON(t, line))), second) || strings.Contains(string(toJSON(t, line)), "argon2") {
			t.Errorf("a secret in the audit: %v", line)
		}
	}
}

func TestBadPeopleAreRefusedAsAWhole(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.post("/admin/users", object{
		"username": "an na", "name": " ", "email": "nobody", "roles": []string{"keeper", "nothing"}, "locale": "xx", "phone": strings.Repeat("1", 200),
	}).problem(422, "record.invalid", "/username user.username", "/name field.required", "/email field.email", "/roles/1 user.role",
		"/locale field.option", "/phone field.tooLong")
	admin.post("/admin/users", object{"username": "KEEPER", "name": "K"}).problem(422, "record.invalid", "/username user.usernameTaken")
	admin.post("/admin/users", object{"username": "anna", "name": "Anna", "unit": "u", "manager": "m", "zones": []string{"z"}, "away": []object{{"from": "2026-02-31", "to": "2026-03-01"}}}).
		problem(422, "record.invalid", "/unit org.unitMissing", "/manager org.userMissing", "/zones/0 org.zoneMissing", "/away/0 org.away")
	admin.post("/admin/users", object{"username": "anna", "colour": "red"}).problem(400, "json.unknownKey")
	admin.post("/admin/users", object{"username": 7}).problem(400, "json.type")
	if n := len(admin.get("/admin/users").is(200).list("users")); n != 3 {
		t.Errorf("%d users", n)
	}
}

// Whoever is absent may have a deputy for these days: somebody else, who has not left and is there.
func TestAnAbsenceHasADeputy(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	ids := map[any]string{}
	for _, u := range admin.get("/admin/users").is(200).list("users") {
		ids[u["username"]], _ = u["id"].(string)
	}
	path, viewer := "/admin/users/"+ids["keeper"], "/admin/users/"+ids["viewer"]
	away := func(from, to, deputy string) object {
		return object{"away": []object{{"from": from, "to": to, "deputy": deputy}}}
	}
	admin.change(path, away("2026-04-01", "2026-04-03", "nobody")).problem(422, "record.invalid", "/away/0/deputy org.userMissing")
	admin.change(path, away("2026-04-01", "2026-04-03", ids["keeper"])).problem(422, "record.invalid", "/away/0/deputy org.ownDeputy")
	admin.change(path, away("2026-04-03", "2026-04-01", ids["viewer"])).problem(422, "record.invalid", "/away/0 org.away")
	admin.change(viewer, object{"away": []object{{"from": "2026-04-03", "to": "2026-04-09"}}}).is(200)
	admin.change(path, away("2026-04-01", "2026-04-03", ids["viewer"])).problem(422, "record.invalid", "/away/0/deputy user.deputyAway")
	admin.change(path, away("2026-04-01", "2026-04-02", ids["viewer"])).is(200)
	got := admin.get(path).is(200)
	if one := got.list("away")[0]; one["from"] != "2026-04-01" || one["to"] != "2026-04-02" || one["deputy"] != ids["viewer"] {
		t.Errorf("%s", got.raw)
	}
	line := admin.get("/admin/audit").is(200).list("entries")[0]
	if told := string(toJSON(t, line)); !strings.Contains(told, `"part":"away"`) || !strings.Contains(told, ids["viewer"]) {
		t.Errorf("the audit says %s", told)
	}
	// The deputy leaves: nobody stands in, and what else the absent one's entry says can still be changed.
	admin.change(viewer, object{"active": false}).is(200)
	admin.change(path, object{"name": "Keeper"}).is(200)
	admin.change(path, away("2026-05-01", "2026-05-02", ids["viewer"])).problem(422, "record.invalid", "/away/0/deputy user.deputyGone")
	admin.change(path, object{"away": []object{{"from": "2026-05-01", "to": "2026-05-02"}}}).is(200)
}

// Whoever leaves hands over what is theirs: it is told before, done at once or by a job, and kept in the audit.
func TestSomebodyHandsOver(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	ids := map[any]string{}
	for _, u := range admin.get("/admin/users").is(200).list("users") {
		ids[u["username"]], _ = u["id"].(string)
	}
	unit := admin.post("/admin/units", object{"name": object{"en": "House"}, "manager": ids["keeper"]}).is(201).text("id")
	admin.change("/admin/users/"+ids["admin"], object{"manager": ids["keeper"]}).is(200)
	path := "/admin/users/" + ids["keeper"] + "/handover"
	seen := admin.get(path + "?to=" + ids["viewer"]).is(200)
	if units, reports, roles := seen.list("units"), seen.list("reports"), seen.at("roles").([]any); len(units) != 1 || units[0]["id"] != unit ||
		len(reports) != 1 || reports[0]["id"] != ids["admin"] || len(roles) != 1 || roles[0] != "keeper" {
		t.Errorf("%s", seen.raw)
	}
	admin.get("/admin/users/nobody/handover?to="+ids["viewer"]).problem(404, "user.unknown")
	admin.get(path+"?to="+ids["keeper"]).problem(422, "handover.to")
	admin.post(path, object{"to": ids["viewer"], "posts": true}).problem(422, "handover.reason")
	admin.post(path, object{"to": "nobody", "reason": "x"}).problem(422, "handover.to")
	admin.post(path, object{"to": ids["viewer"], "reason": "x", "colour": "red"}).problem(400, "json.unknownKey")
	s.as("one", "viewer").post(path, object{"to": ids["viewer"], "reason": "x"}).problem(403, "access.admin")

	keeper := s.as("one", "keeper")
	admin.post(path, object{"to": ids["viewer"], "reason": "he leaves", "posts": true, "roles": true, "leaves": true}).is(202)
	keeper.get("/me").problem(401, "auth.tokenInvalid")
	if got := admin.get("/admin/users/" + ids["keeper"]).is(200); got.at("active") != false || len(got.at("roles").([]any)) != 0 {
		t.Errorf("%s", got.raw)
	}
	if got := admin.get("/admin/users/" + ids["viewer"]).is(200).at("roles").([]any); !slices.Contains(got, any("keeper")) {
		t.Errorf("the other one has the roles %v", got)
	}
	if got := admin.get("/admin/units/" + unit).is(200).at("manager"); got != ids["viewer"] {
		t.Errorf("the unit is led by %v", got)
	}
	if got := admin.get("/admin/users/" + ids["admin"]).is(200).at("manager"); got != ids["viewer"] {
		t.Errorf("the admin reports to %v", got)
	}
	told := string(admin.get("/admin/audit").is(200).raw)
	if !strings.Contains(told, `"user.handedOver"`) || !strings.Contains(told, "he leaves") {
		t.Errorf("the audit says %s", told)
	}
	admin.post("/admin/users/"+ids["admin"]+"/handover", object{"to": ids["viewer"], "reason": "x", "leaves": true}).problem(409, "user.lastAdmin")
}

func TestAChangeEndsSessionsAtOnceAndTheLastAdminStays(t *testing.T) {
	s := newSite(t)
	admin, keeper := s.as("one", "admin"), s.as("one", "keeper")
	users := admin.get("/admin/users").is(200).list("users")
	ids := map[any]string{}
	for _, u := range users {
		ids[u["username"]], _ = u["id"].(string)
	}
	path := "/admin/users/" + ids["keeper"]
	seen := admin.get(path).is(200)
	admin.patch(path, object{"name": "K"}).problem(428, "record.versionRequired")
	admin.seen(seen).patch(path, object{"name": "Keeper of things"}).is(200)
	admin.seen(seen).patch(path, object{"name": "Another"}).problem(409, "office.stale")
	keeper.get("/me").is(200) // a name ends nothing
	admin.change(path, object{"roles": []string{"viewer"}}).is(200)
	keeper.get("/me").problem(401, "auth.tokenInvalid")
	keeper = s.as("one", "keeper")
	admin.change(path, object{"active": false}).is(200)
	keeper.get("/me").problem(401, "auth.tokenInvalid")
	s.anyone().post("/auth/token", object{"tenant": "one", "username": "keeper", "password": password}).problem(401, "auth.failed")

	mine := "/admin/users/" + ids["admin"]
	admin.change(mine, object{"admin": false}).problem(409, "user.lastAdmin")
	admin.change(mine, object{"active": false}).problem(409, "user.lastAdmin")
	admin.change("/admin/users/"+ids["viewer"], object{"admin": true}).is(200)
	other := s.as("one", "viewer")
	s.clock.add(time.Second)
	other.change(mine, object{"active": false}).is(200)
	admin.get("/me").problem(401, "auth.tokenInvalid")
	other.change("/admin/users/"+ids["viewer"], object{"admin": false}).problem(409, "user.lastAdmin")

	found := other.get("/admin/users?active=false&q=KEEPER").is(200).list("users")
	if len(found) != 1 || found[0]["name"] != "Keeper of things" {
		t.Errorf("found: %v", found)
	}
	page := other.get("/admin/users?limit=2").is(200)
	rest := other.get("/admin/users?limit=2&after=" + page.text("next")).is(200)
	if len(page.list("users")) != 2 || len(rest.list("users")) != 1 || rest.at("next") != nil {
		t.Errorf("pages: %s %s", page.raw, rest.raw)
	}
	lines := other.get("/admin/audit?limit=1").is(200)
	line := lines.list("entries")[0]
	if line["op"] != "user.changed" || line["actorName"] != "viewer" || line["target"] != ids["admin"] || !strings.Contains(string(lines.raw), `{"part":"active","from":true,"to":false}`) {
		t.Errorf("audit: %s", lines.raw)
	}
}

func TestTheTreeOfUnits(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	top := admin.make("/admin/units", object{"name": object{"en": "Company", "zh-CN": "公司"}})
	north := admin.make("/admin/units", object{"name": english("North"), "parent": top})
	team := admin.make("/admin/units", object{"name": english("Team"), "parent": north})
	admin.change("/admin/units/"+top, object{"parent": team}).problem(422, "record.invalid", "/parent org.unitCycle")
	admin.change("/admin/units/"+top, object{"parent": top}).problem(422, "record.invalid", "/parent org.unitCycle")
	admin.post("/admin/units", object{"name": english("X"), "parent": "nothing", "manager": "nobody"}).
		problem(422, "record.invalid", "/parent org.unitMissing", "/manager org.userMissing")
	admin.post("/admin/units", object{"name": object{"en": " "}}).problem(422, "record.invalid", "/name field.required")
	admin.post("/admin/units", object{"name": object{"en": 1}}).problem(400, "json.type")

	seen := admin.get("/admin/units/" + north).is(200)
	admin.seen(seen).patch("/admin/units/"+north, object{"name": english("Far north")}).is(200)
	admin.seen(seen).patch("/admin/units/"+north, object{"name": english("South")}).problem(409, "office.stale")
	admin.seen(admin.get("/admin/units/"+north)).remove("/admin/units/"+north).problem(409, "unit.used")
	admin.makeUser(object{"username": "anna", "name": "Anna", "unit": team, "roles": []string{"keeper"}})
	got := admin.seen(admin.get("/admin/units/"+team)).remove("/admin/units/"+team).problem(409, "unit.used")
	if !strings.Contains(got.text("detail"), "users") {
		t.Errorf("used by: %s", got.raw)
	}
	empty := admin.make("/admin/units", object{"name": english("Empty"), "parent": top})
	admin.remove("/admin/units/"+empty).problem(428, "record.versionRequired")
	admin.seen(admin.get("/admin/units/" + empty)).remove("/admin/units/" + empty).is(204)
	admin.get("/admin/units/"+empty).problem(404, "unit.unknown")
	var order []any
	for _, u := range admin.get("/admin/units").is(200).list("units") {
		order = append(order, u["id"])
	}
	if len(order) != 3 || order[0] != top || order[1] != north || order[2] != team {
		t.Errorf("the tree: %v", order)
	}
	if n := len(admin.get("/admin/users?unit=" + top).is(200).list("users")); n != 1 {
		t.Errorf("%d people below the top", n)
	}
	// The other tenant has none of it.
	s.as("two", "admin").get("/admin/units/"+top).problem(404, "unit.unknown")
}

func TestAZoneAndItsRecordAreOne(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	// Without a form for zones there is only the zone.
	plain := admin.make("/admin/zones", object{"key": "west", "name": english("West")})
	admin.post("/admin/zones", object{"key": "west", "name": english("West")}).problem(422, "record.invalid", "/key org.zoneKeyDuplicate")
	admin.post("/admin/zones", object{"key": "a b", "name": object{}}).problem(422, "record.invalid", "/key zone.key", "/name field.required")
	if listed := admin.get("/admin/zones").is(200).list("zones"); len(listed) != 1 || listed[0]["id"] != plain {
		t.Errorf("zones %v, want %s", listed, plain)
	}
	admin.seen(admin.get("/admin/zones/" + plain)).remove("/admin/zones/" + plain).is(204)

	admin.new().put("/admin/drafts/forms/area/form.json", object{"content": `{
		"x-form": "area", "x-label": {"zh-CN": "区", "en": "Area"}, "type": "object", "x-title": "name", "required": ["name"],
		"properties": {"name": {"x-field": "text", "x-label": {"zh-CN": "名", "en": "Name"}, "x-unique": true}}}`}).is(200)
	admin.edit(formPath, `"x-holders": {"owner": "owner"}`, `"x-holders": {"owner": "owner", "zone": "area"}`)
	admin.edit(formPath, `"owner": {"x-field"`, `"area": {"x-field": "reference", "x-label": {"zh-CN": "区", "en": "Area"}, "x-ref": "area"}, "owner": {"x-field"`)
	admin.edit("/admin/drafts/roles/admin.json", `"forms": {`, `"forms": {"area": {"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}, "delete": {"scope": "all"}},`)
	admin.edit("/admin/drafts/roles/keeper.json", `"forms": {`, `"forms": {"area": {"read": {"scope": "all"}},`)
	admin.publish(object{})

	north := admin.make("/admin/zones", object{"key": "north", "name": english("North")})
	if got := admin.get("/forms/area/records/" + north).is(200); got.at("values", "name") != "North" {
		t.Errorf("the zone's record: %s", got.raw)
	}
	admin.post("/admin/zones", object{"key": "other", "name": english("North")}).problem(409, "record.taken")
	made := admin.post("/forms/area/records", object{"values": object{"name": "South"}}).is(201).text("id")
	admin.post("/admin/zones", object{"key": "s", "name": english("South"), "record": "nothing"}).problem(422, "record.invalid", "/record field.reference")
	if got := admin.make("/admin/zones", object{"key": "south", "name": english("South"), "record": made}); got != made {
		t.Errorf("zone %s, record %s", got, made)
	}
	admin.change("/admin/zones/"+north, object{"name": english("Far north")}).is(200)
	if got := admin.get("/forms/area/records/" + north).is(200); got.at("values", "name") != "Far north" {
		t.Errorf("after renaming: %s", got.raw)
	}
	s.as("one", "keeper").post("/forms/asset/records", object{"values": object{"name": "Saw", "area": north}}).is(201)
	got := admin.seen(admin.get("/admin/zones/"+north)).remove("/admin/zones/"+north).problem(409, "zone.used")
	if !strings.Contains(got.text("detail"), "records") {
		t.Errorf("used by: %s", got.raw)
	}
	roles := admin.get("/admin/roles").is(200).list("roles")
	if len(roles) != 3 || roles[0]["key"] != "admin" || roles[0]["members"] != float64(1) {
		t.Errorf("roles: %v", roles)
	}
	s.in("one", func(tn *tenant.Tenant) {
		found, err := tn.Engine.Verify(t.Context())
		must(t, err)
		if len(found) > 0 {
			t.Errorf("verify: %v", found)
		}
	})
}

func TestTokensAreNarrowAndEnd(t *testing.T) {
	s := newSite(t)
	keeper, admin := s.as("one", "keeper"), s.as("one", "admin")
	keeper.post("/me/tokens", object{"name": "", "scopes": []string{"fly", "admin", "read:asset"}, "expiresAt": "2020-01-01T00:00:00Z"}).
		problem(422, "record.invalid", "/name field.required", "/scopes/0 auth.scopeUnknown", "/scopes/1 auth.scopeTooWide", "/expiresAt auth.expiry")
	keeper.post("/me/tokens", object{"name": "x", "scopes": []string{}}).problem(422, "record.invalid", "/scopes auth.scopes")
	made := keeper.post("/me/tokens", object{"name": "reader", "scopes": []string{"read:asset"}, "expiresAt": "2026-03-09T09:00:00Z"}).is(201)
	reader := s.bearing(made.text("token"))
	reader.get("/forms/asset/records").is(200)
	reader.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).problem(403, "record.mayNotCreate")
	reader.post("/me/password", object{"current": password, "new": "battery staple"}).problem(403, "access.scope")
	reader.post("/me/tokens", object{"name": "wider"}).problem(403, "access.scope")
	reader.post("/me/tokens", object{"name": "wider", "scopes": []string{"write"}}).problem(422, "record.invalid", "/scopes/0 auth.scopeTooWide")
	reader.remove("/me/tokens/"+made.text("id")).problem(403, "access.scope")
	writer := s.bearing(keeper.post("/me/tokens", object{"name": "writer", "scopes": []string{"write:asset"}}).is(201).text("token"))
	saw := writer.post("/forms/asset/records", object{"values": object{"name": "Saw"}}).is(201)
	writer.get("/forms/asset/records/" + saw.text("id")).is(200)

	list := keeper.get("/me/tokens").is(200)
	if n := len(list.list("tokens")); n != 3 || strings.Contains(string(list.raw), made.text("token")) {
		t.Errorf("tokens: %s", list.raw)
	}
	if n := len(keeper.get("/me/sessions").is(200).list("sessions")); n != 0 {
		t.Errorf("%d sessions", n)
	}
	keeperID, _ := keeper.get("/me").is(200).at("user").(object)["id"].(string)
	if n := len(admin.get("/admin/users/" + keeperID + "/grants").is(200).list("grants")); n != 3 {
		t.Errorf("%d grants of the keeper's, want 3", n)
	}
	// An administrator's narrow token is none; one with the scope is.
	s.bearing(admin.post("/me/tokens", object{"name": "r", "scopes": []string{"read"}}).is(201).text("token")).get("/admin/users").problem(403, "access.admin")
	s.bearing(admin.post("/me/tokens", object{"name": "a", "scopes": []string{"admin"}}).is(201).text("token")).get("/admin/users").is(200)

	keeper.remove("/me/tokens/" + made.text("id")).is(204)
	reader.get("/me").problem(401, "auth.tokenInvalid")
	keeper.remove("/me/tokens/"+made.text("id")).problem(404, "auth.grantUnknown")
	// Nobody ends another's.
	s.as("one", "viewer").remove("/me/tokens/"+made.text("id")).problem(404, "auth.grantUnknown")
	all := admin.get("/admin/tokens?limit=2").is(200)
	if len(all.list("tokens")) != 2 || all.text("next") == "" {
		t.Errorf("all tokens: %s", all.raw)
	}
	for _, one := range admin.get("/admin/tokens").is(200).list("tokens") {
		if one["name"] == "writer" {
			user, _ := one["user"].(string)
			id, _ := one["id"].(string)
			admin.remove("/admin/users/" + user + "/grants/" + id).is(204)
		}
	}
	writer.get("/me").problem(401, "auth.tokenInvalid")
	keeper.get("/me").is(200)
}

func TestOnlyAdministratorsKeepPeople(t *testing.T) {
	s := newSite(t)
	keeper, nobody := s.as("one", "keeper").with("If-Match", "x"), s.anyone()
	for _, route := range []string{
		"GET /admin/users", "POST /admin/users", "GET /admin/users/x", "PATCH /admin/users/x", "POST /admin/users/x/password",
		"GET /admin/users/x/grants", "DELETE /admin/users/x/grants/y", "GET /admin/tokens", "GET /admin/units", "POST /admin/units",
		"GET /admin/units/x", "PATCH /admin/units/x", "DELETE /admin/units/x", "GET /admin/zones", "POST /admin/zones",
		"GET /admin/zones/x", "PATCH /admin/zones/x", "DELETE /admin/zones/x", "GET /admin/roles", "GET /admin/audit",
	} {
		method, path, _ := strings.Cut(route, " ")
		var body any
		if method == "POST" || method == "PATCH" {
			body = object{"admin": true}
		}
		keeper.send(method, path, body).problem(403, "access.admin")
		nobody.send(method, path, body).problem(401, "auth.required")
	}
}
