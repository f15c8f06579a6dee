package access

import (
	"slices"

	"tidewater/engine/query"
	"tidewater/engine/value"
)

// union is a or b, kept small: nothing adds nothing, all swallows, and two scopes become one list of principals.
func union(a, b query.Filter) query.Filter {
	switch {
	case a == nil || isConst(a, false) || isConst(b, true):
		return b
	case isConst(b, false) || isConst(a, true):
		return a
	}
	if merged, ok := mergePrincipals(a, b); ok {
		return merged
	}
	if or, ok := a.(query.Or); ok {
		return append(slices.Clone(or), b)
	}
	return query.Or{a, b}
}

// intersection is a and b, kept small.
func intersection(a, b query.Filter) query.Filter {
	switch {
	case isConst(a, true) || isConst(b, false):
		return b
	case isConst(b, true) || isConst(a, false):
		return a
	}
	if and, ok := a.(query.And); ok {
		return append(slices.Clone(and), b)
	}
	return query.And{a, b}
}

func isConst(f query.Filter, holds bool) bool {
	c, ok := f.(query.Const)
	return ok && bool(c) == holds
}

func mergePrincipals(a, b query.Filter) (query.Filter, bool) {
	x, ok := principals(a)
	if !ok {
		return nil, false
	}
	y, ok := principals(b)
	if !ok {
		return nil, false
	}
	merged := slices.Clone(x.Values)
	for _, v := range y.Values {
		if !slices.Contains(merged, v) {
			merged = append(merged, v)
		}
	}
	x.Values = merged
	return x, true
}

func principals(f query.Filter) (query.Cmp, bool) {
	c, ok := f.(query.Cmp)
	return c, ok && c.Op == query.In && c.Path == query.At(value.SysPrincipals)
}
