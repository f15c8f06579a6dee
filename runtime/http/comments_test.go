package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

func TestComments(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	id := keeper.create(map[string]any{"name": "Saw", "owner": s.userID("one", "viewer")}).is(nethttp.StatusCreated).id()
	at := "/forms/asset/records/" + id + "/comments"
	viewer.told(1)
	body := map[string]any{"text": "Is it sharp, @viewer?", "mentions": []any{s.userID("one", "viewer")}}
	once := keeper.with("Idempotency-Key", "k1")
	made := once.post(at, body).is(nethttp.StatusCreated)
	if made.at("by", "title") != "keeper" || made.at("mine") != true {
		t.Errorf("%s", made.raw)
	}
	if again := once.post(at, body).is(nethttp.StatusCreated); again.at("id") != made.at("id") {
		t.Errorf("said twice: %s", again.raw)
	}
	once.post(at, map[string]any{"text": "Other"}).problem(nethttp.StatusUnprocessableEntity, "idempotency.otherBody")
	if got := viewer.told(2); !strings.Contains(got.raw, "keeper mentioned you in a comment on Saw (Asset).") || strings.Contains(got.raw, "sharp") {
		t.Errorf("%s", got.raw)
	}
	s.clock.add(time.Minute)
	viewer.post(at, map[string]any{"text": "Yes."}).is(nethttp.StatusCreated)
	page := keeper.get(at + "?limit=1").is(nethttp.StatusOK)
	next, _ := page.at("next").(string)
	if !strings.Contains(page.raw, "Yes.") || next == "" {
		t.Errorf("%s", page.raw)
	}
	if last := keeper.get(at + "?limit=1&after=" + next).is(nethttp.StatusOK); !strings.Contains(last.raw, "sharp") || last.at("next") != nil {
		t.Errorf("%s", last.raw)
	}
	// The neighbours' people are nobody here.
	keeper.post(at, map[string]any{"text": " ", "mentions": []any{s.userID("two", "viewer")}}).
		problem(nethttp.StatusUnprocessableEntity, "record.invalid", "/mentions comment.mentions", "/text comment.text")
	keeper.post(at, map[string]any{"text": "x", "more": 1}).is(nethttp.StatusBadRequest)
	one := at + "/" + made.at("id").(string)
	viewer.send("PATCH", one, map[string]any{"text": "No."}).problem(nethttp.StatusNotFound, "comment.unknown")
	file := keeper.with("Content-Type", "text/plain").post("/files?name=saw.txt", "sharp").is(nethttp.StatusCreated).id()
	filed := keeper.post(at, map[string]any{"text": "", "files": []any{file}}).is(nethttp.StatusCreated)
	if !strings.Contains(filed.raw, `"name":"saw.txt"`) {
		t.Errorf("%s", filed.raw)
	}
	viewer.get("/files/" + file).is(nethttp.StatusOK)
	s.as("two", "keeper").get("/files/" + file).is(nethttp.StatusNotFound)
	keeper.send("PATCH", one, map[string]any{"text": "Is it?", "files": []any{}}).is(nethttp.StatusBadRequest)
	if edited := keeper.send("PATCH", one, map[string]any{"text": "Is it blunt?"}).is(nethttp.StatusOK); edited.at("text") != "Is it blunt?" || edited.at("editedAt") == nil {
		t.Errorf("%s", edited.raw)
	}
	viewer.send("DELETE", one, nil).problem(nethttp.StatusNotFound, "comment.unknown")
	keeper.send("DELETE", one, nil).is(nethttp.StatusNoContent)
	keeper.send("DELETE", one, nil).problem(nethttp.StatusNotFound, "comment.unknown")
	s.as("two", "keeper").get(at).problem(nethttp.StatusNotFound, "record.notFound")
}

// TestMentions are of what one may read by now, and are read with their notice.
func TestMentions(t *testing.T) {
	s := newSite(t)
	keeper, viewer := s.as("one", "keeper"), s.as("one", "viewer")
	boat := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Gull", "skipper": s.userID("one", "viewer")}}).is(201)
	at := "/forms/boat/records/" + boat.id()
	for _, text := range []string{"Is she sound, @viewer?", "And clean, @viewer?"} {
		s.clock.add(time.Minute)
		keeper.post(at+"/comments", map[string]any{"text": text, "mentions": []any{s.userID("one", "viewer")}}).is(201)
	}
	next := ""
	only := func(path string) map[string]any {
		t.Helper()
		page := viewer.get(path).is(200)
		next, _ = page.at("next").(string)
		found, _ := page.at("mentions").([]any)
		if len(found) != 1 {
			t.Fatalf("%s", page.raw)
		}
		return found[0].(map[string]any)
	}
	if got := only("/mentions?limit=1"); got["text"] != "And clean, @viewer?" || next == "" {
		t.Errorf("%v, then %q", got, next)
	}
	last := "/mentions?limit=1&after=" + next
	first := only(last)
	by, _ := first["by"].(map[string]any)
	if first["text"] != "Is she sound, @viewer?" || by["title"] != "keeper" || first["form"] != "boat" || first["id"] != boat.id() ||
		first["title"] != "Gull" || first["at"] != "2026-03-02T09:01:00Z" || next != "" {
		t.Errorf("%v, then %q", first, next)
	}
	viewer.post("/notifications/read", map[string]any{"ids": []any{first["notice"]}}).is(200)
	if again := only(last); again["notice"] != nil || again["comment"] != first["comment"] {
		t.Errorf("%v", again)
	}
	if own := keeper.get("/mentions").is(200); own.raw != `{"mentions":[]}` {
		t.Errorf("nobody mentions the keeper: %s", own.raw)
	}
	viewer.get("/mentions?after=../x").problem(400, "cursor.invalid")
	viewer.get("/mentions?form=boat").is(400)
	made := keeper.post("/me/tokens", map[string]any{"name": "boats", "scopes": []string{"read:boat"}}).is(201)
	secret, _ := made.at("token").(string)
	s.anyone().with("Authorization", "Bearer "+secret).get("/mentions").problem(403, "access.scope")
	s.anyone().get("/mentions").is(401)
	// Of what viewers do not see they read no word.
	other := keeper.post("/forms/boat/records", map[string]any{"values": map[string]any{"name": "Tern", "skipper": s.userID("one", "keeper")}}).is(201)
	s.clock.add(time.Minute)
	keeper.post("/forms/boat/records/"+other.id()+"/comments", map[string]any{"text": "Hidden from @viewer", "mentions": []any{s.userID("one", "viewer")}}).is(201)
	if got := viewer.get("/mentions").is(200); strings.Contains(got.raw, "Hidden") || strings.Contains(got.raw, other.id()) || !strings.Contains(got.raw, "clean") {
		t.Errorf("%s", got.raw)
	}
}
