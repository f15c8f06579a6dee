package catalog

import (
	"slices"

	"tidewater/engine/field"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Each sum is written with every record that it counts, so a form keeps few.
const (
	maxSummedDays    = 3
	maxSummedNumbers = 4
)

// sums are what stores keep ready by day: the amounts that a published view, or one of the form's own
// indexes, shows beside a date.
func (f *Form) sums() []store.Sums {
	var out []store.Sums
	for _, names := range f.Def.Indexes {
		out = f.sumsOf(out, names)
	}
	for _, view := range f.Views {
		out = f.sumsOf(out, view.Def.Columns)
	}
	return out
}

// sumsOf adds the sums of the amounts among some fields by each of the dates among them.
func (f *Form) sumsOf(out []store.Sums, names []string) []store.Sums {
	var days, numbers []query.Path
	for _, name := range names {
		one, ok := f.any(value.FieldKey(name))
		if !ok || one.Multi || one.Table != nil || one.Type != store.Int {
			continue
		}
		switch one.As.Kind {
		case field.Date:
			days = append(days, query.At(one.Key))
		case field.Datetime:
			if slices.Contains(f.dated, one.Key) {
				days = append(days, query.At(shadowDay(one.Key)))
			}
		case field.Currency:
			numbers = append(numbers, query.At(one.Key))
		}
	}
	if len(numbers) == 0 {
		return out
	}
	for _, day := range days {
		at := slices.IndexFunc(out, func(s store.Sums) bool { return s.By == day })
		if at < 0 && len(out) < maxSummedDays {
			at, out = len(out), append(out, store.Sums{By: day})
		}
		if at >= 0 {
			out[at].Of = withNumbers(out[at].Of, numbers)
		}
	}
	return out
}

func withNumbers(has, more []query.Path) []query.Path {
	for _, p := range more {
		if len(has) < maxSummedNumbers && !slices.Contains(has, p) {
			has = append(has, p)
		}
	}
	return has
}
