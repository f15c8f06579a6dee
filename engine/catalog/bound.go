package catalog

import (
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// Bound is a filter bound to a form: a query but for the conditions on fields of other forms, which must
// be resolved to ids under the rights of whoever asks. The zero Bound holds always.
type Bound struct{ root bound }

// bound is one node: a leaf, all or any of some, the complement, or a condition across a reference.
type bound interface {
	resolve(r Resolver) (query.Filter, error)
}

// Resolver answers the ids of the records of a form that meet a condition and that the asker may see. Its
// faults are passed on.
type Resolver func(form value.FormKey, where Bound) (value.List, error)

type (
	leaf   struct{ query.Filter }
	allOf  []bound
	anyOf  []bound
	notOf  struct{ of bound }
	across struct {
		path   query.Path // the reference
		target value.FormKey
		where  Bound
	}
)

// And is the filter that holds where both do.
func (b Bound) And(other Bound) Bound {
	switch {
	case b.root == nil:
		return other
	case other.root == nil:
		return b
	}
	return Bound{allOf{b.root, other.root}}
}

// Resolve turns the filter into a query.
func (b Bound) Resolve(r Resolver) (query.Filter, error) {
	if b.root == nil {
		return query.Const(true), nil
	}
	return b.root.resolve(r)
}

func (l leaf) resolve(Resolver) (query.Filter, error) { return l.Filter, nil }

func (a allOf) resolve(r Resolver) (query.Filter, error) {
	out, err := resolveEach(a, r)
	return query.And(out), err
}

func (a anyOf) resolve(r Resolver) (query.Filter, error) {
	out, err := resolveEach(a, r)
	return query.Or(out), err
}

func (n notOf) resolve(r Resolver) (query.Filter, error) {
	of, err := n.of.resolve(r)
	return query.Not{Of: of}, err
}

func (a across) resolve(r Resolver) (query.Filter, error) {
	ids, err := r(a.target, a.where)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return query.Const(false), nil
	}
	return query.Cmp{Path: a.path, Op: query.In, Values: ids}, nil
}

func resolveEach(nodes []bound, r Resolver) ([]query.Filter, error) {
	out := make([]query.Filter, len(nodes))
	for n, node := range nodes {
		f, err := node.resolve(r)
		if err != nil {
			return nil, err
		}
		out[n] = f
	}
	return out, nil
}
