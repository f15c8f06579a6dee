package http_test

import (
	"os"
	"path/filepath"
	"testing"

	"tidewater/runtime/web"
)

// A phone that puts the app among its own writes whose it is below the icon.
func TestTheManifestIsThatOfWhoeverAsks(t *testing.T) {
	s := newSite(t)
	app := t.TempDir()
	must(t, os.CopyFS(app, os.DirFS("testdata/app")))
	must(t, os.WriteFile(filepath.Join(app, "app.json"), []byte(`{"key": "assets", "version": "1.0.0", "label": {"zh-CN": "资产", "en": "Assets"}, "menu": ["asset"],
		"brand": {"name": {"zh-CN": "北风商贸", "en": "North Wind"}, "accent": "#0b6777"}}`), 0o600))
	s.furnishWith("north", app)
	north := s.as("north", "viewer")
	nobody := s.anyone()
	for _, c := range []struct {
		who          string
		asks         *caller
		name, colour string
	}{
		{"theirs, in Chinese", north.with("Accept-Language", "zh-CN"), "北风商贸", "#0b6777"},
		{"theirs, in English", north.with("Accept-Language", "en"), "North Wind", "#0b6777"},
		{"one without a brand", s.as("one", "viewer"), "Product", "#000000"},
		{"nobody", nobody, "Product", "#000000"},
		{"a session that is over", nobody.with("Cookie", "tw=north.gone.secret"), "Product", "#000000"},
		{"a token that never was", nobody.with("Authorization", "Bearer x"), "Product", "#000000"},
	} {
		got := c.asks.get(web.ManifestPath).is(200)
		if got.body["name"] != c.name || got.body["short_name"] != c.name || got.body["theme_color"] != c.colour || got.body["start_url"] != "/" {
			t.Errorf("%s: %s", c.who, got.raw)
		}
		if kind, kept := got.header.Get("Content-Type"), got.header.Get("Cache-Control"); kind != "application/manifest+json" || kept != "private, no-store" {
			t.Errorf("%s: %s, %s", c.who, kind, kept)
		}
	}
}
