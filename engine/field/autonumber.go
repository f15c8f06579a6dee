package field

import (
	"fmt"
	"regexp"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// autonumberKind holds a number that the system gives at creation, made by a pattern such as
// "SO-{yyyy}{MM}-{0000}": parts of the day, and the next number of the period with at least as many
// digits as there are zeros.
func autonumberKind() Kind {
	return autonumberField{spec{Autonumber, []string{"string"},
		words(unique, searchable, []string{"x-number", "x-gapless", "x-index", "x-mask", "x-lookup"})}}
}

type autonumberField struct{ spec }

var (
	numberPart   = regexp.MustCompile(`\{[^{}]*\}`)
	numberDigits = regexp.MustCompile(`^\{0{1,12}\}$`)
)

func (k autonumberField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	counters := 0
	wellFormed := !strings.ContainsAny(numberPart.ReplaceAllString(def.Number, ""), "{}")
	for _, part := range numberPart.FindAllString(def.Number, -1) {
		switch {
		case numberDigits.MatchString(part):
			counters++
		case part != "{yyyy}" && part != "{yy}" && part != "{MM}" && part != "{dd}":
			wellFormed = false
		}
	}
	if counters != 1 || !wellFormed || len(def.Number) > 60 {
		issues.Add("/x-number", "meta.pattern", "pattern", def.Number)
	}
	return issues
}

// RenderNumber writes the seq-th number (1 first) of a pattern on a day (yyyymmdd).
func RenderNumber(pattern string, seq, day int64) string {
	return numberPart.ReplaceAllStringFunc(pattern, func(part string) string {
		if strings.HasPrefix(part, "{0") {
			return fmt.Sprintf("%0*d", len(part)-2, seq)
		}
		return dayPart(part, day)
	})
}

// NumberSequence names the sequence that a pattern counts with on a day: a new one for each of the
// periods that the pattern shows, so that numbers start at 1 again and never repeat.
func NumberSequence(form value.FormKey, key value.FieldKey, pattern string, day int64) string {
	period := ""
	for _, part := range []string{"{yyyy}", "{yy}", "{MM}", "{dd}"} {
		if strings.Contains(pattern, part) {
			period += dayPart(part, day)
		}
	}
	return "number:" + string(form) + "." + string(key) + ":" + period
}

func dayPart(part string, day int64) string {
	switch part {
	case "{yyyy}":
		return fmt.Sprintf("%04d", day/10000)
	case "{yy}":
		return fmt.Sprintf("%02d", day/10000%100)
	case "{MM}":
		return fmt.Sprintf("%02d", day/100%100)
	}
	return fmt.Sprintf("%02d", day%100)
}

// Decode reads a number for filters and migrations; that people cannot set it is told by package catalog.
func (autonumberField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, issues := narrow(raw)
	return textOrNil(s), issues
}

func (autonumberField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (autonumberField) JSONSchema(def *meta.Field) map[string]any { return textSchema(def, 80) }

func (autonumberField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: textual} }

func (autonumberField) Texts(_ *meta.Field, v value.Value) []string { return oneText(v) }
