package field

import "tidewater/engine/meta"

// signatureKind holds the id of one picture, drawn by hand or put there in its place.
func signatureKind() Kind {
	drawn := []string{"x-maxSize", "readOnly", "x-readOnlyIf"}
	return signatureField{filesField{spec{Signature, []string{"array"}, drawn}, []string{"image/png", "image/jpeg"}}}
}

type signatureField struct{ filesField }

func (k signatureField) JSONSchema(def *meta.Field) map[string]any {
	schema := k.filesField.JSONSchema(def)
	schema["maxItems"] = 1
	return schema
}
