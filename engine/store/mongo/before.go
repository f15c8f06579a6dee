package mongo

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// before is what a record was, as far as the sums go.
type before struct {
	living     bool
	summed     string
	principals []string
	values     map[query.Path]value.Value
}

// beforeMembers are what a record is read for before it changes.
func (l *layout) beforeMembers() bson.D {
	out := bson.D{{Key: atVersion, Value: int32(1)}, {Key: atSummed, Value: int32(1)}}
	if len(l.sums) == 0 {
		return out
	}
	out = append(out, bson.E{Key: atLiving, Value: int32(1)}, bson.E{Key: atPrincipals, Value: int32(1)})
	for _, p := range l.summedPaths() {
		if name := memberOf(p); !slices.ContainsFunc(out, func(e bson.E) bool { return e.Key == name }) {
			out = append(out, bson.E{Key: name, Value: int32(1)})
		}
	}
	return out
}

func (l *layout) summedPaths() []query.Path {
	var out []query.Path
	for _, s := range l.sums {
		out = append(append(out, s.By), s.Of...)
	}
	return out
}

func (l *layout) readBefore(raw bson.Raw) (before, error) {
	b := before{living: raw.Lookup(atLiving).Type != 0, summed: textOf(raw.Lookup(atSummed)), values: map[query.Path]value.Value{}}
	if v := raw.Lookup(atPrincipals); !v.IsZero() {
		var err error
		if b.principals, err = textsOf(v); err != nil {
			return b, damaged(l.form.Key, textOf(raw.Lookup(atID)), err)
		}
	}
	for _, p := range l.summedPaths() {
		if v, err := raw.LookupErr(strings.Split(memberOf(p), ".")...); err == nil {
			b.values[p] = intOf(v)
		}
	}
	return b, nil
}
