package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/store"
)

const (
	// few candidates are gathered at once: counting and sorting so many costs no more than a page.
	few = 200
	// some candidates are gathered when a walk has met too few records that match.
	some = 5000
	// trial is how many records a walk examines before asking whether gathering would be better.
	trial = 1000
)

// List answers one page.
func (s *Store) List(ctx context.Context, q query.List) (page query.Page, err error) {
	err = s.read(ctx, func(c conn) error {
		page, err = s.list(ctx, c, q)
		return err
	})
	return page, err
}

// list finds a page in one of three ways. Where an index has the records in the page's order, it walks that index
// and leaves out what does not meet the filter (walk.go). Within a scope it merges what the principals have, in that
// order (merge.go). Otherwise, or where the filter leaves few, it gathers the candidates and sorts them (gather.go).
func (s *Store) list(ctx context.Context, c conn, q query.List) (page query.Page, err error) {
	err = s.asked(ctx, q.Form, func(l *layout) error {
		page, err = c.list(ctx, l, q)
		return err
	})
	return page, err
}

func (c conn) list(ctx context.Context, l *layout, q query.List) (page query.Page, err error) {
	if err := store.CheckList(q, l.field, fits); err != nil {
		return query.Page{}, err
	}
	if q.Budget <= 0 {
		q.Budget = query.DefaultBudget
	}
	f := &finder{conn: c, layout: l, list: q}
	if f.parts, err = l.parts(q.Filter); err != nil {
		return query.Page{}, err
	}
	switch {
	case q.Ranked:
		page, err = f.ranked(ctx)
	case slices.ContainsFunc(f.parts, isNever):
	default:
		page, err = f.find(ctx)
	}
	read := int64(len(page.Records))
	page.Examined = query.Work{Records: max(f.seen, read), Entries: f.entries + max(f.seen, read)}
	for _, r := range page.Records {
		r.Tokens = nil // they are written and never read back
	}
	return page, err
}

// conjuncts takes a filter apart into conditions that must all hold.
func conjuncts(f query.Filter) []query.Filter {
	switch f := f.(type) {
	case nil:
		return nil
	case query.And:
		var all []query.Filter
		for _, part := range f {
			all = append(all, conjuncts(part)...)
		}
		return all
	case query.Const:
		if f {
			return nil
		}
	}
	return []query.Filter{f}
}

// part is one of the conditions that must all hold, and what it asks of MongoDB.
type part struct {
	filter query.Filter
	condition
}

// parts takes a filter apart. What always holds is left out.
func (l *layout) parts(f query.Filter) ([]part, error) {
	var out []part
	for _, one := range conjuncts(f) {
		c, err := l.where(one)
		if err != nil {
			return nil, err
		}
		if !c.fixed || !c.holds {
			out = append(out, part{one, c})
		}
	}
	return out, nil
}

func isNever(p part) bool { return p.fixed && !p.holds }

// all joins conditions; the first are asked as they are.
func all(first bson.D, parts []part) bson.D {
	out := slices.Clone(first)
	var rest bson.A
	for _, p := range parts {
		rest = append(rest, p.doc)
	}
	if len(rest) > 0 {
		out = append(out, bson.E{Key: "$and", Value: rest})
	}
	return out
}

// both asks two conditions.
func both(a, b bson.D) bson.D {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return d("$and", bson.A{a, b})
}

// finder is one list on its way to its page.
type finder struct {
	conn
	layout  *layout
	list    query.List
	parts   []part
	seen    int64 // records examined
	entries int64 // index entries examined beside those of the records
	scoped  bool  // the scope has been tried by its order: it is no source any more
	looked  int64 // of seen, at the last look at the list's own limit
	over    bool  // which says that it is enough
}

// often is how many records are examined between two looks at the list's own limit.
const often = 256

// enough tells whether nothing more may be examined. The limit is asked once for so many records, as where they are
// examined one by one.
func (f *finder) enough() bool {
	for f.list.Spent != nil && !f.over && f.seen >= f.looked+often {
		f.looked += often
		f.over = f.list.Spent()
	}
	return f.over
}

// find chooses the way. What it costs does not grow with the form: what it asks of indexes before it begins is
// bounded by few, a walk that finds enough by how dense the matches are.
func (f *finder) find(ctx context.Context) (query.Page, error) {
	w, ordered := f.walk()
	if ordered && len(w.residual) == 0 {
		return w.run(ctx)
	}
	if m, ok := f.merge(); ok {
		return f.within(ctx, m, w, ordered)
	}
	bound := int64(few)
	if !ordered {
		bound = int64(f.list.Budget)
	}
	best, complete, err := f.narrowest(ctx, bound, ordered)
	switch {
	case err != nil:
		return query.Page{}, err
	case best.where != nil:
		return (&gather{f, best, complete}).run(ctx)
	case !ordered:
		return (&gather{finder: f, source: f.newest()}).run(ctx)
	}
	return f.tryWalk(ctx, w)
}

// fewFound gathers what a search finds, if that is little.
func (f *finder) fewFound(ctx context.Context) (page query.Page, few bool, err error) {
	for _, s := range f.sources(0) {
		if !s.isSearch {
			continue
		}
		s.bound = int64(4 * f.list.Limit)
		n, err := f.number(ctx, f.layout.collection, s.where, s.bound+1, s.hint)
		if f.entries += n; err != nil {
			return page, false, err
		}
		if n <= s.bound {
			page, err = (&gather{f, s, true}).run(ctx)
			return page, true, err
		}
	}
	return page, false, nil
}

// tryWalk walks a little; if that does not fill the page, it gathers where that is bounded, else walks on.
func (f *finder) tryWalk(ctx context.Context, w walk) (query.Page, error) {
	budget := f.list.Budget
	f.list.Budget = min(trial, budget)
	page, err := w.run(ctx)
	f.list.Budget = budget
	if err != nil || !page.Incomplete || budget <= trial || f.over {
		return page, err
	}
	best, complete, err := f.narrowest(ctx, min(some, f.further(page)), true)
	if err != nil {
		return page, err
	}
	if best.where != nil {
		return (&gather{f, best, complete}).run(ctx)
	}
	return f.goOn(ctx, page, w)
}

// goOn continues a page in another way, which finds the same records in the same order.
func (f *finder) goOn(ctx context.Context, page query.Page, next way) (query.Page, error) {
	f.list.After, f.list.Limit = page.Next, f.list.Limit-len(page.Records)
	rest, err := next.run(ctx)
	rest.Records = append(page.Records, rest.Records...)
	return rest, err
}

// further is how many records would still be examined for the rest of a page, if matches lie as dense as so far.
func (f *finder) further(page query.Page) int64 {
	return f.seen * int64(f.list.Limit-len(page.Records)) / int64(max(len(page.Records), 1))
}

// stop ends a page whose budget is spent at a place.
func (f *finder) stop(page query.Page, at query.Key) query.Page {
	page = f.finish(page)
	if page.Next == nil {
		page.Next = at
	}
	page.Incomplete = len(page.Records) < f.list.Limit
	return page
}

// base is the condition that every record of the list meets, by which the indexes of lists begin.
func (f *finder) base() bson.D { return living(f.list.Deleted) }
