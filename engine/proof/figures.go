package proof

import (
	"slices"

	"tidewater/engine/catalog"
	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/record"
	"tidewater/engine/script"
	"tidewater/engine/value"
)

// group is the records with the same values in the fields that are grouped by.
type group struct {
	keys    []any
	sortBy  []value.Value
	records []*value.Record
}

// aggregate reckons figures over the given records: counts, sums, least, greatest and different values, by fields as
// they are. Other questions are Invalid "test.aggregate": a case must not seem to prove what was not reckoned.
func (h *madeUp) aggregate(args []any) (any, int, error) {
	form, err := h.form(args[0])
	if err != nil {
		return nil, 0, err
	}
	asked, err := record.ReadScriptFigures(args)
	if err != nil {
		return nil, 0, err
	}
	if asked.Table != "" || asked.Sort != "" {
		return nil, 0, beyond()
	}
	for _, by := range asked.Group {
		if err := h.sight.readable(form, by.Field); err != nil {
			return nil, 0, err
		}
	}
	for _, metric := range asked.Metrics {
		if err := h.sight.readable(form, metric.Field); err != nil {
			return nil, 0, err
		}
	}
	found, err := h.found(form, asked.Filter, "")
	if err != nil {
		return nil, 0, err
	}
	groups, err := grouped(form, asked.Group, found)
	if err != nil {
		return nil, 0, err
	}
	if asked.Limit > 0 {
		groups = groups[:min(len(groups), asked.Limit)]
	}
	out := make([]any, len(groups))
	for n, g := range groups {
		figures := make([]any, len(asked.Metrics))
		for m, metric := range asked.Metrics {
			if figures[m], err = figure(form, metric, g.records); err != nil {
				return nil, 0, err
			}
		}
		out[n] = map[string]any{"keys": g.keys, "metrics": figures}
	}
	return out, len(out), nil
}

func beyond() error { return fault.New(fault.Invalid, "test.aggregate").In("proof.script") }

// grouped puts records together by the values of fields, in the order of these.
func grouped(form *catalog.Form, by []record.GroupBy, all []*value.Record) ([]*group, error) {
	if len(by) == 0 {
		return []*group{{keys: []any{}, records: all}}, nil
	}
	var out []*group
	for _, r := range all {
		one := &group{}
		for _, b := range by {
			f, known := form.Field(value.FieldKey(b.Field))
			if !known || b.Bucket != "" || f.Rows {
				return nil, beyond()
			}
			v := r.Values[b.Field]
			one.sortBy = append(one.sortBy, v)
			one.keys = append(one.keys, shownTo(f, v))
		}
		at := slices.IndexFunc(out, func(g *group) bool { return slices.EqualFunc(g.sortBy, one.sortBy, value.Equal) })
		if at < 0 {
			out, at = append(out, one), len(out)
		}
		out[at].records = append(out[at].records, r)
	}
	slices.SortStableFunc(out, func(a, b *group) int {
		for n := range a.sortBy {
			if order, ok := value.Compare(a.sortBy[n], b.sortBy[n]); ok && order != 0 {
				return order
			}
		}
		return 0
	})
	return out, nil
}

func shownTo(f *catalog.Field, v value.Value) any {
	if v == nil {
		return nil
	}
	return record.ScriptValue(f, v)
}

func figure(form *catalog.Form, m record.MetricBy, all []*value.Record) (any, error) {
	if m.Op == "count" && m.Field == "" {
		return int64(len(all)), nil
	}
	f, known := form.Field(value.FieldKey(m.Field))
	if !known || f.Rows || m.Op == "sum" && !slices.Contains(summed, f.As.Kind) {
		return nil, beyond()
	}
	var values []value.Value
	for _, r := range all {
		if v := r.Values[m.Field]; v != nil {
			values = append(values, v)
		}
	}
	switch m.Op {
	case "count":
		return int64(len(values)), nil
	case "distinct":
		var seen []value.Value
		for _, v := range values {
			if !slices.ContainsFunc(seen, func(one value.Value) bool { return value.Equal(one, v) }) {
				seen = append(seen, v)
			}
		}
		return int64(len(seen)), nil
	case "sum":
		sum := int64(0)
		for _, v := range values {
			n, _ := v.(int64)
			sum += n
		}
		shown := record.ScriptValue(f, sum)
		if text, isText := shown.(string); isText {
			shown = script.Decimal(text)
		}
		return shown, nil
	case "min", "max":
		if len(values) == 0 {
			return nil, nil
		}
		return shownTo(f, slices.MinFunc(values, func(a, b value.Value) int {
			order, _ := value.Compare(a, b)
			if m.Op == "max" {
				return -order
			}
			return order
		})), nil
	}
	return nil, beyond()
}

// summed are the kinds that the given records are summed by.
var summed = []meta.FieldKind{field.Number, field.Currency}
