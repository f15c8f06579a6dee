package publish_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/publish"
	"tidewater/engine/store"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

func bundle(version string, fields ...string) catalog.Bundle {
	label := `{"zh-CN": "甲", "en": "A"}`
	var properties []string
	for _, key := range append([]string{"name"}, fields...) {
		properties = append(properties, `"`+key+`": {"x-field": "text", "x-label": `+label+`, "x-index": true}`)
	}
	return catalog.Bundle{
		"app.json": []byte(`{"key": "library", "version": "` + version + `", "label": ` + label + `, "menu": ["book"]}`),
		"forms/book/form.json": []byte(`{"x-form": "book", "x-label": ` + label + `, "type": "object", "x-title": "name",
			"properties": {` + strings.Join(properties, ", ") + `}}`),
	}
}

// failing is a store whose preparation fails when asked to.
type failing struct {
	store.Store
	fails bool
}

func (f *failing) Prepare(ctx context.Context, forms []store.Form, progress func(done, total int)) error {
	if f.fails {
		return errors.New("no room for an index")
	}
	return f.Store.Prepare(ctx, forms, progress)
}

func open(t *testing.T, path string) (*publish.Service, *failing) {
	t.Helper()
	opened := teststore.Open(t, path, "t")
	t.Cleanup(func() { _ = opened.Close() })
	s := &failing{Store: opened}
	return service(t, s), s
}

func service(t *testing.T, s store.Store) *publish.Service {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) }
	p, err := publish.Open(t.Context(), publish.Config{Store: s, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func install(t *testing.T, p *publish.Service, b catalog.Bundle) {
	t.Helper()
	if _, err := p.Install(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// holds tells that a version with a field is what is published.
func holds(t *testing.T, p *publish.Service, version, field string) {
	t.Helper()
	c := p.Catalog()
	if c.App.Version != version {
		t.Errorf("version %q is published, want %q", c.App.Version, version)
	}
	if _, ok := c.Forms["book"].Field(value.FieldKey(field)); !ok {
		t.Errorf("no field %s in version %s", field, c.App.Version)
	}
}

func TestNothingPublishedIsAnEmptyCatalog(t *testing.T) {
	p, _ := open(t, filepath.Join(t.TempDir(), "a.db"))
	if forms := p.Catalog().Forms; len(forms) != 0 {
		t.Errorf("%d forms", len(forms))
	}
	if _, err := p.Rollback(t.Context()); fault.CodeOf(err) != "publish.unknownVersion" {
		t.Errorf("rolling back to nothing: %v", err)
	}
}

func TestInstallUpgradeRollBackAndReopen(t *testing.T) {
	p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	install(t, p, bundle("1.0.0"))
	holds(t, p, "1.0.0", "name")
	install(t, p, bundle("1.1.0", "shelf"))
	holds(t, p, "1.1.0", "shelf")
	holds(t, service(t, s), "1.1.0", "shelf")

	if _, err := p.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	holds(t, p, "1.0.0", "name")
	holds(t, service(t, s), "1.0.0", "name")
	// The same files again are no conflict: an install may be repeated.
	install(t, p, bundle("1.1.0", "shelf"))
	holds(t, p, "1.1.0", "shelf")
}

func TestWhateverFailsTheOldOneStays(t *testing.T) {
	p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	install(t, p, bundle("1.0.0"))

	broken := bundle("1.1.0")
	broken["forms/book/form.json"] = []byte(strings.Replace(string(broken["forms/book/form.json"]), `"text"`, `"nothing"`, 1))
	broken["app.json"] = []byte(strings.Replace(string(broken["app.json"]), "1.1.0", "one", 1))
	_, err := p.Install(t.Context(), broken)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "meta.invalid" || len(f.Issues) < 2 {
		t.Errorf("a broken bundle: %v, want all its faults at once", err)
	}
	holds(t, p, "1.0.0", "name")

	if _, err := p.Install(t.Context(), bundle("1.0.0", "shelf")); fault.CodeOf(err) != "app.installed" {
		t.Errorf("other files under the same version: %v", err)
	}
	holds(t, p, "1.0.0", "name")

	s.fails = true
	if _, err := p.Install(t.Context(), bundle("1.2.0", "shelf")); err == nil {
		t.Error("nobody says that the store could not be prepared")
	}
	holds(t, p, "1.0.0", "name")
	holds(t, service(t, s), "1.0.0", "name")
	s.fails = false
	install(t, p, bundle("1.2.0", "shelf"))
	holds(t, p, "1.2.0", "shelf")
}

func TestWhatIsKeptAndBrokenIsToldNotRun(t *testing.T) {
	for _, broken := range []struct{ collection, key, body string }{
		{"publish", "active", "{"},
		{"publish", "active", `{"number": 7}`},
		{"publication", "0000000001", "{"},
		{"publication", "0000000001", `{"number": 1, "documents": {"app.json": "nothing"}}`},
		{"publication", "0000000001", `{"number": 1, "documents": {}}`},
	} {
		p, s := open(t, filepath.Join(t.TempDir(), "a.db"))
		install(t, p, bundle("1.0.0"))
		item := store.Item{Key: broken.key, Body: []byte(broken.body)}
		if err := s.Save(t.Context(), broken.collection, item, store.AnyRevision); err != nil {
			t.Fatal(err)
		}
		_, err := publish.Open(t.Context(), publish.Config{Store: s, Clock: time.Now})
		if fault.CodeOf(err) != "store.corrupt" {
			t.Errorf("%v: %v, want store.corrupt", broken, err)
		}
	}
}

func TestACatalogInUseStaysAsItIs(t *testing.T) {
	p, _ := open(t, filepath.Join(t.TempDir(), "a.db"))
	install(t, p, bundle("1.0.0"))
	before := p.Catalog()
	forms := maps.Clone(before.Forms)
	install(t, p, bundle("1.1.0", "shelf"))
	if before.App.Version != "1.0.0" || !maps.Equal(before.Forms, forms) {
		t.Error("what somebody is using has changed")
	}
}

func TestAStoreFromBeforeNumbersIsTakenOver(t *testing.T) {
	_, s := open(t, filepath.Join(t.TempDir(), "a.db"))
	files, err := json.Marshal(map[string]any{"files": bundle("1.0.0", "shelf")})
	if err != nil {
		t.Fatal(err)
	}
	for key, body := range map[string]string{"library/1.0.0": string(files), "active": `{"key": "library/1.0.0"}`} {
		if err := s.Save(t.Context(), "bundle", store.Item{Key: key, Body: []byte(body)}, 0); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		holds(t, service(t, s), "1.0.0", "shelf")
	}
	if _, err := s.Load(t.Context(), "bundle", "active"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the old form stays: %v", err)
	}
}
