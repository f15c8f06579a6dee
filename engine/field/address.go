package field

import (
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/field/region"
	"tidewater/engine/meta"
	"tidewater/engine/query"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// The parts of an address.
const (
	AddressRegion   value.FieldKey = "region"   // a division's code
	AddressDetail   value.FieldKey = "detail"   // street, house, room
	AddressPostcode value.FieldKey = "postcode" //
)

// addressKind holds a postal address: a Doc of region, detail and postcode, each of which may be absent.
func addressKind() Kind {
	return addressField{spec{Address, []string{"object"}, words(searchable, []string{"readOnly", "x-readOnlyIf", "x-mask"})}}
}

type addressField struct{ spec }

// Part implements Grouped.
func (addressField) Part(key value.FieldKey) (Valued, *meta.Field) {
	switch key {
	case AddressRegion:
		return regionField{}, &meta.Field{Kind: Region}
	case AddressDetail:
		return textField{limit: 300}, &meta.Field{Kind: Text}
	case AddressPostcode:
		return textField{limit: 12}, &meta.Field{Kind: Text}
	}
	return nil, nil
}

func (k addressField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	doc, issues := decodeParts(k, raw)
	if len(doc) == 0 || len(issues) > 0 {
		return nil, issues
	}
	return doc, nil
}

func (addressField) Encode(_ *meta.Field, v value.Value) any {
	doc, ok := v.(value.Doc)
	if !ok {
		return nil
	}
	out := make(map[string]any, len(doc))
	for key, part := range doc {
		out[key] = part
	}
	return out
}

func (k addressField) JSONSchema(*meta.Field) map[string]any {
	properties := map[string]any{}
	for _, key := range []value.FieldKey{AddressRegion, AddressDetail, AddressPostcode} {
		kind, def := k.Part(key)
		properties[string(key)] = kind.JSONSchema(def)
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
}

func (addressField) Shape(*meta.Field) Shape {
	return Shape{Ops: presence, Parts: []Part{
		{AddressRegion, Shape{Type: store.Text, Ops: regional}},
		{AddressDetail, Shape{Type: store.Text, Ops: []query.Op{query.Contains, query.Empty, query.NotEmpty}}},
		{AddressPostcode, Shape{Type: store.Text, Ops: textual}},
	}}
}

func (k addressField) Texts(_ *meta.Field, v value.Value) []string {
	return oneText(textOrNil(k.Title(nil, v, "")))
}

func (addressField) Title(_ *meta.Field, v value.Value, _ string) string {
	doc, _ := v.(value.Doc)
	code, _ := doc[string(AddressRegion)].(string)
	detail, _ := doc[string(AddressDetail)].(string)
	return strings.TrimSpace(region.Title(code) + " " + detail)
}
