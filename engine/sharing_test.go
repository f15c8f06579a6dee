package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/share"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// sharing is a depot whose assets their holders and the boss share. The clerks of the office sit below headquarters,
// which the boss leads.
func sharing(t *testing.T, more string) *world {
	t.Helper()
	return office(t, sharingFiles(more))
}

func sharingFiles(more string) map[string]string {
	files := poolFiles("", "")
	files["forms/asset/form.json"] = strings.Replace(asset, `"x-title": "name",`, `"x-title": "name", "x-sharing": {"by": ["owner", "role:boss"]`+more+`},`, 1)
	files["forms/asset/views/all.json"] = `{"key": "all", "form": "asset", "label": {"en": "All"}, "kind": "table", "columns": ["name"], "sort": "name"}`
	files["forms/asset/views/begun.json"] = `{"key": "begun", "form": "asset", "label": {"en": "Begun"}, "kind": "table", "columns": ["name"], "sort": "-startedAt"}`
	own := `"create": true, "read": {"scope": "own"}, "update": {"scope": "own"}, "delete": {"scope": "own"}`
	files["roles/reader.json"] = `{"key": "reader", "label": {"en": "Reader"}, "forms": {"asset": {"read": {"scope": "own"}, "fields": {"worth": "hidden"}}}}`
	files["roles/porter.json"] = `{"key": "porter", "label": {"en": "Porter"}, "forms": {"part": {` + own + `}}}`
	files["roles/chief.json"] = `{"key": "chief", "label": {"en": "Chief"}, "forms": {"asset": {` + strings.ReplaceAll(own, "own", "unitBelow") + `}}}`
	return files
}

func office(t *testing.T, files map[string]string) *world {
	t.Helper()
	w := newDepot(t, files)
	named := map[string]string{"en": "Office"}
	w.reorganise(w.people.Users(), []org.Unit{
		{ID: "hq", Name: map[string]string{"en": "Headquarters"}, Manager: "boss"}, {ID: "office", Name: named, Parent: "hq"},
	}, org.User{ID: "rea", Username: "rea", Name: "Rea", Roles: []string{"reader"}, Unit: "office", Active: true, Locale: "en"},
		org.User{ID: "por", Username: "por", Name: "Por", Roles: []string{"porter"}, Active: true, Locale: "en"},
		org.User{ID: "lea", Username: "lea", Name: "Lea", Roles: []string{"chief"}, Unit: "hq", Active: true, Locale: "en"})
	return w
}

func (w *world) reorganise(users []org.User, units []org.Unit, more ...org.User) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	people, err := org.NewSnapshot(w.people.Version()+1, append(users, more...), units, w.people.Zones())
	must(w, err)
	w.people = people
}

// annAway lets ann be absent from one day to another, with a deputy.
func (w *world) annAway(from, to int64, deputy value.ID) {
	w.Helper()
	users := w.people.Users()
	for n := range users {
		if users[n].ID == "ann" {
			users[n].Away = []org.Span{{From: from, To: to, Deputy: deputy}}
		}
	}
	w.reorganise(users, w.people.Units())
}

func (w *world) sees(who, id value.ID) bool {
	w.Helper()
	_, err := w.Records.Get(w.Context(), w.actor(who), "asset", id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		w.Error(err)
	}
	return err == nil
}

func (w *world) saw(who, id value.ID, want bool) {
	w.Helper()
	if got := w.sees(who, id); got != want {
		w.Errorf("%s sees it: %v", who, got)
	}
}

func to(person, how string) map[string]any { return map[string]any{"person": person, "how": how} }

func TestARecordIsSharedToBeReadOrChanged(t *testing.T) {
	w := sharing(t, "")
	id := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": "A", "worth": "500.00"}).ID
	w.did("boss", id, "assign", map[string]any{"to": "ann"}, "")
	w.saw("wes", id, false)
	w.did("ann", id, "share", to("wes", "read"), "he knows cranes")
	w.saw("wes", id, true)
	w.hears("wes", "ann shared Crane (Asset) with you.")
	if err := w.try("wes", id, map[string]any{"name": "Mine"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("what is shared to be read was changed: %v", err)
	}
	for action, args := range map[string]map[string]any{"share": to("abe", "read"), "unshare": to("ann", "")} {
		delete(args, map[string]string{"share": "", "unshare": "how"}[action])
		if err := w.act("wes", id, action, args, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a guest did %s: %v", action, err)
		}
	}
	w.did("ann", id, "share", to("wes", "write"), "")
	w.edit(id, map[string]any{"note": "before"})
	must(t, w.try("wes", id, map[string]any{"name": "Big crane"}))
	if err := w.Records.Delete(w.Context(), w.actor("wes"), "asset", id, w.raw(id).Version, ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a guest deleted it: %v", err)
	}
	if err := w.act("wes", id, "share", to("abe", "read"), ""); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a guest shared it on: %v", err)
	}

	view, err := w.Records.Get(w.Context(), w.actor("wes"), "asset", id)
	must(t, err)
	if s := view.Shared; s == nil || s.Mine != value.ShareWrite || len(s.With) != 1 || s.With[0].Title != "wes" || s.With[0].By.Title != "ann" || s.With[0].Until != nil {
		t.Errorf("%+v", view.Shared)
	}
	history, err := w.Records.History(w.Context(), w.actor("wes"), "asset", id, "", 50)
	must(t, err)
	at := slices.IndexFunc(history.Entries, func(e record.HistoryEntry) bool { return e.Reason == "he knows cranes" })
	if e := history.Entries[at]; e.Action != "share" || e.Detail["with"] != "user:wes" || e.Detail["title"] != "wes" || e.Detail["how"] != "read" || len(e.Changes) != 0 {
		t.Errorf("%+v", e)
	}

	w.did("wes", id, "unshare", nil, "not for me")
	w.saw("wes", id, false)
	w.refused("record.notFound", "wes", id, "unshare", nil, "")
	w.clean()
}

func TestWithWhomARecordIsShared(t *testing.T) {
	w := sharing(t, `, "maxDays": 30`)
	id := w.held("ann", "A")
	for _, c := range []struct {
		args map[string]any
		code string // at the first issue
	}{
		{map[string]any{"how": "read"}, "share.oneGuest"},
		{map[string]any{"how": "read", "person": "abe", "unit": "hq"}, "share.oneGuest"},
		{map[string]any{"person": "abe"}, "field.option"},
		{map[string]any{"person": "abe", "how": "own"}, "field.option"},
		{to("nobody", "read"), "field.reference"},
		{to("gone", "read"), "field.reference"},
		{to("ann", "read"), "share.owner"},
		{to("por", "read"), "share.ofNoUse"},
		{to("rea", "write"), "share.ofNoUse"},
		{map[string]any{"unit": "nowhere", "how": "read"}, "field.reference"},
		{map[string]any{"unit": "hq", "how": "team"}, "share.teamOfPeople"},
		{map[string]any{"person": 7, "how": "read"}, "json.type"},
		{map[string]any{"person": "abe", "how": "read", "hours": "1"}, "json.unknownKey"},
		{map[string]any{"person": "abe", "how": "read", "until": "soon"}, "field.date"},
		{map[string]any{"person": "abe", "how": "read", "until": "2026-02-30"}, "field.date"},
		{map[string]any{"person": "abe", "how": "read", "until": "2026-03-30"}, "share.past"},
		{map[string]any{"person": "abe", "how": "read", "until": "2026-03-31T03:59:59Z"}, "share.past"},
		{map[string]any{"person": "abe", "how": "read", "until": "2026-05-01"}, "share.tooLong"},
	} {
		err := w.act("ann", id, "share", c.args, "")
		issues := faultsOf(err)
		if fault.CodeOf(err) != "action.args" || len(issues) == 0 || issues[0].Code != c.code {
			t.Errorf("%v: %v %v, want %s", c.args, err, issues, c.code)
		}
	}
	w.refused("action.mayNot", "ann", id, "unshare", nil, "") // with nobody yet
	w.refused("record.notFound", "wes", id, "share", to("abe", "read"), "")
	// Without an end it is for as long as the form allows; who works on it, does so until further notice.
	w.did("ann", id, "share", to("abe", "read"), "")
	w.refused("action.args", "ann", id, "unshare", nil, "") // with whom?
	w.did("ann", id, "share", map[string]any{"person": "wes", "how": "read", "until": "2026-04-30"}, "")
	w.did("boss", id, "share", to("clerk", "read"), "")
	w.did("ann", id, "share", to("lea", "team"), "")
	version := w.raw(id).Version
	w.did("ann", id, "share", to("lea", "team"), "") // nothing new: nothing is written
	w.did("ann", id, "unshare", map[string]any{"unit": "hq"}, "")
	if got := w.raw(id).Version; got != version {
		t.Errorf("version %d, was %d", got, version)
	}
	month := time.Date(2026, 4, 30, 16, 0, 0, 0, time.UTC).UnixMilli()
	for n, want := range []int64{month, month, month, 0} {
		if got := w.raw(id).Values.Shares()[n].Until; got != want {
			t.Errorf("share %d ends %s", n, time.UnixMilli(got).UTC())
		}
	}
	for n := range 46 {
		w.did("ann", id, "share", to(fmt.Sprintf("k%03d", n), "team"), "")
	}
	w.refused("share.tooMany", "ann", id, "share", to("k100", "team"), "")
	w.did("ann", id, "share", to("k000", "read"), "")
	w.clean()
}

func TestAUnitIsAllBelowItAndWhoLeadsIt(t *testing.T) {
	w := sharing(t, "")
	id := w.held("ann", "A")
	with := func(unit string) {
		t.Helper()
		w.did("ann", id, "share", map[string]any{"unit": unit, "how": "read"}, "")
	}
	with("office")
	w.saw("rea", id, true)
	w.saw("lea", id, false) // of headquarters, which is above
	w.did("ann", id, "unshare", map[string]any{"unit": "office"}, "")
	w.saw("rea", id, false)
	with("hq")
	w.saw("rea", id, true)
	// What is one's own is none of what is shared with one, whoever else is in the unit.
	users := w.people.Users()
	for n := range users {
		if users[n].ID == "ann" {
			users[n].Unit = "office"
		}
	}
	w.reorganise(users, w.people.Units())
	for who, want := range map[value.ID]int{"ann": 0, "rea": 1} {
		page, err := w.Records.List(w.Context(), w.actor(who), record.ListRequest{Form: "asset", With: "me"})
		if err != nil || len(page.Records) != want {
			t.Errorf("%d are shared with %s: %v", len(page.Records), who, err)
		}
	}
	if own, err := w.Records.Get(t.Context(), w.actor("ann"), "asset", id); err != nil || own.Shared.Mine != "" || len(own.Shared.With) != 1 {
		t.Errorf("%+v %v", own.Shared, err)
	}
	w.saw("lea", id, true)
	w.saw("wes", id, false)
	view, err := w.Records.Get(w.Context(), w.actor("rea"), "asset", id)
	must(t, err)
	if _, shown := view.Values["worth"]; shown || view.Rights.Update || len(view.Rights.Actions) != 0 {
		t.Errorf("a guest reads what their role hides, or may do something: %+v", view)
	}
	// Whoever leaves the unit is out at once, with no record rewritten.
	users = w.people.Users()
	for n := range users {
		if users[n].ID == "rea" || users[n].ID == "ann" {
			users[n].Unit = ""
		}
	}
	w.reorganise(users, w.people.Units())
	w.saw("rea", id, false)
	w.clean()
}

// A share has ended at its instant, whatever sweeps do; these take away what is due and read nothing else.
func TestASharesEndIsItsEnd(t *testing.T) {
	w := sharing(t, "")
	w.clock("2026-03-31 12:00")
	id, other := w.held("ann", "A"), w.held("ann", "B")
	w.did("ann", id, "share", map[string]any{"person": "wes", "how": "write", "until": "2026-03-31"}, "")
	w.did("ann", id, "share", map[string]any{"person": "abe", "how": "read", "until": "2026-03-31T20:00:00+08:00"}, "")
	w.did("ann", id, "share", to("lea", "team"), "")
	w.did("ann", other, "share", map[string]any{"person": "wes", "how": "read", "until": "2026-12-31"}, "")
	w.saw("abe", id, true)
	w.clock("2026-03-31 19:59")
	w.pass(59 * time.Second)
	w.saw("abe", id, true)
	w.clock("2026-03-31 20:00")
	w.saw("abe", id, false)
	w.clock("2026-03-31 23:59")
	w.pass(59 * time.Second)
	w.saw("wes", id, true)
	w.clock("2026-04-01 00:00")
	w.saw("wes", id, false)
	if err := w.try("wes", id, map[string]any{"name": "Mine"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("changed after the end: %v", err)
	}
	list := func() int {
		page, err := w.Records.List(w.Context(), w.actor("wes"), record.ListRequest{Form: "asset", With: "me"})
		must(t, err)
		return len(page.Records)
	}
	if n := list(); n != 1 {
		t.Errorf("%d records are shared with wes", n)
	}
	before := w.raw(id)
	if with := func(r *value.Record) bool { return slices.Contains(r.Principals, org.GuestPrincipal("user:wes")) }; !with(before) {
		t.Error("it was swept before anything swept")
	}
	must(t, w.EndShares(w.Context()))
	after := w.raw(id)
	if len(after.Values.Shares()) != 1 || after.Version != before.Version || slices.Contains(after.Principals, org.GuestPrincipal("user:wes")) {
		t.Errorf("after the sweep: version %d, was %d; %v %v", after.Version, before.Version, after.Values.Shares(), after.Principals)
	}
	left, err := w.store.Scan(w.Context(), share.Ends, "", "", 10)
	must(t, err)
	if len(left) != 1 {
		t.Errorf("%d ends are left, want that of the other record", len(left))
	}
	must(t, w.EndShares(w.Context()))
	w.saw("lea", id, true)
	w.clean()
}

// A record that nobody holds any more is shared with nobody: neither return nor reclaim leaves collaborators behind.
func TestThePoolKnowsNoGuests(t *testing.T) {
	w := sharing(t, "")
	id := w.held("ann", "A")
	w.did("ann", id, "share", to("wes", "team"), "")
	w.did("boss", id, "assign", map[string]any{"to": "abe"}, "")
	w.saw("wes", id, true) // the team stays with whoever has the record next
	w.did("abe", id, "return", nil, "no need")
	w.saw("wes", id, false)
	if left := w.raw(id).Values.Shares(); len(left) != 0 {
		t.Errorf("shared from the pool: %v", left)
	}
	w.refused("action.mayNot", "boss", id, "share", to("wes", "read"), "")
	w.clean()
}

// A rule may leave a record those who work on it: they see it while it waits, masked as it is to anybody, and stay with
// whoever takes it next. Whom its owner let in beside them sees it no more, and a return by hand keeps nobody.
func TestCollaboratorsStayWhereTheRuleKeepsThem(t *testing.T) {
	files := sharingFiles("")
	files["pools/east.json"] = poolFiles(idle(`, "cascade": {"collaborators": "keep"}`), "")["pools/east.json"]
	w := office(t, files)
	w.clock("2026-03-31 12:00")
	id, returned := w.held("ann", "A"), w.held("ann", "A")
	w.edit(id, map[string]any{"phone": "+8613800138000"})
	for _, one := range []value.ID{id, returned} {
		w.did("ann", one, "share", to("wes", "team"), "")
		w.did("ann", one, "share", to("rea", "read"), "")
	}
	w.did("ann", returned, "return", nil, "no need")
	w.saw("wes", returned, false)
	w.turnOn()
	w.clock("2026-04-08 01:00")
	w.sweep("run")
	if w.owner(id) != "" {
		t.Fatalf("%q has it", w.owner(id))
	}
	w.saw("wes", id, true)
	w.saw("rea", id, false)
	if left := w.raw(id).Values.Shares(); len(left) != 1 || left[0].With != "user:wes" || left[0].How != value.ShareTeam {
		t.Errorf("shared from the pool: %v", left)
	}
	view, err := w.Records.Get(w.Context(), w.actor("wes"), "asset", id)
	must(t, err)
	if phone := view.Values["phone"]; phone == nil || strings.Contains(fmt.Sprint(phone), "13800138000") {
		t.Errorf("a collaborator reads %v of a record that waits", phone)
	}
	explained, err := w.Records.ExplainRight(w.Context(), w.actor("wes"), "asset", id, "", meta.Read, english(t))
	must(t, err)
	if got := why(explained.Right); got != "yes; x: one's own records: no; Shared by ann: as a collaborator: yes; Members of the pool East may see it: no" {
		t.Errorf("a collaborator reads it: %s", got)
	}
	history, err := w.Records.History(w.Context(), w.actor("boss"), "asset", id, "", 1)
	must(t, err)
	if e := history.Entries[0]; e.Action != "reclaim" || e.Detail["rule"] != "idle" || e.Detail["kept"] != int64(1) {
		t.Errorf("%+v", e)
	}
	w.clean() // working it out again lets nobody go

	must(t, w.try("boss", id, map[string]any{"note": "polished"}))
	w.saw("wes", id, true)
	w.did("abe", id, "claim", nil, "")
	w.saw("wes", id, true)
	w.did("wes", id, "unshare", nil, "")
	w.saw("wes", id, false)
	w.clean()
}

// Whoever was let in, or stands in, changes the record but not whose it is, and moves no deadline that its owner could
// not move.
func TestHelpersDoNotTakeARecordOver(t *testing.T) {
	files := sharingFiles("")
	files["pools/east.json"] = poolFiles(idle(""), "")["pools/east.json"]
	files["forms/part/form.json"] = `{"type": "object", "x-form": "part", "x-label": {"en": "Part"}, "x-title": "name", "x-holders": {"owner": "holder"}, "x-sharing": {"by": ["owner"]}, ` + strings.SplitN(part, `"x-holders": {"owner": "holder"}, `, 2)[1]
	w := office(t, files)
	w.clock("2026-03-31 12:00")
	made := w.make("ann", "part", map[string]any{"name": "Hook"})
	_, err := w.Records.Act(w.Context(), w.actor("ann"), "part", made.ID, "share", record.ActInput{Args: to("wes", "team")})
	must(t, err)
	_, err = w.Records.Update(w.Context(), w.actor("wes"), "part", made.ID, 2, record.Input{Values: map[string]any{"holder": "wes"}})
	if issues := faultsOf(err); len(issues) != 1 || issues[0].Path != "/values/holder" || issues[0].Code != "field.readOnly" {
		t.Errorf("a guest took it over: %v", err)
	}
	w.annAway(20260401, 20260403, "abe")
	w.clock("2026-04-01 09:00")
	_, err = w.Records.Update(w.Context(), w.actor("abe"), "part", made.ID, 2, record.Input{Values: map[string]any{"holder": "abe"}})
	if issues := faultsOf(err); len(issues) != 1 || issues[0].Code != "field.readOnly" {
		t.Errorf("a deputy took it over: %v", err)
	}
	must(t, func() error {
		_, err := w.Records.Update(w.Context(), w.actor("abe"), "part", made.ID, 2, record.Input{Values: map[string]any{"name": "Big hook"}})
		return err
	}())

	id := w.held("ann", "A")
	w.did("ann", id, "share", to("wes", "team"), "")
	due := w.leaves(id)
	for _, who := range []value.ID{"wes", "abe", "ann"} {
		must(t, w.try(who, id, map[string]any{"tier": "C"}))
		if got := w.leaves(id); got != due {
			t.Errorf("%s moved the deadline from %s to %s", who, due, got)
		}
		must(t, w.try(who, id, map[string]any{"tier": "A"}))
	}
	must(t, w.try("boss", id, map[string]any{"tier": "C"}))
	if w.leaves(id) == due {
		t.Error("the boss did not move it")
	}
	w.clean()
}

// An absence begins with its first day in the tenant's zone and ends with its last, also where such a day has 23 or
// 25 hours.
func TestADeputyStandsInForTheDaysOfAnAbsence(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	for _, c := range []struct {
		from, to int64
		at       string
		stands   bool
	}{
		{20260328, 20260329, "2026-03-27T22:59:59.9Z", false}, {20260328, 20260329, "2026-03-27T23:00:00Z", true},
		{20260328, 20260329, "2026-03-29T21:59:59.9Z", true}, {20260328, 20260329, "2026-03-29T22:00:00Z", false}, // of 23 hours
		{20261025, 20261025, "2026-10-24T21:59:59.9Z", false}, {20261025, 20261025, "2026-10-24T22:00:00Z", true},
		{20261025, 20261025, "2026-10-25T22:59:59.9Z", true}, {20261025, 20261025, "2026-10-25T23:00:00Z", false}, // of 25
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		must(t, err)
		w := newDepotIn(t, berlin, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), poolFiles("", ""))
		id := w.held("ann", "A")
		w.annAway(c.from, c.to, "wes")
		w.now = at
		if got := w.sees("wes", id); got != c.stands {
			t.Errorf("at %s wes stands in: %v", c.at, got)
		}
		if !c.stands {
			continue
		}
		view, err := w.Records.Get(w.Context(), w.actor("wes"), "asset", id)
		must(t, err)
		if view.Shared == nil || view.Shared.For == nil || view.Shared.For.ID != "ann" || !view.Rights.Update || view.Rights.Delete {
			t.Errorf("%+v %+v", view.Shared, view.Rights)
		}
		must(t, w.try("wes", id, map[string]any{"note": "called back"}))
		if err := w.act("wes", id, "return", nil, "gone"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a deputy gave it away: %v", err)
		}
	}
}

// A list of one's own, what is shared and what one works on examines at most three times what it returns, whether
// there is little of it, some, or nearly everything, in each order, also where many shares have just ended.
func TestAListOfOnesOwnAndWhatIsSharedExaminesWhatItReturns(t *testing.T) {
	w := sharing(t, "")
	form := w.Catalog().Forms["asset"]
	now := w.now.UnixMilli()
	const records = 2_000
	var batch []*value.Record
	for n := range records {
		spread := (n * 7919) % records
		r := &value.Record{
			ID: value.ID(fmt.Sprintf("r%06d", n)), Form: "asset", Version: 1, CreatedAt: w.now, UpdatedAt: w.now.Add(time.Duration(spread) * time.Second),
			Values: value.Doc{"name": fmt.Sprintf("asset %06d", (spread*31)%records), "holder": "k199", "startedAt": int64((spread * 17) % records)},
		}
		give := func(own, read, team bool, to string) {
			var shares []value.Share
			if own {
				r.Values["holder"] = strings.TrimPrefix(to, "user:")
			}
			if read {
				shares = append(shares, value.Share{With: to, How: value.ShareRead, Until: now + 3_600_000})
			}
			if team {
				shares = append(shares, value.Share{With: to, How: value.ShareTeam})
			}
			r.Values.PutShares(append(r.Values.Shares(), shares...))
		}
		give(n%100 == 0, n%100 == 1, n%100 == 2, "user:ann") // 3 of 100
		give(n%100 > 90, n%20 == 3, n%20 == 4, "user:abe")   // nearly 20
		give(n%100 == 50, n%3 == 0, n%3 != 0, "user:wes")    // all
		give(false, n%2 == 0, false, "unit:office")          // half, of rea
		give(n%100 > 50 && n%100 <= 90, false, false, "user:k198")
		form.Derive(r, w.zone, w.people)
		batch = append(batch, r)
	}
	for part := range slices.Chunk(batch, 500) {
		must(t, w.store.Tx(t.Context(), func(tx store.Tx) error {
			for _, r := range part {
				if err := tx.Put(t.Context(), r, 0); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, who := range []value.ID{"ann", "abe", "wes", "rea"} {
		for _, sort := range []string{"", "name", "-startedAt"} {
			for _, with := range []string{"", "me"} {
				after := ""
				for range 2 {
					page, err := w.Records.List(t.Context(), w.actor(who), record.ListRequest{Form: "asset", Sort: sort, Limit: 20, With: with, After: after})
					must(t, err)
					after = page.Next
					if got := int64(len(page.Records)); got != 20 || page.Incomplete || page.Work.Records > 3*got || page.Work.Entries > 3*got {
						t.Errorf("%s with %q by %q: %d records, incomplete %v, examined %+v", who, with, sort, got, page.Incomplete, page.Work)
					}
				}
			}
		}
	}
}

// issuesOf are the issues of a fault.
func faultsOf(err error) fault.Issues {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil
	}
	return f.Issues
}
