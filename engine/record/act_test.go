package record_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// lending is an action of books: whoever asks becomes the one noted, and each lending is counted.
type lending struct{}

func (lending) Key() string { return "lend" }

func (lending) Describe(to record.Reader) (record.ActionView, bool) {
	ask := record.Asking{Reason: record.RequiredReason}
	return record.ActionView{Label: to.Label("lend"), Kind: record.ActionPlain, Ask: ask}, to.Actor.User != "cat"
}

func (lending) Offers(on record.Asked) bool { return on.Record.Values["note"] == nil }

func (lending) Begin(_ context.Context, on *record.Acting) error {
	if on.Reason == "" {
		return fault.New(fault.Invalid, "field.required")
	}
	who := string(on.Actor.User)
	on.Next().Values["note"] = who
	on.Tell(value.Doc{"who": who, "paid": int64(3), "reads": value.List{"cost"}})
	on.Within(func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Next(ctx, "lent")
		if err == nil && n > 1 {
			return fault.New(fault.Conflict, "lent.enough")
		}
		return err
	})
	return nil
}

// lendable is a world whose books can be lent.
func lendable(t *testing.T) *world {
	w := newWorld(t)
	config := w.Config
	config.Actions = func(form *catalog.Form) []record.Action {
		if form.Key == "book" {
			return []record.Action{lending{}}
		}
		return nil
	}
	var mu sync.Mutex
	clock := config.Clock
	config.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return clock() }
	w.Service = record.New(config)
	return w
}

func TestAnActionIsOfferedAndLeavesOneLine(t *testing.T) {
	w := lendable(t)
	book := w.create(w.lib, "book", `{"title": "Tides", "cost": "10"}`)
	if len(book.Rights.Actions) != 1 || book.Rights.Actions[0] != "lend" {
		t.Fatalf("offered %v", book.Rights.Actions)
	}
	got, err := w.Act(t.Context(), w.lib, "book", book.ID, "lend", record.ActInput{Reason: "for Kim"})
	if err != nil || got.Values["note"] != "lib" || got.Version != 2 || len(got.Rights.Actions) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	history, err := w.History(t.Context(), w.lib, "book", book.ID, "", 0)
	if err != nil || len(history.Entries) != 2 {
		t.Fatalf("%+v %v", history, err)
	}
	line := history.Entries[0]
	if line.Action != "lend" || line.Reason != "for Kim" || line.Detail["who"] != "lib" || len(line.Changes) != 1 {
		t.Errorf("the history says %+v", line)
	}
	// Whoever does not see what decided does not read of it.
	history, err = w.History(t.Context(), w.cat, "book", book.ID, "", 0)
	if err != nil || history.Entries[0].Detail != nil {
		t.Errorf("%+v %v", history, err)
	}
	w.follow()
}

// The catalog describes an action to those who could do it, and to no token that may only read.
func TestTheCatalogDescribesActions(t *testing.T) {
	w := lendable(t)
	reader := w.lib
	reader.Scopes = []string{value.ReadScope}
	for _, c := range []struct {
		name  string
		actor value.Actor
		keys  []string
	}{{"the librarian", w.lib, []string{"lend"}}, {"the cat", w.cat, nil}, {"a token that only reads", reader, nil}} {
		for _, form := range w.CatalogFor(c.actor).Forms {
			var keys []string
			for _, action := range form.Actions {
				keys = append(keys, action.Key)
			}
			want := c.keys
			if form.Key != "book" {
				want = nil
			}
			if !slices.Equal(keys, want) {
				t.Errorf("%s is told of %v for %s, want %v", c.name, keys, form.Key, want)
			}
		}
	}
}

func TestAnActionIsRefused(t *testing.T) {
	w := lendable(t)
	book := w.create(w.lib, "book", `{"title": "Tides"}`)
	shelf := w.create(w.lib, "shelf", `{"name": "oak"}`)
	reader := w.lib
	reader.Scopes = []string{value.ReadScope}
	w.create(w.lib, "book", `{"title": "Gone"}`)
	for _, c := range []struct {
		name   string
		actor  value.Actor
		form   value.FormKey
		id     value.ID
		action string
		in     record.ActInput
		code   string
	}{
		{"an unknown one", w.lib, "book", book.ID, "eat", record.ActInput{Reason: "x"}, "action.unknown"},
		{"of another form", w.lib, "shelf", shelf.ID, "lend", record.ActInput{Reason: "x"}, "action.unknown"},
		{"by its own fault", w.lib, "book", book.ID, "lend", record.ActInput{}, "field.required"},
		{"by a token that only reads", reader, "book", book.ID, "lend", record.ActInput{Reason: "x"}, "action.mayNot"},
		{"to what is not in sight", w.kim, "book", book.ID, "lend", record.ActInput{Reason: "x"}, "record.notFound"},
		{"to a version gone by", w.lib, "book", book.ID, "lend", record.ActInput{Reason: "x", Version: 7}, "record.stale"},
	} {
		_, err := w.Act(t.Context(), c.actor, c.form, c.id, c.action, c.in)
		if got := fault.CodeOf(err); got != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := w.Act(t.Context(), w.lib, "book", book.ID, "lend", record.ActInput{Reason: "x"}); err != nil {
		t.Errorf("refused ones have left something: %v", err)
	}
	if _, err := w.Act(t.Context(), w.lib, "book", book.ID, "lend", record.ActInput{Reason: "x"}); fault.CodeOf(err) != "action.mayNot" {
		t.Errorf("twice: %v", err)
	}
}

// A fault inside the transaction undoes all of it, and says so to that one alone.
func TestActionsOnManyStandAlone(t *testing.T) {
	w := lendable(t)
	one, two := w.create(w.lib, "book", `{"title": "One"}`), w.create(w.lib, "book", `{"title": "Two"}`)
	changes := []record.Change{
		{Op: record.OpAct, Action: "lend", ID: one.ID, Reason: "x"}, {Op: record.OpAct, Action: "lend", ID: two.ID, Reason: "x"},
	}
	var told []record.Outcome
	err := w.Many(t.Context(), w.lib, "book", changes, func(_ store.Tx, dealt int, did []record.Outcome) error {
		told = append(told[:dealt-len(did)], did...)
		return nil
	})
	if err != nil || len(told) != 2 || !told[0].Changed || fault.CodeOf(told[1].Err) != "lent.enough" {
		t.Fatalf("%+v %v", told, err)
	}
	if got, err := w.Get(t.Context(), w.lib, "book", two.ID); err != nil || got.Values["note"] != nil || got.Version != 1 {
		t.Errorf("%+v %v", got, err)
	}
	w.follow()
}
