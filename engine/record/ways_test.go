package record_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Every way out tells each person of the drawn organisations what the words of the design say, no more and no
// less: reading, lists, counts, filters, search, sorting, groups, export, history, trials, glimpses, explanations of
// doubles, changes. WAYS asks for another number of organisations than 24, WAYS_SEED repeats a run.
func TestEveryWayOutAgreesWithTheOracle(t *testing.T) {
	number := func(name string, otherwise uint64) uint64 {
		text := os.Getenv(name)
		if text == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(name, err)
		}
		return n
	}
	clans, seed := number("WAYS", 24), number("WAYS_SEED", rand.Uint64())
	t.Logf("%d organisations of seed %d", clans, seed)
	dice := rand.New(rand.NewPCG(seed, 2))
	hits := map[string]int{}
	for n := range clans {
		c := newClan(t, dice)
		for _, user := range c.people.Users() {
			actor, _ := c.people.Actor(user.ID)
			a := &asking{clan: c, actor: actor, hits: hits}
			a.records()
			a.lists()
			a.figures()
			a.exports()
			a.changes()
		}
		if t.Failed() {
			t.Fatalf("seed %d, organisation %d: roles %+v of %v, pools %+v, homes %v, zones %v", seed, n, c.roles, c.of, c.pools, c.homes, c.zones)
		}
	}
	total, denied := hits["record denied"]+hits["record whole"]+hits["record partly"], hits["record denied"]
	t.Logf("%d looks at records, %d denied, %d partly visible; %v", total, denied, hits["record partly"], hits)
	// Of few organisations it is chance how many roles see little; of many it is not.
	if seen := total - denied; clans >= 100 && (denied*5 < total || hits["record partly"]*5 < seen) {
		t.Error("too few were denied, or partly visible")
	}
}

// asking is one person who tries every way.
type asking struct {
	*clan
	actor value.Actor
	hits  map[string]int
}

func (a *asking) wrong(format string, args ...any) {
	a.Helper()
	a.Errorf("%s: %s", a.actor.User, fmt.Sprintf(format, args...))
}

// visible are the ids of the things that fit, of those that a verb reaches.
func (a *asking) visible(verb meta.Verb, fits func(thing) bool) []value.ID {
	var out []value.ID
	for _, one := range a.things {
		if a.may(a.actor.User, verb, one) && fits(one) {
			out = append(out, one.id)
		}
	}
	return out
}

func all(thing) bool { return true }

func ids(page *record.ListPage) []value.ID {
	var out []value.ID
	for _, r := range page.Records {
		out = append(out, r.ID)
	}
	slices.Sort(out)
	return out
}

// shows holds what a view says of the secret.
func (a *asking) shows(way string, one thing, view *record.View) {
	a.Helper()
	a.tells(way, one, view.Values["secret"])
	if masked := slices.Contains(view.Masked, "secret"); masked != (one.secret != "" && a.sees(a.actor.User, one) == 1) {
		a.wrong("%s says of %s that it is masked: %v", way, one.id, masked)
	}
}

func (a *asking) tells(way string, one thing, got any) {
	a.Helper()
	switch sight := a.sees(a.actor.User, one); {
	case one.secret == "" || sight == 0:
		if got != nil {
			a.wrong("%s shows %v of %s (sight %d)", way, got, one.id, sight)
		}
	case sight == 1:
		if text, is := got.(string); !is || text == one.secret || strings.ContainsAny(text, one.secret) {
			a.wrong("%s shows %v of %s, to be masked", way, got, one.id)
		}
	case got != one.secret:
		a.wrong("%s shows %v instead of %s of %s", way, got, one.secret, one.id)
	}
}

// records looks at each thing by itself.
func (a *asking) records() {
	for _, one := range a.things {
		sees := a.may(a.actor.User, meta.Read, one)
		kinds := map[bool]string{true: "partly", false: "whole"}
		if sees {
			a.hits["record "+kinds[a.sees(a.actor.User, one) < 2]]++
			if a.isGuest(a.actor.User, one, false) {
				a.hits["record of a guest"]++
			}
			if one.owner != "" && a.stands[a.actor.User] == one.owner {
				a.hits["record of one absent"]++
			}
		} else {
			a.hits["record denied"]++
		}
		view, err := a.Get(a.Context(), a.actor, "thing", one.id)
		if (err == nil) != sees || err != nil && fault.KindOf(err) != fault.NotFound {
			a.wrong("reading %s: %v, oracle %v", one.id, err, sees)
			continue
		}
		if sees {
			a.shows("reading", one, view)
			if mine := view.Shared != nil && view.Shared.Mine != ""; mine != a.isOthersGuest(one) {
				a.wrong("%s is said to be shared with them: %v", one.id, mine)
			}
			if view.Rights.Update != a.may(a.actor.User, meta.Update, one) || view.Rights.Delete != a.may(a.actor.User, meta.Delete, one) {
				a.wrong("rights of %s: %+v", one.id, view.Rights)
			}
		}
		history, err := a.History(a.Context(), a.actor, "thing", one.id, "", 10)
		if (err == nil) != sees || err != nil && fault.KindOf(err) != fault.NotFound {
			a.wrong("history of %s: %v, oracle %v", one.id, err, sees)
		} else if sees {
			told := fmt.Sprint(history.Entries)
			if want := one.secret != "" && a.sees(a.actor.User, one) == 2; strings.Contains(told, "amber") != (want && one.secret == "amber") || strings.Contains(told, "coral") != (want && one.secret == "coral") {
				a.wrong("history of %s: %s", one.id, told)
			}
		}
		draft, err := a.Evaluate(a.Context(), a.actor, "thing", one.id, nil)
		if (err == nil) != sees {
			a.wrong("trying %s: %v, oracle %v", one.id, err, sees)
		} else if sees {
			a.tells("trying", one, draft.Values["secret"])
		}
		glimpse, err := a.Glimpses(a.Context(), a.actor, []record.Name{{Form: "thing", ID: one.id}})
		if err != nil || len(glimpse) != 1 || glimpse[0].Seen != sees || !sees && glimpse[0].Title != "" {
			a.wrong("glimpse of %s: %+v, %v", one.id, glimpse, err)
		}
	}
}

// isOthersGuest tells whether something that is not theirs is shared with whoever asks.
func (a *asking) isOthersGuest(one thing) bool {
	return one.owner != a.actor.User && a.isGuest(a.actor.User, one, false)
}

// lists asks questions, each of which must answer as if what is not seen were absent.
func (a *asking) lists() {
	knows := func(one thing) string {
		if a.sees(a.actor.User, one) < 2 {
			return ""
		}
		return one.secret
	}
	has := func(s string) func(thing) bool { return func(one thing) bool { return knows(one) == s } }
	hasNot := func(s string) func(thing) bool { return func(one thing) bool { return knows(one) != s } }
	node := func(op string, v any) map[string]any { return map[string]any{"field": "secret", "op": op, "value": v} }
	for _, ask := range []struct {
		what string
		req  record.ListRequest
		fits func(thing) bool
	}{
		{"all", record.ListRequest{}, all},
		{"eq", record.ListRequest{Filter: node("eq", "amber")}, has("amber")},
		{"ne", record.ListRequest{Filter: node("ne", "amber")}, hasNot("amber")},
		{"in", record.ListRequest{Filter: node("in", []any{"amber", "coral"})}, hasNot("")},
		{"contains", record.ListRequest{Filter: node("contains", "mbe")}, has("amber")},
		{"empty", record.ListRequest{Filter: map[string]any{"field": "secret", "op": "empty"}}, has("")},
		{"not", record.ListRequest{Filter: map[string]any{"not": node("eq", "coral")}}, hasNot("coral")},
		{"or", record.ListRequest{Filter: map[string]any{"or": []any{node("eq", "coral"), map[string]any{"field": "open", "op": "eq", "value": true}}}}, func(one thing) bool { return one.open || knows(one) == "coral" }},
		{"expr", record.ListRequest{Filter: `secret == "amber"`}, has("amber")},
		{"search", record.ListRequest{Q: "amber"}, has("amber")},
		{"sort", record.ListRequest{Sort: "-secret"}, all},
		{"range", record.ListRequest{Filter: node("gt", "b")}, has("coral")},
		{"shared with me", record.ListRequest{With: "me"}, a.isOthersGuest},
		{"shared with me, of which some", record.ListRequest{With: "me", Filter: node("eq", "amber")}, func(one thing) bool {
			return a.isOthersGuest(one) && knows(one) == "amber"
		}},
	} {
		ask.req.Form, ask.req.Count = "thing", "exact"
		page, err := a.List(a.Context(), a.actor, ask.req)
		if !a.readsSome(a.actor.User) {
			if err == nil {
				a.wrong("%s: one who reads nothing was answered", ask.what)
			}
			continue
		}
		if err != nil {
			a.refused(ask.what, err)
			continue
		}
		a.hits["list "+ask.what]++
		want := a.visible(meta.Read, ask.fits)
		if got := ids(page); !slices.Equal(got, want) || page.Count.Value != int64(len(want)) {
			a.wrong("%s: %v, counted %d, oracle %v", ask.what, got, page.Count.Value, want)
		}
		for _, view := range page.Records {
			at := slices.IndexFunc(a.things, func(one thing) bool { return one.id == view.ID })
			a.shows("list "+ask.what, a.things[at], view)
		}
		if ask.what == "sort" || ask.what == "range" {
			a.orderly(ask.what)
		}
	}
	found, err := a.Search(a.Context(), a.actor, "coral", 50)
	if want := a.visible(meta.Read, has("coral")); err != nil || len(found) != len(want) {
		a.wrong("search everywhere: %d, %v, oracle %v", len(found), err, want)
	}
}

// refused holds that a question was refused for what it would tell, and not without need.
func (a *asking) refused(what string, err error) {
	a.Helper()
	code := fault.CodeOf(err)
	unknown := code == "filter.invalid" || code == "sort.invalid" || code == "aggregate.invalid"
	ordering := what == "sort" || what == "range" || what == "group" || what == "max"
	some := slices.ContainsFunc(a.things, func(one thing) bool { return a.may(a.actor.User, meta.Read, one) && a.sees(a.actor.User, one) > 0 })
	if unknown && some || !unknown && (!ordering || code != "field.notReadable") {
		a.wrong("%s was refused: %v", what, err)
	}
	a.hits["refused "+what]++
}

// orderly holds that nothing in sight hides the secret by which it was put in order.
func (a *asking) orderly(what string) {
	a.Helper()
	for _, one := range a.things {
		if a.may(a.actor.User, meta.Read, one) && a.sees(a.actor.User, one) < 2 {
			a.wrong("%s tells of %s", what, one.id)
		}
	}
}

func (a *asking) figures() {
	if !a.readsSome(a.actor.User) {
		return
	}
	rows, err := a.Aggregate(a.Context(), a.actor, record.AggregateRequest{Form: "thing", Metrics: []record.MetricBy{{Op: "count"}}})
	if want := len(a.visible(meta.Read, all)); err != nil || len(rows) != 1 || fmt.Sprint(rows[0].Metrics[0]) != strconv.Itoa(want) {
		a.wrong("count: %v, %v, oracle %d", rows, err, want)
	}
	for what, req := range map[string]record.AggregateRequest{
		"group": {Group: []record.GroupBy{{Field: "secret"}}, Metrics: []record.MetricBy{{Op: "count"}}},
		"max":   {Metrics: []record.MetricBy{{Op: "distinct", Field: "secret"}}},
	} {
		req.Form = "thing"
		if _, err := a.Aggregate(a.Context(), a.actor, req); err != nil {
			a.refused(what, err)
			continue
		}
		a.hits["figure "+what]++
		a.orderly(what)
	}
}

func (a *asking) exports() {
	page, err := a.Export(a.Context(), a.actor, record.ListRequest{Form: "thing"}, "")
	want := a.visible(meta.Export, all)
	if err != nil {
		if len(want) > 0 || fault.KindOf(err) != fault.Forbidden && fault.KindOf(err) != fault.NotFound {
			a.wrong("export: %v, oracle %v", err, want)
		}
		return
	}
	a.hits["export"]++
	if got := ids(page); !slices.Equal(got, want) {
		a.wrong("export: %v, oracle %v", got, want)
	}
	for _, view := range page.Records {
		at := slices.IndexFunc(a.things, func(one thing) bool { return one.id == view.ID })
		a.shows("export", a.things[at], view)
	}
}

// changes tries what changes things: other people's codes, names, secrets, and deletion.
func (a *asking) changes() {
	for _, one := range a.things {
		_, err := a.Create(a.Context(), a.actor, "thing", record.Input{Values: map[string]any{"name": "double", "owner": string(a.actor.User), "code": one.code}})
		var said *fault.Error
		switch {
		case !errors.As(err, &said) || said.Detail != nil:
			a.wrong("a double of %s: %v", one.id, err)
		case strings.Contains(fmt.Sprintf("%v %+v", err, *said), string(one.id)):
			a.wrong("a double tells of %s: %v", one.id, err)
		}
		may := a.may(a.actor.User, meta.Update, one)
		now, err := a.Get(context.Background(), value.SystemActor("test"), "thing", one.id)
		if err != nil {
			a.Fatal(err)
		}
		_, err = a.Update(a.Context(), a.actor, "thing", one.id, now.Version, record.Input{Values: map[string]any{"name": "by " + string(a.actor.User)}})
		if (err == nil) != may {
			a.wrong("changing %s: %v, oracle %v", one.id, err, may)
		}
		if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound) == a.may(a.actor.User, meta.Read, one) {
			a.wrong("changing %s out of reach: %v", one.id, err)
		}
		if !a.may(a.actor.User, meta.Delete, one) {
			// Whoever may not is told so before anything about versions.
			err := a.Delete(a.Context(), a.actor, "thing", one.id, now.Version+1, "")
			if kind := fault.KindOf(err); err == nil || kind != fault.NotFound && kind != fault.Forbidden {
				a.wrong("deleting %s: %v", one.id, err)
			}
		}
		a.hits[map[bool]string{true: "changed", false: "not changed"}[may]]++
	}
}
