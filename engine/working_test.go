package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/audit"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/value"
)

// workdays is idle by working days.
func workdays() string { return idle(`, "unit": "workday"`) }

// holidays puts the days off and the make-up days of 2026 in place of those there are.
func (w *world) holidays(off []string, work ...string) {
	w.Helper()
	was, err := w.WorkingCalendar(w.Context(), value.SystemActor("test"))
	must(w, err)
	var days []org.Day
	for _, date := range off {
		days = append(days, org.Day{Date: date, Kind: org.DayOff, Name: "off"})
	}
	for _, date := range work {
		days = append(days, org.Day{Date: date, Kind: org.DayWork, Name: "work"})
	}
	_, err = w.PutCalendar(w.Context(), value.SystemActor("test"), was.Version, was.With(days))
	must(w, err)
	w.pass(6 * time.Second)
	w.turns()
}

func TestAChangeOfTheCalendarMovesDeadlinesAndTakesNobodyUnawares(t *testing.T) {
	w := newDepot(t, poolFiles(workdays(), ""))
	w.clock("2026-11-02 12:00")
	id := w.held("ann", "A")
	// Claimed on Monday the 2nd: seven full working days are the 3rd to the 6th and the 9th to the 11th.
	if got := w.leaves(id); got != "2026-11-12 01:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.holidays([]string{"2026-11-09", "2026-11-10"})
	if got := w.leaves(id); got != "2026-11-16 01:00" {
		t.Fatalf("with two days off more it leaves %s", got)
	}
	// A weekend of work would have it leave tomorrow: nobody loses anything without notice of three days.
	w.clock("2026-11-09 12:00")
	w.holidays([]string{"2026-11-29"}, "2026-11-07", "2026-11-08")
	if got := w.leaves(id); got != "2026-11-13 01:00" {
		t.Fatalf("with two days of work more it leaves %s", got)
	}
	w.hears("ann", "Crane (Asset) goes back to its pool at 2026-11-13 01:00 unless you follow it up.")
	// Formulas and new deadlines go by it at once.
	if got := w.leaves(w.held("abe", "A")); got != "2026-11-19 01:00" {
		t.Errorf("a new one leaves %s", got)
	}
	w.clean()
}

func TestAChangeOfTheCalendarIsWorkedThroughHoweverOftenItIsStopped(t *testing.T) {
	w := newDepot(t, poolFiles(workdays(), ""))
	w.clock("2026-11-02 12:00")
	var ids []value.ID
	for range 20 {
		ids = append(ids, w.held("ann", "B"))
	}
	was := w.leaves(ids[0])
	all, err := w.WorkingCalendar(t.Context(), value.SystemActor("test"))
	must(t, err)
	_, err = w.PutCalendar(t.Context(), value.SystemActor("test"), 0, all.With([]org.Day{{Date: "2026-11-03", Kind: "off", Name: "x"}}))
	must(t, err)
	w.pass(6 * time.Second)
	for range 4 { // each time another process, which is told to stop at its second batch
		ctx, stop := context.WithCancel(t.Context())
		batches := 0
		w.happen = func() {
			if batches++; batches == 2 {
				stop()
			}
		}
		if _, err := w.open().Jobs.RunOnce(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		stop()
	}
	w.happen = nil
	w.turns()
	for _, id := range ids {
		if got := w.leaves(id); got == was {
			t.Fatalf("%s still leaves %s", id, got)
		}
	}
	if got := w.last().Counts; got["changed"] != 20 {
		t.Errorf("%v", got)
	}
}

func TestTheCalendarIsAnAdministratorsAndHasVersions(t *testing.T) {
	w := newDepot(t, poolFiles(workdays(), ""))
	w.hire(admin())
	root, ann, ctx := w.actor("root"), w.actor("ann"), t.Context()
	if _, err := w.WorkingCalendar(ctx, ann); fault.CodeOf(err) != "access.admin" {
		t.Error(err)
	}
	if _, err := w.PutCalendar(ctx, ann, 0, org.Almanac{}); fault.CodeOf(err) != "access.admin" {
		t.Error(err)
	}
	was, err := w.WorkingCalendar(ctx, root)
	if err != nil || was.Version != 0 || !slices.Equal(was.Weekend, []int{6, 7}) || !slices.Equal(was.Unknown, []int64{2027}) {
		t.Fatalf("%+v %v", was, err)
	}
	next, err := w.PutCalendar(ctx, root, 0, was.With([]org.Day{{Date: "2027-01-01", Kind: "off", Name: "元旦"}}))
	if err != nil || next.Version != 1 || next.By != "root" || len(next.Unknown) != 0 {
		t.Fatalf("%+v %v", next, err)
	}
	if _, err := w.PutCalendar(ctx, root, 0, was.Almanac); fault.CodeOf(err) != "calendar.stale" {
		t.Error(err)
	}
	if _, err := w.PutCalendar(ctx, root, 1, org.Almanac{Weekend: []int{9}}); fault.CodeOf(err) != "calendar.malformed" {
		t.Error(err)
	}
	if _, err = w.PutCalendar(ctx, root, 1, was.Almanac); err != nil {
		t.Fatal(err)
	}
	versions, err := w.CalendarVersions(ctx, root)
	if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[1].Days != versions[0].Days+1 {
		t.Errorf("%+v %v", versions, err)
	}
	first, err := w.CalendarOf(ctx, root, 1)
	if err != nil || first.Days[len(first.Days)-1].Date != "2027-01-01" {
		t.Errorf("%+v %v", first, err)
	}
	if _, err := w.CalendarOf(ctx, root, 7); fault.CodeOf(err) != "calendar.version" {
		t.Error(err)
	}
	// Another process over the same store goes by the same.
	other := w.open()
	if got, err := other.WorkingCalendar(ctx, root); err != nil || got.Version != 2 {
		t.Errorf("%+v %v", got, err)
	}
	entries, err := audit.Read(ctx, w.store, "", 10)
	if err != nil || len(entries) < 2 || entries[0].Op != audit.CalendarChanged || entries[0].Actor != "root" || entries[0].Target != "2" {
		t.Errorf("%+v %v", entries, err)
	}
}

func TestAdministratorsAreToldOnceThatTheCalendarEnds(t *testing.T) {
	w := newDepot(t, poolFiles(workdays(), ""))
	w.hire(admin())
	for day, want := range map[string]int{"2026-11-14 12:00": 0, "2026-11-15 12:00": 1} {
		w.clock(day)
		for range 2 {
			must(t, w.WarnOfCalendar(t.Context()))
		}
		if want == 0 {
			continue
		}
		told := w.told("root")
		if len(told) != want || !strings.Contains(told[0], "2027") {
			t.Errorf("%s: %v", day, told)
		}
	}
	// Where nothing goes by working days, nobody is bothered.
	quiet := newDepot(t, poolFiles(idle(""), ""))
	quiet.hire(admin())
	quiet.clock("2026-12-01 12:00")
	must(t, quiet.WarnOfCalendar(t.Context()))
	if told := quiet.told("root"); len(told) != 0 {
		t.Errorf("%v", told)
	}
}
