package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// said are the texts of a record's comments as somebody reads them, page by page.
func (w *world) said(who value.ID, at record.Name) []engine.Comment {
	w.Helper()
	var out []engine.Comment
	for after := ""; ; {
		page, next, err := w.Comments(w.Context(), w.actor(who), at, after, 2)
		must(w, err)
		out = append(out, page...)
		if after = next; after == "" {
			return out
		}
	}
}

func (w *world) says(who value.ID, at record.Name, text string, mentions ...value.ID) engine.Comment {
	w.Helper()
	c, err := w.Comment(w.Context(), w.actor(who), at, engine.Remark{Text: text, Mentions: mentions})
	must(w, err)
	return c
}

func texts(all []engine.Comment) string {
	var out []string
	for _, c := range all {
		out = append(out, c.By.Title+": "+c.Text)
	}
	return strings.Join(out, "; ")
}

func TestPeopleCommentOnWhatTheyMayRead(t *testing.T) {
	w := newWorld(t)
	w.hire(
		org.User{ID: "ned", Username: "ned", Name: "Ned", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		org.User{ID: "old", Username: "old", Name: "Old", Roles: []string{"librarian"}, Locale: "en"},
	)
	book := w.make("kim", "book", map[string]any{"title": "Tides"}) // kim's own: ned does not see it, lib sees all
	at := record.Name{Form: "book", ID: book.ID}
	first := w.says("kim", at, " Look at this, @Lib and @Ned \n", "lib", "ned", "kim", "lib", "old")
	if len(first.Mentions) != 4 || !first.Mine || first.Text != "Look at this, @Lib and @Ned" {
		t.Errorf("%+v", first)
	}
	w.pass(time.Minute)
	w.says("lib", at, "Seen.")
	w.pass(time.Minute)
	w.says("kim", at, "Thanks.")
	if got := texts(w.said("lib", at)); got != "Kim: Thanks.; Lib: Seen.; Kim: Look at this, @Lib and @Ned" {
		t.Error(got)
	}
	// Whoever may not read the record is not told of it, nor is the writer.
	w.hears("lib", "Kim mentioned you in a comment on Tides (Book).")
	w.hears("ned")
	w.hears("kim", "Lib commented on Tides (Book).") // hers; not of her own
	ned := w.actor("ned")
	_, _, list := w.Comments(t.Context(), ned, at, "", 10)
	_, say := w.Comment(t.Context(), ned, at, engine.Remark{Text: "x"})
	for _, err := range []error{list, say, w.DropComment(t.Context(), ned, at, first.ID)} {
		if fault.CodeOf(err) != "record.notFound" {
			t.Errorf("ned: %v", err)
		}
	}
	if got := w.get("book", book.ID); got.Version != book.Version {
		t.Error("a comment changes the record")
	}
	// One's own can be taken back.
	must(t, w.DropComment(t.Context(), w.actor("kim"), at, first.ID))
	for _, id := range []string{first.ID, "", "x/y", "\x00"} {
		if err := w.DropComment(t.Context(), w.actor("kim"), at, id); fault.CodeOf(err) != "comment.unknown" {
			t.Errorf("%q: %v", id, err)
		}
	}
	if got := texts(w.said("kim", at)); got != "Kim: Thanks.; Lib: Seen." {
		t.Error(got)
	}
	w.clean()
}

func TestCommentsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	at := record.Name{Form: "book", ID: w.make("kim", "book", map[string]any{"title": "Tides"}).ID}
	many := make([]value.ID, 21)
	for n := range many {
		many[n] = value.ID(fmt.Sprint("u", n))
	}
	for _, c := range []struct {
		in   engine.Remark
		path string
	}{
		{engine.Remark{Text: " \n"}, "/text"}, {engine.Remark{Text: strings.Repeat("海", 5001)}, "/text"},
		{engine.Remark{Text: "x", Mentions: []value.ID{"nobody"}}, "/mentions"}, {engine.Remark{Text: "x", Mentions: many}, "/mentions"},
	} {
		_, err := w.Comment(t.Context(), w.actor("kim"), at, c.in)
		f, _ := err.(*fault.Error) //nolint:errorlint // it is the outermost
		if f == nil || len(f.Issues) != 1 || f.Issues[0].Path != c.path {
			t.Errorf("%+v: %v", c.in.Mentions, err)
		}
	}
	w.says("kim", at, strings.Repeat("海", 5000))
	narrow := w.actor("kim")
	narrow.Scopes = []string{"read"}
	if _, err := w.Comment(t.Context(), narrow, at, engine.Remark{Text: "x"}); fault.CodeOf(err) != "access.scope" {
		t.Errorf("a token for reading writes: %v", err)
	}
	if _, err := w.Comment(t.Context(), value.SystemActor("test"), at, engine.Remark{Text: "x"}); fault.CodeOf(err) != "access.scope" {
		t.Errorf("the system comments: %v", err)
	}
	for _, odd := range []record.Name{{Form: "none", ID: at.ID}, {Form: "book", ID: "none"}, {Form: "book", ID: "a/b"}, {Form: "book"}} {
		if _, _, err := w.Comments(t.Context(), w.actor("lib"), odd, "", 10); fault.CodeOf(err) != "record.notFound" {
			t.Errorf("%v: %v", odd, err)
		}
	}
	if _, _, err := w.Comments(t.Context(), w.actor("kim"), at, "../x", 10); fault.CodeOf(err) != "cursor.invalid" {
		t.Error(err)
	}
}

// A request that is sent again says what it said once; what was said goes when the record goes for good.
func TestACommentIsMadeOnceAndGoesWithItsRecord(t *testing.T) {
	w := newWorld(t)
	book := w.make("lib", "book", map[string]any{"title": "Tides", "keeper": "kim"})
	at := record.Name{Form: "book", ID: book.ID}
	once := &record.Once{Key: "k", Route: "POST x", Hash: []byte("h")}
	one, err := w.Comment(t.Context(), w.actor("lib"), at, engine.Remark{Text: "Once", Mentions: []value.ID{"kim"}, Once: once})
	must(t, err)
	w.pass(time.Minute)
	again, err := w.Comment(t.Context(), w.actor("lib"), at, engine.Remark{Text: "Once", Mentions: []value.ID{"kim"}, Once: once})
	must(t, err)
	if again.ID != one.ID || !again.At.Equal(one.At) || len(w.said("lib", at)) != 1 {
		t.Errorf("%+v and %+v", one, again)
	}
	if got := w.told("kim"); len(got) != 2 || got[0] != "Lib mentioned you in a comment on Tides (Book)." {
		t.Errorf("kim was told %v", got)
	}
	other := *once
	other.Hash = []byte("another")
	if _, err := w.Comment(t.Context(), w.actor("lib"), at, engine.Remark{Text: "Other", Once: &other}); fault.CodeOf(err) != "idempotency.otherBody" {
		t.Errorf("another body: %v", err)
	}
	must(t, w.Records.Delete(t.Context(), w.actor("lib"), "book", book.ID, book.Version, ""))
	if _, _, err := w.Comments(t.Context(), w.actor("lib"), at, "", 10); fault.CodeOf(err) != "record.notFound" {
		t.Errorf("of a record in the bin: %v", err)
	}
	must(t, w.Records.Purge(t.Context(), w.actor("lib"), "book", book.ID, nil))
	w.told("lib")
	items, err := w.store.Scan(t.Context(), "comment", "", "", 10)
	must(t, err)
	if len(items) != 0 {
		t.Errorf("%d comments are left", len(items))
	}
}
