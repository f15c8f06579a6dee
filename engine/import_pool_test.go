package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/value"
)

func assetPlan(pool string) intake.Plan {
	return intake.Plan{Form: "asset", Mode: intake.Create, Pool: pool, Columns: []intake.Column{
		{Column: "name", Field: "name"}, {Column: "zone", Field: "zone"}, {Column: "holder", Field: "holder"},
	}}
}

// importedBy is an import of assets by somebody, worked off to its end.
func (w *world) importedBy(who value.ID, content string, plan intake.Plan, dry bool) *job.Job {
	w.Helper()
	req := engine.ImportRequest{File: w.bring(who, content), Plan: plan, DryRun: dry}
	j, err := w.Import(w.Context(), w.actor(who), req, nil)
	must(w.TB, err)
	w.turns()
	done, err := w.Jobs.Get(w.Context(), w.actor(who), j.ID)
	must(w.TB, err)
	if done.State != job.Done {
		w.Fatalf("the import ended as %+v, %+v", done, done.Reason)
	}
	return done
}

// rowsOf are what became of the rows: what was done, or the code of the first flaw, in their order.
func (w *world) rowsOf(who value.ID, j *job.Job) (said []string, ids []value.ID) {
	w.Helper()
	rows, _, err := w.ImportRows(w.Context(), w.actor(who), j.ID, "", "")
	must(w.TB, err)
	for _, row := range rows {
		one := row.Op
		if len(row.Flaws) > 0 {
			one = row.Flaws[0].Code
		}
		said, ids = append(said, one), append(ids, row.ID)
	}
	return said, ids
}

// TestAnImportNamesAPoolOrOwners holds the homes of what comes from a file: named, or routed, and since when
// whoever it is for has it.
func TestAnImportNamesAPoolOrOwners(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	const content = "name,zone,holder\nA,east,\nB,sea,\nC,west,ann\n"
	for pool, want := range map[string][]string{"": {"east", "", "west"}, "west": {"west", "west", "west"}} {
		dry := w.importedBy("boss", content, assetPlan(pool), true)
		if said, _ := w.rowsOf("boss", dry); fmt.Sprint(said) != "[made made made]" {
			t.Errorf("into %q, a dry run: %v", pool, said)
		}
		j := w.importedBy("boss", content, assetPlan(pool), false)
		said, ids := w.rowsOf("boss", j)
		if fmt.Sprint(said) != "[made made made]" {
			t.Fatalf("into %q: %v", pool, said)
		}
		for n, id := range ids {
			values := w.raw(id).Values
			if home := values.Text(value.SysPool); home != want[n] {
				t.Errorf("into %q, row %d: it is at home in %q", pool, n+2, home)
			}
			owned := values.Text("holder") == "ann"
			if owned != (n == 2) || owned != (values.At(value.SysAssignedAt) != 0) || owned == (values.At(value.SysPooledAt) != 0) {
				t.Errorf("into %q, row %d: %v", pool, n+2, values)
			}
		}
		if pool != "" { // it stays until a field that routes changes
			for _, one := range []struct{ field, text, home string }{{"note", "seen", "west"}, {"zone", "sea", ""}, {"zone", "east", "east"}} {
				w.edit(ids[0], map[string]any{one.field: one.text})
				if home := w.raw(ids[0]).Values.Text(value.SysPool); home != one.home {
					t.Errorf("%s %s: it is at home in %q", one.field, one.text, home)
				}
			}
		}
		undo, err := w.Undo(t.Context(), w.actor("boss"), j.ID)
		must(t, err)
		w.turns()
		undone, err := w.Jobs.Get(t.Context(), w.actor("boss"), undo.ID)
		must(t, err)
		if kept := map[string]int64{"": 0, "west": 1}[pool]; undone.Counts["kept"] != kept || undone.Counts["undone"] != 3-kept {
			t.Errorf("undone: %+v", undone)
		}
	}
	w.clean()
}

// TestAnImportGivesNobodyWhatTheyMayNotGive holds the rights over pools for whoever brings a file.
func TestAnImportGivesNobodyWhatTheyMayNotGive(t *testing.T) {
	w := newDepot(t, poolFiles("", `, "hold": {"max": 2}`))
	ask := func(who value.ID, plan intake.Plan) error {
		_, err := w.Import(t.Context(), w.actor(who), engine.ImportRequest{File: w.bring(who, "name,zone,holder\nA,east,\n"), Plan: plan}, nil)
		return err
	}
	update := assetPlan("east")
	update.Mode, update.Key = intake.Update, []value.FieldKey{"id"}
	update.Columns[0].Field = "id"
	for name, one := range map[string]struct {
		who  value.ID
		plan intake.Plan
		code string
	}{
		"one who only claims": {"ann", assetPlan("east"), "/pool pool.mayNotPlace"},
		"another zone's":      {"ann", assetPlan("west"), "/pool pool.mayNotPlace"},
		"an unknown pool":     {"boss", assetPlan("north"), "/pool pool.unknown"},
		"records on hand":     {"boss", update, "/pool import.poolForNew"},
	} {
		if err := ask(one.who, one.plan); fault.CodeOf(err) != "import.plan" || !strings.Contains(err.Error(), one.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for who, want := range map[value.ID]bool{"ann": false, "boss": true} { // and says so before
		for _, f := range w.Records.CatalogFor(w.actor(who)).Forms {
			for _, pool := range f.Pools {
				if pool.Place != want {
					t.Errorf("the catalog of %s says of %s: %v", who, pool.Key, pool.Place)
				}
			}
		}
	}
	// One's own are one's own; for others it takes the right to assign, and they must have room.
	j := w.importedBy("ann", "name,zone,holder\nA,east,ann\nB,east,abe\nC,east,\n", assetPlan(""), false)
	if said, _ := w.rowsOf("ann", j); fmt.Sprint(said) != "[made record.mayNotOwn made]" {
		t.Errorf("ann's: %v", said)
	}
	rows := "name,zone,holder\nA,west,wes\nB,west,wes\nC,west,wes\nD,west,gone\nE,west,nobody\n"
	j = w.importedBy("boss", rows, assetPlan(""), false)
	if said, _ := w.rowsOf("boss", j); fmt.Sprint(said) != "[made made pool.holdFull field.reference field.member]" {
		t.Errorf("the boss's: %v", said)
	}
	w.clean()
}
