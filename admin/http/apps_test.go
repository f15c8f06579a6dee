package http_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"tidewater/engine/catalog"
)

// texts is a bundle as JSON carries it.
func texts(files catalog.Bundle) object {
	out := object{}
	for path, content := range files {
		out[path] = string(content)
	}
	return out
}

// upgraded is the app of testdata in its next version, where what it calls a name has another label.
func (s *site) upgraded() catalog.Bundle {
	files := s.app()
	replace := func(path, from, to string) {
		if !strings.Contains(string(files[path]), from) {
			s.t.Fatalf("no %q in %s", from, path)
		}
		files[path] = []byte(strings.Replace(string(files[path]), from, to, 1))
	}
	replace("app.json", "1.0.0", "1.1.0")
	replace("forms/asset/form.json", `"en": "Name"`, `"en": "Designation"`)
	files["roles/auditor.json"] = []byte(`{"key": "auditor", "label": {"zh-CN": "审计", "en": "Auditor"}, "forms": {"asset": {"read": {"scope": "all"}}}}`)
	return files
}

func zipped(t *testing.T, write func(w *zip.Writer)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write(w)
	must(t, w.Close())
	return out.Bytes()
}

func entry(t *testing.T, w *zip.Writer, path, content string) {
	t.Helper()
	f, err := w.Create(path)
	must(t, err)
	_, err = f.Write([]byte(content))
	must(t, err)
}

func TestAnUpgradeKeepsTheTenantsOwnChanges(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	// The tenant changes a role and the menu; the new version a form, and the version in app.json.
	admin.edit("/admin/drafts/roles/viewer.json", `"masked"`, `"hidden"`)
	admin.edit("/admin/drafts/app.json", `"en": "Assets"`, `"en": "Our things"`)
	admin.publish(object{})

	told := admin.post("/admin/apps/upgrade?dryRun=true", object{"files": texts(s.upgraded())}).is(200)
	if got := told.at("collisions"); len(got.([]any)) != 0 {
		t.Errorf("collisions: %v", got)
	}
	done := admin.post("/admin/apps/upgrade", object{"files": texts(s.upgraded())}).is(200)
	if done.at("version") != "1.1.0" || done.at("how") != "upgrade" {
		t.Errorf("upgrade: %s", done.raw)
	}
	for path, want := range map[string]string{
		"roles/viewer.json": `"hidden", "price"`, "app.json": "Our things", "forms/asset/form.json": "Designation", "roles/auditor.json": "auditor",
	} {
		if got := admin.get("/admin/drafts/" + path).is(200).text("content"); !strings.Contains(got, want) {
			t.Errorf("%s without %s: %s", path, want, got)
		}
	}
	installed := admin.get("/admin/apps").is(200).list("installed")
	if len(installed) != 1 || installed[0]["version"] != "1.1.0" || installed[0]["changed"] != float64(2) {
		t.Errorf("installed: %v", installed)
	}
	// Back as a whole.
	admin.rollback(object{})
	if got := admin.get("/admin/drafts/roles/viewer.json").is(200).text("content"); !strings.Contains(got, `"hidden", "price"`) {
		t.Errorf("rolled back too far: %s", got)
	}
	admin.get("/admin/drafts/roles/auditor.json").problem(404, "draft.unknown")
}

func TestCollisionsAreListedAndDecided(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	admin.edit(formPath, `"en": "Name"`, `"en": "Title"`)
	admin.publish(object{})
	files := texts(s.upgraded())
	admin.post("/admin/apps/upgrade", object{"files": files}).problem(409, "app.collisions", "forms/asset/form.json app.collision")
	if got := admin.post("/admin/apps/upgrade?dryRun=true", object{"files": files}).is(200).at("collisions"); got.([]any)[0] != "forms/asset/form.json" {
		t.Errorf("collisions: %v", got)
	}
	admin.post("/admin/apps/upgrade", object{"files": files, "resolve": object{"forms/asset/form.json": "ours"}}).problem(422, "bundle.invalid")
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 2 {
		t.Errorf("something was installed: %v", got)
	}
	admin.post("/admin/apps/upgrade", object{"files": files, "resolve": object{"forms/asset/form.json": "mine"}}).is(200)
	if got := admin.get(formPath).is(200).text("content"); !strings.Contains(got, "Title") {
		t.Errorf("not mine: %s", got)
	}
	// Decided once: the next upgrade of what the app does not change again asks nothing.
	next := s.upgraded()
	next["app.json"] = []byte(strings.Replace(string(next["app.json"]), "1.1.0", "1.2.0", 1))
	admin.post("/admin/apps/upgrade", object{"files": texts(next)}).is(200)
	if got := admin.get(formPath).is(200).text("content"); !strings.Contains(got, "Title") {
		t.Errorf("no longer mine: %s", got)
	}
}

func TestAnAppGoesOutAndComesInAsAnArchive(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	out := admin.get("/admin/apps/export").is(200)
	if kind := out.header.Get("Content-Type"); kind != "application/zip" {
		t.Errorf("type %q", kind)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.raw), int64(len(out.raw)))
	must(t, err)
	if len(archive.File) != len(s.app()) {
		t.Errorf("%d files, want %d", len(archive.File), len(s.app()))
	}
	other := s.as("two", "admin").with("Content-Type", "application/zip")
	// The same app again is no change.
	if got := other.post("/admin/apps/install", out.raw).is(200); got.at("number") != float64(1) {
		t.Errorf("installed again: %s", got.raw)
	}
	admin.edit(formPath, `"en": "Name"`, `"en": "Title"`)
	admin.publish(object{})
	changed := admin.get("/admin/apps/export").is(200)
	other.post("/admin/apps/install", changed.raw).problem(409, "app.installed")
	if shipped := admin.get("/admin/apps/export?shipped=true").is(200); !bytes.Equal(shipped.raw, out.raw) {
		t.Error("the app as it came has changed")
	}
	if got := admin.get("/admin/apps/export?format=json").is(200); !strings.Contains(got.text("files", "forms/asset/form.json"), "Title") {
		t.Errorf("as JSON: %s", got.raw)
	}
}

func TestMalformedBundlesAreRefused(t *testing.T) {
	s := newSite(t)
	admin := s.as("one", "admin")
	archives := admin.with("Content-Type", "application/zip")
	archives.post("/admin/apps/install", "no archive").problem(400, "bundle.malformed")
	archives.post("/admin/apps/install", []byte{}).is(400)
	admin.with("Content-Type", "text/plain").post("/admin/apps/install", "x").problem(415, "http.mediaType")
	escapes := zipped(t, func(w *zip.Writer) {
		entry(t, w, "app.json", "{}")
		for _, path := range []string{"../evil.json", "/etc/passwd", "roles/../../x.json", `roles\x.json`, "roles/x.exe", "roles/.x.json"} {
			entry(t, w, path, "{}")
		}
		link := &zip.FileHeader{Name: "roles/link.json"}
		link.SetMode(0o777 | 1<<27) // a symbolic link
		_, err := w.CreateHeader(link)
		must(t, err)
	})
	got := archives.post("/admin/apps/install", escapes).problem(422, "bundle.invalid",
		"../evil.json meta.file", "/etc/passwd meta.file", "roles/../../x.json meta.file", `roles\x.json meta.file`, "roles/.x.json meta.file", "roles/link.json meta.file")
	if n := len(got.issues()); n != 7 {
		t.Errorf("%d issues: %s", n, got.raw)
	}
	twice := zipped(t, func(w *zip.Writer) {
		entry(t, w, "app.json", "{}")
		entry(t, w, "app.json", "{}")
	})
	archives.post("/admin/apps/install", twice).problem(422, "bundle.invalid", "app.json meta.file")
	bomb := zipped(t, func(w *zip.Writer) {
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			entry(t, w, "demo/"+name, strings.Repeat("0", 4<<20))
		}
	})
	archives.post("/admin/apps/install", bomb).problem(413, "bundle.tooLarge")
	large := zipped(t, func(w *zip.Writer) { entry(t, w, "demo/a", strings.Repeat("0", 5<<20)) })
	archives.post("/admin/apps/install", large).problem(413, "bundle.tooLarge")
	archives.post("/admin/apps/install", bytes.Repeat([]byte("x"), 10<<20)).problem(413, "limit.body")

	admin.post("/admin/apps/install", object{"files": object{"../x": "{}", "app.json": 7}}).problem(422, "bundle.invalid")
	admin.post("/admin/apps/install", object{"files": object{"app.json": "{}"}}).problem(422, "meta.invalid")
	admin.post("/admin/apps/install", object{}).problem(422, "meta.invalid")
	admin.post("/admin/apps/install", object{"builtin": "../schemas"}).problem(404, "app.unknown")
	admin.post("/admin/apps/install", object{"builtin": "nothing"}).problem(404, "app.unknown")
	other := s.app()
	other["app.json"] = []byte(strings.Replace(string(other["app.json"]), `"assets"`, `"library"`, 1))
	admin.post("/admin/apps/install", object{"files": texts(other)}).problem(409, "app.other")
	if got := admin.get("/admin/versions").is(200).list("versions"); len(got) != 1 {
		t.Errorf("something was installed: %v", got)
	}
}
