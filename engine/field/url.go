package field

import (
	"net/url"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

const maxURL = 2048

// urlKind holds a web address, http or https: nothing else may become a link in a browser.
func urlKind() Kind {
	return urlField{spec{URL, []string{"string"}, words(input, unique, searchable, []string{"pattern"})}}
}

type urlField struct{ spec }

func (urlField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := clean(raw, false)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.Contains(s, " ") {
		return nil, refused("field.url")
	}
	return s, nil
}

func (urlField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (urlField) JSONSchema(def *meta.Field) map[string]any { return textSchema(def, maxURL) }

func (urlField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (urlField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }
