package engine_test

import (
	"fmt"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// What a job runs for each record is tried on those that it would come to, with the asker's rights, beside what is
// published; nothing is written, and each run can be replayed.
func TestABatchIsTriedOnItsRecords(t *testing.T) {
	w := nights(t, batched+`, "batch": {"filter": "count > 1"}`, `record.price = decimal("1.10") * record.count`)
	kim := w.actor("kim")
	kim.Admin = true
	mine := w.make("kim", "book", map[string]any{"title": "mine", "count": "3"})
	w.make("lib", "book", map[string]any{"title": "out of kim's sight", "count": "3"})
	w.make("kim", "book", map[string]any{"title": "not of the filter", "count": "1"})
	long := w.make("kim", "book", map[string]any{"title": "long", "count": "5"})
	broken := w.make("kim", "book", map[string]any{"title": "broken", "count": "2"})
	req := engine.ScriptRequest{Form: "book", Script: "night", ScriptTrial: record.ScriptTrial{Actor: kim}, Documents: map[string]string{"forms/book/scripts/night.lua": `
if record.title == "long" then record.title = string.rep("x", 61) end
if record.title == "broken" then return record.nothing.x end
record.price = decimal("2.00") * record.count
log(record.title)`}}
	run, err := w.RunScript(t.Context(), req)
	must(t, err)
	if run.Event != "batch" || len(run.Records) != 3 || run.Next != "" || !run.Differs || run.Used.Instructions == 0 || run.ID != "" {
		t.Fatalf("%+v", run)
	}
	by := map[value.ID]engine.ScriptRun{}
	for _, one := range run.Records {
		by[one.Record] = one
	}
	if one := by[mine.ID]; one.Changed["price"] != "6.00" || one.Published == nil || one.Published.Changed["price"] != "3.30" || len(one.Log) != 1 || len(one.Issues) > 0 {
		t.Errorf("mine: %+v", one)
	}
	if one := by[long.ID]; len(one.Issues) != 1 || one.Issues[0].Path != "/values/title" {
		t.Errorf("what the rules would refuse: %+v", one.Issues)
	}
	if one := by[broken.ID]; one.Fault == nil || one.Fault.Code != "script.failed" || one.Fault.Line != 3 {
		t.Errorf("what it breaks over: %+v", one.Fault)
	}
	if got := w.get("book", mine.ID); got.Version != 1 {
		t.Errorf("version %d", got.Version)
	}
	again, err := w.ReplayScript(t.Context(), kim, by[mine.ID].ID)
	if err != nil || !again.Same || again.Changed["price"] != "6.00" {
		t.Errorf("replayed: %+v %v", again, err)
	}
	req.ID = mine.ID
	if one, err := w.RunScript(t.Context(), req); err != nil || one.Changed["price"] != "6.00" || len(one.Records) > 0 {
		t.Errorf("on one: %+v %v", one, err)
	}
	// Of many, the first; the rest from where these end.
	for n := range 30 {
		w.make("kim", "book", map[string]any{"title": fmt.Sprint("b", n), "count": "4"})
	}
	req.ID, req.Documents = "", nil
	seen := 0
	for page := 0; page == 0 || req.After != ""; page++ {
		run, err := w.RunScript(t.Context(), req)
		must(t, err)
		if seen += len(run.Records); run.Differs || page > 1 {
			t.Fatalf("page %d: %+v", page, run)
		}
		req.After = run.Next
	}
	if seen != 33 {
		t.Errorf("%d are tried", seen)
	}
	req.Actor = w.actor("kim")
	if _, err := w.RunScript(t.Context(), req); fault.CodeOf(err) != "access.admin" {
		t.Errorf("no administrator: %v", err)
	}
}

// What runs by turns is tried one turn after the other, on no record.
func TestATurnIsTried(t *testing.T) {
	w := nights(t, turning, `
create("shelf", {name = "turn " .. (args.cursor or "0")})
if args.cursor == "stuck" then return {cursor = "stuck"} end
return {cursor = "1"}`)
	lib := w.actor("lib")
	lib.Admin = true
	try := func(trial record.ScriptTrial) (*engine.ScriptRun, error) {
		trial.Actor = lib
		return w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "night", ScriptTrial: trial})
	}
	run, err := try(record.ScriptTrial{Args: map[string]any{"cursor": "7"}})
	must(t, err)
	if run.Event != "schedule" || len(run.Effects) != 1 || run.Effects[0].Values["name"] != "turn 7" || run.Effects[0].Code != "" || fmt.Sprint(run.Value) != "map[cursor:1]" {
		t.Errorf("%+v %v", run, run.Value)
	}
	if run, err := try(record.ScriptTrial{Args: map[string]any{"cursor": "stuck"}}); err != nil || run.Fault == nil || run.Fault.Code != "script.cursor" {
		t.Errorf("it does not go on: %+v %v", run, err)
	}
	if again, err := w.ReplayScript(t.Context(), lib, run.ID); err != nil || !again.Same {
		t.Errorf("replayed: %+v %v", again, err)
	}
	book := w.make("lib", "book", map[string]any{"title": "x"})
	for _, trial := range []record.ScriptTrial{{ID: book.ID}, {Values: map[string]any{"title": "x"}}} {
		if _, err := try(trial); fault.CodeOf(err) != "script.event" {
			t.Errorf("%+v: %v", trial, err)
		}
	}
	if w.shelves() != "" {
		t.Error("it was written")
	}
}

// A hook that says so works out for the records that there are what it works out before each save.
func TestAHookGoesOverRecordsToo(t *testing.T) {
	kind := always + `, "batch": {"filter": "count > 1"}`
	w := nights(t, kind, `record.price = decimal("1.00") * (record.count or 0)`)
	made := w.make("lib", "book", map[string]any{"title": "x", "count": "3"})
	w.make("lib", "book", map[string]any{"title": "y", "count": "1"})
	if j := w.night(); counts(j) != "unchanged 1" {
		t.Errorf("what each save has worked out is worked out anew: %s", counts(j))
	}
	_, err := w.Apps.Install(t.Context(), withJob("2.1.0", kind, `record.price = decimal("2.00") * (record.count or 0)`, nightly))
	must(t, err)
	if j := w.night(); counts(j) != "changed 1" || w.get("book", made.ID).Values["price"] != "6.00" {
		t.Errorf("%s, %v", counts(j), w.get("book", made.ID).Values)
	}
	lib := w.actor("lib")
	lib.Admin = true
	run, err := w.RunScript(t.Context(), engine.ScriptRequest{Form: "book", Script: "night", ScriptTrial: record.ScriptTrial{Actor: lib, Event: "batch"}})
	if err != nil || len(run.Records) != 1 || run.Records[0].Record != made.ID || run.Records[0].Event != "batch" {
		t.Errorf("%+v %v", run, err)
	}
	w.clean()
}

// What the store examines for a job does not grow with the records that it is not for, where its filter names values or
// bounds; where it does neither, no slice examines more than it may.
func TestAJobExaminesWhatItIsFor(t *testing.T) {
	w := nights(t, batched, ``)
	w.shelve(6_000)
	for n, c := range []struct {
		filter string
		seen   int64
		slice  int64 // records examined for a slice
		all    int64 // for all of them
	}{
		{"", 6_000, 100, 6_000},
		{"note == 'rare'", 6, 6, 6},
		{"note in ['rare', 'rarer', 'none', 'rare']", 12, 12, 12},
		{"note in ['rare', 'rarer'] and price == nil and title != 'x'", 12, 12, 12},
		{"price > 1", 6, 6, 6},
		{"note in ['usual', 'rare', 'rarer']", 6_000, 120, 9_000},
		{"note contains 'rar'", 12, 5_000, 6_000},
	} {
		kind := batched
		if c.filter != "" {
			kind += `, "batch": {"filter": "` + c.filter + `"}`
		}
		_, err := w.Apps.Install(t.Context(), withJob(fmt.Sprint("2.", n+1, ".0"), kind, ``, nightly))
		must(t, err)
		slices, seen, examined := 0, int64(0), int64(0)
		slice := record.BatchSlice{Form: "book", Script: "night", Limit: 100}
		for end := false; !end; slices++ {
			err := w.Records.RunBatch(t.Context(), value.SystemActor("schedule"), slice, func(_ store.Tx, came record.Batched) error {
				if came.Examined.Records > c.slice {
					t.Errorf("%s: slice %d examines %+v", c.filter, slices, came.Examined)
				}
				if came.Last < slice.After {
					t.Errorf("%s: slice %d ends at %s, before %s", c.filter, slices, came.Last, slice.After)
				}
				examined, seen, end, slice.After = examined+came.Examined.Records, seen+came.Seen, came.End, came.Last
				return nil
			})
			must(t, err)
		}
		t.Logf("%s: %d records in %d slices, %d examined", c.filter, seen, slices, examined)
		if seen != c.seen || examined > c.all {
			t.Errorf("%s: %d records, %d examined", c.filter, seen, examined)
		}
	}
}

// shelve makes many books, two in a thousand of them rare, one of these dear.
func (w *world) shelve(n int) {
	w.Helper()
	for at := 0; at < n; at += 500 {
		var ops []record.Operation
		for i := at; i < min(at+500, n); i++ {
			values := map[string]any{"title": fmt.Sprint("b", i), "note": "usual"}
			switch i % 1000 {
			case 499:
				values["note"] = "rarer"
			case 999:
				values["note"] = "rare"
			case 998:
				values["price"] = "2.50"
			}
			ops = append(ops, record.Operation{Op: "create", Values: values})
		}
		_, err := w.Records.Batch(w.Context(), w.actor("lib"), "book", ops, true, nil)
		must(w, err)
	}
}

// However slow the clock says that the store is, what is to be done for all records of a filter misses none of them.
func TestWhatIsForAllRecordsMissesNoneOnASlowStore(t *testing.T) {
	const rare = 400
	w := nights(t, batched+`, "batch": {"filter": "count > 1"}`, ``)
	for at := range 3 {
		ops := make([]record.Operation, 500)
		for n := range ops {
			count := "1"
			if at == 2 && n < rare {
				count = "2"
			}
			ops[n] = record.Operation{Op: "create", Values: map[string]any{"title": "b", "count": count}}
		}
		_, err := w.Records.Batch(t.Context(), w.actor("lib"), "book", ops, true, nil)
		must(t, err)
	}
	system := value.SystemActor("test")
	ways := map[string]func(after value.ID) ([]value.ID, value.ID, error){
		"a job": func(after value.ID) ([]value.ID, value.ID, error) {
			return w.Records.BatchRecords(t.Context(), w.Catalog(), system, record.BatchSlice{Form: "book", Script: "night", Limit: 100, After: after})
		},
		"changes of many": func(after value.ID) ([]value.ID, value.ID, error) {
			return w.Records.Select(t.Context(), system, record.Selection{Form: "book", Filter: "count > 1"}, after, 100)
		},
		"an export": func(after value.ID) (ids []value.ID, next value.ID, err error) {
			page, err := w.Records.Export(t.Context(), system, record.ListRequest{Form: "book", Filter: "count > 1", Sort: "id", Limit: 100}, string(after))
			must(t, err)
			for _, r := range page.Records {
				ids = append(ids, r.ID)
			}
			return ids, value.ID(page.Next), nil
		},
	}
	for name, next := range ways {
		for w.tick = 30 * time.Millisecond; w.tick < 400*time.Millisecond; w.tick += 20 * time.Millisecond {
			found := 0
			for after, more := value.ID(""), true; more; more = after != "" {
				ids, next, err := next(after)
				must(t, err)
				found, after = found+len(ids), next
			}
			if found != rare {
				t.Errorf("%s, %s at each look: %d of %d", name, w.tick, found, rare)
			}
		}
	}
}

// What moves between people by pools is moved by their actions, by a script of a job as by anybody's.
func TestAJobMovesNoRecordPastItsPool(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.hire(admin())
	w.box = newBox(t)
	w.Engine = w.open()
	files := poolFiles(idle(""), "")
	files["forms/asset/scripts/night.json"] = `{"key": "night", "form": "asset", "label": {"zh-CN": "x", "en": "x"}, "kind": "batch"}`
	files["forms/asset/scripts/night.lua"] = `
if record.name == "Crane" then record.holder = "abe" return end
update("asset", query("asset", {filter = "name == 'Crane'"})[1].id, {holder = "abe"})`
	files["jobs/night.json"] = `{"key": "night", "label": {"zh-CN": "x", "en": "x"}, "script": {"form": "asset", "script": "night"}}`
	w.upgrade("1.1.0", files)
	w.cranes(1)
	w.make("boss", "asset", map[string]any{"name": "Truck", "zone": "east"})
	j := w.night()
	codes := map[string]bool{}
	for _, one := range j.Refused {
		codes[one.Code] = true
	}
	if counts(j) != "skipped 2" || !codes["record.invalid"] || !codes["script.effect"] {
		t.Errorf("%s %+v", counts(j), j.Refused)
	}
	w.clean()
}
