package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
)

// summing finds sums that answer the question, and for whom: the records of everybody or of one principal.
func (l *layout) summing(q query.Aggregate) (s *sums, principal string, ok bool) {
	if !l.ready || q.Table != "" || len(q.Groups) > 1 {
		return nil, "", false
	}
	switch conditions := conjuncts(q.Filter); len(conditions) {
	case 0:
	case 1:
		principals := l.principalsOf(conditions[0])
		if len(principals) != 1 {
			return nil, "", false
		}
		principal = principals[0]
	default:
		return nil, "", false
	}
	for _, s := range l.sums {
		if s.answers(q) {
			return s, principal, true
		}
	}
	return nil, "", false
}

// added takes sums that are kept, or has the server add up. Those of a layout that has changed may be on their way out:
// what they came to counts only if it is still the same.
func (c conn) added(ctx context.Context, l *layout, q query.Aggregate) (rows []query.Row, err error) {
	s := c.store
	if !l.ready { // another instance may have made them complete
		if newer, err := s.renew(ctx); err != nil {
			return nil, err
		} else if newer {
			if l, err = s.layout(ctx, q.Form); err != nil {
				return nil, err
			}
		}
	}
	for {
		ready, principal, ok := l.summing(q)
		if !ok {
			return s.grouped(ctx, c, l, q)
		}
		if err := s.late.catchUp(ctx); err != nil {
			return nil, err
		}
		if rows, err = c.figures(ctx, inSums, ready.stages(principal, q), "place", q); err != nil {
			return nil, err
		}
		newer, err := s.renew(ctx)
		if err != nil || !newer {
			return rows, err
		}
		next, err := s.layout(ctx, q.Form)
		if err != nil || next.ready && next.summed == l.summed {
			return rows, err
		}
		l = next
	}
}

// stages is the pipeline that adds up lines of sums.
func (s *sums) stages(principal string, q query.Aggregate) []bson.D {
	which := bson.D{{Key: "sums", Value: s.name}, {Key: "principal", Value: principal}, {Key: "n", Value: d("$gt", int64(0))}}
	var key any
	if len(q.Groups) > 0 {
		known := d("$cond", bson.A{d("$eq", bson.A{"$key", int64(noKey)}), nil, inBucket("$key", q.Groups[0].Bucket)})
		key = d(groupName(0), known)
	}
	out := bson.D{{Key: atID, Value: key}}
	for i, m := range q.Metrics {
		place := slices.Index(s.Of, m.Path)
		var adding any = "$" + sumMember(0)
		switch {
		case place >= 0 && m.Op == query.MetricCount:
			adding = "$" + sumMember(1+3*place)
		case place >= 0:
			high := d("$multiply", bson.A{decimal("$" + sumMember(2+3*place)), int64(unit)})
			adding = d("$add", bson.A{high, "$" + sumMember(3+3*place)})
		}
		out = append(out, bson.E{Key: figureName(i), Value: d("$sum", adding)})
	}
	return []bson.D{d("$match", which), d("$group", out)}
}
