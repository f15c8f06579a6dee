package catalog

import (
	"maps"
	"slices"

	"tidewater/engine/expr"
	"tidewater/engine/meta"
	"tidewater/engine/value"
)

// Redacted returns the field's definition for somebody who sees only some fields of its form: conditions and
// defaults that read others are left out, and what is computed from others does not say how. When the system sets a
// field is told to nobody: no page has a use for it.
func (f *Field) Redacted(sees func(value.FieldKey) bool) meta.Field {
	def := f.Def
	def.Turns = nil
	f.redact(&def, sees)
	if len(f.Columns) == 0 {
		return def
	}
	def.Properties = maps.Clone(def.Properties)
	for _, column := range f.Columns {
		shown := def.Properties[column.Key]
		column.redact(&shown, sees)
		def.Properties[column.Key] = shown
	}
	return def
}

// untold stands for a formula that is not told: it is still one.
const untold = "nil"

func (f *Field) redact(def *meta.Field, sees func(value.FieldKey) bool) {
	if !readsOnly(f.compute, sees) {
		def.Compute = untold
	}
	for _, condition := range []struct {
		program *expr.Program
		source  *string
	}{
		{f.byDefault, &def.Default}, {f.requiredIf, &def.RequiredIf}, {f.visibleIf, &def.VisibleIf}, {f.readOnlyIf, &def.ReadOnlyIf},
	} {
		if !readsOnly(condition.program, sees) {
			*condition.source = ""
		}
	}
}

// readsOnly tells whether all that a program reads is seen; none reads nothing.
func readsOnly(program *expr.Program, sees func(value.FieldKey) bool) bool {
	return program == nil || !slices.ContainsFunc(fieldsRead(program), func(key value.FieldKey) bool { return !sees(key) })
}
