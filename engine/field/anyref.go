package field

import (
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// anyrefKind holds one record of one of several forms, as a text of both: "lead:01HX". Nothing is
// mirrored, summed up, grouped or filtered across it, for the forms need not have a field in common.
func anyrefKind() Kind {
	return anyrefField{spec{AnyRef, []string{"object"}, words(input, unique, []string{"x-refs", "x-onDelete"})}}
}

type anyrefField struct{ spec }

func (k anyrefField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if len(def.Refs) == 0 {
		issues.Add("/x-refs", "meta.missing", "key", "x-refs")
	}
	return append(issues, checkOnDelete(def)...)
}

// Naming is how an anyref writes a record.
func Naming(form value.FormKey, id value.ID) string { return string(form) + ":" + string(id) }

// Named is the inverse of Naming; empty for what names nothing.
func Named(stored string) (value.FormKey, value.ID) {
	form, id, ok := strings.Cut(stored, ":")
	if !ok {
		return "", ""
	}
	return value.FormKey(form), value.ID(id)
}

// Decode takes {"form", "id"}, with the title or without, or what is stored.
func (k anyrefField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	var form, id any
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case string:
		if raw == "" {
			return nil, nil
		}
		named, target := Named(raw)
		form, id = string(named), string(target)
	case map[string]any:
		var named bool
		if id, named = raw["id"]; !named && len(raw) > 0 {
			return nil, wrongType("reference") // a form alone is no record, and none was said to be none
		}
		form = raw["form"]
	default:
		return nil, wrongType("reference")
	}
	if id == nil || id == "" && form != "" {
		return nil, nil
	}
	key, isText := form.(string)
	if !isText {
		return nil, wrongType("reference")
	}
	v, issues := decodeID(id)
	target, _ := v.(string)
	switch {
	case len(issues) > 0 || target == "":
		return nil, refused("field.reference")
	case !slices.Contains(def.Refs, value.FormKey(key)):
		return nil, refused("field.referenceForm", "form", key)
	}
	return Naming(value.FormKey(key), value.ID(target)), nil
}

func (anyrefField) Encode(_ *meta.Field, v value.Value) any {
	stored, _ := v.(string)
	form, id := Named(stored)
	if id == "" {
		return nil
	}
	return map[string]any{"form": string(form), "id": string(id)}
}

func (anyrefField) JSONSchema(def *meta.Field) map[string]any {
	forms := make([]any, len(def.Refs))
	for n, form := range def.Refs {
		forms[n] = string(form)
	}
	return map[string]any{
		"type": "object", "required": []any{"form", "id"},
		"properties": map[string]any{
			"form":  map[string]any{"type": "string", "enum": forms},
			"id":    map[string]any{"type": "string", "minLength": 1, "maxLength": maxID},
			"title": map[string]any{"type": "string", "readOnly": true},
		},
	}
}

func (anyrefField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: choice} }
