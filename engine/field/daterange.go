package field

import (
	"maps"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The parts of a range of days.
const (
	RangeStart value.FieldKey = "start" // the first day
	RangeEnd   value.FieldKey = "end"   // the last, which belongs to the range
)

// daterangeKind holds the days from one to another, both of which belong to it: a Doc of start and end,
// each yyyymmdd. None is without an end.
func daterangeKind() Kind {
	return daterangeField{spec{DateRange, []string{"object"}, []string{"readOnly", "x-readOnlyIf", "x-mask", "x-index"}}}
}

type daterangeField struct{ spec }

// Part implements Grouped.
func (daterangeField) Part(key value.FieldKey) (Valued, *meta.Field) {
	if key == RangeStart || key == RangeEnd {
		return dateField{}, &meta.Field{Kind: Date}
	}
	return nil, nil
}

// Decode takes {"start", "end"}, or text such as "2026-03-01/2026-03-31" (ISO 8601), "2026-03-01 ~ 2026-03-31", or a
// single day as a range of one is shown.
func (k daterangeField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	if s, ok := raw.(string); ok {
		s, issues := narrow(s)
		if len(issues) > 0 || s == "" {
			return nil, issues
		}
		if _, issues := (dateField{}).Decode(nil, s); len(issues) == 0 {
			raw = map[string]any{string(RangeStart): s, string(RangeEnd): s}
		} else if raw, ok = splitRange(s); !ok {
			return nil, refused("field.daterange")
		}
	}
	doc, issues := decodeParts(k, raw)
	if len(doc) == 0 || len(issues) > 0 {
		return nil, issues
	}
	start, hasStart := doc[string(RangeStart)].(int64)
	end, hasEnd := doc[string(RangeEnd)].(int64)
	if !hasStart {
		issues.Add("/start", "field.required")
	}
	if !hasEnd {
		issues.Add("/end", "field.required")
	}
	if hasStart && hasEnd && end < start {
		issues.Add("/end", "field.rangeOrder")
	}
	if len(issues) > 0 {
		return nil, issues
	}
	return doc, nil
}

// splitRange parts "2026-03-01 ~ 2026-03-31" at what stands between two days.
func splitRange(s string) (any, bool) {
	for _, between := range []string{"/", "~", "..", "至", "–", "—", " - ", " to "} {
		if start, end, ok := strings.Cut(s, between); ok {
			return map[string]any{string(RangeStart): strings.TrimSpace(start), string(RangeEnd): strings.TrimSpace(end)}, true
		}
	}
	return nil, false
}

// decodeParts reads an object of named parts, each by its own kind, and tells all that is wrong.
func decodeParts(k Grouped, raw any) (value.Doc, fault.Issues) {
	sent, ok := raw.(map[string]any)
	if !ok {
		return nil, wrongType("object")
	}
	var issues fault.Issues
	doc := value.Doc{}
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		kind, def := k.Part(value.FieldKey(key))
		if kind == nil {
			issues.Add("/"+fault.Escape(key), "json.unknownKey", "key", key)
			continue
		}
		v, faults := kind.Decode(def, sent[key])
		issues = append(issues, faults.Under("/"+key)...)
		if v != nil {
			doc[key] = v
		}
	}
	return doc, issues
}

func (daterangeField) Encode(_ *meta.Field, v value.Value) any {
	start, end, ok := daysOf(v)
	if !ok {
		return nil
	}
	return map[string]any{string(RangeStart): formatDay(start), string(RangeEnd): formatDay(end)}
}

func daysOf(v value.Value) (start, end int64, ok bool) {
	doc, _ := v.(value.Doc)
	start, hasStart := doc[string(RangeStart)].(int64)
	end, hasEnd := doc[string(RangeEnd)].(int64)
	return start, end, hasStart && hasEnd
}

func (daterangeField) JSONSchema(*meta.Field) map[string]any {
	day := func() map[string]any { return map[string]any{"type": "string", "format": "date"} }
	return map[string]any{
		"type": "object", "additionalProperties": false, "required": []any{string(RangeStart), string(RangeEnd)},
		"properties": map[string]any{string(RangeStart): day(), string(RangeEnd): day()},
	}
}

// Shape says that ranges are compared with days and with ranges; see Between.
func (daterangeField) Shape(*meta.Field) Shape {
	day := Shape{Type: store.Int, Ops: ordered}
	return Shape{Ops: presence, Parts: []Part{{RangeStart, day}, {RangeEnd, day}}}
}

// Title is "2026-03-01 ~ 2026-03-31", or one day alone.
func (daterangeField) Title(_ *meta.Field, v value.Value, _ string) string {
	start, end, ok := daysOf(v)
	switch {
	case !ok:
		return ""
	case start == end:
		return formatDay(start)
	}
	return formatDay(start) + " ~ " + formatDay(end)
}

// Comparisons of ranges, which stores are asked as comparisons of their ends.
const (
	Overlaps query.Op = "overlaps" // has a day in common with the range or day asked for
	Covers   query.Op = "covers"   // has all its days
	Within   query.Op = "within"   // has no day beyond it
)

// Between turns a comparison of a range at a field into one of its ends. what is a range or a day on the
// wire; ok is false for anything else.
func Between(key value.FieldKey, op query.Op, what any) (filter query.Filter, ok bool) {
	if s, isText := what.(string); isText {
		if _, isDay := parseDay(strings.TrimSpace(s)); isDay {
			what = map[string]any{string(RangeStart): s, string(RangeEnd): s}
		}
	}
	v, issues := daterangeField{}.Decode(nil, what)
	from, to, ok := daysOf(v)
	if !ok || len(issues) > 0 {
		return nil, false
	}
	end := func(part value.FieldKey, op query.Op, day int64) query.Filter {
		return query.Cmp{Path: query.Path{Field: key, Sub: part}, Op: op, Value: day}
	}
	switch op {
	case Overlaps:
		return query.And{end(RangeStart, query.Lte, to), end(RangeEnd, query.Gte, from)}, true
	case Covers:
		return query.And{end(RangeStart, query.Lte, from), end(RangeEnd, query.Gte, to)}, true
	case Within:
		return query.And{end(RangeStart, query.Gte, from), end(RangeEnd, query.Lte, to)}, true
	}
	return nil, false
}
