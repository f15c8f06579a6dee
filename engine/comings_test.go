package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

const remindingFields = `"next": {"x-field": "datetime", "x-label": {"en": "Next look"}, "x-remind": {"when": "note != \"done\""}},
	"back": {"x-field": "date", "x-label": {"en": "Back on"}, "x-remind": {"at": "08:30"}},
	"note": {`

// newReminding is a library whose books remind of two times; what came before it opened, on 31 March at noon, is told.
func newReminding(t *testing.T) *world {
	w := newWorld(t)
	w.hire(org.User{ID: "ned", Username: "ned", Name: "Ned", Roles: []string{"keeper"}, Active: true, Locale: "en"})
	_, err := w.Apps.Install(t.Context(), bundle("1.1.0", `"note": {`, remindingFields))
	must(t, err)
	w.at("2026-03-31 12:00")
	return w
}

// at lets it be a time, and tells what has come by then.
func (w *world) at(text string) {
	w.Helper()
	w.clock(text)
	must(w, w.Comings(w.Context()))
}

func (w *world) amend(who value.ID, r *record.View, values map[string]any) *record.View {
	w.Helper()
	view, err := w.Records.Update(w.Context(), w.actor(who), r.Form, r.ID, w.get(r.Form, r.ID).Version, record.Input{Values: values})
	must(w, err)
	return view
}

func TestWhoeverHasARecordIsToldWhenItsTimeHasCome(t *testing.T) {
	w := newReminding(t)
	tides := w.make("kim", "book", map[string]any{"title": "Tides", "next": "2026-04-01T02:00:00Z"}) // 10:00
	w.at("2026-04-01 09:59")
	w.hears("kim")
	w.at("2026-04-01 10:00")
	w.hears("kim", "Next look of Tides (Book) has come.")
	w.hears("lib") // who may read it has not got it
	w.at("2026-04-01 10:01")
	w.remindedOf("kim", 1)
	// It moves with the field, there and back.
	w.amend("kim", tides, map[string]any{"next": "2026-04-01T04:00:00Z"})
	w.amend("kim", tides, map[string]any{"next": "2026-04-01T03:00:00Z"})
	w.at("2026-04-01 11:30")
	w.remindedOf("kim", 2)
	w.at("2026-04-01 13:00")
	w.remindedOf("kim", 2)
	// It goes to whoever has the record by then.
	w.amend("kim", tides, map[string]any{"next": "2026-04-02T04:00:00Z"})
	w.amend("lib", tides, map[string]any{"keeper": "ned"})
	w.at("2026-04-02 12:00")
	w.hears("ned", "Next look of Tides (Book) has come.", "Lib gave you Tides (Book).")
	w.clean()
}

// Whoever stands in for the holder on the day is told with them, on no other day, and nothing that they do not see.
func TestWhoStandsInIsToldOfWhatHasCome(t *testing.T) {
	w := newReminding(t)
	away := []org.Span{{From: 20260401, To: 20260401, Deputy: "ned"}, {From: 20260403, To: 20260403, Deputy: "nobodys"}}
	w.hire(org.User{ID: "nobodys", Username: "nobodys", Name: "Nobody", Active: true, Locale: "en"})
	w.hire(org.User{ID: "pat", Username: "pat", Name: "Pat", Roles: []string{"keeper"}, Active: true, Locale: "en", Away: away})
	for _, at := range []string{"2026-04-01T02:00:00Z", "2026-04-02T02:00:00Z", "2026-04-03T02:00:00Z"} {
		w.make("pat", "book", map[string]any{"title": "Tides", "next": at})
	}
	w.at("2026-04-01 10:00")
	w.hears("ned", "Next look of Tides (Book) has come.")
	w.at("2026-04-02 10:00")
	w.at("2026-04-03 10:00")
	w.remindedOf("ned", 1)
	w.remindedOf("pat", 3)
	w.remindedOf("nobodys", 0)
}

func TestNobodyIsToldOfWhatIsDoneGoneOrEmpty(t *testing.T) {
	w := newReminding(t)
	done := w.make("kim", "book", map[string]any{"title": "Done", "next": "2026-04-01T02:00:00Z"})
	gone := w.make("kim", "book", map[string]any{"title": "Gone", "next": "2026-04-01T02:00:00Z"})
	empty := w.make("kim", "book", map[string]any{"title": "Empty", "next": "2026-04-01T02:00:00Z"})
	nobodys := w.make("kim", "book", map[string]any{"title": "Nobody's", "next": "2026-04-01T02:00:00Z"})
	w.amend("kim", done, map[string]any{"note": "done"})
	w.amend("kim", empty, map[string]any{"next": nil})
	w.amend("lib", nobodys, map[string]any{"keeper": nil})
	must(t, w.Records.Delete(t.Context(), w.actor("kim"), "book", gone.ID, gone.Version, ""))
	w.told("kim")
	before := len(w.told("kim"))
	w.at("2026-04-01 10:30")
	if got := w.told("kim"); len(got) != before {
		t.Errorf("kim was told %q", got)
	}
}

func TestDaysComeInTheMorningAndDaysOffOnTheNextWorkday(t *testing.T) {
	w := newReminding(t)
	// 3 April is a Friday, 4 to 6 April are Qingming's holidays.
	for day, title := range map[string]string{"2026-04-03": "Friday", "2026-04-05": "Holiday", "2026-04-07": "Tuesday"} {
		w.make("kim", "book", map[string]any{"title": title, "back": day})
	}
	w.at("2026-04-03 08:29")
	w.hears("kim")
	w.at("2026-04-03 08:30")
	w.hears("kim", "Back on of Friday (Book) has come.")
	w.at("2026-04-05 09:00")
	w.remindedOf("kim", 1)
	w.at("2026-04-07 08:29")
	w.remindedOf("kim", 1)
	w.at("2026-04-07 08:31")
	w.hears("kim", "Back on has come for 2 records: Book.", "Back on of Friday (Book) has come.")
}

// A time that has come before it is set is told at once, if it is this day's; and not to whoever sets it.
func TestATimeThatHasComeWhenItIsSetIsToldAtOnce(t *testing.T) {
	w := newReminding(t)
	w.at("2026-04-01 15:00")
	w.make("lib", "book", map[string]any{"title": "Today", "keeper": "ned", "back": "2026-04-01"})
	w.hears("ned", "Lib gave you Today (Book).", "Back on of Today (Book) has come.")
	w.make("lib", "book", map[string]any{"title": "Yesterday", "keeper": "kim", "back": "2026-03-31", "next": "2026-03-31T02:00:00Z"})
	w.hears("kim", "Lib gave you Yesterday (Book).")
	w.make("kim", "book", map[string]any{"title": "Mine", "back": "2026-04-01", "next": "2026-04-01T06:00:00Z"})
	w.hears("kim", "Lib gave you Yesterday (Book).")
	w.at("2026-04-01 15:30")
	w.remindedOf("kim", 1)
	w.remindedOf("ned", 2)
}

// Whoever no longer sees the field, or the record, is not told by a reminder that it has come.
func TestAReminderTellsNobodyWhatTheyDoNotSee(t *testing.T) {
	w := newReminding(t)
	_, err := w.Apps.Install(t.Context(), bundle("1.2.0", `"note": {`, remindingFields,
		`"delete": {"scope": "own"}}`, `"delete": {"scope": "own"}, "fields": {"next": "hidden"}}`))
	must(t, err)
	w.make("lib", "book", map[string]any{"title": "Tides", "keeper": "ned", "next": "2026-04-01T02:00:00Z", "back": "2026-04-01"})
	w.at("2026-04-01 10:30")
	w.hears("ned", "Back on of Tides (Book) has come.", "Lib gave you Tides (Book).")
}

// Killed anywhere, by as many processes as may be, everybody is told of each time once.
func TestTimesAreToldOnceHoweverOftenTheWorkIsKilled(t *testing.T) {
	w := newReminding(t)
	for n := range 230 { // more than two pages
		w.make("kim", "book", map[string]any{"title": fmt.Sprint("Book ", n), "next": "2026-04-01T02:00:00Z"})
	}
	w.clock("2026-04-01 10:00")
	other := w.open()
	kills := 0
	for n := range 8 {
		ctx, kill := context.WithCancel(t.Context())
		die := func() { kills++; kill() }
		w.saving = die
		if n%2 == 1 {
			w.saving = func() { w.saving = die }
		}
		if err := other.Comings(ctx); err != nil {
			t.Logf("killed: %v", err)
		}
		w.saving = nil
		kill()
		must(t, w.Inform(t.Context()))
	}
	if kills < 3 {
		t.Errorf("killed %d times only", kills)
	}
	must(t, w.Comings(t.Context()))
	must(t, other.Comings(t.Context()))
	w.hears("kim", "Next look has come for 230 records: Book.")
}

// What a look examines grows with what has come, not with what there is.
func TestComingsExamineOnlyWhatHasCome(t *testing.T) {
	w := newReminding(t)
	for n := range 60 {
		w.make("kim", "book", map[string]any{"title": fmt.Sprint(n), "next": time.Date(2026, 5, 1, 0, n, 0, 0, time.UTC).Format(time.RFC3339)})
	}
	from := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	until := time.Date(2026, 5, 1, 0, 1, 0, 0, time.UTC).UnixMilli()
	records, _, work, err := w.Records.Coming(t.Context(), "book", "next", from, until, nil, 100)
	if err != nil || len(records) != 2 || work.Records > 2 || work.Entries > 10 {
		t.Errorf("%d records, %+v %v", len(records), work, err)
	}
}
