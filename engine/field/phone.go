package field

import (
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// phoneKind holds a telephone number in the one form that finds doubles: see text.PhoneKey.
func phoneKind() Kind {
	return phoneField{spec{Phone, []string{"string"}, words(input, unique, searchable, []string{"pattern"})}}
}

type phoneField struct{ spec }

func (phoneField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	key := text.PhoneKey(s)
	if !isPhone(key) || strings.ContainsAny(s, "/,;、") {
		return nil, refused("field.phone")
	}
	return key, nil
}

// isPhone wants 3 to 20 digits, as emergency and international numbers have, and an extension of at most 8.
func isPhone(key string) bool {
	number, extension, _ := strings.Cut(strings.TrimPrefix(key, "+"), "x")
	return len(number) >= 3 && len(number) <= 20 && len(extension) <= 8
}

func (phoneField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (phoneField) JSONSchema(def *meta.Field) map[string]any { return textSchema(def, 30) }

func (phoneField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (phoneField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }
