package engine_test

import (
	"encoding/json"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/org"
	"tidewater/engine/pool"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func (w *world) deal(reason string) map[string]int64 {
	w.Helper()
	_, err := w.Distribute(w.Context(), w.actor("boss"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly", Reason: reason}, nil)
	must(w, err)
	w.turns()
	return w.last().Counts
}

const weekly = `, "distribute": [{"id": "weekly", "mode": "randomEven", "among": ["user:ann", "user:abe", "user:wes", "user:k001"],
	"quota": {"perPerson": 4, "overrides": {"abe": 1}}}]`

// A week's quota is handed out once, evenly, and the draw can be dealt again from what was kept.
func TestAWeeksQuotaIsHandedOutOnce(t *testing.T) {
	w := newDepot(t, poolFiles(weekly+`, "hold": {"max": 3}`, ""))
	for range 20 {
		w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	}
	mine := func(who value.ID) int {
		t.Helper()
		page, err := w.Records.List(t.Context(), w.actor("boss"), record.ListRequest{Form: "asset", Filter: `holder == "` + string(who) + `"`})
		must(t, err)
		return len(page.Records)
	}
	preview, err := w.Preview(t.Context(), w.actor("boss"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly"})
	must(t, err)
	if hands, left := preview.Deal(); len(hands) != 10 || len(left) != 0 || mine("ann") != 0 {
		t.Errorf("the preview deals %d and leaves %d, and she has %d", len(hands), len(left), mine("ann"))
	}
	if got := w.deal(""); got["dealt"] != 10 || mine("ann") != 3 || mine("abe") != 1 || mine("wes") != 3 || mine("k001") != 3 {
		t.Fatalf("%v: %d %d %d %d", got, mine("ann"), mine("abe"), mine("wes"), mine("k001"))
	}
	item, err := w.store.Load(t.Context(), "poolDraws", string(w.last().ID))
	must(t, err)
	var d pool.Draw
	must(t, json.Unmarshal(item.Body, &d))
	hands, _ := d.Deal()
	for _, h := range hands {
		if w.owner(h.ID) != string(h.To) {
			t.Errorf("dealt again, %s is %s's; it is %s's", h.ID, h.To, w.owner(h.ID))
		}
	}
	history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", hands[0].ID, "", 0)
	must(t, err)
	if line := history.Entries[0]; line.Action != "deal" || line.Detail["seed"] == "" || line.Actor.ID != "system:distribute" {
		t.Errorf("the history tells %+v", line)
	}
	if got := w.deal(""); got["dealt"] != 0 || w.last().Refusals["pool.periodDone"] != 1 {
		t.Errorf("a second time in the week: %v", got)
	}
	if got := w.deal("two came back from leave"); got["dealt"] != 1 || w.last().Refusals["pool.periodDone"] != 0 {
		t.Errorf("with a reason, abe, who alone has room, gets his one once more: %v", got)
	}
	if _, err := w.Distribute(t.Context(), w.actor("ann"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly"}, nil); fault.CodeOf(err) != "pool.mayNotManage" {
		t.Errorf("ann: %v", err)
	}
	w.clean()
}

// Nobody gets a record that they are in cool-down for, nor while they are away; what changed meanwhile is skipped.
func TestADrawPassesOverWhoMayNotHaveIt(t *testing.T) {
	w := newDepot(t, poolFiles(`, "distribute": [{"id": "weekly", "mode": "randomEven", "among": ["user:ann", "user:abe"]}]`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.did("ann", made.ID, "claim", nil, "")
	w.did("ann", made.ID, "return", nil, "x")
	users := w.people.Users()
	for n := range users {
		if users[n].ID == "abe" {
			users[n].Away = []org.Span{{From: 20260331, To: 20260331}}
		}
	}
	people, err := org.NewSnapshot(2, users, nil, w.people.Zones())
	must(t, err)
	before := w.people
	w.people = people
	if got := w.deal(""); got["dealt"] != 0 || got["left"] != 1 {
		t.Errorf("%v, %q has it", got, w.owner(made.ID))
	}
	w.people = before
	w.pass(7 * 24 * time.Hour)
	_, err = w.Distribute(t.Context(), w.actor("boss"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly"}, nil)
	must(t, err)
	turns := 0
	w.happen = func() {
		if turns++; turns == 3 { // drawn, and not handed out yet
			w.did("abe", made.ID, "claim", nil, "")
		}
	}
	w.turns()
	if got := w.last(); got.Counts["skipped"] != 1 || w.owner(made.ID) != "abe" {
		t.Errorf("%+v, %q has it", got.Counts, w.owner(made.ID))
	}
	w.clean()
}

// What a draw promises is what people may hold: of a tier no more than its own cap, and the rest goes to others.
func TestADrawPromisesNoMoreOfATierThanPeopleMayHold(t *testing.T) {
	w := newDepot(t, poolFiles(`, "hold": {"max": 50, "byTier": {"A": 2}}, "distribute": [{"id": "weekly", "mode": "randomEven", "among": ["user:ann", "user:abe"]}]`, ""))
	w.held("ann", "A")
	for n := range 8 {
		w.make("boss", "asset", map[string]any{"name": "Crane " + pad(n), "zone": "east", "tier": []string{"A", "B"}[n%2]})
	}
	d, err := w.Preview(t.Context(), w.actor("boss"), engine.DealRequest{Form: "asset", Pool: "east", ID: "weekly"})
	must(t, err)
	tier, promised := map[value.ID]string{}, map[string]int{}
	for _, c := range d.Candidates {
		tier[c.ID] = c.Tier
	}
	hands, left := d.Deal()
	for _, h := range hands {
		promised[string(h.To)+" "+tier[h.ID]]++
	}
	if promised["ann A"] != 1 || promised["abe A"] != 2 || promised["ann B"]+promised["abe B"] != 4 || len(left) != 1 {
		t.Errorf("%v, %d left", promised, len(left))
	}
	if got := w.deal(""); got["dealt"] != 7 || got["left"] != 1 || got["skipped"] != 0 {
		t.Errorf("%v", got)
	}
	w.clean()
}

// What people hold is counted for the first record that they get in a transaction, and not again for each: so a
// hand-out examines what they have once for each batch, and obeys the limits to the record.
func TestAHandOutCountsWhatPeopleHoldOnceForMany(t *testing.T) {
	const cranes, most = 120, 45
	w := newDepot(t, poolFiles(`, "distribute": [{"id": "weekly", "mode": "randomEven", "among": ["user:ann", "user:abe"]}], "hold": {"max": 45}`, ""))
	w.cranes(cranes)
	counted := &counting{Store: w.store}
	w.Engine = w.openOver(counted)
	counted.inTx.Store(0)
	if got := w.deal(""); got["dealt"] != 2*most || got["left"] != 0 && got["left"] != cranes-2*most {
		t.Errorf("handed out: %v", got)
	}
	// One by one it would be the sum of 0 to 44 for each of the two: 1,980.
	if got := counted.inTx.Load(); got > int64(most*(most+w.batch())/w.batch()) {
		t.Errorf("%d records examined to hand out %d", got, 2*most)
	}
	held := map[string]int{}
	page, err := w.Records.List(t.Context(), w.actor("boss"), record.ListRequest{Form: "asset", Limit: 200})
	must(t, err)
	for _, r := range page.Records {
		held[w.owner(r.ID)]++
	}
	if held["ann"] != most || held["abe"] != most || held[""] != cranes-2*most {
		t.Errorf("held: %v", held)
	}
	w.clean()
}
