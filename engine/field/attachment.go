package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// filesField holds the ids of files; that they exist and are the writer's is checked by package record.
type filesField struct{ spec }

func attachmentKind() Kind {
	return filesField{spec{Attachment, []string{"array"}, words(counts, []string{"readOnly", "x-readOnlyIf"})}}
}

func (k filesField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	return decodeMany(raw, decodeID)
}

func (k filesField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeID) }

func (k filesField) JSONSchema(def *meta.Field) map[string]any { return manySchema(def, idSchema()) }

func (k filesField) Shape(*meta.Field) Shape {
	return Shape{Type: store.Text, Multi: true, Ops: presence}
}
