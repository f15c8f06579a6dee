package mongo

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// gather takes all candidates that one condition leaves, tests the others on them, and sorts.
type gather struct {
	*finder
	source   source
	complete bool // the source has no more candidates than are taken
}

// source is one condition of the filter that an index lists the candidates of.
type source struct {
	where    bson.D // nil for none
	hint     string
	newest   string // the member by which candidates come, the newest first; "" for as the index has them
	scope    bool
	bound    int64
	isSearch bool
}

// sources lists the conditions that some index can enumerate.
func (f *finder) sources(bound int64) []source {
	var out []source
	for _, one := range f.parts {
		switch part := one.filter.(type) {
		case query.Cmp:
			if s, ok := f.enumerate(part, one.doc); ok && !one.fixed && (!f.scoped || !s.scope) {
				s.bound = max(bound, store.Named(part))
				out = append(out, s)
			}
		case query.Search:
			for _, token := range tokensAsked(part) {
				out = append(out, source{
					where: both(f.base(), d(atTokens, d("$eq", token))), hint: tokenIndex, newest: atID, bound: searchCandidates, isSearch: true,
				})
			}
		}
	}
	return out
}

// enumerate makes a comparison a source, if an index of memberships or the first column of another answers it.
func (f *finder) enumerate(c query.Cmp, asked bson.D) (source, bool) {
	if f.list.Deleted {
		return source{}, false // indexes of lists begin with the living
	}
	where := both(f.base(), asked)
	if len(f.layout.principalsOf(c)) > 0 {
		return source{where: where, hint: scopeIndex, scope: true}, true
	}
	if c.Op != query.In && !isRange(c.Op) || c.Op == query.NotEmpty {
		return source{}, false
	}
	if c.Path == query.At(value.SysID) {
		return source{where: where, hint: idIndex}, true
	}
	for _, i := range f.layout.indexes {
		if i.columns[0].Path != c.Path || i.multi && c.Op != query.Eq && c.Op != query.In {
			continue
		}
		return source{where: where, hint: i.name}, true
	}
	return source{}, false
}

// narrowest finds the source with the fewest candidates, within bound if there is one: none is returned when all
// exceed it and the index walk is open. complete tells whether it is within its bound. Where one has few candidates
// the others are not asked: what they would save is less than asking.
func (f *finder) narrowest(ctx context.Context, bound int64, ordered bool) (best source, complete bool, err error) {
	least := int64(-1)
	for _, s := range f.sources(bound) {
		if complete && least <= few {
			break
		}
		limit := s.bound
		if least >= 0 {
			limit = min(limit, least)
		}
		n, err := f.number(ctx, f.layout.collection, s.where, limit+1, s.hint)
		if err != nil {
			return best, false, err
		}
		f.entries += n
		switch {
		case n <= limit && (least < 0 || n < least):
			best, least, complete = s, n, true
		case least < 0 && best.where == nil && (!ordered || s.isSearch):
			best = s
		}
	}
	return best, complete, nil
}

// newest is the source of last resort: what was added last, or put into the bin last, up to the budget.
func (f *finder) newest() source {
	s := source{where: f.base(), hint: idIndex, newest: atID, bound: int64(f.list.Budget)}
	if f.list.Deleted {
		s.hint, s.newest = deletedIndex, atDeletedAt
	}
	return s
}

// run examines the candidates. Those that come newest first are examined a window at a time, so that the list's own
// limit is heard.
func (g *gather) run(ctx context.Context) (page query.Page, err error) {
	if g.source.newest == atID {
		return g.runByID(ctx)
	}
	if err := g.examine(ctx, nil, g.source.bound, &page); err != nil {
		return page, err
	}
	page = g.finish(page)
	n, err := g.number(ctx, g.layout.collection, g.source.where, g.source.bound+1, g.source.hint)
	g.seen += min(n, g.source.bound)
	page.Incomplete = n > g.source.bound
	return page, err
}

// runByID goes through candidates by id, the newest first, and keeps the first of the page's order.
func (g *gather) runByID(ctx context.Context) (page query.Page, err error) {
	var above bson.D // nothing yet
	for left := g.source.bound; ; {
		window := min(left, int64(widest))
		if window <= 0 {
			n, err := g.number(ctx, g.layout.collection, both(g.source.where, above), 1, g.source.hint)
			page = g.finish(page)
			page.Incomplete = n > 0
			return page, err
		}
		n, last, err := g.windowByID(ctx, above, window)
		if err != nil {
			return page, err
		}
		if err := g.examine(ctx, above, window, &page); err != nil {
			return page, err
		}
		g.seen += n
		slices.SortStableFunc(page.Records, func(a, b *value.Record) int { return query.Compare(g.list.Sorts, a, b) })
		page.Records = page.Records[:min(len(page.Records), g.list.Limit+1)]
		if n < window {
			return g.finish(page), nil
		}
		if g.enough() {
			page = g.finish(page)
			page.Incomplete = true
			return page, nil
		}
		left, above = left-n, d(atID, d("$lt", last))
	}
}

// windowByID says how many candidates the next window has, and the id of its last.
func (g *gather) windowByID(ctx context.Context, above bson.D, window int64) (n int64, last string, err error) {
	stages := []bson.D{
		d("$match", both(g.source.where, above)), d("$sort", d(atID, int32(-1))), d("$limit", window),
		d("$group", bson.D{{Key: atID, Value: nil}, {Key: "n", Value: d("$sum", int64(1))}, {Key: "last", Value: d("$last", "$"+atID)}}),
	}
	err = g.aggregate(ctx, g.layout.collection, stages, g.source.hint, func(raw bson.Raw) error {
		n, last = intOf(raw.Lookup("n")), textOf(raw.Lookup("last"))
		return nil
	})
	return n, last, err
}

// examine tests so many candidates and adds the first of those that match to the page.
func (g *gather) examine(ctx context.Context, above bson.D, bound int64, page *query.Page) error {
	return g.aggregate(ctx, g.layout.collection, g.stages(above, bound), g.source.hint, g.collect(page))
}

// stages is the pipeline of a gathering: the candidates, what else they must meet, and the order of the page.
func (g *gather) stages(above bson.D, bound int64) []bson.D {
	stages := []bson.D{d("$match", both(g.source.where, above))}
	if g.source.newest != "" {
		stages = append(stages, d("$sort", d(g.source.newest, int32(-1))))
	}
	rest := both(all(bson.D{}, g.parts), g.layout.behind(g.list.Sorts, g.list.After))
	return append(stages, d("$limit", bound), d("$match", orAll(rest)), d("$sort", orderOf(g.list.Sorts)), d("$limit", int64(g.list.Limit+1)))
}

// byRank sorts what a search found: how well it does, then the newest first.
func byRank(s query.Search) func(a, b *value.Record) int {
	return func(a, b *value.Record) int {
		return cmp.Or(cmp.Compare(s.Rank(a), s.Rank(b)), cmp.Compare(b.ID, a.ID))
	}
}
