package record_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// twice is a library where books are taken for one by code and grade, which blocks, by the seller's phone, also
// of what a loan says, and by title, near ones too.
func twice(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, map[value.FormKey][]string{
		"book": {`"required": ["title"],`, `"required": ["title"], "x-duplicates": [
			{"key": "note", "label": {"en": "Note", "zh-CN": "备注"}, "fields": ["note", "grade"], "then": "block"},
			{"key": "phone", "label": {"en": "Phone", "zh-CN": "电话"}, "fields": ["phone"], "also": [{"form": "loan", "rule": "reader", "via": "book"}]},
			{"key": "title", "label": {"en": "Title", "zh-CN": "书名"}, "fields": ["title"], "near": true}],`},
		"loan": {`"x-title": "reader",`, `"x-title": "reader", "x-duplicates": [
			{"key": "reader", "label": {"en": "Reader", "zh-CN": "读者"}, "fields": ["reader"], "also": [{"form": "book", "rule": "phone"}]}],`,
			`"reader": {"x-field": "text",`, `"reader": {"x-field": "text", "x-lookup": true,`},
	})
}

func (w *world) alike(actor value.Actor, form value.FormKey, id value.ID, values string) []record.Duplicate {
	w.Helper()
	found, err := w.Duplicates(w.Context(), actor, form, id, w.values(values))
	if err != nil {
		w.Fatal(err)
	}
	return found
}

func TestWhoHoldsTheOther(t *testing.T) {
	w := twice(t)
	theirs := w.create(w.lib, "book", `{"title": "Moby Dick", "phone": "138 0013 8000"}`)
	mine := w.create(w.kim, "book", `{"title": "Emma Woodhouse"}`)

	w.same("not mine to read", w.alike(w.kim, "book", "", `{"title": "another", "phone": "+86 13800138000"}`),
		`[{"rule":"phone","fields":["phone"],"form":"book","owner":{"id":"lib","title":"Lib"}}]`)
	w.same("mine, near", w.alike(w.kim, "book", "", `{"title": "ema  woodhouse"}`),
		fmt.Sprintf(`[{"rule":"title","fields":["title"],"near":true,"form":"book","id":%q,"title":"Emma Woodhouse","owner":{"id":"kim","title":"Kim"}}]`, mine.ID))
	w.same("two rules, told once", w.alike(w.lib, "book", "", `{"title": "MOBY DICK", "phone": "13800138000"}`),
		fmt.Sprintf(`[{"rule":"phone","fields":["phone"],"form":"book","id":%q,"title":"Moby Dick","owner":{"id":"lib","title":"Lib"}}]`, theirs.ID))
	w.same("two slips", w.alike(w.lib, "book", "", `{"title": "Moby Dikk!"}`), `[]`)
	w.same("nothing to ask", w.alike(w.lib, "book", "", `{"phone": "not a number"}`), `[]`)
	w.same("itself", w.alike(w.lib, "book", theirs.ID, `{"title": "Moby-Dick"}`), `[]`)

	saved := w.create(w.kim, "book", `{"title": "a third", "phone": "13800138000"}`)
	w.same("told with the answer", saved.Duplicates, `[{"rule":"phone","fields":["phone"],"form":"book","owner":{"id":"lib","title":"Lib"}}]`)
	changed, err := w.Update(t.Context(), w.kim, "book", saved.ID, 1, record.Input{Values: w.values(`{"bought": "2026-01-01"}`)})
	if err != nil || len(changed.Duplicates) > 0 {
		t.Errorf("an edit of something else: %+v, %v", changed, err)
	}
	if err := w.Delete(t.Context(), w.lib, "book", theirs.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	w.same("in the bin", w.alike(w.lib, "book", "", `{"title": "Moby Dick"}`), `[]`)
	w.follow()
}

func TestDuplicatesOfOtherForms(t *testing.T) {
	w := twice(t)
	book := w.create(w.lib, "book", `{"title": "Moby Dick"}`)
	w.create(w.lib, "loan", fmt.Sprintf(`{"reader": "13800138000", "book": %q}`, book.ID))
	spoken := fmt.Sprintf(`[{"rule":"phone","fields":["phone"],"form":"book","id":%q,"title":"Moby Dick","owner":{"id":"lib","title":"Lib"}}]`, book.ID)
	w.same("a loan speaks of its book", w.alike(w.lib, "book", "", `{"title": "Emma", "phone": "13800138000"}`), spoken)
	w.same("that very book", w.alike(w.lib, "book", book.ID, `{"phone": "13800138000"}`), `[]`)

	sold := w.create(w.lib, "book", `{"title": "Ulysses", "phone": "13900139000"}`)
	w.same("a book beside loans", w.alike(w.lib, "loan", "", `{"reader": "13900139000"}`),
		fmt.Sprintf(`[{"rule":"reader","fields":["reader"],"form":"book","id":%q,"title":"Ulysses","owner":{"id":"lib","title":"Lib"}}]`, sold.ID))
	w.same("the one it names", w.alike(w.lib, "loan", "", fmt.Sprintf(`{"reader": "13900139000", "book": %q}`, sold.ID)), `[]`)
	w.follow()
}

// TestAskingForDuplicatesIsLookingUp: who asks for one complete number after the other learns whose they are.
func TestAskingForDuplicatesIsLookingUp(t *testing.T) {
	w := twice(t)
	w.create(w.lib, "book", `{"title": "Moby Dick", "phone": "13800138000"}`)
	w.alike(w.kim, "book", "", `{"phone": "13800138000"}`)
	w.same("kept", w.told(), `["kim lookup.missed book.phone"]`)
	for n := range 59 {
		w.alike(w.kim, "book", "", fmt.Sprintf(`{"phone": "1390013%04d"}`, n))
	}
	_, err := w.Duplicates(t.Context(), w.kim, "book", "", w.values(`{"phone": "13700137000"}`))
	w.throttled(err)
	w.create(w.kim, "book", `{"title": "Emma", "phone": "13700137000"}`) // who makes a record leaves one
}

// TestABlockSaysNoMoreThanItMay: the clerk sees no notes, so what another's holds is not theirs to learn.
func TestABlockSaysNoMoreThanItMay(t *testing.T) {
	w := twice(t)
	w.create(w.lib, "book", `{"title": "Moby Dick", "note": "of a whale", "grade": "rare"}`)
	mine := w.create(w.lib, "book", `{"title": "Emma", "note": "Of a  Whale"}`)
	w.same("nothing told", w.alike(w.cat, "book", mine.ID, `{"grade": "rare"}`), `[]`)
	_, err := w.Update(t.Context(), w.cat, "book", mine.ID, 1, record.Input{Values: w.values(`{"grade": "rare"}`)})
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Issues) == 0 || strings.Contains(fmt.Sprint(f.Issues), "Lib") || strings.Contains(fmt.Sprint(f.Issues), "held") {
		t.Errorf("refused by %+v", f)
	}
	t.Log(f.Issues)
}

func (w *world) blocked(err error, code string) {
	w.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Issues) == 0 || f.Issues[0].Code != code || f.Issues[0].Path != "/values/note" {
		w.Fatalf("refused by %v", err)
	}
}

func TestABlockedDuplicateIsNotSaved(t *testing.T) {
	w := twice(t)
	const values = `{"title": "Moby Dick", "note": "of a whale", "grade": "rare"}`
	first := w.create(w.lib, "book", values)
	_, err := w.Create(t.Context(), w.kim, "book", record.Input{Values: w.values(values)})
	w.blocked(err, "duplicate.held")
	other := w.create(w.kim, "book", `{"title": "Moby Dick", "note": "of a whale"}`) // plain: half a rule is none
	if err := w.Delete(t.Context(), w.lib, "book", first.ID, 1, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Update(t.Context(), w.kim, "book", other.ID, 1, record.Input{Values: w.values(`{"grade": "rare"}`)}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Restore(t.Context(), w.lib, "book", first.ID, nil)
	w.blocked(err, "duplicate.held")
	w.follow()
}

// TestTwoAtOnceAreNoDuplicates lets many save the same at one time: one is there afterwards.
func TestTwoAtOnceAreNoDuplicates(t *testing.T) {
	w := twice(t)
	var all sync.WaitGroup
	errs := make([]error, 8)
	service := record.New(w.stopped())
	for i := range errs {
		all.Go(func() {
			values := w.values(`{"title": "Moby Dick", "note": "of a whale", "grade": "rare"}`)
			_, errs[i] = service.Create(t.Context(), w.lib, "book", record.Input{Values: values})
		})
	}
	all.Wait()
	saved := 0
	for _, err := range errs {
		if err == nil {
			saved++
			continue
		}
		w.blocked(err, "duplicate.held")
	}
	if saved != 1 {
		t.Errorf("%d were saved", saved)
	}
	w.follow()
}

// stopped is the world's configuration with a clock that several may read at once.
func (w *world) stopped() record.Config {
	config, now := w.Config, w.now
	config.Clock = func() time.Time { return now }
	return config
}

func TestWorkOfDuplicatesDoesNotGrow(t *testing.T) {
	w := twice(t)
	examined := func() (work query.Work) {
		config := w.stopped()
		config.Store = &countingLists{w.Store, &work}
		found, err := record.New(config).Duplicates(t.Context(), w.lib, "book", "", w.values(`{"title": "潮汐 590", "phone": "13800138000"}`))
		if err != nil || len(found) == 0 {
			t.Fatalf("%v, %v", found, err)
		}
		return work
	}
	w.shelve(0, 600)
	was := examined()
	w.shelve(600, 6_000)
	if is := examined(); is.Records*10 > was.Records*12 || is.Entries*10 > was.Entries*12 || was.Entries == 0 {
		t.Errorf("examined %+v of 600 and %+v of 6,000", was, is)
	}
}

// countingLists adds up what lists examine.
type countingLists struct {
	store.Store
	work *query.Work
}

func (c *countingLists) List(ctx context.Context, q query.List) (query.Page, error) {
	page, err := c.Store.List(ctx, q)
	c.work.Records += page.Examined.Records
	c.work.Entries += page.Examined.Entries
	return page, err
}

// TestASaveGuessesNoMoreThanALookup: once too many numbers were asked for, a save goes through and tells nothing
// that only a lookup would.
func TestASaveGuessesNoMoreThanALookup(t *testing.T) {
	w := twice(t)
	w.create(w.lib, "book", `{"title": "Moby Dick", "phone": "13800138000"}`)
	mine := w.create(w.kim, "book", `{"title": "Emma"}`)
	for n := range 60 {
		values := w.values(fmt.Sprintf(`{"phone": "1390013%04d"}`, n))
		if _, err := w.Update(t.Context(), w.kim, "book", mine.ID, mine.Version+int64(n), record.Input{Values: values}); err != nil {
			t.Fatal(err)
		}
	}
	saved, err := w.Update(t.Context(), w.kim, "book", mine.ID, mine.Version+60, record.Input{Values: w.values(`{"phone": "13800138000", "title": "Moby Dick"}`)})
	if err != nil || len(saved.Duplicates) != 1 || saved.Duplicates[0].Rule != "title" {
		t.Errorf("told %+v, %v", saved.Duplicates, err)
	}
}

// TestWhatIsNotToldHidesNothingElse: that two hold the same hidden note is not to be seen from what is told of their titles.
func TestWhatIsNotToldHidesNothingElse(t *testing.T) {
	w := twice(t)
	w.create(w.lib, "book", `{"title": "Moby Dick", "note": "of a whale", "grade": "rare"}`)
	for _, note := range []string{"of a whale", "of a ship"} {
		mine := w.create(w.lib, "book", fmt.Sprintf(`{"title": "Emma %s", "note": %q}`, note, note))
		found := w.alike(w.cat, "book", mine.ID, `{"title": "Moby Dick", "grade": "rare"}`)
		if len(found) != 1 || found[0].Rule != "title" {
			t.Errorf("%s: %+v", note, found)
		}
	}
}

// TestATrialSaysWhatARunDoes: two of one batch, and two of batches after another, that a rule blocks.
func TestATrialSaysWhatARunDoes(t *testing.T) {
	w := twice(t)
	change := func(title, note string) record.Change {
		return record.Change{Op: record.OpCreate, Values: w.values(fmt.Sprintf(`{"title": %q, "note": %q, "grade": "rare"}`, title, note))}
	}
	batches := [][]record.Change{{change("one", "a"), change("two", "A"), change("three", "b")}, {change("four", "B"), change("five", "c")}}
	said := func(all []record.Outcome) (out []string) {
		for _, one := range all {
			out = append(out, fault.CodeOf(one.Err))
		}
		return out
	}
	var trial record.Trial
	var tried, did [][]string
	for _, batch := range batches {
		all, err := w.Try(t.Context(), w.lib, "book", batch, &trial)
		if err != nil {
			t.Fatal(err)
		}
		tried = append(tried, said(all))
	}
	for _, batch := range batches {
		var all []record.Outcome
		err := w.Many(t.Context(), w.lib, "book", batch, func(_ store.Tx, _ int, did []record.Outcome) error { all = append(all[:0], did...); return nil })
		if err != nil {
			t.Fatal(err)
		}
		did = append(did, said(all))
	}
	if want := "[[ record.taken ] [record.taken ]]"; fmt.Sprint(tried) != want {
		t.Errorf("tried %q", tried)
	}
	for n := range tried {
		for i := range tried[n] {
			if (tried[n][i] == "") != (did[n][i] == "") {
				t.Errorf("change %d of batch %d: tried %q, done %q", i, n, tried[n][i], did[n][i])
			}
		}
	}
}
