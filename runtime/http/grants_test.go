package http_test

import (
	"slices"
	"testing"
)

// TestOnesOwnSessionsAndTokens lists, makes and ends them.
func TestOnesOwnSessionsAndTokens(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	s.anyone().post("/auth/login", login("one", "keeper", password)).is(200)
	sessions := keeper.get("/me/sessions").is(200).ids("sessions")
	if len(sessions) != 1 {
		t.Fatalf("%d sessions, want 1", len(sessions))
	}
	keeper.remove("/me/sessions/" + sessions[0]).is(204)
	if left := keeper.get("/me/sessions").is(200).ids("sessions"); len(left) > 0 {
		t.Errorf("%v is left", left)
	}

	made := keeper.post("/me/tokens", map[string]any{"name": "scales", "scopes": []string{"read"}}).is(201)
	secret, _ := made.at("token").(string)
	scales := s.anyone().with("Authorization", "Bearer "+secret)
	scales.get("/me").is(200)
	scales.create(map[string]any{"name": "Saw"}).problem(403, "record.mayNotCreate")
	if listed := keeper.get("/me/tokens").is(200).ids("tokens"); !slices.Contains(listed, made.id()) || len(listed) != 2 {
		t.Errorf("tokens %v, want one's own and %s", listed, made.id())
	}
	keeper.remove("/me/tokens/" + made.id()).is(204)
	scales.get("/me").problem(401, "auth.tokenInvalid")

	keeper.post("/me/password", map[string]any{"current": password, "new": "battery staple"}).is(204)
	keeper.get("/me").problem(401, "auth.tokenInvalid")
}

// TestATokenThatReadsChangesNothing neither keeps files nor ends jobs.
func TestATokenThatReadsChangesNothing(t *testing.T) {
	s := newSite(t)
	keeper := s.as("one", "keeper")
	narrowed := func(c *caller, scope string) *caller {
		made := c.post("/me/tokens", map[string]any{"name": scope, "scopes": []string{scope}}).is(201)
		secret, _ := made.at("token").(string)
		return s.anyone().with("Authorization", "Bearer "+secret)
	}
	began := keeper.post("/forms/asset/actions/delete", map[string]any{"filter": map[string]any{"field": "kind", "op": "eq", "value": "book"}}).is(202)
	keeper.ended(began.header.Get("Location"))

	reads := narrowed(keeper, "read")
	reads.with("Content-Type", "text/plain").post("/files?name=a.txt", "text").problem(403, "access.scope")
	reads.post("/jobs/"+began.id()+"/cancel", nil).problem(403, "access.scope")
	reads.get("/jobs/" + began.id()).is(200)
	writes := narrowed(keeper, "write:asset")
	writes.with("Content-Type", "text/plain").post("/files?name=a.txt", "text").is(201)
	writes.post("/jobs/"+began.id()+"/cancel", nil).is(200)
}

// TestADashboardIsForItsRoles is seen by keepers alone.
func TestADashboardIsForItsRoles(t *testing.T) {
	s := newSite(t)
	if got := s.as("one", "keeper").get("/dashboards/start").is(200).at("key"); got != "start" {
		t.Errorf("key %v", got)
	}
	s.as("one", "viewer").get("/dashboards/start").problem(404, "dashboard.unknown")
}

// ids are those of the objects in a list.
func (r *response) ids(list string) []string {
	r.t.Helper()
	out := []string{}
	all, _ := r.at(list).([]any)
	for _, one := range all {
		object, _ := one.(map[string]any)
		id, _ := object["id"].(string)
		out = append(out, id)
	}
	return out
}
