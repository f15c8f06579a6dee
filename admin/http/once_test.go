package http_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/runtime/once"
	"tidewater/runtime/tenant"
)

// TestARequestSentAgainIsCarriedOutOnce sends everything that administrators make twice under one key: nothing
// is made twice, and what is told once is told to its sender again.
func TestARequestSentAgainIsCarriedOutOnce(t *testing.T) {
	s := newSite(t)
	plain := s.as("one", "admin")
	admin := plain.with("Idempotency-Key", "k-1")
	kim, _ := plain.makeUser(object{"username": "kim", "name": "Kim"})
	for name, it := range map[string]struct {
		path        string
		body, other any
		answer      []string // where the answers must agree
		list        string   // counted before and after
		made        int
	}{
		"user": {
			"/admin/users", object{"username": "anna", "name": "Anna"}, object{"username": "ann", "name": "Ann"},
			[]string{"password"}, "users", 1,
		},
		"password": {"/admin/users/" + kim + "/password", nil, object{"note": "another"}, []string{"password"}, "users", 0},
		"unit":     {"/admin/units", object{"name": english("Yard")}, object{"name": english("Shed")}, []string{"id"}, "units", 1},
		"zone":     {"/admin/zones", object{"key": "east", "name": english("East")}, object{"key": "west", "name": english("West")}, []string{"id"}, "zones", 1},
		"token":    {"/me/tokens", object{"name": "scales"}, object{"name": "robot"}, []string{"id", "token"}, "tokens", 1},
	} {
		t.Run(name, func(t *testing.T) {
			list := strings.Replace(it.path, "/users/"+kim+"/password", "/users", 1)
			before := len(plain.get(list).is(200).list(it.list))
			first, again := admin.post(it.path, it.body), admin.post(it.path, it.body)
			if first.status/100 != 2 || again.status != first.status {
				t.Fatalf("first %d %s, again %d %s", first.status, first.raw, again.status, again.raw)
			}
			for _, part := range it.answer {
				if first.text(part) == "" || first.text(part) != again.text(part) {
					t.Errorf("%s: first %q, again %q", part, first.text(part), again.text(part))
				}
			}
			if n := len(plain.get(list).is(200).list(it.list)); n != before+it.made {
				t.Errorf("%d %s, want %d", n, it.list, before+it.made)
			}
			admin.post(it.path, it.other).problem(422, "idempotency.otherBody")
		})
	}
}

func TestAPublicationAskedForAgainIsTheSameJob(t *testing.T) {
	s := newSite(t)
	plain := s.as("one", "admin")
	plain.edit(formPath, `"bought"`, shelf)
	admin := plain.with("Idempotency-Key", "k-1")
	asked := admin.post("/admin/publish", object{"note": "shelves"}).is(202)
	plain.published(asked)
	if again := admin.post("/admin/publish", object{"note": "shelves"}).is(202); again.text("id") != asked.text("id") {
		t.Errorf("published by %s, and again by %s", asked.raw, again.raw)
	}
	plain.post("/admin/publish", object{"note": "shelves"}).problem(409, "publish.nothing")
	back := admin.post("/admin/rollback", object{}).is(202)
	plain.published(back)
	if again := admin.post("/admin/rollback", object{}).is(202); again.text("id") != back.text("id") {
		t.Errorf("rolled back by %s, and again by %s", back.raw, again.raw)
	}
	if n := len(plain.get("/admin/versions").is(200).list("versions")); n != 3 {
		t.Errorf("%d versions", n)
	}
}

func TestTheSameRequestTwiceAtOnceMakesOnePerson(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin").with("Idempotency-Key", "k-1")
	answers := make([]*response, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = admin.post("/admin/users", object{"username": "anna", "name": "Anna"}) })
	}
	all.Wait()
	for _, got := range answers {
		if got.is(201).text("password") != answers[0].text("password") {
			t.Errorf("answers differ: %s, %s", answers[0].raw, got.raw)
		}
	}
	s.with("one", "anna", answers[0].text("password"))
}

// TestASecretRestsSealed looks for what was told once in what the store keeps of the answer.
func TestASecretRestsSealed(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin").with("Idempotency-Key", "k-1")
	told := admin.post("/admin/users", object{"username": "anna", "name": "Anna"}).is(201).text("password")
	s.in("one", func(in *tenant.Tenant) {
		items, err := in.Store.Scan(t.Context(), once.Collection, "", "", 10)
		must(t, err)
		if len(items) != 1 {
			t.Fatalf("%d answers kept", len(items))
		}
		if kept := string(items[0].Body); strings.Contains(kept, told) || strings.Contains(kept, "k-1") || strings.Contains(items[0].Key, "k-1") {
			t.Errorf("kept in the open: %s %s", items[0].Key, kept)
		}
	})
	// A day later the key is free again, and the name is not.
	s.clock.add(25 * time.Hour)
	admin.post("/admin/users", object{"username": "anna", "name": "Anna"}).problem(422, "record.invalid", "/username user.usernameTaken")
	admin.post("/admin/users", object{"username": "berta", "name": "Berta"}).is(201)
}
