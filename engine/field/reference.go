package field

import (
	"slices"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// What happens to a record when one that it refers to is deleted.
const (
	OnDeleteRestrict = "restrict" // the other stays; the default
	OnDeleteClear    = "clear"    // the reference becomes absent
	OnDeleteCascade  = "cascade"  // the record goes too
)

var referring = []string{"x-ref", "x-onDelete", "x-filter"}

// referenceKind holds one record of another form, or of the same.
func referenceKind() Kind {
	return referenceField{idField{spec{Reference, []string{"string", "object"}, words(input, unique, referring, []string{"x-named"})}}}
}

type referenceField struct{ idField }

func (k referenceField) Check(def *meta.Field) fault.Issues {
	return append(k.spec.Check(def), checkReference(def)...)
}

// JSONSchema has unseen where a reference that names tells of a record that does not open for its reader.
func (k referenceField) JSONSchema(*meta.Field) map[string]any {
	schema := idSchema()
	properties, _ := schema["properties"].(map[string]any)
	properties["unseen"] = map[string]any{"type": "boolean", "readOnly": true}
	return schema
}

func checkReference(def *meta.Field) fault.Issues {
	var issues fault.Issues
	if def.Ref == "" {
		issues.Add("/x-ref", "meta.missing", "key", "x-ref")
	}
	return append(issues, checkOnDelete(def)...)
}

func checkOnDelete(def *meta.Field) fault.Issues {
	var issues fault.Issues
	if !slices.Contains([]string{"", OnDeleteRestrict, OnDeleteClear, OnDeleteCascade}, def.OnDelete) {
		issues.Add("/x-onDelete", "field.option", "value", def.OnDelete)
	}
	return issues
}

func (k referenceField) Shape(def *meta.Field) Shape {
	s := k.idField.Shape(def)
	s.Refs = true
	return s
}
