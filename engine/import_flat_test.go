package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/grid"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/value"
)

func flatPlan(mode intake.Mode) intake.Plan {
	plan := intake.Plan{
		Form: "book", Mode: mode,
		Columns: []intake.Column{{Column: "nr", Field: "code"}, {Column: "name", Field: "title"}, {Column: "cost", Field: "price"}},
		Tables: []intake.Table{{
			Field: "loans", Join: "nr", Key: "reader",
			Columns: []intake.Column{{Column: "who", Field: "reader"}, {Column: "when", Field: "day"}},
		}},
	}
	if mode != intake.Create {
		plan.Key = []value.FieldKey{"code"}
	}
	return plan
}

// loans are the rows of a book, in their order.
func (w *world) loans(id value.ID) (said []string) {
	w.Helper()
	rows, _ := w.get("book", id).Values["loans"].([]any)
	for _, row := range rows {
		cells, _ := row.(map[string]any)
		said = append(said, fmt.Sprint(cells["reader"], cells["day"]))
	}
	return said
}

// TestRowsOfOneRecordStandInOneTable holds files that say a record once more in each of its lines.
func TestRowsOfOneRecordStandInOneTable(t *testing.T) {
	w := newWorld(t)
	const content = "nr,name,cost,who,when\n" +
		"a,Tale,1,Ann,2026-01-01\n" +
		"b,Other,2,,\n" + // no lines
		"a,Tale,1,Bob,2026-01-02\n" + // its rows need not stand together
		"c,New,3,Cyd,2026-01-03\n" +
		"a,,,Dan,2026-01-04\n" + // what was said need not be said again
		"c,Newer,3,Eve,2026-01-05\n" + // not so: one of the two would be lost
		"d,Day,4,Fay,soon\n" +
		"d,Day,4,Gus,2026-01-06\n" +
		",Nothing,5,Hal,2026-01-07\n"
	for _, dry := range []bool{true, false} {
		j := w.imported(content, flatPlan(intake.Create), dry)
		did := w.became(j)
		if want := map[string][]int{"made": {2, 3}, "refused": {5, 8, 10}}; fmt.Sprint(ops(did)) != fmt.Sprint(want) || j.Total != 5 || j.Done != 5 {
			t.Fatalf("became %v of %d, want %v", ops(did), j.Total, want)
		}
		for row, want := range map[int]string{5: "import.headDiffers 7 name", 8: "field.date 8 when", 10: "field.required 0 nr"} {
			flaws := did[row].Flaws
			if len(flaws) != 1 || fmt.Sprint(flaws[0].Code, " ", flaws[0].Row, " ", flaws[0].Name) != want {
				t.Errorf("row %d: %+v, want %s", row, flaws, want)
			}
		}
		if dry {
			continue
		}
		if got := w.loans(did[2].ID); !slices.Equal(got, []string{"Ann2026-01-01", "Bob2026-01-02", "Dan2026-01-04"}) || len(w.loans(did[3].ID)) != 0 {
			t.Errorf("loans: %v, %v", got, w.loans(did[3].ID))
		}
		var refused []string
		for _, row := range w.sheetOf(value.ID(j.Result), grid.Choice{})[1:] {
			refused = append(refused, row[1]+" "+row[len(row)-2])
		}
		if !slices.Equal(refused, []string{"New 5", "Newer (Row 5 says something else of the same record.) 7", "Day 8", "Day 9", "Nothing 10"}) {
			t.Errorf("the file of refused rows: %q", refused)
		}
	}
	w.clean()
}

// TestLinesOfAFlatFileAreMatchedAndNeverLeftOut holds that lines which a file leaves out stay.
func TestLinesOfAFlatFileAreMatchedAndNeverLeftOut(t *testing.T) {
	w := newWorld(t)
	made := w.make("kim", "book", map[string]any{"title": "Tale", "code": "a", "loans": []any{
		map[string]any{"reader": "Ann", "day": "2026-01-01"}, map[string]any{"reader": "Bob", "day": "2026-01-02"},
	}})
	const content = "nr,name,cost,who,when\na,Tale,,Bob,2026-02-02\na,Tale,,Cyd,2026-02-03\nz,Last,,Dan,2026-02-04\n"
	for _, want := range []string{"map[changed:1 made:1]", "map[unchanged:2]"} {
		j := w.imported(content, flatPlan(intake.Upsert), false)
		if fmt.Sprint(j.Counts) != want {
			t.Errorf("%v, want %s", j.Counts, want)
		}
		if got := w.loans(made.ID); !slices.Equal(got, []string{"Ann2026-01-01", "Bob2026-02-02", "Cyd2026-02-03"}) {
			t.Errorf("loans: %v", got)
		}
	}
	plan := flatPlan(intake.Create)
	plan.Tables[0].To = "name"
	_, err := w.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", content), Plan: plan}, nil)
	if fault.CodeOf(err) != "import.plan" || !strings.Contains(err.Error(), "/tables/0/to import.oneJoin") {
		t.Errorf("joined by two columns: %v", err)
	}
	w.clean()
}

// TestAFlatImportGoesOnWhereItStood holds that with another engine for each turn, as after a kill.
func TestAFlatImportGoesOnWhereItStood(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("nr,name,cost,who,when\n")
	for n := range 120 {
		fmt.Fprintf(&b, "c%d,T,1,r%d,2026-01-01\n", n%40, n)
	}
	_, err := w.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", b.String()), Plan: flatPlan(intake.Create)}, nil)
	must(t, err)
	for worked := true; worked; {
		worked, err = w.open().Jobs.RunOnce(t.Context())
		must(t, err)
	}
	if got := w.last(); got.State != job.Done || got.Counts["made"] != 40 || got.Done != 40 || w.count() != 40 {
		t.Errorf("%+v %+v, %d books", got, got.Refused, w.count())
	}
	for _, one := range w.became(w.last()) {
		if len(w.loans(one.ID)) != 3 {
			t.Errorf("row %d: %v", one.Row, w.loans(one.ID))
		}
	}
	w.clean()
}

// stuck are files whose rows do not come: reading one ends with its context only.
type stuck struct {
	tables
	begun chan struct{}
}

type stuckReader struct {
	grid.Reader
	stuck
	reading context.Context //nolint:containedctx // as readers of files have it
	rows    int
}

func (s stuck) Open(ctx context.Context, f grid.File, choice grid.Choice) (grid.Reader, grid.Look, error) {
	r, look, err := s.tables.Open(ctx, f, choice)
	return &stuckReader{r, s, ctx, 0}, look, err
}

func (r *stuckReader) Next() (grid.Row, error) {
	if r.rows++; r.rows <= 250 { // more than are looked at
		return r.Reader.Next()
	}
	r.begun <- struct{}{}
	<-r.reading.Done()
	return grid.Row{}, r.reading.Err()
}

// TestAnImportIsCancelledWhileItsFileIsRead holds that no step of an import keeps going whatever anybody says.
func TestAnImportIsCancelledWhileItsFileIsRead(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	begun := make(chan struct{}, 1)
	w.sheets = stuck{begun: begun}
	w.Engine = w.open()
	j, err := w.Import(t.Context(), w.actor("kim"), engine.ImportRequest{File: w.bring("kim", goods(400, false)), Plan: goodsPlan()}, nil)
	must(t, err)
	ended := make(chan error, 1)
	go func() {
		_, err := w.Jobs.RunOnce(context.WithoutCancel(t.Context()))
		ended <- err
	}()
	<-begun
	_, err = w.Jobs.Cancel(t.Context(), w.actor("kim"), j.ID)
	must(t, err)
	must(t, <-ended)
	if got := w.last(); got.State != job.Cancelled || got.Done != 0 || w.count() != 0 {
		t.Errorf("%+v, %d books", got, w.count())
	}
}
