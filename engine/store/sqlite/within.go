package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"

	"tidewater/engine/query"
)

// within finds a page of a scope. With nothing beside the scope the merge reads what it returns. Other
// conditions may leave few (then those are gathered), or an index may pin them (then it and the merge
// take turns, and the one that finds more goes on); but first the merge tries a little.
func (f *finder) within(ctx context.Context, m merge, w walk, ordered bool) (query.Page, error) {
	if len(m.residual) == 0 {
		if ordered && len(m.principals) > 2 {
			return f.tryDense(ctx, w, m)
		}
		return m.run(ctx)
	}
	asked := f.list
	f.list.Budget = min(4*asked.Limit, asked.Budget)
	page, err := m.run(ctx)
	f.list = asked
	if err != nil || !page.Incomplete || f.asked.seen >= int64(asked.Budget) || f.asked.over {
		return page, err
	}
	f.scoped = !slices.ContainsFunc(f.parts, isSearch)
	best, complete, err := f.narrowest(ctx, min(few, f.further(page)), true)
	if err != nil {
		return query.Page{}, err
	}
	if best.sql != "" && len(f.layout.principalsOf(f.parts[best.part].filter)) == 0 {
		return (&gather{f, best, complete}).run(ctx)
	}
	f.list.After, f.list.Limit = page.Next, asked.Limit-len(page.Records)
	ways := []way{m}
	if ordered && len(w.bounds) > 0 {
		ways = append(ways, w)
	}
	rest, err := f.inTurn(ctx, ways, better)
	return joined([]query.Page{page, rest}), err
}

func isSearch(p part) bool {
	_, ok := p.filter.(query.Search)
	return ok
}

// tryDense walks the form a little: where many principals together cover much of it, their streams are
// full of doubles and the walk is shorter.
func (f *finder) tryDense(ctx context.Context, w walk, m merge) (query.Page, error) {
	return f.inTurn(ctx, []way{w, m}, func([]tried) int { return 1 })
}

// way finds records in the page's order from the list's place on, until the page is full or the budget spent.
type way interface {
	run(ctx context.Context) (query.Page, error)
}

// tried is what a way has examined and found so far.
type tried struct{ seen, found int64 }

// better is the way that finds more for what it examines; while neither finds anything they take turns.
func better(so []tried) int {
	if len(so) == 1 {
		return 0
	}
	switch a, b := so[0], so[1]; {
	case b.seen == 0, a.found*b.seen < b.found*a.seen, a.found == 0 && b.found == 0 && a.seen > b.seen:
		return 1
	}
	return 0
}

// inTurn runs the ways one at a time. Each begins where the one before stopped, since all find the same
// records in the same order; so nothing is examined in vain, and each turn may examine twice the last.
func (f *finder) inTurn(ctx context.Context, ways []way, next func([]tried) int) (query.Page, error) {
	limit, budget := f.list.Limit, int64(f.list.Budget)
	so, turn, step := make([]tried, len(ways)), 0, int64(2*limit)
	var pages []query.Page
	for {
		from := f.asked.seen
		f.list.Budget = int(min(from+step, budget))
		page, err := ways[turn].run(ctx)
		if err != nil {
			return page, err
		}
		pages = append(pages, page)
		if !page.Incomplete || f.asked.seen >= budget || f.asked.over {
			return joined(pages), nil
		}
		so[turn].seen += f.asked.seen - from
		so[turn].found += int64(len(page.Records))
		f.list.After, f.list.Limit = page.Next, f.list.Limit-len(page.Records)
		turn, step = next(so), 2*step
	}
}

// joined puts the pages of several turns together; the last says how it ends.
func joined(pages []query.Page) query.Page {
	out := pages[len(pages)-1]
	last := out.Records
	out.Records = nil
	for _, p := range pages[:len(pages)-1] {
		out.Records = append(out.Records, p.Records...)
	}
	out.Records = append(out.Records, last...)
	return out
}

// within lists the living records of these principals.
func (l *layout) within(numbers []driver.Value) clause {
	list := make([]any, len(numbers))
	for i, n := range numbers {
		list[i] = n
	}
	on := among("m.p", slices.Clone(list), "int")
	distinct := ""
	if len(numbers) > 1 {
		distinct = "DISTINCT "
	}
	return clause{"SELECT " + distinct + "m.rid AS rid FROM " + l.orders[0].name + " m WHERE " + on.sql, on.args}
}
