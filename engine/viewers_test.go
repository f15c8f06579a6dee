package engine_test

import (
	"strings"
	"testing"

	"tidewater/engine/explain"
	"tidewater/engine/fault"
	"tidewater/engine/message"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func english(t *testing.T) record.Language {
	t.Helper()
	texts, err := message.Load()
	must(t, err)
	return record.Language{Locale: "en", Say: func(code string, args fault.Args) string { return texts.Text("en", code, args) }}
}

// why is what an explanation of a right says, a part each.
func why(v *explain.View) string {
	lines := []string{v.Text}
	for _, part := range v.Parts {
		lines = append(lines, part.Label+": "+part.Text)
	}
	return strings.Join(lines, "; ")
}

// What lets somebody at a record that is no scope of theirs is told, and what it does not let them do.
func TestSharesAndDeputiesAreExplained(t *testing.T) {
	w := sharing(t, "")
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	in := english(t)
	asked := func(who value.ID, verb meta.Verb, want string) {
		t.Helper()
		got, err := w.Records.ExplainRight(t.Context(), w.actor(who), "asset", id, "", verb, in)
		must(t, err)
		if told := why(got.Right); told != want {
			t.Errorf("%s %s:\n%s, want\n%s", who, verb, told, want)
		}
		seen, err := w.Records.Get(t.Context(), w.actor(who), "asset", id)
		must(t, err)
		if may := map[meta.Verb]bool{meta.Read: true, meta.Update: seen.Rights.Update, meta.Delete: seen.Rights.Delete}[verb]; got.Right.Value != may {
			t.Errorf("%s %s: explained as %v", who, verb, got.Right.Value)
		}
	}
	w.did("ann", id, "share", map[string]any{"person": "wes", "how": "read", "until": "2026-04-01"}, "")
	asked("wes", meta.Read, "yes; x: one's own records: no; Shared by ann: to read: yes")
	asked("wes", meta.Update, "no; x: one's own records: no; Shared by ann: to read: no")
	w.did("ann", id, "share", to("wes", "team"), "")
	asked("wes", meta.Update, "yes; x: one's own records: no; Shared by ann: as a collaborator: yes")
	asked("wes", meta.Delete, "no; x: one's own records: no; Shared by ann: as a collaborator: no")
	w.did("boss", id, "share", map[string]any{"unit": "office", "how": "write"}, "")
	asked("rea", meta.Read, "yes; Reader: one's own records: no; Shared by boss with Office: to read and change: yes")
	asked("rea", meta.Update, "no; Reader: no records: no; Shared by boss with Office: to read and change: no")

	w.annAway(20260401, 20260402, "abe")
	w.clock("2026-04-01 09:00")
	asked("abe", meta.Read, "yes; x: one's own records: yes; Stands in for ann today: yes")
	asked("abe", meta.Update, "yes; x: one's own records: yes; Stands in for ann today: yes")
	asked("abe", meta.Delete, "no; x: one's own records: no; Stands in for ann today: no")
}

// Who sees a record, and a field of it, is what each of them finds when they look; it is told to who may share it.
func TestWhoSeesARecordAndAField(t *testing.T) {
	w := sharing(t, "")
	w.clock("2026-03-31 12:00")
	id := w.held("ann", "A")
	w.did("ann", id, "share", map[string]any{"person": "wes", "how": "read", "until": "2026-04-01"}, "")
	w.did("ann", id, "share", map[string]any{"unit": "office", "how": "read"}, "")
	w.annAway(20260401, 20260402, "abe")
	in := english(t)
	told := func(asker value.ID, field value.FieldKey) map[value.ID]record.Viewer {
		t.Helper()
		out := map[value.ID]record.Viewer{}
		for after := value.ID(""); ; {
			page, err := w.Records.ViewersOf(t.Context(), w.actor(asker), "asset", id, field, after, 2, in)
			must(t, err)
			if len(page.Viewers) > 2 {
				t.Errorf("%d on a page of 2", len(page.Viewers))
			}
			for _, one := range page.Viewers {
				if _, double := out[one.Person.ID]; double {
					t.Errorf("%s twice", one.Person.ID)
				}
				out[one.Person.ID] = one
			}
			if after = page.Next; after == "" {
				return out
			}
		}
	}
	for _, day := range []string{"2026-03-31 12:00", "2026-04-01 09:00", "2026-04-02 09:00", "2026-04-03 09:00"} {
		w.clock(day)
		all, worth := told("ann", ""), told("boss", "worth")
		for _, user := range w.people.Users() {
			one, sees := all[user.ID]
			if !user.Active {
				if sees {
					t.Errorf("%s has left and is told to see it", user.ID)
				}
				continue
			}
			seen, err := w.Records.Get(t.Context(), w.actor(user.ID), "asset", id)
			if sees != (err == nil) || sees && one.Update != seen.Rights.Update {
				t.Errorf("%s: %s is told to see it: %+v; %v", day, user.ID, one, err)
			}
			hidden := user.ID == "rea" || user.ID == "clerk"
			if _, reads := worth[user.ID]; reads != (sees && !hidden) {
				t.Errorf("%s: %s is told to see its worth: %v", day, user.ID, reads)
			}
		}
	}
	w.clock("2026-04-01 09:00")
	all := told("ann", "")
	for who, want := range map[value.ID]string{
		"wes": "yes; x: one's own records: no; Shared by ann: to read: yes", "rea": "yes; Reader: one's own records: no; Shared by ann with Office: to read: yes",
		"abe": "yes; x: one's own records: yes; Stands in for ann today: yes",
	} {
		if got := why(all[who].Why); got != want {
			t.Errorf("%s: %s", who, got)
		}
	}
	// Neither guests nor deputies are told, nor who does not see the field themselves.
	for who, code := range map[value.ID]string{"wes": "explain.viewers", "abe": "explain.viewers", "lea": "record.notFound"} {
		if _, err := w.Records.ViewersOf(t.Context(), w.actor(who), "asset", id, "", "", 10, in); fault.CodeOf(err) != code {
			t.Errorf("%s is told: %v", who, err)
		}
	}
	for _, field := range []value.FieldKey{"worth", "nothing"} {
		if _, err := w.Records.ViewersOf(t.Context(), w.actor("rea"), "asset", id, field, "", 10, in); fault.CodeOf(err) != "field.unknown" {
			t.Errorf("rea is told of %s: %v", field, err)
		}
	}
	if page, err := w.Records.ViewersOf(t.Context(), w.actor("ann"), "asset", id, "", "~", 10, in); err != nil || len(page.Viewers) != 0 || page.Next != "" {
		t.Errorf("after the last: %+v %v", page, err)
	}
}
