package http_test

import (
	nethttp "net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/org"
	"tidewater/runtime/people"
)

// boss makes somebody of the tenant "one" with these roles, who administers it if so said.
func (s *site) boss(admin bool, roles ...string) *caller {
	s.t.Helper()
	ctx := s.t.Context()
	hash, err := s.signin.Passwords.Hash(ctx, password)
	must(s.t, err)
	entry, _ := s.tenants.ByName("one")
	t, release, err := s.tenants.Use(ctx, entry.ID)
	must(s.t, err)
	defer release()
	must(s.t, t.People.Change(ctx, func(d *people.Draft) error {
		u := org.User{ID: s.tenants.NewID(), Username: "boss", Name: "Boss", Roles: roles, Active: true, Admin: admin}
		d.PutUser(u)
		d.SetHash(u.ID, hash)
		return nil
	}))
	return s.as("one", "boss")
}

func (c *caller) sees(whom, reason string, minutes int) *response {
	return c.post("/me/viewing", map[string]any{"user": whom, "reason": reason, "minutes": minutes})
}

// Somebody sees what the other one sees, and not more than they do themselves; nothing is changed, the other one is
// told, and it ends with its time.
func TestSeeingTheAppAsSomebodyElse(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	id := keeper.create(map[string]any{"name": "Saw", "serial": "123456", "price": "9.50"}).is(201).id()
	boss := s.boss(true, "keeper")
	second := s.as("one", "boss")
	at, whom := "/forms/asset/records/"+id, s.userID("one", "viewer")
	unread, _ := viewer.get("/notifications").is(200).at("notifications").([]any)

	boss.post("/me/viewing", map[string]any{"user": whom, "reason": " ", "minutes": 61}).
		problem(422, "record.invalid", "/reason field.required", "/minutes viewing.minutes")
	boss.sees(whom, strings.Repeat("x", 301), 1).problem(422, "record.invalid", "/reason field.tooLong")
	boss.remove("/me/viewing").problem(409, "viewing.none")
	viewer.sees(s.userID("one", "keeper"), "curious", 5).problem(403, "viewing.mayNot")
	boss.sees("nobody", "curious", 5).problem(404, "user.unknown")
	boss.get(at).is(200)
	if boss.get("/me").is(200).at("mayView") != true || viewer.get("/me").is(200).at("mayView") != nil {
		t.Error("who may is told otherwise")
	}

	boss.sees(whom, "she cannot find the saw", 10).is(200)
	seen := boss.get("/me").is(200)
	if seen.at("user", "username") != "viewer" || seen.at("viewing", "by", "title") != "Boss" || seen.at("viewing", "reason") != "she cannot find the saw" {
		t.Errorf("%s", seen.raw)
	}
	if seen.at("viewing", "until") != "2026-03-02T09:10:00Z" || seen.at("mayView") != nil {
		t.Errorf("%s", seen.raw)
	}
	shown, hers := boss.get(at).is(200), viewer.get(at).is(200)
	if shown.at("values", "serial") != "****56" || shown.raw != hers.raw {
		t.Errorf("not what she sees: %s\n%s", shown.raw, hers.raw)
	}
	boss.get("/forms/asset/records?sort=price").is(viewer.get("/forms/asset/records?sort=price").status)
	boss.post("/forms/asset/query", map[string]any{}).is(200)
	boss.post("/forms/asset/aggregate", map[string]any{"metrics": []any{map[string]any{"op": "count"}}}).is(200)
	boss.get(at + "/history").is(200)
	if second.get("/me").is(200).at("user", "username") != "boss" {
		t.Error("another session of theirs sees as her, too")
	}

	notices, _ := viewer.get("/notifications").is(200).at("notifications").([]any)
	if len(notices) != len(unread)+1 || !strings.Contains(viewer.get("/notifications").raw, "Boss sees the app as you would, read only, until 2026-03-02 17:10. Reason: she cannot find the saw") {
		t.Errorf("she is not told: %v", notices)
	}
	s.clock.add(10*time.Minute - time.Second)
	boss.create(map[string]any{"name": "Axe"}).problem(403, "viewing.readOnly")
	s.clock.add(time.Second)
	if boss.get("/me").is(200).at("user", "username") != "boss" || boss.get(at).is(200).at("values", "serial") != "123456" {
		t.Error("it goes on beyond its time")
	}

	boss.sees(whom, "once more", 10).is(200)
	s.strip("boss")
	if got := boss.get("/me").status; got != 401 { // a change of rights ends sessions
		t.Errorf("status %d", got)
	}
}

// strip takes away what somebody of the tenant "one" administers.
func (s *site) strip(username string) {
	s.t.Helper()
	ctx := s.t.Context()
	entry, _ := s.tenants.ByName("one")
	t, release, err := s.tenants.Use(ctx, entry.ID)
	must(s.t, err)
	defer release()
	must(s.t, t.People.Change(ctx, func(d *people.Draft) error {
		u, _ := t.People.Org().UserByName(username)
		u.Admin = false
		d.PutUser(u)
		return nil
	}))
}

// What a viewer may not see stays out of sight, whatever the other one sees.
func TestNobodySeesMoreThroughSomebodyElse(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw", "serial": "123456", "price": "9.50"}).is(201).id()
	at, whom := "/forms/asset/records/"+id, s.userID("one", "keeper")
	file := keeper.with("Content-Type", "text/plain").post("/files?name=a.txt", "text").is(201).id()
	keeper.with("If-Match", "1").patch(at, map[string]any{"values": map[string]any{"notes": []any{map[string]any{"id": file}}}}).is(200)
	keeper.send("PUT", "/forms/asset/views/mine", map[string]any{"name": "Mine"})
	boss := s.boss(true, "viewer")

	boss.sees(whom, "to help", 10).is(200)
	shown := boss.get(at).is(200)
	if strings.Contains(shown.raw, "9.50") || strings.Contains(shown.raw, "123456") || strings.Contains(shown.raw, file) {
		t.Errorf("more than they may see: %s", shown.raw)
	}
	boss.get("/files/"+file).problem(404, "file.notFound")
	if history := boss.get(at + "/history").is(200).raw; strings.Contains(history, "9.50") || strings.Contains(history, "123456") {
		t.Errorf("more than they may see: %s", history)
	}
	boss.get("/forms/asset/records?sort=price").problem(nethttp.StatusUnprocessableEntity, "sort.invalid")
	boss.post("/forms/asset/aggregate", map[string]any{"metrics": []any{map[string]any{"op": "sum", "field": "price"}}}).problem(422, "aggregate.invalid")
	if found := boss.get("/forms/asset/records?q=12345").is(200); len(found.ids("records")) > 0 {
		t.Errorf("found by what is not seen: %s", found.raw)
	}
	// Administrators without a role see no record by anybody's eyes.
	boss.remove("/me/viewing").is(204)
	if boss.get("/me").is(200).at("viewing") != nil {
		t.Error("it has not ended")
	}
}

// Whatever changes something is refused while it lasts, and so is what is the other one's own.
func TestNothingIsChangedAsSomebodyElse(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	id := keeper.create(map[string]any{"name": "Saw"}).is(201).id()
	boss := s.boss(true, "keeper")
	boss.sees(s.userID("one", "keeper"), "to help", 60).is(200)
	with := strings.NewReplacer("{form}", "asset", "{id}", id, "{key}", "start", "{action}", "update", "{pool}", "harbour", "{kind}", "table", "{comment}", "none")
	reads := []string{"POST /forms/{form}/query", "POST /forms/{form}/aggregate", "POST /auth/login", "POST /auth/token", "POST /auth/logout", "DELETE /me/viewing"}
	refused := 0
	for _, op := range watch.All().Operations {
		if op.Method == "GET" || slices.Contains(reads, op.Method+" "+op.Path) || op.Open {
			continue
		}
		boss.send(op.Method, with.Replace(op.Path), map[string]any{}).problem(403, "viewing.readOnly")
		refused++
	}
	if refused < 30 {
		t.Errorf("only %d operations tried", refused)
	}
	for _, path := range []string{"/notifications", "/notifications/choices", "/me/sessions", "/me/tokens", "/mentions", "/forms/asset/records?with=followed"} {
		boss.get(path).problem(403, "viewing.private")
	}
	if got := boss.get("/forms/asset/records/" + id).is(200); got.at("version") != float64(1) || got.at("rights", "update") != false {
		t.Errorf("%s", got.raw)
	}
	boss.post("/auth/logout", nil).is(204)
	boss.get("/me").problem(401, "auth.tokenInvalid")
}
