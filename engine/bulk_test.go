package engine_test

import (
	"fmt"
	"testing"

	"tidewater/engine"
	"tidewater/engine/fault"
	"tidewater/engine/job"
	"tidewater/engine/org"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

// books makes n books of kim's, and returns their ids.
func (w *world) books(n int) []value.ID {
	w.Helper()
	var ids []value.ID
	for i := range n {
		ids = append(ids, w.make("kim", "book", map[string]any{"title": fmt.Sprint("b", i), "count": number(i)}).ID)
	}
	return ids
}

func (w *world) bulk(req engine.BulkRequest) ([]record.Outcome, *job.Job) {
	w.Helper()
	outcomes, j, err := w.Bulk(w.Context(), w.actor("kim"), req, nil)
	must(w.TB, err)
	return outcomes, j
}

func TestBulkChangesFewAtOnceWithAnOutcomeForEach(t *testing.T) {
	w := newWorld(t)
	ids := w.books(3)
	foreign := w.make("lib", "book", map[string]any{"title": "not kim's"}).ID
	outcomes, j := w.bulk(engine.BulkRequest{
		Form: "book", Action: "update", IDs: append(ids, foreign, "nothing", ids[0]), Values: map[string]any{"note": "seen"}, Reason: "stocktaking",
	})
	if j != nil || len(outcomes) != 5 {
		t.Fatalf("%v %v", outcomes, j)
	}
	for n, one := range outcomes {
		if n < 3 && (one.Err != nil || !one.Changed) || n >= 3 && fault.CodeOf(one.Err) != "record.notFound" {
			t.Errorf("%d: %+v", n, one)
		}
	}
	if w.get("book", ids[1]).Values["note"] != "seen" || w.get("book", foreign).Values["note"] != nil {
		t.Error("not what was asked for")
	}
	// One that cannot be written does not keep the others away: the code is unique.
	outcomes, _ = w.bulk(engine.BulkRequest{Form: "book", Action: "update", IDs: ids, Values: map[string]any{"code": "one"}})
	if outcomes[0].Err != nil || fault.CodeOf(outcomes[1].Err) != "record.taken" || fault.CodeOf(outcomes[2].Err) != "record.taken" {
		t.Errorf("%+v", outcomes)
	}
	outcomes, _ = w.bulk(engine.BulkRequest{Form: "book", Action: "delete", IDs: ids[:2]})
	if outcomes[0].Err != nil || outcomes[1].Err != nil || w.get("book", ids[0]).DeletedAt == nil {
		t.Errorf("%+v", outcomes)
	}
	outcomes, _ = w.bulk(engine.BulkRequest{Form: "book", Action: "restore", IDs: ids})
	if outcomes[0].Err != nil || fault.CodeOf(outcomes[2].Err) != "record.notDeleted" || w.get("book", ids[0]).DeletedAt != nil {
		t.Errorf("%+v", outcomes)
	}
	w.clean()
}

func TestBulkRefusesWhatNoRecordCouldBeChangedBy(t *testing.T) {
	w := newWorld(t)
	for code, req := range map[string]engine.BulkRequest{
		"action.unknown":   {Form: "book", Action: "explode"},
		"form.unknown":     {Form: "nothing", Action: "delete"},
		"filter.invalid":   {Form: "book", Action: "delete", Filter: map[string]any{"field": "nothing", "op": "eq", "value": "x"}},
		"bulk.idsOrFilter": {Form: "book", Action: "delete", IDs: []value.ID{"x"}, View: "all"},
		"limit.batch":      {Form: "book", Action: "delete", IDs: make([]value.ID, 10_001)},
	} {
		if _, _, err := w.Bulk(t.Context(), w.actor("lib"), req, nil); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestBulkOverAFilterIsAJobWithTheAskersRights(t *testing.T) {
	w := newWorld(t)
	ids := w.books(30)
	foreign := w.make("lib", "book", map[string]any{"title": "not kim's", "count": number(25)}).ID
	_, j := w.bulk(engine.BulkRequest{
		Form: "book", Action: "update", Filter: map[string]any{"field": "count", "op": "gte", "value": number(10)}, Values: map[string]any{"code": "one"},
	})
	w.turns()
	got := w.last()
	if got.ID != j.ID || got.State != job.Done || got.Total != 20 || got.Done != 20 || got.Counts["changed"] != 1 || got.Refusals["record.taken"] != 19 {
		t.Errorf("%+v", got)
	}
	if w.get("book", ids[10]).Values["code"] != "one" || w.get("book", foreign).Values["code"] != nil {
		t.Error("not what was asked for")
	}
	once := &job.Once{Key: "k", Hash: []byte("h")}
	req := engine.BulkRequest{Form: "book", Action: "delete", Filter: "count < 10"}
	_, first, err := w.Bulk(t.Context(), w.actor("kim"), req, once)
	must(t, err)
	_, again, err := w.Bulk(t.Context(), w.actor("kim"), req, once)
	if err != nil || first.ID != again.ID {
		t.Errorf("sent again: %v %v", again, err)
	}
	w.turns()
	if got := w.last(); got.Counts["changed"] != 10 {
		t.Errorf("%+v", got)
	}
	w.clean()
}

func TestBulkGoesOnlyAsFarAsTheAskersRightsAtEachBatch(t *testing.T) {
	w := newWorld(t)
	ids := w.books(20)
	foreign := w.make("lib", "book", map[string]any{"title": "not kim's"}).ID
	roles := func(active bool, roles ...string) {
		w.staff(
			org.User{ID: "kim", Username: "kim", Name: "Kim", Roles: roles, Active: active, Locale: "en"},
			org.User{ID: "lib", Username: "lib", Name: "Lib", Roles: []string{"librarian"}, Active: true, Locale: "en"},
		)
	}
	ask := func(at int, lose func()) *job.Job {
		t.Helper()
		roles(true, "librarian")
		_, _, err := w.Bulk(t.Context(), w.actor("kim"), engine.BulkRequest{
			Form: "book", Action: "update", IDs: append(ids[:20:20], foreign), Values: map[string]any{"note": fmt.Sprint("round ", at)},
		}, &job.Once{Key: fmt.Sprint(at)})
		must(t, err)
		w.between(8, lose)
		w.turns()
		return w.last()
	}
	// Still a keeper: only what is not kim's is refused.
	if j := ask(1, func() { roles(true, "keeper") }); j.State != job.Done || j.Counts["changed"] != 20 || j.Refusals["record.notFound"] != 1 {
		t.Errorf("a right is lost: %+v", j)
	}
	// No rights at all: the rest is refused.
	if j := ask(2, func() { roles(true) }); j.State != job.Done || j.Counts["changed"] != 8 || j.Counts["refused"] != 13 {
		t.Errorf("all rights are lost: %+v", j)
	}
	if j := ask(3, func() { roles(false, "librarian") }); j.State != job.Failed || j.Reason.Code != "job.askerGone" || j.Done != 8 {
		t.Errorf("kim has left: %+v", j)
	}
	w.clean()
}

// between lets something happen before the batch that follows when a job has come so far.
func (w *world) between(done int64, do func()) {
	w.happen = func() {
		if w.last().Done == done {
			w.happen = nil
			do()
		}
	}
}

// A change of many is taken back by a job of its own, but for what somebody touched since.
func TestABulkIsTakenBack(t *testing.T) {
	w := newWorld(t)
	ids := w.books(5)
	run := func(action string, values map[string]any) value.ID {
		t.Helper()
		_, j, err := w.Bulk(t.Context(), w.actor("kim"), engine.BulkRequest{Form: "book", Action: action, IDs: ids, Values: values}, &job.Once{Key: action, Hash: []byte(action)})
		must(t, err)
		w.turns()
		return j.ID
	}
	undo := func(id value.ID) *job.Job {
		t.Helper()
		j, err := w.Undo(t.Context(), w.actor("kim"), id)
		must(t, err)
		w.turns()
		done, err := w.Jobs.Get(t.Context(), w.actor("kim"), j.ID)
		must(t, err)
		return done
	}
	noted := run("update", map[string]any{"note": "seen"})
	if w.get("book", ids[4]).Values["note"] != "seen" {
		t.Fatal("not changed")
	}
	now := w.get("book", ids[1])
	_, err := w.Records.Update(t.Context(), w.actor("kim"), "book", ids[1], now.Version, record.Input{Values: map[string]any{"note": "mine"}})
	must(t, err)
	if got := undo(noted); got.Counts["undone"] != 4 || got.Counts["kept"] != 1 || got.Refused[0].At != string(ids[1]) {
		t.Errorf("%+v", got)
	}
	if w.get("book", ids[0]).Values["note"] != nil || w.get("book", ids[1]).Values["note"] != "mine" {
		t.Error("not as before")
	}
	if got := undo(run("delete", nil)); got.Counts["undone"] != 5 || w.get("book", ids[3]).DeletedAt != nil {
		t.Errorf("%+v", got)
	}
	if _, err := w.Undo(t.Context(), w.actor("kim"), run("restore", nil)); fault.CodeOf(err) != "import.notUndone" {
		t.Errorf("what nobody can take back: %v", err)
	}
	w.clean()
}
