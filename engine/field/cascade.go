package field

import (
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// cascadeKind holds a path through options within options, from the top: a List of option values, so
// that a filter finds records by any level.
func cascadeKind() Kind {
	return cascadeField{spec{Cascade, []string{"array"}, words(input, counts, searchable, []string{"x-options"})}}
}

type cascadeField struct{ spec }

func (k cascadeField) Check(def *meta.Field) fault.Issues {
	issues := append(k.spec.Check(def), checkOptions(def.Options, true, "/x-options")...)
	return append(issues, refuseStageKeys(def.Options, "/x-options")...)
}

// Decode takes a path from the top; it need not reach the bottom.
func (cascadeField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	sent, ok := raw.([]any)
	if !ok {
		return nil, wrongType("list")
	}
	path := make(value.List, 0, len(sent))
	options := def.Options
	for _, entry := range sent {
		s, issues := clean(entry, false)
		if len(issues) > 0 {
			return nil, issues
		}
		o, ok := OptionOf(options, s)
		if !ok {
			return nil, refused("field.path")
		}
		path = append(path, s)
		options = o.Children
	}
	if len(path) == 0 {
		return nil, nil
	}
	return path, nil
}

// DecodeEntry reads one level's value, for filters.
func (cascadeField) DecodeEntry(def *meta.Field, raw any) (value.Value, fault.Issues) {
	s, issues := clean(raw, false)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	if !isWithin(def.Options, s) {
		return nil, refused("field.option", "value", s)
	}
	return s, nil
}

func isWithin(options []meta.Option, v string) bool {
	for _, o := range options {
		if o.Value == v || isWithin(o.Children, v) {
			return true
		}
	}
	return false
}

func (cascadeField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeText) }

func (cascadeField) JSONSchema(def *meta.Field) map[string]any {
	return manySchema(def, map[string]any{"type": "string"})
}

func (cascadeField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Multi: true, Ops: set} }

func (k cascadeField) Texts(def *meta.Field, v value.Value) []string {
	var texts []string
	options := def.Options
	eachText(v, func(s string) {
		texts = append(texts, optionTexts(options, s)...)
		o, _ := OptionOf(options, s)
		options = o.Children
	})
	return texts
}

func (k cascadeField) Title(def *meta.Field, v value.Value, locale string) string {
	var titles []string
	options := def.Options
	eachText(v, func(s string) {
		o, _ := OptionOf(options, s)
		titles = append(titles, labelIn(o.Label, locale, s))
		options = o.Children
	})
	return strings.Join(titles, " / ")
}
