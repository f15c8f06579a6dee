package expr

import (
	"cmp"
	"slices"

	"tidewater/engine/value"
)

func sortDocs(docs []Doc) {
	slices.SortFunc(docs, func(a, b Doc) int { return cmp.Compare(a.Name, b.Name) })
}

func eachGives(k Kind) func(_, _ Type) Type { return func(_, _ Type) Type { return Type{Kind: k} } }

// eaches is the whole list of what can be called with a predicate.
var eaches = map[string]each{
	"any": {
		doc:  "any(lines, .quantity > 10) — whether one or more of them meet the condition",
		body: of(Bool), result: eachGives(Bool), fold: quantify(true, true),
	},
	"all": {
		doc:  "all(lines, .quantity > 10) — whether every one meets the condition; true without any",
		body: of(Bool), result: eachGives(Bool), fold: quantify(false, false),
	},
	"none": {
		doc:  "none(lines, .quantity > 10) — whether not one meets the condition",
		body: of(Bool), result: eachGives(Bool), fold: quantify(true, false),
	},
	"count": {
		doc:  "count(lines, .quantity > 10) or count(lines) — how many",
		body: of(Bool), optional: true, result: eachGives(Int), fold: count,
	},
	"sum": {
		doc:  "sum(lines, .quantity * .price) or sum(list) — exact; 0 without any; absent values are left out",
		body: numbers, optional: true, result: func(_, body Type) Type { return numberType(body.Kind == Int, body.Scale) }, fold: sum,
	},
	"filter": {
		doc:  "filter(lines, .quantity > 10) — those that meet the condition",
		body: of(Bool), result: func(list, _ Type) Type { return list }, fold: filter,
	},
	"map": {
		doc:  "map(lines, .product) — a list of what the predicate gives; absent values are left out",
		body: scalars, result: listOf, fold: mapped,
	},
}

func listOf(_, body Type) Type {
	return Type{Kind: List, Of: &Type{Kind: body.Kind, Scale: body.Scale}, lacking: body.lacking}
}

// fold goes over a list; see each.
type fold = func(r *run, list value.List, visit func(v any) (any, error)) (any, error)

// quantify stops with found at the first value whose condition is sought.
func quantify(sought, found bool) fold {
	return func(_ *run, list value.List, visit func(v any) (any, error)) (any, error) {
		for _, v := range list {
			got, err := visit(v)
			if err != nil {
				return nil, err
			}
			if met, _ := got.(bool); met == sought {
				return found, nil
			}
		}
		return !found, nil
	}
}

func count(_ *run, list value.List, visit func(v any) (any, error)) (any, error) {
	if visit == nil {
		return whole(int64(len(list))), nil
	}
	n := int64(0)
	for _, v := range list {
		got, err := visit(v)
		if err != nil {
			return nil, err
		}
		if got == true {
			n++
		}
	}
	return whole(n), nil
}

func sum(_ *run, list value.List, visit func(v any) (any, error)) (any, error) {
	total := whole(0)
	for _, v := range list {
		if visit != nil {
			got, err := visit(v)
			if err != nil {
				return nil, err
			}
			v = got
		}
		d, ok := v.(number)
		if !ok {
			continue
		}
		next, err := add(total, d)
		if err != nil {
			return nil, err
		}
		total = next
	}
	return total, nil
}

func filter(r *run, list value.List, visit func(v any) (any, error)) (any, error) {
	var kept value.List
	for _, v := range list {
		got, err := visit(v)
		if err != nil {
			return nil, err
		}
		if got != true {
			continue
		}
		if err := r.take(1); err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	return kept, nil
}

func mapped(r *run, list value.List, visit func(v any) (any, error)) (any, error) {
	var out value.List
	for _, v := range list {
		got, err := visit(v)
		if err != nil {
			return nil, err
		}
		if err := r.look(got, nil); err != nil {
			return nil, err
		}
		if isAbsent(got) {
			continue
		}
		if err := r.take(1); err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}
