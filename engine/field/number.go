package field

import (
	"encoding/json"
	"strconv"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// MaxScale bounds the decimals of an exact number.
const MaxScale = 6

// exactField holds one exact number: a whole number on the wire at scale 0, else decimal text.
type exactField struct{ spec }

func numberKind() Kind {
	return exactField{spec{Number, []string{"number", "integer", "string"}, words(input, bounds, unique, []string{"x-scale"})}}
}

// ScaleOf returns how many decimals the values of a definition have.
func ScaleOf(def *meta.Field) int {
	if def.Kind == Currency && def.Scale == 0 {
		return minorDigits(def.Currency)
	}
	return def.Scale
}

func (k exactField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if def.Scale < 0 || def.Scale > MaxScale {
		issues.Add("/x-scale", "field.range", "min", 0, "max", MaxScale)
		return issues
	}
	for key, limit := range map[string]string{"x-min": def.Minimum, "x-max": def.Maximum} {
		if _, ok := value.ParseExact(limit, ScaleOf(def)); limit != "" && !ok {
			issues.Add("/"+key, "field.number")
		}
	}
	return issues
}

func (k exactField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	var digits string
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case json.Number:
		digits = raw.String()
	case string:
		s, issues := narrow(raw)
		if len(issues) > 0 || s == "" {
			return nil, issues
		}
		digits = s
	default:
		return nil, wrongType("number")
	}
	scaled, code := parseExact(digits, ScaleOf(def))
	if code != "" {
		return nil, refused(code, "scale", ScaleOf(def))
	}
	return scaled, nil
}

// parseExact reads decimal text, with an exponent as JSON has it, at a scale. code names what is wrong.
func parseExact(digits string, scale int) (scaled int64, code string) {
	wellFormed, ok := withoutExponent(digits)
	if !ok {
		return 0, "field.number"
	}
	if scaled, ok = value.ParseExact(wellFormed, scale); ok {
		return scaled, ""
	}
	whole, fraction, dotted := strings.Cut(strings.TrimLeft(wellFormed, "+-"), ".")
	switch {
	case whole == "" || !isDigits(whole) || dotted && (fraction == "" || !isDigits(fraction)):
		return 0, "field.number"
	case len(strings.TrimRight(fraction, "0")) <= scale:
		return 0, "field.overflow"
	case scale == 0:
		return 0, "field.integer"
	}
	return 0, "field.scale"
}

// withoutExponent writes 1.5e3 as 1500. Numbers too long to be meant are refused before any work.
func withoutExponent(digits string) (string, bool) {
	if len(digits) == 0 || len(digits) > 40 {
		return "", false
	}
	mantissa, exponent, found := strings.Cut(strings.ToLower(digits), "e")
	if !found {
		return digits, true
	}
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift < -30 || shift > 30 {
		return "", false
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if !isDigits(whole) || !isDigits(fraction) || whole == "" {
		return "", false
	}
	all, point := whole+fraction, len(whole)+shift
	if point <= 0 {
		return sign + "0." + strings.Repeat("0", -point) + all, true
	}
	all += strings.Repeat("0", max(0, point-len(all)))
	if point == len(all) {
		return sign + trimZeros(all), true
	}
	return sign + trimZeros(all[:point]) + "." + all[point:], true
}

func trimZeros(whole string) string {
	if trimmed := strings.TrimLeft(whole, "0"); trimmed != "" {
		return trimmed
	}
	return "0"
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func (k exactField) Encode(def *meta.Field, v value.Value) any {
	n, ok := v.(int64)
	if !ok {
		return nil
	}
	if scale := ScaleOf(def); scale > 0 {
		return value.FormatExact(n, scale)
	}
	return n
}

func (k exactField) JSONSchema(def *meta.Field) map[string]any {
	schema := map[string]any{"type": "integer"}
	if scale := ScaleOf(def); scale > 0 {
		schema = map[string]any{"type": "string", "pattern": `^-?[0-9]+\.[0-9]{` + strconv.Itoa(scale) + `}$`}
	}
	return withBounds(schema, def)
}

// withBounds adds x-min and x-max, which package catalog teaches its validator: JSON Schema has no
// bounds for numbers written as text.
func withBounds(schema map[string]any, def *meta.Field) map[string]any {
	if def.Minimum != "" {
		schema["x-min"] = def.Minimum
	}
	if def.Maximum != "" {
		schema["x-max"] = def.Maximum
	}
	return schema
}

func (k exactField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }

func (k exactField) Title(def *meta.Field, v value.Value, _ string) string {
	n, ok := v.(int64)
	if !ok {
		return ""
	}
	return value.FormatExact(n, ScaleOf(def))
}
