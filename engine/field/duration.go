package field

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxDuration is the longest time that can be kept, in seconds: a hundred thousand hours.
const maxDuration = 360_000_000

// durationKind holds a length of time in whole seconds, a number on the wire. It is never negative.
func durationKind() Kind {
	return durationField{spec{Duration, []string{"integer"}, words(input, bounds)}}
}

type durationField struct{ spec }

func (k durationField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	for key, limit := range map[string]string{"x-min": def.Minimum, "x-max": def.Maximum} {
		if seconds, ok := value.ParseExact(limit, 0); limit != "" && (!ok || seconds < 0 || seconds > maxDuration) {
			issues.Add("/"+key, "field.duration")
		}
	}
	return issues
}

// Decode takes seconds, or text as people and programs write lengths of time: see parseDuration.
func (durationField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case json.Number:
		seconds, code := parseExact(raw.String(), 0)
		switch {
		case code == "field.overflow" || code == "" && seconds > maxDuration:
			return nil, refused("field.durationLong")
		case code != "" || seconds < 0:
			return nil, refused("field.duration")
		}
		return seconds, nil
	case string:
		s, issues := narrow(raw)
		if len(issues) > 0 || s == "" {
			return nil, issues
		}
		seconds, ok := parseDuration(s)
		switch {
		case !ok:
			return nil, refused("field.duration")
		case seconds > maxDuration:
			return nil, refused("field.durationLong")
		}
		return seconds, nil
	}
	return nil, wrongType("number")
}

var (
	durationClock = regexp.MustCompile(`^([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?$`)
	// durationUnits reads hours, minutes and seconds in this order, each with its unit, in the words of both languages and in those of ISO 8601.
	durationUnits = regexp.MustCompile(`^(?:pt)?` +
		`(?:([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*(?:h|hr|hrs|hours?|小时|时)\s*)?` +
		`(?:([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*(?:m|mins?|minutes?|分钟|分)\s*)?` +
		`(?:([0-9]{1,9})\s*(?:s|secs?|seconds?|秒钟|秒))?$`)
)

// parseDuration reads "90" (seconds), "1:30" (hours and minutes), "1:30:00", "1h 30m", "1.5 h", "PT1H30M",
// "1小时30分钟". Days are not taken: nobody knows whether one has eight hours or twenty-four.
func parseDuration(s string) (seconds int64, ok bool) {
	if isDigits(s) && len(s) <= 12 {
		seconds, err := strconv.ParseInt(s, 10, 64)
		return seconds, err == nil
	}
	if parts := durationClock.FindStringSubmatch(s); parts != nil {
		return inSeconds(parts[1:])
	}
	s = strings.ToLower(s)
	parts := durationUnits.FindStringSubmatch(s)
	if parts == nil || s == "pt" {
		return 0, false
	}
	return inSeconds(parts[1:])
}

// inSeconds adds up hours, minutes and seconds; ok is false where they give no whole seconds.
func inSeconds(parts []string) (seconds int64, ok bool) {
	const fine = 4 // decimals of a part
	total := int64(0)
	for n, unit := range []int64{3600, 60, 1} {
		if parts[n] == "" {
			continue
		}
		amount, ok := value.ParseExact(parts[n], fine)
		if !ok {
			return 0, false
		}
		total += amount * unit
	}
	return total / 10_000, total%10_000 == 0
}

func (durationField) Encode(_ *meta.Field, v value.Value) any {
	if seconds, ok := v.(int64); ok {
		return seconds
	}
	return nil
}

// JSONSchema states the limits of the kind beside its own bounds, for computed values must keep them too.
func (durationField) JSONSchema(def *meta.Field) map[string]any {
	return withBounds(map[string]any{"type": "integer", "minimum": 0, "maximum": maxDuration}, def)
}

func (durationField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }

// Title is "1h 30m": in parts that parseDuration reads again.
func (durationField) Title(_ *meta.Field, v value.Value, _ string) string {
	seconds, ok := v.(int64)
	if !ok {
		return ""
	}
	var parts []string
	for _, unit := range []struct {
		name   string
		amount int64
	}{{"h", seconds / 3600}, {"m", seconds / 60 % 60}, {"s", seconds % 60}} {
		if unit.amount != 0 {
			parts = append(parts, strconv.FormatInt(unit.amount, 10)+unit.name)
		}
	}
	if len(parts) == 0 {
		return "0m"
	}
	return strings.Join(parts, " ")
}
