package mongo

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// segments are the stretches of an order that lie behind a place in it: equal in the first sorts, beyond in the
// next. One "after" has several, walked one by one, because each alone is a range that an index can seek, and their
// disjunction is not. Absent stands first ascending, last descending, as MongoDB has it too.
func (l *layout) segments(sorts []query.Sort, after query.Key) []bson.D {
	if after == nil {
		return []bson.D{{}}
	}
	sorts, after, desc := ordering(sorts, after)
	// From the innermost, which continues right after the place, to the outermost.
	out := []bson.D{l.equalUntil(sorts, after, len(sorts), d(atID, d(beyondOp(desc), after[len(sorts)])))}
	for i := len(sorts) - 1; i >= 0; i-- {
		for _, step := range l.beyond(sorts[i], after[i]) {
			out = append(out, l.equalUntil(sorts, after, i, step))
		}
	}
	return out
}

// ordering leaves out the sorts that order nothing: by what has been sorted by already, and behind the id. desc is the
// direction of the id.
func ordering(sorts []query.Sort, after query.Key) (_ []query.Sort, _ query.Key, desc bool) {
	var left []query.Sort
	var places query.Key
	for n, s := range sorts {
		if s.Path == query.At(value.SysID) {
			return left, append(places, after[n]), s.Desc
		}
		if desc = s.Desc; !slices.ContainsFunc(left, func(l query.Sort) bool { return l.Path == s.Path }) {
			left, places = append(left, s), append(places, after[n])
		}
	}
	return left, append(places, after[len(sorts)]), desc
}

func beyondOp(desc bool) string {
	if desc {
		return "$lt"
	}
	return "$gt"
}

// equalUntil puts the equality of the first n sorts before a condition.
func (l *layout) equalUntil(sorts []query.Sort, after query.Key, n int, last bson.D) bson.D {
	var out bson.D
	for i, s := range sorts[:n] {
		if after[i] == nil {
			out = append(out, bson.E{Key: memberOf(s.Path), Value: d("$exists", false)})
		} else {
			out = append(out, bson.E{Key: memberOf(s.Path), Value: d("$eq", after[i])})
		}
	}
	return append(out, last...)
}

// beyond lists the stretches of one sort behind a value, in order.
func (l *layout) beyond(s query.Sort, v value.Value) []bson.D {
	name := memberOf(s.Path)
	switch {
	case v == nil && s.Desc:
		return nil
	case v == nil:
		return []bson.D{present(place{name: name, kind: l.typeOf(s.Path)}).doc}
	case s.Desc:
		return []bson.D{d(name, d("$lt", v)), d(name, d("$exists", false))}
	}
	return []bson.D{d(name, d("$gt", v))}
}

// behind is the same as one condition, for candidates that are sorted anyway.
func (l *layout) behind(sorts []query.Sort, after query.Key) bson.D {
	segments := l.segments(sorts, after)
	if len(segments) == 1 {
		return segments[0]
	}
	either := make(bson.A, len(segments))
	for i, s := range segments {
		either[i] = s
	}
	return d("$or", either)
}

// isEq tells whether a condition pins a path to one value.
func isEq(p part) (query.Cmp, bool) {
	c, ok := p.filter.(query.Cmp)
	return c, ok && c.Op == query.Eq
}
