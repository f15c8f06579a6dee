package engine_test

import (
	"errors"
	"slices"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// An action is a button: offered to whom it is for, refused to others, one change with all that it entails.
func TestAScriptIsAnAction(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"book/lend": {`"kind": "action", "action": {"on": "record", "reason": true, "when": "note == nil",
			"args": [{"key": "to", "label": {"zh-CN": "借给", "en": "Lend to"}, "kind": "text"}]}`, `
record.note = "lent to " .. (args.to or "nobody")
create("shelf", {name = record.note, floor = actor.id})`},
		"book/peek":  {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `log(record.title)`},
		"book/break": {`"kind": "action", "action": {"on": "records"}`, `record.title = nil`},
		"book/upper": {`"kind": "hook", "hook": {"on": ["beforeUpdate"]}`, `if record.note then record.code = record.note:upper() end`},
	})
	lib := w.actor("lib")
	one := w.make("lib", "book", map[string]any{"title": "tides"})
	if !slices.Equal(one.Rights.Actions, []string{"break", "lend"}) {
		t.Fatalf("offered %v", one.Rights.Actions)
	}
	for _, c := range []struct {
		action string
		in     record.ActInput
		code   string
	}{
		{"lend", record.ActInput{}, "action.reason"},
		{"peek", record.ActInput{}, "action.mayNot"},
		{"break", record.ActInput{}, "record.invalid"},
		{"nothing", record.ActInput{}, "action.unknown"},
	} {
		if _, err := w.Records.Act(t.Context(), lib, "book", one.ID, c.action, c.in); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.action, err, c.code)
		}
	}
	got, err := w.Records.Act(t.Context(), lib, "book", one.ID, "lend", record.ActInput{Reason: "why not", Args: map[string]any{"to": "Kim"}})
	if err != nil || got.Values["note"] != "lent to Kim" || got.Values["code"] != "LENT TO KIM" || got.Version != 2 || slices.Contains(got.Rights.Actions, "lend") {
		t.Fatalf("%+v %v", got, err)
	}
	shelves, err := w.Records.List(t.Context(), lib, record.ListRequest{Form: "shelf"})
	if err != nil || len(shelves.Records) != 1 || shelves.Records[0].Values["floor"] != "lib" {
		t.Errorf("%+v %v", shelves, err)
	}
	history, err := w.Records.History(t.Context(), lib, "book", one.ID, "", 0)
	if err != nil || history.Entries[0].Action != "lend" || history.Entries[0].Reason != "why not" {
		t.Errorf("%+v %v", history, err)
	}
	// On many, each by itself.
	two := w.make("lib", "book", map[string]any{"title": "two"})
	outcomes, _, err := w.Bulk(t.Context(), lib, engine.BulkRequest{Form: "book", Action: "lend", IDs: []value.ID{one.ID, two.ID}, Reason: "all"}, nil)
	if err != nil || len(outcomes) != 2 || fault.CodeOf(outcomes[0].Err) != "action.mayNot" || !outcomes[1].Changed {
		t.Errorf("%+v %v", outcomes, err)
	}
	// An action that changes nothing leaves no line.
	kims := w.make("kim", "book", map[string]any{"title": "mine"})
	if got, err := w.Records.Act(t.Context(), w.actor("kim"), "book", kims.ID, "peek", record.ActInput{}); err != nil || got.Version != 1 {
		t.Errorf("%+v %v", got, err)
	}
	w.clean()
}

// Whoever may run an action but not change the record changes nothing by it.
func TestAnActionGivesNoRights(t *testing.T) {
	w := scripted(t, map[string][2]string{
		"shelf/raise": {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `record.floor = "top"`},
		"shelf/other": {`"kind": "action", "action": {"on": "record", "roles": ["keeper"]}`, `update("shelf", record.id, {floor = "top"})`},
	})
	shelf := w.make("lib", "shelf", map[string]any{"name": "oak"})
	if _, err := w.Records.Act(t.Context(), w.actor("kim"), "shelf", shelf.ID, "raise", record.ActInput{}); fault.CodeOf(err) != "record.mayNot" {
		t.Errorf("%v", err)
	}
	_, err := w.Records.Act(t.Context(), w.actor("kim"), "shelf", shelf.ID, "other", record.ActInput{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "script.twice" && f.Code != "script.effect" {
		t.Errorf("%v", err)
	}
	if got := w.get("shelf", shelf.ID); got.Version != 1 {
		t.Errorf("version %d", got.Version)
	}
}
