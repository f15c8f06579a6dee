package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// selectKind holds one option of a list. An option that is off stays valid, for the records that have it.
func selectKind() Kind {
	return selectField{spec{Select, []string{"string"}, words(input, unique, searchable, turns, []string{"x-options"})}}
}

type selectField struct{ spec }

func (k selectField) Check(def *meta.Field) fault.Issues {
	issues := append(k.spec.Check(def), checkOptions(def.Options, false, "/x-options")...)
	return append(issues, refuseStageKeys(def.Options, "/x-options")...)
}

func (selectField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	return decodeOption(def.Options, raw)
}

func (selectField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (selectField) JSONSchema(def *meta.Field) map[string]any {
	return map[string]any{"type": "string", "enum": optionValues(def.Options)}
}

func (selectField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: ordered} }

func (selectField) Texts(def *meta.Field, v value.Value) []string {
	s, _ := v.(string)
	return optionTexts(def.Options, s)
}

func (selectField) Title(def *meta.Field, v value.Value, locale string) string {
	s, _ := v.(string)
	o, _ := OptionOf(def.Options, s)
	return labelIn(o.Label, locale, s)
}
