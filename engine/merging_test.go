package engine_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// twins is a library that knows duplicates: shelves by their name, books, which name others in three ways, by their code.
func twins(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0",
		`"x-form": "shelf",`, `"x-form": "shelf", "x-duplicates": [{"key": "name", "label": {"en": "Name"}, "fields": ["name"], "then": "block"}],`,
		`"x-form": "book",`, `"x-form": "book", "x-duplicates": [{"key": "title", "label": {"en": "Title"}, "fields": ["title"]}],`,
		`"note": {`, `"like": {"x-field": "references", "x-label": {"en": "Like"}, "x-ref": "book", "x-onDelete": "clear"}, "note": {`,
		`"x-label": {"en": "Reader"}}`, `"x-label": {"en": "Reader"}}, "about": {"x-field": "reference", "x-label": {"en": "About"}, "x-ref": "book", "x-onDelete": "restrict"}`,
	))
	must(t, err)
	w.turns()
	must(t, w.Settle(t.Context()))
	return w
}

// merged merges two records as lib, and does the work that this leaves.
func (w *world) merged(form value.FormKey, of record.Merging) *job.Job {
	w.Helper()
	j, err := w.Merge(w.Context(), w.actor("lib"), form, w.known(form, of), nil)
	must(w.TB, err)
	w.turns()
	return w.ended("lib", j.ID)
}

// known says which versions of the two there are.
func (w *world) known(form value.FormKey, of record.Merging) record.Merging {
	of.KeepVersion, of.DropVersion = w.get(form, of.Keep).Version, w.get(form, of.Drop).Version
	return of
}

func (w *world) ended(who, id value.ID) *job.Job {
	w.Helper()
	j, err := w.Jobs.Get(w.Context(), w.actor(who), id)
	must(w.TB, err)
	if j.State != job.Done {
		w.Fatalf("%+v", j)
	}
	return j
}

func (w *world) undone(id value.ID) *job.Job {
	w.Helper()
	j, err := w.Undo(w.Context(), w.actor("lib"), id)
	must(w.TB, err)
	w.turns()
	return w.ended("lib", j.ID)
}

// refers is what a field of a book names.
func (w *world) refers(book value.ID, field string) string {
	w.Helper()
	return fmt.Sprint(idsShown(w.get("book", book).Values[field]))
}

func idsShown(v any) (ids []string) {
	switch v := v.(type) {
	case record.Ref:
		return []string{string(v.ID)}
	case map[string]any:
		return []string{fmt.Sprint(v["id"])}
	case []any:
		for _, one := range v {
			ids = append(ids, idsShown(one)...)
		}
	}
	return ids
}

// Two shelves become one: it takes over what was chosen, and all books of the other stand on it, also those that who
// merges may not change. Taken back, everything is as before but for what somebody has touched since.
func TestTwoRecordsBecomeOneAndTwoAgain(t *testing.T) {
	w := twins(t)
	keep := w.make("lib", "shelf", map[string]any{"name": "Whales"}).ID
	drop := w.make("lib", "shelf", map[string]any{"name": "Wales", "floor": "3"}).ID
	var books []value.ID
	for n := range 20 {
		books = append(books, w.make("kim", "book", map[string]any{"title": fmt.Sprint("b", n), "shelf": string(drop)}).ID)
	}
	stays := w.make("kim", "book", map[string]any{"title": "elsewhere", "shelf": string(keep)}).ID

	before, err := w.Records.MergePreview(t.Context(), w.actor("lib"), "shelf", keep, drop)
	must(t, err)
	if fmt.Sprint(before.Fields) != "[floor name]" || len(before.Moves) != 1 || before.Moves[0].Form != "book" || before.Moves[0].Count.Value != 20 {
		t.Errorf("%+v", before)
	}
	did := w.merged("shelf", record.Merging{Keep: keep, Drop: drop, Take: []value.FieldKey{"floor"}, Reason: "a slip"})
	if did.Counts["moved"] != 20 || did.Done != 20 {
		t.Errorf("%+v", did)
	}
	if got := w.get("shelf", keep); got.Values["name"] != "Whales" || got.Values["floor"] != "3" {
		t.Errorf("%+v", got.Values)
	}
	if w.get("shelf", drop).DeletedAt == nil {
		t.Error("both are there")
	}
	for _, id := range books {
		if got := w.refers(id, "shelf"); got != fmt.Sprintf("[%s]", keep) {
			t.Fatalf("%s stands on %s", id, got)
		}
	}
	history, err := w.Records.History(t.Context(), w.actor("lib"), "shelf", keep, "", 10)
	must(t, err)
	if last := history.Entries[0]; last.Action != "merge" || last.Reason != "a slip" || last.Detail["merged"] != string(drop) {
		t.Errorf("%+v", last)
	}
	w.clean()

	now := w.get("book", books[3])
	_, err = w.Records.Update(t.Context(), w.actor("kim"), "book", books[3], now.Version, record.Input{Values: map[string]any{"note": "mine"}})
	must(t, err)
	back := w.undone(did.ID)
	if back.Counts["undone"] != 21 || back.Counts["kept"] != 1 || len(back.Refused) != 1 || back.Refused[0].At != string(books[3]) {
		t.Errorf("%+v", back)
	}
	if got := w.get("shelf", keep); got.Values["floor"] != nil || w.get("shelf", drop).DeletedAt != nil {
		t.Errorf("%+v", got.Values)
	}
	for n, id := range append(books, stays) {
		want := drop
		if n == 3 || id == stays {
			want = keep
		}
		if got := w.refers(id, "shelf"); got != fmt.Sprintf("[%s]", want) {
			t.Errorf("%d stands on %s", n, got)
		}
	}
	w.clean()
}

// What names a record in a list, in a row of a table or names itself is moved too; nothing is named twice, and the
// record that is kept does not name itself.
func TestAllThatPointsToARecordIsMoved(t *testing.T) {
	w := twins(t)
	drop := w.make("lib", "book", map[string]any{"title": "Moby Dikk", "code": "1851"}).ID
	keep := w.make("lib", "book", map[string]any{"title": "Moby Dick", "sequelTo": string(drop), "like": []any{string(drop)}}).ID
	third := w.make("lib", "book", map[string]any{"title": "Omoo"}).ID
	points := w.make("lib", "book", map[string]any{
		"title": "Typee", "sequelTo": string(drop), "like": []any{string(third), string(drop), string(keep)},
		"loans": []any{map[string]any{"reader": "Ann", "about": string(drop)}, map[string]any{"reader": "Bob"}},
	}).ID
	// The code may be there once: the one lets go of it as the other takes it.
	did := w.merged("book", record.Merging{Keep: keep, Drop: drop, Take: []value.FieldKey{"code"}})
	now := w.get("book", points)
	rows, _ := now.Values["loans"].([]any)
	first, _ := rows[0].(map[string]any)
	got := fmt.Sprint(w.refers(points, "sequelTo"), " ", idsShown(now.Values["like"]), " ", idsShown(first["about"]))
	if want := fmt.Sprintf("[%s] [%s %s] [%s]", keep, third, keep, keep); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	kept := w.get("book", keep)
	if kept.Values["code"] != "1851" || kept.Values["sequelTo"] != nil || kept.Values["like"] != nil {
		t.Errorf("%+v", kept.Values)
	}
	w.clean()
	w.undone(did.ID)
	if kept := w.get("book", keep); fmt.Sprint(idsShown(kept.Values["sequelTo"]), idsShown(kept.Values["like"])) != fmt.Sprintf("[%s] [%s]", drop, drop) {
		t.Errorf("taken back: %+v", kept.Values)
	}
	now = w.get("book", points)
	if got, want := fmt.Sprint(idsShown(now.Values["like"])), fmt.Sprintf("[%s %s %s]", third, drop, keep); got != want {
		t.Errorf("taken back: got %s, want %s", got, want)
	}
	if w.get("book", drop).Values["code"] != "1851" || w.get("book", keep).Values["code"] != nil {
		t.Error("the code did not go back")
	}
	w.clean()
}

func TestWhoMayNotMergeChangesNothing(t *testing.T) {
	w := twins(t)
	mine := w.make("kim", "book", map[string]any{"title": "mine"}).ID
	other := w.make("kim", "book", map[string]any{"title": "mine too"}).ID
	theirs := w.make("lib", "book", map[string]any{"title": "lib's"}).ID
	one, two := w.make("lib", "shelf", map[string]any{"name": "A"}).ID, w.make("lib", "shelf", map[string]any{"name": "B"}).ID
	for code, ask := range map[string]struct {
		who  value.ID
		form value.FormKey
		of   record.Merging
	}{
		"record.notFound": {"kim", "book", record.Merging{Keep: mine, Drop: theirs}},
		"record.mayNot":   {"kim", "shelf", record.Merging{Keep: one, Drop: two}},
		"merge.self":      {"kim", "book", record.Merging{Keep: mine, Drop: mine}},
		"record.invalid":  {"kim", "book", record.Merging{Keep: mine, Drop: other, Take: []value.FieldKey{"worth", "nothing"}}},
	} {
		_, err := w.Merge(t.Context(), w.actor(ask.who), ask.form, w.known(ask.form, ask.of), nil)
		if fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	stale := w.known("book", record.Merging{Keep: mine, Drop: other})
	stale.DropVersion++
	if _, err := w.Merge(t.Context(), w.actor("kim"), "book", stale, nil); fault.CodeOf(err) != "record.stale" {
		t.Errorf("another version: %v", err)
	}
	for _, id := range []value.ID{mine, other, theirs} {
		if got := w.get("book", id); got.Version != 1 || got.DeletedAt != nil {
			t.Errorf("%+v", got)
		}
	}
	w.clean()
}

// The same request twice at once merges once, and answers both with the same job; without a key one of them is told
// that somebody was faster.
func TestTheSameMergeTwiceAtOnceIsOne(t *testing.T) {
	w := twins(t)
	of := w.known("book", record.Merging{
		Keep: w.make("lib", "book", map[string]any{"title": "A"}).ID, Drop: w.make("lib", "book", map[string]any{"title": "B"}).ID,
	})
	jobs := make([]value.ID, 8)
	var wait sync.WaitGroup
	for n := range jobs {
		wait.Go(func() {
			j, err := w.Merge(t.Context(), w.actor("lib"), "book", of, &job.Once{Key: "k", Hash: []byte("h")})
			if err != nil {
				t.Error(err)
				return
			}
			jobs[n] = j.ID
		})
	}
	wait.Wait()
	for _, id := range jobs {
		if id != jobs[0] {
			t.Errorf("%v", jobs)
		}
	}
	if _, err := w.Merge(t.Context(), w.actor("lib"), "book", of, nil); fault.CodeOf(err) != "record.notFound" && fault.CodeOf(err) != "record.stale" {
		t.Errorf("once more: %v", err)
	}
	w.clean()
}

// Whoever points to the record that goes while it does finds out, or is moved: nothing is left pointing to it.
func TestWhatIsMadeWhileTwoMergeIsNotLost(t *testing.T) {
	w := twins(t)
	keep, drop := w.make("lib", "shelf", map[string]any{"name": "A"}).ID, w.make("lib", "shelf", map[string]any{"name": "B"}).ID
	made := value.ID("")
	w.saving = func() { made = w.make("kim", "book", map[string]any{"title": "meanwhile", "shelf": string(drop)}).ID }
	w.merged("shelf", record.Merging{Keep: keep, Drop: drop})
	if got := w.refers(made, "shelf"); got != fmt.Sprintf("[%s]", keep) {
		t.Errorf("stands on %s", got)
	}
	_, err := w.Records.Create(t.Context(), w.actor("kim"), "book", record.Input{Values: map[string]any{"title": "late", "shelf": string(drop)}})
	if err == nil {
		t.Error("it is still there to point to")
	}
	w.clean()
}

// A field that somebody does not see whole cannot be taken over: that would show it.
func TestWhatIsNotSeenIsNotTaken(t *testing.T) {
	w := twins(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0",
		`"x-form": "book",`, `"x-form": "book", "x-duplicates": [{"key": "title", "label": {"en": "Title"}, "fields": ["title"]}],`,
		`"book": {"create": true, "read": {"scope": "own"}`, `"book": {"fields": {"price": "hidden", "note": "masked"}, "create": true, "read": {"scope": "own"}`))
	must(t, err)
	w.turns()
	var ids []value.ID
	for _, title := range []string{"A", "B"} {
		ids = append(ids, w.make("lib", "book", map[string]any{"title": title, "keeper": "kim", "price": number(len(ids) + 5), "note": strings.Repeat(title, 3)}).ID)
	}
	before, err := w.Records.MergePreview(t.Context(), w.actor("kim"), "book", ids[0], ids[1])
	must(t, err)
	if fmt.Sprint(before.Fields) != "[title]" {
		t.Errorf("%v", before.Fields)
	}
	for _, key := range []value.FieldKey{"price", "note"} {
		_, err := w.Merge(t.Context(), w.actor("kim"), "book", w.known("book", record.Merging{Keep: ids[0], Drop: ids[1], Take: []value.FieldKey{key}}), nil)
		if fault.CodeOf(err) != "record.invalid" {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// The rest is moved even when the one who merged has left meanwhile: what was begun is not left half done.
func TestAMergeIsFinishedWithoutItsAsker(t *testing.T) {
	w := twins(t)
	keep, drop := w.make("lib", "shelf", map[string]any{"name": "A"}).ID, w.make("lib", "shelf", map[string]any{"name": "B"}).ID
	book := w.make("kim", "book", map[string]any{"title": "b", "shelf": string(drop)}).ID
	_, err := w.Merge(t.Context(), w.actor("lib"), "shelf", w.known("shelf", record.Merging{Keep: keep, Drop: drop}), nil)
	must(t, err)
	w.staff(
		org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Locale: "en"},
	)
	w.turns()
	if got := w.refers(book, "shelf"); got != fmt.Sprintf("[%s]", keep) {
		t.Errorf("stands on %s", got)
	}
	w.clean()
}

// A merge is taken back within 30 days, and later not any more.
func TestAMergeIsTakenBackForThirtyDays(t *testing.T) {
	w := twins(t)
	made := func(name string) value.ID { return w.make("lib", "shelf", map[string]any{"name": name}).ID }
	early := w.merged("shelf", record.Merging{Keep: made("Whales"), Drop: made("Wales"), Reason: "a slip"})
	late := w.merged("shelf", record.Merging{Keep: made("Ships"), Drop: made("Chips"), Reason: "a slip"})
	w.pass(day(30) - time.Hour)
	w.undone(early.ID)
	w.pass(2 * time.Hour)
	_, err := w.store.Sweep(t.Context(), w.now)
	must(t, err)
	if _, err := w.Undo(t.Context(), w.actor("lib"), late.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("after 30 days: %v", err)
	}
}

// What the merge itself has turned is no change that stands in the way of undoing it.
func TestAMergeThatTurnedItsRecordIsUndone(t *testing.T) {
	files := deals(poolFiles("", ""), "")
	files["forms/asset/form.json"] = strings.Replace(files["forms/asset/form.json"], `"x-holders"`, `"x-unique": [["code"]],
		"x-duplicates": [{"key": "name", "label": {"en": "Name"}, "fields": ["name"]}], "x-holders"`, 1)
	files["forms/asset/form.json"] = strings.Replace(files["forms/asset/form.json"], `"note":`, `"code": {"x-field": "text", "x-label": {"en": "Code"}}, "note":`, 1)
	w := newDepot(t, files)
	keep := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "stage": "new"}).ID
	drop := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "stage": "new", "code": "C-1"}).ID
	deal, err := w.Records.Create(t.Context(), value.SystemActor("test"), "deal", record.Input{Values: map[string]any{"name": "d", "asset": string(drop)}})
	must(t, err)
	must(t, w.Settle(t.Context()))
	j, err := w.Merge(t.Context(), w.actor("boss"), "asset", w.known("asset", record.Merging{Keep: keep, Drop: drop, Take: []value.FieldKey{"code"}}), nil)
	must(t, err)
	w.turns()
	must(t, w.Settle(t.Context()))
	if got := w.raw(keep).Values; got["stage"] != "won" || got["code"] != "C-1" {
		t.Fatalf("merged: %v", got)
	}
	u, err := w.Undo(t.Context(), w.actor("boss"), j.ID)
	must(t, err)
	w.turns()
	must(t, w.Settle(t.Context()))
	if back := w.ended("boss", u.ID); len(back.Refused) > 0 {
		t.Errorf("refused: %v", back.Refused)
	}
	if r := w.raw(drop); r.Deleted() || r.Values["code"] != "C-1" || w.raw(keep).Values["code"] != nil {
		t.Errorf("undone: %v and %v", r.Values, w.raw(keep).Values)
	}
	if found, err := w.store.Get(t.Context(), "deal", deal.ID); err != nil || found.Values["asset"] != string(drop) {
		t.Errorf("the deal is of %v %v", found, err)
	}
	w.clean()
}
