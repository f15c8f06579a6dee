package field

import (
	"strings"
	"time"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// datetimeKind holds an instant, epoch milliseconds; RFC 3339 in UTC on the wire.
func datetimeKind() Kind {
	return datetimeField{spec{Datetime, []string{"string"}, words(input, reminds)}}
}

type datetimeField struct{ spec }

// instantFormat writes UTC with three decimals, always, so that texts sort as instants do.
const instantFormat = "2006-01-02T15:04:05.000Z"

func (datetimeField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	t, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return nil, refused("field.datetime")
	}
	return t.UnixMilli(), nil
}

func (datetimeField) Encode(_ *meta.Field, v value.Value) any {
	if ms, ok := v.(int64); ok {
		return time.UnixMilli(ms).UTC().Format(instantFormat)
	}
	return nil
}

func (datetimeField) JSONSchema(*meta.Field) map[string]any {
	return map[string]any{"type": "string", "format": "date-time"}
}

func (datetimeField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }
