package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// read explains a field and writes what is told, a step a line.
func (w *world) read(actor, id value.ID, key value.FieldKey) (*record.Explanation, string) {
	w.Helper()
	texts, err := message.Load()
	must(w.TB, err)
	in := record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }}
	got, err := w.Records.Explain(w.Context(), w.actor(actor), "asset", id, key, in)
	must(w.TB, err)
	var lines []string
	var tell func(v *explain.View, depth int)
	tell = func(v *explain.View, depth int) {
		line := strings.Repeat("  ", depth) + v.Label + ": " + v.Text
		if len(v.Notes) > 0 {
			line += " (" + strings.Join(v.Notes, " ") + ")"
		}
		lines = append(lines, line)
		for _, part := range v.Parts {
			tell(part, depth+1)
		}
	}
	tell(got.Value, 0)
	return got, strings.Join(lines, "\n")
}

// spoken is an explanation as text, a step a line.
func spoken(v *explain.View, depth int) string {
	out := strings.Repeat("  ", depth) + v.Label + ": " + v.Text + "\n"
	for _, part := range v.Parts {
		out += spoken(part, depth+1)
	}
	return out
}

// move tells how a record came to a version, in a language.
func (w *world) move(actor, id value.ID, version int64, locale string) (*record.Explanation, error) {
	w.Helper()
	texts, err := message.Load()
	must(w.TB, err)
	in := record.Language{Locale: locale, Say: func(code string, args fault.Args) string { return texts.Text(locale, code, args) }}
	return w.Records.ExplainMove(w.Context(), w.actor(actor), "asset", id, version, in)
}

// A move by rule keeps how it came about, as it was then: it is read later, when record and rules have changed, in
// the reader's language, by who may see what decided.
func TestAMoveKeepsItsExplanation(t *testing.T) {
	rules := idle(`, "label": {"en": "Nothing done"}`) + `, "sweep": {"effective": "now", "graceDays": 0}`
	w := newDepot(t, poolFiles(rules, ""))
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	stood := w.raw(id)
	w.turnOn()
	w.clock("2026-04-08 01:00")
	if got := w.sweep("run"); got["reclaimed"] != 1 {
		t.Fatalf("%v", got)
	}
	moved := w.raw(id).Version
	// Since then the tier has changed, and the rule.
	_, err := w.Records.Update(t.Context(), w.actor("boss"), "asset", id, moved, record.Input{Values: map[string]any{"tier": "C"}})
	must(t, err)
	_, err = w.Apps.Install(t.Context(), depot("1.1.0", poolFiles(strings.ReplaceAll(rules, "Nothing done", "Forgotten"), "")))
	must(t, err)
	history, err := w.Records.History(t.Context(), w.actor("boss"), "asset", id, "", 0)
	must(t, err)
	if line := history.Entries[1]; line.Version != moved || !line.Explained || line.Detail["explanation"] != nil || history.Entries[0].Explained {
		t.Errorf("history: %+v", line)
	}
	got, err := w.move("boss", id, moved, "en")
	must(t, err)
	if !strings.HasPrefix(got.Metadata, "1.0.0+") {
		t.Errorf("by %s", got.Metadata)
	}
	for _, told := range []string{"Leaves its owner at: 2026-04-08 01:00", "East: 2026-04-08 01:00", "Nothing done: 2026-04-08 01:00", "Limit (calendar days): 7", "Assigned at: 2026-03-31 12:00"} {
		if text := spoken(got.Move, 0); !strings.Contains(text, told) {
			t.Errorf("no %q in\n%s", told, text)
		}
	}
	// Its leaves are the record's values at the version that it tells of.
	leaves := 0
	var check func(v *explain.View)
	check = func(v *explain.View) {
		if v.Ref != nil && v.Ref.Form == "asset" && v.Ref.Version == stood.Version && len(v.Parts) == 0 {
			was, isTime := stood.Values[string(v.Ref.Field)].(int64)
			at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(v.Value))
			if leaves++; isTime && (err != nil || at.UnixMilli() != was) || !isTime && v.Value != stood.Values[string(v.Ref.Field)] {
				t.Errorf("%s is told as %v, and was %v", v.Ref.Field, v.Value, stood.Values[string(v.Ref.Field)])
			}
		}
		for _, part := range v.Parts {
			check(part)
		}
	}
	if check(got.Move); leaves == 0 {
		t.Error("nothing was compared")
	}
	zh, err := w.move("boss", id, moved, "zh-CN")
	must(t, err)
	if text := spoken(zh.Move, 0); !strings.Contains(text, "2026-04-08 01:00") || text == spoken(got.Move, 0) {
		t.Errorf("in Chinese: %s", text)
	}
	for _, c := range []struct {
		who     value.ID
		version int64
		code    string
	}{
		{"clerk", moved, "explain.notKept"}, // does not see the tier, which decided
		{"boss", moved + 1, "explain.notKept"}, {"boss", 99, "explain.notKept"}, {"wes", moved, "record.notFound"},
	} {
		if _, err := w.move(c.who, id, c.version, "en"); fault.CodeOf(err) != c.code {
			t.Errorf("%s of %d: %v, want %s", c.who, c.version, err, c.code)
		}
	}
}

// A draw tells whom it has given the record, by what.
func TestADrawKeepsItsExplanation(t *testing.T) {
	w := newDepot(t, poolFiles(weekly, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "east", "tier": "B"})
	w.deal("")
	got, err := w.move("boss", made.ID, 2, "en")
	must(t, err)
	text := spoken(got.Move, 0)
	for _, told := range []string{"East", "Given to: " + w.owner(made.ID), "Distribution: weekly", "How it deals: randomEven", "Tier: B", "Seed of the draw: "} {
		if !strings.Contains(text, told) {
			t.Errorf("no %q in\n%s", told, text)
		}
	}
}

func TestWhenARecordIsReclaimedIsExplained(t *testing.T) {
	rules := `, "sweep": {"effective": "now", "graceDays": 0}, "reclaim": [
		{"id": "idle", "label": {"en": "Nothing done"}, "clock": "assignedAt", "days": {"A": 30, "B": 10, "C": 5}, "exempt": ["sealed == true"]},
		{"id": "cheap", "label": {"en": "Cheap"}, "when": "tier == \"C\"", "clock": "assignedAt", "days": "3"}]`
	w := newDepot(t, poolFiles(rules, ""))
	made := w.make("boss", "asset", map[string]any{"name": "Drill", "zone": "east", "tier": "B", "holder": "ann"})
	got, told := w.read("ann", made.ID, value.SysReclaimAt)
	want := `Leaves its owner at: 2026-04-11 01:00
  East: 2026-04-11 01:00
    Nothing done: 2026-04-11 01:00
      Spared when: no
        Equals: no
          Sealed: (none)
          Fixed value: yes
      Counts from: 2026-03-31 12:00
        Assigned at: 2026-03-31 12:00
      Limit (calendar days): 10
    Cheap: (none) (This rule does not apply to the record.)
      Reaches when: no
        Equals: no
          Tier: B
          Fixed value: C
      Days: 3
        Fixed value: 3
      Counts from: 2026-03-31 12:00
        Assigned at: 2026-03-31 12:00`
	if told != want {
		t.Errorf("got:\n%s\nwant:\n%s", told, want)
	}
	// The deadline told is the one by which the sweep goes, and the pool's version is told with it.
	at, err := time.Parse(time.RFC3339Nano, got.Value.Value.(string))
	must(t, err)
	if at.UnixMilli() != w.raw(made.ID).Values.At(value.SysReclaimAt) || got.Value.Parts[0].Rule.Version == "" {
		t.Errorf("told %v, kept %d", at, w.raw(made.ID).Values.At(value.SysReclaimAt))
	}
	// Who does not see the tier, which decides the limit, learns of no deadline.
	texts, err := message.Load()
	must(t, err)
	in := record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }}
	if _, err := w.Records.Explain(t.Context(), w.actor("clerk"), "asset", made.ID, value.SysReclaimAt, in); fault.CodeOf(err) != "field.unknown" {
		t.Errorf("the clerk: %v", err)
	}
}

func TestWhatAPoolShowsIsExplained(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	made := w.make("boss", "asset", map[string]any{"name": "Drill", "zone": "east", "phone": "13800138000"})
	texts, err := message.Load()
	must(t, err)
	in := record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }}
	for _, k := range []struct {
		key  value.FieldKey
		want bool
		told string
	}{
		{"", true, "Members of the pool East may see it"},
		{"phone", false, "The pool East shows only some characters of this field"},
	} {
		got, err := w.Records.ExplainRight(t.Context(), w.actor("ann"), "asset", made.ID, k.key, "read", in)
		must(t, err)
		found := false
		for _, part := range got.Right.Parts {
			found = found || part.Label == k.told && part.Value == true
		}
		if got.Right.Value != k.want || !found {
			t.Errorf("%q: %v, no %q in %+v", k.key, got.Right.Value, k.told, got.Right.Parts)
		}
	}
}

// A pool's change is rehearsed as a role's is: who sees what, and when records leave their owners.
func TestAPoolsChangeIsRehearsed(t *testing.T) {
	const rule = `, "sweep": {"effective": "now", "graceDays": 0}, "reclaim": [{"id": "idle", "label": {"en": "Idle"}, "clock": "assignedAt", "days": "30"}]`
	w := newDepot(t, poolFiles(rule, ""))
	w.make("boss", "asset", map[string]any{"name": "Drill", "zone": "east", "holder": "ann"})
	w.make("boss", "asset", map[string]any{"name": "Saw", "zone": "east"})
	w.make("boss", "asset", map[string]any{"name": "Crane", "zone": "west"})
	boss := w.actor("boss")
	boss.Admin = true
	sooner := string(depot("1.0.0", poolFiles(strings.Replace(rule, `"30"`, `"10"`, 1), ""))["pools/east.json"])
	sooner = strings.Replace(sooner, `"hidden": ["worth"]`, `"hidden": ["worth", "note"]`, 1)
	sooner = strings.Replace(sooner, `zone == \"east\"`, `zone == \"east\" or zone == \"sea\" or name == \"Crane\"`, 1)
	got, _, err := w.Rehearse(t.Context(), boss, engine.RehearsalRequest{Form: "asset", Documents: map[string]string{"pools/east.json": sooner}}, nil)
	must(t, err)
	told := "\n" + sortedLines(effects(got)) + "\n"
	for _, want := range []string{"\ndeadline east: 1\n", "\nenters pool east: 1\n", "\nveiled note boss: 1\n"} {
		if !strings.Contains(told, want) {
			t.Errorf("no %q in %s", want, told)
		}
	}
	// The notice that a change owes an owner is part of what is rehearsed, and nothing has happened.
	if at := w.raw(got.Effects[0].Samples[0].ID).Values; at.Text(value.SysPool) == "" {
		t.Errorf("it is as %+v", at)
	}
}

// A rehearsal tells by owner and tier what would leave tonight and within thirty days, beside what leaves by what is
// published.
func TestARehearsalTellsWhoWouldLoseWhatWhen(t *testing.T) {
	w := newDepot(t, poolFiles(idle(``), ""))
	w.clock("2026-03-31 12:00")
	soonA, laterC := w.held("ann", "A"), w.held("ann", "C")
	w.held("abe", "B")
	w.clock("2026-04-01 12:00")
	boss := w.actor("boss")
	boss.Admin = true
	sooner := func(was, is string) map[string]string {
		text := string(depot("1.0.0", poolFiles(idle(``), ""))["pools/east.json"])
		return map[string]string{"pools/east.json": strings.Replace(text, was, is, 1)}
	}
	told := func(by value.Actor, documents map[string]string) []string {
		got, _, err := w.Rehearse(t.Context(), by, engine.RehearsalRequest{Form: "asset", Documents: documents}, nil)
		must(t, err)
		out := []string{}
		for _, l := range got.Leaving {
			line := fmt.Sprintf("%s %s %s: tonight %d → %d, month %d → %d", l.Pool, l.OwnerName, l.Tier, l.Tonight.Was, l.Tonight.Will, l.Month.Was, l.Month.Will)
			for _, one := range l.Samples {
				line += " +" + string(one.ID)
			}
			out = append(out, line)
		}
		slices.Sort(out)
		return out
	}
	// Seven full days from 1 April: A leaves on the 8th, B on the 16th, C on 1 May at one, the 30th day from now is until noon.
	same := []string{"east abe B: tonight 0 → 0, month 1 → 1", "east ann A: tonight 0 → 0, month 1 → 1", "east ann C: tonight 0 → 0, month 1 → 1"}
	if got := told(boss, sooner("A", "A")); !slices.Equal(got, same) {
		t.Errorf("unchanged: %q", got)
	}
	w.clock("2026-03-31 13:00") // now C leaves after the thirty days
	if got := told(boss, sooner("A", "A")); !slices.Equal(got, same[:2]) {
		t.Errorf("a day before: %q", got)
	}
	want := []string{same[0], "east ann A: tonight 0 → 0, month 1 → 0", "east ann C: tonight 0 → 0, month 0 → 1 +" + string(laterC)}
	if got := told(boss, sooner(`"A": 7, "B": 15, "C": 30`, `"A": 60, "B": 15, "C": 20`)); !slices.Equal(got, want) {
		t.Errorf("others: %q", got)
	}
	w.clock("2026-04-07 13:00") // the next sweep is that of the 8th
	if got := told(boss, sooner("A", "A")); !slices.Contains(got, "east ann A: tonight 1 → 1, month 1 → 1") {
		t.Errorf("on the eve: %q", got)
	}
	if w.owner(soonA) != "ann" {
		t.Error("something has happened")
	}
	clerk := w.actor("clerk") // to whom tiers are hidden
	clerk.Admin = true
	if got := told(clerk, sooner("A", "A")); !slices.Contains(got, "east ann : tonight 1 → 1, month 2 → 2") {
		t.Errorf("the clerk is told %q", got)
	}
	ann := w.actor("ann") // who reads her own
	ann.Admin = true
	if got := told(ann, sooner("A", "A")); !slices.Contains(got, "east  : tonight 0 → 0, month 1 → 1") || strings.Contains(strings.Join(got, ""), "abe") {
		t.Errorf("ann is told %q", got)
	}
}
