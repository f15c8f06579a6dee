package engine_test

import (
	"fmt"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/intake"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// goods is a sheet of n books: row 4 costs no number, row 6 has the code of row 5, row 9 stands nowhere.
func goods(n int) *intake.Sheet {
	s := &intake.Sheet{Name: "goods.csv", Header: map[string]int{"name": 0, "nr": 1, "cost": 2, "place": 3}}
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
		s.Rows = append(s.Rows, row)
	}
	return s
}

var goodsPlan = intake.Plan{
	Form:   "book",
	Mapped: intake.Pairs{{Left: "name", Right: "title"}, {Left: "nr", Right: "code"}, {Left: "cost", Right: "price"}, {Left: "place", Right: "shelf"}},
	Refs:   intake.Pairs{{Left: "shelf", Right: "shelf.name"}},
	Fixed:  intake.Pairs{{Left: "count", Right: "2"}},
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
	j, err := w.Import(t.Context(), w.actor("kim"), goodsPlan, goods(30), once)
	must(t, err)
	again, err := w.Import(t.Context(), w.actor("kim"), goodsPlan, goods(30), once)
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
	left, err := w.store.Scan(t.Context(), "importRows", string(j.ID)+"/", "", 10)
	if err != nil || len(left) != 0 {
		t.Errorf("%d chunks are left, %v", len(left), err)
	}
	w.clean()
}

func TestImportIsRefusedWhereItCannotFit(t *testing.T) {
	w := newWorld(t)
	wrong := goodsPlan
	wrong.Mapped = intake.Pairs{{Left: "name", Right: "title"}, {Left: "size", Right: "price"}, {Left: "nr", Right: "weight"}}
	if _, err := w.Import(t.Context(), w.actor("kim"), wrong, goods(3), nil); fault.CodeOf(err) != "import.flags" {
		t.Errorf("a plan that does not fit: %v", err)
	}
	other := intake.Plan{Form: "shelf", Mapped: intake.Pairs{{Left: "name", Right: "name"}}}
	if _, err := w.Import(t.Context(), w.actor("kim"), other, goods(3), nil); fault.CodeOf(err) != "record.mayNotCreate" {
		t.Errorf("who may not: %v", err)
	}
	if _, err := w.Import(t.Context(), w.actor("lib"), goodsPlan, &intake.Sheet{Header: goods(0).Header, Rows: make([][]string, 200_001)}, nil); fault.CodeOf(err) != "import.tooManyRows" {
		t.Errorf("too many: %v", err)
	}
}

func TestImportStopsWhereItsAskerDoes(t *testing.T) {
	w := newWorld(t)
	w.make("lib", "shelf", map[string]any{"name": "North"})
	begin := func() *job.Job {
		t.Helper()
		w.staff(
			org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}, Active: true},
			org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true},
		)
		sheet := goods(24)
		for n := range sheet.Rows {
			sheet.Rows[n][1] = "" // no codes: each import can be made
		}
		j, err := w.Import(t.Context(), w.actor("kim"), goodsPlan, sheet, nil)
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
	w.between(16, func() {
		w.staff(org.User{ID: "kim", Username: "kim", Name: "Kim", Active: true}, org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true})
	})
	w.turns()
	// Without any right the form is unknown, and with it what the plan speaks of.
	if got := w.last(); got.State != job.Failed || got.Reason.Code != "form.unknown" || got.Done != 16 || w.count() != made+got.Counts["made"] {
		t.Errorf("the right is lost: %+v", got)
	}
	begin()
	w.between(8, func() {
		w.staff(
			org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: []string{"keeper"}},
			org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true},
		)
	})
	w.turns()
	if got := w.last(); got.State != job.Failed || got.Reason.Code != "job.askerGone" || got.Done != 8 {
		t.Errorf("kim has left: %+v", got)
	}
	w.clean()
}
