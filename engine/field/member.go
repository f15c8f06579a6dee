package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// idField holds the id of one person, org unit, zone or record. On the wire it reads as {"id": …}, to
// which package record adds the title; it is written as an id or as such an object. That the id exists
// and may be seen is checked by package record.
type idField struct{ spec }

func memberKind() Kind {
	return idField{spec{Member, []string{"string", "object"}, words(input, unique)}}
}

func (k idField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) { return decodeID(raw) }

// maxID bounds an id in bytes; those of records have 26.
const maxID = 64

func decodeID(raw any) (value.Value, fault.Issues) {
	if object, ok := raw.(map[string]any); ok {
		if raw, ok = object["id"]; !ok {
			return nil, wrongType("reference")
		}
	}
	if raw == nil {
		return nil, nil
	}
	id, ok := raw.(string)
	switch {
	case !ok:
		return nil, wrongType("reference")
	case id == "":
		return nil, nil
	case !isID(id):
		return nil, refused("field.reference")
	}
	return id, nil
}

func isID(id string) bool {
	for _, c := range []byte(id) {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_') {
			return false
		}
	}
	return len(id) <= maxID
}

func (k idField) Encode(_ *meta.Field, v value.Value) any { return encodeID(v) }

func encodeID(v value.Value) any {
	if _, ok := v.(string); ok {
		return map[string]any{"id": v}
	}
	return nil
}

func (k idField) JSONSchema(*meta.Field) map[string]any { return idSchema() }

func idSchema() map[string]any {
	return map[string]any{
		"type": "object", "required": []any{"id"},
		"properties": map[string]any{
			"id":    map[string]any{"type": "string", "minLength": 1, "maxLength": maxID},
			"title": map[string]any{"type": "string"},
		},
	}
}

func (k idField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: choice} }
