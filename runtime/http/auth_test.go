package http_test

import (
	"strings"
	"testing"
	"time"

	"tidewater/engine/org"
	"tidewater/runtime/people"
	"tidewater/runtime/tenant"
)

func login(tenantName, username, password string) map[string]any {
	return map[string]any{"tenant": tenantName, "username": username, "password": password}
}

func TestNobodyGetsInWithoutSigningIn(t *testing.T) {
	s := newSite(t)
	s.anyone().get("/me").problem(401, "auth.required")
	s.anyone().with("Authorization", "Bearer x").get("/me").problem(401, "auth.tokenInvalid")
	s.anyone().with("Authorization", "Basic eDp5").get("/me").problem(401, "auth.tokenInvalid")
	s.anyone().with("Cookie", "tw=nonsense").get("/me").problem(401, "auth.expired")
	s.anyone().get("/forms/asset/records").problem(401, "auth.required")
}

func TestWrongTenantUserAndPasswordAreToldApartByNobody(t *testing.T) {
	s := newSite(t)
	wrong := []map[string]any{
		login("none", "keeper", password), login("one", "nobody", password), login("one", "keeper", "wrong"), login("", "", ""),
	}
	var details []string
	for _, body := range wrong {
		got := s.anyone().post("/auth/token", body).problem(401, "auth.failed")
		detail, _ := got.at("detail").(string)
		details = append(details, detail)
	}
	for _, detail := range details {
		if detail != details[0] {
			t.Errorf("%q and %q tell what was wrong", details[0], detail)
		}
	}
}

func TestTokenSaysWhoOneIs(t *testing.T) {
	s := newSite(t)
	me := s.as("one", "keeper").get("/me").is(200)
	if got := me.at("user", "username"); got != "keeper" {
		t.Errorf("user %v", got)
	}
	if got := me.at("zone"); got != "Asia/Shanghai" {
		t.Errorf("zone %v", got)
	}
	if got := me.at("forms", "asset", "create"); got != true {
		t.Errorf("may create: %v", got)
	}
	if got := s.as("one", "viewer").get("/me").is(200).at("forms", "asset", "create"); got != false {
		t.Errorf("viewer may create: %v", got)
	}
	s.anyone().with("Origin", s.url).post("/auth/token", login("one", "keeper", password)).problem(403, "auth.origin")
}

func TestSessionCookieIsBoundToThePage(t *testing.T) {
	s := newSite(t)
	s.anyone().with("Sec-Fetch-Site", "cross-site").post("/auth/login", login("one", "keeper", password)).problem(403, "auth.csrf")
	got := s.anyone().post("/auth/login", login("one", "keeper", password)).is(200)
	cookie := got.header.Get("Set-Cookie")
	for _, want := range []string{"tw=", "HttpOnly", "SameSite=Lax", "path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q without %s", cookie, want)
		}
	}
	pair, _, _ := strings.Cut(cookie, ";")
	browser := s.anyone().with("Cookie", pair)
	browser.get("/me").is(200)
	browser.create(map[string]any{"name": "x"}).problem(403, "auth.csrf")
	page := browser.with("X-Tidewater", "web")
	page.with("Origin", "https://elsewhere.example").create(map[string]any{"name": "x"}).problem(403, "auth.csrf")
	page.with("Sec-Fetch-Site", "same-site").create(map[string]any{"name": "x"}).problem(403, "auth.csrf")
	page.with("Origin", s.url).create(map[string]any{"name": "x"}).is(201)
	page.post("/auth/logout", nil).is(204)
	browser.get("/me").problem(401, "auth.expired")
	// A session's secret is no token.
	_, secret, _ := strings.Cut(pair, "=")
	s.anyone().with("Authorization", "Bearer "+secret).get("/me").problem(401, "auth.tokenInvalid")
}

func TestGuessingIsSlowedDownAndForgiven(t *testing.T) {
	s := newSite(t)
	for range 5 {
		s.anyone().post("/auth/token", login("one", "keeper", "wrong")).problem(401, "auth.failed")
	}
	got := s.anyone().post("/auth/token", login("one", "keeper", password)).problem(429, "auth.throttled")
	if after := got.header.Get("Retry-After"); after != "5" {
		t.Errorf("Retry-After %q, want 5", after)
	}
	// Unknown names are slowed down the same way; others are not.
	for range 5 {
		s.anyone().post("/auth/token", login("one", "nobody", "wrong")).problem(401, "auth.failed")
	}
	s.anyone().post("/auth/token", login("one", "nobody", "wrong")).problem(429, "auth.throttled")
	s.as("one", "viewer")

	s.clock.add(6 * time.Second)
	s.anyone().post("/auth/token", login("one", "keeper", "wrong")).problem(401, "auth.failed")
	got = s.anyone().post("/auth/token", login("one", "keeper", password)).problem(429, "auth.throttled")
	if after := got.header.Get("Retry-After"); after != "10" {
		t.Errorf("Retry-After %q, want twice as long", after)
	}
	s.clock.add(11 * time.Second)
	s.as("one", "keeper")
	s.anyone().post("/auth/token", login("one", "keeper", "wrong")).problem(401, "auth.failed")
}

func TestTokensEndWithTimeRolesAndPassword(t *testing.T) {
	s := newSite(t)
	old := s.as("one", "keeper")
	s.clock.add(31 * 24 * time.Hour)
	old.get("/me").problem(401, "auth.tokenInvalid")

	before := s.as("one", "keeper")
	s.change("keeper", func(u *org.User) { u.Roles = []string{"viewer"} })
	before.get("/me").problem(401, "auth.tokenInvalid")

	before = s.as("one", "keeper")
	const next = "battery staple"
	before.post("/auth/password", map[string]any{"current": "wrong", "new": next}).problem(422, "record.invalid", "/current auth.passwordWrong")
	before.post("/auth/password", map[string]any{"current": password, "new": "short"}).problem(422, "record.invalid", "/new auth.passwordShort")
	before.post("/auth/password", map[string]any{"current": password, "new": next}).is(204)
	before.get("/me").problem(401, "auth.tokenInvalid")
	s.anyone().post("/auth/token", login("one", "keeper", password)).problem(401, "auth.failed")
	s.anyone().post("/auth/token", login("one", "keeper", next)).is(200)

	viewer := s.as("one", "viewer")
	s.change("viewer", func(u *org.User) { u.Active = false })
	viewer.get("/me").problem(401, "auth.tokenInvalid")
	s.anyone().post("/auth/token", login("one", "viewer", password)).problem(401, "auth.failed")
}

// change changes a user of the tenant one as an operator would.
func (s *site) change(username string, do func(*org.User)) {
	s.t.Helper()
	s.in("one", func(t *tenant.Tenant) {
		user, _ := t.People.Org().UserByName(username)
		do(&user)
		must(s.t, t.People.Change(s.t.Context(), func(d *people.Draft) error {
			d.PutUser(user)
			return nil
		}))
	})
}

// in does something with an open tenant.
func (s *site) in(name string, do func(*tenant.Tenant)) {
	s.t.Helper()
	entry, _ := s.tenants.ByName(name)
	t, release, err := s.tenants.Use(s.t.Context(), entry.ID)
	must(s.t, err)
	defer release()
	do(t)
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	s := newSite(t)
	for _, got := range []*response{s.anyone().get("/healthz").is(200), s.anyone().get("/nowhere").problem(404, "http.notFound")} {
		for name, want := range map[string]string{
			"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			if value := got.header.Get(name); value != want {
				t.Errorf("%s: %q, want %q", name, value, want)
			}
		}
		if got.header.Get("X-Request-Id") == "" {
			t.Error("no trace id")
		}
	}
}

func TestSpellingANameOtherwiseIsNoNewGuess(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"keeper", "KEEPER", "ｋeeper", "kｅeper", "keｅper"} {
		s.anyone().post("/auth/token", login("one", name, "wrong")).problem(401, "auth.failed")
	}
	s.anyone().post("/auth/token", login("one", "ｋｅｅｐｅｒ", password)).problem(429, "auth.throttled")
}
