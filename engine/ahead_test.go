package engine_test

import (
	"context"
	"sync/atomic"
	"testing"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// sweptStore calls between when the second lot of a sweep is about to be written and the third is being looked for: so
// the second was made ready before. The first look is whether anything is due at all.
type sweptStore struct {
	store.Store
	looks, writes atomic.Int64
	third         chan struct{}
	between       func()
}

func (s *sweptStore) List(ctx context.Context, q query.List) (query.Page, error) {
	if len(q.Sorts) == 1 && q.Sorts[0].Path.Field == value.SysReclaimAt && s.looks.Add(1) == 4 {
		close(s.third)
	}
	return s.Store.List(ctx, q)
}

func (s *sweptStore) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	if s.looks.Load() > 1 && s.writes.Add(1) == 2 {
		select {
		case <-s.third:
			s.between()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.Store.Tx(ctx, do)
}

// A sweep makes the next records ready while it writes some. Who follows one up between the two keeps it, and nobody else.
func TestWhoFollowsUpWhatASweepHasMadeReadyKeepsIt(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	held := make([]value.ID, 3*w.batch())
	for n := range held {
		held[n] = w.held("ann", "C")
	}
	w.turnOn()
	w.clock("2026-05-20 12:00")
	swept, plain := &sweptStore{Store: w.store, third: make(chan struct{})}, w.Engine
	kept := held[w.batch()+2]
	swept.between = func() {
		over := w.Engine
		w.Engine = plain
		w.make("ann", "check", map[string]any{"asset": string(kept), "at": "2026-05-20T03:00:00Z", "content": "met the owner"})
		must(t, w.Settle(t.Context()))
		w.Engine = over
	}
	w.Engine = w.openOver(swept)
	if got := w.sweep("run"); got["reclaimed"] != int64(len(held)-1) || got["spared"] != 1 || got["refused"] != 0 {
		t.Errorf("%v", got)
	}
	for _, id := range held {
		if owner := w.owner(id); (owner == "ann") != (id == kept) {
			t.Errorf("%s is %q's", id, owner)
		}
	}
	w.clean()
}

// tightStore refuses transactions that write more than a few records, as one does where much follows from each.
type tightStore struct {
	store.Store
	full atomic.Int64 // transactions that wrote as many as they may
}

const tightest = 2

func (s *tightStore) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	var puts int
	err := s.Store.Tx(ctx, func(tx store.Tx) error { puts = 0; return do(&tightTx{tx, &puts}) })
	if err == nil && puts == tightest {
		s.full.Add(1)
	}
	return err
}

type tightTx struct {
	store.Tx
	puts *int
}

func (t *tightTx) Put(ctx context.Context, r *value.Record, was int64) error {
	if *t.puts++; *t.puts > tightest {
		return store.TooLarge()
	}
	return t.Tx.Put(ctx, r, was)
}

// What is too much for one transaction is written in parts as large as fit, and counted once.
func TestALotThatIsTooLargeIsWrittenInParts(t *testing.T) {
	w := newDepot(t, poolFiles(idle(""), ""))
	many := 4 * w.batch()
	for range many {
		w.held("ann", "C")
	}
	w.turnOn()
	w.clock("2026-05-20 12:00")
	tight := &tightStore{Store: w.store}
	w.Engine = w.openOver(tight)
	if got := w.sweep("run"); got["reclaimed"] != int64(many) || got["refused"] != 0 {
		t.Errorf("%v", got)
	}
	if got := tight.full.Load(); got != int64(many/tightest) {
		t.Errorf("%d transactions wrote %d records each, want %d", got, tightest, many/tightest)
	}
	w.clean()
}
