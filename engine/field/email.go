package field

import (
	"net/mail"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxEmail is the longest address that mail can carry (RFC 5321, 4.5.3.1.3).
const maxEmail = 254

// emailKind holds one mail address, in lower case so that doubles are found.
func emailKind() Kind {
	return emailField{spec{Email, []string{"string"}, words(input, unique, searchable, []string{"pattern"})}}
}

type emailField struct{ spec }

func (emailField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	s = strings.ToLower(s)
	address, err := mail.ParseAddress(s)
	_, domain, _ := strings.Cut(s, "@")
	if err != nil || address.Address != s || len(s) > maxEmail || !strings.Contains(strings.Trim(domain, "."), ".") {
		return nil, refused("field.email")
	}
	return s, nil
}

func (emailField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (emailField) JSONSchema(def *meta.Field) map[string]any {
	schema := textSchema(def, maxEmail)
	schema["format"] = "email"
	return schema
}

func (emailField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (emailField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }
