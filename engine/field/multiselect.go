package field

import (
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// multiselectKind holds some options of a list, in the list's order.
func multiselectKind() Kind {
	return multiselectField{spec{Multiselect, []string{"array"}, words(input, counts, searchable, []string{"x-options"})}}
}

type multiselectField struct{ spec }

func (k multiselectField) Check(def *meta.Field) fault.Issues {
	issues := append(k.spec.Check(def), checkOptions(def.Options, false, "/x-options")...)
	return append(issues, refuseStageKeys(def.Options, "/x-options")...)
}

func (multiselectField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	v, issues := decodeMany(raw, func(one any) (value.Value, fault.Issues) { return decodeOption(def.Options, one) })
	list, ok := v.(value.List)
	if !ok {
		return nil, issues
	}
	place := func(v value.Value) int {
		return slices.IndexFunc(def.Options, func(o meta.Option) bool { return o.Value == v })
	}
	slices.SortFunc(list, func(a, b value.Value) int { return place(a) - place(b) })
	return list, nil
}

func (multiselectField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeText) }

func (multiselectField) JSONSchema(def *meta.Field) map[string]any {
	return manySchema(def, map[string]any{"type": "string", "enum": optionValues(def.Options)})
}

func (multiselectField) Shape(*meta.Field) Shape {
	return Shape{Type: store.Text, Multi: true, Ops: set}
}

func (multiselectField) Texts(def *meta.Field, v value.Value) []string {
	var texts []string
	eachText(v, func(s string) { texts = append(texts, optionTexts(def.Options, s)...) })
	return texts
}

func (multiselectField) Title(def *meta.Field, v value.Value, locale string) string {
	var titles []string
	eachText(v, func(s string) {
		o, _ := OptionOf(def.Options, s)
		titles = append(titles, labelIn(o.Label, locale, s))
	})
	return strings.Join(titles, ", ")
}
