package catalog

import (
	"slices"
	"time"

	"tidewater/engine/expr"
	"tidewater/engine/org"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Jobs come to the records of a filter in the order of their ids, whatever a script makes of them meanwhile. An index
// of one column has those of each of its values in this order: what asks for one of some values is read as so many
// streams. What asks for a range is found by the index of what it is a range of, as long as that is little.

// maxStreams bounds how many one list is read as.
const maxStreams = 32

// Streams parts a filter whose records are wanted by id into those of each value of an index, no record in two; nil
// where the store knows best by itself.
func (f *Form) Streams(filter query.Filter) []query.Filter {
	all := conjuncts(filter)
	for n, one := range all {
		c, ok := one.(query.Cmp)
		if !ok || c.Op != query.In || len(c.Values) > maxStreams || !isIndexed(f.Layout.Indexes, c.Path) {
			continue
		}
		var out []query.Filter
		for m, v := range c.Values {
			if slices.ContainsFunc(c.Values[:m], func(before value.Value) bool { return value.Equal(before, v) }) {
				continue
			}
			rest := slices.Clone(all)
			rest[n] = query.Cmp{Path: c.Path, Op: query.Eq, Value: v}
			out = append(out, query.And(rest))
		}
		return out
	}
	return nil
}

// conjuncts takes a filter apart into conditions that must all hold.
func conjuncts(f query.Filter) []query.Filter {
	if f == nil {
		return nil
	}
	and, ok := f.(query.And)
	if !ok {
		return []query.Filter{f}
	}
	var out []query.Filter
	for _, one := range and {
		out = append(out, conjuncts(one)...)
	}
	return out
}

// isIndexed tells whether a path has an index of its own.
func isIndexed(indexes []store.Index, path query.Path) bool {
	return slices.ContainsFunc(indexes, func(i store.Index) bool { return len(i.Columns) == 1 && i.Columns[0].Path == path })
}

// indexesOfJobs plans what finds the records that jobs run scripts of a form for: an index of a field that their filter
// pins, else of one that it bounds. Where it does neither, each slice looks through others, as many as it may.
func (c *compiler) indexesOfJobs(form *Form, plan *indexPlan) {
	for _, s := range c.catalog.Schedules {
		if s.Form != form.Key || s.Script == nil || s.Script.over == nil {
			continue
		}
		pinned, bounded := form.enumerable(s.Script.over)
		asked := append(pinned, bounded...)
		isThere := func(path query.Path) bool { return form.isUnique(path) || isIndexed(plan.list, path) }
		if len(asked) > 0 && !slices.ContainsFunc(asked[:max(len(pinned), 1)], isThere) {
			plan.add(query.Sort{Path: asked[0]})
		}
	}
}

func (f *Form) isUnique(path query.Path) bool {
	return slices.ContainsFunc(f.Layout.Unique, func(group []value.FieldKey) bool { return len(group) == 1 && query.At(group[0]) == path })
}

// enumerable lists the paths that a filter pins to some values, and those that it bounds, whatever the time and
// whoever asks.
func (f *Form) enumerable(over *expr.Pushed) (pinned, bounded []query.Path) {
	week, err := org.NewCalendar([]time.Weekday{time.Saturday, time.Sunday}, nil)
	if err != nil {
		return nil, nil
	}
	filter, err := over.Filter(expr.Context{Now: time.Unix(0, 0), Zone: time.UTC, Calendar: week})
	if err != nil {
		return nil, nil // told where it runs
	}
	for _, one := range conjuncts(filter) {
		c, ok := one.(query.Cmp)
		if !ok || !f.isSingle(c.Path) {
			continue
		}
		switch c.Op {
		case query.Eq, query.In:
			pinned = append(pinned, c.Path)
		case query.Lt, query.Lte, query.Gt, query.Gte, query.Prefix, query.Empty:
			bounded = append(bounded, c.Path)
		}
	}
	return pinned, bounded
}

// isSingle tells whether a path has one value at most, by which a store can keep an index.
func (f *Form) isSingle(path query.Path) bool {
	at := slices.IndexFunc(f.Layout.Fields, func(one store.Field) bool { return one.Path == path })
	if at < 0 {
		return path == query.At(value.SysCreatedAt) || path == query.At(value.SysUpdatedAt)
	}
	return f.Layout.Fields[at].Type != "" && !f.Layout.Fields[at].Multi
}
