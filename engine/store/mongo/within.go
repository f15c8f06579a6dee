package mongo

import (
	"context"

	"tidewater/engine/query"
)

// within finds a page of a scope. Other conditions than the scope may leave few: then those are gathered; but first
// the merge tries a little.
func (f *finder) within(ctx context.Context, m merge, w walk, ordered bool) (query.Page, error) {
	if m.plain {
		return m.run(ctx)
	}
	if page, few, err := f.fewFound(ctx); few || err != nil {
		return page, err
	}
	asked := f.list.Budget
	f.list.Budget = min(4*f.list.Limit, asked)
	page, err := m.run(ctx)
	f.list.Budget = asked
	if err != nil || !page.Incomplete || f.seen >= int64(asked) || f.over {
		return page, err
	}
	f.scoped = true
	best, complete, err := f.narrowest(ctx, min(few, f.further(page)), true)
	if err != nil {
		return query.Page{}, err
	}
	if best.where != nil {
		return (&gather{f, best, complete}).run(ctx)
	}
	if ordered && len(w.bounds) > 0 && f.further(page) > some {
		return f.goOn(ctx, page, w) // what the index pins is nearer than the scope, where so few are met
	}
	return f.goOn(ctx, page, m)
}

// way finds records in the page's order from the list's place on, until the page is full or the budget spent.
type way interface {
	run(ctx context.Context) (query.Page, error)
}
