package engine_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
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

// forget takes the mentions away, as they are of comments that were said before any were noted.
func (w *world) forget(collections ...string) {
	w.Helper()
	must(w, w.store.Tx(w.Context(), func(tx store.Tx) error {
		for _, collection := range collections {
			items, err := tx.Scan(w.Context(), collection, "", "", 1000)
			if err != nil {
				return err
			}
			for _, item := range items {
				if err := tx.Drop(w.Context(), collection, item.Key); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// What was said before mentions were noted is found as if they always had been, by however many go over it at once.
func TestMentionsOfOldCommentsAreFilledIn(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	at := record.Name{Form: "book", ID: tides.ID}
	w.twice = true
	for range 45 { // three batches, the last one not full
		w.says("lib", at, "@Kim and @Lib", "kim", "lib")
		w.pass(time.Minute)
	}
	late := w.says("lib", at, "Nobody yet")
	w.pass(time.Minute)
	_, err := w.EditComment(t.Context(), w.actor("lib"), at, late.ID, engine.Remark{Text: "@Eve", Mentions: []value.ID{"eve"}})
	must(t, err)
	was := [][]engine.Mention{w.mentions("kim"), w.mentions("eve"), w.mentions("lib")}
	w.forget("mention")
	w.mentionedIn("kim")
	if found, err := w.Verify(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("what is not filled in yet is nothing wrong: %v %v", found, err)
	}
	var several sync.WaitGroup
	for range 3 {
		several.Go(func() { must(t, w.FillMentions(t.Context())) })
	}
	several.Wait()
	for n, who := range []value.ID{"kim", "eve", "lib"} {
		if got := w.mentions(who); !reflect.DeepEqual(got, was[n]) {
			t.Errorf("%s: %d mentions, want %d as before: %+v", who, len(got), len(was[n]), got)
		}
	}
	if len(was[0]) != 45 || len(was[1]) != 1 || was[1][0].Notice == "" {
		t.Errorf("%d of kim, %+v of eve", len(was[0]), was[1])
	}
	w.clean()
	w.forget("mention") // once is enough: what goes now is looked for by nobody but who verifies
	must(t, w.FillMentions(t.Context()))
	w.mentionedIn("kim")
	if found, err := w.Verify(t.Context()); err != nil || len(found) != 46 {
		t.Errorf("%d differences, %v", len(found), err)
	}
}

func TestVerifyHoldsMentionsAgainstComments(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	said := w.says("kim", record.Name{Form: "book", ID: tides.ID}, "@Lib and @Eve", "lib", "eve")
	must(t, w.FillMentions(t.Context()))
	w.clean()
	key := "lib/" + said.ID
	kept, err := w.store.Load(t.Context(), "mention", key)
	must(t, err)
	for _, c := range []struct{ key, body, want string }{
		{key, strings.ReplaceAll(string(kept.Body), string(tides.ID), "other"), "mention " + key + ": it is said to be of book other, its comment is of book " + string(tides.ID)},
		{"kim/" + said.ID, string(kept.Body), "mention kim/" + said.ID + ": no comment mentions them so"},
		{key, "", "mention " + key + ": a comment of book " + string(tides.ID) + " mentions them, and they do not find it"},
	} {
		change := func(body string) {
			must(t, w.store.Tx(t.Context(), func(tx store.Tx) error {
				if body == "" {
					return tx.Drop(t.Context(), "mention", c.key)
				}
				return tx.Save(t.Context(), "mention", store.Item{Key: c.key, Body: []byte(body)}, store.AnyRevision)
			}))
		}
		change(c.body)
		if found, err := w.Verify(t.Context()); err != nil || !slices.Equal(found, []string{c.want}) {
			t.Errorf("%q, %v; want %q", found, err, c.want)
		}
		if change(""); c.key == key {
			change(string(kept.Body))
		}
	}
	w.clean()
}
