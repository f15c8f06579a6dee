package http_test

import (
	"strings"
	"testing"
)

// TestWhatIsNoRequestIsAnsweredLikeTheRest has the headers of every answer also where the framework refuses
// before any of our code is asked.
func TestWhatIsNoRequestIsAnsweredLikeTheRest(t *testing.T) {
	s := newSite(t)
	got := s.anyone().with("X-Long", strings.Repeat("x", 20<<10)).get("/me").problem(413, "limit.body")
	for name, want := range map[string]string{
		"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		if have := got.header.Get(name); have != want {
			t.Errorf("%s is %q, want %q", name, have, want)
		}
	}
}
