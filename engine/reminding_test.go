package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tidewater/engine/org"
	"tidewater/engine/value"
)

const reminders = `, "remind": [{"before": 3, "to": ["owner"]}, {"before": 1, "to": ["owner", "manager"]}]`

// morning lets it be a time, and does what is due by then.
func (w *world) morning(text string) {
	w.Helper()
	w.clock(text)
	must(w, w.Reminders(w.Context()))
	w.turns()
}

func (w *world) remindedOf(who value.ID, want int) {
	w.Helper()
	got := w.told(who)
	if len(got) != want {
		w.Errorf("%s was told %d times, want %d: %v", who, len(got), want, got)
	}
}

// Whoever stands in for an owner who is away is reminded with them, on the days that they do.
func TestWhoStandsInIsRemindedWithTheOwner(t *testing.T) {
	w := newDepot(t, poolFiles(idle(reminders), ""))
	w.hire(org.User{
		ID: "dora", Username: "dora", Name: "Dora", Roles: []string{"keeper"}, Zones: []value.ID{"ze"}, Manager: "boss", Active: true, Locale: "en",
		Away: []org.Span{{From: 20260401, To: 20260405, Deputy: "abe"}},
	})
	w.clock("2026-03-31 12:00")
	w.held("dora", "A") // leaves on 8 April at 01:00
	w.morning("2026-04-05 09:00")
	w.remindedOf("dora", 1)
	w.hears("abe", "Crane (Asset) goes back to its pool at 2026-04-08 01:00 unless you follow it up.")
	w.remindedOf("ann", 0)
	w.morning("2026-04-07 09:30") // she is back
	w.remindedOf("dora", 2)
	w.remindedOf("abe", 1)
}

func TestOwnersAreRemindedOnTheirDaysOnce(t *testing.T) {
	w := newDepot(t, poolFiles(idle(reminders), ""))
	w.hire(org.User{ID: "dora", Username: "dora", Name: "Dora", Roles: []string{"keeper"}, Zones: []value.ID{"ze"}, Manager: "boss", Active: true, Locale: "en"})
	w.clock("2026-03-31 12:00")
	id := w.held("dora", "A") // leaves on 8 April at 01:00
	w.morning("2026-04-04 23:00")
	w.remindedOf("dora", 0)
	w.morning("2026-04-05 08:59")
	w.remindedOf("dora", 0)
	w.morning("2026-04-05 09:00")
	w.hears("dora", "Crane (Asset) goes back to its pool at 2026-04-08 01:00 unless you follow it up.")
	w.morning("2026-04-05 15:00")
	w.morning("2026-04-06 09:00")
	w.remindedOf("dora", 1)
	w.hears("boss")
	w.morning("2026-04-07 09:30")
	w.remindedOf("dora", 2)
	w.remindedOf("boss", 1) // her manager
	w.morning("2026-04-08 09:00")
	w.remindedOf("dora", 2) // its time is over
	// A new clock makes new reminders.
	w.clock("2026-04-08 10:00")
	w.make("dora", "check", map[string]any{"asset": string(id), "content": "all is well", "at": "2026-04-08T01:00:00Z"})
	must(t, w.Settle(t.Context()))
	if got := w.leaves(id); got != "2026-04-16 01:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.morning("2026-04-13 09:00")
	w.remindedOf("dora", 3)
}

func TestADayWithoutRemindersIsMadeUpForAndNothingIsToldAfterTheFact(t *testing.T) {
	w := newDepot(t, poolFiles(idle(reminders), ""))
	w.clock("2026-03-31 12:00")
	w.held("ann", "A")
	w.morning("2026-04-06 09:00") // the day of the first was missed
	w.remindedOf("ann", 1)
	w.morning("2026-04-07 09:00")
	w.remindedOf("ann", 2)

	late := newDepot(t, poolFiles(idle(reminders), ""))
	late.clock("2026-03-31 12:00")
	late.held("ann", "A")
	late.morning("2026-04-08 09:00") // due since 01:00
	late.remindedOf("ann", 0)
	late.morning("2026-04-20 09:00")
	late.remindedOf("ann", 0)
}

// Several for one person on a day are one message; killed between any two batches, nobody is told twice.
func TestRemindersOfADayAreOneMessageHoweverOftenTheWorkIsKilled(t *testing.T) {
	w := newDepot(t, poolFiles(idle(reminders), ""))
	w.clock("2026-03-31 12:00")
	for range 230 { // more than two batches
		w.held("ann", "A")
	}
	w.held("abe", "A")
	w.held("abe", "B") // not yet
	w.clock("2026-04-05 09:00")
	must(t, w.Reminders(t.Context()))
	other := w.open() // another process asks, too
	must(t, other.Reminders(t.Context()))
	kills := 0
	for n := range 12 {
		ctx, kill := context.WithCancel(t.Context())
		pass, die := n%2, func() { kills++; kill() }
		w.happen = func() { // before each batch, but for one batch in every second turn
			if pass--; pass >= 0 {
				return
			}
			w.saving = die // before anybody is told
			if n%4 >= 2 {
				w.saving = func() { w.saving = die } // or after that, before it is noted
			}
		}
		if _, err := other.Jobs.RunOnce(ctx); err != nil {
			t.Logf("killed: %v", err)
		}
		kill()
	}
	w.happen, w.saving = nil, nil
	if kills < 3 {
		t.Errorf("killed %d times only", kills)
	}
	w.turns()
	w.hears("ann", "230 records go back to their pools soon unless you follow them up: Asset.")
	w.hears("abe", "Crane (Asset) goes back to its pool at 2026-04-08 01:00 unless you follow it up.")
	page, _, err := w.Notices(t.Context(), w.actor("ann"), false, "", 10)
	must(t, err)
	if len(page[0].Records) != 50 || page[0].Count != 230 || page[0].Records[0].Leaves.IsZero() {
		t.Errorf("%d of %d, %+v", len(page[0].Records), page[0].Count, page[0].Records[0])
	}
}

// What the day's work examines grows with what leaves soon, not with what there is.
func TestRemindersExamineOnlyWhatLeavesSoon(t *testing.T) {
	w := newDepot(t, poolFiles(idle(reminders), ""))
	w.clock("2026-03-31 12:00")
	for range 60 {
		w.held(value.ID("k"+pad(7)), "C")
		w.make("boss", "asset", map[string]any{"name": "Free", "zone": "east"})
	}
	soon := time.Date(2026, 4, 8, 15, 59, 0, 0, time.UTC).UnixMilli()
	now := time.Date(2026, 4, 5, 1, 0, 0, 0, time.UTC).UnixMilli()
	records, _, work, err := w.Records.Leaving(t.Context(), "asset", "east", now, soon, nil, 100)
	if err != nil || len(records) != 0 || work.Entries > 10 || work.Records > 0 {
		t.Errorf("%d records, %+v %v", len(records), work, err)
	}
	for range 4 {
		w.held("ann", "A")
	}
	records, _, work, err = w.Records.Leaving(t.Context(), "asset", "east", now, soon, nil, 100)
	if err != nil || len(records) != 4 || work.Records > 5 {
		t.Errorf("%d records, %+v %v", len(records), work, err)
	}
}

func TestRemindersGoOutByTheTenantsOwnClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	w := newDepotIn(t, berlin, time.Date(2026, 3, 20, 11, 0, 0, 0, time.UTC), poolFiles(idle(reminders)+`, "remindAt": "02:30", "sweep": {"at": "04:00"}`, ""))
	w.clock("2026-03-21 12:00")
	w.held("ann", "A") // seven days are 22 to 28 March: it leaves on the 29th, in whose night 02:30 does not exist
	if got := w.leaves(w.first()); got != "2026-03-29 04:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.morning("2026-03-26 02:29")
	w.remindedOf("ann", 0)
	w.morning("2026-03-26 02:30")
	w.hears("ann", "Crane (Asset) goes back to its pool at 2026-03-29 04:00 unless you follow it up.")
	p, _ := w.Catalog().Forms["asset"].Pool("east")
	if at := p.RemindsOn(20260329, berlin); at.IsZero() || at.In(berlin).Format("15:04") != "03:30" && at.In(berlin).Format("15:04") != "03:00" {
		t.Errorf("in the gap they go out at %s", at.In(berlin))
	}
}

// first is the id of some asset.
func (w *world) first() value.ID {
	w.Helper()
	records, _, _, err := w.Records.Leaving(w.Context(), "asset", "east", 0, 1<<60, nil, 1)
	must(w, err)
	return records[0].ID
}

func TestWhoLosesARecordSoonByAChangeIsToldAtOnce(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "C") // until 1 May
	quiet := w.held("abe", "B")
	w.clock("2026-04-10 10:00")
	must(t, w.try("boss", id, map[string]any{"tier": "A"})) // it would have left on the 8th
	if got := w.leaves(id); got != "2026-04-14 01:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.hears("ann", "Crane (Asset) goes back to its pool at 2026-04-14 01:00 unless you follow it up.")
	// A change of the rule: in the work that it leaves behind.
	w.upgrade("1.1.0", poolFiles(strings.Replace(idle(""), `"B": 15`, `"B": 5`, 1), ""))
	w.turns()
	if got := w.leaves(quiet); got != "2026-04-14 01:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.hears("abe", "Crane (Asset) goes back to its pool at 2026-04-14 01:00 unless you follow it up.")
	// The owner's own change is no news to them.
	mine := w.held("abe", "C")
	w.clock("2026-04-30 12:00")
	must(t, w.try("abe", mine, map[string]any{"tier": "A"}))
	if got := w.told("abe"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
