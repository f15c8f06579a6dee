package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

const (
	batched = `"kind": "batch"`
	turning = `"kind": "schedule"`
	nightly = `"cron": "0 2 * * *"`
)

// withJob is an app whose job "night" runs the script "night" of books.
func withJob(version, kind, lua, job string) catalog.Bundle {
	files := withScripts(version, map[string][2]string{"book/night": {kind, lua}})
	if job != "" {
		job = ", " + job
	}
	files["jobs/night.json"] = []byte(`{"key": "night", "label": {"zh-CN": "夜间", "en": "Night"}, "script": {"form": "book", "script": "night"}` + job + `}`)
	return files
}

// nights is a world with such an app, due by night, and an administrator.
func nights(t *testing.T, kind, lua string) *world {
	t.Helper()
	w := newWorldWith(t, newBox(t))
	w.hire(org.User{ID: "root", Username: "root", Name: "Root", Active: true, Admin: true, Locale: "en"})
	_, err := w.Apps.Install(t.Context(), withJob("2.0.0", kind, lua, nightly))
	must(t, err)
	return w
}

// night lets the job run now, to its end, and returns it with its report.
func (w *world) night() *job.Job {
	w.Helper()
	j, err := w.TellSchedule(w.Context(), w.actor("root"), "job/night", "run")
	must(w, err)
	w.turns()
	done, err := w.Jobs.Get(w.Context(), value.SystemActor("test"), j.ID)
	must(w, err)
	return done
}

// counts are what a job reports, without zeros.
func counts(j *job.Job) string {
	var out []string
	for _, what := range []string{"changed", "unchanged", "skipped", "failed", "created", "updated", "deleted", "acted", "told", "sent"} {
		if n := j.Counts[what]; n > 0 {
			out = append(out, fmt.Sprint(what, " ", n))
		}
	}
	return strings.Join(out, ", ")
}

// A batch runs its script once for each record of its filter, edits those that it changes and tells of each that it
// leaves why; the records that nothing changes about stay as they are.
func TestAJobRunsAScriptForEachRecord(t *testing.T) {
	w := nights(t, batched+`, "batch": {"filter": "count != 99"}`, `
if record.title == "own words" then fail("tooSoon", {["zh-CN"] = "太早", en = "Too soon"}) end
if record.title == "broken" then return record.nothing.x end
if record.title == "too long" then record.title = string.rep("x", 61) end
if record.title == "told" then notify("lib", "Look at {title}", "book", record.id) return end
if record.title == "shelved" then create("shelf", {name = event .. " by " .. actor.id .. " on " .. today()}) end
record.price = decimal("1.10") * record.count`)
	ids := map[string]*record.View{}
	for n := range 20 {
		title := fmt.Sprint("book ", n)
		ids[title] = w.make("lib", "book", map[string]any{"title": title, "count": "3"})
	}
	for _, title := range []string{"own words", "broken", "too long", "told", "shelved", "right"} {
		values := map[string]any{"title": title, "count": "3"}
		if title == "right" {
			values["price"] = "3.30"
		}
		ids[title] = w.make("lib", "book", values)
	}
	ids["left out"] = w.make("lib", "book", map[string]any{"title": "left out", "count": "99"})
	j := w.night()
	if got := counts(j); j.State != job.Done || j.Done != 26 || got != "changed 22, unchanged 1, skipped 2, failed 1, created 1, told 1" {
		t.Fatalf("%s %d: %s %+v", j.State, j.Done, got, j.Refused)
	}
	why := map[string]string{}
	for _, one := range j.Refused {
		why[one.At] = one.Code
	}
	for title, code := range map[string]string{"own words": "script.skipped", "broken": "script.failed", "too long": "record.invalid"} {
		if got := why[string(ids[title].ID)]; got != code {
			t.Errorf("%s: %s, want %s", title, got, code)
		}
	}
	for title, want := range map[string]string{"book 7": "3.30", "shelved": "3.30", "right": "3.30", "own words": "<nil>", "broken": "<nil>", "told": "<nil>", "left out": "<nil>"} {
		got := w.get("book", ids[title].ID)
		version := int64(1)
		if want == "3.30" && title != "right" {
			version = 2
		}
		if fmt.Sprint(got.Values["price"]) != want || got.Version != version {
			t.Errorf("%s: %v in version %d, want %s in %d", title, got.Values["price"], got.Version, want, version)
		}
	}
	history, err := w.Records.History(t.Context(), w.actor("lib"), "book", ids["book 7"].ID, "", 10)
	if err != nil || len(history.Entries) != 2 || history.Entries[0].Actor.ID != "system:schedule" || history.Entries[0].Action != "night" {
		t.Errorf("history: %+v %v", history, err)
	}
	if got := w.shelves(); got != "batch by system:schedule on 2026-03-31" {
		t.Errorf("shelves: %s", got)
	}
	w.hears("lib", "Look at told")
	w.hears("root", "What was due by the schedule of Night has failed; its job says why.")
	// An administrator reads which records were left and by what, nothing of what they hold.
	seen, err := w.Jobs.Get(t.Context(), w.actor("root"), j.ID)
	if err != nil || len(seen.Refused) != 3 || seen.Refused[0].Code == "" || seen.Refused[0].At == "" {
		t.Fatalf("%+v %v", seen, err)
	}
	for _, one := range seen.Refused {
		if len(one.Issues) > 0 || one.Code == "script.skipped" && (one.Args["message"] != nil || one.Args["code"] != "tooSoon") {
			t.Errorf("an administrator reads %+v", one)
		}
	}
	if j := w.night(); counts(j) != "changed 2, unchanged 21, skipped 2, failed 1, created 1, told 1" {
		t.Errorf("again: %s", counts(j))
	}
	w.clean()
}

// shelves are the names of all shelves, in the order in which they were made.
func (w *world) shelves() string {
	w.Helper()
	list, err := w.Records.List(w.Context(), value.SystemActor("test"), record.ListRequest{Form: "shelf", Sort: "id", Limit: 500})
	must(w.TB, err)
	var out []string
	for _, r := range list.Records {
		out = append(out, fmt.Sprint(r.Values["name"]))
	}
	return strings.Join(out, " ")
}

// What two records want of a third, or one of another that comes later, is no conflict: the second comes with the
// next slice and sees what the first has done.
func TestRecordsOfABatchThatTouchEachOther(t *testing.T) {
	w := nights(t, batched, `
local shelf = get("shelf", record.shelf)
update("shelf", record.shelf, {floor = tostring(tonumber(shelf.floor) + 1)})
if record.sequelTo then update("book", record.sequelTo, {note = (get("book", record.sequelTo).note or "") .. "told"}) end
record.count = (record.count or 0) + 1`)
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak", "floor": "0"})
	var last *record.View
	var all []value.ID
	for n := range 10 {
		values := map[string]any{"title": fmt.Sprint("b", n), "shelf": string(shelf.ID)}
		if last != nil {
			values["sequelTo"] = string(last.ID)
		}
		last = w.make("lib", "book", values)
		all = append(all, last.ID)
	}
	j := w.night()
	if got := counts(j); j.State != job.Done || got != "changed 10, updated 19" {
		t.Fatalf("%s: %s %+v", j.State, got, j.Refused)
	}
	if got := w.get("shelf", shelf.ID); got.Values["floor"] != "10" {
		t.Errorf("floor %v", got.Values["floor"])
	}
	for n, id := range all {
		got := w.get("book", id)
		if fmt.Sprint(got.Values["count"]) != "1" || n < 9 && got.Values["note"] != "told" {
			t.Errorf("book %d: %v", n, got.Values)
		}
	}
	w.clean()
}

// A record that only the transaction refuses is left out, and the others of its slice are written.
func TestARecordThatTheTransactionRefuses(t *testing.T) {
	w := nights(t, batched, `record.code = record.note`)
	for n := range 6 {
		note := fmt.Sprint("code ", n)
		if n == 4 {
			note = "code 2"
		}
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n), "note": note})
	}
	j := w.night()
	if got := counts(j); j.State != job.Done || got != "changed 5, skipped 1" || j.Refused[0].Code != "record.taken" {
		t.Errorf("%s: %s %+v", j.State, got, j.Refused)
	}
	w.clean()
}

// What runs by turns goes on where the turn before says, each with all that it wants in one transaction.
func TestAJobRunsByTurns(t *testing.T) {
	w := nights(t, turning, `
local n = tonumber(args.cursor or "0")
create("shelf", {name = "turn" .. n})
log(event, n)
if n < 4 then return {cursor = tostring(n + 1)} end`)
	j := w.night()
	if got := counts(j); j.State != job.Done || j.Done != 5 || got != "created 5" {
		t.Fatalf("%+v %s", j, got)
	}
	if got := w.shelves(); got != "turn0 turn1 turn2 turn3 turn4" {
		t.Error(got)
	}
	w.clean()
}

// A job whose script goes wrong ends, tells administrators, and leaves what is written whole.
func TestWhatAJobMayNot(t *testing.T) {
	for _, c := range []struct{ name, kind, lua, code string }{
		{"it breaks", turning, `create("shelf", {name = "x"}) return record.x`, "script.failed"},
		{"it refuses", turning, `create("shelf", {name = "x"}) fail("enough", "Enough")`, "script.stopped"},
		{"it does not go on", turning, `return {cursor = "x"}`, "script.cursor"},
		{"a cursor that is no text", turning, `return {cursor = {1}}`, "script.cursor"},
		{"what it wants is refused", turning, `create("shelf", {name = "y"}) create("book", {note = "no title"})`, "script.effect"},
		{"it breaks over each", batched, `return record.x.y`, "script.givenUp"},
	} {
		w := nights(t, c.kind, c.lua)
		for n := range 24 {
			w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n)})
		}
		j := w.night()
		if j.State != job.Failed || j.Reason == nil || j.Reason.Code != c.code {
			t.Errorf("%s: %s %+v", c.name, j.State, j.Reason)
		}
		if c.code == "script.givenUp" && (j.Done != record.MaxRow || j.Counts["failed"] != record.MaxRow) {
			t.Errorf("%s: after %d", c.name, j.Done)
		}
		w.hears("root", "What was due by the schedule of Night has failed; its job says why.")
		if c.code != "script.cursor" && w.shelves() != "" {
			t.Errorf("%s: it has left %s", c.name, w.shelves())
		}
	}
}

// What may be gone the next time is tried again, and is a fault over one record when it stays.
func TestWhatAJobMeetsIsTriedAgain(t *testing.T) {
	const rates = "https://rates.example/today"
	w := nights(t, batched+`, "http": true`, `record.note = http("`+rates+`").body`)
	w.make("lib", "book", map[string]any{"title": "a"})
	_, err := w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run")
	must(t, err)
	for n := range 2 {
		if _, err := w.Jobs.RunOnce(t.Context()); err == nil {
			t.Fatalf("try %d says nothing", n)
		}
		if j := w.last(); j.State != job.Queued || j.Tries != n+1 || j.Done != 0 {
			t.Fatalf("try %d: %+v", n, j)
		}
		w.pass(time.Hour)
	}
	w.hosts.say(rates, 200, "7.15")
	w.turns()
	if j := w.last(); j.State != job.Done || counts(j) != "changed 1" {
		t.Errorf("%+v", j)
	}
	w.hosts.answers = nil
	_, err = w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run")
	must(t, err)
	for range 3 {
		_, err := w.Jobs.RunOnce(t.Context())
		if err == nil {
			t.Fatal("it is not tried again")
		}
		w.pass(time.Hour)
	}
	w.turns()
	if j := w.last(); j.State != job.Done || counts(j) != "failed 1" || j.Refused[0].Code != "script.failed" {
		t.Errorf("%+v", j)
	}
}

// A job that is taken away, or cancelled, ends between two slices; what is done stays done.
func TestAJobEndsInTheMiddle(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(w *world)
		state job.State
		done  int64
	}{
		{"taken away", func(w *world) {
			_, err := w.Apps.Install(w.Context(), withScripts("2.1.0", nil))
			must(w, err)
		}, job.Done, 16},
		{"cancelled", func(w *world) {
			_, err := w.Jobs.Cancel(w.Context(), w.actor("root"), w.last().ID)
			must(w, err)
		}, job.Cancelled, 24}, // the slice that was under way is finished
	} {
		w := nights(t, batched, `record.count = (record.count or 0) + 1`)
		for n := range 30 {
			w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n)})
		}
		w.between(16, func() { c.do(w) })
		if j := w.night(); j.State != c.state || j.Done != c.done || counts(j) != fmt.Sprint("changed ", c.done) {
			t.Errorf("%s: %s %d %s", c.name, j.State, j.Done, counts(j))
		}
		w.clean()
	}
}

// What a job says is said to each person once a day, also where somebody lets it run by hand; one that is to run
// several times a day says it each time, and so does what hooks say of what it writes.
func TestAJobSaysThingsOnceADay(t *testing.T) {
	lua := `notify({"lib", "kim"}, {["zh-CN"] = "看", en = "Look at {title}"}, "book", record.id) record.note = tostring((tonumber(record.note) or 0) + 1)`
	w := nights(t, batched, lua)
	other := withJob("2.1.0", batched, lua, nightly)
	other["forms/book/scripts/hook.json"] = []byte(`{"key": "hook", "form": "book", "label": {"zh-CN": "x", "en": "x"}, "kind": "hook", "hook": {"on": ["beforeUpdate"]}}`)
	other["forms/book/scripts/hook.lua"] = []byte(`notify("kim", "changed")`)
	_, err := w.Apps.Install(t.Context(), other)
	must(t, err)
	w.make("lib", "book", map[string]any{"title": "a"})
	w.make("lib", "book", map[string]any{"title": "b"})
	said := func(when, want string) {
		t.Helper()
		if j := w.night(); j.State != job.Done || j.Counts["told"] != 2 {
			t.Fatalf("%s: %+v", when, j)
		}
		n := map[string]int{}
		for _, who := range []string{"lib", "kim"} {
			for _, text := range w.told(value.ID(who)) {
				n[who+" "+text]++
			}
		}
		if got := fmt.Sprint(n); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	said("at first", "map[kim Look at a record that you do not see:2 kim changed:2 lib Look at a:1 lib Look at b:1]")
	w.pass(2 * time.Hour)
	said("again", "map[kim Look at a record that you do not see:2 kim changed:4 lib Look at a:1 lib Look at b:1]")
	w.pass(24 * time.Hour)
	said("the next day", "map[kim Look at a record that you do not see:4 kim changed:6 lib Look at a:2 lib Look at b:2]")
	_, err = w.Apps.Install(t.Context(), withJob("2.2.0", batched, lua, `"cron": "0 9,15 * * *"`))
	must(t, err)
	said("twice a day", "map[kim Look at a record that you do not see:6 kim changed:6 lib Look at a:3 lib Look at b:3]")
	said("twice a day, again", "map[kim Look at a record that you do not see:8 kim changed:6 lib Look at a:4 lib Look at b:4]")
}

// A job is due by its cron, once however many look; while it is on its way no other begins; times that passed are made
// up for once, or not at all where it says so.
func TestAJobIsDueByItsCron(t *testing.T) {
	lua := `create("shelf", {name = now():sub(1, 10)})`
	w := nights(t, turning, lua)
	other := w.open()
	due := func() (out []string) {
		t.Helper()
		list, err := w.ScheduleList(t.Context(), w.actor("root"))
		must(t, err)
		for _, one := range list {
			out = append(out, fmt.Sprint(one.Key, " ", one.Kind, " ", one.Form, "/", one.Script, " ", one.Cron, " ", one.OnHoliday, " ", len(one.Runs), " ", one.Next.Format(time.DateTime)))
		}
		return out
	}
	look := func() {
		t.Helper()
		for range 2 {
			w.look(w.Engine)
			w.look(other)
		}
	}
	look()
	if got := due(); len(got) != 1 || got[0] != "job/night script book/night 0 2 * * * run 0 2026-03-31 18:00:00" {
		t.Fatal(got)
	}
	w.pass(15 * time.Hour)
	look()
	if got := due(); got[0] != "job/night script book/night 0 2 * * * run 1 2026-04-01 18:00:00" || w.shelves() != "2026-03-31" {
		t.Fatal(got, w.shelves())
	}
	w.pass(10 * 24 * time.Hour)
	look()
	if got := due(); got[0] != "job/night script book/night 0 2 * * * run 2 2026-04-11 18:00:00" || w.shelves() != "2026-03-31 2026-04-10" {
		t.Fatal(got, w.shelves())
	}
	_, err := w.Apps.Install(t.Context(), withJob("2.1.0", turning, lua, nightly+`, "missed": "skip", "onHoliday": "skip"`))
	must(t, err)
	look()
	w.pass(10 * 24 * time.Hour)
	look()
	if got := due(); got[0] != "job/night script book/night 0 2 * * * skip 2 2026-04-21 18:00:00" {
		t.Fatal(got)
	}
	// On its way: neither the next time nor anybody by hand begins it again.
	w.pass(23*time.Hour + time.Minute)
	must(t, w.Schedules(t.Context()))
	if _, err := w.TellSchedule(t.Context(), w.actor("root"), "job/night", "run"); fault.CodeOf(err) != "schedule.running" {
		t.Errorf("by hand: %v", err)
	}
	w.pass(24 * time.Hour)
	must(t, w.Schedules(t.Context()))
	if got := due(); !strings.Contains(got[0], "skip 3 ") {
		t.Errorf("on its way: %v", got)
	}
	// What was due meanwhile is made up for. Without a cron it runs when somebody says so.
	w.turns()
	_, err = w.Apps.Install(t.Context(), withJob("2.2.0", turning, lua, ""))
	must(t, err)
	look()
	if got := due(); !strings.HasSuffix(got[0], "  run 4 0001-01-01 00:00:00") {
		t.Errorf("by hand only: %v", got)
	}
	if j := w.night(); j.State != job.Done {
		t.Errorf("%+v", j)
	}
	if _, err := w.TellSchedule(t.Context(), w.actor("lib"), "job/night", "run"); fault.CodeOf(err) != "access.admin" {
		t.Errorf("a librarian: %v", err)
	}
}

// Ten processes go over the same records, and die at any call of the store: what is done for each is done once.
func TestJobsOfProcessesThatDieDoForEachRecordWhatTheyDoOnce(t *testing.T) {
	const books, processes, lives = 60, 10, 4
	w := nights(t, batched, `
record.count = (record.count or 0) + 1
create("shelf", {name = record.id})
notify("lib", "{title}", "book", record.id)`)
	for n := range books {
		w.make("lib", "book", map[string]any{"title": fmt.Sprint("b", n)})
	}
	must(t, w.Schedules(t.Context()))
	w.pass(15 * time.Hour)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var deaths atomic.Int64
	var all sync.WaitGroup
	for n := range processes {
		moment := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() {
			for range lives {
				if w.lives(moment.Int64N(80), moment.IntN(2) == 0) {
					deaths.Add(1)
				}
			}
		})
	}
	all.Wait()
	deadline := 0
	for ; w.last().State != job.Done && deadline < 1000; deadline++ {
		w.pass(time.Minute)
		if err := errors.Join(w.Schedules(t.Context()), func() error { _, err := w.Jobs.RunOnce(t.Context()); return err }()); err != nil {
			t.Log(err)
		}
	}
	j := w.last()
	t.Logf("%d deaths, %d more looks", deaths.Load(), deadline)
	if j.State != job.Done || j.Done != books || counts(j) != fmt.Sprintf("changed %d, created %d, told %d", books, books, books) {
		t.Fatalf("%+v", j)
	}
	list, err := w.Records.List(t.Context(), value.SystemActor("test"), record.ListRequest{Form: "book", Limit: 500})
	must(t, err)
	shelves := strings.Fields(w.shelves())
	for _, one := range list.Records {
		if fmt.Sprint(one.Values["count"]) != "1" || one.Version != 2 {
			t.Errorf("%s: count %v in version %d", one.ID, one.Values["count"], one.Version)
		}
		if n := strings.Count(strings.Join(shelves, " "), string(one.ID)); n != 1 {
			t.Errorf("%s has %d shelves", one.ID, n)
		}
	}
	if told := w.told("lib"); len(told) != books || len(shelves) != books {
		t.Errorf("%d told, %d shelves", len(told), len(shelves))
	}
	if deaths.Load() < 5 {
		t.Errorf("only %d died", deaths.Load())
	}
	w.clean()
}
