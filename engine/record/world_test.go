package record_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"tidewater/engine/catalog"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// world is a library with three people, on the embedded store, at noon of 31 March 2026 in Shanghai.
type world struct {
	*testing.T
	*record.Service
	now    time.Time
	people *org.Snapshot

	kim, vic, lib value.Actor // a keeper, a visitor, a librarian
	pat, eve, guy value.Actor // a porter who sees no shelves, a visitor who sees more of plain books, a guest
	cat           value.Actor // a clerk, who works with books and sees neither what they cost nor who sold them
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, nil)
}

// newWorldWith is newWorld with words of some forms replaced: by form, what stands there and what instead, in turns.
func newWorldWith(t *testing.T, edits map[value.FormKey][]string) *world {
	t.Helper()
	w := &world{T: t, now: time.Date(2026, 3, 31, 4, 0, 0, 0, time.UTC)}
	bundle, err := catalog.LoadFS(os.DirFS("testdata/library"))
	if err != nil {
		t.Fatal(err)
	}
	for form, edit := range edits {
		path := "forms/" + string(form) + "/form.json"
		for n := 0; n < len(edit); n += 2 {
			if !strings.Contains(string(bundle[path]), edit[n]) {
				t.Fatalf("%s has no %s", path, edit[n])
			}
		}
		bundle[path] = []byte(strings.NewReplacer(edit...).Replace(string(bundle[path])))
	}
	compiled, issues := catalog.Compile(bundle)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	people, err := org.NewSnapshot(1, []org.User{
		{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		{ID: "vic", Username: "vic", Name: "Vic", Roles: []string{"visitor"}, Active: true, Locale: "en"},
		{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true, Locale: "en"},
		{ID: "pat", Username: "pat", Name: "Pat", Roles: []string{"porter"}, Active: true, Locale: "en"},
		{ID: "eve", Username: "eve", Name: "Eve", Roles: []string{"visitor", "reader"}, Active: true, Locale: "en"},
		{ID: "guy", Username: "guy", Name: "Guy", Roles: []string{"guest"}, Active: true, Locale: "en"},
		{ID: "cat", Username: "cat", Name: "Cat", Roles: []string{"clerk"}, Active: true, Locale: "en"},
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.people = people
	w.pat, _ = people.Actor("pat")
	w.eve, _ = people.Actor("eve")
	w.guy, _ = people.Actor("guy")
	w.cat, _ = people.Actor("cat")
	w.kim, _ = people.Actor("kim")
	w.vic, _ = people.Actor("vic")
	w.lib, _ = people.Actor("lib")
	st := teststore.Open(t, filepath.Join(t.TempDir(), "library.db"), "library")
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := st.Prepare(t.Context(), compiled.Layouts(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	calendar, err := org.China()
	if err != nil {
		t.Fatal(err)
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	w.Service = record.New(record.Config{
		Store: st, Catalog: func() *catalog.Catalog { return compiled }, Org: func() *org.Snapshot { return w.people },
		Clock: func() time.Time { w.now = w.now.Add(time.Second); return w.now }, NewID: func() value.ID { return value.ID(ulid.Make().String()) },
		Zone: shanghai, Calendar: func() *org.Calendar { return calendar },
	})
	return w
}

// values reads JSON as the edge does, with numbers kept as text.
func (w *world) values(text string) map[string]any {
	w.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var out map[string]any
	if err := decoder.Decode(&out); err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) create(actor value.Actor, form value.FormKey, text string) *record.View {
	w.Helper()
	view, err := w.Create(context.Background(), actor, form, record.Input{Values: w.values(text)})
	if err != nil {
		w.Fatalf("create %s: %v", form, err)
	}
	return view
}

// follow lets everything catch up that follows from changes, and verifies the whole.
func (w *world) follow() {
	w.Helper()
	for {
		n, err := w.Follow(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	differences, err := w.Verify(w.Context())
	if err != nil || len(differences) > 0 {
		w.Fatalf("verify: %v %v", differences, err)
	}
}

// same holds a value in wire form against what JSON says it should be.
func (w *world) same(what string, got any, want string) {
	w.Helper()
	text, err := json.Marshal(got)
	if err != nil {
		w.Fatal(err)
	}
	if string(text) != want {
		w.Errorf("%s: got %s, want %s", what, text, want)
	}
}
