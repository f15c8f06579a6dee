package store

import (
	"tidewater/engine/fault"
	"tidewater/engine/query"
	"tidewater/engine/value"
)

// What may be asked of a store is the same of every one: here is what each refuses, and how it says so.
const (
	maxPage  = 500
	maxSorts = 3
)

// CheckList refuses a list that no store answers. field is a path's in the form's layout; fits tells whether a value
// of the type can be at a place. Faults: TooLarge "store.tooLarge", Invalid "cursor.invalid", those of field.
func CheckList(q query.List, field func(query.Path) (Field, error), fits func(value.Value, Type) bool) error {
	switch {
	case q.Limit < 1 || q.Limit > maxPage, len(q.Sorts) > maxSorts:
		return TooLarge()
	case q.After != nil && len(q.After) != q.Places():
		return BadPlace()
	}
	if q.After != nil {
		if id, ok := q.After[q.Places()-1].(string); !ok || id == "" {
			return BadPlace()
		}
	}
	for i, s := range q.Sorts {
		f, err := field(s.Path)
		if err != nil {
			return err
		}
		if f.Multi || f.Table {
			return UnknownPath(s.Path)
		}
		if q.After != nil && q.After[i] != nil && !fits(q.After[i], f.Type) {
			return BadPlace()
		}
	}
	return nil
}

// CheckFigures refuses groups and figures that no store answers. Faults: Invalid "aggregate.op", those of field.
func CheckFigures(q query.Aggregate, field func(query.Path) (Field, error)) error {
	for _, g := range q.Groups {
		if _, err := field(g.Path); err != nil {
			return err
		}
	}
	for _, m := range q.Metrics {
		if m.Path == (query.Path{}) && m.Op == query.MetricCount {
			continue
		}
		f, err := field(m.Path)
		if err != nil {
			return err
		}
		if m.Op == query.MetricSum && f.Type != Int {
			return fault.New(fault.Invalid, "aggregate.op").With("op", string(m.Op))
		}
	}
	return nil
}

// UnknownPath says that the form's layout does not list a path, so that no filter, sort or group can use it.
func UnknownPath(p query.Path) error {
	return fault.New(fault.Invalid, "filter.field").With("field", p.String())
}

// BadPlace says that a page cannot go on after what it names.
func BadPlace() error { return fault.New(fault.Invalid, "cursor.invalid") }

// TooLarge says that more was asked for, or given, at once than a store takes.
func TooLarge() *fault.Error { return fault.New(fault.TooLarge, "store.tooLarge") }

// TooManyGroups says that figures fall apart into more groups than were asked for.
func TooManyGroups(limit int) error {
	return fault.New(fault.TooLarge, "aggregate.tooManyGroups").With("max", limit)
}

// Named is how many records a condition names by their ids, 0 for one that does not: so many are looked up one by one,
// whatever order is asked for.
func Named(c query.Cmp) int64 {
	if c.Op != query.In || c.Path != query.At(value.SysID) {
		return 0
	}
	return int64(len(c.Values))
}
