package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
)

// Count asks how many records match, up to the cap.
func (s *Store) Count(ctx context.Context, q query.Count) (counted query.Counted, err error) {
	err = s.read(ctx, func(c conn) error {
		counted, err = s.count(ctx, c, q)
		return err
	})
	return counted, err
}

func (s *Store) count(ctx context.Context, c conn, q query.Count) (counted query.Counted, err error) {
	err = s.asked(ctx, q.Form, func(l *layout) error {
		counted, err = c.counted(ctx, l, q)
		return err
	})
	return counted, err
}

func (c conn) counted(ctx context.Context, l *layout, q query.Count) (counted query.Counted, err error) {
	f := &finder{conn: c, layout: l, list: query.List{Form: q.Form, Filter: q.Filter, Deleted: q.Deleted}}
	if f.parts, err = l.parts(q.Filter); err != nil {
		return query.Counted{}, err
	}
	if slices.ContainsFunc(f.parts, isNever) {
		return query.Counted{Exact: true}, nil
	}
	bound, most := int64(query.DefaultBudget), int64(0)
	if q.Cap > 0 {
		bound, most = some, q.Cap+1
	}
	where, hint, err := f.matching(ctx, bound)
	if err != nil {
		return query.Counted{}, err
	}
	n, err := c.number(ctx, l.collection, where, most, hint)
	out := query.Counted{Value: n, Exact: true, Examined: query.Work{Records: max(f.seen, n), Entries: f.entries + max(f.seen, n)}}
	if q.Cap > 0 && n > q.Cap {
		out.Value, out.Exact = q.Cap, false
	}
	return out, err
}

// matching is the condition that every living record, or every one of the recycle bin, that meets the filter does.
// Where an index lists at most bound candidates it is named, for how few they are the server finds out by trying.
func (f *finder) matching(ctx context.Context, bound int64) (where bson.D, hint string, err error) {
	where = all(f.base(), f.parts)
	if len(f.parts) == 0 {
		return where, "", nil
	}
	entries := f.entries
	led, complete, err := f.narrowest(ctx, bound, true)
	if err != nil || !complete {
		return where, "", err
	}
	f.seen += f.entries - entries
	return where, led.hint, nil
}
