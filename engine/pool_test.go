package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func day(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

func TestPoolsTakeRecordsByPriorityAndKeepWhatWasChosen(t *testing.T) {
	w := newDepot(t, poolFiles("", `, "fallback": true`))
	pool := func(id value.ID) string { return w.raw(id).Values.Text(value.SysPool) }
	both := w.make("boss", "asset", map[string]any{"name": "both", "zone": "east"})
	west := w.make("boss", "asset", map[string]any{"name": "west", "zone": "west"})
	none := w.make("boss", "asset", map[string]any{"name": "none", "zone": "sea"})
	if pool(both.ID) != "east" || pool(west.ID) != "west" || pool(none.ID) != "west" {
		t.Fatalf("routed to %s, %s, %s", pool(both.ID), pool(west.ID), pool(none.ID))
	}
	if both.Pool == nil || both.Pool.Key != "east" {
		t.Errorf("the record does not say where it is: %+v", both.Pool)
	}
	w.did("boss", both.ID, "transfer", map[string]any{"pool": "west"}, "no room")
	w.edit(both.ID, map[string]any{"note": "moved"})
	if pool(both.ID) != "west" {
		t.Errorf("a change that routes nothing has moved it to %s", pool(both.ID))
	}
	history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", both.ID, "", 0)
	must(t, err)
	if move := history.Entries[1]; move.Action != "transfer" || move.Reason != "no room" || len(move.Changes) != 1 || move.Changes[0].To != "west" {
		t.Errorf("the history tells %+v", move)
	}
	w.edit(both.ID, map[string]any{"zone": "west"})
	w.edit(both.ID, map[string]any{"zone": "east"})
	if pool(both.ID) != "east" {
		t.Errorf("a field that routes has changed, and it is in %s", pool(both.ID))
	}
	w.refused("pool.unknown", "boss", both.ID, "transfer", map[string]any{"pool": "north"}, "")
	w.clean()
}

func TestAPoolShowsWhatItsRightsSayAndHidesItsSecrets(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "phone": "13812345678", "worth": "900", "tier": "A"})
	list := func(actor value.ID, req record.ListRequest) []*record.View {
		t.Helper()
		req.Form = "asset"
		page, err := w.Records.List(t.Context(), w.actor(actor), req)
		must(t, err)
		return page.Records
	}
	if got := list("wes", record.ListRequest{}); len(got) != 0 {
		t.Errorf("another zone sees %v", got)
	}
	got := list("ann", record.ListRequest{})
	if len(got) != 1 || got[0].Values["phone"] != "138****5678" || got[0].Values["worth"] != nil || !slices.Equal(got[0].Rights.Actions, []string{"claim"}) {
		t.Fatalf("ann sees %+v", got)
	}
	// The boss, who sees everything, sees no more of what waits to be claimed.
	if got := list("boss", record.ListRequest{}); got[0].Values["worth"] != nil || got[0].Values["phone"] != "138****5678" {
		t.Errorf("the boss sees %+v", got[0].Values)
	}
	for _, filter := range []string{`worth > 1`, `worth == 900`, `worth != nil`, `phone startsWith "1381"`, `phone contains "2345"`} {
		page, err := w.Records.List(t.Context(), w.actor("ann"), record.ListRequest{Form: "asset", Filter: filter})
		if err == nil && len(page.Records) > 0 {
			t.Errorf("%s tells", filter)
		}
	}
	for _, sort := range []string{"worth", "-phone"} {
		if _, err := w.Records.List(t.Context(), w.actor("ann"), record.ListRequest{Form: "asset", Sort: sort}); err == nil {
			t.Errorf("sorted by %s", sort)
		}
	}
	if got := list("ann", record.ListRequest{Q: "13812345678"}); len(got) != 1 || got[0].Values["phone"] != "138****5678" {
		t.Errorf("by the complete number: %+v", got)
	}
	if got := list("ann", record.ListRequest{Q: "12345"}); len(got) != 0 {
		t.Errorf("a piece of the number finds %+v", got)
	}
	if _, err := w.Records.Aggregate(t.Context(), w.actor("ann"), record.AggregateRequest{Form: "asset", Metrics: []record.MetricBy{{Op: "max", Field: "worth"}}}); err == nil {
		t.Error("the greatest worth is told")
	}
	history, err := w.Records.History(t.Context(), w.actor("ann"), "asset", made.ID, "", 0)
	must(t, err)
	for _, c := range history.Entries[0].Changes {
		if c.Field == "worth" || c.Field == "phone" {
			t.Errorf("the history tells %+v", c)
		}
	}
	if err := w.try("boss", made.ID, map[string]any{"phone": "13900000000"}); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("what is masked was changed: %v", err)
	}
	w.did("ann", made.ID, "claim", nil, "")
	if got := list("ann", record.ListRequest{Filter: `worth == 900`}); len(got) != 1 || got[0].Values["phone"] != "13812345678" {
		t.Errorf("her own: %+v", got)
	}
	w.clean()
}

func TestClaimingOfARightThatNobodyHas(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	// The clerk is of the zone and not of the role: one of a list is enough, all of an intersection are needed.
	w.refused("action.mayNot", "clerk", made.ID, "claim", nil, "")
	w.refused("record.notFound", "wes", made.ID, "claim", nil, "")
	w.refused("action.args", "ann", made.ID, "claim", map[string]any{"to": "abe"}, "")
	w.refused("action.mayNot", "ann", made.ID, "assign", map[string]any{"to": "ann"}, "")
	w.refused("action.mayNot", "ann", made.ID, "return", nil, "x")
	w.refused("action.mayNot", "boss", made.ID, "reclaim", nil, "x")
	w.refused("field.reference", "boss", made.ID, "assign", map[string]any{"to": "gone"}, "")
	w.refused("action.args", "boss", made.ID, "assign", nil, "")
}

func TestTwoHundredClaimOneRecordAtOnce(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"perDay": 1}`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	other := make([]value.ID, 0, 200)
	errs := make([]error, 200)
	var all sync.WaitGroup
	start := make(chan struct{})
	for n := range errs {
		who := w.actor(value.ID("k" + pad(n)))
		all.Go(func() {
			<-start
			_, errs[n] = w.Records.Act(t.Context(), who, "asset", made.ID, "claim", record.ActInput{})
		})
	}
	close(start)
	all.Wait()
	won := ""
	for n, err := range errs {
		switch {
		case err == nil && won == "":
			won = "k" + pad(n)
		case err == nil:
			t.Errorf("%s has it too", "k"+pad(n))
		case fault.CodeOf(err) != "pool.claimed":
			t.Errorf("%v", err)
		default:
			other = append(other, value.ID("k"+pad(n)))
		}
	}
	if won == "" || len(other) != 199 || w.raw(made.ID).Values.Text("holder") != won || w.raw(made.ID).Version != 2 {
		t.Fatalf("%q won, %d lost: %+v", won, len(other), w.raw(made.ID).Values)
	}
	// A claim that failed has spent nothing: each still has their one of the day.
	for _, who := range other[:5] {
		one := w.make("boss", "asset", map[string]any{"name": "More", "zone": "east"})
		w.did(who, one.ID, "claim", nil, "")
		two := w.make("boss", "asset", map[string]any{"name": "More", "zone": "east"})
		w.refused("pool.quotaSpent", who, two.ID, "claim", nil, "")
	}
	w.clean()
}

func pad(n int) string { return strings.Repeat("0", 3-len(itoa(n))) + itoa(n) }

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// Quotas count claims of the tenant's calendar day; returning does not give one back.
func TestClaimReturnClaimDoesNotEvadeTheDailyLimit(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"perDay": 2, "cooldown": {"value": 0}}`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	for range 2 {
		w.did("ann", made.ID, "claim", nil, "")
		w.did("ann", made.ID, "return", nil, "not now")
	}
	w.refused("pool.quotaSpent", "ann", made.ID, "claim", nil, "")
	w.did("boss", made.ID, "assign", map[string]any{"to": "ann"}, "") // never spends or asks for claims
	w.did("ann", made.ID, "return", nil, "still not")
	// It is noon of the 31st in Shanghai: twelve hours later the day is another.
	w.pass(12 * time.Hour)
	w.did("ann", made.ID, "claim", nil, "")
}

// N days are N full days, and everyone who had it waits, not only the last.
func TestCooldownHoldsForEveryFormerOwnerAndForWholeDays(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"cooldown": {"value": 2}}`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.did("ann", made.ID, "claim", nil, "")
	w.did("ann", made.ID, "return", nil, "x") // on the 31st
	w.did("abe", made.ID, "claim", nil, "")
	w.did("abe", made.ID, "return", nil, "x")
	w.refused("pool.coolingDown", "ann", made.ID, "claim", nil, "")
	w.refused("pool.coolingDown", "abe", made.ID, "claim", nil, "")
	w.pass(day(2)) // noon of 2 April: the second of two full days
	w.refused("pool.coolingDown", "ann", made.ID, "claim", nil, "")
	w.did("boss", made.ID, "assign", map[string]any{"to": "ann"}, "") // by hand one may
	w.did("ann", made.ID, "return", nil, "x")
	w.pass(day(1))
	w.refused("pool.coolingDown", "ann", made.ID, "claim", nil, "")
	w.did("abe", made.ID, "claim", nil, "")
}

func TestTheSmallestOfSeveralCapsWinsAndIsNamed(t *testing.T) {
	w := newDepot(t, poolFiles(`, "hold": {"max": 3, "byTier": {"A": 1, "C": 2}, "excludes": "sealed == true"}`, ""))
	claim := func(code, tier string, sealed bool) {
		t.Helper()
		values := map[string]any{"name": "Crane", "zone": "east", "sealed": sealed}
		if tier != "" {
			values["tier"] = tier
		}
		made := w.make("boss", "asset", values)
		err := w.act("ann", made.ID, "claim", nil, "")
		if fault.CodeOf(err) != code {
			t.Fatalf("tier %q: %v, want %q", tier, err, code)
		}
		var f *fault.Error
		if code != "" && errors.As(err, &f) && f.Args["limit"] != tierOr(tier) {
			t.Errorf("the limit is called %v", f.Args["limit"])
		}
	}
	claim("", "A", false)
	claim("pool.holdFull", "A", false)
	claim("", "A", true) // what does not count as held has room
	claim("", "C", false)
	claim("", "", false) // counts as the last tier
	claim("pool.holdFull", "C", false)
	full := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": "B"})
	w.refused("pool.holdFull", "ann", full.ID, "claim", nil, "")
	w.refused("pool.holdFull", "boss", full.ID, "assign", map[string]any{"to": "ann"}, "")
	w.refused("pool.mayNotExceed", "boss", full.ID, "assign", map[string]any{"to": "ann", "exceed": true}, "")
	w.did("boss", full.ID, "assign", map[string]any{"to": "ann", "exceed": true}, "she knows them")
	_, err := w.Records.Create(t.Context(), w.actor("ann"), "asset", record.Input{Values: map[string]any{"name": "Mine", "zone": "east", "holder": "ann"}})
	if fault.CodeOf(err) != "pool.holdFull" {
		t.Errorf("she has made herself one more: %v", err)
	}
	w.clean()
}

func tierOr(tier string) string {
	if tier == "" {
		return "C"
	}
	return tier
}

// Parallel claims of different records do not overshoot what one may hold or claim.
func TestParallelClaimsDoNotOvershoot(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"perDay": 7}, "hold": {"max": 5}`, ""))
	var all sync.WaitGroup
	for range 20 {
		made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
		all.Go(func() { _ = w.act("ann", made.ID, "claim", nil, "") })
	}
	all.Wait()
	page, err := w.Records.List(t.Context(), w.actor("boss"), record.ListRequest{Form: "asset", Filter: `holder == "ann"`})
	if err != nil || len(page.Records) != 5 {
		t.Errorf("she has %d: %v", len(page.Records), err)
	}
	w.clean()
}

// A change in the pool does not begin the freeze again.
func TestAnEditInThePoolDoesNotRestartTheFreeze(t *testing.T) {
	w := newDepot(t, poolFiles(`, "claim": {"freezeNew": {"value": 1, "unit": "day"}}`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.refused("pool.frozen", "ann", made.ID, "claim", nil, "")
	w.pass(day(1))
	w.refused("pool.frozen", "ann", made.ID, "claim", nil, "")
	w.edit(made.ID, map[string]any{"note": "polished"})
	w.pass(day(1))
	w.did("ann", made.ID, "claim", nil, "")
}

func TestReturningAsksForAReasonAndTakesTheRestAlong(t *testing.T) {
	w := newDepot(t, poolFiles(`, "return": {"reasons": [{"value": "broken", "label": {"en": "Broken"}}], "choosePool": true},
		"reclaim": [{"id": "idle", "clock": "assignedAt", "days": "30", "cascade": {"forms": ["part"]}}]`, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.did("ann", made.ID, "claim", nil, "")
	hook := w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(made.ID)})
	w.refused("action.args", "ann", made.ID, "return", nil, "")
	w.refused("pool.reason", "ann", made.ID, "return", nil, "bored")
	w.refused("pool.unknown", "ann", made.ID, "return", map[string]any{"pool": "attic"}, "broken")
	answer, err := w.Records.Act(t.Context(), w.actor("ann"), "asset", made.ID, "return",
		record.ActInput{Args: map[string]any{"pool": "west"}, Reason: "broken"})
	if err != nil || answer != nil {
		t.Fatalf("she still sees %+v %v", answer, err) // it is in a pool that is not hers to see
	}
	r := w.raw(made.ID)
	if r.Values.Text("holder") != "" || r.Values.Text(value.SysPool) != "west" || r.Values.Text(value.SysFormer) != "ann" || r.Values.At(value.SysReclaimAt) != 0 {
		t.Errorf("it is as %+v", r.Values)
	}
	if _, err := w.Records.Get(t.Context(), w.actor("ann"), "part", hook.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the part stayed: %v", err)
	}
	w.did("boss", made.ID, "transfer", map[string]any{"pool": "east"}, "")
	w.did("abe", made.ID, "claim", nil, "")
	if got, err := w.Records.Get(t.Context(), w.actor("abe"), "part", hook.ID); err != nil || got.Version != 3 {
		t.Errorf("the part is not the next owner's: %+v %v", got, err)
	}
	w.clean()
}

// Where only some of a form's records go along, the others stay with whoever has them.
func TestOnlyWhatTheRuleSaysGoesAlong(t *testing.T) {
	rule := `, "return": {"required": false}, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "30", "cascade": {"forms": [{"form": "part", "when": "name != \"Hook\""}]}}]`
	w := newDepot(t, poolFiles(rule, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.did("ann", made.ID, "claim", nil, "")
	hook := w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(made.ID)})
	rope := w.make("ann", "part", map[string]any{"name": "Rope", "asset": string(made.ID)})
	holder := func(id value.ID) string {
		r, err := w.store.Get(t.Context(), "part", id)
		must(t, err)
		return r.Values.Text("holder")
	}
	w.did("ann", made.ID, "return", nil, "")
	if holder(hook.ID) != "ann" || holder(rope.ID) != "" {
		t.Errorf("the hook is %q's, the rope %q's", holder(hook.ID), holder(rope.ID))
	}
	w.did("abe", made.ID, "claim", nil, "")
	if holder(hook.ID) != "ann" || holder(rope.ID) != "abe" {
		t.Errorf("then the hook is %q's, the rope %q's", holder(hook.ID), holder(rope.ID))
	}
	w.clean()
	_, issues := catalog.Compile(depot("1.0.0", poolFiles(strings.Replace(rule, `"form": "part"`, `"form": "attic"`, 1), "")))
	if len(issues) != 1 || issues[0].Code != "meta.reference" {
		t.Errorf("a form that is not there: %v", issues)
	}
}

// A condition that fails leaves nothing behind unseen: the record stays, and whoever moves it is told.
func TestNothingMovesWhereNobodyCanTellWhatGoesAlong(t *testing.T) {
	rule := `, "return": {"required": false}, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "30", "cascade": {"forms": [{"form": "part", "when": "name != \"Hook\" and 1 / (2027 - year(today())) > 0"}]}}]`
	w := newDepot(t, poolFiles(rule, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	w.did("ann", made.ID, "claim", nil, "")
	w.make("ann", "part", map[string]any{"name": "Hook", "asset": string(made.ID)})
	w.now = w.now.AddDate(1, 0, 0)
	if err := w.act("ann", made.ID, "return", nil, ""); fault.CodeOf(err) != "pool.along" {
		t.Errorf("returning: %v", err)
	}
	counts, j := w.sweep("force"), w.last()
	if r, err := w.store.Get(t.Context(), "asset", made.ID); err != nil || r.Values.Text("holder") != "ann" {
		t.Errorf("swept: %v %v", r, err)
	}
	if j.Refusals["pool.along"] != 1 || counts["reclaimed"] != 0 {
		t.Errorf("the sweep's report: %v, %+v", counts, j)
	}
}

// What somebody has made goes on saying whose it is, where the reference is one that names, when that has left their sight;
// of what is only typed it says nothing, nor where a role hides what it is called.
func TestAReferenceThatNamesTellsATitleOutOfSight(t *testing.T) {
	fitting := strings.Replace(part, `"properties": {`, `"properties": {
	"fits": {"x-field": "table", "x-label": {"en": "Fits"}, "properties": {"on": {"x-field": "reference", "x-label": {"en": "On"}, "x-ref": "asset", "x-onDelete": "clear"}}},`, 1)
	for _, named := range []bool{true, false} {
		files := poolFiles(`, "return": {"required": false, "choosePool": true}`, "")
		files["forms/part/form.json"] = fitting
		if named {
			files["forms/part/form.json"] = strings.ReplaceAll(fitting, `"x-ref": "asset"`, `"x-ref": "asset", "x-named": true`)
		}
		w := newDepot(t, files)
		mine := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
		other := w.make("boss", "asset", map[string]any{"name": "Barge", "zone": "west"})
		second := w.make("boss", "asset", map[string]any{"name": "Winch", "zone": "east"})
		w.did("ann", mine.ID, "claim", nil, "")
		w.did("ann", second.ID, "claim", nil, "")
		hook := w.make("ann", "part", map[string]any{
			"name": "Hook", "asset": string(mine.ID), "fits": []any{map[string]any{"on": string(second.ID)}},
		})
		if ref, ok := hook.Values["asset"].(map[string]any); !ok || ref["title"] != "Crane" || ref["unseen"] != nil {
			t.Errorf("while she sees it, named %v: %+v", named, hook.Values["asset"])
		}
		w.did("ann", mine.ID, "return", map[string]any{"pool": "west"}, "")
		w.did("ann", second.ID, "return", map[string]any{"pool": "west"}, "")
		if _, err := w.Records.Get(t.Context(), w.actor("ann"), "asset", mine.ID); fault.KindOf(err) != fault.NotFound {
			t.Fatalf("she still sees it: %v", err)
		}
		want, unseen := any(nil), any(nil)
		if named {
			want, unseen = "Crane", true
		}
		got, err := w.Records.Get(t.Context(), w.actor("ann"), "part", hook.ID)
		must(t, err)
		if ref, ok := got.Values["asset"].(map[string]any); !ok || ref["id"] != string(mine.ID) || ref["title"] != want || ref["unseen"] != unseen {
			t.Errorf("named %v: %+v", named, got.Values["asset"])
		}
		rows, _ := got.Values["fits"].([]any)
		if !strings.Contains(fmt.Sprint(rows), string(second.ID)) || strings.Contains(fmt.Sprint(rows), "Winch") != named {
			t.Errorf("in a row, named %v: %+v", named, got.Values["fits"])
		}
		said, err := w.Records.Evaluate(t.Context(), w.actor("ann"), "part", hook.ID, map[string]any{"asset": string(other.ID)})
		must(t, err)
		if ref, ok := said.Values["asset"].(map[string]any); !ok || ref["id"] != string(other.ID) || ref["title"] != nil {
			t.Errorf("typed: %+v", said.Values["asset"])
		}
	}
}

func TestAnOwnerIsNotChangedByAnEdit(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	if err := w.try("boss", made.ID, map[string]any{"holder": "ann"}); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("%v", err)
	}
}

// edit changes a record whatever its version.
func (w *world) edit(id value.ID, values map[string]any) {
	w.Helper()
	if err := w.try("boss", id, values); err != nil {
		w.Fatalf("edit: %v", err)
	}
}

func (w *world) try(actor, id value.ID, values map[string]any) error {
	w.Helper()
	_, err := w.Records.Update(w.Context(), w.actor(actor), "asset", id, w.raw(id).Version, record.Input{Values: values})
	return err
}
