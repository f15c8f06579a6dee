package catalog

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tidewater/engine/fault"
	"tidewater/engine/value"
)

// schemas draws and compiles the JSON Schema of each form.
func (c *compiler) schemas() {
	for _, form := range c.sound() {
		form.Schema = form.drawSchema()
		validator, err := compileSchema(string(form.Key), form.Schema)
		if err != nil {
			c.say(form.file, "", fault.Issue{Code: "meta.schema", Args: fault.Args{"message": err.Error()}})
			continue
		}
		form.validator, form.conform = validator, conformOf(form.Schema, validator)
	}
}

// drawSchema is the form as JSON Schema of its values in wire form. Fields that the system fills after
// the rules (autonumbers, rollups, mirrors) cannot be required of people.
func (f *Form) drawSchema() map[string]any {
	properties := make(map[string]any, len(f.Fields))
	for _, one := range f.Fields {
		properties[string(one.Key)] = one.Kind.JSONSchema(one.As)
	}
	required := []any{}
	for _, key := range f.Def.Required {
		if one, ok := f.fields[key]; ok && !one.Computed() {
			required = append(required, string(key))
		}
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"type":    "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}

// compileSchema compiles with a loader that reads nothing: a schema refers to itself at most.
func compileSchema(name string, schema map[string]any) (compiled *jsonschema.Schema, err error) {
	defer func() {
		if r := recover(); r != nil {
			compiled, err = nil, fmt.Errorf("the schema of %s cannot be compiled", name)
		}
	}()
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.AssertFormat = true
	compiler.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("%s is not loaded", url) }
	compiler.RegisterExtension("bounds", nil, boundsCompiler{})
	if err := compiler.AddResource("tidewater:"+name, strings.NewReader(string(text))); err != nil {
		return nil, err
	}
	return compiler.Compile("tidewater:" + name)
}

// boundsCompiler teaches the validator x-min and x-max: exact bounds of numbers, as text or not, of
// dates and of times of day.
type boundsCompiler struct{}

type exactBounds struct{ min, max string }

// Compile implements jsonschema.ExtCompiler.
func (boundsCompiler) Compile(_ jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	lower, _ := m["x-min"].(string)
	upper, _ := m["x-max"].(string)
	if lower == "" && upper == "" {
		return nil, nil
	}
	return exactBounds{lower, upper}, nil
}

// Validate implements jsonschema.ExtSchema.
func (b exactBounds) Validate(ctx jsonschema.ValidationContext, v any) error {
	text := fmt.Sprint(v)
	if b.min != "" && less(text, b.min) {
		return ctx.Error("x-min", "below")
	}
	if b.max != "" && less(b.max, text) {
		return ctx.Error("x-max", "above")
	}
	return nil
}

// less compares two numbers as decimal text, or two dates or times, whose text orders as they do.
func less(a, b string) bool {
	x, ok := value.ParseExact(a, maxCompared)
	y, both := value.ParseExact(b, maxCompared)
	if !ok || !both {
		return lessText(a, b)
	}
	return x < y
}

// maxCompared is the scale at which bounds are compared where both numbers fit.
const maxCompared = 6

// lessText compares what did not fit: dates and times of day, and numbers near value.MaxExact.
func lessText(a, b string) bool {
	if strings.Count(a, "-") == 2 || strings.Contains(a, ":") {
		return a < b
	}
	x, _ := value.ParseExact(whole(a), 0)
	y, _ := value.ParseExact(whole(b), 0)
	return x < y
}

func whole(number string) string {
	before, _, _ := strings.Cut(number, ".")
	return before
}
