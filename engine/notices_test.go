package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// told are the texts of somebody's notices, the newest first, after all that is under way has come about.
func (w *world) told(who value.ID) []string {
	w.Helper()
	must(w, w.Settle(w.Context()))
	must(w, w.Inform(w.Context()))
	page, _, err := w.Notices(w.Context(), w.actor(who), false, "", 200)
	must(w, err)
	out := []string{}
	for _, n := range page {
		out = append(out, n.Text)
	}
	return out
}

func (w *world) hears(who value.ID, want ...string) {
	w.Helper()
	if got := w.told(who); !slices.Equal(got, want) {
		w.Errorf("%s was told\n%s\nwant\n%s", who, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// hire adds somebody to the people.
func (w *world) hire(users ...org.User) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	people, err := org.NewSnapshot(2, append(w.people.Users(), users...), w.people.Units(), w.people.Zones())
	must(w, err)
	w.people = people
}

func admin() org.User {
	return org.User{ID: "root", Username: "root", Name: "Root", Roles: []string{"boss"}, Active: true, Admin: true, Locale: "en"}
}

func TestPeopleAreToldWhatOthersDoWithTheirRecords(t *testing.T) {
	files := poolFiles(`, "return": {"required": false}`, "")
	files["pools/east.json"] = strings.Replace(files["pools/east.json"], `"manage": `, `"return": ["role:boss"], "manage": `, 1)
	w := newDepot(t, files)
	id := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": "A"}).ID
	w.did("ann", id, "claim", nil, "")
	w.hears("ann") // she did it herself
	w.did("boss", id, "assign", map[string]any{"to": "abe"}, "")
	w.hears("ann", "boss gave somebody else what was yours: a record that you do not see (Asset).")
	w.hears("abe", "boss gave you Crane (Asset).")
	w.pass(time.Hour)
	w.did("boss", id, "return", nil, "")
	w.hears("abe", "boss put back into its pool what was yours: Crane (Asset).", "boss gave you Crane (Asset).")
	w.hears("boss")
	w.clean()
}

func TestARecordTakenByRuleIsToldToWhoeverHadIt(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.clock("2026-03-31 12:00")
	w.held("ann", "A")
	w.held("ann", "A")
	w.turnOn()
	w.clock("2026-04-08 01:00")
	if got := w.sweep("run"); got["reclaimed"] != 2 {
		t.Fatal(got)
	}
	w.hears("ann", "2 records went back to their pools by rule: Asset.")
	page, _, err := w.Notices(t.Context(), w.actor("ann"), true, "", 10)
	must(t, err)
	if len(page) != 1 || page[0].Count != 2 || len(page[0].Records) != 2 || page[0].Records[0].Title != "Crane" || page[0].By.Title != "The system" {
		t.Errorf("%+v", page)
	}
}

func TestANoticeShowsNothingThatItsReaderNoLongerSees(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	id := w.make("boss", "asset", map[string]any{"name": "Secret crane", "zone": "east"}).ID
	w.did("ann", id, "claim", nil, "")
	w.did("boss", id, "assign", map[string]any{"to": "wes"}, "") // now ann sees it no more
	w.hears("ann", "boss gave somebody else what was yours: a record that you do not see (Asset).")
	page, _, err := w.Notices(t.Context(), w.actor("ann"), false, "", 10)
	must(t, err)
	if r := page[0].Records[0]; r.ID != "" || r.Title != "" || r.Form != "asset" {
		t.Errorf("out of her sight, and yet %+v", r)
	}
	must(t, w.Records.Delete(t.Context(), w.actor("boss"), "asset", id, w.raw(id).Version, ""))
	if got := w.told("wes"); len(got) != 1 || strings.Contains(got[0], "Secret") {
		t.Errorf("a record in the bin: %v", got)
	}
	if _, _, err := w.Notices(t.Context(), value.SystemActor("test"), false, "", 10); fault.CodeOf(err) != "access.scope" {
		t.Errorf("the system has no inbox: %v", err)
	}
	narrow := w.actor("ann")
	narrow.Scopes = []string{"read:check"}
	if _, _, err := w.Notices(t.Context(), narrow, false, "", 10); fault.CodeOf(err) != "access.scope" {
		t.Errorf("a token for one form: %v", err)
	}
}

func TestAdministratorsHearOfRecordsThatNoPoolTook(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	w.hire(admin())
	id := w.make("boss", "asset", map[string]any{"name": "Buoy", "zone": "sea"}).ID
	w.hears("root", "No pool took Buoy (Asset). Look at the conditions of its pools.")
	w.edit(id, map[string]any{"note": "still"})
	w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	if got := w.told("root"); len(got) != 1 {
		t.Errorf("told again: %v", got)
	}
	w.hears("boss")
}

// However many are to be told of however much, no transaction is too large for it.
func TestManyAreToldOfMuch(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	for n := range 40 {
		one := admin()
		one.ID, one.Username = value.ID(fmt.Sprintf("root%02d", n)), fmt.Sprintf("root%02d", n)
		w.hire(one)
	}
	for range 60 {
		w.make("boss", "asset", map[string]any{"name": "Buoy", "zone": "sea"})
	}
	w.hears("root07", "No pool took 60 records: Asset. Look at the conditions of its pools.")
	w.hears("root39", "No pool took 60 records: Asset. Look at the conditions of its pools.")
}

// Whoever is asked may answer: who manages the pool, and administrators, whatever they are beside.
func TestThoseWhoMayDecideHearOfASweepThatStops(t *testing.T) {
	w := newDepot(t, poolFiles(idle("")+`, "sweep": {"brake": {"share": 0.5, "min": 2}}`, ""))
	root := admin()
	root.Roles = []string{"clerk"}
	w.hire(root)
	w.clock("2026-03-31 12:00")
	for range 3 {
		w.held("ann", "A")
	}
	w.turnOn()
	w.clock("2026-04-08 01:00")
	if got := w.sweep("run"); got["braked"] != 3 {
		t.Fatal(got)
	}
	for _, who := range []value.ID{"root", "boss"} {
		w.hears(who, "The sweep of the pool East has stopped: it would take 3 of 3 owned records. Look at them, then let it run.")
	}
	if heard := w.told("clerk"); len(heard) > 0 {
		t.Errorf("a clerk hears %v", heard)
	}
	_, err := w.Sweep(t.Context(), w.actor("root"), "asset", "east", engine.SweepRequest{Do: "force"}, nil)
	must(t, err)
	w.turns()
	if got := w.last().Counts["reclaimed"]; got != 3 {
		t.Errorf("an administrator's word takes %d", got)
	}
}

// A sweep that only reports says so to those who may turn it on, once a week for as long as it has something to take.
func TestThoseWhoMayDecideHearOfASweepThatOnlyReports(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	w.hire(admin())
	w.clock("2026-03-31 12:00")
	w.held("ann", "A")
	w.held("ann", "B")
	const first = "The sweep of the pool East is not turned on: it would take 1 records by now. Look at them, then turn it on."
	const second = "The sweep of the pool East is not turned on: it would take 2 records by now. Look at them, then turn it on."
	for _, day := range []string{"2026-04-07", "2026-04-08", "2026-04-09", "2026-04-12"} {
		w.clock(day + " 01:00")
		w.sweep("run")
	}
	for _, who := range []value.ID{"root", "boss"} {
		w.hears(who, first)
	}
	for _, day := range []string{"2026-04-20", "2026-04-21", "2026-04-22"} {
		w.clock(day + " 01:00")
		w.sweep("run")
	}
	for _, who := range []value.ID{"root", "boss"} {
		w.hears(who, second, first)
	}
	w.turnOn()
	w.clock("2026-05-01 01:00")
	w.sweep("run")
	w.hears("boss", second, first)
}

func TestNoticesAreReadAndChosen(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	for n := range 5 {
		id := w.make("boss", "asset", map[string]any{"name": fmt.Sprint("Crane ", n), "zone": "east"}).ID
		w.did("boss", id, "assign", map[string]any{"to": "ann"}, "")
		w.pass(2 * time.Minute)
	}
	w.hears("ann", "boss gave you Crane 4 (Asset).", "boss gave you Crane 3 (Asset).", "boss gave you Crane 2 (Asset).", "boss gave you Crane 1 (Asset).", "boss gave you Crane 0 (Asset).")
	ann := w.actor("ann")
	first, next, err := w.Notices(t.Context(), ann, false, "", 2)
	must(t, err)
	rest, end, err := w.Notices(t.Context(), ann, false, next, 3)
	must(t, err)
	if len(first) != 2 || len(rest) != 3 || end != "" || rest[0].Text != "boss gave you Crane 2 (Asset)." {
		t.Errorf("pages %v %v %q", first, rest, end)
	}
	unread := func(want int) {
		t.Helper()
		if n, exact, err := w.Unread(t.Context(), ann); err != nil || n != want || !exact {
			t.Errorf("unread %d %v %v, want %d", n, exact, err, want)
		}
	}
	unread(5)
	must(t, w.ReadNotices(t.Context(), w.actor("abe"), []string{first[0].ID}, false)) // not his
	unread(5)
	must(t, w.ReadNotices(t.Context(), ann, []string{first[0].ID, first[0].ID, "../x", ""}, false))
	unread(4)
	if left, _, err := w.Notices(t.Context(), ann, true, "", 10); err != nil || len(left) != 4 || left[0].ID != first[1].ID {
		t.Errorf("unread are %v %v", left, err)
	}
	must(t, w.ReadNotices(t.Context(), ann, nil, true))
	unread(0)
	if _, _, err := w.Notices(t.Context(), ann, false, "zzz", 2); fault.CodeOf(err) != "cursor.invalid" {
		t.Errorf("a forged cursor: %v", err)
	}
	if err := w.Choose(t.Context(), ann, notify.Choices{Off: []notify.Kind{"nonsense"}}); fault.CodeOf(err) != "record.invalid" {
		t.Errorf("an unknown kind: %v", err)
	}
	must(t, w.Choose(t.Context(), ann, notify.Choices{Off: []notify.Kind{notify.Assigned}}))
	id := w.make("boss", "asset", map[string]any{"name": "Last", "zone": "east"}).ID
	w.did("boss", id, "assign", map[string]any{"to": "ann"}, "")
	w.told("ann")
	unread(0)
	must(t, w.Choose(t.Context(), ann, notify.Choices{Off: nil}))
	w.did("boss", id, "assign", map[string]any{"to": "abe"}, "")
	w.told("ann")
	unread(1)
}

// What is told of an event is told once, however often the event is handed out; a transaction that fails tells
// nobody.
func TestNobodyIsToldTwiceNorOfWhatDidNotHappen(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	box := &notify.Inbox{Config: notify.Config{Store: w.store, Clock: func() time.Time { return w.now }, Hears: func(value.ID) bool { return true }}}
	one := notify.Telling{To: []value.ID{"ann"}, Kind: notify.Assigned, At: w.now, Once: "event 7", Until: w.now.Add(time.Hour), Together: "x", About: []notify.About{{Form: "asset", ID: "a"}}}
	tell := func(fail error, all ...notify.Telling) {
		t.Helper()
		err := w.store.Tx(t.Context(), func(tx store.Tx) error {
			if err := box.Tell(t.Context(), tx, all...); err != nil {
				return err
			}
			return fail
		})
		if fail == nil {
			must(t, err)
		}
	}
	tell(fault.New(fault.Conflict, "killed"), one)
	page, _, err := box.List(t.Context(), "ann", false, "", 10)
	if err != nil || len(page) != 0 {
		t.Fatalf("told of what did not happen: %v %v", page, err)
	}
	tell(nil, one)
	other := one
	other.Once = "event 8"
	tell(nil, one, other, one)
	if page, _, err = box.List(t.Context(), "ann", false, "", 10); err != nil || len(page) != 1 || page[0].Count != 2 {
		t.Errorf("%+v %v", page, err)
	}
	// One that was read and grows is to be read again.
	must(t, box.ReadAll(t.Context(), "ann"))
	third := one
	third.Once = "event 9"
	tell(nil, third)
	if n, _, err := box.Unread(t.Context(), "ann"); err != nil || n != 1 {
		t.Errorf("unread %d %v", n, err)
	}
}

func TestWhoAsksForALongJobIsToldOfItsEnd(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	for range 20 {
		w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east"})
	}
	w.happen = func() { w.pass(4 * time.Second) }
	_, _, err := w.Bulk(t.Context(), w.actor("boss"), engine.BulkRequest{Form: "asset", Filter: `zone == "east"`, Action: "assign", Args: map[string]any{"to": "ann"}}, nil)
	must(t, err)
	w.turns()
	w.hears("boss", "Your job “Many at once” is done: 20 dealt with, 0 of them refused.")
	page, _, err := w.Notices(t.Context(), w.actor("boss"), false, "", 10)
	must(t, err)
	if page[0].Job != w.last().ID {
		t.Errorf("it tells of %q", page[0].Job)
	}
}
