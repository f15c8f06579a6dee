package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

// A person says themselves when they are away and who stands in; the deputy reads and changes what is theirs then.
func TestOnesOwnAbsence(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	me, deputy := s.userID("one", "viewer"), s.userID("one", "keeper")
	boat := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull"}}).is(201)
	if boat.at("rights", "update") != true {
		t.Fatal(boat.raw)
	}
	before := viewer.get("/me/absence").is(200)
	if before.raw != `{"away":[],"standsIn":[]}` {
		t.Errorf("%s", before.raw)
	}
	set := func(tag string, away ...any) *response {
		return viewer.with("If-Match", tag).send("PUT", "/me/absence", map[string]any{"away": append([]any{}, away...)})
	}
	span := func(from, to, deputy string) map[string]any {
		return map[string]any{"from": from, "to": to, "deputy": deputy}
	}
	tag := before.header.Get("ETag")
	set(tag, span("2026-03-05", "2026-03-02", "")).problem(422, "record.invalid", "/away/0 org.away")
	set(tag, span("2026-03-02", "2026-03-05", me)).problem(422, "record.invalid", "/away/0/deputy org.ownDeputy")
	set(tag, span("2026-03-02", "2026-03-05", "nobody")).problem(422, "record.invalid", "/away/0/deputy org.userMissing")
	set(tag, span("2026-03-02", "2026-03-05", ""), span("2026-03-05", "2026-03-06", "")).problem(422, "record.invalid", "/away/1 user.awayTwice")
	set(tag, span("soon", "later", "")).is(422)
	viewer.send("PUT", "/me/absence", map[string]any{"away": []any{}}).problem(nethttp.StatusPreconditionRequired, "record.versionRequired")
	said := set(tag, span("2026-03-02", "2026-03-05", deputy), span("2026-02-01", "2026-02-02", deputy)).is(200)
	if !strings.HasPrefix(said.raw, `{"away":[{"person":{"id":"`+me+`","title":"viewer"},"from":"2026-02-01"`) {
		t.Errorf("%s", said.raw)
	}
	set(tag).problem(409, "office.stale")
	mine := keeper.get("/me/absence").is(200)
	if list, _ := mine.at("standsIn").([]any); len(list) != 1 || !strings.Contains(mine.raw, `"from":"2026-03-02","to":"2026-03-05"`) {
		t.Errorf("%s", mine.raw)
	}
	s.clock.add(4 * 24 * time.Hour)
	if list, _ := keeper.get("/me/absence").is(200).at("standsIn").([]any); len(list) != 0 {
		t.Errorf("still: %v", list)
	}
	// It is not for tokens of narrowed scopes.
	made := viewer.post("/me/tokens", map[string]any{"name": "n", "scopes": []string{"read"}}).is(201)
	secret, _ := made.at("token").(string)
	s.anyone().with("Authorization", "Bearer "+secret).get("/me/absence").problem(403, "access.scope")
}
