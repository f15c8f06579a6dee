package engine_test

import (
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/notify"
)

// An import tells people when it has ended, of all that it gave them: while it runs its notice only grows.
func TestAnImportIsToldOutsideOnceItHasEnded(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	w.mail = &mailbox{}
	w.hire(admin())
	w.Engine = w.open()
	w.channel(notify.WeCom, notify.Now)
	must(t, w.PutAddresses(t.Context(), w.actor("root"), "ann", engine.Addresses{notify.WeCom: "Ann"}))
	turns := 0
	w.happen = func() { // between two batches
		turns++
		must(t, w.Settle(t.Context()))
		must(t, w.Inform(t.Context()))
		w.pass(2 * time.Minute)
		w.arrives()
	}
	w.importedBy("boss", heldBy(turnsOf(30, "ann")...), assetPlan(""), false)
	w.happen = nil
	if turns < 3 {
		t.Fatalf("the import took %d turns only", turns)
	}
	must(t, w.Inform(t.Context()))
	w.pass(2 * time.Minute)
	w.arrives("Ann: boss imported 30 records to you: Asset.")
	w.pass(time.Hour)
	w.arrives()
}
