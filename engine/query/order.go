package query

import (
	"cmp"

	"tidewater/engine/value"
)

// Compare orders two records by sorts and then by id, as every store does: -1, 0 or 1.
func Compare(sorts []Sort, a, b *value.Record) int {
	return CompareKeys(sorts, KeyOf(sorts, a), KeyOf(sorts, b))
}

// Less tells whether a stands before b.
func Less(sorts []Sort, a, b *value.Record) bool { return Compare(sorts, a, b) < 0 }

// KeyOf returns the record's place in the order: the values of the sorts, then its id.
func KeyOf(sorts []Sort, r *value.Record) Key { return PlaceOf(sorts, r, r.ID) }

// PlaceOf is KeyOf for anything that has a record's fields.
func PlaceOf(sorts []Sort, on Fields, id value.ID) Key {
	key := make(Key, 0, len(sorts)+1)
	for _, s := range sorts {
		key = append(key, single(on, s.Path))
	}
	return append(key, string(id))
}

// single returns the one scalar at a path. Sorts are over single-valued paths; anything else is as
// absent.
func single(on Fields, p Path) value.Value {
	v := on.Get(p.Field)
	if p.Sub != "" {
		doc, _ := v.(value.Doc)
		v = doc[string(p.Sub)]
	}
	switch v.(type) {
	case value.List, value.Doc:
		return nil
	}
	return v
}

// CompareKeys orders two places in the order of sorts.
func CompareKeys(sorts []Sort, a, b Key) int {
	desc := false
	for i, s := range sorts {
		desc = s.Desc
		if order := directed(CompareValues(a[i], b[i]), desc); order != 0 {
			return order
		}
	}
	return directed(CompareValues(a[len(sorts)], b[len(sorts)]), desc)
}

func directed(order int, desc bool) int {
	if desc {
		return -order
	}
	return order
}

// CompareValues puts absent first, then false, true, numbers, text.
func CompareValues(a, b value.Value) int {
	if order, ok := value.Compare(a, b); ok {
		return order
	}
	return cmp.Compare(rank(a), rank(b))
}

func rank(v value.Value) int {
	switch v.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case int64:
		return 2
	}
	return 3
}
