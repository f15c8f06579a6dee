package field

import (
	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// idsField holds some ids, in the order given.
type idsField struct{ spec }

func membersKind() Kind { return idsField{spec{Members, []string{"array"}, words(input, counts)}} }

func (k idsField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	return decodeMany(raw, decodeID)
}

func (k idsField) Encode(_ *meta.Field, v value.Value) any { return encodeMany(v, encodeID) }

func (k idsField) JSONSchema(def *meta.Field) map[string]any { return manySchema(def, idSchema()) }

func (k idsField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Multi: true, Ops: set} }
