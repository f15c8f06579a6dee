package field

import (
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxTag bounds one tag, in characters.
const maxTag = 50

// tagsKind holds words that people make up.
func tagsKind() Kind {
	return tagsField{spec{Tags, []string{"array"}, words(input, counts, searchable)}}
}

type tagsField struct{ spec }

func (k tagsField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	return decodeMany(raw, decodeTag)
}

func decodeTag(raw any) (value.Value, fault.Issues) {
	s, issues := clean(raw, false)
	if len(issues) > 0 {
		return nil, issues
	}
	if utf8.RuneCountInString(s) > maxTag {
		return nil, refused("field.tag", "max", maxTag)
	}
	return textOrNil(s), nil
}

func (tagsField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeText) }

func (tagsField) JSONSchema(def *meta.Field) map[string]any {
	return manySchema(def, map[string]any{"type": "string", "minLength": 1, "maxLength": maxTag})
}

func (tagsField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Multi: true, Ops: set} }

func (tagsField) Texts(_ *meta.Field, v value.Value) []string {
	var texts []string
	eachText(v, func(s string) { texts = append(texts, s) })
	return texts
}
