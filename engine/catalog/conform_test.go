package catalog

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// TestConformSaysYesOnlyWhereTheValidatorDoes holds the quick answer against the library's, for values right and wrong,
// and that what people save is answered quickly.
func TestConformSaysYesOnlyWhereTheValidatorDoes(t *testing.T) {
	id := map[string]any{"type": "string", "minLength": 1, "maxLength": 4}
	schema := map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false, "required": []any{"name"},
		"properties": map[string]any{
			"name":  map[string]any{"type": "string", "maxLength": 3},
			"code":  map[string]any{"type": "string", "minLength": 2, "maxLength": 3},
			"any":   map[string]any{"type": "string"},
			"tier":  map[string]any{"type": "string", "enum": []any{"A", "潮"}},
			"done":  map[string]any{"type": "boolean"},
			"owner": map[string]any{"type": "object", "required": []any{"id"}, "properties": map[string]any{"id": id, "title": map[string]any{"type": "string"}}},
			"day":   map[string]any{"type": "string", "format": "date", "x-min": "2026-01-01"},
			"price": map[string]any{"type": "string", "pattern": `^-?[0-9]+\.[0-9]{2}$`, "x-max": "9"},
			"count": map[string]any{"type": "integer", "minimum": 1},
			"tags":  map[string]any{"type": "array", "maxItems": 1, "items": map[string]any{"type": "string"}},
		},
	}
	compiled, err := compileSchema("x", schema)
	if err != nil {
		t.Fatal(err)
	}
	c := conformOf(schema, compiled)
	text := rapid.SampledFrom([]any{"", "A", "潮", "ab", "潮汐表", "abcd", "潮汐时刻", "2026-03-31", "2025-01-01", "1.00", "10.00", "\xff"})
	one := rapid.OneOf(text, rapid.SampledFrom([]any{
		nil, true, json.Number("1"), json.Number("0"), json.Number("1.5"), []any{}, []any{"a"}, []any{"a", "b"}, []any{json.Number("1")}, map[string]any{},
		map[string]any{"id": "u1"}, map[string]any{"id": ""}, map[string]any{"id": "u1", "title": "Ann"}, map[string]any{"id": "u1", "title": true},
		map[string]any{"id": nil}, map[string]any{"title": "Ann"}, map[string]any{"id": "toolong"},
	}))
	keys := rapid.SampledFrom([]string{"name", "code", "any", "tier", "done", "owner", "day", "price", "count", "tags", "other"})
	rapid.Check(t, func(t *rapid.T) {
		wire := rapid.MapOfN(keys, one, 0, 5).Draw(t, "wire")
		if fits := compiled.Validate(wire) == nil; c.holds(wire) != fits {
			t.Fatalf("%v: the validator says %v", wire, fits)
		}
	})
	for _, key := range []string{"name", "code", "any", "tier", "done", "owner"} {
		drawn, _ := schema["properties"].(map[string]any)[key].(map[string]any)
		if plainly(drawn) == nil {
			t.Errorf("%s is not answered quickly", key)
		}
	}
}
