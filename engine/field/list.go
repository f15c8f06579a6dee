package field

import (
	"slices"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// maxMany bounds lists whose definition does not.
const maxMany = 200

// decodeMany reads a list with one's own way of reading each entry. Absent entries are left out, doubles too.
func decodeMany(raw any, one func(any) (value.Value, fault.Issues)) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	sent, ok := raw.([]any)
	if !ok {
		return nil, wrongType("list")
	}
	var issues fault.Issues
	list := make(value.List, 0, len(sent))
	for n, entry := range sent {
		if entry == nil {
			continue
		}
		v, faults := one(entry)
		issues = append(issues, faults.Under("/"+strconv.Itoa(n))...)
		if v != nil && !slices.ContainsFunc(list, func(w value.Value) bool { return value.Equal(v, w) }) {
			list = append(list, v)
		}
	}
	if len(list) == 0 || len(issues) > 0 {
		return nil, issues
	}
	return list, nil
}

func encodeMany(v value.Value, one func(value.Value) any) any {
	list, ok := v.(value.List)
	if !ok {
		return nil
	}
	out := make([]any, 0, len(list))
	for _, entry := range list {
		if e := one(entry); e != nil {
			out = append(out, e)
		}
	}
	return out
}

func manySchema(def *meta.Field, items map[string]any) map[string]any {
	schema := map[string]any{"type": "array", "items": items, "maxItems": maxMany}
	if def.MinItems != nil {
		schema["minItems"] = *def.MinItems
	}
	if def.MaxItems != nil {
		schema["maxItems"] = *def.MaxItems
	}
	return schema
}

func eachText(v value.Value, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case value.List:
		for _, e := range v {
			if s, ok := e.(string); ok {
				visit(s)
			}
		}
	}
}
