package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

func (w *world) follows(who value.ID, r *record.View, follows bool) engine.Following {
	w.Helper()
	at := record.Name{Form: r.Form, ID: r.ID}
	standing, err := w.Follow(w.Context(), w.actor(who), at, follows)
	must(w, err)
	again, err := w.Following(w.Context(), w.actor(who), at)
	must(w, err)
	if again != standing || standing.Following != follows {
		w.Errorf("%+v, then %+v", standing, again)
	}
	return standing
}

func (w *world) followed(who value.ID) []string { return w.followedOf(who, "") }

func (w *world) followedOf(who value.ID, form value.FormKey) (titles []string) {
	w.Helper()
	for after := ""; ; {
		page, next, err := w.Followed(w.Context(), w.actor(who), form, after, 2)
		must(w, err)
		for _, one := range page {
			titles = append(titles, one.Title)
		}
		if after = next; after == "" {
			return titles
		}
	}
}

func newFollowing(t *testing.T) *world {
	w := newWorld(t)
	w.hire(
		org.User{ID: "ned", Username: "ned", Name: "Ned", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		org.User{ID: "eve", Username: "eve", Name: "Eve", Roles: []string{"librarian"}, Active: true, Locale: "en"},
	)
	return w
}

func TestWhoeverFollowsARecordIsToldOfItsChanges(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	dunes := w.make("kim", "book", map[string]any{"title": "Dunes"})
	w.follows("lib", tides, true)
	if standing := w.follows("eve", tides, true); standing.Followers != 2 || !standing.Exact {
		t.Errorf("%+v", standing)
	}
	if standing := w.follows("eve", tides, true); standing.Followers != 2 { // twice is once
		t.Errorf("%+v", standing)
	}
	w.follows("lib", dunes, true)
	w.amend("kim", tides, map[string]any{"note": "new"})
	w.amend("kim", dunes, map[string]any{"note": "new"})
	w.hears("lib", "Kim changed 2 records that you follow: Book.")
	w.hears("eve", "Kim changed Tides (Book), which you follow.")
	w.hears("kim") // who changes it knows
	w.amend("lib", dunes, map[string]any{"note": "newer"})
	w.remindedOf("lib", 1)
	if got := w.followed("lib"); len(got) != 2 {
		t.Errorf("lib follows %q", got)
	}
	w.follows("lib", tides, false)
	w.follows("lib", dunes, false)
	w.pass(5 * 60e9)
	w.amend("kim", tides, map[string]any{"note": "newest"})
	w.remindedOf("lib", 1)
	w.remindedOf("eve", 2)
	if got := w.followed("lib"); len(got) != 0 {
		t.Errorf("lib follows %q", got)
	}
	w.clean()
}

// Nobody hears of what they do not see: not of a record, not of a field, and no longer once it is out of their sight.
func TestFollowersHearOnlyOfWhatTheySee(t *testing.T) {
	w := newFollowing(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0", `"delete": {"scope": "own"}}`, `"delete": {"scope": "own"}, "fields": {"price": "hidden"}}`))
	must(t, err)
	tides := w.make("lib", "book", map[string]any{"title": "Tides", "keeper": "ned"})
	w.told("ned")
	w.follows("ned", tides, true)
	before := len(w.told("ned"))
	w.amend("lib", tides, map[string]any{"price": "5.00"})
	w.remindedOf("ned", before)
	w.amend("lib", tides, map[string]any{"note": "x", "price": "6.00"})
	w.hears("ned", "Lib gave you Tides (Book).", "Lib changed Tides (Book), which you follow.")
	// Out of sight: one notice that it went, and silence.
	w.pass(5 * 60e9)
	w.amend("lib", tides, map[string]any{"keeper": "kim"})
	gone := len(w.told("ned"))
	w.pass(5 * 60e9)
	w.amend("lib", tides, map[string]any{"note": "y"})
	w.says("lib", record.Name{Form: "book", ID: tides.ID}, "Hidden from Ned")
	w.remindedOf("ned", gone)
	if got := w.followed("ned"); len(got) != 0 {
		t.Errorf("ned sees %q", got)
	}
	_, follow := w.Follow(t.Context(), w.actor("ned"), record.Name{Form: "book", ID: tides.ID}, true)
	_, look := w.Following(t.Context(), w.actor("ned"), record.Name{Form: "book", ID: tides.ID})
	for _, err := range []error{follow, look} {
		if fault.CodeOf(err) != "record.notFound" {
			t.Error(err)
		}
	}
}

func TestWhoeverHasOrFollowsARecordHearsWhatIsSaidOfIt(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	at := record.Name{Form: "book", ID: tides.ID}
	w.follows("eve", tides, true)
	w.twice = true
	w.says("lib", at, "Look, @Eve", "eve")
	w.hears("eve", "Lib mentioned you in a comment on Tides (Book).")
	w.hears("kim", "Lib commented on Tides (Book).")
	w.hears("lib")
	w.pass(60e9)
	w.says("kim", at, "I have")
	w.hears("eve", "Kim commented on Tides (Book).", "Lib mentioned you in a comment on Tides (Book).")
	w.remindedOf("kim", 1)
	// What is taken back before it is told is not told.
	w.pass(60e9)
	slip := w.says("lib", at, "Oops")
	must(t, w.DropComment(t.Context(), w.actor("lib"), at, slip.ID))
	w.remindedOf("kim", 1)
}

// A record that is gone for good is followed by nobody.
func TestWhatIsPurgedIsFollowedByNobody(t *testing.T) {
	w := newFollowing(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides"})
	w.follows("kim", tides, true)
	must(t, w.Records.Delete(t.Context(), w.actor("kim"), "book", tides.ID, tides.Version, ""))
	if got := w.followed("kim"); len(got) != 0 {
		t.Errorf("of what is in the bin: %q", got)
	}
	must(t, w.Records.Purge(t.Context(), w.actor("lib"), "book", tides.ID, nil))
	w.told("kim")
	for _, collection := range []string{"follower", "followed"} {
		left, err := w.store.Scan(t.Context(), collection, "", "", 10)
		if err != nil || len(left) != 0 {
			t.Errorf("%s: %d left, %v", collection, len(left), err)
		}
	}
}

// TestWhatIsFollowedIsListedByForm in pages of its own, also where others stand before and behind it.
func TestWhatIsFollowedIsListedByForm(t *testing.T) {
	w := newFollowing(t)
	for _, title := range []string{"Tides", "Dunes", "Reefs"} {
		w.follows("lib", w.make("kim", "book", map[string]any{"title": title}), true)
	}
	w.follows("lib", w.make("lib", "shelf", map[string]any{"name": "Oak"}), true)
	if got := w.followedOf("lib", "book"); len(got) != 3 || slices.Contains(got, "Oak") {
		t.Errorf("books: %v", got)
	}
	if got := w.followedOf("lib", "shelf"); !slices.Equal(got, []string{"Oak"}) {
		t.Errorf("shelves: %v", got)
	}
	if got := w.followed("lib"); len(got) != 4 {
		t.Errorf("all: %v", got)
	}
	if _, _, err := w.Followed(w.Context(), w.actor("lib"), "none", "", 2); fault.CodeOf(err) != "form.unknown" {
		t.Errorf("of a form that is none: %v", err)
	}
}

// TestAListIsNarrowedToWhatIsFollowed and may be read, in its order and counted; of too much it says so.
func TestAListIsNarrowedToWhatIsFollowed(t *testing.T) {
	w := newFollowing(t)
	made := map[string]*record.View{}
	for _, title := range []string{"Tides", "Dunes", "Reefs", "Seas"} {
		made[title] = w.make("lib", "book", map[string]any{"title": title, "keeper": "kim"})
	}
	for _, title := range []string{"Tides", "Dunes", "Seas"} {
		w.follows("kim", made[title], true)
	}
	w.follows("lib", made["Reefs"], true)
	w.follows("lib", w.make("lib", "shelf", map[string]any{"name": "Oak"}), true)
	w.amend("lib", made["Seas"], map[string]any{"keeper": "lib"}) // out of kim's sight
	list := func(who value.Actor, req record.ListRequest) ([]string, *record.ListPage, error) {
		req.Form, req.With, req.Sort, req.Count = "book", "followed", "title", "exact"
		page, err := w.Records.List(t.Context(), who, req)
		var titles []string
		for n := 0; err == nil && n < len(page.Records); n++ {
			titles = append(titles, fmt.Sprint(page.Records[n].Values["title"]))
		}
		return titles, page, err
	}
	for who, want := range map[value.ID][]string{"kim": {"Dunes", "Tides"}, "lib": {"Reefs"}, "eve": nil} {
		got, page, err := list(w.actor(who), record.ListRequest{})
		if must(t, err); !slices.Equal(got, want) || page.Count.Value != int64(len(want)) {
			t.Errorf("%s follows %v (%d), want %v", who, got, page.Count.Value, want)
		}
	}
	if got, _, err := list(w.actor("kim"), record.ListRequest{Filter: `title == "Tides"`}); err != nil || !slices.Equal(got, []string{"Tides"}) {
		t.Errorf("%v %v", got, err)
	}
	first, page, err := list(w.actor("kim"), record.ListRequest{Limit: 1})
	must(t, err)
	second, last, err := list(w.actor("kim"), record.ListRequest{Limit: 1, After: page.Next})
	if must(t, err); first[0] != "Dunes" || second[0] != "Tides" || last.Next != "" {
		t.Errorf("%v, then %v", first, second)
	}
	must(t, w.store.Tx(t.Context(), func(tx store.Tx) error {
		for n := range 999 {
			err := tx.Save(t.Context(), "followed", store.Item{Key: fmt.Sprintf("kim/book/gone%d", n), Body: []byte("{}")}, store.AnyRevision)
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if _, _, err := list(w.actor("kim"), record.ListRequest{}); fault.CodeOf(err) != "list.followsMany" {
		t.Errorf("of more than a thousand: %v", err)
	}
}
