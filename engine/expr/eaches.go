package expr

import "tidewater/engine/value"

// listFunctions are over lists and tables, most with a predicate, which sees each value or row as #, and .name
// as #.name.
var listFunctions = []function{
	{
		name: "any", group: Lists, params: overEach(aBool), gives: aBool, each: &each{fold: quantify(true, true)},
		example: `any([1, 2, 3], # > 2)`, shows: `true`,
	},
	{
		name: "all", group: Lists, params: overEach(aBool), gives: aBool, each: &each{fold: quantify(false, false)},
		example: `all([1, 2, 3], # > 2)`, shows: `false`,
	},
	{
		name: "none", group: Lists, params: overEach(aBool), gives: aBool, each: &each{fold: quantify(true, false)},
		example: `none([1, 2, 3], # > 5)`, shows: `true`,
	},
	{
		name: "count", group: Lists, params: overEach(aBool), least: 1, gives: anInt, each: &each{fold: count},
		example: `count([1, 2, 3], # > 1)`, shows: `2`,
	},
	{
		name: "sum", group: Lists, params: overEach(numbers), least: 1, gives: numbers,
		each:    &each{result: func(_, body Type) Type { return numberType(body.Kind == Int, body.Scale) }, fold: sum, own: numbers},
		example: `sum([1, 2, 3], # * 0.5)`, shows: `3`,
	},
	{
		name: "filter", group: Lists, params: overEach(aBool), gives: lists,
		each:    &each{result: func(list, _ Type) Type { return list }, fold: filter},
		example: `filter([1, 2, 3], # > 1)`, shows: `[2, 3]`,
	},
	{
		name: "map", group: Lists, params: overEach(scalars), gives: 1 << List, each: &each{result: listOf, fold: mapped},
		example: `map([1, 2, 3], # * 2)`, shows: `[2, 4, 6]`,
	},
	{
		name: "avg", group: Lists, params: []param{{"list", 1 << List}}, gives: 1 << Decimal, result: exact, check: ofNumbers,
		call: average, example: `avg([1, 2, 6])`, shows: `3`,
	},
}

// overEach are the params of a function whose predicate gives one of these kinds.
func overEach(body kinds) []param { return []param{{"list", lists}, {"predicate", body}} }

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

// average is absent without any.
func average(r *run, a []any) (any, error) {
	list := a[0].(value.List)
	total, err := sum(r, list, nil)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return asAny(divide(total.(number), whole(int64(len(list)))))
}

func ofNumbers(args []*node) bool {
	of := args[0].typ.Of
	return of != nil && (numbers.has(of.Kind) || of.Kind == None)
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
