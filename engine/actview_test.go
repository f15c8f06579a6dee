package engine_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// described are the actions that the catalog tells somebody of, by key.
func (w *world) described(actor value.ID, form value.FormKey) map[string]record.ActionView {
	w.Helper()
	out := map[string]record.ActionView{}
	for _, f := range w.Records.CatalogFor(w.actor(actor)).Forms {
		for _, action := range f.Actions {
			if f.Key == form {
				out[action.Key] = action
			}
		}
	}
	return out
}

// Each is told of what they could do, in both languages, with what the record's pool asks for; what only the engine
// does is told to nobody.
func TestPoolsDescribeTheirActions(t *testing.T) {
	reasons := `, "return": {"reasons": [{"value": "noUse", "label": {"en": "No use"}}], "choosePool": true}, "claim": {"reason": "optional"}, "hold": {"max": 3}`
	w := newDepot(t, poolFiles(reasons, `, "return": {"required": false}`))
	for _, c := range []struct {
		who  value.ID
		keys []string
	}{
		{"ann", []string{"claim", "lock", "return", "unlock"}},
		{"boss", []string{"assign", "lock", "return", "transfer", "unlock"}},
		{"clerk", []string{"lock", "return", "unlock"}},
	} {
		var keys []string
		for key, action := range w.described(c.who, "asset") {
			if keys = append(keys, key); action.Label["zh-CN"] == "" || action.Label["en"] == "" || action.Label["zh-CN"] == action.Label["en"] {
				t.Errorf("%s is called %v", key, action.Label)
			}
		}
		slices.Sort(keys)
		if !slices.Equal(keys, c.keys) {
			t.Errorf("%s is told of %v, want %v", c.who, keys, c.keys)
		}
		if n := len(w.described(c.who, "check")); n != 0 {
			t.Errorf("a form without pools has %d actions", n)
		}
	}
	back := w.described("ann", "asset")["return"]
	east, west := back.ByPool["east"], back.ByPool["west"]
	if east.Reason != record.RequiredReason || len(east.Reasons) != 1 || east.Reasons[0].Value != "noUse" || len(east.Args) != 1 || east.Args[0].Kind != meta.ArgPool {
		t.Errorf("east asks %+v", east)
	}
	if west.Reason != record.OptionalReason || len(west.Reasons) != 0 || len(west.Args) != 0 {
		t.Errorf("west asks %+v", west)
	}
	claim := w.described("ann", "asset")["claim"]
	if claim.Kind != record.ActionPrimary || claim.ByPool["east"].Reason != record.OptionalReason || claim.ByPool["west"].Reason != record.NoReason {
		t.Errorf("%+v", claim)
	}
	// Only where there is a limit can it be exceeded.
	assign := w.described("boss", "asset")["assign"]
	if len(assign.ByPool["east"].Args) != 2 || len(assign.ByPool["west"].Args) != 1 {
		t.Errorf("%+v", assign.ByPool)
	}
}

// What the catalog says of reasons and arguments is what the engine then holds.
func TestActionsAskForWhatTheyDescribe(t *testing.T) {
	w := newDepot(t, poolFiles(`, "return": {"reasons": [{"value": "noUse", "label": {"en": "No use"}}]}`, ""))
	id := w.make("boss", "asset", map[string]any{"name": "drill", "zone": "east", "holder": "ann"}).ID
	if err := w.act("ann", id, "return", nil, ""); fault.CodeOf(err) != "action.args" {
		t.Errorf("without the reason that is required: %v", err)
	}
	if err := w.act("ann", id, "return", map[string]any{"pool": "west"}, "noUse"); fault.CodeOf(err) != "action.args" {
		t.Errorf("with a pool that is not asked for: %v", err)
	}
	w.did("ann", id, "return", nil, "noUse")
}

// A script's arguments are what its author has declared, and nothing else.
func TestScriptsAskForTheirArguments(t *testing.T) {
	w := scripted(t, map[string][2]string{"book/lend": {`"kind": "action", "action": {"on": "records", "danger": true,
		"confirm": {"zh-CN": "真的？", "en": "Really?"}, "args": [
		{"key": "to", "label": {"zh-CN": "借给", "en": "To"}, "kind": "person", "required": true},
		{"key": "until", "label": {"zh-CN": "到", "en": "Until"}, "kind": "date"},
		{"key": "copies", "label": {"zh-CN": "本", "en": "Copies"}, "kind": "number"},
		{"key": "loud", "label": {"zh-CN": "出声", "en": "Loud"}, "kind": "flag"},
		{"key": "why", "label": {"zh-CN": "话", "en": "Why"}, "kind": "text"},
		{"key": "shelf", "label": {"zh-CN": "架", "en": "Shelf"}, "kind": "option", "options": [{"value": "oak", "label": {"zh-CN": "橡", "en": "Oak"}}]}]}`,
		`record.note = args.to .. " " .. tostring(args.copies) .. " " .. tostring(args.loud) .. " " .. (args["until"] or "-") .. " " .. (args.shelf or "-")`}})
	view := w.described("lib", "book")["lend"]
	if view.Kind != record.ActionDanger || !view.Many || view.Confirm["en"] != "Really?" || len(view.Ask.Args) != 6 || view.Ask.Reason != record.NoReason {
		t.Fatalf("%+v", view)
	}
	book := w.make("lib", "book", map[string]any{"title": "tides"})
	act := func(args map[string]any) error {
		_, err := w.Records.Act(t.Context(), w.actor("lib"), "book", book.ID, "lend", record.ActInput{Args: args})
		return err
	}
	for _, c := range []struct {
		key, code string
		value     any
	}{
		{"to", "field.required", nil}, {"to", "field.required", ""}, {"to", "field.reference", "nobody"}, {"to", "json.type", true},
		{"until", "field.date", "2026-02-30"}, {"copies", "json.type", "many"}, {"copies", "json.type", json.Number("1e9")},
		{"loud", "json.type", "yes"}, {"why", "json.type", json.Number("3")}, {"shelf", "field.option", "elm"}, {"extra", "json.unknownKey", "x"},
	} {
		args := map[string]any{"to": "kim"}
		args[c.key] = c.value
		var f *fault.Error
		if err := act(args); !errors.As(err, &f) || f.Code != "action.args" || len(f.Issues) != 1 || f.Issues[0].Code != c.code || f.Issues[0].Path != "/args/"+c.key {
			t.Errorf("%s = %v: %v", c.key, c.value, err)
		}
	}
	must(t, act(map[string]any{"to": "kim", "until": "2026-02-28", "copies": json.Number("2"), "loud": true, "why": "", "shelf": "oak"}))
	if got := w.get("book", book.ID); got.Values["note"] != "kim 2 true 2026-02-28 oak" {
		t.Errorf("note %v", got.Values["note"])
	}
}

// People can be asked for what an action declares, or it is not published.
func TestArgumentsAreChecked(t *testing.T) {
	w := newWorldWith(t, newBox(t))
	label := `"label": {"zh-CN": "x", "en": "x"}`
	for _, c := range []struct{ name, args, code, path string }{
		{"a name taken by requests", `[{"key": "reason", ` + label + `, "kind": "text"}]`, "meta.unsuited", "/action/args/0/key"},
		{"a name twice", `[{"key": "a", ` + label + `, "kind": "text"}, {"key": "a", ` + label + `, "kind": "flag"}]`, "meta.duplicate", "/action/args/1/key"},
		{"options that are none", `[{"key": "a", ` + label + `, "kind": "option"}]`, "meta.missing", "/action/args/0"},
		{"options of a text", `[{"key": "a", ` + label + `, "kind": "text", "options": [{"value": "b", ` + label + `}]}]`, "meta.unsuited", "/action/args/0/options"},
		{"a pool where there is none", `[{"key": "a", ` + label + `, "kind": "pool"}]`, "meta.unsuited", "/action/args/0/kind"},
	} {
		_, err := w.Apps.Install(t.Context(), withScripts("2.1.0", map[string][2]string{
			"book/go": {`"kind": "action", "action": {"on": "record", "args": ` + c.args + `}`, `log("x")`},
		}))
		var f *fault.Error
		if !errors.As(err, &f) || !slices.ContainsFunc(f.Issues, func(i fault.Issue) bool { return i.Code == c.code && i.Path == c.path }) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
