package engine_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/notify"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Four zones work on the same targets: each has its pool, its people and a record of its own for each of them.

var fourZones = []string{"north", "south", "east", "west"}

// newZones is a depot whose four pools know groups: what is called "won" wins, and the stage is shown to the others.
func newZones(t *testing.T, more string) *world {
	t.Helper()
	return newDepot(t, zoneFiles("", more))
}

// zoneFiles are the files of that depot; group is what the pools say of groups beside, more what else.
func zoneFiles(group, more string) map[string]string {
	form := strings.Replace(asset, `"x-label": {"en": "Name"},`, `"x-label": {"en": "Name"}, "x-group": "shared",`, 1)
	form = strings.Replace(form, `"x-label": {"en": "Phone"},`, `"x-label": {"en": "Phone"}, "x-group": "shared",`, 1)
	form = strings.Replace(form, `"x-holders"`, `"x-duplicates": [{"key": "phone", "label": {"en": "Phone"}, "fields": ["phone"], "then": "block"}], "x-holders"`, 1)
	form = strings.Replace(form, `"note":`, `"stage": {"x-field": "select", "x-label": {"en": "Stage"}, "x-options": [{"value": "new", "label": {"en": "New"}},
		{"value": "talks", "label": {"en": "Talks"}}, {"value": "won", "label": {"en": "Won"}}]},
		"loud": {"x-field": "formula", "x-label": {"en": "Loud"}, "x-result": "text", "x-compute": "upper(name)"}, "note":`, 1)
	files := map[string]string{"forms/asset/form.json": form}
	for n, zone := range fourZones {
		fallback := strconv.FormatBool(n == 0)
		files["pools/"+zone+".json"] = `{"key": "` + zone + `", "form": "asset", "label": {"en": "Zone ` + zone + `"}, "fallback": ` + fallback + `, "rights": {"view": ["role:keeper"],
			"claim": ["role:keeper"], "assign": ["role:boss"], "transfer": ["role:boss"], "manage": ["role:boss"]},
			"hold": {"max": 60}, "reclaim": [{"id": "idle", "clock": "assignedAt", "days": "30"}],
			"group": {"wins": "stage == \"won\"", "stage": "stage"` + group + `}` + more + `}`
	}
	return files
}

// spread makes a target of the four pools, and gives each of its records to somebody: k000 has the first zone's, k001
// the next, and so on.
func (w *world) spread(name, phone string) map[string]value.ID {
	w.Helper()
	id := w.make("boss", "asset", map[string]any{"name": name, "phone": phone, "stage": "new"}).ID
	for _, zone := range fourZones[1:] {
		w.did("boss", id, "spread", map[string]any{"pool": zone}, "everybody knows somebody there")
	}
	out := map[string]value.ID{}
	for _, r := range w.ofGroup(id) {
		out[r.Values.Text(value.SysPool)] = r.ID
	}
	for n, zone := range fourZones {
		w.did("boss", out[zone], "assign", map[string]any{"to": "k" + pad(n)}, "")
	}
	return out
}

// ofGroup are the records of a record's group as they rest, it included.
func (w *world) ofGroup(id value.ID) []*value.Record {
	w.Helper()
	group := w.raw(id).Values.Text(value.SysGroup)
	var out []*value.Record
	must(w.TB, w.store.Each(w.Context(), "asset", "", func(r *value.Record) error {
		if group != "" && r.Values.Text(value.SysGroup) == group {
			out = append(out, r.Clone())
		}
		return nil
	}))
	return out
}

func (w *world) convert(who, id value.ID) error {
	r := w.raw(id)
	_, err := w.Records.Update(w.Context(), w.actor(who), "asset", id, r.Version, record.Input{Values: map[string]any{"stage": "won"}})
	return err
}

// TestFourZonesConvertFiftyTargetsAtOnce: one wins each, the three owners are told once, and all four histories stay
// readable.
func TestFourZonesConvertFiftyTargetsAtOnce(t *testing.T) {
	w := newZones(t, "")
	targets := make([]map[string]value.ID, 50)
	for n := range targets {
		targets[n] = w.spread("Target "+pad(n), "138"+pad(n)+"45678")
	}
	faults := make([][]error, len(targets))
	var all sync.WaitGroup
	start := make(chan struct{})
	for n, target := range targets {
		faults[n] = make([]error, len(fourZones))
		for z, zone := range fourZones {
			version := w.raw(target[zone]).Version
			all.Go(func() {
				<-start
				_, faults[n][z] = w.Records.Update(t.Context(), w.actor("k"+value.ID(pad(z))), "asset", target[zone], version,
					record.Input{Values: map[string]any{"stage": "won"}})
			})
		}
	}
	close(start)
	all.Wait()
	lost := map[value.ID]int{}
	for n, target := range targets {
		winner := ""
		for z, zone := range fourZones {
			switch err := faults[n][z]; {
			case err == nil && winner == "":
				winner = zone
			case err == nil:
				t.Errorf("target %d: %s has won, and %s too", n, winner, zone)
			}
		}
		for z, zone := range fourZones {
			who := "k" + value.ID(pad(z))
			if zone != winner {
				lost[who]++
				named := &fault.Error{}
				if err := faults[n][z]; !errors.As(err, &named) || named.Code != "group.won" || named.Kind != fault.Conflict {
					t.Errorf("target %d: %s hears %v", n, zone, err)
				} else if label, _ := named.Args["pool"].(meta.Label); label["en"] != "Zone "+winner {
					t.Errorf("target %d: %s hears of %v, and %s has won", n, zone, label, winner)
				}
			}
			w.holdsOf(target[zone], target[winner], zone == winner)
			w.readable(who, target[zone], zone != winner)
		}
	}
	must(t, w.Inform(t.Context()))
	must(t, w.Inform(t.Context()))
	for n := range fourZones {
		who := "k" + value.ID(pad(n))
		about := map[value.ID]int{}
		for _, notice := range w.notices(who) {
			if notice.Kind != notify.GroupWon {
				continue
			}
			for _, one := range notice.Records {
				about[one.ID]++
			}
			if notice.Count > len(notice.Records) { // the first of many are listed
				about[""] += notice.Count - len(notice.Records)
			}
		}
		sum := 0
		for id, times := range about {
			if sum += times; id != "" && times != 1 {
				t.Errorf("%s is told %d times of %s", who, times, id)
			}
		}
		if sum != lost[who] {
			t.Errorf("%s has lost %d and is told of %d", who, lost[who], sum)
		}
	}
	w.clean()
}

// holdsOf holds a record of a group that was won against what it must be.
func (w *world) holdsOf(id, winner value.ID, won bool) {
	w.Helper()
	v := w.raw(id).Values
	if won && (v.At(value.SysGroupWonAt) == 0 || v.Text(value.SysPool) == "" || v.Text(value.SysClosedBy) != "" || v["stage"] != "won") {
		w.Errorf("the winner holds %v", v)
	}
	if !won && (v.At(value.SysGroupWonAt) != 0 || v.Text(value.SysPool) != "" || v.Text(value.SysClosedBy) != string(winner) ||
		v.At(value.SysReclaimAt) != 0 || v["stage"] == "won") {
		w.Errorf("one that is closed holds %v", v)
	}
}

// readable holds that somebody reads a record of theirs with its whole history, and what it says of its siblings.
func (w *world) readable(who, id value.ID, shut bool) {
	w.Helper()
	view, err := w.Records.Get(w.Context(), w.actor(who), "asset", id)
	must(w.TB, err)
	if view.Closed != shut || view.Won == shut || len(view.Siblings) != 3 || (view.Pool == nil) != shut {
		w.Errorf("%s reads %+v", who, view)
	}
	page, err := w.Records.History(w.Context(), w.actor(who), "asset", id, "", 0)
	must(w.TB, err)
	first, last := page.Entries[len(page.Entries)-1], page.Entries[0]
	if first.Op != "recordCreated" || int64(len(page.Entries)) != view.Version || shut != (last.Action == "closed") {
		w.Errorf("%s reads the history %+v", who, page.Entries)
	}
}

// notices are those of somebody, the newest first.
func (w *world) notices(who value.ID) []engine.Notice {
	w.Helper()
	page, _, err := w.Notices(w.Context(), w.actor(who), false, "", 200)
	must(w.TB, err)
	return page
}

func TestWhatIsSharedIsTheSameInAllRecordsOfAGroup(t *testing.T) {
	w := newZones(t, "")
	target := w.spread("Crane", "13800000001")
	must(t, w.try("k001", target["south"], map[string]any{"name": "Crane works", "note": "mine"}))
	for zone, id := range target {
		v := w.raw(id).Values
		if v["name"] != "Crane works" || v["loud"] != "CRANE WORKS" || (v["note"] != nil) != (zone == "south") {
			t.Errorf("%s holds %v", zone, v)
		}
	}
	// Siblings are no duplicates of each other; anybody else is.
	if _, err := w.Records.Create(t.Context(), w.actor("boss"), "asset", record.Input{Values: map[string]any{"name": "Crane again", "phone": "13800000001"}}); fault.CodeOf(err) != "record.invalid" || !strings.Contains(err.Error(), "duplicate.held") {
		t.Errorf("another with that phone: %v", err)
	}
	must(t, w.try("k002", target["east"], map[string]any{"phone": "13800000002", "stage": "talks"}))
	view, err := w.Records.Get(t.Context(), w.actor("k000"), "asset", target["north"])
	must(t, err)
	told := map[string]any{}
	for _, one := range view.Siblings {
		told[one.Pool] = one.Stage
	}
	if len(told) != 3 || told["east"] != "talks" || told["south"] != nil {
		t.Errorf("the others are %v", told)
	}
	w.refused("group.inPool", "boss", target["north"], "spread", map[string]any{"pool": "west"}, "")
	w.refused("group.inPool", "boss", target["north"], "spread", map[string]any{"pool": "north"}, "")
	w.refused("action.mayNot", "k000", target["north"], "spread", map[string]any{"pool": "west"}, "")
	w.clean()
}

// What the others wrote is told where their pool opens it: the last three, as far as the reader sees the titles of such
// follow-ups, and to nobody who reads none.
func TestWhatTheOthersWroteIsToldWhereTheirPoolOpensIt(t *testing.T) {
	const all, open = `{"scope": "all"}`, `, "content": true`
	lastThree := []string{"2026-03-31 fourth", "2026-03-30 third", "2026-03-29 second"}
	for name, c := range map[string]struct {
		group, checks string // what the pools say, and the rights over follow-ups of who asks
		want          []string
		beside        string // what another role of theirs says of follow-ups; "": they have one
	}{
		"it is not opened":                           {"", `"read": ` + all, nil, ""},
		"it is opened":                               {open, `"read": ` + all, lastThree, ""},
		"to who reads their own":                     {open, `"read": {"scope": "own"}`, lastThree, ""},
		"to who sees no titles":                      {open, `"read": ` + all + `, "fields": {"content": "hidden"}`, nil, ""},
		"to who sees masked ones":                    {open, `"read": ` + all + `, "fields": {"content": "masked"}`, nil, ""},
		"to who reads none of any":                   {open, `"create": true`, nil, ""},
		"to who sees none by another role":           {open, `"read": {"scope": "own"}`, lastThree, `"read": {"scope": "own"}, "fields": {"content": "hidden"}`},
		"to who sees none by either role":            {open, `"read": {"scope": "own"}, "fields": {"content": "masked"}`, nil, `"read": ` + all + `, "fields": {"content": "hidden"}`},
		"to who sees some by a role that reads none": {open, `"create": true`, nil, `"read": {"scope": "own"}, "fields": {"content": "hidden"}`},
	} {
		t.Run(name, func(t *testing.T) {
			files := zoneFiles(c.group, `, "activity": {"form": "check", "via": "asset", "at": "at"}`)
			files["forms/check/form.json"] = strings.Replace(check, `"x-title": "content", "properties": {`, `"x-title": "content", "x-holders": {"owner": "by"}, "properties": {
				"by": {"x-field": "member", "x-label": {"en": "By"}, "x-default": "actor.id"},`, 1)
			files["roles/keeper.json"] = `{"key": "keeper", "label": {"en": "x"}, "forms": {
				"asset": {"read": {"scope": "own"}, "update": {"scope": "own"}}, "check": {` + c.checks + `}}}`
			reader, roles := value.ID("k000"), []string{"keeper"}
			if c.beside != "" {
				files["roles/second.json"] = `{"key": "second", "label": {"en": "x"}, "forms": {"check": {` + c.beside + `}}}`
				reader, roles = "dual", append(roles, "second")
			}
			w := newDepot(t, files)
			target := w.spread("Crane", "13800000001")
			if c.beside != "" {
				w.hire(org.User{ID: "dual", Username: "dual", Name: "Dual", Roles: roles, Active: true, Locale: "en"})
				w.did("boss", target["north"], "assign", map[string]any{"to": "dual"}, "")
			}
			for n, text := range []string{"first", "second", "third", "fourth"} {
				at := w.now.Add(-day(3 - n)).Format(time.RFC3339)
				w.make("boss", "check", map[string]any{"asset": string(target["south"]), "content": text, "at": at})
			}
			view, err := w.Records.Get(t.Context(), w.actor(reader), "asset", target["north"])
			must(t, err)
			for _, one := range view.Siblings {
				var got []string
				for _, said := range one.Said {
					got = append(got, said.On+" "+said.Text)
				}
				if want := c.want; one.Pool == "south" && !slices.Equal(got, want) || one.Pool != "south" && got != nil {
					t.Errorf("of %s is told %q, want %q", one.Pool, got, want)
				}
			}
		})
	}
}

// How far the others are is told to whoever sees that on the record they read, though they do not reach the others.
func TestHowFarSiblingsAreIsToldToWhoSeesItOnTheirOwn(t *testing.T) {
	files := zoneFiles("", "")
	files["roles/blind.json"] = `{"key": "blind", "label": {"en": "x"}, "forms": {"asset": {"read": {"scope": "own"}, "fields": {"stage": "hidden"}}}}`
	w := newDepot(t, files)
	w.hire(org.User{ID: "dual", Username: "dual", Name: "Dual", Roles: []string{"keeper", "blind"}, Active: true, Locale: "en"})
	target := w.spread("Crane", "13800000001")
	must(t, w.try("boss", target["south"], map[string]any{"stage": "talks"}))
	w.did("boss", target["north"], "assign", map[string]any{"to": "dual"}, "")
	view, err := w.Records.Get(t.Context(), w.actor("dual"), "asset", target["north"])
	must(t, err)
	at := slices.IndexFunc(view.Siblings, func(one record.Sibling) bool { return one.Pool == "south" })
	if at < 0 || view.Siblings[at].Stage != "talks" {
		t.Errorf("%+v", view.Siblings)
	}
}

func TestWhoHasWonIsReversedByAManagerWithinItsDays(t *testing.T) {
	w := newZones(t, "")
	target := w.spread("Crane", "13800000001")
	w.refused("action.mayNot", "boss", target["east"], "reverse", nil, "nobody has won")
	must(t, w.convert("k000", target["north"]))
	w.refused("action.mayNot", "k001", target["south"], "reverse", nil, "it was mine")
	w.refused("action.args", "boss", target["south"], "reverse", nil, "")
	w.refused("action.mayNot", "boss", target["north"], "reverse", nil, "of the winner's own")
	if err := w.convert("k001", target["south"]); fault.CodeOf(err) != "group.won" {
		t.Errorf("a second conversion: %v", err)
	}
	w.pass(day(7)) // seven full days end with the seventh after today
	w.did("boss", target["south"], "reverse", nil, "the order was cancelled")
	for zone, id := range target {
		v := w.raw(id).Values
		if v.Text(value.SysPool) != zone || v.Text(value.SysClosedBy) != "" || v.At(value.SysGroupWonAt) != 0 {
			t.Errorf("%s holds %v", zone, v)
		}
		// Nobody loses what has come back without notice.
		if at := time.UnixMilli(v.At(value.SysReclaimAt)); zone != "north" && at.Before(w.now.Add(day(3))) {
			t.Errorf("%s leaves at %v", zone, at)
		}
	}
	must(t, w.try("k000", target["north"], map[string]any{"note": "still called won, and that wins nothing again"}))
	must(t, w.convert("k001", target["south"]))
	w.holdsOf(target["west"], target["south"], false)
	if by := w.raw(target["north"]).Values.Text(value.SysClosedBy); by != string(target["south"]) {
		t.Errorf("whoever had won before is closed by %q", by)
	}
	w.pass(day(8))
	w.refused("group.reverseLate", "boss", target["east"], "reverse", nil, "too late")
	w.clean()
}

// What is closed counts for no limit, is in no pool for anybody to claim, and comes back from the bin closed.
func TestWhatAnotherHasWonLeavesPoolsCapsAndClocks(t *testing.T) {
	w := newZones(t, `, "claim": {"perDay": 5}`)
	target := w.spread("Crane", "13800000001")
	w.did("k002", target["east"], "return", nil, "no time")
	must(t, w.Records.Delete(t.Context(), w.actor("boss"), "asset", target["west"], w.raw(target["west"]).Version, ""))
	must(t, w.convert("k000", target["north"]))
	w.refused("record.notFound", "k004", target["east"], "claim", nil, "")
	if _, err := w.Records.Restore(t.Context(), w.actor("boss"), "asset", target["west"], nil); err != nil {
		t.Fatal(err)
	}
	w.holdsOf(target["west"], target["north"], false)
	left, err := w.Pools(t.Context(), w.actor("k001"), "asset")
	must(t, err)
	for _, pool := range left {
		if pool.Held != 0 {
			t.Errorf("what is closed counts: %+v", pool)
		}
	}
	w.clean()
}

// Statistics count a target once over all pools, and once in each: also in those that another has closed.
func TestStatisticsCountATargetOnceForTheCompanyAndOnceForEachZone(t *testing.T) {
	w := newZones(t, "")
	targets := []map[string]value.ID{w.spread("One", "13800000001"), w.spread("Two", "13800000002"), w.spread("Three", "13800000003")}
	w.make("boss", "asset", map[string]any{"name": "Alone"})
	count := func(filter string) (n any) {
		t.Helper()
		got, err := w.Records.Aggregate(t.Context(), w.actor("boss"), record.AggregateRequest{Form: "asset", Filter: filter, Metrics: []record.MetricBy{{Op: "count"}}})
		must(t, err)
		return got[0].Metrics[0]
	}
	holds := func(when string, company, won int64) {
		t.Helper()
		if a, b := count(`targetBeside != true`), count(`targetBeside != true and stage == "won"`); a != company || b != won {
			t.Errorf("%s: %v targets, %v of them won, want %d and %d", when, a, b, company, won)
		}
		w.clean()
	}
	each := func(when string) {
		t.Helper()
		for n, zone := range fourZones {
			want := int64(3)
			if n == 0 {
				want++ // the one alone is in the fallback
			}
			if got := count(`pool == "` + zone + `" or targetClosedIn == "` + zone + `"`); got != want {
				t.Errorf("%s: %s has worked on %v", when, zone, got)
			}
		}
	}
	holds("at first", 4, 0)
	each("at first")
	must(t, w.convert("k002", targets[0]["east"])) // not the one that counted until then
	holds("one is won", 4, 1)
	each("one is won")
	bin := func(id value.ID) {
		must(t, w.Records.Delete(t.Context(), w.actor("boss"), "asset", id, w.raw(id).Version, ""))
	}
	bin(targets[1]["north"])
	holds("the one that counts is in the bin", 4, 1)
	_, err := w.Records.Restore(t.Context(), w.actor("boss"), "asset", targets[1]["north"], nil)
	must(t, err)
	holds("it is back", 4, 1)
	for _, zone := range fourZones {
		bin(targets[2][zone])
	}
	holds("all of one are in the bin", 3, 1)
}
