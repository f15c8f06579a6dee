package web_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"tidewater/runtime/web"
)

func app(t *testing.T) *web.Pages {
	t.Helper()
	pages, err := web.From(fstest.MapFS{
		"index.html":            {Data: []byte(`<script nonce="__NONCE__" src="/assets/app-1a2b.js"></script>`)},
		"icon.svg":              {Data: []byte(`<svg/>`)},
		"assets/app-1a2b.js":    {Data: []byte(`run()`)},
		"assets/app-1a2b.js.br": {Data: []byte(`packed`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func TestAPathOfTheAppGetsThePageWithANonceOfItsOwn(t *testing.T) {
	pages, seen := app(t), map[string]bool{}
	for _, path := range []string{"/", "/index.html", "/f/asset", "/f/asset/01M8", "/f/../d/home"} {
		got, ok := pages.Answer(path, true)
		body := string(got.Body)
		if !ok || got.CacheControl != "no-cache" || strings.Contains(body, "__NONCE__") {
			t.Fatalf("%s: %v %+v", path, ok, got)
		}
		nonce := strings.Split(body, `"`)[1]
		if seen[nonce] || !strings.Contains(got.Policy, "script-src 'nonce-"+nonce+"'") {
			t.Errorf("%s: nonce %q in %q", path, nonce, got.Policy)
		}
		seen[nonce] = true
	}
}

func TestFilesAreAnsweredAsTheirNamesSay(t *testing.T) {
	pages := app(t)
	for _, c := range []struct {
		path, body, kind, encoding, cache string
		brotli                            bool
	}{
		{path: "/assets/app-1a2b.js", brotli: true, body: "packed", kind: "text/javascript; charset=utf-8", encoding: "br", cache: "public, max-age=31536000, immutable"},
		{path: "/assets/app-1a2b.js", body: "run()", kind: "text/javascript; charset=utf-8", cache: "public, max-age=31536000, immutable"},
		{path: "/icon.svg", brotli: true, body: "<svg/>", kind: "image/svg+xml", cache: "no-cache"},
	} {
		got, ok := pages.Answer(c.path, c.brotli)
		if !ok || string(got.Body) != c.body || got.Type != c.kind || got.Encoding != c.encoding || got.CacheControl != c.cache {
			t.Errorf("%s: %v %q %+v", c.path, ok, got.Body, got)
		}
	}
}

func TestWhatTheAppHasNotIsNotFound(t *testing.T) {
	pages := app(t)
	for _, path := range []string{"/assets/app-0000.js", "/assets/", "/assets/x", "/robots.txt", "/assets/app-1a2b.js.br", "/../embed.go"} {
		if got, ok := pages.Answer(path, true); ok {
			t.Errorf("%s: %q", path, got.Body)
		}
	}
}

func TestABinaryHasAPageInAnyCase(t *testing.T) {
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	got, ok := pages.Answer("/", false)
	if !ok || !strings.Contains(string(got.Body), "Tidewater") {
		t.Errorf("%v %q", ok, got.Body)
	}
}
