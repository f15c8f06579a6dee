package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/audit"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/publish"
	"tidewater/engine/value"
)

// daysTable says after how many days an asset leaves, by tier and zone; in each zone its keepers say how many.
func daysTable(more string) string {
	return `{"key": "spareDays", "label": {"en": "Days"}, "hit": "first",
		"inputs": [{"key": "zone", "label": {"en": "Zone"}, "type": "text", "optional": true}, {"key": "tier", "label": {"en": "Tier"}, "type": "text", "optional": true}],
		"outputs": [{"key": "days", "label": {"en": "Days"}, "type": "integer"}],
		"rows": [{"when": {"zone": "east", "tier": "A"}, "then": {"days": 7}},
			{"when": {"zone": "east"}, "then": {"days":  30}},
			{"when": {"zone": ["west"]}, "then": {"days": 20}},
			{"then": {"days": 60}}],
		"maintained": {"who": ["role:keeper"], "columns": ["days"], "scope": {"input": "zone", "of": "zone"}}` + more + `}`
}

const daysCases = `{"cases": [
	{"name": "A leaves within a fortnight", "given": {"args": {"zone": "east", "tier": "A"}}, "expect": {"result": {"days": {"from": 3, "to": 14}}}},
	{"name": "others have longer", "given": {"args": {"zone": "east", "tier": "B"}}, "expect": {"result": {"days": {"from": 15, "below": 91}}}}]}`

// newUpkeep is a depot whose assets leave by the table.
func newUpkeep(t *testing.T) *world {
	t.Helper()
	files := poolFiles(strings.Replace(idle(""), `{"A": 7, "B": 15, "C": 30}`, `"spareDays(zone, tier).days"`, 1)+
		`, "claim": {"perDay": 5}, "hold": {"byTier": {"A": 2}, "max": 40}, "maintained": {"who": [{"all": ["zone:east", "role:boss"]}, "user:ann"], "numbers": ["/claim/perDay", "/hold/byTier"]}`, "")
	files["tables/spareDays.json"] = daysTable("")
	files["tables/spareDays.test.json"] = daysCases
	return newDepot(t, files)
}

func cell(path string, v any) publish.Cell {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return publish.Cell{Path: path, Value: raw}
}

// order is one upon what its asker sees now.
func (w *world) order(who value.ID, kind, key string, cells ...publish.Cell) publish.ValuesOrder {
	w.Helper()
	kept, err := w.Upkept(w.actor(who)).Read(w.Context(), kind, key)
	must(w.TB, err)
	return publish.ValuesOrder{Kind: kind, Key: key, Tag: kept.Tag, Values: cells}
}

func (w *world) keep(who value.ID, from int64, cells ...publish.Cell) (*publish.Values, error) {
	w.Helper()
	order := w.order(who, "table", "spareDays", cells...)
	order.From = from
	return w.KeepValues(w.Context(), w.actor(who), order)
}

// days is after how many days an asset of a tier leaves in the east.
func (w *world) days(tier string) any {
	w.Helper()
	answer, err := w.Catalog().Tables["spareDays"].Decide([]any{"east", tier})
	must(w.TB, err)
	return answer.Values["days"]
}

func TestKeepersSeeTheirOwnRowsOnly(t *testing.T) {
	w := newUpkeep(t)
	for who, want := range map[value.ID]string{
		"ann": "/rows/0/then/days=7 /rows/1/then/days=30", "wes": "/rows/2/then/days=20",
	} {
		kept, err := w.Upkept(w.actor(who)).Read(t.Context(), "table", "spareDays")
		must(t, err)
		var got []string
		for _, c := range kept.Cells {
			got = append(got, c.Path+"="+string(c.Value))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s keeps %v, want %s", who, got, want)
		}
	}
	for _, who := range []value.ID{"boss", "clerk"} {
		if _, err := w.Upkept(w.actor(who)).Read(t.Context(), "table", "spareDays"); fault.CodeOf(err) != "upkeep.unknown" {
			t.Errorf("%s: %v", who, err)
		}
	}
	admin := w.actor("clerk")
	admin.Admin = true
	if kept, err := w.Upkept(admin).Read(t.Context(), "table", "spareDays"); err != nil || len(kept.Cells) != 4 {
		t.Errorf("an administrator keeps %d of 4: %v", len(kept.Cells), err)
	}
	narrowed := w.actor("ann")
	narrowed.Scopes = []string{"write"}
	if got := w.Upkept(narrowed).Keeps(); len(got) != 0 {
		t.Errorf("with a narrowed token: %d documents", len(got))
	}
}

// A change moves the deadlines that follow from it, never without notice, and is a version like any other.
func TestValuesCountAtOnce(t *testing.T) {
	w := newUpkeep(t)
	id := w.make("boss", "asset", map[string]any{"name": "Saw", "zone": "east", "tier": "B", "holder": "ann"}).ID
	was := w.raw(id).Values.At(value.SysReclaimAt)
	w.pass(20 * 24 * time.Hour)
	before := w.Apps.Catalog().Version
	order := w.order("ann", "table", "spareDays", cell("/rows/1/then/days", 15))
	checked, err := w.CheckValues(t.Context(), w.actor("ann"), order, nil)
	must(t, err)
	if len(checked.Impact) != 1 || checked.Impact[0].Form != "asset" || effects(checked.Impact[0].Found) != "deadline east: 1" {
		t.Fatalf("impact: %+v", checked.Impact)
	}
	if w.Apps.Catalog().Version != before || w.days("B") != int64(30) {
		t.Fatal("a check changes something")
	}
	v, err := w.KeepValues(t.Context(), w.actor("ann"), order)
	must(t, err)
	if v.State != publish.ValuesActive || w.days("B") != int64(15) || w.days("A") != int64(7) {
		t.Fatalf("%s: %v days", v.State, w.days("B"))
	}
	w.turns()
	now := w.raw(id).Values.At(value.SysReclaimAt)
	today := value.DayOf(time.UnixMilli(w.raw(id).Values.At(value.SysAssignedAt)), w.zone)
	grace := value.TimeOn(value.AddDays(today, 20+4), 1, 0, w.zone).UnixMilli() // three full days, then the first sweep
	if now >= was || now != grace {
		t.Errorf("deadline %v, was %v, want %v", time.UnixMilli(now).In(w.zone), time.UnixMilli(was).In(w.zone), time.UnixMilli(grace).In(w.zone))
	}
	desk := w.desk()
	active := desk.Active()
	if active.How != "values" || active.ByName != "ann" || active.Number != v.Number {
		t.Errorf("publication: %+v", active)
	}
	changes, err := desk.Diff(t.Context(), active.Number-1, active.Number)
	must(t, err)
	// Every byte beside the value is as its author wrote it.
	if len(changes) != 1 || changes[0].After != strings.Replace(changes[0].Before, `"days":  30`, `"days":  15`, 1) || changes[0].After == changes[0].Before {
		t.Errorf("diff: %+v", changes)
	}
	must(t, w.rollback())
	if w.days("B") != int64(30) {
		t.Errorf("rolled back: %v days", w.days("B"))
	}
	w.turns()
	w.clean()
}

func (w *world) desk() *publish.Desk {
	w.Helper()
	admin := w.actor("boss")
	admin.Admin = true
	desk, err := w.Apps.Desk(admin)
	must(w.TB, err)
	return desk
}

func (w *world) rollback() error {
	_, err := w.desk().Rollback(w.Context(), 0)
	return err
}

func TestValuesCountFromTheirDay(t *testing.T) {
	w := newUpkeep(t)
	// Noon in Shanghai of the 31st of March.
	if _, err := w.keep("ann", 2026_03_31, cell("/rows/0/then/days", 9)); fault.CodeOf(err) != "upkeep.invalid" {
		t.Errorf("from today: %v", err)
	}
	if _, err := w.keep("ann", 2029_01_01, cell("/rows/0/then/days", 9)); fault.CodeOf(err) != "upkeep.invalid" {
		t.Errorf("from far away: %v", err)
	}
	first, err := w.keep("ann", 2026_04_02, cell("/rows/0/then/days", 9))
	must(t, err)
	second, err := w.keep("abe", 2026_04_03, cell("/rows/0/then/days", 11))
	must(t, err)
	if string(second.Values[0].From) != "9" {
		t.Errorf("the second begins with %s", second.Values[0].From)
	}
	w.turns()
	if w.days("A") != int64(7) {
		t.Error("counts before its day")
	}
	// Another instance activates it, a minute into the day; nobody does it twice.
	w.pass(36*time.Hour - time.Minute) // one minute before the 2nd of April
	w.turns()
	if w.days("A") != int64(7) {
		t.Error("counts a minute before its day")
	}
	other := w.open()
	w.pass(2 * time.Minute)
	for worked := true; worked; {
		worked, err = other.Jobs.RunOnce(t.Context())
		must(t, err)
	}
	w.turns()
	must(t, w.Apps.Refresh(t.Context()))
	if w.days("A") != int64(9) {
		t.Errorf("on its day: %v", w.days("A"))
	}
	if _, err := w.CancelValues(t.Context(), w.actor("ann"), "table", "spareDays", first.ID, nil); fault.CodeOf(err) != "upkeep.noChange" {
		t.Errorf("cancelled after its day: %v", err)
	}
	if _, err := w.CancelValues(t.Context(), w.actor("wes"), "table", "spareDays", second.ID, nil); fault.CodeOf(err) != "upkeep.noChange" {
		t.Errorf("cancelled by somebody who keeps other rows: %v", err)
	}
	got, err := w.CancelValues(t.Context(), w.actor("ann"), "table", "spareDays", second.ID, nil)
	if err != nil || got.State != publish.ValuesCancelled {
		t.Errorf("cancelled: %+v %v", got, err)
	}
	w.pass(48 * time.Hour)
	w.turns()
	if w.days("A") != int64(9) {
		t.Errorf("what was cancelled counts: %v", w.days("A"))
	}
	kept, err := w.Upkept(w.actor("ann")).Read(t.Context(), "table", "spareDays")
	must(t, err)
	if len(kept.Waiting) != 0 || len(kept.Past) != 2 || kept.Past[0].State != publish.ValuesCancelled || kept.Past[1].State != publish.ValuesActive {
		t.Errorf("history: %+v", kept)
	}
	w.audited(t, "values.ordered", "values.ordered", "values.counted", "values.cancelled")
}

// Of others' changes somebody is told what they could change themselves.
func TestOthersChangesAreToldWithinOnesScope(t *testing.T) {
	w := newUpkeep(t)
	_, err := w.keep("ann", 2026_04_02, cell("/rows/0/then/days", 9))
	must(t, err)
	order := w.order("wes", "table", "spareDays", cell("/rows/2/then/days", 21))
	order.From = 2026_04_02
	_, err = w.KeepValues(t.Context(), w.actor("wes"), order)
	must(t, err)
	for who, want := range map[value.ID]string{"abe": "ann", "wes": "wes"} {
		kept, err := w.Upkept(w.actor(who)).Read(t.Context(), "table", "spareDays")
		must(t, err)
		if len(kept.Waiting) != 1 || kept.Waiting[0].ByName != want {
			t.Errorf("%s is told %+v", who, kept.Waiting)
		}
	}
	if kept, err := w.Upkept(w.head2()).Read(t.Context(), "table", "spareDays"); err != nil || len(kept.Waiting) != 2 {
		t.Errorf("an administrator: %+v %v", kept, err)
	}
	w.pass(48 * time.Hour)
	w.turns()
	kept, err := w.Upkept(w.actor("wes")).Read(t.Context(), "table", "spareDays")
	must(t, err)
	if len(kept.Past) != 1 || kept.Past[0].ByName != "wes" || kept.Past[0].State != publish.ValuesActive {
		t.Errorf("past: %+v", kept.Past)
	}
}

func (w *world) audited(t *testing.T, want ...string) {
	t.Helper()
	entries, err := audit.Read(t.Context(), w.store, "", 100)
	must(t, err)
	var got []string
	for _, e := range entries {
		if strings.HasPrefix(string(e.Op), "values.") {
			got = append(got, string(e.Op))
		}
	}
	if slices.Reverse(got); !slices.Equal(got, want) {
		t.Errorf("audit: %v, want %v", got, want)
	}
}

// What an administrator publishes meanwhile decides whether values to come still mean something.
func TestValuesMeetAPublication(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		state    publish.ValuesState
		why      string
	}{
		"a label changes":             {`"label": {"en": "Days", "zh-CN": "Days"}, "hit"`, `"label": {"en": "Time", "zh-CN": "Time"}, "hit"`, publish.ValuesActive, ""},
		"another value changes":       {`"days": 60`, `"days": 61`, publish.ValuesActive, ""},
		"a value of theirs changes":   {`"days":  30`, `"days":  31`, publish.ValuesActive, ""},
		"a row is added":              {`{"then": {"days": 60}}`, `{"when": {"tier": "C"}, "then": {"days": 40}}, {"then": {"days": 60}}`, publish.ValuesRefused, "upkeep.logicChanged"},
		"a condition changes":         {`"zone": ["west"]`, `"zone": ["west", "sea"]`, publish.ValuesRefused, "upkeep.logicChanged"},
		"nobody keeps it any more":    {`"role:keeper"`, `"role:clerk"`, publish.ValuesRefused, "upkeep.logicChanged"},
		"its tests forbid it by then": {`"to": 14`, `"to": 8`, publish.ValuesRefused, "meta.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newUpkeep(t)
			v, err := w.keep("ann", 2026_04_02, cell("/rows/0/then/days", 9))
			must(t, err)
			w.edited(c.from, c.to)
			w.pass(48 * time.Hour)
			w.turns()
			kept, err := w.Upkept(w.head2()).Read(t.Context(), "table", "spareDays")
			must(t, err)
			if len(kept.Past) != 1 || kept.Past[0].ID != v.ID || kept.Past[0].State != c.state {
				t.Fatalf("%+v", kept.Past)
			}
			if why := kept.Past[0].Reason; c.why != "" && (why == nil || why.Code != c.why) {
				t.Errorf("why: %+v, want %s", why, c.why)
			}
			if applied := w.days("A") == int64(9) || w.days("B") == int64(9); applied != (c.state == publish.ValuesActive) {
				t.Errorf("applied %v", applied)
			}
		})
	}
}

// head2 is an administrator of the depot.
func (w *world) head2() value.Actor {
	admin := w.actor("boss")
	admin.Admin = true
	return admin
}

// edited publishes the table or its tests with a text replaced.
func (w *world) edited(from, to string) {
	w.Helper()
	desk := w.desk()
	for _, path := range []string{"tables/spareDays.json", "tables/spareDays.test.json"} {
		doc, err := desk.Read(w.Context(), path)
		must(w.TB, err)
		if changed := strings.Replace(doc.Content, from, to, 1); changed != doc.Content {
			_, err = desk.Put(w.Context(), path, doc.Tag, changed)
			must(w.TB, err)
		}
	}
	_, err := desk.Publish(w.Context(), publish.Order{})
	must(w.TB, err)
}

func TestWhoLeavesChangesNothing(t *testing.T) {
	w := newUpkeep(t)
	_, err := w.keep("ann", 2026_04_02, cell("/rows/0/then/days", 9))
	must(t, err)
	w.mu.Lock()
	users := w.people.Users()
	w.mu.Unlock()
	for n := range users {
		users[n].Active, users[n].Zones = users[n].Active && users[n].ID != "ann", nil
	}
	w.staff(users...)
	w.pass(48 * time.Hour)
	w.turns()
	kept, err := w.Upkept(w.head2()).Read(t.Context(), "table", "spareDays")
	must(t, err)
	if len(kept.Past) != 1 || kept.Past[0].Reason.Code != "upkeep.mayNotNow" || w.days("A") != int64(7) {
		t.Errorf("%+v", kept.Past)
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	w := newUpkeep(t)
	for name, c := range map[string]struct {
		who   value.ID
		cells []publish.Cell
		code  string
		issue string
	}{
		"nothing":                 {"ann", nil, "upkeep.invalid", "/values upkeep.nothingNew"},
		"nothing new":             {"ann", []publish.Cell{cell("/rows/0/then/days", 7)}, "upkeep.invalid", "/values upkeep.nothingNew"},
		"somebody else's row":     {"ann", []publish.Cell{cell("/rows/2/then/days", 9)}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"everybody's row":         {"ann", []publish.Cell{cell("/rows/3/then/days", 9)}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"a condition":             {"ann", []publish.Cell{cell("/rows/0/when/tier", "B")}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"the logic":               {"ann", []publish.Cell{cell("/hit", "collect")}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"who may":                 {"ann", []publish.Cell{cell("/maintained/who/0", "role:boss")}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"no place":                {"ann", []publish.Cell{cell("", 9)}, "upkeep.invalid", "/values/0/path upkeep.cell"},
		"twice":                   {"ann", []publish.Cell{cell("/rows/0/then/days", 9), cell("/rows/0/then/days", 8)}, "upkeep.invalid", "/values/1/path meta.duplicate"},
		"null":                    {"ann", []publish.Cell{cell("/rows/0/then/days", nil)}, "upkeep.invalid", "/values/0/value upkeep.value"},
		"an object":               {"ann", []publish.Cell{cell("/rows/0/then/days", map[string]any{"a": 1})}, "upkeep.invalid", "/values/0/value upkeep.value"},
		"much":                    {"ann", []publish.Cell{cell("/rows/0/then/days", strings.Repeat("9", 5000))}, "upkeep.invalid", "/values/0/value upkeep.value"},
		"a text for a number":     {"ann", []publish.Cell{cell("/rows/0/then/days", "soon")}, "meta.invalid", "/rows/0/then/days table.value"},
		"what a test forbids":     {"ann", []publish.Cell{cell("/rows/0/then/days", 15)}, "meta.invalid", "/cases/0/expect/result test.failed"},
		"several faults together": {"ann", []publish.Cell{cell("/rows/0/then/days", 1.5), cell("/rows/1/then/days", 7)}, "meta.invalid", "/rows/0/then/days table.value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.keep(c.who, 0, c.cells...)
			var got []string
			var f *fault.Error
			if errors.As(err, &f) {
				for _, i := range f.Issues {
					got = append(got, i.Path+" "+i.Code)
				}
			}
			if fault.CodeOf(err) != c.code || !slices.Contains(got, c.issue) {
				t.Errorf("%v: %v, want %s %s", err, got, c.code, c.issue)
			}
		})
	}
	order := w.order("ann", "table", "spareDays", cell("/rows/0/then/days", 9))
	_, err := w.keep("abe", 0, cell("/rows/0/then/days", 8))
	must(t, err)
	if _, err := w.KeepValues(t.Context(), w.actor("ann"), order); fault.CodeOf(err) != "upkeep.stale" {
		t.Errorf("after somebody else's: %v", err)
	}
	order = w.order("ann", "table", "spareDays", cell("/rows/0/then/days", 9))
	order.Note = strings.Repeat("x", 3000)
	if _, err := w.KeepValues(t.Context(), w.actor("ann"), order); fault.CodeOf(err) != "upkeep.note" {
		t.Errorf("a long note: %v", err)
	}
	order.Note, order.Key = "", "nothing"
	if _, err := w.KeepValues(t.Context(), w.actor("ann"), order); fault.CodeOf(err) != "upkeep.unknown" {
		t.Errorf("an unknown table: %v", err)
	}
}

// Numbers of a pool go the same way.
func TestNumbersOfAPoolAreKeptUp(t *testing.T) {
	w := newUpkeep(t)
	order := w.order("ann", "pool", "east", cell("/claim/perDay", 3), cell("/hold/byTier/A", 4))
	v, err := w.KeepValues(t.Context(), w.actor("ann"), order)
	must(t, err)
	p, _ := w.Catalog().Forms["asset"].Pool("east")
	if v.State != publish.ValuesActive || p.Def.Claim.PerDay != 3 || p.Def.Hold.ByTier["A"] != 4 || p.Def.Hold.Max != 40 {
		t.Errorf("%s %+v %+v", v.State, p.Def.Claim, p.Def.Hold)
	}
	for path, to := range map[string]any{"/hold/max": 50, "/claim/perDay": "many", "/hold/byTier/B": 3, "/reclaim/0/days": 3} {
		order := w.order("ann", "pool", "east", cell(path, to))
		if _, err := w.KeepValues(t.Context(), w.actor("ann"), order); fault.CodeOf(err) != "upkeep.invalid" {
			t.Errorf("%s to %v: %v", path, to, err)
		}
	}
	if _, err := w.KeepValues(t.Context(), w.actor("ann"), w.order("ann", "pool", "east", cell("/claim/perDay", -3))); fault.CodeOf(err) != "meta.invalid" {
		t.Errorf("a number that the schema refuses: %v", err)
	}
	if _, err := w.Upkept(w.actor("abe")).Read(t.Context(), "pool", "east"); fault.CodeOf(err) != "upkeep.unknown" {
		t.Errorf("somebody who is not named: %v", err)
	}
}

// Of many records a job finds what would become of them, for who asked.
func TestImpactOnManyRecordsIsFoundByAJob(t *testing.T) {
	w := newUpkeep(t)
	for n := range 40 {
		w.make("boss", "asset", map[string]any{"name": fmt.Sprint(n), "zone": "east", "tier": "B", "holder": "ann"})
	}
	checked, err := w.CheckValues(t.Context(), w.actor("ann"), w.order("ann", "table", "spareDays", cell("/rows/1/then/days", 20)), nil)
	must(t, err)
	if len(checked.Impact) != 1 || checked.Impact[0].Job == nil {
		t.Fatalf("%+v", checked.Impact)
	}
	w.turns()
	found, err := w.Rehearsal(t.Context(), w.actor("ann"), checked.Impact[0].Job.ID)
	must(t, err)
	if effects(found) != "deadline east: 40" || !found.Ended || found.Examined != 40 {
		t.Errorf("%s of %+v", effects(found), found)
	}
	if _, err := w.Rehearsal(t.Context(), w.actor("abe"), checked.Impact[0].Job.ID); err == nil {
		t.Error("somebody else sees it")
	}
	_, _, err = w.Rehearse(t.Context(), w.actor("ann"), engine.RehearsalRequest{Form: "asset"}, nil)
	if fault.CodeOf(err) != "access.admin" {
		t.Errorf("a rehearsal of metadata: %v", err)
	}
}

// What cannot be kept up is a fault when it is published.
func TestUpkeepThatIsRefusedAtPublish(t *testing.T) {
	zone := `"scope": {"input": "zone", "of": "zone"}`
	for name, c := range map[string]struct{ from, to, want string }{
		"a column that is not there": {`"columns": ["days"]`, `"columns": ["hours"]`, "/maintained/columns/0 meta.reference"},
		"the column of the scope":    {`"columns": ["days"]`, `"columns": ["days", "zone"]`, "/maintained/columns/1 meta.unsuited"},
		"a column twice":             {`"columns": ["days"]`, `"columns": ["days", "days"]`, "/maintained/columns/1 meta.duplicate"},
		"a scope that is not there":  {zone, `"scope": {"input": "place", "of": "zone"}`, "/maintained/scope/input meta.reference"},
		"a role that is not there":   {`"role:keeper"`, `"role:nobody"`, "/maintained/who/0 meta.role"},
		"a role that reads nothing":  {`"role:keeper"`, `"role:blind"`, "/maintained/who/0 upkeep.readsNothing"},
		"an owner":                   {`"role:keeper"`, `"owner"`, "/maintained/who/0 upkeep.ofNoRecord"},
		"no number":                  {`"/claim/perDay"`, `"/claim/cooldown"`, "/maintained/numbers/0 upkeep.noNumber"},
		"logic":                      {`"/claim/perDay"`, `"/reclaim/0/days"`, "/maintained/numbers/0 upkeep.noNumber"},
		"a number twice":             {`"/claim/perDay"`, `"/hold/byTier/A"`, "/maintained/numbers/1 meta.duplicate"},
	} {
		t.Run(name, func(t *testing.T) {
			files := poolFiles(`, "claim": {"perDay": 5}, "hold": {"byTier": {"A": 2}}, "maintained": {"who": ["role:boss"], "numbers": ["/claim/perDay", "/hold/byTier"]}`, "")
			files["tables/spareDays.json"] = daysTable("")
			files["roles/blind.json"] = `{"key": "blind", "label": {"en": "Blind"}, "forms": {"asset": {"read": {"scope": "none"}}}}`
			for path := range files {
				files[path] = strings.Replace(files[path], c.from, c.to, 1)
			}
			_, issues := catalog.Compile(depot("1.0.0", files))
			var got []string
			for _, i := range issues {
				got = append(got, i.Path+" "+i.Code)
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}
