package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"golang.org/x/sync/errgroup"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

const (
	// maxArms bounds the principals whose records one list merges.
	maxArms = 32
	// together bounds the streams that are read at once.
	together = 8
	// shortest and longest bound how many records a stream reads at a time.
	shortest = 4
	longest  = 500
)

// merge reads the records of a scope in the order of the page: the stream of each principal from the index of that
// order, merged here without doubles. Conditions beside the scope are decided here as well, by query.Match.
type merge struct {
	*finder
	hint       string
	principals []string
	plain      bool // there is nothing beside the scope
}

// merge finds the scope among the conditions and the order that lists its records.
func (f *finder) merge() (m merge, ok bool) {
	if f.list.Deleted {
		return m, false
	}
	o, ok := f.layout.order(f.list.Sorts)
	if !ok {
		return m, false
	}
	for _, p := range f.parts {
		if principals := f.layout.principalsOf(p.filter); len(principals) > 0 && len(principals) <= maxArms {
			return merge{f, o.name, principals, len(f.parts) == 1}, true
		}
	}
	return m, false
}

// principalsOf lists the principals that a condition asks one of; none where it asks for else, or for one of a kind
// that lists are not asked within.
func (l *layout) principalsOf(f query.Filter) []string {
	c, ok := f.(query.Cmp)
	if !ok || c.Path != query.At(value.SysPrincipals) {
		return nil
	}
	wanted := c.Values
	switch c.Op {
	case query.Eq:
		wanted = value.List{c.Value}
	case query.In:
	default:
		return nil
	}
	var out []string
	for _, v := range wanted {
		s, ok := v.(string)
		if _, valid := scalar(s, "text"); ok && (!valid || !l.keeps(s)) {
			return nil
		}
		if ok && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// stream is what one principal has, behind a place, in the order of the page.
type stream struct {
	principal string
	records   []*value.Record
	places    []query.Key
	after     query.Key
	ended     bool
}

// fill reads the next so many records of a stream, if it has none left.
func (m merge) fill(ctx context.Context, s *stream, batch int64) (read int64, err error) {
	if s.ended || len(s.records) > 0 {
		return 0, nil
	}
	s.places = s.places[:0]
	scope := append(m.base(), bson.E{Key: atPrincipals, Value: d("$eq", s.principal)})
	for _, segment := range m.layout.segments(m.list.Sorts, s.after) {
		missing := batch - read
		if missing == 0 {
			break
		}
		l := look{where: both(scope, segment), sort: orderOf(m.list.Sorts), limit: missing, hint: m.hint}
		err := m.conn.find(ctx, m.layout.collection, l, func(raw bson.Raw) error {
			r, err := readRecord(m.list.Form, raw)
			if err != nil {
				return err
			}
			read++
			s.records, s.places = append(s.records, r), append(s.places, query.KeyOf(m.list.Sorts, r))
			return nil
		})
		if err != nil {
			return read, err
		}
	}
	s.ended = read < batch
	if read > 0 {
		s.after = s.places[read-1]
	}
	return read, nil
}

// fillAll fills the streams side by side; in a transaction, which does one thing at a time, one after the other.
func (m merge) fillAll(ctx context.Context, streams []*stream, batch int64) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(together)
	if m.session != nil {
		group.SetLimit(1)
	}
	read := make([]int64, len(streams))
	for i, s := range streams {
		group.Go(func() (err error) {
			read[i], err = m.fill(within, s, batch)
			return err
		})
	}
	err := group.Wait()
	for _, n := range read {
		m.seen += n
	}
	return err
}

// run reads until the page is full or the budget is spent.
func (m merge) run(ctx context.Context) (page query.Page, err error) {
	streams := make([]*stream, len(m.principals))
	for i, p := range m.principals {
		streams[i] = &stream{principal: p, after: m.list.After}
	}
	most := max(int64(m.list.Budget)-m.seen, 1)
	if err := m.fillAll(ctx, streams, m.batch(len(streams), tried{}, m.list.Limit+1)); err != nil {
		return page, err
	}
	var so tried
	for {
		missing := m.list.Limit + 1 - len(page.Records)
		r, place, err := m.next(ctx, streams, min(m.batch(len(streams), so, missing), max(most-so.seen, 1)))
		if err != nil {
			return page, err
		}
		if r == nil {
			return m.finish(page), nil
		}
		so.seen++
		if m.plain || query.Match(m.list.Filter, r) {
			page.Records = append(page.Records, r)
			so.found++
		}
		switch {
		case len(page.Records) > m.list.Limit:
			return m.finish(page), nil
		case !m.plain && (so.seen >= most || m.enough()):
			return m.stop(page, place), nil
		}
	}
}

// batch is how many records a stream reads at a time: its share of the page at first, and then of what is missing, as
// dense as matches have been; where a page takes more from one than its share, that comes in several readings.
func (m merge) batch(streams int, so tried, missing int) int64 {
	wanted := int64(missing)
	if !m.plain {
		if wanted = so.window(wanted); so.found > 0 {
			wanted = (wanted + 1) / 2 // matches lie in heaps: what is read beyond the page is read in vain
		}
	} else if so.seen > 0 {
		wanted = int64(m.list.Limit + 1)
	}
	share := (wanted + int64(streams) - 1) / int64(streams)
	return min(max(share, shortest), longest)
}

// next takes the first record of all streams, from each that has it.
func (m merge) next(ctx context.Context, streams []*stream, batch int64) (first *value.Record, place query.Key, err error) {
	for _, s := range streams {
		read, err := m.fill(ctx, s, batch)
		if err != nil {
			return nil, nil, err
		}
		m.seen += read
		if len(s.records) == 0 {
			continue
		}
		at := s.places[len(s.places)-len(s.records)]
		if first == nil || query.CompareKeys(m.list.Sorts, at, place) < 0 {
			first, place = s.records[0], at
		}
	}
	for _, s := range streams {
		if first != nil && len(s.records) > 0 && query.CompareKeys(m.list.Sorts, s.places[len(s.places)-len(s.records)], place) == 0 {
			s.records = s.records[1:]
		}
	}
	return first, place, nil
}
