package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// booleanKind holds yes or no; nothing said is absent, which is not no.
func booleanKind() Kind {
	return booleanField{spec{Boolean, []string{"boolean"}, input}}
}

type booleanField struct{ spec }

func (booleanField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case bool:
		return raw, nil
	}
	return nil, refused("field.boolean")
}

func (booleanField) Encode(_ *meta.Field, v value.Value) any {
	if b, ok := v.(bool); ok {
		return b
	}
	return nil
}

func (booleanField) JSONSchema(*meta.Field) map[string]any { return map[string]any{"type": "boolean"} }

func (booleanField) Shape(*meta.Field) Shape { return Shape{Type: store.Bool, Ops: choice} }
