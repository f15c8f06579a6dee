package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// referencesKind holds some records of one form.
func referencesKind() Kind {
	return referencesField{idsField{spec{References, []string{"array"}, words(input, counts, referring)}}}
}

type referencesField struct{ idsField }

func (k referencesField) Check(def *meta.Field) fault.Issues {
	return append(k.spec.Check(def), checkReference(def)...)
}

func (k referencesField) Shape(def *meta.Field) Shape {
	s := k.idsField.Shape(def)
	s.Refs = true
	return s
}
