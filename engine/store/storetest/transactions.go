package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"tidewater/engine/event"
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// transactions holds that all of one happens or nothing, whatever ends it.
func transactions(t *testing.T, open Open) {
	s := ready(t, open)
	everything := func(tx store.Tx) error {
		return errors.Join(
			tx.Put(t.Context(), plain("a", value.Doc{"name": "潮", "tags": value.List{"x"}}), 0),
			tx.Emit(t.Context(), event.Event{Kind: event.RecordCreated, Form: form, Record: "a", Version: 1, At: epoch}),
			tx.Save(t.Context(), "side", store.Item{Key: "k", Body: []byte("{}")}, 0),
			tx.Guard(t.Context(), "g"),
			second(tx.Next(t.Context(), "n")),
		)
	}
	given := errors.New("given up")
	err := s.Tx(t.Context(), func(tx store.Tx) error { return errors.Join(everything(tx), given) })
	if !errors.Is(err, given) {
		t.Errorf("the closure's own error comes back as %v", err)
	}
	wantNothing(t, s)
	err = s.Tx(t.Context(), func(tx store.Tx) error {
		must(t, everything(tx))
		panic("in a closure")
	})
	if fault.KindOf(err) != fault.Internal {
		t.Errorf("a panic comes back as %v", err)
	}
	wantNothing(t, s)
	var escaped store.Tx
	must(t, s.Tx(t.Context(), func(tx store.Tx) error { escaped = tx; return everything(tx) }))
	if err := escaped.Put(t.Context(), plain("late", nil), 0); err == nil {
		t.Error("a transaction that is over still writes")
	}
	if n, err := s.Count(t.Context(), query.Count{Form: form}); err != nil || n.Value != 1 {
		t.Errorf("after the commit: %v, %v", n, err)
	}
	must(t, s.Tx(t.Context(), func(tx store.Tx) error {
		n, err := tx.Next(t.Context(), "n")
		if err == nil && n != 2 {
			err = fmt.Errorf("the number after failed transactions is %d, want 2", n)
		}
		return err
	}))
	ended, end := context.WithCancel(t.Context())
	end()
	if err := s.Tx(ended, everything); !errors.Is(err, context.Canceled) {
		t.Errorf("a transaction whose context is over: %v", err)
	}
}

func second(_ int64, err error) error { return err }

func wantNothing(t *testing.T, s store.Store) {
	t.Helper()
	n, err := s.Count(t.Context(), query.Count{Form: form})
	must(t, err)
	events, err := s.History(t.Context(), form, "a", 0, 10)
	must(t, err)
	_, missing := s.Load(t.Context(), "side", "k")
	if n.Value != 0 || len(events) != 0 || fault.KindOf(missing) != fault.NotFound {
		t.Errorf("a failed transaction left %d records, %d events, side %v", n.Value, len(events), missing)
	}
}

// concurrency holds that racing transactions lose no update, give no number twice, and that one's fault
// is not another's.
func concurrency(t *testing.T, open Open) {
	s := ready(t, open)
	put(t, s, plain("a", value.Doc{"cost": int64(0)}))
	const workers, rounds = 8, 25
	numbers := make([][]int64, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := range rounds {
				err := s.Tx(t.Context(), func(tx store.Tx) error {
					if i%5 == 4 {
						return fault.New(fault.Conflict, "store.conflict")
					}
					return addOne(t.Context(), tx)
				})
				if (i%5 == 4) != (fault.CodeOf(err) == "store.conflict") {
					t.Errorf("worker %d: %v", w, err)
				}
				var n int64
				err = s.Tx(t.Context(), func(tx store.Tx) (err error) {
					n, err = tx.Next(t.Context(), "shared")
					return err
				})
				if err != nil {
					t.Error(err)
				}
				numbers[w] = append(numbers[w], n)
			}
		})
	}
	group.Wait()
	r, err := s.Get(t.Context(), form, "a")
	must(t, err)
	if want := int64(workers * rounds * 4 / 5); r.Values["cost"] != want || r.Version != want+1 {
		t.Errorf("%v after %d additions, version %d", r.Values["cost"], want, r.Version)
	}
	seen := map[int64]bool{}
	for _, list := range numbers {
		for _, n := range list {
			if seen[n] || n < 1 || n > workers*rounds {
				t.Fatalf("number %d is given twice or out of turn", n)
			}
			seen[n] = true
		}
	}
	race(t, s)
}

func addOne(ctx context.Context, tx store.Tx) error {
	r, err := tx.Get(ctx, form, "a")
	if err != nil {
		return err
	}
	cost, _ := r.Values["cost"].(int64)
	r.Values["cost"] = cost + 1
	r.Version++
	return tx.Put(ctx, r, r.Version-1)
}

// race has many create a record with one serial: one wins.
func race(t *testing.T, s store.Store) {
	var group sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		group.Go(func() {
			r := plain(fmt.Sprintf("r%d", i), value.Doc{"serial": "one"})
			errs[i] = s.Tx(t.Context(), func(tx store.Tx) error { return tx.Put(t.Context(), r, 0) })
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantCode(t, err, "store.taken")
	}
	if won != 1 {
		t.Errorf("%d won the one serial", won)
	}
}
