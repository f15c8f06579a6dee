package engine_test

import (
	"context"
	"sync/atomic"

	"tidewater/engine/query"
	"tidewater/engine/store"
)

// counting is a store that counts what lists examine.
type counting struct {
	store.Store
	inTx atomic.Int64 // records, in transactions
	all  atomic.Int64 // records and entries of indexes, everywhere
}

func (c *counting) List(ctx context.Context, q query.List) (query.Page, error) {
	page, err := c.Store.List(ctx, q)
	c.all.Add(page.Examined.Records + page.Examined.Entries)
	return page, err
}

func (c *counting) Tx(ctx context.Context, do func(tx store.Tx) error) error {
	return c.Store.Tx(ctx, func(tx store.Tx) error { return do(countingTx{tx, c}) })
}

type countingTx struct {
	store.Tx
	of *counting
}

func (c countingTx) List(ctx context.Context, q query.List) (query.Page, error) {
	page, err := c.Tx.List(ctx, q)
	c.of.inTx.Add(page.Examined.Records)
	c.of.all.Add(page.Examined.Records + page.Examined.Entries)
	return page, err
}
