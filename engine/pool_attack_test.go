package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// Whoever may claim a record asks everything there is to ask of it, in worlds that differ in nothing but what its
// pool hides and masks. Whatever is answered must be the same in all of them, to the letter, or it tells.
func TestNoAnswerTellsWhatAPoolHides(t *testing.T) {
	var first []string
	for _, secret := range []struct{ worth, phone string }{{"", "13800005678"}, {"900", "13899995678"}, {"0", "13812345678"}, {"29.6", "13855555678"}} {
		w := newDepot(t, poolFiles(idle(""), ""))
		values := map[string]any{"name": "Crane", "zone": "east", "phone": secret.phone, "tier": "A"}
		if secret.worth != "" {
			values["worth"] = secret.worth
		}
		w.make("boss", "asset", map[string]any{"name": "Plain", "zone": "west", "phone": "13700000000", "worth": "5"})
		made := w.make("boss", "asset", values)
		must(t, w.Settle(t.Context()))
		var all []string
		for _, who := range []value.ID{"ann", "boss", "clerk"} {
			w.asks(&all, who, made.ID)
		}
		if len(all) < 300 {
			t.Fatalf("only %d questions", len(all))
		}
		if first == nil {
			first = all
			continue
		}
		for n := range all {
			if all[n] != first[n] {
				t.Errorf("%+v is told:\n%s\n%s", secret, first[n], all[n])
			}
		}
	}
}

// asks puts every question of one person, and notes the answers.
func (w *world) asks(into *[]string, who, id value.ID) {
	w.Helper()
	actor, ctx := w.actor(who), w.Context()
	note := func(what string, got any, err error) {
		if page, ok := got.(*record.ListPage); ok && page != nil {
			page.Next, page.Work = "", query.Work{}
			if page.Count != nil {
				page.Count.Examined = query.Work{}
			}
		}
		text, bad := json.Marshal(got)
		must(w, bad)
		said := ""
		var f *fault.Error
		if errors.As(err, &f) {
			said = fmt.Sprint(f.Code, f.Args, f.Issues)
		}
		*into = append(*into, fmt.Sprint(who, " ", what, " -> ", string(text), " ", said))
	}
	list := func(what string, req record.ListRequest) {
		req.Form = "asset"
		got, err := w.Records.List(ctx, actor, req)
		note(what, got, err)
	}
	got, err := w.Records.Get(ctx, actor, "asset", id)
	note("get", got, err)
	history, err := w.Records.History(ctx, actor, "asset", id, "", 0)
	note("history", history, err)
	said, err := w.Records.Evaluate(ctx, actor, "asset", id, nil)
	note("evaluate", said, err)
	list("list", record.ListRequest{Count: "exact", Fields: []string{"worth", "phone", "name"}})
	for _, field := range []string{"worth", "phone"} {
		for _, op := range []string{"eq", "ne", "in", "nin", "lt", "gte", "prefix", "contains", "empty", "notEmpty"} {
			for _, guess := range []any{"900", json.Number("0"), "138", "5678", "1389999", "29.60", nil} {
				if op == "in" || op == "nin" {
					guess = []any{guess}
				}
				list(fmt.Sprint(field, op, guess), record.ListRequest{Filter: map[string]any{"field": field, "op": op, "value": guess}, Count: "exact"})
			}
		}
		list("sort "+field, record.ListRequest{Sort: field})
		list("sort -"+field, record.ListRequest{Sort: "-" + field})
		for _, op := range []string{"min", "max", "sum", "avg"} {
			rows, err := w.Records.Aggregate(ctx, actor, record.AggregateRequest{Form: "asset", Metrics: []record.MetricBy{{Op: op, Field: field}}})
			note(op+" "+field, rows, err)
		}
		rows, err := w.Records.Aggregate(ctx, actor, record.AggregateRequest{Form: "asset", Group: []record.GroupBy{{Field: field}}})
		note("group "+field, rows, err)
	}
	for _, words := range []string{"Crane", "crane 138", "138", "5678", "99995", "1381234", "900", "x", "+86", "Crane x"} {
		list("search "+words, record.ListRequest{Q: words})
	}
	for _, guess := range []string{"13899995678", "138****5678"} {
		if guess != "13899995678" || who != "boss" { // a change of what is masked says the same, right or wrong
			_, err = w.Records.Update(ctx, actor, "asset", id, 1, record.Input{Values: map[string]any{"phone": guess}})
			note("change to "+guess, nil, err)
			_, err = w.Records.Update(ctx, actor, "asset", id, 1, record.Input{Values: map[string]any{"worth": "900"}})
			note("change of worth", nil, err)
		}
	}
}

// What is masked does not keep a search by name from being a search by name.
func TestASearchByNameRanksThoughNumbersAreMasked(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	for _, name := range []string{"Crane", "The Crane", "Cranes"} {
		w.make("boss", "asset", map[string]any{"name": name, "zone": "east", "phone": "13800005678"})
	}
	page, err := w.Records.List(t.Context(), w.actor("boss"), record.ListRequest{Form: "asset", Q: "Crane"})
	if err != nil || len(page.Records) != 3 || page.Records[0].Values["name"] != "Crane" || page.Records[1].Values["name"] != "Cranes" {
		t.Errorf("%+v %v", page, err)
	}
}
