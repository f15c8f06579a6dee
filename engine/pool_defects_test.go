package engine_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store/teststore"
	"tidewater/engine/value"
)

// The defects of other products that pools.md lists at its end, and the test that holds each of them off:
//
//	overdue compares a date with itself                  TestDeadlinesWorkedByHand, TestWhatNobodyFollowsUpGoesBackAndSaysWhy
//	"nothing new in N days" tests "nothing ever"         TestNothingNewInSomeDaysIsNotNothingEver
//	quota spent by a failed claim                        TestTwoHundredClaimOneRecordAtOnce
//	parallel claims overshoot                            TestParallelClaimsDoNotOvershoot
//	cool-down off by one, and only the last owner        TestCooldownHoldsForEveryFormerOwnerAndForWholeDays
//	first of several caps decides                        TestTheSmallestOfSeveralCapsWinsAndIsNamed
//	order of pools decides silently                      TestPoolsTakeRecordsByPriorityAndKeepWhatWasChosen, catalog's TestPoolsThatCannotBeMeant
//	collaborators keep access after pooling              TestThePoolKnowsNoGuests
//	contacts left ownerless                              TestReturningAsksForAReasonAndTakesTheRestAlong
//	smallest cap for holding but largest for locks       TestTheSameCapDecidesForHoldingAndForLocks
//	badge and list disagree                              TestFiguresAreWhatTheListsHold
//	editable while in approval                           TestWhatAStateClosesIsChangedByNoWayIn, TestAClaimThatWaitsForApprovalIsNotPublished
//	null follow-up reclaims what was claimed just now    TestWhatIsClaimedAfterALongTimeInThePoolIsNotTakenAtOnce, TestFollowUpsRestartTheClock
//	claim–return–claim evades the daily limit            TestClaimReturnClaimDoesNotEvadeTheDailyLimit
//	a bulk edit in the pool restarts the freeze          TestABulkEditInThePoolDoesNotRestartTheFreeze, TestAnEditInThePoolDoesNotRestartTheFreeze
//	cap looked up by substring of an id                  TestCapsAreOfOnePersonAndOnePoolByTheirWholeNames
//	cap looked up across tenants                         TestCapsAreOfOneTenant
//	a message reports capacity that ignores exclusions   TestWhatIsToldOfRoomLeavesOutWhatDoesNotCount
//	deterministic tie-break starves newer members        pool's TestTheLedgerDecidesWhoGetsTheOddOnes
//	child rows deleted by a partial import               TestRowsOfTablesAreMatchedAndNeverLeftOut

// A rule may ask for something new within its days: what had something once, and nothing since, leaves as what never
// had anything does.
func TestNothingNewInSomeDaysIsNotNothingEver(t *testing.T) {
	files := poolFiles(`, "reclaim": [{"id": "nothingNew", "clock": "max(assignedAt, lastPartAt ?? assignedAt)", "days": "30"}]`, "")
	files["forms/part/form.json"] = strings.Replace(part, `"name":`, `"made": {"x-field": "datetime", "x-label": {"en": "Made"}}, "name":`, 1)
	files["forms/asset/form.json"] = strings.Replace(asset, `"note":`,
		`"lastPartAt": {"x-field": "rollup", "x-label": {"en": "Last part"}, "x-from": "part", "x-via": "asset", "x-of": "made", "x-op": "max"}, "note":`, 1)
	w := newDepot(t, files)
	w.clock("2026-03-31 12:00")
	never, once, lately := w.held("ann", "A"), w.held("ann", "A"), w.held("ann", "A")
	made := func(of value.ID, at string) {
		t.Helper()
		w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(of), "made": at})
		must(t, w.Settle(t.Context()))
	}
	w.clock("2026-04-01 12:00")
	made(once, "2026-04-01T04:00:00Z")
	made(lately, "2026-04-01T04:00:00Z")
	w.clock("2026-04-20 12:00")
	made(lately, "2026-04-20T04:00:00Z")
	for id, want := range map[value.ID]string{never: "2026-05-01 01:00", once: "2026-05-02 01:00", lately: "2026-05-21 01:00"} {
		if got := w.leaves(id); got != want {
			t.Errorf("it leaves %s, want %s", got, want)
		}
	}
	w.turnOn()
	w.clock("2026-05-02 01:00")
	w.sweep("force")
	if w.owner(never) != "" || w.owner(once) != "" || w.owner(lately) != "ann" {
		t.Errorf("%q, %q and %q have them", w.owner(never), w.owner(once), w.owner(lately))
	}
	w.clean()
}

// What waits in a pool for longer than its rule's days is not due the moment that somebody claims it, though nobody
// has followed it up.
func TestWhatIsClaimedAfterALongTimeInThePoolIsNotTakenAtOnce(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-01-05 12:00")
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": "A"})
	w.turnOn()
	w.clock("2026-03-31 00:59")
	w.did("ann", made.ID, "claim", nil, "")
	w.clock("2026-03-31 01:00")
	if got := w.sweep("run"); len(got) != 0 || w.owner(made.ID) != "ann" {
		t.Errorf("a minute after the claim: %v, %q has it", got, w.owner(made.ID))
	}
	if got := w.leaves(made.ID); got != "2026-04-08 01:00" {
		t.Errorf("it leaves %s", got)
	}
	w.clean()
}

// For holding as for locks the cap is that of the record's pool, over all that somebody has: the smaller one decides
// in its own pool, the larger one does not lift it.
func TestTheSameCapDecidesForHoldingAndForLocks(t *testing.T) {
	for _, c := range []struct{ cap, code string }{{"hold", "pool.holdFull"}, {"lock", "pool.locksUsed"}} {
		t.Run(c.cap, func(t *testing.T) {
			w := newDepot(t, poolFiles(`, "`+c.cap+`": {"max": 1}`, `, "`+c.cap+`": {"max": 3}`))
			take := func(zone, want string) {
				t.Helper()
				made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": zone})
				err := w.act("boss", made.ID, "assign", map[string]any{"to": "ann"}, "")
				if err == nil && c.cap == "lock" {
					err = w.act("ann", made.ID, "lock", nil, "")
				}
				if fault.CodeOf(err) != want {
					t.Errorf("in %s: %v, want %q", zone, err, want)
				}
			}
			take("west", "")
			take("east", c.code) // one of one, though it is in the other pool
			take("west", "")
			take("west", "")
			take("west", c.code)
			w.clean()
		})
	}
}

// Every figure that stands beside a list is as many as the list holds.
func TestFiguresAreWhatTheListsHold(t *testing.T) {
	w := newDepot(t, poolFiles(idle("")+`, "hold": {"max": 9, "excludes": "sealed == true"}`, ""))
	w.clock("2026-03-31 12:00")
	for n, tier := range []string{"A", "A", "B", "C", "C"} {
		made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": tier, "sealed": n == 4})
		w.did("boss", made.ID, "assign", map[string]any{"to": "ann"}, "")
		w.make("boss", "asset", map[string]any{"name": "Free", "zone": "east", "tier": tier})
	}
	must(t, w.Records.Delete(t.Context(), w.actor("boss"), "asset", w.waiting("Binned"), 1, ""))
	listed := func(who value.ID, filter string) int {
		t.Helper()
		page, err := w.Records.List(t.Context(), w.actor(who), record.ListRequest{Form: "asset", Filter: filter, Count: "exact"})
		must(t, err)
		if int64(len(page.Records)) != page.Count.Value || page.Next != "" {
			t.Errorf("%s of %s: %d records are counted as %+v", filter, who, len(page.Records), page.Count)
		}
		return len(page.Records)
	}
	for _, who := range []value.ID{"ann", "abe", "wes", "boss", "clerk"} {
		listed(who, `name != nil`)
		listed(who, `holder == nil`)
	}
	state := func(who value.ID) engine.PoolState {
		t.Helper()
		pools, err := w.Pools(t.Context(), w.actor(who), "asset")
		must(t, err)
		return pools[0]
	}
	if mine := listed("ann", `holder == "ann" and sealed != true`); state("ann").Held != mine || mine != 4 {
		t.Errorf("she holds %d of %d", state("ann").Held, mine)
	}
	w.clock("2026-04-08 01:00")
	due := state("boss").Sweep.Due
	if n := listed("boss", `pool == "east" and reclaimAt <= now()`); int64(n) != due || due != 2 {
		t.Errorf("%d are said to be due, %d are listed", due, n)
	}
	w.turnOn()
	if took := w.sweep("force")["reclaimed"]; took != due {
		t.Errorf("%d are said to be due, %d are taken", due, took)
	}
	must(t, w.Inform(t.Context()))
	unread, exact, err := w.Unread(t.Context(), w.actor("ann"))
	must(t, err)
	notices, _, err := w.Notices(t.Context(), w.actor("ann"), true, "", 50)
	if err != nil || !exact || unread == 0 || unread != len(notices) {
		t.Errorf("%d unread are said, %d are listed: %v", unread, len(notices), err)
	}
	w.clean()
}

// made is a record that waits in the pool east.
func (w *world) waiting(name string) value.ID {
	w.Helper()
	return w.make("boss", "asset", map[string]any{"name": name, "zone": "east"}).ID
}

// While a state closes a record, its owner changes it by no way in: neither by hand nor among many. It
// is the right that says so, for nothing waits for an approval yet.
func TestWhatAStateClosesIsChangedByNoWayIn(t *testing.T) {
	files := poolFiles("", "")
	files["roles/keeper.json"] = `{"key": "keeper", "label": {"en": "Keeper"}, "forms": {"asset": {"create": true, "read": {"scope": "own"},
		"update": {"scope": "expr", "when": "holder == actor.id and sealed != true"}}}}`
	w := newDepot(t, files)
	id := w.waiting("Crane")
	w.did("ann", id, "claim", nil, "")
	must(t, w.try("ann", id, map[string]any{"note": "before", "sealed": true}))
	if err := w.try("ann", id, map[string]any{"note": "after"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("by hand: %v", err)
	}
	if err := w.try("ann", id, map[string]any{"sealed": false}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("she has opened it herself: %v", err)
	}
	outcomes, _, err := w.Bulk(t.Context(), w.actor("ann"), engine.BulkRequest{Form: "asset", Action: "update", IDs: []value.ID{id}, Values: map[string]any{"note": "after"}}, nil)
	if err != nil || len(outcomes) != 1 || fault.KindOf(outcomes[0].Err) != fault.Forbidden {
		t.Errorf("among many: %+v %v", outcomes, err)
	}
	if got := w.raw(id); got.Values["note"] != "before" || got.Values["sealed"] != true || got.Version != 3 {
		t.Errorf("%+v", got.Values)
	}
	must(t, w.try("boss", id, map[string]any{"sealed": false}))
	must(t, w.try("ann", id, map[string]any{"note": "after"}))
	// In the pool it is nobody's: whoever may claim it changes nothing before they do.
	w.did("boss", w.waiting("Other"), "assign", map[string]any{"to": "abe"}, "")
	if err := w.try("abe", w.waiting("Waiting"), map[string]any{"note": "mine soon"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("in the pool: %v", err)
	}
	w.clean()
}

// Nothing can reserve a record for an approval that nobody could give.
func TestAClaimThatWaitsForApprovalIsNotPublished(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	_, err := w.Apps.Install(t.Context(), depot("1.1.0", poolFiles(`, "claim": {"approval": "lend"}`, "")))
	if issues := faultsOf(err); !strings.Contains(issuesAt(issues, "/claim/approval"), "meta.notAvailable") {
		t.Errorf("%v", err)
	}
}

// issuesAt are the codes of the issues of a path's end.
func issuesAt(issues fault.Issues, end string) string {
	var codes []string
	for _, one := range issues {
		if strings.HasSuffix(one.Path, end) {
			codes = append(codes, one.Code)
		}
	}
	return strings.Join(codes, " ")
}

func TestABulkEditInThePoolDoesNotRestartTheFreeze(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"freezeNew": {"value": 1, "unit": "day"}}`, ""))
	ids := []value.ID{w.waiting("Crane"), w.waiting("Hook")}
	w.pass(day(2))
	outcomes, _, err := w.Bulk(t.Context(), w.actor("boss"), engine.BulkRequest{Form: "asset", Action: "update", IDs: ids, Values: map[string]any{"note": "polished"}}, nil)
	must(t, err)
	for n, id := range ids {
		if outcomes[n].Err != nil || !outcomes[n].Changed {
			t.Fatalf("%+v", outcomes[n])
		}
		w.did("ann", id, "claim", nil, "")
	}
}

// One name within another is another's: of people, of pools and of tiers.
func TestCapsAreOfOnePersonAndOnePoolByTheirWholeNames(t *testing.T) {
	own := `, "claim": {"perDay": 1, "scope": "pool"}, "hold": {"max": 1, "scope": "pool", "byTier": {"A": 1}}`
	files := poolFiles(own, "")
	files["pools/eas.json"] = strings.NewReplacer(`"key": "east"`, `"key": "eas"`, `zone == \"east\"`, `zone == \"sea\"`, `"priority": 10`, `"priority": 5`).
		Replace(files["pools/east.json"])
	w := newDepot(t, files)
	person := func(id value.ID) org.User {
		return org.User{ID: id, Username: string(id), Name: string(id), Roles: []string{"keeper"}, Zones: []value.ID{"ze"}, Active: true, Locale: "en"}
	}
	w.hire(person("an"), person("anna"), person("joann"))
	free := func(zone string) value.ID {
		return w.make("boss", "asset", map[string]any{"name": "Crane", "zone": zone, "tier": "A"}).ID
	}
	for _, who := range []value.ID{"ann", "an", "anna", "joann"} {
		for _, zone := range []string{"east", "sea"} {
			w.did(who, free(zone), "claim", nil, "")
		}
	}
	for _, zone := range []string{"east", "sea"} {
		w.refused("pool.holdFull", "ann", free(zone), "claim", nil, "")
		w.refused("pool.holdFull", "boss", free(zone), "assign", map[string]any{"to": "ann"}, "")
	}
	w.clean()
}

// What somebody of the same id holds and has claimed in another tenant is nothing of this one's.
func TestCapsAreOfOneTenant(t *testing.T) {
	pools := poolFiles(`, "claim": {"perDay": 2}, "hold": {"max": 2}`, "")
	here := newDepot(t, pools)
	s := teststore.Open(t, filepath.Join(t.TempDir(), "other.db"), "other")
	t.Cleanup(func() { must(t, s.Close()) })
	there := &world{TB: t, store: s, now: here.now, zone: here.zone, people: here.people}
	there.Engine = there.open()
	_, err := there.Apps.Install(t.Context(), depot("1.0.0", pools))
	must(t, err)
	for range 2 {
		here.did("ann", here.waiting("Crane"), "claim", nil, "")
	}
	here.refused("pool.holdFull", "ann", here.waiting("Crane"), "claim", nil, "")
	for range 2 {
		there.did("ann", there.waiting("Crane"), "claim", nil, "")
	}
	there.refused("pool.holdFull", "ann", there.waiting("Crane"), "claim", nil, "")
	here.clean()
	there.clean()
}

// Wherever room is told of, it is the room that a claim finds: what does not count as held takes none.
func TestWhatIsToldOfRoomLeavesOutWhatDoesNotCount(t *testing.T) {
	w := newDepot(t, poolFiles(`, "hold": {"max": 2, "excludes": "sealed == true"}`, ""))
	sealed := func(id value.ID) { w.edit(id, map[string]any{"sealed": true}) }
	var ids []value.ID
	told := func(held, room int) {
		t.Helper()
		pools, err := w.Pools(t.Context(), w.actor("ann"), "asset")
		must(t, err)
		if pools[0].Held != held || pools[0].Most != 2 {
			t.Errorf("the pool tells %d of %d, want %d of 2", pools[0].Held, pools[0].Most, held)
		}
		w.waiting("Free")
		draw, err := w.Preview(t.Context(), w.actor("boss"), byHand(engine.DealByHand{Mode: "randomEven", People: []engine.DealTo{{User: "ann"}}}))
		must(t, err)
		if got := draw.Takers[0]; got.Load != held || got.Room != room {
			t.Errorf("a draw finds %d and room for %d, want %d and %d", got.Load, got.Room, held, room)
		}
	}
	for range 2 {
		ids = append(ids, w.waiting("Crane"))
		w.did("ann", ids[len(ids)-1], "claim", nil, "")
	}
	told(2, 0)
	err := w.act("ann", w.waiting("Crane"), "claim", nil, "")
	var full *fault.Error
	if !errors.As(err, &full) || full.Code != "pool.holdFull" || full.Args["max"] != 2 {
		t.Errorf("%v", err)
	}
	sealed(ids[0])
	told(1, 1)
	w.did("ann", w.waiting("Crane"), "claim", nil, "")
	told(2, 0)
	w.refused("pool.holdFull", "ann", w.waiting("Crane"), "claim", nil, "")
	w.clean()
}
