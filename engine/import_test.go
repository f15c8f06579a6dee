package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// goods is a file of n books: row 4 costs no number, row 6 has the code of row 5, row 9 stands nowhere.
func goods(n int, withCodes bool) string {
	var b strings.Builder
	b.WriteString("name,nr,cost,place\n")
	for i := range n {
		row := []string{fmt.Sprint("Tale ", i), fmt.Sprint("c", i), "1.50", "North"}
		switch i {
		case 2:
			row[2] = "cheap"
		case 4:
			row[1] = "c3"
		case 7:
			row[3] = "Nowhere"
		}
		if !withCodes {
			row[1] = ""
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

func goodsPlan() intake.Plan {
	return intake.Plan{Form: "book", Mode: intake.Create, Columns: []intake.Column{
		{Column: "name", Field: "title"}, {Column: "nr", Field: "code"}, {Column: "cost", Field: "price"},
		{Column: "place", Field: "shelf", By: "name"}, {Text: "2", Field: "count"},
	}}
}

// bring keeps a file of kim's.
func (w *world) bring(actor value.ID, content string) value.ID {
	w.Helper()
	id, err := w.Keep(w.Context(), w.actor(actor), "goods.csv", strings.NewReader(content))
	must(w.TB, err)
	return id
}

// imported is an import of a file of kim's, worked off to its end.
func (w *world) imported(content string, plan intake.Plan, dry bool) *job.Job {
	w.Helper()
	j, err := w.Import(w.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", content), Plan: plan, DryRun: dry}, nil)
	must(w.TB, err)
	w.turns()
	done, err := w.Jobs.Get(w.Context(), w.actor("kim"), j.ID)
	must(w.TB, err)
	if done.State != job.Done {
		w.Fatalf("the import ended as %+v, %+v", done, done.Reason)
	}
	return done
}

// became are what became of an import's rows, by row.
func (w *world) became(j *job.Job) map[int]engine.RowOutcome {
	w.Helper()
	out := map[int]engine.RowOutcome{}
	for after := ""; ; {
		rows, next, err := w.ImportRows(w.Context(), w.actor("kim"), j.ID, "", after)
		must(w.TB, err)
		for _, row := range rows {
			if _, twice := out[row.Row]; twice {
				w.Errorf("row %d is told twice", row.Row)
			}
			out[row.Row] = row
		}
		if after = next; next == "" {
			return out
		}
	}
}

// ops are the rows by what became of them.
func ops(rows map[int]engine.RowOutcome) map[string][]int {
	out := map[string][]int{}
	for _, number := range slices.Sorted(maps.Keys(rows)) {
		out[rows[number].Op] = append(out[rows[number].Op], number)
	}
	return out
}

// sheetOf reads a table of a file in the store.
func (w *world) sheetOf(id value.ID, choice grid.Choice) [][]string {
	w.Helper()
	return w.sheetAs("kim", id, choice)
}

func (w *world) sheetAs(who, id value.ID, choice grid.Choice) [][]string {
	w.Helper()
	f, from, err := w.FileReader(w.Context(), w.actor(who), id)
	must(w.TB, err)
	data, err := io.ReadAll(from)
	must(w.TB, err)
	reader, _, err := tables{}.Open(w.Context(), grid.File{Name: f.Name, Size: f.Size, At: strings.NewReader(string(data))}, choice)
	must(w.TB, err)
	var out [][]string
	for {
		row, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		must(w.TB, err)
		out = append(out, row.Cells)
	}
}

func (w *world) count() int64 {
	w.Helper()
	page, err := w.Records.List(w.Context(), value.SystemActor("test"), record.ListRequest{Form: "book", Count: "exact"})
	must(w.TB, err)
	return page.Count.Value
}

func TestImportMakesRecordsOfRowsAndReportsTheOthersByRow(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	once := &job.Once{Key: "k", Hash: []byte("h")}
	req := engine.ImportRequest{File: w.bring("kim", goods(30, true)), Plan: goodsPlan()}
	j, err := w.Import(t.Context(), w.actor("kim"), req, once)
	must(t, err)
	again, err := w.Import(t.Context(), w.actor("kim"), req, once)
	if err != nil || again.ID != j.ID {
		t.Errorf("sent again: %v %v", again, err)
	}
	w.turns()
	got := w.last()
	if got.State != job.Done || got.Done != 30 || got.Total != 30 || got.Counts["made"] != 27 || got.Counts["refused"] != 3 || w.count() != 27 {
		t.Errorf("%+v, %d books", got, w.count())
	}
	want := map[string]string{"4": "record.invalid", "6": "record.taken", "9": "record.invalid"}
	for _, one := range got.Refused {
		if want[one.At] != one.Code || len(one.Issues) != 1 {
			t.Errorf("refused: %+v", one)
		}
		delete(want, one.At)
	}
	if len(want) != 0 {
		t.Errorf("not refused: %v", want)
	}
	rows := w.sheetOf(value.ID(got.Result), grid.Choice{})
	wantRows := [][]string{
		{"name", "nr", "cost", "place", "Row in the file", "Why it was refused"},
		{"Tale 2", "c2", "cheap (Please give a number.)", "North", "4", ""},
		{"Tale 4", "c3 (Already used by another record.)", "1.50", "North", "6", ""},
		{"Tale 7", "c7", "1.50", "Nowhere (The record referred to does not exist, or you may not see it.)", "9", ""},
	}
	if len(rows) != len(wantRows) {
		t.Fatalf("the file of refused rows has %q", rows)
	}
	for n := range rows {
		if n == 0 && !slices.Equal(rows[n], wantRows[n]) || n > 0 && !slices.Equal(rows[n][:5], wantRows[n][:5]) || rows[n][5] == "" {
			t.Errorf("refused row %d: %q", n, rows[n])
		}
	}
	if _, err := w.Records.File(t.Context(), w.actor("lib"), value.ID(got.Result)); fault.CodeOf(err) != "file.notFound" {
		t.Errorf("another fetches it: %v", err)
	}
	w.clean()
}

func TestImportIsRefusedWhereItCannotFit(t *testing.T) {
	w := newWorld(t)
	ask := func(actor value.ID, content string, plan intake.Plan) error {
		_, err := w.Import(t.Context(), w.actor(actor), engine.ImportRequest{File: w.bring(actor, content), Plan: plan}, nil)
		return err
	}
	two := 9
	wrong := intake.Plan{Form: "book", Mode: intake.Upsert, Key: []value.FieldKey{"title"}, Pool: "big", Columns: []intake.Column{
		{Column: "name", Field: "title", Round: &two}, {Column: "size", Field: "price"}, {Column: "nr", Field: "weight"},
		{Column: "cost", Field: "worth"}, {Column: "place", Field: "shelf", By: "colour"},
	}}
	err := ask("kim", goods(3, true), wrong)
	for _, path := range []string{
		"/columns/0/round import.notNumber", "/columns/1/column import.columnMissing", "/columns/2/field field.unknown",
		"/columns/3/field field.computed", "/columns/4/by field.unknown", "/key import.keyNotUnique", "/pool pool.unknown",
	} {
		if fault.CodeOf(err) != "import.plan" || !strings.Contains(err.Error(), path) {
			t.Errorf("no %s in %v", path, err)
		}
	}
	other := intake.Plan{Form: "shelf", Mode: intake.Create, Columns: []intake.Column{{Column: "name", Field: "name"}}}
	if err := ask("kim", goods(3, true), other); fault.CodeOf(err) != "record.mayNotCreate" {
		t.Errorf("who may not: %v", err)
	}
	if err := ask("kim", "\n\n", goodsPlan()); fault.CodeOf(err) != "import.header" {
		t.Errorf("no header: %v", err)
	}
	req := engine.ImportRequest{File: w.bring("lib", goods(3, true)), Plan: goodsPlan()}
	if _, err := w.Import(t.Context(), w.actor("kim"), req, nil); fault.CodeOf(err) != "file.notFound" {
		t.Errorf("another's file: %v", err)
	}
}

func TestImportStopsWhereItsAskerDoes(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	lib := org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true}
	begin := func() *job.Job {
		t.Helper()
		w.staff(org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true}, lib)
		req := engine.ImportRequest{File: w.bring("kim", goods(24, false)), Plan: goodsPlan()}
		j, err := w.Import(t.Context(), w.actor("kim"), req, nil)
		must(t, err)
		return j
	}
	j := begin()
	w.between(8, func() {
		_, err := w.Jobs.Cancel(t.Context(), w.actor("kim"), j.ID)
		must(t, err)
	})
	w.turns() // the batch under way is finished
	if got := w.last(); got.State != job.Cancelled || got.Done != 16 {
		t.Errorf("cancelled: %+v", got)
	}
	made := w.count()

	begin()
	w.between(16, func() { w.staff(org.User{ID: "kim", Username: "kim", Name: "Kim", Active: true}, lib) })
	w.turns()
	// Without any right the form is unknown, and with it what the plan speaks of.
	if got := w.last(); got.State != job.Failed || got.Reason.Code != "form.unknown" || got.Done != 16 || w.count() != made+got.Counts["made"] {
		t.Errorf("the right is lost: %+v", got)
	}
	begin()
	w.between(8, func() { w.staff(org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}}, lib) })
	w.turns()
	if got := w.last(); got.State != job.Failed || got.Reason.Code != "job.askerGone" || got.Done != 8 {
		t.Errorf("kim has left: %+v", got)
	}
	w.clean()
}

// TestADryRunSaysWhatTheRunDoes holds that for creates, changes and refusals of each sort.
func TestADryRunSaysWhatTheRunDoes(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	w.make("kim", "book", map[string]any{"title": "Old", "code": "a", "price": "1.00"})
	w.make("kim", "book", map[string]any{"title": "Same", "code": "b"})
	w.make("lib", "book", map[string]any{"title": "Unseen", "code": "c"})
	content := "name,nr,cost,place,after\n" +
		"New,a,2,North,\n" + // changed
		"Same,b,,,\n" + // unchanged
		"Mine,c,,,\n" + // kim does not see whose code it is: taken
		"Fresh,d,,,e\n" + // made, after the one below
		"First,e,,,\n" + // made
		"Again,e,,,\n" + // its record is told by the row before
		"Round,f,,,g\n" + "Robin,g,,,f\n" + // a circle
		",h,,,\n" + // no title
		"Lost,i,,Nowhere,\n" +
		"Chain,j,,,d\n" + "Chained,k,,,j\n" + strings.Repeat("x", 70) + ",l,,,\n"
	plan := intake.Plan{Form: "book", Mode: intake.Upsert, Key: []value.FieldKey{"code"}, Columns: []intake.Column{
		{Column: "name", Field: "title"}, {Column: "nr", Field: "code"}, {Column: "cost", Field: "price"},
		{Column: "place", Field: "shelf", By: "name"}, {Column: "after", Field: "sequelTo", By: "code"},
	}}
	before := w.count()
	dry := w.imported(content, plan, true)
	if w.count() != before {
		t.Fatalf("a dry run made %d records", w.count()-before)
	}
	said := w.became(dry)
	run := w.imported(content, plan, false)
	did := w.became(run)
	for row := range did {
		a, b := said[row], did[row]
		if a.Op != b.Op || fmt.Sprint(a.Flaws) != fmt.Sprint(b.Flaws) {
			t.Errorf("row %d: said %+v, did %+v", row, a, b)
		}
	}
	want := map[string][]int{"made": {5, 6, 12, 13}, "changed": {2}, "unchanged": {3}, "refused": {4, 7, 8, 9, 10, 11, 14}}
	if got := ops(did); fmt.Sprint(got) != fmt.Sprint(want) || len(said) != len(did) {
		t.Errorf("became %v, want %v; the dry run told of %d rows", got, want, len(said))
	}
	changes := said[2].Changes
	if len(changes) != 4 || changes[0].Field != "price" || changes[0].From != "1.00" || changes[0].To != "2.00" {
		t.Errorf("the change of row 2: %+v", changes)
	}
	named := 0
	for row, one := range said {
		for _, c := range one.Changes {
			if ref, is := c.To.(map[string]any); is && ref["id"] != nil {
				if named++; ref["title"] == nil {
					t.Errorf("row %d: whom %s names is not said: %v", row, c.Field, ref)
				}
			}
		}
	}
	if named == 0 {
		t.Error("no change of the dry run names anybody: nothing is held")
	}
	for row, code := range map[int]string{4: "unique.taken", 7: "import.keyTwice", 8: "import.circle", 10: "field.required", 11: "field.reference", 14: "field.tooLong"} {
		if flaws := did[row].Flaws; len(flaws) != 1 || flaws[0].Code != code {
			t.Errorf("row %d: %+v", row, flaws)
		}
	}
	w.clean()
}

// TestImportedReferencesReachNoFurtherThanTheirAsker holds that a record which the asker does not see reads as one that
// is not there, by any field and by its id, while one of the same file is found.
func TestImportedReferencesReachNoFurtherThanTheirAsker(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	hidden := w.make("lib", "book", map[string]any{"title": "Hidden tale", "code": "h"})
	w.make("kim", "book", map[string]any{"title": "Own tale", "code": "o"})
	for by, said := range map[string][2]string{"code": {"h", "o"}, "title": {"Hidden tale", "Own tale"}, "id": {string(hidden.ID), "nobody"}} {
		plan := intake.Plan{Form: "book", Mode: intake.Create, Columns: []intake.Column{
			{Column: "name", Field: "title"}, {Column: "after", Field: "sequelTo", By: by},
		}}
		rows := w.became(w.imported("name,after\nA,"+said[0]+"\nB,never\nC,"+said[1]+"\n", plan, false))
		unseen, absent := rows[2], rows[3]
		if len(unseen.Flaws) != 1 || len(absent.Flaws) != 1 || unseen.Flaws[0].Code != "field.reference" || absent.Flaws[0].Code != "field.reference" {
			t.Errorf("by %s: %+v, %+v", by, unseen, absent)
		}
		if by != "id" && rows[4].Op != "made" {
			t.Errorf("by %s: one's own is not found: %+v", by, rows[4])
		}
	}
	w.clean()
}

// TestReferencesByAFieldWithoutAnIndexAreRefusedBeforeTheyFail holds that an import which would end half done among many
// records is not begun, and one among few is done.
func TestReferencesByAFieldWithoutAnIndexAreRefusedBeforeTheyFail(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "N", "floor": "North"})
	plan := goodsPlan()
	plan.Columns[3].By = "floor"
	ask := func() error {
		_, err := w.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", goods(3, true)), Plan: plan}, nil)
		return err
	}
	must(t, ask())
	changes := make([]record.Change, 500)
	for made := 1; made <= record.MaxWalked; made += len(changes) {
		for n := range changes {
			changes[n] = record.Change{Op: record.OpCreate, Values: map[string]any{"name": fmt.Sprint("Shelf ", made+n)}}
		}
		must(t, w.Records.Many(t.Context(), w.actor("lib"), "shelf", changes, func(store.Tx, int, []record.Outcome) error { return nil }))
	}
	if err := ask(); fault.CodeOf(err) != "import.plan" || !strings.Contains(err.Error(), "/columns/3/by import.byUnindexed") {
		t.Errorf("among many: %v", err)
	}
	plan.Columns[3].By = "id"
	must(t, ask())
}

func TestUndoRestoresWhatNobodyTouchedAndTellsTheRest(t *testing.T) {
	w := newWorld(t)
	kept := w.make("kim", "book", map[string]any{"title": "Old", "code": "a", "price": "1.00"})
	w.make("kim", "book", map[string]any{"title": "Touched", "code": "b", "price": "1.00"})
	content := "name,nr,cost\nOlder,a,\nT,b,9\nMade,c,3\nMade too,d,3\n"
	plan := intake.Plan{Form: "book", Mode: intake.Upsert, Key: []value.FieldKey{"code"}, Columns: []intake.Column{
		{Column: "name", Field: "title"}, {Column: "nr", Field: "code"}, {Column: "cost", Field: "price"},
	}, Clear: true}
	j := w.imported(content, plan, false)
	if got := w.get("book", kept.ID); got.Values["title"] != "Older" || got.Values["price"] != nil {
		t.Fatalf("after the import: %v", got.Values)
	}
	did := w.became(j)
	for _, row := range []int{3, 5} {
		_, err := w.Records.Update(t.Context(), w.actor("kim"), "book", did[row].ID, did[row].Version, record.Input{Values: map[string]any{"note": "mine"}})
		must(t, err)
	}
	if _, err := w.Undo(t.Context(), w.actor("lib"), j.ID); fault.CodeOf(err) != "job.notFound" {
		t.Errorf("another's: %v", err)
	}
	undoable := func(id value.ID) bool {
		t.Helper()
		found, err := w.Jobs.Get(t.Context(), w.actor("kim"), id)
		must(t, err)
		return engine.Undoable(found)
	}
	if !undoable(j.ID) {
		t.Error("what can be taken back does not say so")
	}
	undo, err := w.Undo(t.Context(), w.actor("kim"), j.ID)
	must(t, err)
	if undoable(j.ID) {
		t.Error("it is taken back, and says that it can be")
	}
	again, err := w.Undo(t.Context(), w.actor("kim"), j.ID)
	if err != nil || again.ID != undo.ID {
		t.Errorf("again: %v %v", again, err)
	}
	w.turns()
	got := w.last()
	if got.State != job.Done || got.Counts["undone"] != 2 || got.Counts["kept"] != 2 || len(got.Refused) != 2 || got.Refused[0].Code != "record.stale" {
		t.Errorf("undone: %+v", got)
	}
	rows := w.became(&job.Job{ID: undo.ID})
	if fmt.Sprint(ops(rows)) != "map[kept:[3 5] undone:[2 4]]" || len(rows[3].Flaws) != 1 || rows[3].Flaws[0].Code != "record.stale" || rows[3].ID != did[3].ID {
		t.Errorf("told of the rows: %+v", rows)
	}
	if now := w.get("book", kept.ID); now.Values["title"] != "Old" || now.Values["price"] != "1.00" {
		t.Errorf("taken back: %v", now.Values)
	}
	if w.count() != 3 { // two from before, and the one that was touched
		t.Errorf("%d books", w.count())
	}
	if undoable(undo.ID) {
		t.Error("an undoing can be undone")
	}
	if _, err := w.Undo(t.Context(), w.actor("kim"), undo.ID); fault.CodeOf(err) != "import.notUndone" {
		t.Errorf("an undoing: %v", err)
	}
	dry := w.imported(content, plan, true)
	if undoable(dry.ID) {
		t.Error("a dry run can be undone")
	}
	if _, err := w.Undo(t.Context(), w.actor("kim"), dry.ID); fault.CodeOf(err) != "import.notUndone" {
		t.Errorf("a dry run: %v", err)
	}
	w.clean()
}

// TestRowsOfTablesAreMatchedAndNeverLeftOut holds that lines that a file leaves out stay.
func TestRowsOfTablesAreMatchedAndNeverLeftOut(t *testing.T) {
	w := newWorld(t)
	made := w.make("kim", "book", map[string]any{"title": "Tale", "code": "a", "loans": []any{
		map[string]any{"reader": "Ann", "day": "2026-01-01"}, map[string]any{"reader": "Bob", "day": "2026-01-02"},
	}})
	plan := intake.Plan{
		Form: "book", Mode: intake.Update, Key: []value.FieldKey{"code"},
		Columns: []intake.Column{{Column: "nr", Field: "code"}},
		Tables: []intake.Table{{
			Field: "loans", File: w.bring("kim", "nr,who,when\na,Bob,2026/2/2\na,Cyd,3月4日\na,Dan,2026年3月4日\n"), Join: "nr", Key: "reader",
			Columns: []intake.Column{{Column: "who", Field: "reader"}, {Column: "when", Field: "day"}},
		}},
	}
	j := w.imported("nr\na\n", plan, false)
	if flaws := w.became(j)[2].Flaws; len(flaws) != 1 || flaws[0].Table != 1 || flaws[0].Row != 3 || flaws[0].Column != 2 {
		t.Errorf("a wrong row of the table: %+v", flaws)
	}
	plan.Tables[0].File = w.bring("kim", "nr,who,when\na,Bob,2026/2/2\na,Dan,2026年3月4日\nz,Eve,\n")
	for range 2 { // the second time changes nothing
		j = w.imported("nr\na\n", plan, false)
		if j.Counts["refused"] != 1 || j.Refused[0].Issues[0].Code != "import.orphan" {
			t.Errorf("a row that belongs nowhere: %+v", j.Refused)
		}
		rows, _ := w.get("book", made.ID).Values["loans"].([]any)
		var said []string
		for _, row := range rows {
			cells, _ := row.(map[string]any)
			said = append(said, fmt.Sprint(cells["reader"], cells["day"]))
		}
		if want := []string{"Ann2026-01-01", "Bob2026-02-02", "Dan2026-03-04"}; !slices.Equal(said, want) {
			t.Errorf("loans: %v", said)
		}
	}
	if j.Counts["unchanged"] != 1 {
		t.Errorf("the second time: %v", j.Counts)
	}
	w.clean()
}

// TestAnImportGoesOnWhereItStood holds that with another engine over the same store, as after a kill, in files
// whose rows refer to each other.
func TestAnImportGoesOnWhereItStood(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("name,nr,after\n")
	for n := range 40 { // each after the one below it, in fives
		after := ""
		if n%5 != 4 {
			after = fmt.Sprint("c", n+1)
		}
		fmt.Fprintf(&b, "T%d,c%d,%s\n", n, n, after)
	}
	plan := intake.Plan{Form: "book", Mode: intake.Create, Columns: []intake.Column{
		{Column: "name", Field: "title"}, {Column: "nr", Field: "code"}, {Column: "after", Field: "sequelTo", By: "code"},
	}}
	_, err := w.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", b.String()), Plan: plan}, nil)
	must(t, err)
	turns := 0
	for worked := true; worked; turns++ { // each turn is another engine's, which knows nothing of the one before
		worked, err = w.open().Jobs.RunOnce(t.Context())
		must(t, err)
	}
	if turns < 3 {
		t.Errorf("only %d turns", turns)
	}
	got := w.last()
	if got.State != job.Done || got.Counts["made"] != 40 || got.Done != 40 || w.count() != 40 {
		t.Errorf("%+v %+v, %d books", got, got.Refused, w.count())
	}
	w.clean()
}

// hasty is a store whose leases are over as soon as they are given; stolen happens before the transaction that is counted
// down to.
type hasty struct {
	port
	left   *int
	stolen func()
}

func (h hasty) Acquire(ctx context.Context, name, holder string, _ time.Duration) (int64, error) {
	return h.port.Acquire(ctx, name, holder, time.Nanosecond)
}

func (h hasty) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	if *h.left--; *h.left == 0 {
		h.stolen()
	}
	return h.port.Tx(ctx, do)
}

// Where somebody has lost their lease without knowing yet, and another goes on beside them in the same process, no row is
// read over: what the first has read and not written is the second's to read.
func TestAnImportThatTwoWorkOnDealsWithEachRow(t *testing.T) {
	const rows, places = 60, 14
	var content strings.Builder
	content.WriteString("name,nr\n")
	for n := range rows {
		fmt.Fprintf(&content, "T%d,c%d\n", n, n)
	}
	plan := intake.Plan{Form: "book", Mode: intake.Create, Columns: []intake.Column{{Column: "name", Field: "title"}, {Column: "nr", Field: "code"}}}
	stolen := 0
	for place := range places {
		w := newWorld(t)
		left := -1
		over := hasty{port: port{w.store, w}, left: &left}
		var e *engine.Engine
		over.stolen = func() {
			stolen++
			_, err := e.Jobs.RunOnce(t.Context())
			must(t, err)
		}
		e = w.openOver(&over)
		_, err := e.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", content.String()), Plan: plan}, nil)
		must(t, err)
		left = place + 1
		for worked := true; worked; {
			worked, err = e.Jobs.RunOnce(t.Context())
			must(t, err)
		}
		if got := w.last(); got.State != job.Done || got.Counts["made"] != rows || w.count() != rows {
			t.Errorf("stolen before transaction %d: %+v, %d books", place+1, got, w.count())
		}
		w.clean()
	}
	if stolen < places/2 {
		t.Errorf("stolen %d times only", stolen)
	}
}
