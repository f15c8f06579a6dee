package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/field/region"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// regionKind holds the code of an administrative division of mainland China, of any level. A filter by
// prefix finds those below: "31" for all of Shanghai.
func regionKind() Kind {
	return regionField{spec{Region, []string{"string"}, words(input, searchable)}}
}

type regionField struct{ spec }

func (regionField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	if !region.Valid(s) {
		return nil, refused("field.region")
	}
	return s, nil
}

func (regionField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (regionField) JSONSchema(*meta.Field) map[string]any {
	return map[string]any{"type": "string", "pattern": "^[0-9]{6}$"}
}

func (regionField) Shape(*meta.Field) Shape {
	return Shape{Type: store.Text, Ops: regional}
}

func (regionField) Texts(_ *meta.Field, v value.Value) []string {
	code, _ := v.(string)
	return oneText(textOrNil(region.Title(code)))
}

func (k regionField) Title(_ *meta.Field, v value.Value, _ string) string {
	code, _ := v.(string)
	return region.Title(code)
}
