package mongo

import (
	"context"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// walk reads an index in the order of the page. It examines no record beyond the page where the index answers the
// whole filter; else at most the budget, a window of it at a time: MongoDB knows no bound of what it examines.
type walk struct {
	*finder
	hint     string
	bounds   []part // conditions that the index itself answers
	residual []part // the others
}

const (
	// firstWindow is how many times what is missing on a page its first window examines.
	firstWindow = 2
	// widest bounds a window, and with it how long one question of a walk takes.
	widest = 2000
)

// walk finds the index that has the records in the page's order and pins most of the filter.
func (f *finder) walk() (w walk, ordered bool) {
	if f.list.Deleted {
		return w, false
	}
	pinned := map[query.Path]part{}
	for _, p := range f.parts {
		if c, ok := isEq(p); ok {
			pinned[c.Path] = p
		}
	}
	if len(f.list.Sorts) == 0 || f.list.Sorts[0].Path == query.At(value.SysID) {
		w, ordered = walk{finder: f, hint: idIndex}, true
	}
	for _, i := range f.layout.indexes {
		n := i.serves(pinned, f.list.Sorts)
		if n < 0 || ordered && n <= len(w.bounds) {
			continue
		}
		w, ordered = walk{finder: f, hint: i.name}, true
		for _, c := range i.columns[:n] {
			w.bounds = append(w.bounds, pinned[c.Path])
		}
	}
	if ordered {
		w.split()
	}
	return w, ordered
}

// serves tells how many leading columns are pinned before those that give the order; -1 where the index does not
// give it.
func (i index) serves(pinned map[query.Path]part, sorts []query.Sort) int {
	n := len(i.columns) - len(sorts)
	if n < 0 || i.multi {
		return -1
	}
	for _, c := range i.columns[:n] {
		if _, ok := pinned[c.Path]; !ok {
			return -1
		}
	}
	for k, s := range sorts {
		c := i.columns[n+k]
		if c.Path != s.Path || (c.Desc != s.Desc) != (i.columns[n].Desc != sorts[0].Desc) {
			return -1
		}
	}
	return n
}

// split parts what the index answers (pinned columns, a range of the first sort) from the rest.
func (w *walk) split() {
	pinning := len(w.bounds)
	for _, p := range w.parts {
		c, ok := p.filter.(query.Cmp)
		switch {
		case ok && c.Op == query.Eq && slices.ContainsFunc(w.bounds[:pinning], func(b part) bool { return samePlace(b, c) }):
			// Pinned already; pinned twice to two values it would be among the rest.
		case ok && len(w.list.Sorts) > 0 && c.Path == w.list.Sorts[0].Path && isRange(c.Op):
			w.bounds = append(w.bounds, p)
		default:
			w.residual = append(w.residual, p)
		}
	}
}

func samePlace(b part, c query.Cmp) bool {
	pinned, ok := b.filter.(query.Cmp)
	return ok && pinned.Path == c.Path && value.Equal(pinned.Value, c.Value)
}

func isRange(op query.Op) bool {
	switch op {
	case query.Lt, query.Lte, query.Gt, query.Gte, query.Prefix, query.Eq, query.Empty, query.NotEmpty:
		return true
	}
	return false
}

func (w walk) run(ctx context.Context) (query.Page, error) {
	if len(w.residual) == 0 {
		return w.read(ctx)
	}
	var found []spot
	after, window := w.list.After, int64(0)
	for {
		segments := w.layout.segments(w.list.Sorts, after)
		ended := true
		for _, segment := range segments {
			missing := int64(w.list.Limit + 1 - len(found))
			// A segment always gets something to examine, so that each page moves on.
			budget := max(int64(w.list.Budget)-w.seen, 1)
			window = min(max(2*window, firstWindow*missing), widest, budget)
			seen, last, err := w.look(ctx, segment, window, missing, &found)
			if err != nil {
				return query.Page{}, err
			}
			w.seen += seen
			switch {
			case len(found) > w.list.Limit:
				return w.fetch(ctx, found, nil)
			case seen == window && (int64(w.list.Budget) <= w.seen || w.enough()):
				return w.fetch(ctx, found, last)
			case seen == window:
				after, ended = last, false
			}
			if !ended {
				break
			}
		}
		if ended {
			return w.fetch(ctx, found, nil)
		}
	}
}

// read reads the page where the index answers all.
func (w walk) read(ctx context.Context) (page query.Page, err error) {
	for _, segment := range w.layout.segments(w.list.Sorts, w.list.After) {
		missing := int64(w.list.Limit + 1 - len(page.Records))
		if missing <= 0 {
			break
		}
		l := look{where: w.from(segment), sort: orderOf(w.list.Sorts), limit: missing, hint: w.hint}
		if err := w.conn.find(ctx, w.layout.collection, l, w.collect(&page)); err != nil {
			return page, err
		}
	}
	page = w.finish(page)
	w.seen += int64(len(page.Records)) // the one behind it tells only that there is more
	return page, nil
}

// from is what a segment reads.
func (w walk) from(segment bson.D) bson.D { return both(all(w.base(), w.bounds), segment) }

// spot is a record that was found and its place.
type spot struct {
	id    value.ID
	place query.Key
}

// look examines a window of a segment. It says how many records that were, and the place of the last.
func (w walk) look(ctx context.Context, segment bson.D, window, missing int64, found *[]spot) (seen int64, last query.Key, err error) {
	err = w.aggregate(ctx, w.layout.collection, w.window(segment, window, missing), w.hint, func(raw bson.Raw) error {
		matches, err := raw.Lookup("found").Array().Values()
		if err != nil {
			return err
		}
		for _, one := range matches {
			place := w.key(one.Document())
			id, _ := place[len(place)-1].(string)
			*found = append(*found, spot{value.ID(id), place})
		}
		ends, err := raw.Lookup("end").Array().Values()
		if err != nil || len(ends) == 0 {
			return err
		}
		end := ends[0].Document()
		seen, last = intOf(end.Lookup("n")), w.key(end.Lookup("last").Document())
		return nil
	})
	return seen, last, err
}

// window is the pipeline that examines a window: which of it matches, how much it was and where it ended.
func (w walk) window(segment bson.D, window, missing int64) []bson.D {
	keys := w.keys()
	return []bson.D{
		d("$match", w.from(segment)),
		d("$sort", orderOf(w.list.Sorts)),
		d("$limit", window),
		d("$facet", bson.D{
			{Key: "found", Value: bson.A{d("$match", all(bson.D{}, w.residual)), d("$limit", missing), d("$project", keys)}},
			{Key: "end", Value: bson.A{d("$group", bson.D{
				{Key: atID, Value: nil}, {Key: "n", Value: d("$sum", int64(1))}, {Key: "last", Value: d("$last", keys)},
			})}},
		}),
	}
}

// keys takes a record's place out of its document.
func (f *finder) keys() bson.D {
	out := d(atID, "$"+atID)
	for i, s := range f.list.Sorts {
		out = append(out, bson.E{Key: "k" + strconv.Itoa(i), Value: "$" + memberOf(s.Path)})
	}
	return out
}

// key reads a place from what keys has taken.
func (f *finder) key(doc bson.Raw) query.Key {
	key := make(query.Key, 0, len(f.list.Sorts)+1)
	for i := range f.list.Sorts {
		v, err := doc.LookupErr("k" + strconv.Itoa(i))
		if err != nil {
			key = append(key, nil)
			continue
		}
		one, err := decode(v)
		if err != nil {
			one = nil // null: nothing was there
		}
		key = append(key, one)
	}
	return append(key, textOf(doc.Lookup(atID)))
}

// fetch reads the records that were found. One that was changed meanwhile and no longer meets the filter is left
// out; where the page goes on, it goes on behind the place it was found at.
func (w walk) fetch(ctx context.Context, found []spot, stopped query.Key) (page query.Page, err error) {
	if len(found) > w.list.Limit {
		found = found[:w.list.Limit]
		page.Next = found[w.list.Limit-1].place
	} else if stopped != nil {
		page.Next, page.Incomplete = stopped, len(found) < w.list.Limit
	}
	ids := make(bson.A, len(found))
	for i, s := range found {
		ids[i] = string(s.id)
	}
	records, err := w.many(ctx, w.layout, ids)
	if err != nil {
		return page, err
	}
	for _, s := range found {
		if r := records[s.id]; r != nil && r.Deleted() == w.list.Deleted && query.Match(w.list.Filter, r) {
			page.Records = append(page.Records, r)
		}
	}
	return page, nil
}

// collect reads documents into the page.
func (f *finder) collect(page *query.Page) func(bson.Raw) error {
	return func(raw bson.Raw) error {
		r, err := readRecord(f.list.Form, raw)
		if err == nil {
			page.Records = append(page.Records, r)
		}
		return err
	}
}

// finish cuts the page to its limit and says where the next one begins.
func (f *finder) finish(page query.Page) query.Page {
	if len(page.Records) > f.list.Limit {
		page.Records = page.Records[:f.list.Limit]
		page.Next = query.KeyOf(f.list.Sorts, page.Records[f.list.Limit-1])
	}
	return page
}
