package field

import (
	"regexp"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/text"
	"tidewater/engine/value"
)

// maxText and maxMultiline bound texts whose definition does not, in characters.
const (
	maxText      = 1_000
	maxMultiline = 20_000
)

// textual kinds hold one text.
type textField struct {
	spec
	lines bool
	limit int
}

func textKind() Kind {
	return textField{spec{Text, []string{"string"}, words(input, lengths, unique, searchable)}, false, maxText}
}

func (k textField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if _, err := regexp.Compile(def.Pattern); err != nil {
		issues.Add("/pattern", "meta.pattern", "pattern", def.Pattern)
	}
	return issues
}

func (k textField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := clean(raw, k.lines)
	return textOrNil(s), issues
}

func (k textField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (k textField) JSONSchema(def *meta.Field) map[string]any { return textSchema(def, k.limit) }

func (k textField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (k textField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }

func (k textField) SortKey(_ *meta.Field, v value.Value) string {
	s, _ := v.(string)
	return text.SortKey(s)
}

func textOrNil(s string) value.Value {
	if s == "" {
		return nil
	}
	return s
}

func encodeText(v value.Value) any {
	if _, ok := v.(string); ok {
		return v // not the text in it, which would be wrapped anew
	}
	return nil
}

func oneText(v value.Value) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	return nil
}

func textSchema(def *meta.Field, limit int) map[string]any {
	schema := map[string]any{"type": "string", "maxLength": limit}
	if def.MinLength != nil {
		schema["minLength"] = *def.MinLength
	}
	if def.MaxLength != nil {
		schema["maxLength"] = *def.MaxLength
	}
	if def.Pattern != "" {
		schema["pattern"] = def.Pattern
	}
	return schema
}
