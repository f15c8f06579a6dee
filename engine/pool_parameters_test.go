package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Parameters of pools that no defect is told of.

// Whoever claims a record has it for the days that protect it, though its rule would give fewer.
func TestAClaimProtectsForItsDays(t *testing.T) {
	w := newDepot(t, poolFiles(idle("")+`, "protectDaysAfterClaim": 20`, ""))
	w.clock("2026-03-31 12:00")
	if got := w.leaves(w.held("ann", "A")); got != "2026-04-21 01:00" { // 20 full days: 1 to 20 April
		t.Errorf("with a tier of 7 days it leaves %s", got)
	}
	if got := w.leaves(w.held("abe", "C")); got != "2026-05-01 01:00" {
		t.Errorf("with one of 30 days it leaves %s", got)
	}
}

// Where only the last owner has to wait, those before may come back at once.
func TestOnlyTheLastOwnerCools(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"cooldown": {"who": "lastOwner", "value": 7, "unit": "day"}}, "return": {"required": false}`, ""))
	id := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"}).ID
	for _, by := range []value.ID{"ann", "abe"} {
		w.did(by, id, "claim", nil, "")
		w.did(by, id, "return", nil, "")
	}
	w.refused("pool.coolingDown", "abe", id, "claim", nil, "")
	w.did("ann", id, "claim", nil, "")
}

// A cool-down may be of hours: as many whole ones.
func TestACoolDownMayBeOfHours(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"cooldown": {"value": 5, "unit": "hour"}}, "return": {"required": false}`, ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.did("ann", id, "return", nil, "")
	w.clock("2026-03-31 16:59")
	w.refused("pool.coolingDown", "ann", id, "claim", nil, "")
	w.clock("2026-03-31 17:01")
	w.did("ann", id, "claim", nil, "")
}

// Whoever assigns by hand passes a cool-down over, and is told so: of one record, and of each of many.
func TestWhoAssignsWithinACoolDownIsWarned(t *testing.T) {
	w := newDepot(t, poolFiles(`, "return": {"required": false}`, ""))
	w.clock("2026-03-31 12:00")
	first, second := w.held("ann", "A"), w.held("ann", "B")
	w.did("ann", first, "return", nil, "")
	w.did("ann", second, "return", nil, "")
	give := func(to string) *fault.Issue {
		t.Helper()
		answer, err := w.Records.Act(t.Context(), w.actor("boss"), "asset", first, "assign", record.ActInput{Args: map[string]any{"to": to}})
		must(t, err)
		return answer.Warning
	}
	if got := give("abe"); got != nil {
		t.Errorf("abe never had it: %+v", got)
	}
	if got := give("ann"); got == nil || got.Code != "pool.assignedCooling" || got.Args["person"] != "ann" || got.Args["until"] != "2026-04-08" {
		t.Errorf("ann had it an hour ago: %+v", got)
	}
	w.did("ann", first, "return", nil, "")
	both := engine.BulkRequest{Form: "asset", Action: "assign", IDs: []value.ID{first, second, w.held("abe", "C")}, Args: map[string]any{"to": "ann"}}
	outcomes, _, err := w.Bulk(t.Context(), w.actor("boss"), both, nil)
	must(t, err)
	for n, want := range []bool{true, true, false} {
		if got := outcomes[n]; !got.Changed || (got.Warning != nil) != want {
			t.Errorf("%d: %+v", n, got)
		}
	}
	w.clock("2026-04-08 00:01")
	w.did("ann", first, "return", nil, "")
	w.clock("2026-04-16 00:01")
	if got := give("ann"); got != nil {
		t.Errorf("her days are over: %+v", got)
	}
}

// A rule may say by the record where it goes; what is no pool of the form says that it stays in its own.
func TestARuleSaysByTheRecordWhereItGoes(t *testing.T) {
	w := newDepot(t, poolFiles(idle(`, "targetBy": "tier == \"A\" ? \"west\" : \"nowhere\""`), ""))
	w.clock("2026-03-31 12:00")
	first, second := w.held("ann", "A"), w.held("ann", "B")
	w.turnOn()
	w.clock("2026-04-17 12:00")
	if got := w.sweep("run"); got["reclaimed"] != 2 {
		t.Fatalf("%v", got)
	}
	for id, want := range map[value.ID]string{first: "west", second: "east"} {
		if got := w.raw(id).Values.Text(value.SysPool); got != want {
			t.Errorf("it is in %s, want %s", got, want)
		}
	}
}

// Who has won is reversed by those alone who manage both zones.
func TestAManagerOfOneZoneReversesNothing(t *testing.T) {
	files := zoneFiles("", "")
	files["roles/southern.json"] = strings.Replace(string(depot("1.0.0", files)["roles/boss.json"]), `"key": "boss"`, `"key": "southern"`, 1)
	files["pools/south.json"] = strings.Replace(files["pools/south.json"], `"manage": ["role:boss"]`, `"manage": ["role:boss", "role:southern"]`, 1)
	w := newDepot(t, files)
	w.hire(org.User{ID: "sue", Username: "sue", Name: "Sue", Roles: []string{"southern"}, Active: true, Locale: "en"})
	target := w.spread("Crane", "13800000001")
	must(t, w.convert("k000", target["north"]))
	w.refused("group.mayNotReverse", "sue", target["south"], "reverse", nil, "ours was first")
	w.did("boss", target["south"], "reverse", nil, "ours was first")
}
