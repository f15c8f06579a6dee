package record

import (
	"context"
	"slices"
	"strings"

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
	if streams := b.form.Streams(q.Filter); len(streams) > 1 {
		return b.merged(ctx, q, streams)
	}
	return b.Store.List(ctx, q)
}

// merged is a page of several streams, each in the order of ids: as far as all of them were read.
func (b *batch) merged(ctx context.Context, q query.List, streams []query.Filter) (out query.Page, err error) {
	one, end := q, value.ID("")
	one.Limit, one.Budget = q.Limit/len(streams)+1, q.Budget/len(streams)
	for _, one.Filter = range streams {
		page, err := b.Store.List(ctx, one)
		if err != nil {
			return out, err
		}
		out.Records = append(out.Records, page.Records...)
		out.Examined.Records += page.Examined.Records
		out.Examined.Entries += page.Examined.Entries
		if last, more := lastOf(page.Next); more && (end == "" || last < end) {
			end = last
		}
	}
	slices.SortFunc(out.Records, func(a, b *value.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	if end != "" {
		out.Records = slices.DeleteFunc(out.Records, func(r *value.Record) bool { return r.ID > end })
	}
	if len(out.Records) > q.Limit {
		out.Records = out.Records[:q.Limit]
		end = out.Records[q.Limit-1].ID
	}
	if end != "" {
		out.Next = query.Key{string(end)}
	}
	return out, nil
}

// over is the list of the records that the script is for, by id.
func (b *batch) over(ctx context.Context) (query.List, error) {
	q, err := b.asks.listQuery(ctx, b.form, overRequest(b.form, b.script, min(b.slice.Limit, b.script.AtOnce())))
	q.Sorts, q.Budget, q.Spent = nil, batchBudget, nil // a page that ends by the clock may lack some before its end
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
