package record_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"tidewater/engine/query"
	"tidewater/engine/record"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// TestWorkDoesNotGrow holds, by records and index entries examined and not by clocks, that what a person
// with few records of their own asks for costs the same however many others have. By default 1,000
// records are held against 10,000; GROWTH names the larger number (make soak: 1,000,000, against a
// hundredth of it).
func TestWorkDoesNotGrow(t *testing.T) {
	large, small := 10_000, 1_000
	if text := os.Getenv("GROWTH"); text != "" {
		var err error
		if large, err = strconv.Atoi(text); err != nil || large < 100*ownEvery*ownBooks {
			t.Fatalf("GROWTH=%s: a number of at least %d is wanted", text, 100*ownEvery*ownBooks)
		}
		small = large / 100
	}
	w := newWorld(t)
	w.shelve(0, small)
	before := w.asked()
	w.shelve(small, large)
	for what, is := range w.asked() {
		was := before[what]
		t.Logf("%-28s %d records: %+v, %d records: %+v", what, small, was, large, is)
		if is.Records*10 > was.Records*12 || is.Entries*10 > was.Entries*12 {
			t.Errorf("%s examines more than 1.2 times as much: %+v of %d, %+v of %d", what, is, large, was, small)
		}
	}
}

// Kim keeps every ownEvery-th of the first books, ownBooks of them; all others are the librarian's.
const (
	ownEvery = 10
	ownBooks = 60
)

func (w *world) shelve(from, to int) {
	w.Helper()
	const together = 200
	for begin := from; begin < to; begin += together {
		var ops []record.Operation
		for n := begin; n < min(begin+together, to); n++ {
			keeper, title := "lib", fmt.Sprintf("Ebb and flow, volume %d", n)
			if n%ownEvery == 0 && n/ownEvery < ownBooks {
				keeper, title = "kim", fmt.Sprintf("潮汐 %d", n)
			}
			ops = append(ops, record.Operation{Op: "create", Values: w.values(fmt.Sprintf(`{"title": %q, "keeper": %q}`, title, keeper))})
		}
		if _, err := w.Batch(w.Context(), w.lib, "book", ops, true, nil); err != nil {
			w.Fatal(err)
		}
	}
}

// asked asks what Kim asks all day, and returns what each question examined.
func (w *world) asked() map[string]query.Work {
	w.Helper()
	out := map[string]query.Work{}
	list := func(what string, want int, req record.ListRequest) {
		req.Form, req.Limit, req.Count = "book", 50, "capped"
		page, err := w.List(w.Context(), w.kim, req)
		if err != nil {
			w.Fatalf("%s: %v", what, err)
		}
		if len(page.Records) != want || page.Incomplete {
			w.Fatalf("%s: %d records, want %d; incomplete %v", what, len(page.Records), want, page.Incomplete)
		}
		if page.Work.Records < int64(want) || page.Count.Examined.Records < page.Count.Value {
			w.Fatalf("%s: examined %+v and %+v for %d records, %d counted", what, page.Work, page.Count.Examined, want, page.Count.Value)
		}
		out[what], out["count of "+what] = page.Work, page.Count.Examined
	}
	list("own, newest first", 50, record.ListRequest{Sort: "-updatedAt"})
	list("own, by title", 50, record.ListRequest{Sort: "title"})
	list("own, as it comes", 50, record.ListRequest{})
	list("own, filtered", 50, record.ListRequest{Filter: `grade == "plain"`, Sort: "-updatedAt"})
	list("own, a word that few have", 50, record.ListRequest{Q: "潮汐"})
	list("own, a word that all others have", 0, record.ListRequest{Q: "volume"})
	list("own, one number", 1, record.ListRequest{Q: "潮汐 590"})
	out["get"] = w.gotten()
	return out
}

// gotten reads one record through a store that counts what is read of it.
func (w *world) gotten() query.Work {
	w.Helper()
	page, err := w.List(w.Context(), w.kim, record.ListRequest{Form: "book", Limit: 1})
	if err != nil || len(page.Records) != 1 {
		w.Fatalf("no book: %v", err)
	}
	counted := &reads{Store: w.Store}
	config := w.Config
	config.Store = counted
	if _, err := record.New(config).Get(context.Background(), w.kim, "book", page.Records[0].ID); err != nil {
		w.Fatal(err)
	}
	return query.Work{Records: counted.records, Entries: counted.records}
}

// reads is a store that counts the records read by id.
type reads struct {
	store.Store
	records int64
}

func (r *reads) Get(ctx context.Context, form value.FormKey, id value.ID) (*value.Record, error) {
	r.records++
	return r.Store.Get(ctx, form, id)
}

func (r *reads) GetMany(ctx context.Context, form value.FormKey, ids []value.ID) ([]*value.Record, error) {
	r.records += int64(len(ids))
	return r.Store.GetMany(ctx, form, ids)
}

// TestAListEndsWhenItsTimeIsOver holds that a list that no index serves answers what it has after its time,
// and says where to go on; the clock moves with every look at it.
func TestAListEndsWhenItsTimeIsOver(t *testing.T) {
	w := newWorld(t)
	w.shelve(0, 3_000)
	config, now := w.Config, w.Clock()
	config.Clock = func() time.Time { now = now.Add(100 * time.Millisecond); return now }
	slow := record.New(config)
	req := record.ListRequest{Form: "book", Filter: map[string]any{"field": "title", "op": "contains", "value": "nobody wrote this"}, Sort: "-updatedAt"}
	for range 2 {
		page, err := slow.List(w.Context(), w.lib, req)
		if err != nil {
			t.Fatal(err)
		}
		if !page.Incomplete || page.Next == "" || page.Work.Records < 256 || page.Work.Records > 1_500 {
			t.Errorf("incomplete %v, next %q, examined %+v", page.Incomplete, page.Next, page.Work)
		}
		req.After = page.Next
	}
}
