package field

import (
	"cmp"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The most points that a rating can have, and how many it has where x-points does not say.
const (
	maxPoints     = 10
	defaultPoints = 5
)

// ratingKind holds points from 1 on, as people give stars; not rated is absent, so no rating is 0.
func ratingKind() Kind {
	return ratingField{exactField{spec{Rating, []string{"integer"}, words(input, []string{"x-points"})}}}
}

type ratingField struct{ exactField }

func (k ratingField) Check(def *meta.Field) fault.Issues {
	issues := k.spec.Check(def)
	if def.Points != 0 && (def.Points < 2 || def.Points > maxPoints) {
		issues.Add("/x-points", "field.range", "min", 2, "max", maxPoints)
	}
	return issues
}

// Decode refuses what is no rating at once: unlike the bounds of a number these are what the kind is.
func (k ratingField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	v, issues := k.exactField.Decode(def, raw)
	points, ok := v.(int64)
	if ok && (points < 1 || points > int64(PointsOf(def))) {
		return nil, refused("field.range", "min", 1, "max", PointsOf(def))
	}
	return v, issues
}

// PointsOf is how many points a rating can have.
func PointsOf(def *meta.Field) int { return cmp.Or(def.Points, defaultPoints) }

// JSONSchema states the bounds once more, for computed values must keep them too.
func (k ratingField) JSONSchema(def *meta.Field) map[string]any {
	return map[string]any{"type": "integer", "minimum": 1, "maximum": PointsOf(def)}
}

func (k ratingField) Shape(*meta.Field) Shape { return Shape{Type: store.Int, Ops: ordered} }
