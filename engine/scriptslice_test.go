package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// row makes books, the first one first.
func (w *world) row(n int) {
	w.Helper()
	for i := range n {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", i)})
	}
}

// A job whose script makes records of its own form ends: those that are made since it began are not its own.
func TestAJobDoesNotRunOverWhatItMakes(t *testing.T) {
	w := nights(t, batched, `create("book", {title = "child", keeper = "lib"})`)
	w.row(20)
	_, err := w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run")
	must(t, err)
	for n := 0; n < 5 && !w.last().State.Ended(); n++ { // of ten slices each
		_, err := w.Jobs.RunOnce(t.Context())
		must(t, err)
	}
	if j := w.last(); j.State != job.Done || j.Done != 20 || j.Total != 20 || counts(j) != "changed 20, created 20" {
		t.Errorf("%s, %d of %d: %s", j.State, j.Done, j.Total, counts(j))
	}
	w.clean()
}

// A run sees what the runs before it have done, by whichever way it reads: what it has read of what its own slice
// writes comes with the next one.
func TestARunSeesWhatThoseBeforeItHaveDone(t *testing.T) {
	for _, c := range []struct{ name, lua, shelves, counts string }{
		{"query", `if #query("shelf", {filter = 'name == "oak"'}) == 0 then create("shelf", {name = "oak"}) end`, "oak", "changed 1, unchanged 4, created 1"},
		{"aggregate", `if aggregate("shelf", {})[1].metrics[1] == 0 then create("shelf", {name = "oak"}) end`, "oak", "changed 1, unchanged 4, created 1"},
		{"of its own form", `
local last = query("book", {sort = "-title", limit = 1})[1]
if last.note == nil then update("book", last.id, {note = "seen"}) create("shelf", {name = "oak"}) end`, "oak", "changed 1, unchanged 4, created 1, updated 1"},
		{"one record", `
local first = query("shelf", {filter = 'floor == "0"'})[1]
if first then
  local n = tonumber(get("shelf", first.id).name)
  update("shelf", first.id, {name = tostring(n + 1)})
else create("shelf", {name = "1", floor = "0"}) end`, "5", ""},
		{"many records", `
local mine = get_many("book", {record.sequelTo or record.id})[record.sequelTo or record.id]
record.note = (mine.note or "") .. "x"
if record.title == "b4" then create("shelf", {name = record.note}) end`, "xxxxx", ""},
		{"by a reference", `
if record.title == "b0" then return update("shelf", record.shelf, {name = "oak"}) end
create("shelf", {name = tostring(#query("book", {filter = {field = "shelf.name", op = "eq", value = "oak"}}))})`, "oak 5 5 5 5", ""},
		{"what goes away", `
local all = query("shelf", {sort = "id"})
if record.title == "b0" then create("shelf", {name = "a"}) create("shelf", {name = "b"}) return end
if #all > 0 then delete("shelf", all[1].id) end`, "", "changed 3, unchanged 2, created 2, deleted 2"},
	} {
		w := nights(t, batched, c.lua)
		values := map[string]any{}
		if c.name == "by a reference" {
			values["shelf"] = string(w.make("lib", "shelf", map[string]any{"name": "plain"}).ID)
		}
		for n := range 5 {
			values["title"] = fmt.Sprint("b", n)
			values["sequelTo"] = string(w.make("lib", "book", values).ID) // of the next one
		}
		j := w.night()
		if got := w.shelves(); j.State != job.Done || j.Done != 5 || got != c.shelves || c.counts != "" && counts(j) != c.counts {
			t.Errorf("%s: %s %d, shelves %q, %s %+v", c.name, j.State, j.Done, got, counts(j), j.Refused)
		}
		w.clean()
	}
}

// A job that was taken away in the middle, and published again before it has noticed, is still on its way: by no
// schedule does its script begin a second time.
func TestAJobThatIsTakenAwayAndComesBackRunsOnce(t *testing.T) {
	lua := `create("shelf", {name = "of-" .. record.title})`
	w := nights(t, batched, lua)
	w.row(3)
	must(t, w.Schedules(t.Context()))
	_, err := w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run")
	must(t, err)
	_, err = w.Apps.Install(t.Context(), withScripts("2.1.0", nil))
	must(t, err)
	must(t, w.Schedules(t.Context()))
	files := withJob("2.2.0", batched, lua, nightly)
	files["jobs/other.json"] = []byte(`{"key": "other", "label": {"zh-CN": "另", "en": "Other"}, "script": {"form": "book", "script": "night"}}`)
	_, err = w.Apps.Install(t.Context(), files)
	must(t, err)
	must(t, w.Schedules(t.Context()))
	for _, key := range []string{"job/night", "job/other"} {
		if _, err := w.TellSchedule(t.Context(), w.actor("root"), key, "run"); fault.CodeOf(err) != "schedule.running" {
			t.Errorf("%s: %v", key, err)
		}
	}
	w.turns()
	if got := w.shelves(); got != "of-b0 of-b1 of-b2" {
		t.Errorf("shelves %s", got)
	}
	if j := w.night(); j.State != job.Done || j.Done != 3 {
		t.Errorf("after its end: %+v", j)
	}
}

// An administrator who may not see records reads nothing of them in what a job reports: not by the code that a script
// makes of them, nor by the text that it breaks with.
func TestAReportTellsNothingOfRecords(t *testing.T) {
	for _, c := range []struct{ name, kind, lua, code string }{
		{"a made-up code", batched, `fail("phone" .. record.note, "x")`, ""},
		{"a code with spaces", batched, `fail(record.note .. " or so", "x")`, ""},
		{"a value as a code", batched, `fail(record.note, "x")`, ""},
		{"a code of its own", batched, `fail("tooSoon", record.note)`, "tooSoon"},
		{"what it breaks with", batched, `error(record.note)`, ""},
		{"a key", batched, `local t = {} return t[record.note].x`, ""},
		{"by turns", turning, `error(query("book", {})[1].note)`, ""},
		{"a turn's code", turning, `fail(query("book", {})[1].note, "x")`, ""},
	} {
		w := nights(t, c.kind, c.lua)
		w.make("lib", "book", map[string]any{"title": "hidden", "note": "13800138000"})
		j, err := w.Jobs.Get(t.Context(), w.actor("root"), w.night().ID)
		must(t, err)
		refused := j.Refused
		if j.Reason != nil {
			refused = append(refused, *j.Reason)
		}
		if len(refused) != 1 || strings.Contains(fmt.Sprint(refused), "13800138000") {
			t.Errorf("%s: %+v", c.name, refused)
			continue
		}
		if code, _ := refused[0].Args["code"].(string); code != c.code || refused[0].Args["script"] != "book/night" {
			t.Errorf("%s: %+v", c.name, refused)
		}
	}
}

// An outage of a host for some minutes costs few records; one that lasts fails the job and not its records.
func TestAnOutageCostsFewRecords(t *testing.T) {
	const rates = "https://rates.example/today"
	for _, c := range []struct {
		name   string
		lasts  time.Duration
		state  job.State
		failed int64 // at most
		tried  int64
	}{
		{"a minute", time.Minute, job.Done, 2, 40},
		{"the whole night", 24 * time.Hour, job.Failed, record.MaxRow, record.MaxRow},
	} {
		w := nights(t, batched+`, "http": true`, `record.note = http("`+rates+`").body`)
		w.row(40)
		_, err := w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run")
		must(t, err)
		began := w.moment()
		for n := 0; n < 5000 && !w.last().State.Ended(); n++ {
			if w.moment().Sub(began) > c.lasts {
				w.hosts.say(rates, 200, "7.15")
			}
			_, _ = w.Jobs.RunOnce(t.Context()) // what is tried again later says so
			w.pass(5 * time.Second)
		}
		j := w.last()
		if j.State != c.state || j.Counts["failed"] == 0 || j.Counts["failed"] > c.failed || j.Done != c.tried || j.Counts["changed"] != c.tried-j.Counts["failed"] {
			t.Errorf("%s: %s after %d: %s %+v", c.name, j.State, j.Done, counts(j), j.Reason)
		}
	}
}

func (w *world) moment() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// A slice whose script waits for a slow host ends by the clock, and its waiting keeps no other job from its turn.
func TestAJobThatWaitsLetsOthersGoOn(t *testing.T) {
	const rates = "https://rates.example/today"
	w := nights(t, batched+`, "http": true`, `record.note = http("`+rates+`").body`)
	w.row(6)
	w.hosts.say(rates, 200, "7.15")
	var held []int64
	w.hosts.during = func() {
		held = append(held, w.batches.Load())
		w.pass(9 * time.Second)
	}
	batches, busy := 0, false
	w.happen = func() { batches++; busy = busy || w.batches.Load() != 0 }
	if j := w.night(); j.State != job.Done || counts(j) != "changed 6" {
		t.Fatalf("%s: %s", j.State, counts(j))
	}
	if fmt.Sprint(held) != "[0 0 0 0 0 0]" || busy || w.batches.Load() != 0 {
		t.Errorf("turns that are held while it waits: %v, afterwards %d", held, w.batches.Load())
	}
	if batches < 6 {
		t.Errorf("%d slices of 54 seconds", batches)
	}
}

// What today and now are to a job's filter, and to what its script asks, they are as they were when it began.
func TestAJobThatPassesMidnightKeepsItsDay(t *testing.T) {
	w := nights(t, batched+`, "batch": {"filter": "any(loans, .day == today())", "size": 1}`,
		`create("shelf", {name = today() .. "/" .. #query("book", {filter = 'any(loans, .day == today())'})})`)
	for n := range 3 {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint(n), "loans": []any{map[string]any{"reader": "x", "day": "2026-03-31"}}})
	}
	w.pass(time.Second)
	slice := record.BatchSlice{Form: "book", Script: "night", Limit: 100, At: w.moment()}
	for range 3 {
		must(t, w.Records.RunBatch(t.Context(), value.SystemActor("schedule"), slice, func(_ store.Tx, came record.Batched) error {
			slice.After = came.Last
			return nil
		}))
		w.pass(24 * time.Hour)
	}
	if got := w.shelves(); got != "2026-03-31/3 2026-03-31/3 2026-03-31/3" {
		t.Errorf("%q", got)
	}
}
