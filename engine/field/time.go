package field

import (
	"fmt"
	"regexp"
	"strconv"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// timeKind holds a time of day of no zone, in minutes since midnight; "09:30" on the wire. A day ends at
// 23:59: 24:00 is the next one's 00:00 and refused, for sorts and filters would part the two.
func timeKind() Kind {
	return timeField{spec{Time, []string{"string"}, words(input, bounds, unique)}}
}

type timeField struct{ spec }

func (k timeField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	for key, limit := range map[string]string{"x-min": def.Minimum, "x-max": def.Maximum} {
		if minute, ok := parseClock(limit); limit != "" && (!ok || formatClock(minute) != limit) {
			issues.Add("/"+key, "field.time")
		}
	}
	return issues
}

func (timeField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	if len(issues) > 0 || s == "" {
		return nil, issues
	}
	minute, ok := parseClock(s)
	if !ok {
		return nil, refused("field.time")
	}
	return minute, nil
}

// clockForm takes seconds too, as browsers and sheets write them, but only of a full minute.
var clockForm = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})(:00)?$`)

// parseClock reads "9:30", "09:30" and "09:30:00".
func parseClock(s string) (minute int64, ok bool) {
	parts := clockForm.FindStringSubmatch(s)
	if parts == nil {
		return 0, false
	}
	hour, _ := strconv.ParseInt(parts[1], 10, 64)
	minute, _ = strconv.ParseInt(parts[2], 10, 64)
	return hour*60 + minute, hour < 24 && minute < 60
}

func formatClock(minute int64) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// Encode writes what is beyond a day, as a rule may have worked it out, in a form that the schema refuses.
func (timeField) Encode(_ *meta.Field, v value.Value) any {
	if minute, ok := v.(int64); ok {
		return formatClock(minute)
	}
	return nil
}

func (timeField) JSONSchema(def *meta.Field) map[string]any {
	return withBounds(map[string]any{"type": "string", "format": "hh:mm", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, def)
}

func (timeField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }
