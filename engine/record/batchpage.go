package record

import (
	"context"

	"tidewater/engine/catalog"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// page finds the records of the slice.
func (b *batch) page(ctx context.Context) (query.Page, error) {
	q, err := b.over(ctx)
	if err != nil {
		return query.Page{}, err
	}
	if b.slice.After != "" {
		q.After = query.Key{string(b.slice.After)}
	}
	return b.Store.List(ctx, q)
}

// over is the list of the records that the script is for, by id.
func (b *batch) over(ctx context.Context) (query.List, error) {
	q, err := b.asks.listQuery(ctx, b.form, overRequest(b.form, b.script, min(b.slice.Limit, b.script.AtOnce())))
	q.Sorts, q.Budget = nil, batchBudget
	return q, err
}

// overRequest lists the records that a batch script is for.
func overRequest(form *catalog.Form, one *catalog.Script, limit int) ListRequest {
	out := ListRequest{Form: form.Key, Sort: "id", Limit: limit}
	if over := one.Over(); over != "" {
		out.Filter = over
	}
	return out
}

// total counts the records that the script is for, where the slice is to tell.
func (b *batch) total(ctx context.Context) (int64, error) {
	if !b.slice.Counts {
		return 0, nil
	}
	q, err := b.over(ctx)
	if err != nil {
		return 0, err
	}
	counted, err := b.Store.Count(ctx, query.Count{Form: q.Form, Filter: q.Filter})
	return counted.Value, err
}

// lastOf is the id where a page in the order of ids has ended.
func lastOf(key query.Key) (value.ID, bool) {
	if len(key) == 0 {
		return "", false
	}
	last, ok := key[len(key)-1].(string)
	return value.ID(last), ok
}
