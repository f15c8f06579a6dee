package engine_test

import (
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// mondays is weekly at nine on Mondays; more is what it says beside.
func mondays(more string) string {
	return strings.Replace(weekly, `"mode":`, `"cron": "0 9 * * 1"`+more+`, "mode":`, 1)
}

const mondaysKey = "pool/asset/east/weekly"

// look has an engine begin what is due, and works it off.
func (w *world) look(e *engine.Engine) {
	w.Helper()
	must(w, e.Schedules(w.Context()))
	w.turns()
}

// draws are the jobs that have dealt by schedule, with the records that they handed out, the newest first.
func (w *world) begun() []engine.ScheduleRun {
	w.Helper()
	list, err := w.ScheduleList(w.Context(), value.SystemActor("test"))
	must(w, err)
	if len(list) != 1 || list[0].Key != mondaysKey {
		w.Fatalf("%+v", list)
	}
	return list[0].Runs
}

func (w *world) upcoming() string {
	w.Helper()
	list, err := w.ScheduleList(w.Context(), value.SystemActor("test"))
	must(w, err)
	if list[0].Next.IsZero() {
		return "never"
	}
	return list[0].Next.In(w.zone).Format("2006-01-02 15:04")
}

func (w *world) cranes(n int) {
	w.Helper()
	for range n {
		w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	}
}

func TestAPoolIsHandedOutWhenItsTimeComesOnceAWeek(t *testing.T) {
	w := newDepot(t, poolFiles(mondays("")+`, "hold": {"max": 3}`, ""))
	w.cranes(20)
	w.clock("2026-11-20 12:00")
	w.look(w.Engine)
	if got := w.begun(); len(got) != 0 || w.upcoming() != "2026-11-23 09:00" {
		t.Fatalf("%+v, next %s", got, w.upcoming())
	}
	w.clock("2026-11-23 09:00")
	other := w.open()
	for range 3 { // several processes, several times
		w.look(w.Engine)
		w.look(other)
	}
	got := w.begun()
	if len(got) != 1 || got[0].Told.Counts["dealt"] != 10 || w.upcoming() != "2026-11-30 09:00" || got[0].By != "" {
		t.Fatalf("%+v, next %s", got, w.upcoming())
	}
	lines, err := w.Draws(t.Context(), w.actor("boss"), "asset", "east")
	if err != nil || len(lines) != 1 || lines[0].Job != got[0].Job || lines[0].Period != "2026-W48" {
		t.Errorf("%+v %v", lines, err)
	}
	// By hand in the same week: nothing more.
	if counts := w.deal(""); counts["dealt"] != 0 {
		t.Errorf("%v", counts)
	}
	w.clean()
}

func TestTimesThatPassedWhileNothingRanAreMadeUpForOnce(t *testing.T) {
	w := newDepot(t, poolFiles(mondays(""), ""))
	w.cranes(40)
	w.look(w.Engine)
	w.clock("2026-06-10 12:00") // ten Mondays later
	w.look(w.open())
	if got := w.begun(); len(got) != 1 || w.upcoming() != "2026-06-15 09:00" {
		t.Errorf("%+v, next %s", got, w.upcoming())
	}
}

func TestAScheduleGoesByTheWorkingCalendarAsItIsThen(t *testing.T) {
	w := newDepot(t, poolFiles(mondays(""), ""))
	w.clock("2026-11-20 12:00")
	w.look(w.Engine)
	w.holidays([]string{"2026-11-23", "2026-11-24"})
	w.look(w.Engine)
	if got := w.upcoming(); got != "2026-11-25 09:00" {
		t.Errorf("next %s", got)
	}
	w.upgrade("1.1.0", poolFiles(mondays(`, "onHoliday": "skip"`), ""))
	w.look(w.Engine)
	if got := w.upcoming(); got != "2026-11-30 09:00" {
		t.Errorf("skipping, next %s", got)
	}
	// What is due already is not lost by a publication just then.
	w.clock("2026-11-30 09:00")
	w.upgrade("1.2.0", poolFiles(mondays(`, "onHoliday": "run"`), ""))
	w.look(w.Engine)
	if got := w.begun(); len(got) != 1 || w.upcoming() != "2026-12-07 09:00" {
		t.Errorf("%+v, next %s", got, w.upcoming())
	}
	// One that is taken away is due no more.
	w.upgrade("1.3.0", poolFiles(weekly, ""))
	w.clock("2026-12-20 09:00")
	w.look(w.Engine)
	if list, err := w.ScheduleList(t.Context(), value.SystemActor("test")); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
	if items, err := w.store.Scan(t.Context(), "scheduleDue", "", "", 10); err != nil || len(items) != 0 {
		t.Errorf("%v %v", items, err)
	}
}

func TestAdministratorsPauseResumeAndRunSchedules(t *testing.T) {
	w := newDepot(t, poolFiles(mondays(""), ""))
	w.hire(admin())
	w.cranes(4)
	ctx, root := t.Context(), w.actor("root")
	for _, do := range []string{"pause", "resume", "run"} {
		if _, err := w.TellSchedule(ctx, w.actor("boss"), mondaysKey, do); fault.CodeOf(err) != "access.admin" {
			t.Error(err)
		}
	}
	if _, err := w.ScheduleList(ctx, w.actor("boss")); fault.CodeOf(err) != "access.admin" {
		t.Error(err)
	}
	if _, err := w.TellSchedule(ctx, root, "pool/asset/east/none", "run"); fault.CodeOf(err) != "schedule.unknown" {
		t.Error(err)
	}
	if _, err := w.TellSchedule(ctx, root, mondaysKey, "stop"); fault.CodeOf(err) != "schedule.do" {
		t.Error(err)
	}
	w.clock("2026-11-20 12:00")
	w.look(w.Engine)
	_, err := w.TellSchedule(ctx, root, mondaysKey, "pause")
	must(t, err)
	w.clock("2026-11-24 09:00")
	w.look(w.Engine)
	if got := w.begun(); len(got) != 0 || w.upcoming() != "never" {
		t.Fatalf("paused: %+v, next %s", got, w.upcoming())
	}
	// Resumed, it makes up for nothing.
	_, err = w.TellSchedule(ctx, root, mondaysKey, "resume")
	must(t, err)
	w.look(w.Engine)
	if got := w.begun(); len(got) != 0 || w.upcoming() != "2026-11-30 09:00" {
		t.Fatalf("resumed: %+v, next %s", got, w.upcoming())
	}
	j, err := w.TellSchedule(ctx, root, mondaysKey, "run")
	must(t, err)
	w.turns()
	got := w.begun()
	if len(got) != 1 || got[0].Job != j.ID || got[0].By != "root" || got[0].Told.Counts["dealt"] != 4 || w.upcoming() != "2026-11-30 09:00" {
		t.Errorf("run: %+v, next %s", got, w.upcoming())
	}
}

func TestManagersHearOfWhatNobodyMayGetAndAdministratorsOfWhatFails(t *testing.T) {
	files := poolFiles(strings.Replace(mondays(""), `"quota": {"perPerson": 4, "overrides": {"abe": 1}}`, `"quota": {"perZone": {"east": 3}}`, 1)+`, "hold": {"max": 3}`, "")
	w := newDepot(t, files)
	w.hire(admin())
	w.cranes(20)
	w.look(w.Engine)
	w.clock("2026-11-23 09:00")
	w.look(w.Engine)
	told := w.told("boss")
	left := w.begun()[0].Told.Counts["left"]
	if left == 0 || len(told) != 1 || !strings.Contains(told[0], "East") {
		t.Errorf("left %d, told %v", left, told)
	}
	// By hand, whoever asks looks at what comes of it.
	_, err := w.Distribute(t.Context(), w.actor("boss"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly", Reason: "again"}, nil)
	must(t, err)
	w.turns()
	if told := w.told("boss"); len(told) != 1 {
		t.Errorf("%v", told)
	}
	// A draw whose record of what was dealt cannot be read is given up.
	w.clock("2026-11-30 09:00")
	must(t, w.Schedules(t.Context()))
	run := w.begun()[0]
	worked := 0
	w.happen = func() {
		if worked++; worked == 2 { // the seed is kept
			must(t, w.store.Drop(t.Context(), "jobArgs", string(run.Job)))
		}
	}
	for range 12 {
		_, _ = w.Jobs.RunOnce(t.Context()) // that it fails is what is looked at
		w.pass(time.Hour)
	}
	w.happen = nil
	if got := w.begun()[0].Told.State; got != "failed" {
		t.Fatalf("it is %s", got)
	}
	if told := w.told("root"); len(told) == 0 || !strings.Contains(told[0], "has failed") {
		t.Errorf("%v", told)
	}
}

func TestALookAtSchedulesWithNothingDueTouchesOneEntry(t *testing.T) {
	w := newDepot(t, poolFiles(mondays(""), ""))
	w.look(w.Engine)
	before, err := w.store.Load(t.Context(), "schedule", mondaysKey)
	must(t, err)
	for range 5 {
		must(t, w.Schedules(t.Context()))
	}
	after, err := w.store.Load(t.Context(), "schedule", mondaysKey)
	if err != nil || after.Revision != before.Revision {
		t.Errorf("written %d times: %v", after.Revision-before.Revision, err)
	}
}
