package engine_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// boss is an administrator who reads what keepers read.
func (w *world) boss() value.Actor {
	w.Helper()
	who := w.actor("kim")
	who.Admin = true
	return who
}

// head is an administrator who reads everything.
func (w *world) head() value.Actor {
	w.Helper()
	who := w.actor("lib")
	who.Admin = true
	return who
}

// elect makes the librarian an administrator: a job asks again who its asker is.
func (w *world) elect() {
	w.Helper()
	w.staff(
		org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true, Locale: "en"},
		org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true, Admin: true, Locale: "en"},
	)
}

// tried are the documents of the app with some texts replaced.
func tried(changes ...string) map[string]string {
	out := map[string]string{}
	for path, content := range bundle("1.0.0", changes...) {
		if string(bundle("1.0.0")[path]) != string(content) {
			out[path] = string(content)
		}
	}
	return out
}

func (w *world) rehearse(actor value.Actor, changes ...string) *engine.RehearsalResult {
	w.Helper()
	got, j, err := w.Rehearse(w.Context(), actor, engine.RehearsalRequest{Form: "book", Documents: tried(changes...)}, nil)
	must(w.TB, err)
	if j == nil {
		return got
	}
	w.turns()
	got, err = w.Rehearsal(w.Context(), actor, j.ID)
	must(w.TB, err)
	return got
}

// told lists effects as "kind name who count".
func effects(r *engine.RehearsalResult) string {
	var out []string
	for _, e := range r.Effects {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Kind, e.Name, e.Who))+fmt.Sprintf(": %d", e.Count))
	}
	return strings.Join(out, "\n")
}

// everything is all that others could see of a tenant: each record with its version, history and figures.
func (w *world) everything() []any {
	w.Helper()
	var out []any
	for _, form := range []value.FormKey{"book", "shelf"} {
		must(w.TB, w.store.Each(w.Context(), form, "", func(r *value.Record) error {
			out = append(out, *r)
			events, err := w.store.History(w.Context(), form, r.ID, 0, 100)
			out = append(out, len(events))
			return err
		}))
	}
	waits, err := w.Records.Follow(w.Context())
	must(w.TB, err)
	return append(out, waits)
}

const dearer = `"(price ?? 0) * (count ?? 1) + 1"`

func TestRehearsedIsWhatPublishingDoes(t *testing.T) {
	w := newWorld(t)
	_, books := w.stock(20)
	before := w.everything()
	got := w.rehearse(w.head(), `"(price ?? 0) * (count ?? 1)"`, dearer)
	if !reflect.DeepEqual(w.everything(), before) {
		t.Error("a rehearsal leaves something behind")
	}
	if effects(got) != "value worth: 13" || got.Examined != 20 || got.Affected != 13 || !got.Ended || got.Total != 20 {
		t.Fatalf("effects: %s of %+v", effects(got), got)
	}
	sample := got.Effects[0].Samples
	if len(sample) != 5 || sample[0].ID != books[1].ID || sample[0].From != "22.00" || sample[0].To != "23.00" || sample[0].Title != "Tale 1" {
		t.Errorf("samples: %+v", sample)
	}
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"(price ?? 0) * (count ?? 1)"`, dearer))
	must(t, err)
	w.turns()
	for _, s := range sample {
		if now := w.get("book", s.ID).Values["worth"]; now != s.To {
			t.Errorf("published, it is %v, rehearsed %v", now, s.To)
		}
	}
}

func TestManyRecordsAreRehearsedByAJob(t *testing.T) {
	w := newWorld(t)
	w.elect()
	w.stock(60)
	_, j, err := w.Rehearse(t.Context(), w.head(), engine.RehearsalRequest{Form: "book", Documents: tried(`"(price ?? 0) * (count ?? 1)"`, dearer)}, nil)
	must(t, err)
	begun, err := w.Rehearsal(t.Context(), w.head(), j.ID)
	if must(t, err); begun.Effects == nil || begun.Leaving == nil || begun.Ended || begun.Total != 60 {
		t.Errorf("before it has looked at any: %+v", begun)
	}
	w.turns()
	got, err := w.Rehearsal(t.Context(), w.head(), j.ID)
	must(t, err)
	if effects(got) != "value worth: 40" || got.Examined != 60 || !got.Ended || len(got.Effects[0].Samples) != 5 {
		t.Errorf("effects: %s of %+v", effects(got), got)
	}
	if j := w.last(); j.Kind != "rehearsal" || j.State != job.Done || j.Done != 60 || j.Total != 60 {
		t.Errorf("the job: %+v", j)
	}
	if _, err := w.Rehearsal(t.Context(), w.boss(), w.last().ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("somebody else's: %v", err)
	}
}

func TestNewIssuesOfRecordsOnHandAreTold(t *testing.T) {
	w := newWorld(t)
	w.stock(9)
	got := w.rehearse(w.head(),
		`"required": ["title"],`, `"required": ["title", "code"], "x-rules": [{"key": "cheap", "check": "price < 14", "message": {"en": "Dear"}, "fields": ["price"]}],`,
		`"x-label": {"en": "Count"}`, `"x-label": {"en": "Count"}, "x-readOnlyIf": "price > 15"`,
		`"x-label": {"en": "Note"}`, `"x-label": {"en": "Note"}, "x-visibleIf": "price > 15"`)
	// Prices are 10 to 18; those of 10, 13 and 16 lie in the recycle bin.
	want := "issue code field.required: 6\nunshown note: 4\nrequired code: 6\nissue cheap: 4\nlocked count: 2"
	if sortedLines(effects(got)) != sortedLines(want) {
		t.Errorf("got:\n%s\nwant:\n%s", effects(got), want)
	}
}

func sortedLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		for j := i + 1; j < len(lines); j++ {
			if lines[j] < lines[i] {
				lines[i], lines[j] = lines[j], lines[i]
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Who gains and loses sight is what the people find when it is published.
func TestARolesChangeIsRehearsedOverPeople(t *testing.T) {
	w := newWorld(t)
	w.stock(6)
	for i := range 3 {
		w.make("kim", "book", map[string]any{"title": fmt.Sprint("Kim's ", i), "price": number(20 + i)})
	}
	widen := []string{`"book": {"create": true, "read": {"scope": "own"}, "update": {"scope": "own"}, "delete": {"scope": "own"}}`,
		`"book": {"create": true, "read": {"scope": "expr", "when": "price >= 14"}, "update": {"scope": "own"}, "delete": {"scope": "none"}, "fields": {"note": "hidden"}}`}
	got := w.rehearse(w.head(), widen...)
	want := "gained read: 2\ngained read kim: 2\nlost delete: 3\nlost delete kim: 3\nveiled note kim: 3"
	if sortedLines(effects(got)) != sortedLines(want) || got.People != 1 {
		t.Errorf("got:\n%s\nwant:\n%s", effects(got), want)
	}
	sees := func() int {
		page, err := w.Records.List(t.Context(), w.actor("kim"), record.ListRequest{Form: "book", Limit: 100})
		must(t, err)
		return len(page.Records)
	}
	before := sees()
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", widen...))
	must(t, err)
	w.turns()
	if after := sees(); after-before != 2 {
		t.Errorf("kim sees %d, and saw %d", after, before)
	}
}

// An administrator's desk gives no right over records: samples are those that the asker may read, and values
// those that they see and could see without the draft.
func TestARehearsalShowsNothingThatTheAskerDoesNotSee(t *testing.T) {
	w := newWorld(t)
	const hide = `"update": {"scope": "own"}, "delete": {"scope": "own"}}`
	_, err := w.Apps.Install(t.Context(), bundle("1.0.1", hide, `"update": {"scope": "own"}, "delete": {"scope": "own"}, "fields": {"note": "hidden"}}`))
	must(t, err)
	w.make("lib", "book", map[string]any{"title": "Not kim's", "note": "secret", "price": number(1)})
	mine := w.make("kim", "book", map[string]any{"title": "Kim's", "price": number(2)})
	_, err = w.Records.Update(t.Context(), w.actor("lib"), "book", mine.ID, 1, record.Input{Values: map[string]any{"note": "secret"}})
	must(t, err)
	tries := map[string]string{}
	for path, content := range bundle("1.0.0", `"(price ?? 0) * (count ?? 1)"`, `"(price ?? 0) * (count ?? 1) + len(note)"`,
		`"count": {"x-field"`, `"copy": {"x-field": "formula", "x-label": {"en": "Copy"}, "x-result": "text", "x-compute": "note"}, "count": {"x-field"`) {
		if path != "app.json" {
			tries[path] = string(content)
		}
	}
	got, _, err := w.Rehearse(t.Context(), w.boss(), engine.RehearsalRequest{Form: "book", Documents: tries}, nil)
	must(t, err)
	text := fmt.Sprintf("%+v", got)
	for _, e := range got.Effects {
		for _, s := range e.Samples {
			text += fmt.Sprintf("%+v", s)
			if s.ID != mine.ID {
				t.Errorf("a record out of sight: %+v", s)
			}
			if (e.Name == "worth" || e.Name == "copy") && (s.From != nil || s.To != nil) {
				t.Errorf("made of what is hidden: %s %+v", e.Name, s)
			}
		}
	}
	if strings.Contains(text, "secret") || len(got.Effects) == 0 {
		t.Errorf("told: %s", text)
	}
}

func TestRehearsalsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	w.stock(3)
	ask := func(actor value.Actor, form value.FormKey, documents map[string]string) error {
		_, _, err := w.Rehearse(t.Context(), actor, engine.RehearsalRequest{Form: form, Documents: documents}, nil)
		return err
	}
	if err := ask(w.actor("lib"), "book", nil); fault.CodeOf(err) != "access.admin" {
		t.Errorf("no administrator: %v", err)
	}
	if err := ask(w.head(), "nothing", nil); fault.CodeOf(err) != "form.unknown" {
		t.Errorf("no such form: %v", err)
	}
	if err := ask(w.head(), "book", tried(`"(price ?? 0) * (count ?? 1)"`, `"price *"`)); fault.CodeOf(err) != "meta.invalid" {
		t.Errorf("a draft with faults: %v", err)
	}
	if err := ask(w.head(), "book", map[string]string{"forms/book/form.json": strings.Repeat(" ", 300<<10)}); fault.CodeOf(err) != "draft.tooLarge" {
		t.Errorf("too large: %v", err)
	}
	if _, err := w.Rehearsal(t.Context(), w.head(), "01"); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("no such rehearsal: %v", err)
	}
}

func TestARehearsalThatIsOvertakenCancelledOrKilled(t *testing.T) {
	start := func(t *testing.T) (*world, *job.Job) {
		w := newWorld(t)
		w.elect()
		w.stock(60)
		documents := tried(`"(price ?? 0) * (count ?? 1)"`, dearer)
		_, j, err := w.Rehearse(t.Context(), w.head(), engine.RehearsalRequest{Form: "book", Documents: documents}, nil)
		must(t, err)
		return w, j
	}
	ended := func(w *world, id value.ID) *job.Job {
		j, err := w.Jobs.Get(w.Context(), w.head(), id)
		must(w.TB, err)
		return j
	}
	t.Run("overtaken", func(t *testing.T) {
		w, j := start(t)
		w.between(16, func() {
			_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"Title"`, `"Name"`))
			must(t, err)
		})
		w.turns()
		if got := ended(w, j.ID); got.State != job.Failed || got.Reason.Code != "rehearsal.overtaken" || got.Done > 24 {
			t.Errorf("the job: %+v", got)
		}
		got, err := w.Rehearsal(t.Context(), w.head(), j.ID)
		must(t, err)
		if got.Ended || got.Examined < 16 {
			t.Errorf("what was found before: %+v", got)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		w, j := start(t)
		w.between(16, func() {
			_, err := w.Jobs.Cancel(t.Context(), w.head(), j.ID)
			must(t, err)
		})
		w.turns()
		if got := ended(w, j.ID); got.State != job.Cancelled || got.Done != 24 {
			t.Errorf("the job: %+v", got)
		}
	})
	t.Run("killed", func(t *testing.T) {
		w, j := start(t)
		ctx, kill := context.WithCancel(t.Context())
		w.between(16, kill)
		for ctx.Err() == nil {
			if _, err := w.Jobs.RunOnce(ctx); err != nil && ctx.Err() == nil {
				t.Fatal(err)
			}
		}
		if got := ended(w, j.ID); got.State.Ended() {
			t.Fatalf("the job: %+v", got)
		}
		other := w.open() // another process goes on
		for worked := true; worked; {
			var err error
			worked, err = other.Jobs.RunOnce(t.Context())
			must(t, err)
		}
		got, err := w.Rehearsal(t.Context(), w.head(), j.ID)
		must(t, err)
		if effects(got) != "value worth: 40" || got.Examined != 60 || !got.Ended {
			t.Errorf("effects: %s of %+v", effects(got), got)
		}
	})
}
