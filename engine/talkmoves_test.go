package engine_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// brings is a file that somebody has brought.
func (w *world) brings(who value.ID, name, content string) value.ID {
	w.Helper()
	id := value.ID("file" + name + string(who))
	sum := sha256.Sum256([]byte(content))
	must(w, w.store.PutPiece(w.Context(), id, 0, []byte(content), w.now.Add(time.Hour)))
	_, err := w.Records.KeepFile(w.Context(), w.actor(who), store.File{
		ID: id, Name: name, Type: "text/plain", Size: int64(len(content)), Sum: sum[:],
	}, record.FileLimits{Files: 100, Bytes: 1 << 20}, nil)
	must(w, err)
	return id
}

// What was said of a record, its files and its followers go with it into another, and come back when the merge is undone.
func TestTalkGoesWithAMergeAndComesBack(t *testing.T) {
	w := twins(t)
	w.hire(org.User{ID: "eve", Username: "eve", Name: "Eve", Roles: []string{"librarian"}, Active: true, Locale: "en"})
	keep := w.make("lib", "book", map[string]any{"title": "Tides"})
	drop := w.make("lib", "book", map[string]any{"title": "Tides"})
	atKeep, atDrop := record.Name{Form: "book", ID: keep.ID}, record.Name{Form: "book", ID: drop.ID}
	file := w.brings("eve", "plan.txt", "what is planned")
	w.says("lib", atKeep, "Of the one that stays")
	w.pass(time.Minute)
	said, err := w.Comment(t.Context(), w.actor("eve"), atDrop, engine.Remark{Text: "Of the other", Files: []value.ID{file}})
	must(t, err)
	for range 60 { // more than one batch
		w.says("lib", atDrop, "Again")
	}
	w.follows("eve", drop, true)
	w.follows("lib", drop, true)
	w.follows("lib", keep, true)
	w.told("eve")

	w.twice = true
	job := w.merged("book", record.Merging{Keep: keep.ID, Drop: drop.ID})
	w.told("eve")
	if got := len(w.said("lib", atKeep)); got != 62 {
		t.Errorf("%d comments of the one that stays", got)
	}
	if got, err := w.Records.File(t.Context(), w.actor("lib"), file); err != nil || got.Holder != record.TalkHolder(atKeep, said.ID) {
		t.Errorf("the file: %+v %v", got.Holder, err)
	}
	if standing, err := w.Following(t.Context(), w.actor("eve"), atKeep); err != nil || !standing.Following || standing.Followers != 2 {
		t.Errorf("%+v %v", standing, err)
	}
	w.clean()

	w.undone(job.ID)
	w.told("eve")
	if got := texts(w.said("lib", atKeep)); got != "Lib: Of the one that stays" {
		t.Error(got)
	}
	if got := len(w.said("lib", atDrop)); got != 61 {
		t.Errorf("%d comments of the one that came back", got)
	}
	if got, err := w.Records.File(t.Context(), w.actor("lib"), file); err != nil || got.Holder != record.TalkHolder(atDrop, said.ID) {
		t.Errorf("the file: %+v %v", got.Holder, err)
	}
	for at, want := range map[record.Name]int{atKeep: 1, atDrop: 2} {
		if standing, err := w.Following(t.Context(), w.actor("lib"), at); err != nil || !standing.Following || standing.Followers != want {
			t.Errorf("%+v: %+v %v, want %d", at, standing, err, want)
		}
	}
	w.clean()
}

func TestWhatIsSaidIsChangedByItsWriterAndTakenAwayByWhoManages(t *testing.T) {
	w := newWorld(t)
	w.hire(
		org.User{ID: "eve", Username: "eve", Name: "Eve", Roles: []string{"librarian"}, Active: true, Locale: "en"},
		org.User{ID: "ned", Username: "ned", Name: "Ned", Roles: []string{"visitor"}, Active: true, Locale: "en"},
	)
	_, err := w.Apps.Install(t.Context(), func() map[string][]byte {
		files := bundle("1.1.0")
		files["roles/visitor.json"] = []byte(`{"key": "visitor", "label": {"en": "Visitor", "zh-CN": "Visitor"}, "forms": {"book": {"read": {"scope": "all"}}}}`)
		return files
	}())
	must(t, err)
	at := record.Name{Form: "book", ID: w.make("kim", "book", map[string]any{"title": "Tides"}).ID}
	file := w.brings("kim", "plan.txt", "what is planned")
	said, err := w.Comment(t.Context(), w.actor("kim"), at, engine.Remark{Text: "Look", Files: []value.ID{file}})
	must(t, err)
	if len(said.Files) != 1 || said.Files[0].Name != "plan.txt" || said.EditedAt != nil {
		t.Fatalf("%+v", said)
	}
	// A file is put to one thing, and by whoever brought it.
	for _, in := range []engine.Remark{{Text: "x", Files: []value.ID{file}}, {Text: "x", Files: []value.ID{"none"}}} {
		if _, err := w.Comment(t.Context(), w.actor("kim"), at, in); fault.CodeOf(err) != "record.invalid" {
			t.Errorf("%v: %v", in.Files, err)
		}
	}
	if _, err := w.Records.File(t.Context(), w.actor("ned"), file); err != nil {
		t.Errorf("whoever reads the record reads it: %v", err)
	}
	edited, err := w.EditComment(t.Context(), w.actor("kim"), at, said.ID, engine.Remark{Text: "Look, @Eve", Mentions: []value.ID{"eve"}})
	if err != nil || edited.Text != "Look, @Eve" || edited.EditedAt == nil || len(edited.Files) != 1 {
		t.Errorf("%+v %v", edited, err)
	}
	w.hears("eve", "Kim mentioned you in a comment on Tides (Book).")
	if _, err := w.EditComment(t.Context(), w.actor("kim"), at, said.ID, engine.Remark{Text: ""}); err != nil {
		t.Errorf("its file says enough: %v", err)
	}
	if _, err := w.EditComment(t.Context(), w.actor("eve"), at, said.ID, engine.Remark{Text: "Mine"}); fault.CodeOf(err) != "comment.unknown" {
		t.Errorf("another's words: %v", err)
	}
	// Who may only read takes nothing away; who may delete the record does, and the audit tells.
	if err := w.DropComment(t.Context(), w.actor("ned"), at, said.ID); fault.CodeOf(err) != "comment.unknown" {
		t.Errorf("%v", err)
	}
	if seen := w.said("ned", at); len(seen) != 1 || seen[0].Removes || seen[0].Mine {
		t.Errorf("%+v", seen)
	}
	must(t, w.DropComment(t.Context(), w.actor("eve"), at, said.ID))
	entries, err := audit.Read(t.Context(), w.store, "", 10)
	must(t, err)
	if len(entries) == 0 || entries[0].Op != audit.CommentRemoved || entries[0].Actor != "eve" || entries[0].Target != string(at.ID) {
		t.Errorf("%+v", entries)
	}
	if _, err := w.Records.File(t.Context(), w.actor("kim"), file); fault.CodeOf(err) != "file.notFound" {
		t.Errorf("its file is nobody's: %v", err)
	}
	w.clean()
}
