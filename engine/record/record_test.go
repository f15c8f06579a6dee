package record_test

import (
	"errors"
	"sync"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/value"
)

func TestCreateComputesDefaultsAndNumbers(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "红木"}`)
	book := w.create(w.kim, "book", `{"title": "潮汐", "shelf": "`+string(shelf.ID)+`", "copies": [{"count": 3, "price": "9.80"}, {"count": 2, "price": 0.1}]}`)
	w.same("total", book.Values["total"], `"29.60"`)
	w.same("grade", book.Values["grade"], `"plain"`)
	w.same("number", book.Values["number"], `"BK-2026-0001"`)
	w.same("mirror", book.Values["shelfName"], `"红木"`)
	w.same("shelf", book.Values["shelf"], `{"id":"`+string(shelf.ID)+`","title":"红木"}`)
	w.same("keeper", book.Values["keeper"], `{"id":"kim","title":"Kim"}`)
	w.follow()
	got, err := w.Get(t.Context(), w.lib, "shelf", shelf.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.same("rollups", got.Values, `{"books":1,"costly":0,"dearest":"29.60","gain":"0.00","name":"红木","worth":"29.60"}`)
	w.same("version", got.Version, `1`)
}

func TestAllIssuesAtOnce(t *testing.T) {
	w := newWorld(t)
	_, err := w.Create(t.Context(), w.kim, "book", record.Input{Values: w.values(
		`{"title": 7, "grade": "rare", "nope": 1, "bought": "2026-02-31", "shelf": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "copies": [{"place": "x"}], "total": "1.00"}`)})
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, issue := range f.Issues {
		got[issue.Path] += issue.Code
	}
	for path, code := range map[string]string{
		"/values/nope": "field.unknown", "/values/bought": "field.date", "/values/shelf": "field.reference",
		"/values/copies/0/count": "field.required", "/values/title": "field.type", "/values/total": "field.readOnly",
		"/values/note": "rule.invalid",
	} {
		if got[path] != code {
			t.Errorf("%s: got %q, want %q", path, got[path], code)
		}
	}
	if len(got) != 7 {
		t.Errorf("issues: %v", f.Issues)
	}
}

func TestStaleUpdateShowsBothVersions(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "a"}`)
	second, err := w.Update(t.Context(), w.kim, "book", book.ID, 1, record.Input{Values: w.values(`{"title": "b"}`)})
	if err != nil || second.Version != 2 {
		t.Fatal(second, err)
	}
	_, err = w.Update(t.Context(), w.lib, "book", book.ID, 1, record.Input{Values: w.values(`{"title": "c"}`)})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "record.stale" {
		t.Fatal(err)
	}
	stale := f.Detail.(record.Stale)
	w.same("yours", stale.Yours, `{"title":"c"}`)
	w.same("theirs", stale.Theirs.Values["title"], `"b"`)
	page, err := w.History(t.Context(), w.kim, "book", book.ID, "", 10)
	if err != nil || len(page.Entries) != 2 {
		t.Fatal(page, err)
	}
	w.same("change", page.Entries[0].Changes, `[{"field":"title","from":"a","to":"b"}]`)
	w.follow()
}

func TestRacingForAUniqueValue(t *testing.T) {
	w := newWorld(t)
	var won, taken int
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			_, err := w.Create(t.Context(), w.kim, "book", record.Input{Values: map[string]any{"title": "x", "code": "978"}})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case fault.CodeOf(err) == "record.taken":
				taken++
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if won != 1 || taken != 19 {
		t.Fatalf("won %d, taken %d", won, taken)
	}
	w.follow()
}

func TestWhatOthersSee(t *testing.T) {
	w := newWorld(t)
	book := w.create(w.kim, "book", `{"title": "秘密花园", "note": "在阁楼", "phone": "13800138000"}`)
	w.create(w.lib, "book", `{"title": "别人的书"}`)
	seen, err := w.Get(t.Context(), w.vic, "book", book.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.same("note", seen.Values["note"], `null`)
	w.same("phone", seen.Values["phone"], `"138****8000"`)
	w.same("rights", seen.Rights, `{"update":false,"delete":false,"actions":[]}`)
	for question, want := range map[string]int{"阁楼": 0, "花园": 1, "0138": 0, "13800138000": 1} {
		page, err := w.List(t.Context(), w.vic, record.ListRequest{Form: "book", Q: question})
		if err != nil || len(page.Records) != want {
			t.Errorf("%s: %v %v, want %d", question, page, err, want)
		}
	}
	if _, err := w.List(t.Context(), w.vic, record.ListRequest{Form: "book", Sort: "phone"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("sort by a masked field: %v", err)
	}
	mine, err := w.List(t.Context(), w.kim, record.ListRequest{Form: "book", Count: "exact"})
	if err != nil || len(mine.Records) != 1 || mine.Count.Value != 1 {
		t.Errorf("own books: %v %v", mine, err)
	}
	history, err := w.History(t.Context(), w.vic, "book", book.ID, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range history.Entries[0].Changes {
		if change.Field == "note" || change.Field == "phone" {
			t.Errorf("history tells %s", change.Field)
		}
	}
}

func TestDeleteObeysReferences(t *testing.T) {
	w := newWorld(t)
	shelf := w.create(w.lib, "shelf", `{"name": "s"}`)
	book := w.create(w.lib, "book", `{"title": "t", "shelf": "`+string(shelf.ID)+`"}`)
	err := w.Delete(t.Context(), w.lib, "shelf", shelf.ID, 1, "")
	if fault.CodeOf(err) != "record.referred" {
		t.Fatal(err)
	}
	if err := w.Delete(t.Context(), w.lib, "book", book.ID, 1, "sold"); err != nil {
		t.Fatal(err)
	}
	w.follow()
	if err := w.Delete(t.Context(), w.lib, "shelf", shelf.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Restore(t.Context(), w.lib, "book", book.ID, nil); fault.KindOf(err) != fault.Invalid {
		t.Fatalf("restored a book whose shelf is gone: %v", err)
	}
	if err := w.Purge(t.Context(), w.lib, "book", book.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Get(t.Context(), w.lib, "book", book.ID); fault.KindOf(err) != fault.NotFound {
		t.Fatal(err)
	}
}

func TestTheSameRequestTwiceIsOneRecord(t *testing.T) {
	w := newWorld(t)
	once := &record.Once{Key: "k1", Route: "POST book", Hash: []byte("h")}
	in := record.Input{Values: map[string]any{"title": "once"}, Once: once}
	first, err := w.Create(t.Context(), w.kim, "book", in)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Create(t.Context(), w.kim, "book", in)
	if err != nil || second.ID != first.ID {
		t.Fatal(second, err)
	}
	in.Once = &record.Once{Key: "k1", Route: "POST book", Hash: []byte("other")}
	if _, err := w.Create(t.Context(), w.kim, "book", in); fault.CodeOf(err) != "idempotency.otherBody" {
		t.Fatal(err)
	}
}

func TestCursorsAreBound(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.create(w.kim, "book", `{"title": "t"}`)
	}
	page, err := w.List(t.Context(), w.kim, record.ListRequest{Form: "book", Limit: 2})
	if err != nil || page.Next == "" {
		t.Fatal(page, err)
	}
	rest, err := w.List(t.Context(), w.kim, record.ListRequest{Form: "book", Limit: 2, After: page.Next})
	if err != nil || len(rest.Records) != 1 || rest.Next != "" {
		t.Fatal(rest, err)
	}
	for what, ask := range map[string]func() error{
		"another person": func() error { return listErr(w, w.lib, record.ListRequest{Form: "book", After: page.Next}) },
		"another sort": func() error {
			return listErr(w, w.kim, record.ListRequest{Form: "book", Sort: "title", After: page.Next})
		},
		"a forgery": func() error { return listErr(w, w.kim, record.ListRequest{Form: "book", After: page.Next[1:]}) },
	} {
		if err := ask(); fault.CodeOf(err) != "cursor.invalid" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func listErr(w *world, actor value.Actor, req record.ListRequest) error {
	_, err := w.List(w.Context(), actor, req)
	return err
}
