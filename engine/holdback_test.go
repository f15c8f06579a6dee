package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/record"
	"tidewater/engine/value"
)

// followed is how a pool hears of follow-ups.
const followed = `, "activity": {"form": "check", "via": "asset", "at": "at"}, "countsAs": "len(content ?? \"\") >= 5"`

// deals gives assets a stage, which the first deal turns to won, and other fields.
func deals(files map[string]string, fields string) map[string]string {
	option := func(name string) string { return `{"value": "` + name + `", "label": {"en": "` + name + `"}}` }
	files["forms/asset/form.json"] = strings.Replace(asset, `"note":`, `"deals": {"x-field": "rollup", "x-label": {"en": "Deals"},
		"x-from": "deal", "x-via": "asset", "x-op": "count", "x-timing": "soon"}, "stage": {"x-field": "select", "x-label": {"en": "Stage"},
		"x-turns": [{"when": "(deals ?? 0) > 0", "to": "won"}], "x-options": [`+option("new")+", "+option("talks")+", "+option("won")+`]}, `+fields+`"note":`, 1)
	files["forms/deal/form.json"] = `{"type": "object", "x-form": "deal", "x-label": {"en": "Deal"}, "x-title": "name", "properties": {
		"name": {"x-field": "text", "x-label": {"en": "Name"}}, "asset": {"x-field": "reference", "x-label": {"en": "Asset"}, "x-ref": "asset", "x-onDelete": "clear"}}}`
	return files
}

// stays holds when a record leaves its owner.
func (w *world) stays(what string, id value.ID, until string) {
	w.Helper()
	if got := w.leaves(id); got != until {
		w.Errorf("%s: it leaves %s, want %s", what, got, until)
	}
}

// Whichever rule what was held goes by, its owner is reminded as it says, and its clock is no way out.
func TestAnOwnersChangeToAnotherRuleHidesNothing(t *testing.T) {
	told := map[bool][]string{}
	for _, changes := range []bool{false, true} {
		w := newDepot(t, poolFiles(followed+`, "reclaim": [
			{"id": "fast", "when": "tier == \"A\"", "clock": "assignedAt", "days": "7", "remind": [{"before": 3, "to": ["owner"]}]},
			{"id": "slow", "when": "tier == \"C\"", "clock": "assignedAt", "days": "30"}]`, ""))
		w.clock("2026-03-31 12:00")
		id := w.held("ann", "A")
		w.clock("2026-04-01 12:00")
		if changes {
			must(t, w.try("ann", id, map[string]any{"tier": "C"}))
		}
		w.stays("under two rules", id, "2026-04-08 01:00")
		w.morning("2026-04-05 09:00")
		told[changes] = w.told("ann")
		w.clean()
	}
	if len(told[true]) != 1 || !slices.Equal(told[true], told[false]) {
		t.Errorf("changed or not, its owner is told %q and %q", told[true], told[false])
	}
	w := newDepot(t, poolFiles(followed+`, "reclaim": [
		{"id": "idle", "clock": "max(assignedAt, activityAt ?? assignedAt)", "days": {"A": 7, "B": 15, "C": 90}},
		{"id": "noDeal", "clock": "assignedAt", "days": "60"}]`, ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.clock("2026-04-01 12:00")
	w.make("ann", "check", map[string]any{"asset": string(id), "at": w.now.Format(time.RFC3339), "content": "called them"})
	must(t, w.Settle(t.Context()))
	w.clock("2026-04-02 12:00")
	must(t, w.try("ann", id, map[string]any{"tier": "C"}))
	w.stays("under rules of different clocks", id, "2026-04-09 01:00")
	w.clean()
}

// A follow-up that is moved back or taken away is none: what was held stays so.
func TestAFollowUpMovedBackLetsGoOfNothing(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.clock("2026-04-01 12:00")
	made := w.make("ann", "check", map[string]any{"asset": string(id), "at": w.now.Format(time.RFC3339), "content": "called them"})
	must(t, w.Settle(t.Context()))
	w.clock("2026-04-02 12:00")
	must(t, w.try("ann", id, map[string]any{"tier": "C"}))
	w.stays("changed", id, "2026-04-09 01:00")
	earlier := record.Input{Values: map[string]any{"at": "2026-04-01T03:59:00Z"}}
	_, err := w.Records.Update(t.Context(), w.actor("ann"), "check", made.ID, made.Version, earlier)
	must(t, err)
	must(t, w.Settle(t.Context()))
	w.stays("with the follow-up a minute earlier", id, "2026-04-09 01:00")
	w.clean()
}

// What others make of a field counts at once, though its owner has changed it before.
func TestWhatOthersChangeIsHeldNoLonger(t *testing.T) {
	w := newDepot(t, deals(poolFiles(followed+`, "reclaim": [{"id": "idle", "clock": "max(assignedAt, activityAt ?? assignedAt)",
		"days": "stage == \"won\" ? 365 : stage == \"talks\" ? 60 : 7"}]`, ""), ""))
	w.clock("2026-03-31 12:00")
	own, turned, managed := w.held("ann", "A"), w.held("ann", "A"), w.held("ann", "A")
	w.clock("2026-04-01 12:00")
	for _, id := range []value.ID{own, turned, managed} {
		must(t, w.try("ann", id, map[string]any{"stage": "talks"}))
	}
	_, err := w.Records.Create(t.Context(), value.SystemActor("test"), "deal", record.Input{Values: map[string]any{"name": "d", "asset": string(turned)}})
	must(t, err)
	must(t, w.Settle(t.Context()))
	must(t, w.try("boss", managed, map[string]any{"stage": "won"}))
	w.stays("said by its owner", own, "2026-04-08 01:00")
	w.stays("turned by the system", turned, "2027-04-01 01:00")
	w.stays("said by a manager", managed, "2027-04-01 01:00")
	w.clean()
}

// Where no rule takes a record now, an owner's change waits for the day on which one does.
func TestNoWayLeadsAroundWhatIsHeld(t *testing.T) {
	w := newDepot(t, poolFiles(followed+`, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": {"A": 7, "B": 30}},
		{"id": "sealed", "when": "sealed == true", "clock": "assignedAt", "days": "1"}]`, ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.clock("2026-04-01 12:00")
	for _, tier := range []string{"C", "B"} { // of C no rule knows what is not sealed
		must(t, w.try("ann", id, map[string]any{"tier": tier}))
		w.stays("by way of a tier that nothing takes, "+tier, id, "2026-04-08 01:00")
	}
	w.clean()

	w = newDepot(t, poolFiles(followed+`, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": {"A": 7, "B": 30, "C": 60}, "exempt": ["sealed == true"]}]`, ""))
	w.clock("2026-03-31 12:00")
	id = w.held("ann", "A")
	must(t, w.try("boss", id, map[string]any{"sealed": true}))
	must(t, w.try("ann", id, map[string]any{"tier": "C"}))
	w.stays("while it is spared", id, "never")
	must(t, w.try("boss", id, map[string]any{"sealed": nil}))
	w.stays("spared no longer", id, "2026-04-08 01:00")
	w.clean()
}

// What follows from other records is nobody's word for slower, whenever it follows.
func TestWhatFollowsFromOthersIsNotHeld(t *testing.T) {
	for _, timing := range []string{"soon", "transaction"} {
		files := poolFiles(followed+`, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "busy == \"yes\" ? 60 : 7"}]`, "")
		files["forms/asset/form.json"] = strings.Replace(asset, `"note":`, `"parts": {"x-field": "rollup", "x-label": {"en": "Parts"}, "x-from": "part",
			"x-via": "asset", "x-op": "count", "x-timing": "`+timing+`"}, "busy": {"x-field": "formula", "x-label": {"en": "Busy"}, "x-result": "text",
			"x-compute": "(parts ?? 0) > 0 or note == \"busy\" ? \"yes\" : \"no\""}, "note":`, 1)
		w := newDepot(t, files)
		w.clock("2026-03-31 12:00")
		id, said := w.held("ann", "A"), w.held("ann", "A")
		w.make("ann", "part", map[string]any{"asset": string(id), "name": "p"})
		must(t, w.Settle(t.Context()))
		w.stays(timing, id, "2026-05-31 01:00")
		must(t, w.try("ann", said, map[string]any{"note": "busy"}))
		w.stays("worked out from what its owner has said", said, "2026-04-08 01:00")
		w.clean()
	}
}
