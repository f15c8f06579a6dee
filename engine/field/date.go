package field

import (
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// dateKind holds a calendar day, yyyymmdd, of no zone; "2026-03-31" on the wire.
func dateKind() Kind {
	return dateField{spec{Date, []string{"string"}, words(input, bounds, unique, reminds)}}
}

type dateField struct{ spec }

func (k dateField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	for key, limit := range map[string]string{"x-min": def.Minimum, "x-max": def.Maximum} {
		if _, ok := parseDay(limit); limit != "" && !ok {
			issues.Add("/"+key, "field.date")
		}
	}
	return issues
}

func (dateField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	day, ok := parseDay(s)
	if !ok {
		return nil, refused("field.date")
	}
	return day, nil
}

// parseDay reads yyyy-mm-dd.
func parseDay(s string) (int64, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || strings.ContainsAny(s, "+ ") {
		return 0, false
	}
	day, err := strconv.ParseInt(s[:4]+s[5:7]+s[8:], 10, 64)
	return day, err == nil && value.ValidDay(day)
}

func formatDay(day int64) string {
	const pattern = "0000-00-00"
	text := []byte(pattern)
	for at := len(text) - 1; at >= 0; at-- {
		if text[at] == '0' {
			text[at] += byte(day % 10)
			day /= 10
		}
	}
	return string(text)
}

func (dateField) Encode(_ *meta.Field, v value.Value) any {
	if day, ok := v.(int64); ok {
		return formatDay(day)
	}
	return nil
}

func (dateField) JSONSchema(def *meta.Field) map[string]any {
	return withBounds(map[string]any{"type": "string", "format": "date"}, def)
}

func (dateField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }
