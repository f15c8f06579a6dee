package catalog

import (
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// conform says yes, quickly, to values in wire form that meet the form's JSON Schema. It says no where it does not
// know: the validator then decides, and explains. What most fields ask, a text of some length, one of some words,
// somebody's id, is asked here directly, for the validator is general and takes thirty times as long; a field that
// asks for more has its own part of the validator.
type conform struct {
	fields   map[string]func(v any) bool
	required []string
}

// conformOf reads the drawn schema of a form; compiled is the same for the validator.
func conformOf(schema map[string]any, compiled *jsonschema.Schema) *conform {
	c := &conform{fields: map[string]func(any) bool{}}
	properties, _ := schema["properties"].(map[string]any)
	for key, drawn := range properties {
		drawn, _ := drawn.(map[string]any)
		if plain := plainly(drawn); plain != nil {
			c.fields[key] = plain
		} else if part := compiled.Properties[key]; part != nil {
			c.fields[key] = func(v any) bool { return part.Validate(v) == nil }
		}
	}
	required, _ := schema["required"].([]any)
	for _, key := range required {
		name, _ := key.(string)
		c.required = append(c.required, name)
	}
	return c
}

func (c *conform) holds(wire map[string]any) bool {
	for _, key := range c.required {
		if _, there := wire[key]; !there {
			return false
		}
	}
	for key, v := range wire {
		meets := c.fields[key]
		if meets == nil || !meets(v) {
			return false
		}
	}
	return true
}

// plainly is the question of a schema that says nothing but what is known here; else nil.
func plainly(schema map[string]any) func(v any) bool {
	switch schema["type"] {
	case "boolean":
		if saysOnly(schema, "type") {
			return func(v any) bool { _, is := v.(bool); return is }
		}
	case "string":
		switch {
		case saysOnly(schema, "type", "minLength", "maxLength", "readOnly"):
			return lengthOf(schema)
		case saysOnly(schema, "type", "enum"):
			return wordOf(schema)
		}
	case "object":
		return referenceOf(schema)
	}
	return nil
}

func saysOnly(schema map[string]any, keywords ...string) bool {
	for keyword := range schema {
		if !slices.Contains(keywords, keyword) {
			return false
		}
	}
	return true
}

func wordOf(schema map[string]any) func(v any) bool {
	listed, ok := schema["enum"].([]any)
	words := map[string]bool{}
	for _, word := range listed {
		word, isText := word.(string)
		words[word], ok = true, ok && isText
	}
	if !ok {
		return nil
	}
	return func(v any) bool { word, is := v.(string); return is && words[word] }
}

// lengthOf counts characters, as JSON Schema does.
func lengthOf(schema map[string]any) func(v any) bool {
	least, most, ok := 0, -1, true
	for keyword, into := range map[string]*int{"minLength": &least, "maxLength": &most} {
		if said, there := schema[keyword]; there {
			n, isInt := said.(int)
			*into, ok = n, ok && isInt
		}
	}
	if !ok {
		return nil
	}
	return func(v any) bool {
		text, is := v.(string)
		if !is {
			return false
		}
		if n := len(text); least == 0 && n <= most {
			return true // no more characters than bytes
		}
		n := utf8.RuneCountInString(text)
		return n >= least && (most < 0 || n <= most)
	}
}

// referenceOf is for an id, with or without a title.
func referenceOf(schema map[string]any) func(v any) bool {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	if !saysOnly(schema, "type", "properties", "required") || !saysOnly(properties, "id", "title") || len(required) != 1 || required[0] != "id" {
		return nil
	}
	parts := map[string]func(any) bool{}
	for key, drawn := range properties {
		drawn, _ := drawn.(map[string]any)
		if parts[key] = plainly(drawn); parts[key] == nil || drawn["type"] != "string" {
			return nil
		}
	}
	return func(v any) bool {
		object, is := v.(map[string]any)
		if !is || object["id"] == nil {
			return false
		}
		for key, one := range object {
			if part := parts[key]; part == nil || !part(one) {
				return false
			}
		}
		return true
	}
}
