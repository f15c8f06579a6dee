package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	metadata "tidewater/schemas"
)

// schemas compiles the schemas of a description when they are first needed.
type schemas struct {
	mu       sync.Mutex
	all      map[string]any // by name; a reference of the description becomes one to here
	made     int
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

const (
	inDescription = "#/components/schemas/"
	resource      = "urn:description"
	inResource    = resource + "#/$defs/"
)

func newSchemas(components map[string]any) *schemas {
	s := &schemas{all: map[string]any{}, compiled: map[string]*jsonschema.Schema{}}
	for name, schema := range components {
		s.all[name] = closed(schema)
	}
	return s
}

// add takes in a schema that stands in the description, and returns its name; "" for none.
func (s *schemas) add(schema any) string {
	if schema == nil {
		return ""
	}
	name := "#" + strconv.Itoa(s.made) // no component is called so
	s.made++
	s.all[name] = closed(schema)
	return name
}

// check returns what keeps a value from what the schema of that name says.
func (s *schemas) check(name string, v any) error {
	if name == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	schema, err := s.compile(name)
	if err != nil {
		return err
	}
	return schema.Validate(v)
}

func (s *schemas) compile(name string) (*jsonschema.Schema, error) {
	if done, ok := s.compiled[name]; ok {
		return done, nil
	}
	if s.compiler == nil {
		compiler, err := s.newCompiler()
		if err != nil {
			return nil, err
		}
		s.compiler = compiler
	}
	compiled, err := s.compiler.Compile(inResource + escaped(name))
	if err == nil {
		s.compiled[name] = compiled
	}
	return compiled, err
}

func escaped(name string) string { return strings.ReplaceAll(name, "#", "%23") }

func (s *schemas) newCompiler() (*jsonschema.Compiler, error) {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.AssertFormat = true
	compiler.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("%s is not loaded", url) }
	text, err := json.Marshal(map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": s.all})
	if err != nil {
		return nil, err
	}
	if err := compiler.AddResource(resource, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	names, err := fs.Glob(metadata.FS, "*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(metadata.FS, name)
		if err != nil {
			return nil, err
		}
		id := "urn:tidewater:schema:" + strings.TrimSuffix(name, ".schema.json")
		if err := compiler.AddResource(id, bytes.NewReader(text)); err != nil {
			return nil, err
		}
	}
	return compiler, nil
}

// Where schemas stand within a schema: as the values of an object, alone, or in a list.
var (
	schemasByKey = []string{"properties", "patternProperties", "dependentSchemas", "$defs"}
	schemaAlone  = []string{"items", "additionalProperties", "unevaluatedProperties", "not", "if", "then", "else", "propertyNames", "contains"}
	schemaLists  = []string{"allOf", "anyOf", "oneOf", "prefixItems"}
)

// closed is a schema whose objects have no other properties than it says: what a description leaves open
// for clients of tomorrow is a fault of the server today. x-schema says which document of package schemas
// the rest is.
func closed(schema any) any {
	in, ok := schema.(map[string]any)
	if !ok {
		return schema
	}
	if document, ok := in["x-schema"].(string); ok {
		return map[string]any{"$ref": document}
	}
	out := maps.Clone(in)
	for _, key := range schemasByKey {
		if parts, ok := in[key].(map[string]any); ok {
			within := map[string]any{}
			for name, part := range parts {
				within[name] = closed(part)
			}
			out[key] = within
		}
	}
	for _, key := range schemaAlone {
		if part, ok := in[key]; ok {
			out[key] = closed(part)
		}
	}
	for _, key := range schemaLists {
		if parts, ok := in[key].([]any); ok {
			within := make([]any, len(parts))
			for i, part := range parts {
				within[i] = closed(part)
			}
			out[key] = within
		}
	}
	if ref, ok := in["$ref"].(string); ok {
		out["$ref"] = strings.Replace(ref, inDescription, inResource, 1)
	}
	open := !slices.ContainsFunc([]string{"additionalProperties", "unevaluatedProperties", "$ref"}, func(key string) bool { _, is := in[key]; return is })
	if _, shaped := in["properties"]; shaped && open {
		out["additionalProperties"] = false
	}
	return out
}
