package engine_test

import (
	"testing"
	"time"

	"tidewater/engine/notify"
)

// rests lets the world come to rest, and holds when it wants to be looked after again, as its clocks show it.
func (w *world) rests(want string) {
	w.Helper()
	at, err := w.Rest(w.Context())
	for ; err == nil && !at.After(w.now); at, err = w.Rest(w.Context()) {
		w.turns() // something was due
	}
	must(w.TB, err)
	zone := w.zone
	if zone == nil {
		zone = time.FixedZone("Shanghai", 8*3600)
	}
	if got := at.In(zone).Format("2006-01-02 15:04"); got != want {
		w.Errorf("it rests until %s, want %s", got, want)
	}
}

// A tenant that is closed says when it has to be opened again: for sweeps, reminders, schedules and ends of shares.
func TestRestEndsWhenTheNextThingIsDue(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	w.clock("2026-03-31 12:00")
	w.turns()
	w.rests("2026-04-01 12:00") // nothing is to come: a day
	w.upgrade("1.1.0", poolFiles(idle(""), ""))
	w.rests("2026-04-01 01:00") // the sweep
	w.upgrade("1.2.0", poolFiles(idle(`, "remind": [{"before": 1, "to": ["owner"]}]`)+`, "sweep": {"at": "23:30"}, "remindAt": "18:15"`, ""))
	w.rests("2026-03-31 18:15") // reminders, and the sweep at half past eleven after them
	w.clock("2026-03-31 18:15")
	if at, err := w.Rest(t.Context()); err != nil || at.After(w.now) {
		t.Errorf("reminders are due and it rests until %v: %v", at, err)
	}
	w.turns()
	w.rests("2026-03-31 23:30")
	w.upgrade("1.3.0", poolFiles(mondays(""), ""))
	w.rests("2026-04-01 18:15") // not before Monday, but a day is the longest
	w.clock("2026-04-12 12:00")
	w.rests("2026-04-13 09:00") // the draw of Monday
}

// And for messages: those that gather, and a digest in the evening. It is no longer busy for what leaves much later.
func TestRestEndsWhenAMessageIsToLeave(t *testing.T) {
	w := postal(t, notify.Digest)
	w.gives("Moby Dick")
	must(t, w.RunPost(t.Context()))
	if w.Busy() {
		t.Error("a digest of the evening keeps it from being closed")
	}
	at, err := w.Rest(t.Context())
	must(t, err)
	if next := (notify.Choices{}).DigestAfter(w.now, time.FixedZone("", 8*3600)); !at.Equal(next) {
		t.Errorf("it rests until %v, and the digest leaves at %v", at, next)
	}
	w.mu.Lock()
	w.now = at.Add(-30 * time.Second)
	w.mu.Unlock()
	must(t, w.RunPost(t.Context()))
	if !w.Busy() {
		t.Error("what leaves in half a minute does not keep it open")
	}
	w.mu.Lock()
	w.now = at
	w.mu.Unlock()
	must(t, w.RunPost(t.Context()))
	if len(w.mail.got) != 1 {
		t.Errorf("%d digests", len(w.mail.got))
	}
}
