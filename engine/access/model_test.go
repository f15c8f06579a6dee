package access_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidewater/engine/access"
	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// trials is how many records are judged: 50,000 take about two seconds, so that every run has them; make soak
// asks for more by ACCESS_TRIALS, and ACCESS_SEED repeats a run.
func trials(t *testing.T) (count int, seed uint64) {
	count, seed = 50_000, rand.Uint64()
	if text := os.Getenv("ACCESS_TRIALS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatal("ACCESS_TRIALS:", text)
		}
		count = n
	}
	if text := os.Getenv("ACCESS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	return count, seed
}

// tally counts how often each case came up.
type tally map[string]int

func (c tally) hit(parts ...any) { c[strings.TrimSuffix(fmt.Sprintln(parts...), "\n")]++ }

// Random organisations in the middle of reorganising, roles, pools and tokens: what the engine decides is what
// the oracle says, of each verb on each record, of each field, and of each question about it.
func TestDecisionsAgreeWithTheOracle(t *testing.T) {
	count, seed := trials(t)
	t.Logf("%d trials of seed %d", count, seed)
	d := dice{rand.New(rand.NewPCG(seed, 0))}
	seen := tally{}
	denied, partly := 0, 0
	for n := 0; n < count; {
		m := newModel(t, d)
		for range 6 {
			w, decision := m.holder(t)
			for range 5 {
				n++
				h, r := m.record(w.user)
				if said := m.differs(w, decision, h, r, seen); said != "" {
					t.Fatalf("seed %d, trial %d: %s\nwho %+v\nrecord %+v\npools %+v\nfacts %+v", seed, n, said, w, h, m.ponds, m.facts)
				}
				switch {
				case !m.may(w, meta.Read, h, m.ponds):
					denied++
				case m.sight(w, h, m.ponds) != access.Whole:
					partly++
				}
			}
		}
	}
	report(t, seen, count)
	if seen := count - denied; denied*5 < count || partly*5 < seen {
		t.Errorf("%d of %d denied, %d of the others partly visible: each should be a fifth at the least", denied, count, partly)
	}
	t.Logf("%d%% denied, of the others %d%% partly visible", denied*100/count, partly*100/(count-denied))
}

// report prints how often each cell was hit and holds that none is rare.
func report(t *testing.T, seen tally, count int) {
	lines := make([]string, 0, len(seen))
	for cell, n := range seen {
		lines = append(lines, fmt.Sprintf("%-40s %5.1f %%", cell, float64(n)*100/float64(count)))
		if n*100 < count {
			t.Errorf("%q was hit %d times in %d: less than one in a hundred", cell, n, count)
		}
	}
	slices.Sort(lines)
	t.Logf("cells, in %% of all trials:\n%s", strings.Join(lines, "\n"))
	const cells = 84 // as many as there were when last counted; a kind of case that is drawn no more is missed here
	if len(seen) < cells {
		t.Errorf("%d cells of %d came up", len(seen), cells)
	}
}

func (m *model) differs(w holder, d *access.Decision, h holding, r *value.Record, seen tally) string {
	for _, verb := range verbs {
		want := m.may(w, verb, h, m.ponds)
		if d.Reaches(verb, r) != want {
			return fmt.Sprintf("%s: oracle %v", verb, want)
		}
		if want && !d.May(verb) {
			return fmt.Sprintf("%s reaches a record but nothing", verb)
		}
		within, err := d.Restrict(verb, nil, none)
		if err != nil || query.Match(within.Filter, r) != want {
			return fmt.Sprintf("a list of what may be %s: %v, oracle %v", verb, err, want)
		}
		seen.hit(verb, map[bool]string{true: "allowed", false: "refused"}[want])
		for _, role := range w.roles[:min(1, len(w.roles))] {
			seen.hit(verb, "scope", role.grants[verb])
		}
	}
	m.count(w, h, seen)
	if said := m.helped(w, d, h, r); said != "" {
		return said
	}
	if want := w.allows(meta.Update) && slices.ContainsFunc(w.roles, func(r role) bool { return r.create }); d.MayCreate() != want {
		return fmt.Sprintf("create: oracle %v", want)
	}
	fills := slices.ContainsFunc(w.roles, func(r role) bool { return r.create && r.limit == "" })
	if d.MayCreate() && d.MayWrite("secret", nil) != fills {
		return fmt.Sprintf("set at creation: oracle %v", fills)
	}
	if want := w.allows(meta.Update); d.MayAct() != want {
		return fmt.Sprintf("act: oracle %v", want)
	}
	if !m.may(w, meta.Read, h, m.ponds) {
		return ""
	}
	sight := m.sight(w, h, m.ponds)
	seen.hit("sight", []string{"whole", "masked", "hidden"}[sight])
	if got := d.Sees("secret", r); got != sight {
		return fmt.Sprintf("sight: got %v, oracle %v", got, sight)
	}
	if d.SeesNowhere("secret") && sight != access.Hidden || d.SeesEverywhere("secret") && sight != access.Whole {
		return fmt.Sprintf("seen nowhere or everywhere, oracle %v", sight)
	}
	if got, want := d.MayWrite("secret", r) && d.Reaches(meta.Update, r), m.writes(w, h, m.ponds); got != want {
		return fmt.Sprintf("write: got %v, oracle %v", got, want)
	}
	if !d.MayWriteSome("secret") && m.writes(w, h, m.ponds) {
		return "may be written, yet nowhere"
	}
	if said := m.order(w, d, seen); said != "" {
		return said
	}
	return m.question(d, r, sight, seen)
}

// count says how a record was come by.
func (m *model) count(w holder, h holding, seen tally) {
	led := func(from, to int) bool {
		return slices.ContainsFunc(m.above[h.unit], func(u value.ID) bool {
			return slices.Contains(m.leads[u][min(from, len(m.leads[u])):min(to, len(m.leads[u]))], w.user)
		})
	}
	for _, r := range w.roles[:min(1, len(w.roles))] {
		if scope := r.grants[meta.Read]; m.reached(w.user, scope, h, false) && w.allows(meta.Read) {
			seen.hit("read through", scope)
		}
	}
	for _, s := range h.shares {
		ends := map[bool]string{true: "without an end", false: "over by now"}[s.until == 0]
		if s.until > m.now {
			ends = "still"
		}
		switch {
		case s.user == w.user:
			seen.hit("shared with one", s.how, ends)
		case s.unit != "" && m.facts.lets(w.user, holding{shares: []shared{{unit: s.unit}}}, ""):
			seen.hit("shared with a unit of theirs", s.how)
		}
	}
	for name, is := range map[string]bool{
		"stands in":                      h.owner != "" && slices.Contains(m.standsIn[w.user], h.owner),
		"read as a deputy only":          !m.granted(w, meta.Read, h, false) && m.granted(w, meta.Read, h, true),
		"changed as a deputy only":       !m.granted(w, meta.Update, h, false) && m.granted(w, meta.Update, h, true),
		"read as a guest only":           !m.granted(w, meta.Read, h, true) && m.guest(w, h),
		"changed as a guest only":        !m.granted(w, meta.Update, h, true) && m.changesAsGuest(w, h),
		"shared with who reads nothing":  !w.reads() && m.lets(w.user, h, value.ShareRead, value.ShareWrite, value.ShareTeam),
		"shared in a pool that masks it": m.guest(w, h) && slices.ContainsFunc(m.ponds, func(p pond) bool { return p.key == h.pool && p.masks }),
		"has it with the owner":          h.owner != w.user && slices.Contains(h.with, w.user),
		"read with the owner only": m.granted(w, meta.Read, h, false) &&
			!m.granted(w, meta.Read, holding{owner: h.owner, unit: h.unit, zone: h.zone, open: h.open}, false),
		"owner": h.owner == w.user, "manager": led(0, 1), "deputy": led(1, 9), "home unit": h.unit != "" && h.unit == m.home[w.user],
		"zone": h.zone != "" && slices.Contains(m.zones[w.user], h.zone), "shown by a pool": m.shown(w, h, m.ponds),
		"in a pool out of sight": h.pooled() && !m.shown(w, h, m.ponds), "moving owner": m.moving[h.owner],
		"unit that moves": len(m.is.Moving().Units) > 0, "token": w.token != nil, "no roles": len(w.roles) == 0, "several roles": len(w.roles) > 1,
	} {
		if is {
			seen.hit("path", name)
		}
	}
}

// helped holds who passes a record on, who changes it for others, and what is shared.
func (m *model) helped(w holder, d *access.Decision, h holding, r *value.Record) string {
	own := m.passesOn(w, h)
	if got := d.MayShare(r); got != own {
		return fmt.Sprintf("passes on: got %v, oracle %v", got, own)
	}
	if got, want := d.MayTakeBack(r), m.takesBack(w, h); got != want {
		return fmt.Sprintf("takes back: got %v, oracle %v", got, want)
	}
	if got, want := d.Helps(r), m.may(w, meta.Update, h, m.ponds) && !own; got != want {
		return fmt.Sprintf("helps: got %v, oracle %v", got, want)
	}
	if got, want := query.Match(d.Guest(), r), m.guest(w, h) && w.allows(meta.Read); got != want {
		return fmt.Sprintf("shared with them: got %v, oracle %v", got, want)
	}
	return ""
}

// order holds sorting, grouping and ranges.
func (m *model) order(w holder, d *access.Decision, seen tally) string {
	want := m.ordered(w, m.ponds)
	seen.hit("sort", want)
	for _, path := range []query.Path{query.At("secret"), query.At("~sort:secret"), query.At("~day:secret")} {
		if err := d.SortReadable(path); (err == nil) != want {
			return fmt.Sprintf("%s: %v, oracle %v", path.Field, err, want)
		}
	}
	for _, op := range []query.Op{query.Lt, query.Lte, query.Gt, query.Gte} {
		_, err := d.Restrict(meta.Read, query.And{query.Where("secret", op, "a")}, none)
		if (err == nil) != want {
			return fmt.Sprintf("%s: %v, oracle %v", op, err, want)
		}
		if code := fault.CodeOf(err); err != nil && (code == "field.notReadable") == d.SeesNowhere("secret") {
			return "a range over the field was refused as " + code
		}
	}
	return ""
}

func none(value.FieldKey) bool { return false }

// question holds that a question about the field answers as if it were absent unless the actor sees it whole on
// this record, but for equality with a complete value past a mask.
func (m *model) question(d *access.Decision, r *value.Record, sight access.Sight, seen tally) string {
	open := query.Where("open", query.Eq, true)
	one := pick(m.dice, []struct {
		asked query.Filter
		equal value.Value // what it asks equality with, if it does
	}{
		{query.Where("secret", query.Eq, "s3"), "s3"}, {query.Or{query.Where("secret", query.Eq, "s3"), open}, "s3"},
		{query.And{query.Where("secret", query.Eq, "other"), open}, "other"}, {query.Not{Of: query.Where("secret", query.Eq, "s3")}, "s3"},
		{query.Where("secret", query.Ne, "s3"), nil}, {query.Where("secret", query.Contains, "s"), nil},
		{query.Where("secret", query.Empty, nil), nil}, {query.Where("secret", query.NotEmpty, nil), nil},
		{query.Where("~sort:secret", query.NotEmpty, nil), nil}, {query.Not{Of: query.Where("secret", query.Contains, "s")}, nil},
		{query.Rows{Quantifier: query.Any, Table: "lines", Where: query.Where("of", query.Eq, "s3")}, nil},
		{query.Rows{Quantifier: query.None, Table: "lines", Where: query.Where("of", query.Eq, "s3")}, nil}, {nil, nil},
	}...)
	asked := one.asked
	lookup := m.chance(60)
	got, err := d.Restrict(meta.Read, asked, func(value.FieldKey) bool { return lookup })
	if err != nil {
		return err.Error()
	}
	blind := r.Clone()
	if past := one.equal != nil && lookup && sight == access.Masked; sight != access.Whole && !past {
		delete(blind.Values, "secret")
		delete(blind.Values, "lines")
	} else if past {
		seen.hit("question past a mask")
		if len(got.Lookups) != 1 || got.Lookups[0].Value != one.equal {
			return fmt.Sprintf("past a mask unnoticed: %v", got.Lookups)
		}
	}
	if d.SeesNowhere("secret") && len(got.Lookups) > 0 {
		return "a field that does not exist was looked up"
	}
	seen.hit("question about what is", []string{"whole", "masked", "hidden"}[sight])
	if want := asked == nil || query.Match(asked, blind); query.Match(got.Filter, r) != want {
		return fmt.Sprintf("%v (looked up: %v): oracle %v (sight %v)", asked, lookup, want, sight)
	}
	return ""
}

// Where nobody may share the records of a form, those that were shared before are shared no longer.
func TestNothingIsSharedWhereNobodyMayShare(t *testing.T) {
	s := snapshot(t, []org.User{{ID: "u", Username: "u", Active: true}, {ID: "o", Username: "o", Active: true}}, nil)
	own := catalog.Grant{Scope: meta.ScopeOwn}
	c := access.Case{Actor: value.Actor{User: "u"}, People: s, Roles: []catalog.Rights{{Read: own, Update: own}}}
	r := &value.Record{ID: "r", Values: value.Doc{}, Principals: []string{org.UserPrincipal("o"), org.GuestPrincipal("user:u")}}
	r.Values.PutShares([]value.Share{{With: "user:u", How: value.ShareWrite}})
	for _, c.Shared = range []bool{true, false} {
		d := access.Decide(c)
		if d.Reaches(meta.Read, r) != c.Shared || d.Reaches(meta.Update, r) != c.Shared || query.Match(d.Guest(), r) != c.Shared {
			t.Errorf("shared: %v, and it is reached otherwise", c.Shared)
		}
		if d.SharedBy(r.Values.Shares()[0]) != c.Shared || d.SharedBy(value.Share{With: "user:o"}) {
			t.Errorf("shared: %v, and the share is told otherwise", c.Shared)
		}
	}
}

// Lists of people beside a record: who owns it, and who leads them.
func TestListsOfPeopleAgreeWithTheOracle(t *testing.T) {
	count, seed := trials(t)
	d := dice{rand.New(rand.NewPCG(seed, 1))}
	held := 0
	for range count / 10 {
		m := newModel(t, d)
		for range 10 {
			user, owner, list := pick(d, people...), pick(d, append(people, "")...), m.who()
			actor, _ := m.is.Actor(user)
			want := m.among(list, user, owner)
			if access.Among(list, actor, m.is, owner) != want {
				t.Fatalf("seed %d: %v beside %q holds %s: oracle %v", seed, list, owner, user, want)
			}
			if want {
				held++
			}
		}
	}
	if held*20 < count {
		t.Errorf("only %d of %d lists held somebody", held, count)
	}
}

// What belongs to no form: administration, what concerns the whole person, and changes beside any record.
func TestWhatBelongsToNoForm(t *testing.T) {
	for _, c := range []struct {
		name                         string
		actor                        value.Actor
		administer, unscoped, change bool
	}{
		{"somebody", value.Actor{User: "u"}, false, true, true},
		{"an administrator", value.Actor{User: "u", Admin: true}, true, true, true},
		{"an administrator's token to read", value.Actor{User: "u", Admin: true, Scopes: []string{"read"}}, false, false, false},
		{"an administrator's token", value.Actor{User: "u", Admin: true, Scopes: []string{"admin"}}, true, false, true},
		{"a token of one form's administration", value.Actor{User: "u", Admin: true, Scopes: []string{"admin:thing"}}, false, false, true},
		{"a token to administer of one who may not", value.Actor{User: "u", Scopes: []string{"admin"}}, false, false, true},
		{"a token to write one form", value.Actor{User: "u", Scopes: []string{"write:thing"}}, false, false, true},
		{"a token to export", value.Actor{User: "u", Scopes: []string{"export", "read:thing"}}, false, false, false},
		{"a token for nothing", value.Actor{User: "u", Scopes: []string{}}, false, false, false},
		{"the engine", value.SystemActor("reclaim"), true, true, true},
	} {
		for what, got := range map[string][2]bool{
			"administers":          {access.Administer(c.actor) == nil, c.administer},
			"is there in person":   {access.Unscoped(c.actor) == nil, c.unscoped},
			"changes what is free": {access.Change(c.actor) == nil, c.change},
		} {
			if got[0] != got[1] {
				t.Errorf("%s %s: %v", c.name, what, got[0])
			}
		}
	}
}

// The button of a script is for the roles that it names, and else for whoever may change what it is about.
func TestWhoPressesAButton(t *testing.T) {
	s := snapshot(t, nil, nil)
	reads, own := catalog.Rights{Read: catalog.Grant{Scope: meta.ScopeAll}}, catalog.Grant{Scope: meta.ScopeOwn}
	writes := catalog.Rights{Read: own, Update: own}
	keeper := value.Actor{User: "u", Roles: []string{"clerk", "keeper"}}
	token := value.Actor{User: "u", Roles: keeper.Roles, Scopes: []string{"read"}}
	for _, c := range []struct {
		name             string
		actor            value.Actor
		roles            []string
		rights           catalog.Rights
		onForm, onRecord bool // onRecord: of one that they may not change
	}{
		{"whoever changes some of the form", keeper, nil, writes, true, false},
		{"whoever only reads", keeper, nil, reads, false, false},
		{"of a role that it names", keeper, []string{"head", "keeper"}, reads, true, true},
		{"of none that it names", keeper, []string{"head"}, writes, false, false},
		{"a token that only reads", token, []string{"keeper"}, writes, false, true}, // MayAct holds that of a record
		{"the engine", value.SystemActor("sweep"), []string{"head"}, reads, true, true},
	} {
		d := access.Decide(access.Case{Actor: c.actor, People: s, Roles: []catalog.Rights{c.rights}}).Within(c.actor, "thing")
		if got := d.MayPressOnForm(c.actor, c.roles); got != c.onForm {
			t.Errorf("%s, on the form: %v", c.name, got)
		}
		if got := access.MayPress(c.actor, c.roles, false); got != c.onRecord {
			t.Errorf("%s, on a record: %v", c.name, got)
		}
	}
}

// The engine's own parts reach everything, whatever roles say, and no token narrows them.
func TestTheEngineReachesEverything(t *testing.T) {
	s := snapshot(t, nil, nil)
	actor := value.SystemActor("sweep")
	d := access.Decide(access.Case{Actor: actor, People: s, Shared: true}).Within(actor, "thing")
	r := &value.Record{ID: "r"}
	for _, verb := range verbs {
		if !d.Reaches(verb, r) {
			t.Error(verb)
		}
	}
	if !d.MayCreate() || !d.MayAct() || d.Sees("secret", r) != access.Whole || !d.MayWrite("secret", nil) {
		t.Error("the engine is kept from something")
	}
	if _, known := (&org.Snapshot{}).Actor("u"); known {
		t.Error("somebody of an organisation of nobody")
	}
}
