package bench

import (
	"context"

	"tidewater/engine/event"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// spy is a store that notes what is asked of it last, so that the raw baseline asks exactly the same. It is
// for one request at a time.
type spy struct {
	store.Store
	list      query.List
	aggregate query.Aggregate
	examined  query.Work
	found     int
	made      *value.Record
	event     event.Event
}

func (s *spy) List(ctx context.Context, q query.List) (query.Page, error) {
	s.list = q
	page, err := s.Store.List(ctx, q)
	s.examined, s.found = page.Examined, len(page.Records)
	return page, err
}

func (s *spy) Aggregate(ctx context.Context, q query.Aggregate) ([]query.Row, error) {
	s.aggregate = q
	rows, err := s.Store.Aggregate(ctx, q)
	s.found = len(rows)
	return rows, err
}

func (s *spy) Tx(ctx context.Context, do func(store.Tx) error) error {
	return s.Store.Tx(ctx, func(tx store.Tx) error { return do(&spyTx{tx, s}) })
}

type spyTx struct {
	store.Tx
	spy *spy
}

func (t *spyTx) Put(ctx context.Context, r *value.Record, was int64) error {
	t.spy.made = r.Clone()
	return t.Tx.Put(ctx, r, was)
}

func (t *spyTx) Emit(ctx context.Context, e event.Event) error {
	t.spy.event = e
	return t.Tx.Emit(ctx, e)
}
