package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

func (w *world) viewsOf(actor value.ID) []engine.SavedView {
	w.Helper()
	found, err := w.Views(w.Context(), w.actor(actor), "asset")
	must(w, err)
	return found
}

// A view is its maker's alone until they share it, and only they change it; others use it with their own eyes.
func TestViewsAreKeptAndShared(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	ann := w.actor("ann")
	own, err := w.SaveView(t.Context(), ann, "asset", engine.SavedView{ID: "v1", Name: " Dear ones ", Filter: `{"and": []}`, Sort: "-name", Q: "crane"})
	must(t, err)
	if own.Name != "Dear ones" || !own.Mine || own.Version != 1 || own.By.ID != "ann" {
		t.Fatalf("%+v", own)
	}
	if got := w.viewsOf("ann"); len(got) != 1 || got[0].Sort != "-name" || got[0].Q != "crane" {
		t.Errorf("%+v", got)
	}
	if got := w.viewsOf("abe"); len(got) != 0 {
		t.Errorf("abe sees %+v", got)
	}
	shared := *own
	shared.Shared = &engine.Sharing{Roles: []string{"keeper"}}
	now, err := w.SaveView(t.Context(), ann, "asset", shared)
	must(t, err)
	if got := w.viewsOf("abe"); len(got) != 1 || got[0].Mine || got[0].By.Title != "ann" {
		t.Errorf("abe sees %+v", got)
	}
	if got := w.viewsOf("ann"); len(got) != 1 || !got[0].Mine {
		t.Errorf("ann sees %+v", got)
	}
	if got := w.viewsOf("boss"); len(got) != 0 {
		t.Errorf("the boss sees %+v", got)
	}
	theirs := *now
	theirs.Name = "Mine"
	if _, err := w.SaveView(t.Context(), w.actor("abe"), "asset", theirs); fault.CodeOf(err) != "view.unknown" {
		t.Errorf("abe changes it: %v", err)
	}
	if err := w.DropView(t.Context(), w.actor("abe"), "asset", "v1"); fault.CodeOf(err) != "view.unknown" {
		t.Errorf("abe takes it away: %v", err)
	}
	if _, err := w.SaveView(t.Context(), ann, "asset", engine.SavedView{ID: "v1", Name: "Late", Version: 7}); fault.CodeOf(err) != "view.stale" {
		t.Errorf("by what was seen long ago: %v", err)
	}
	// Taken back from the others it is hers alone again.
	back := *now
	back.Shared = nil
	_, err = w.SaveView(t.Context(), ann, "asset", back)
	must(t, err)
	if got := w.viewsOf("abe"); len(got) != 0 {
		t.Errorf("abe still sees %+v", got)
	}
	must(t, w.DropView(t.Context(), ann, "asset", "v1"))
	if got := w.viewsOf("ann"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// The columns of a view are kept as they were arranged, and so is what its records stand together by.
func TestViewsKeepColumns(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	ann := w.actor("ann")
	columns := []engine.ViewColumn{{Field: "createdAt", Pinned: true}, {Field: "name", Width: 320}}
	_, err := w.SaveView(t.Context(), ann, "asset", engine.SavedView{ID: "v1", Name: "Arranged", Columns: columns, Group: "name"})
	must(t, err)
	got := w.viewsOf("ann")
	if len(got) != 1 || !slices.Equal(got[0].Columns, columns) || got[0].Group != "name" {
		t.Errorf("%+v", got)
	}
}

func TestViewsAreRefused(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	ann := w.actor("ann")
	for _, c := range []struct {
		name string
		view engine.SavedView
		code string
	}{
		{"no name", engine.SavedView{Name: " "}, "view.invalid"},
		{"a name too long", engine.SavedView{Name: strings.Repeat("长", 61)}, "view.invalid"},
		{"no filter", engine.SavedView{Name: "x", Filter: "{"}, "view.invalid"},
		{"an unknown order", engine.SavedView{Name: "x", Sort: "nothing"}, "view.invalid"},
		{"by a field that is not there", engine.SavedView{Name: "x", Group: "nothing"}, "view.invalid"},
		{"with a column that is not there", engine.SavedView{Name: "x", Columns: []engine.ViewColumn{{Field: "nothing"}}}, "view.invalid"},
		{"with a column twice", engine.SavedView{Name: "x", Columns: []engine.ViewColumn{{Field: "name"}, {Field: "name"}}}, "view.invalid"},
		{"with a column too narrow", engine.SavedView{Name: "x", Columns: []engine.ViewColumn{{Field: "name", Width: 39}}}, "view.invalid"},
		{"with a column too wide", engine.SavedView{Name: "x", Columns: []engine.ViewColumn{{Field: "name", Width: 1201}}}, "view.invalid"},
		{"with too many columns", engine.SavedView{Name: "x", Columns: make([]engine.ViewColumn, 201)}, "view.invalid"},
		{"for a role that is not theirs", engine.SavedView{Name: "x", Shared: &engine.Sharing{Roles: []string{"boss"}}}, "view.mayNotShare"},
		{"for a unit that is not theirs", engine.SavedView{Name: "x", Shared: &engine.Sharing{Units: []value.ID{"u"}}}, "view.mayNotShare"},
		{"for nobody", engine.SavedView{Name: "x", Shared: &engine.Sharing{}}, "view.mayNotShare"},
	} {
		c.view.ID = "v"
		if _, err := w.SaveView(t.Context(), ann, "asset", c.view); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, err := w.Views(t.Context(), ann, "nothing")
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "form.unknown" {
		t.Errorf("%v", err)
	}
	for n := range 100 {
		_, err := w.SaveView(t.Context(), ann, "asset", engine.SavedView{ID: fmt.Sprint("v", n), Name: "x"})
		must(t, err)
	}
	if _, err := w.SaveView(t.Context(), ann, "asset", engine.SavedView{ID: "more", Name: "x"}); fault.CodeOf(err) != "view.tooMany" {
		t.Errorf("one too many: %v", err)
	}
}
