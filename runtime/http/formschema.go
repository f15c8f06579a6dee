package http

import (
	"tidewater/engine/catalog"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/engine/store"
)

type object = map[string]any

// shown is what a field's values look like in answers. Its rules are left out, for a record may have been
// saved before they were made, and so may an option that is gone: those there are now are examples.
// Whoever sees a text masked gets another text in its place.
func shown(f *catalog.Field, masked bool) object {
	if f.Rows {
		row := object{field.RowID: object{"type": "string"}}
		for _, column := range f.Columns {
			row[string(column.Key)] = shown(column, masked)
		}
		return object{"type": "array", "items": object{"type": "object", "properties": row, "required": []any{field.RowID}}}
	}
	out := f.Kind.JSONSchema(withoutRules(f.As))
	if masked && out["type"] == "string" {
		return object{"type": "string"}
	}
	offered(out)
	// What somebody types is answered as it is, with what is wrong with it.
	for _, rule := range []string{"minimum", "maximum", "maxLength", "maxItems"} {
		delete(out, rule)
	}
	if items, ok := out["items"].(object); ok {
		offered(items)
	}
	return out
}

func offered(schema object) {
	if values, ok := schema["enum"]; ok {
		delete(schema, "enum")
		schema["examples"] = values
	}
}

func withoutRules(def *meta.Field) *meta.Field {
	out := *def
	out.MinLength, out.MaxLength, out.MinItems, out.MaxItems = nil, nil, nil, nil
	out.Pattern, out.Minimum, out.Maximum = "", "", ""
	return &out
}

// sent is what may be sent for a field: null empties it, numbers may be text and texts numbers in digits,
// references and files their id alone. What readers only see may come back as it was.
func sent(f *catalog.Field, masked, readOnly bool) object {
	if f.Rows {
		row := object{field.RowID: object{"type": "string"}, field.RowDelete: object{"type": "boolean"}}
		for _, column := range f.Columns {
			row[string(column.Key)] = sent(column, masked, column.Computed() || column.Def.ReadOnly)
		}
		return marked(orNull(object{"type": "array", "items": object{"type": "object", "properties": row}}), readOnly)
	}
	out := f.Kind.JSONSchema(f.As)
	if masked && out["type"] == "string" {
		return marked(object{"type": []any{"string", "null"}}, readOnly)
	}
	// What is cut off before they are counted, and what is taken for nothing, is no fault.
	for _, rule := range []string{"minLength", "minItems", "pattern"} {
		delete(out, rule)
	}
	if f.Shape.Type == store.Int && out["format"] == nil {
		out["type"] = []any{"number", "string"}
		return marked(orNull(out), readOnly)
	}
	if items, ok := out["items"].(object); ok {
		out["items"] = orID(items)
	}
	switch f.As.Kind {
	case field.JSON:
		out["type"] = []any{"string", "object", "array"}
	case field.DateRange, field.AnyRef:
		out["type"] = []any{"object", "string"} // as "2026-03-01/2026-03-31", as "lead:01HX"
	}
	if parts, ok := out["properties"].(object); ok && len(f.Shape.Parts) > 0 {
		for key, part := range parts {
			if part, ok := part.(object); ok {
				parts[key] = orNull(part)
			}
		}
	}
	return marked(orNull(orID(out)), readOnly)
}

// orID lets an id stand for what has one.
func orID(schema object) object {
	required, _ := schema["required"].([]any)
	if len(required) == 1 && required[0] == "id" {
		return object{"anyOf": []any{schema, object{"type": "string"}}}
	}
	return schema
}

func orNull(schema object) object {
	null := object{"type": "null"}
	switch is := schema["type"].(type) {
	case string:
		schema["type"] = []any{is, "null"}
	case []any:
		schema["type"] = append(is, "null")
	default:
		if ways, ok := schema["anyOf"].([]any); ok {
			schema["anyOf"] = append(ways, null)
		}
	}
	if values, ok := schema["enum"].([]any); ok {
		schema["enum"] = append(append([]any{}, values...), nil)
	}
	return schema
}

func marked(schema object, readOnly bool) object {
	if readOnly {
		schema["readOnly"] = true
	}
	return schema
}
