package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// newAlike is a depot that knows duplicates: by name, by note, which blocks, by a number that its pool masks, and by what
// keepers do not see. Ann reads what she holds and the pool of her zone.
func newAlike(t *testing.T) *world {
	t.Helper()
	rule := func(key, fields, then string) string {
		return `{"key": "` + key + `", "label": {"en": "` + strings.ToUpper(key) + `"}, "fields": [` + fields + `], "then": "` + then + `"}`
	}
	form := strings.Replace(asset, `"x-holders"`, `"x-duplicates": [`+strings.Join([]string{
		rule("name", `"name"`, "warn"), rule("note", `"note"`, "block"), rule("phone", `"phone"`, "warn"), rule("worth", `"tier", "worth"`, "warn"),
	}, ",")+`], "x-holders"`, 1)
	form = strings.Replace(form, `"x-label": {"en": "Worth"}, "x-scale": 2`, `"x-label": {"en": "Worth"}, "x-scale": 2, "x-default": "5.00"`, 1)
	files := poolFiles(`, "masked": {"phone": "untilClaimed"}`, "")
	files["forms/asset/form.json"] = form
	own := `"create": true, "read": {"scope": "own"}, "update": {"scope": "own"}, "delete": {"scope": "own"}`
	files["roles/keeper.json"] = `{"key": "keeper", "label": {"en": "x"}, "forms": {"asset": {` + own + `, "fields": {"worth": "hidden"}}}}`
	return newDepot(t, files)
}

func alikePlan() intake.Plan {
	return intake.Plan{Form: "asset", Mode: intake.Create, Columns: []intake.Column{
		{Column: "name", Field: "name"}, {Column: "tier", Field: "tier"}, {Column: "note", Field: "note"}, {Column: "phone", Field: "phone"},
		{Column: "holder", Field: "holder"},
	}}
}

// alikes are what ann's rows look like, by row: the rule, and as much as she may know.
func (w *world) alikes(j *job.Job, only string) map[int]string {
	w.Helper()
	rows, _, err := w.ImportRows(w.Context(), w.actor("ann"), j.ID, only, "")
	must(w.TB, err)
	out := map[int]string{}
	for _, row := range rows {
		var said []string
		for _, d := range row.Alike {
			said = append(said, d.Rule+" "+string(d.ID)+"/"+d.Title+holderOf(d))
		}
		for _, twin := range row.Twins {
			said = append(said, fmt.Sprint(twin.Rule, " row ", twin.Row))
		}
		out[row.Row] = strings.Join(said, "; ")
	}
	return out
}

func holderOf(d record.Duplicate) string {
	if d.Owner == nil {
		return "@" + d.Pool
	}
	return "@" + d.Owner.Title
}

const alikeRows = "name,tier,note,phone,holder\n" +
	"Crane,,,,ann\n" + // 2: one of hers
	"Winch,,,,ann\n" + // 3: somebody else's
	"Drill,,,,ann\n" + // 4: new
	"drill,,,,ann\n" + // 5: as the one before
	"Lathe,,T1,,ann\n" + // 6: may not be there twice
	"Saw,B,,,ann\n" + // 7: by what she does not see
	"Plane,B,,,ann\n" + // 8: the same once more
	"Press,,,13800138000,ann\n" // 9: a number that the pool masks

func TestAnImportTellsWhatItsRowsLookLike(t *testing.T) {
	w := newAlike(t)
	crane := w.make("boss", "asset", map[string]any{"name": "Crane", "holder": "ann"})
	w.make("boss", "asset", map[string]any{"name": "Winch", "holder": "wes", "worth": "9.00"})
	w.make("boss", "asset", map[string]any{"name": "Mill", "holder": "wes", "note": "t1", "worth": "9.00"})
	w.make("boss", "asset", map[string]any{"name": "Rig", "holder": "wes", "tier": "B", "worth": "5.00"})
	w.make("boss", "asset", map[string]any{"name": "Tug", "zone": "east", "phone": "13800138000", "worth": "9.00"})

	hers := "name " + string(crane.ID) + "/Crane@ann"
	want := fmt.Sprint(map[int]string{2: hers, 3: "name /@wes", 4: "", 5: "name row 4", 6: "note /@wes", 7: "", 8: "", 9: ""})
	for _, dry := range []bool{true, false} {
		j := w.importedBy("ann", alikeRows, alikePlan(), dry)
		if got := fmt.Sprint(w.alikes(j, "")); got != want {
			t.Errorf("dry %v: told %v, want %v", dry, got, want)
		}
		if said, _ := w.rowsOf("ann", j); fmt.Sprint(said) != "[made made made made duplicate.held made made made]" {
			t.Errorf("dry %v: became %v", dry, said)
		}
		if got := w.alikes(j, "alike"); len(got) != 4 || j.Counts["alike"] != 4 {
			t.Errorf("dry %v: those alike are %v, counted %d", dry, got, j.Counts["alike"])
		}
		told := fmt.Sprint(w.sheetAs("ann", value.ID(j.Result), grid.Choice{}))
		if want := "“NOTE” is that of a record that wes holds."; !strings.Contains(told, want) || !strings.Contains(told, "May be a duplicate") {
			t.Errorf("dry %v: the file says %s", dry, told)
		}
		if dry {
			continue
		}
		must(t, w.Records.Delete(t.Context(), w.actor("boss"), "asset", crane.ID, 1, ""))
		if got := w.alikes(j, "")[2]; got != "name /@ann" {
			t.Errorf("of a record that went out of sight: %s", got)
		}
	}
	asked, err := w.store.Scan(t.Context(), "lookup", "ann", "", 10)
	if err != nil || len(asked) > 0 {
		t.Errorf("an import has looked up %+v, %v", asked, err)
	}
	w.clean()
}

// TestAnImportSaysNothingOfWhatItsAskerDoesNotSee compares two depots that differ in what is hidden alone.
func TestAnImportSaysNothingOfWhatItsAskerDoesNotSee(t *testing.T) {
	var told []string
	for _, there := range []map[string]any{
		{"name": "Rig", "holder": "wes", "tier": "B", "worth": "5.00"}, {"name": "Rig", "holder": "wes", "tier": "B", "worth": "9.00"},
	} {
		w := newAlike(t)
		w.make("boss", "asset", there)
		j := w.importedBy("ann", "name,tier,note,phone,holder\nSaw,B,,,ann\nPlane,B,,,ann\n", alikePlan(), true)
		rows, _, err := w.ImportRows(t.Context(), w.actor("ann"), j.ID, "", "")
		must(t, err)
		told = append(told, fmt.Sprintf("%+v %v", rows, j.Counts))
	}
	if told[0] != told[1] {
		t.Errorf("what is hidden tells:\n%s\n%s", told[0], told[1])
	}
}

// TestRowsBeforeAreKnownWhereAnImportGoesOn lets another process take over in the middle of a trial.
func TestRowsBeforeAreKnownWhereAnImportGoesOn(t *testing.T) {
	w := newAlike(t)
	content := "name,tier,note,phone,holder\nDrill,,,,ann\n"
	for n := range 20 {
		content += fmt.Sprintf("Thing %d,,,,ann\n", n)
	}
	content += "DRILL,,,,ann\n"
	req := engine.ImportRequest{File: w.bring("ann", content), Plan: alikePlan(), DryRun: true}
	j, err := w.Import(t.Context(), w.actor("ann"), req, nil)
	must(t, err)
	for worked := true; worked; {
		worked, err = w.open().Jobs.RunOnce(t.Context())
		must(t, err)
	}
	if got := w.alikes(j, "alike"); fmt.Sprint(got) != "map[23:name row 2]" {
		t.Errorf("told %v", got)
	}
}
