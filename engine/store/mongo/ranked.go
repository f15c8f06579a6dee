package mongo

import (
	"context"
	"math"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// ranking is a list in the order of how well its search does, and in each rank the newest first.
type ranking struct {
	*finder
	search query.Search
	rank   int64  // of the place where the page begins
	below  string // and the id below which it goes on in that rank; "" for all
}

// ranked finds the page: what is a term, then what begins with one, then all else, each the newest first.
func (f *finder) ranked(ctx context.Context) (page query.Page, err error) {
	s, ok := query.Ranking(f.list.Filter)
	if !ok || len(f.list.Sorts) > 0 {
		return page, malformed()
	}
	r := ranking{finder: f, search: s, rank: query.RankExact}
	if f.list.After != nil {
		rank, isRank := f.list.After[0].(int64)
		if !isRank {
			return page, store.BadPlace()
		}
		r.rank = rank
		r.below, _ = f.list.After[1].(string)
	}
	switch {
	case slices.ContainsFunc(f.parts, isNever):
		return page, nil
	case len(tokensAsked(s)) == 0 || !f.layout.form.Search:
		return r.untold(ctx)
	}
	for rank := r.rank; rank <= query.RankWithin && len(page.Records) <= f.list.Limit && !r.isEnough(); rank++ {
		below := ""
		if rank == r.rank {
			below = r.below
		}
		if err := r.read(ctx, rank, below, &page); err != nil {
			return page, err
		}
	}
	page.Incomplete = len(page.Records) <= f.list.Limit && r.isEnough()
	return r.cut(page), nil
}

// isEnough tells whether a search may examine no more.
func (r ranking) isEnough() bool { return r.seen >= searchCandidates || r.enough() }

// read adds what has a rank to the page, the newest first. What has a word, what begins so, and what a scope has all
// come by id: they take turns, each from where the last one stopped, and the one that finds most goes on.
func (r ranking) read(ctx context.Context, rank int64, below string, page *query.Page) error {
	ways := r.ways(rank)
	so := make([]tried, len(ways))
	turn := 0
	for {
		missing := int64(r.list.Limit + 1 - len(page.Records))
		if missing <= 0 || r.isEnough() {
			return nil
		}
		window := min(so[turn].window(missing), searchCandidates-r.seen)
		n, last, found, err := ways[turn].look(ctx, below, window)
		if err != nil {
			return err
		}
		r.seen += n
		so[turn].seen += n
		for _, one := range found {
			if r.search.Rank(one) == rank && int64(len(page.Records)) <= int64(r.list.Limit) {
				page.Records = append(page.Records, one)
				so[turn].found++
			}
		}
		if n < window {
			return nil // this way has no more, so that nobody has
		}
		below = last
		turn = next(so, turn)
	}
}

// tried is what a way has examined and found so far.
type tried struct{ seen, found int64 }

// window is how much a way examines next: about what is missing, as dense as its matches have been.
func (t tried) window(missing int64) int64 {
	switch {
	case t.seen == 0:
		return missing
	case t.found == 0:
		return min(4*t.seen, widest)
	}
	return min(missing*t.seen/t.found+2, widest)
}

// next is the way to go: the one that has been gone while every fourth record there is found; else each once, then
// the densest; while none finds anything, the one that has examined least.
func next(so []tried, turn int) int {
	if t := so[turn]; 4*t.found >= t.seen {
		return turn
	}
	best := 0
	for i, t := range so {
		if t.seen == 0 {
			return i
		}
		b := so[best]
		if t.found*b.seen > b.found*t.seen || t.found*b.seen == b.found*t.seen && t.seen < b.seen {
			best = i
		}
	}
	return best
}

// byID is a way: records that meet a condition, the newest first.
type byID struct {
	*finder
	where bson.D
	hint  string
	rest  bson.D
	scope []string // the principals whose records it merges, where there are several
}

// ways are how what has a rank can be found: by how a text begins, or by the longest tokens, which are the rarest
// mostly; and by the scope, first where it is of few principals, for the streams of many read more than they find.
func (r ranking) ways(rank int64) []byID {
	rest := all(bson.D{}, r.parts)
	by := func(token bson.D) byID {
		return byID{finder: r.finder, where: both(r.base(), d(atTokens, token)), hint: tokenIndex, rest: rest}
	}
	var out []byID
	if rank < query.RankWithin {
		begins := make(bson.A, 0, len(r.search.Terms))
		for _, term := range r.search.Terms {
			edge := wholeEdge(term.Folded)
			if rank == query.RankPrefix {
				_, second := beginnings(term.Folded)
				edge = beginEdge(second)
			}
			begins = append(begins, edge)
		}
		out = append(out, by(d("$in", begins)))
	} else {
		tokens := tokensAsked(r.search)
		for _, token := range tokens[:min(len(tokens), maxTokens)] {
			out = append(out, by(d("$eq", token)))
		}
	}
	for _, p := range r.parts {
		principals := r.layout.principalsOf(p.filter)
		switch n := len(principals); {
		case r.list.Deleted || n == 0 || n > maxArms:
		case n <= 2 && rank == query.RankWithin:
			return slices.Insert(out, 0, byID{finder: r.finder, scope: principals})
		default:
			return slices.Insert(out, 1, byID{finder: r.finder, scope: principals})
		}
	}
	return out
}

// maxTokens bounds the tokens of a search that are tried to find it by.
const maxTokens = 3

// look examines a window below an id. It says how much that was, where it ended, and what meets the whole filter.
func (w byID) look(ctx context.Context, below string, window int64) (n int64, last string, found []*value.Record, err error) {
	if w.scope != nil {
		return w.merged(ctx, below, window)
	}
	var behind bson.D
	if below != "" {
		behind = d(atID, d("$lt", below))
	}
	g := &gather{finder: w.finder, source: source{where: w.where, hint: w.hint}}
	if n, last, err = g.windowByID(ctx, behind, window); err != nil || n == 0 {
		return n, last, nil, err
	}
	err = w.aggregate(ctx, w.layout.collection, w.stages(behind, window), w.hint, func(raw bson.Raw) error {
		r, err := readRecord(w.list.Form, raw)
		found = append(found, r)
		return err
	})
	return n, last, found, err
}

// stages is the pipeline of a window.
func (w byID) stages(behind bson.D, window int64) []bson.D {
	return []bson.D{d("$match", both(w.where, behind)), d("$sort", d(atID, int32(-1))), d("$limit", window), d("$match", w.rest)}
}

// merged is a window of what several principals have.
func (w byID) merged(ctx context.Context, below string, window int64) (n int64, last string, found []*value.Record, err error) {
	f := *w.finder
	f.seen = 0
	f.list.Sorts = []query.Sort{{Path: query.At(value.SysID), Desc: true}}
	f.list.After, f.list.Limit, f.list.Budget, f.list.Spent = nil, int(window), math.MaxInt32, nil
	if below != "" {
		f.list.After = query.Key{below, below}
	}
	m := merge{finder: &f, hint: scopeIndex, principals: w.scope, plain: true}
	page, err := m.run(ctx)
	if err != nil {
		return 0, "", nil, err
	}
	for _, r := range page.Records {
		last = string(r.ID)
		if query.Match(w.list.Filter, r) {
			found = append(found, r)
		}
	}
	// More than these were read where the principals share records; what was examined of them is these.
	w.entries += f.seen - int64(len(page.Records))
	return int64(len(page.Records)), last, found, nil
}

// untold reads the newest records, as many as a search examines, where no token tells which have the terms, and
// sorts what it finds.
func (r ranking) untold(ctx context.Context) (page query.Page, err error) {
	where, hint := r.base(), idIndex
	if r.list.Deleted {
		hint = deletedIndex
	}
	way := byID{finder: r.finder, where: where, hint: hint, rest: all(bson.D{}, r.parts)}
	n, _, found, err := way.look(ctx, "", searchCandidates)
	if err != nil {
		return page, err
	}
	r.seen += n
	slices.SortFunc(found, byRank(r.search))
	for _, one := range found {
		rank := r.search.Rank(one)
		if r.list.After == nil || rank > r.rank || rank == r.rank && string(one.ID) < r.below {
			page.Records = append(page.Records, one)
		}
	}
	page = r.cut(page)
	page.Incomplete = page.Next == nil && r.isEnough()
	return page, nil
}

// cut ends the page; what it holds is in order.
func (r ranking) cut(page query.Page) query.Page {
	if len(page.Records) > r.list.Limit {
		page.Records = page.Records[:r.list.Limit]
		last := page.Records[r.list.Limit-1]
		page.Next = query.Key{r.search.Rank(last), string(last.ID)}
	}
	return page
}
