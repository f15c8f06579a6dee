package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// mentions are the comments that mention somebody, page by page.
func (w *world) mentions(who value.ID) []engine.Mention {
	w.Helper()
	var out []engine.Mention
	for after := ""; ; {
		page, next, err := w.Mentions(w.Context(), w.actor(who), after, 2)
		must(w, err)
		out = append(out, page...)
		if after = next; after == "" {
			return out
		}
	}
}

// mentionedIn holds what mentions somebody: each the record's title, who said it and what; a star where it is not read.
func (w *world) mentionedIn(who value.ID, want ...string) {
	w.Helper()
	var got []string
	for _, one := range w.mentions(who) {
		line := one.Title + " " + one.By.Title + ": " + one.Text
		if one.Notice != "" {
			line += " *"
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		w.Errorf("%s is mentioned in %q, want %q", who, got, want)
	}
}

func TestWhoeverIsMentionedFindsItInOnePlace(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("lib", "book", map[string]any{"title": "Tides", "keeper": "kim"}) // neither ned's nor his to see
	dunes := w.make("kim", "book", map[string]any{"title": "Dunes"})
	atTides, atDunes := record.Name{Form: "book", ID: tides.ID}, record.Name{Form: "book", ID: dunes.ID}
	w.twice = true
	w.says("lib", atTides, "First, @Kim and @Ned and @Lib", "kim", "ned", "lib")
	w.pass(time.Minute)
	second := w.says("eve", atDunes, "Second, @Kim", "kim")
	w.pass(time.Minute)
	w.says("eve", atDunes, "Of nobody")
	w.pass(time.Minute)
	w.says("lib", atDunes, strings.Repeat("海", 300), "kim")
	long := "Dunes Lib: " + strings.Repeat("海", 239) + "… *"
	w.mentionedIn("kim", long, "Dunes Eve: Second, @Kim *", "Tides Lib: First, @Kim and @Ned and @Lib *")
	w.mentionedIn("ned") // until he may read the record
	w.mentionedIn("lib") // not by oneself
	// It is read with its notice.
	all := w.mentions("kim")
	must(t, w.ReadNotices(t.Context(), w.actor("kim"), []string{all[1].Notice}, false))
	w.mentionedIn("kim", long, "Dunes Eve: Second, @Kim", "Tides Lib: First, @Kim and @Ned and @Lib *")
	if all[1].Comment != second.ID || all[1].ID != dunes.ID || all[1].Form != "book" || !all[1].At.Equal(second.At) {
		t.Errorf("%+v", all[1])
	}
	// Who comes to read the record finds it, and who no longer does finds it no longer.
	w.amend("lib", tides, map[string]any{"keeper": "ned"})
	w.mentionedIn("ned", "Tides Lib: First, @Kim and @Ned and @Lib")
	w.mentionedIn("kim", long, "Dunes Eve: Second, @Kim")
	for _, c := range []struct {
		after, code string
		actor       value.Actor
	}{{"../x", "cursor.invalid", w.actor("kim")}, {"", "access.scope", value.SystemActor("test")}} {
		if _, _, err := w.Mentions(t.Context(), c.actor, c.after, 2); fault.CodeOf(err) != c.code {
			t.Errorf("%v, want %s", err, c.code)
		}
	}
}

// What is said anew mentions whom it mentions now; what is taken back, or was said of what is gone for good, nobody.
func TestAMentionGoesWithItsComment(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	at := record.Name{Form: "book", ID: tides.ID}
	w.twice = true
	said := w.says("kim", at, "@Lib", "lib")
	w.pass(time.Minute)
	edit := func(text string, mentions ...value.ID) {
		t.Helper()
		_, err := w.EditComment(t.Context(), w.actor("kim"), at, said.ID, engine.Remark{Text: text, Mentions: mentions})
		must(t, err)
		w.pass(time.Minute)
	}
	edit("@Lib and @Eve", "lib", "eve")
	w.mentionedIn("lib", "Tides Kim: @Lib and @Eve *")
	w.mentionedIn("eve", "Tides Kim: @Lib and @Eve *")
	edit("@Eve", "eve")
	w.mentionedIn("lib")
	w.mentionedIn("eve", "Tides Kim: @Eve *")
	must(t, w.DropComment(t.Context(), w.actor("kim"), at, said.ID))
	w.mentionedIn("eve")
	for range 30 { // more than one batch
		w.says("kim", at, "@Eve", "eve")
	}
	must(t, w.Records.Delete(t.Context(), w.actor("kim"), "book", tides.ID, tides.Version, ""))
	w.mentionedIn("eve")
	must(t, w.Records.Purge(t.Context(), w.actor("lib"), "book", tides.ID, nil))
	w.told("kim")
	for _, collection := range []string{"mention", "comment"} {
		left, err := w.store.Scan(t.Context(), collection, "", "", 10)
		must(t, err)
		if len(left) != 0 {
			t.Errorf("%s: %d are left", collection, len(left))
		}
	}
}

// A mention leads to where its comment stands: with a merge, and back.
func TestAMentionGoesWithAMergeAndComesBack(t *testing.T) {
	w := twins(t)
	keep := w.make("lib", "book", map[string]any{"title": "Tides"})
	drop := w.make("lib", "book", map[string]any{"title": "Tides", "keeper": "kim"})
	w.says("lib", record.Name{Form: "book", ID: drop.ID}, "@Kim and @Lib", "kim", "lib")
	is := func(want value.ID) {
		t.Helper()
		got := w.mentions("kim")
		if len(got) != 1 || got[0].ID != want || got[0].Text != "@Kim and @Lib" || got[0].Notice == "" {
			t.Errorf("%+v, want at %s", got, want)
		}
	}
	is(drop.ID)
	job := w.merged("book", record.Merging{Keep: keep.ID, Drop: drop.ID, Take: []value.FieldKey{"keeper"}})
	w.told("kim")
	is(keep.ID)
	w.undone(job.ID)
	w.told("kim")
	is(drop.ID)
}

// What a record holds that is counted when it is opened is not read without opening it.
func TestAMentionTellsNothingOfWhatIsCounted(t *testing.T) {
	w := limited(t, "1")
	one := w.waiting("One")
	w.says("boss", record.Name{Form: "asset", ID: one}, "Call them, @Ann", "ann")
	w.mentionedIn("ann", "One boss:  *")
	w.openedIs("ann", 0)
}
