package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/intake"
	"tidewater/engine/notify"
	"tidewater/engine/value"
)

// heldBy is a file of assets in the east, a row for each of those named.
func heldBy(holders ...string) string {
	var b strings.Builder
	b.WriteString("name,zone,holder\n")
	for n, holder := range holders {
		fmt.Fprintf(&b, "Crane %d,east,%s\n", n, holder)
	}
	return b.String()
}

// turnsOf are n rows for each of some, in turns.
func turnsOf(n int, holders ...string) []string {
	return slices.Repeat(holders, n)
}

// marks are those that keep what events tell from being told twice.
func (w *world) marks() int {
	w.Helper()
	items, err := w.store.Scan(w.Context(), "noticeOnce", "", "", 1_000)
	must(w.TB, err)
	n := 0
	for _, item := range items {
		if strings.Contains(item.Key, "/event ") {
			n++
		}
	}
	return n
}

// However long an import takes and however much it gives somebody, they find one notice of it, which costs no mark.
func TestAnImportTellsEachPersonOnceOfAllThatItGivesThem(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	content := heldBy(append(turnsOf(30, "ann", "boss"), "abe", "nobody", "")...)
	w.importedBy("boss", content, assetPlan(""), true)
	w.hears("ann") // it was a dry run
	w.happen = func() { w.pass(time.Minute) }
	w.importedBy("boss", content, assetPlan(""), false)
	w.happen = nil
	w.hears("ann", "boss imported 30 records to you: Asset.")
	w.hears("abe", "boss imported Crane 60 to you (Asset).")
	if n := w.marks(); n != 0 {
		t.Errorf("%d marks", n)
	}
	page, _, err := w.Notices(t.Context(), w.actor("ann"), true, "", 10)
	must(t, err)
	if len(page) != 1 || page[0].Kind != notify.Assigned || page[0].Count != 30 || page[0].Records[29].Title != "Crane 58" || page[0].By.Title != "boss" || page[0].Job != "" {
		t.Errorf("ann reads %+v", page)
	}
	for _, n := range w.told("boss") { // who hears of the end of the job, and of nothing that is their own
		if strings.Contains(n, "to you") {
			t.Errorf("boss was told %q", n)
		}
	}
	w.importedBy("boss", heldBy("ann", "ann"), assetPlan(""), false)
	w.hears("ann", "boss imported 2 records to you: Asset.", "boss imported 30 records to you: Asset.")
	w.clean()
}

// An import of changes tells both whoever has a record now and whoever had it.
func TestAnImportTellsWhoeverLosesRecordsByIt(t *testing.T) {
	const all = `"create": true, "read": {"scope": "all"}, "update": {"scope": "all"}`
	w := newDepot(t, map[string]string{
		"roles/boss.json": `{"key": "boss", "label": {"en": "x"}, "forms": {"asset": {` + all + `}, "part": {` + all + `}}}`,
	})
	must(t, w.Choose(t.Context(), w.actor("wes"), notify.Choices{Off: []notify.Kind{notify.Assigned}}))
	parts := intake.Plan{Form: "part", Mode: intake.Create, Columns: assetPlan("").Columns[:1:1]}
	parts.Columns = append(parts.Columns, intake.Column{Column: "holder", Field: "holder"})
	made := w.importedBy("boss", heldBy(turnsOf(10, "ann")...), parts, false)
	_, ids := w.rowsOf("boss", made)
	var b strings.Builder
	b.WriteString("id,holder\n")
	for n, id := range ids {
		fmt.Fprintf(&b, "%s,%s\n", id, []string{"abe", "abe", "ann", "wes", ""}[n%5])
	}
	plan := intake.Plan{Form: "part", Mode: intake.Update, Clear: true, Key: []value.FieldKey{"id"}, Columns: []intake.Column{
		{Column: "id", Field: "id"}, {Column: "holder", Field: "holder"},
	}}
	said, _ := w.rowsOf("boss", w.importedBy("boss", b.String(), plan, false))
	if fmt.Sprint(said[:5]) != "[changed changed unchanged changed changed]" {
		t.Fatal(said)
	}
	w.hears("abe", "boss imported 4 records to you: Part.")
	w.hears("wes") // who does not want to hear of it
	got := w.told("ann")
	slices.Sort(got)
	want := []string{
		"boss gave 6 of your records to somebody else: Part.", "boss imported 10 records to you: Part.", "boss put 2 of your records back into their pools: Part.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("ann was told %q", got)
	}
	w.clean()
}

// What a batch tells is written with it: an import that is killed and goes on elsewhere tells of each row once,
// and one that is cancelled of what it has made.
func TestAnImportThatIsKilledTellsOfEachRowOnce(t *testing.T) {
	w := newDepot(t, poolFiles("", ""))
	ask := func() value.ID {
		req := engine.ImportRequest{File: w.bring("boss", heldBy(turnsOf(40, "ann")...)), Plan: assetPlan("")}
		j, err := w.Import(t.Context(), w.actor("boss"), req, nil)
		must(t, err)
		return j.ID
	}
	ask()
	kills := 0
	for range 3 {
		ctx, kill := context.WithCancel(t.Context())
		batches := 0
		w.happen = func() {
			if batches++; batches == 2 { // before anything of this batch is written
				w.saving = func() { kills++; kill() }
			}
		}
		if _, err := w.Jobs.RunOnce(ctx); err != nil {
			t.Logf("killed: %v", err)
		}
		kill()
	}
	w.happen, w.saving = nil, nil
	if kills != 3 {
		t.Errorf("killed %d times", kills)
	}
	w.Engine = w.open()
	w.turns()
	w.hears("ann", "boss imported 40 records to you: Asset.")

	w.pass(time.Hour)
	id, batches := ask(), 0
	w.happen = func() {
		if batches++; batches == 4 {
			_, err := w.Jobs.Cancel(t.Context(), w.actor("boss"), id)
			must(t, err)
		}
	}
	w.turns()
	w.happen = nil
	j, err := w.Jobs.Get(t.Context(), w.actor("boss"), id)
	must(t, err)
	if made := j.Counts["made"]; made == 0 || made == 40 {
		t.Fatalf("it made %d before it was cancelled", made)
	}
	w.hears("ann", fmt.Sprintf("boss imported %d records to you: Asset.", j.Counts["made"]), "boss imported 40 records to you: Asset.")
	w.clean()
}
