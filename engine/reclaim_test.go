package engine_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// idle is a rule by which what nobody follows up leaves, days by tier; more is what it says beside.
func idle(more string) string {
	return `, "activity": {"form": "check", "via": "asset", "at": "at"}, "countsAs": "len(content ?? \"\") >= 5",
		"reclaim": [{"id": "idle", "clock": "max(assignedAt, activityAt ?? assignedAt)", "days": {"A": 7, "B": 15, "C": 30}` + more + `}]`
}

// sweep lets the pool east be swept, and returns its job's counts.
func (w *world) sweep(how string) map[string]int64 {
	w.Helper()
	_, err := w.Sweep(w.Context(), w.actor("boss"), "asset", "east", engine.SweepRequest{Do: how}, nil)
	must(w, err)
	w.turns()
	must(w, w.Settle(w.Context()))
	return w.last().Counts
}

func (w *world) turnOn() {
	w.Helper()
	_, err := w.Sweep(w.Context(), w.actor("boss"), "asset", "east", engine.SweepRequest{Do: "on", Seen: 1_000}, nil)
	must(w, err)
}

// held makes an asset of a tier that somebody has claimed.
func (w *world) held(by value.ID, tier string) value.ID {
	w.Helper()
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": tier})
	w.did(by, made.ID, "claim", nil, "")
	return made.ID
}

func (w *world) owner(id value.ID) string { return w.raw(id).Values.Text("holder") }

// at is when a record leaves, as clocks in the world's zone show it.
func (w *world) leaves(id value.ID) string {
	w.Helper()
	ms := w.raw(id).Values.At(value.SysReclaimAt)
	if ms == 0 {
		return "never"
	}
	zone := w.zone
	if zone == nil {
		zone = time.FixedZone("Shanghai", 8*3600)
	}
	return time.UnixMilli(ms).In(zone).Format("2006-01-02 15:04")
}

func (w *world) clock(text string) {
	w.Helper()
	zone := w.zone
	if zone == nil {
		zone = time.FixedZone("Shanghai", 8*3600)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	must(w, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t.UTC()
}

func TestWhatNobodyFollowsUpGoesBackAndSaysWhy(t *testing.T) {
	w := newDepot(t, poolFiles(idle(`, "cascade": {"forms": ["part"]}, "target": "west"`), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(id)})
	// Claimed on 31 March: seven full days are 1 to 7 April, it leaves on the first sweep of the 8th.
	if got := w.leaves(id); got != "2026-04-08 01:00" {
		t.Fatalf("it leaves %s", got)
	}
	w.turnOn()
	w.clock("2026-04-08 00:59")
	if got := w.sweep("run"); len(got) != 0 || w.owner(id) != "ann" {
		t.Fatalf("too early: %v", got)
	}
	w.clock("2026-04-08 01:00")
	if got := w.sweep("run"); got["reclaimed"] != 1 || w.owner(id) != "" {
		t.Fatalf("%v %+v", got, w.raw(id).Values)
	}
	r := w.raw(id)
	if r.Values.Text(value.SysFormer) != "ann" || r.Values.Text(value.SysPool) != "west" || r.Values.At(value.SysReclaimAt) != 0 {
		t.Errorf("%+v", r.Values)
	}
	if got, err := w.Records.List(t.Context(), w.actor("ann"), record.ListRequest{Form: "part"}); err != nil || len(got.Records) != 0 {
		t.Errorf("parts stayed with her: %v %v", got, err)
	}
	history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", id, "", 0)
	must(t, err)
	line := history.Entries[0]
	if line.Action != "reclaim" || line.Actor.ID != "system:reclaim" || line.Detail["rule"] != "idle" || line.Detail["limit"] != int64(7) ||
		line.Detail["path"] != "days/A" || line.Detail["clock"] == nil || line.Detail["version"] == "" {
		t.Errorf("the history tells %+v", line)
	}
	// The clerk, who does not see the tier, does not learn of it this way.
	history, err = w.Records.History(t.Context(), w.actor("clerk"), "asset", id, "", 0)
	if err != nil || history.Entries[0].Detail != nil {
		t.Errorf("%+v %v", history.Entries[0], err)
	}
	if got := w.sweep("run"); len(got) != 0 {
		t.Errorf("twice: %v", got)
	}
	w.clean()
}

// An owner who makes her own record a slower one keeps it no longer, by the sweep as by what the deadline says; what
// protects it still does, and a follow-up makes the new tier count.
func TestAnOwnersOwnTierSavesNothingFromTheSweep(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	plain, locked, followed, raised := w.held("ann", "A"), w.held("ann", "A"), w.held("ann", "A"), w.held("ann", "A")
	w.turnOn()
	w.clock("2026-04-02 12:00")
	for _, id := range []value.ID{plain, locked, followed, raised} {
		must(t, w.try("ann", id, map[string]any{"tier": "C"}))
		if got := w.leaves(id); got != "2026-04-08 01:00" {
			t.Errorf("it says %s", got)
		}
	}
	w.did("ann", locked, "lock", map[string]any{"until": "2026-04-12"}, "")
	w.make("ann", "check", map[string]any{"asset": string(followed), "at": w.now.Format(time.RFC3339), "content": "called them"})
	must(t, w.Settle(t.Context()))
	must(t, w.try("boss", raised, map[string]any{"tier": "B"}))
	for id, want := range map[value.ID]string{locked: "2026-04-13 01:00", followed: "2026-05-03 01:00", raised: "2026-04-16 01:00"} {
		if got := w.leaves(id); got != want {
			t.Errorf("it says %s, want %s", got, want)
		}
	}
	w.clock("2026-04-08 01:00")
	if got := w.sweep("run"); got["reclaimed"] != 1 || w.owner(plain) != "" {
		t.Fatalf("taken: %v", got)
	}
	history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", plain, "", 0)
	must(t, err)
	if line := history.Entries[0]; line.Detail["limit"] != int64(7) || line.Detail["path"] != "days/A" || line.Detail["held"] != true {
		t.Errorf("the history tells %+v", line.Detail)
	}
	w.clock("2026-04-13 01:00")
	if got := w.sweep("run"); got["reclaimed"] != 1 || w.owner(locked) != "" {
		t.Errorf("once it is not locked: %v", got)
	}
	w.clean()
}

// What is taken back together takes along what is its own, and no more, whether that is little or more than is read at
// once.
func TestWhatIsTakenBackTogetherTakesAlongItsOwn(t *testing.T) {
	rule := idle(`, "cascade": {"forms": [{"form": "part", "when": "name != \"Hook\""}]}`)
	for _, parts := range []int{2, 180} {
		w := newDepot(t, poolFiles(rule, ""))
		w.clock("2026-03-31 12:00")
		w.turnOn()
		var stay, gone []value.ID
		for range 3 {
			id := w.held("ann", "A")
			for n := range parts {
				one := w.make("ann", "part", map[string]any{"name": "Rope " + strconv.Itoa(n), "asset": string(id)})
				gone = append(gone, one.ID)
			}
			stay = append(stay, w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(id)}).ID)
		}
		longer := w.held("ann", "C") // whose days are not over
		stay = append(stay, w.make("ann", "part", map[string]any{"name": "Rope", "asset": string(longer)}).ID)
		w.clock("2026-04-08 01:00")
		if got := w.sweep("run"); got["reclaimed"] != 3 {
			t.Fatalf("%d parts each: %v", parts, got)
		}
		for want, ids := range map[string][]value.ID{"ann": stay, "": gone} {
			for _, id := range ids {
				r, err := w.store.Get(t.Context(), "part", id)
				must(t, err)
				if r.Values.Text("holder") != want {
					t.Fatalf("%d parts each: %s %s is %q's, want %q", parts, id, r.Values.Text("name"), r.Values.Text("holder"), want)
				}
			}
		}
		w.clean()
	}
}

// A deadline counts as unseen where what it is made of does.
func TestADeadlineDoesNotTellOfAHiddenTier(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	id := w.held("ann", "A")
	got, err := w.Records.Get(t.Context(), w.actor("clerk"), "asset", id)
	if err != nil || got.Pool == nil || got.Pool.ReclaimAt != nil {
		t.Errorf("%+v %v", got, err)
	}
	for _, filter := range []string{`reclaimAt != nil`, `reclaimBy == "idle"`} {
		page, err := w.Records.List(t.Context(), w.actor("clerk"), record.ListRequest{Form: "asset", Filter: filter})
		if err == nil && len(page.Records) > 0 {
			t.Errorf("%s tells", filter)
		}
	}
	if _, err := w.Records.List(t.Context(), w.actor("clerk"), record.ListRequest{Form: "asset", Sort: "reclaimAt"}); err == nil {
		t.Error("sorted by deadline")
	}
	page, err := w.Records.List(t.Context(), w.actor("ann"), record.ListRequest{Form: "asset", Filter: `reclaimAt <= addDays(now(), 9)`, Sort: "name"})
	if err != nil || len(page.Records) != 1 {
		t.Errorf("her forecast: %v %v", page, err)
	}
}

// An exemption that gives a day spares up to the end of that day, and never longer than the limit does by itself.
func TestADaySparesUpToItsEnd(t *testing.T) {
	rule := `, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "3", "exempt": ["startedAt == nil ? nil : addDays(date(startedAt), 10)"]}]`
	w := newDepot(t, poolFiles(rule, ""))
	id := w.held("ann", "A")
	if got := w.leaves(id); got != "2026-04-04 01:00" {
		t.Errorf("with nothing to spare it: %s", got)
	}
	for started, leaves := range map[string]string{
		"2026-03-28T09:00:00+08:00": "2026-04-08 01:00", // 7 April is the last day
		"2026-03-28T00:00:00+08:00": "2026-04-08 01:00",
		"2026-03-01T09:00:00+08:00": "2026-04-04 01:00", // over long ago
	} {
		one := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "startedAt": started, "holder": "ann"})
		if got := w.leaves(one.ID); got != leaves {
			t.Errorf("started %s: %s, not %s", started, got, leaves)
		}
		_, told := w.read("ann", one.ID, value.SysReclaimAt)
		if !strings.Contains(told, "Spared up to and with: 2026-0") {
			t.Errorf("told:\n%s", told)
		}
	}
	f, _ := w.Catalog().Forms["asset"].Pool("east")
	if !slices.Contains(f.Reads(), "startedAt") {
		t.Errorf("the deadline tells of %v", f.Reads())
	}
	_, issues := catalog.Compile(depot("1.0.0", poolFiles(strings.Replace(rule, "startedAt == nil ? nil : addDays(date(startedAt), 10)", "startedAt", 1), "")))
	if len(issues) != 1 || issues[0].Code != "expr.result" {
		t.Errorf("an instant is no exemption: %v", issues)
	}
}

// A null follow-up never means "due now", and what counts restarts the clock at the time of its entry.
func TestFollowUpsRestartTheClock(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	follow := func(at, content string) *record.View {
		t.Helper()
		made := w.make("ann", "check", map[string]any{"asset": string(id), "at": at, "content": content})
		must(t, w.Settle(t.Context()))
		return made
	}
	w.clock("2026-04-05 12:00")
	follow("2026-04-05T02:00:00Z", "hi") // too short to count
	if got := w.leaves(id); got != "2026-04-08 01:00" {
		t.Errorf("what does not count has moved it to %s", got)
	}
	follow("2026-04-03T02:00:00Z", "called them") // it says the 3rd
	if got := w.leaves(id); got != "2026-04-11 01:00" {
		t.Errorf("a follow-up of two days ago has moved it to %s", got)
	}
	last := follow("2026-04-05T02:00:00Z", "called again")
	if got := w.leaves(id); got != "2026-04-13 01:00" {
		t.Errorf("a follow-up of today has moved it to %s", got)
	}
	_, err := w.Records.Create(t.Context(), w.actor("ann"), "check", record.Input{Values: map[string]any{
		"asset": string(id), "at": "2026-05-05T02:00:00Z", "content": "will call them"}})
	if fault.CodeOf(err) != "record.invalid" {
		t.Errorf("a future follow-up: %v", err)
	}
	must(t, w.Records.Delete(t.Context(), w.actor("boss"), "check", last.ID, 1, "a slip"))
	must(t, w.Settle(t.Context()))
	if got := w.leaves(id); got != "2026-04-11 01:00" {
		t.Errorf("without the deleted one it leaves %s", got)
	}
	if _, err := w.Records.Restore(t.Context(), w.actor("boss"), "check", last.ID, nil); err != nil {
		t.Fatal(err)
	}
	must(t, w.Settle(t.Context()))
	if got := w.leaves(id); got != "2026-04-13 01:00" {
		t.Errorf("restored, it leaves %s", got)
	}
	w.clean()
}

// An owner's change of tier shortens at once, with notice, and lengthens from the next follow-up on; another's
// acts at once.
func TestNobodyExemptsThemselves(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A") // until 8 April
	tier := func(by value.ID, tier string) {
		t.Helper()
		must(t, w.try(by, id, map[string]any{"tier": tier}))
	}
	tier("ann", "C")
	if got := w.leaves(id); got != "2026-04-08 01:00" {
		t.Errorf("she has given herself until %s", got)
	}
	w.edit(id, map[string]any{"note": "x"})
	if got := w.leaves(id); got != "2026-04-08 01:00" {
		t.Errorf("another's edit of something else has given her until %s", got)
	}
	w.clock("2026-03-31 15:00")
	w.make("ann", "check", map[string]any{"asset": string(id), "at": "2026-03-31T06:00:00Z", "content": "called them"})
	must(t, w.Settle(t.Context()))
	if got := w.leaves(id); got != "2026-05-01 01:00" { // 30 full days: 1 to 30 April
		t.Errorf("after the next follow-up it leaves %s", got)
	}
	w.clock("2026-04-20 12:00")
	// Tier A would mean 8 April, long ago: it becomes the first sweep that leaves three days of grace.
	tier("ann", "A")
	if got := w.leaves(id); got != "2026-04-24 01:00" {
		t.Errorf("shortened, it leaves %s", got)
	}
	tier("boss", "C")
	if got := w.leaves(id); got != "2026-05-01 01:00" {
		t.Errorf("the boss's change: %s", got)
	}
	w.clean()
}

func TestARecordWithoutATierCountsAsTheLast(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "holder": "ann"})
	if got := w.leaves(made.ID); got != "2026-05-01 01:00" {
		t.Errorf("it leaves %s", got)
	}
}

func TestLocksProtectAndEnd(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.refused("pool.lockEnd", "ann", id, "lock", map[string]any{"until": "2026-09-30"}, "")
	w.refused("pool.lockEnd", "ann", id, "lock", map[string]any{"until": "2026-03-30"}, "")
	w.refused("action.args", "boss", id, "lock", map[string]any{"until": "2026-04-20"}, "")
	w.did("ann", id, "lock", map[string]any{"until": "2026-04-20"}, "")
	if got := w.leaves(id); got != "2026-04-21 01:00" {
		t.Errorf("locked, it leaves %s", got)
	}
	w.turnOn()
	w.clock("2026-04-10 01:00")
	if got := w.sweep("run"); len(got) != 0 || w.owner(id) != "ann" {
		t.Errorf("%v", got)
	}
	for range 4 {
		w.did("ann", w.held("ann", "C"), "lock", nil, "")
	}
	w.refused("pool.locksUsed", "ann", w.held("ann", "C"), "lock", nil, "")
	w.did("boss", w.held("ann", "C"), "lock", map[string]any{"until": "2026-12-31"}, "they merge") // not counted
	// Unlocked, it would have left long ago: there is notice all the same.
	w.did("ann", id, "unlock", nil, "")
	if got := w.leaves(id); got != "2026-04-14 01:00" {
		t.Errorf("unlocked, it leaves %s", got)
	}
	w.clean()
}

// The sweep of a new tenant only reports; one that would take much stops and asks.
func TestASweepReportsFirstAndBrakes(t *testing.T) {
	w := newDepot(t, poolFiles(idle("")+`, "sweep": {"brake": {"share": 0.5, "min": 2}}`, ""))
	w.clock("2026-03-31 12:00")
	for range 3 {
		w.held("ann", "A")
	}
	w.held("ann", "C")
	w.clock("2026-04-08 02:00")
	if got := w.sweep("run"); got["reported"] != 3 || w.last().Refusals["pool.reportOnly"] != 1 {
		t.Errorf("%v", got)
	}
	for seen, code := range map[int64]string{0: "pool.sweepUnseen", 2: "pool.sweepUnseen", 3: ""} {
		unread := engine.SweepRequest{Do: "on", Seen: seen}
		if _, err := w.Sweep(t.Context(), w.actor("boss"), "asset", "east", unread, nil); fault.CodeOf(err) != code {
			t.Errorf("turned on by whoever has seen %d: %v, want %q", seen, err, code)
		}
		_, err := w.Sweep(t.Context(), w.actor("boss"), "asset", "east", engine.SweepRequest{Do: "off"}, nil)
		must(t, err)
	}
	w.turnOn()
	if got := w.sweep("run"); got["braked"] != 3 || w.last().Refusals["pool.braked"] != 1 {
		t.Errorf("%v", got)
	}
	if got := w.sweep("force"); got["reclaimed"] != 3 {
		t.Errorf("%v", got)
	}
	for _, who := range []value.ID{"ann", "clerk"} {
		if _, err := w.Sweep(t.Context(), w.actor(who), "asset", "east", engine.SweepRequest{Do: "on"}, nil); fault.CodeOf(err) != "pool.mayNotManage" {
			t.Errorf("%s: %v", who, err)
		}
	}
	w.clean()
}

// An administrator is told of a sweep that only reports, and so sees its pool and turns it on, without a right in it.
func TestAnAdministratorSeesTheSweepThatTheyMayTurnOn(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	w.held("ann", "A")
	w.clock("2026-04-08 02:00")
	admin := w.actor("clerk")
	for _, is := range []bool{false, true} {
		admin.Admin = is
		pools, err := w.Pools(t.Context(), admin, "asset")
		must(t, err)
		at := slices.IndexFunc(pools, func(p engine.PoolState) bool { return p.Pool.Def.Key == "east" })
		if sees := at >= 0 && pools[at].Sweep != nil; sees != is {
			t.Fatalf("an administrator: %t, sees the sweep: %t", is, sees)
		}
		if is && (pools[at].Sweep.On || pools[at].Sweep.Due != 1 || slices.Contains(pools[at].Rights, "manage")) {
			t.Errorf("%+v %v", pools[at].Sweep, pools[at].Rights)
		}
	}
	_, err := w.Sweep(t.Context(), admin, "asset", "east", engine.SweepRequest{Do: "on", Seen: 1}, nil)
	must(t, err)
	w.clean()
}

// Enabling a rule on records of long ago takes nothing before there was notice.
func TestARuleThatIsNewOrShorterGivesNotice(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	w.clock("2026-01-05 12:00")
	id := w.held("ann", "A")
	if got := w.leaves(id); got != "never" {
		t.Fatalf("%s", got)
	}
	w.clock("2026-03-31 12:00")
	w.upgrade("1.1.0", poolFiles(idle(""), ""))
	if got := w.leaves(id); got != "2026-04-04 01:00" { // 31 March and three days
		t.Errorf("under a new rule it leaves %s", got)
	}
	if w.raw(id).Version != 2 {
		t.Error("somebody's edit became stale")
	}
	w.upgrade("1.2.0", poolFiles(strings.Replace(idle(""), `"A": 7`, `"A": 100`, 1), ""))
	if got := w.leaves(id); got != "2026-04-16 01:00" { // 5 January and 100 days are 15 April
		t.Errorf("under a longer rule it leaves %s", got)
	}
	w.clean()
}

// What a sweep examines grows with what is due, not with what there is.
func TestASweepWithNothingDueExaminesNextToNothing(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	for range 60 {
		w.held(value.ID("k"+pad(7)), "C")
		w.make("boss", "asset", map[string]any{"name": "Free", "zone": "east"})
	}
	page, err := w.Records.Due(t.Context(), "asset", "east", time.Date(2026, 4, 8, 0, 0, 0, 0, time.UTC).UnixMilli(), nil, 100)
	if err != nil || len(page.Records) != 0 || page.Work.Entries > 10 || page.Work.Records > 0 {
		t.Errorf("%+v %v", page, err)
	}
	page, err = w.Records.Due(t.Context(), "asset", "east", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC).UnixMilli(), nil, 10)
	if err != nil || len(page.Records) != 10 || page.Work.Records > 11 {
		t.Errorf("%+v %v", page.Work, err)
	}
}

// Someone follows up between the sweep's look and its write: their record is spared.
func TestAVersionConflictSparesTheRecord(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	id, other := w.held("ann", "A"), w.held("abe", "A")
	w.turnOn()
	w.clock("2026-04-08 02:00")
	_, err := w.Sweep(t.Context(), w.actor("boss"), "asset", "east", engine.SweepRequest{Do: "run"}, nil)
	must(t, err)
	once := true
	w.happen = func() {
		if !once {
			return
		}
		once = false
		w.saving = func() {
			must(t, w.try("boss", id, map[string]any{"tier": "C"}))
		}
	}
	w.turns()
	if w.owner(id) != "ann" || w.owner(other) != "" {
		t.Errorf("%q and %q have them", w.owner(id), w.owner(other))
	}
	w.clean()
}

// Two instances sweep at once, one is killed in the middle: nothing twice, nothing lost.
func TestTwoSweepsAtOnceWithAKillInTheMiddle(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	var ids []value.ID
	for range 40 {
		ids = append(ids, w.held("ann", "A"))
	}
	w.turnOn()
	w.clock("2026-04-08 02:00")
	for range 2 {
		_, err := w.Sweep(t.Context(), w.actor("boss"), "asset", "east", engine.SweepRequest{Do: "force"}, nil)
		must(t, err)
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	batches := 0
	w.happen = func() {
		if batches++; batches == 3 {
			kill()
		}
	}
	_, _ = w.Jobs.RunOnce(ctx) // dies in the middle
	w.happen = nil
	second := w.open()
	for _, e := range []*engine.Engine{w.Engine, second} {
		for {
			worked, err := e.Jobs.RunOnce(t.Context())
			must(t, err)
			if !worked {
				break
			}
		}
	}
	w.turns()
	for _, id := range ids {
		history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", id, "", 0)
		must(t, err)
		n := 0
		for _, e := range history.Entries {
			if e.Action == "reclaim" {
				n++
			}
		}
		if n != 1 || w.owner(id) != "" {
			t.Errorf("%s was taken %d times, %q has it", id, n, w.owner(id))
		}
	}
	w.clean()
}

// The day's sweep is queued once, however many instances ask and how often.
func TestASweepIsQueuedOnceADay(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	second := w.open()
	sweeps := func() int {
		page, _, err := w.Jobs.List(t.Context(), value.SystemActor("test"), true, "", 50)
		must(t, err)
		n := 0
		for _, j := range page {
			if j.Kind == "reclaim" {
				n++
			}
		}
		return n
	}
	for range 3 {
		must(t, w.Sweeps(t.Context()))
		must(t, second.Sweeps(t.Context()))
	}
	if sweeps() != 1 {
		t.Errorf("%d sweeps", sweeps())
	}
	w.clock("2026-04-01 00:59")
	must(t, w.Sweeps(t.Context()))
	w.clock("2026-04-01 01:00")
	must(t, w.Sweeps(t.Context()))
	must(t, second.Sweeps(t.Context()))
	if sweeps() != 2 {
		t.Errorf("%d sweeps", sweeps())
	}
}

// upgrade publishes other pools, and does the work that this leaves.
func (w *world) upgrade(version string, files map[string]string) {
	w.Helper()
	_, err := w.Apps.Install(w.Context(), depot(version, files))
	must(w, err)
	w.turns()
	must(w, w.Settle(w.Context()))
}
