package catalog_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tidewater/engine/fault"
	"tidewater/engine/field"
	"tidewater/engine/meta"
	"tidewater/schemas"
)

// documented are the kinds of metadata: the struct of each, how it is decoded, and where in its schema
// the objects within stand.
var documented = []struct {
	kind   string
	decode func([]byte) fault.Issues
	parts  map[string]reflect.Type
}{
	{"app", decoder[meta.App], map[string]reflect.Type{"": reflect.TypeFor[meta.App]()}},
	{"view", decoder[meta.View], map[string]reflect.Type{"": reflect.TypeFor[meta.View]()}},
	{"rule", decoder[meta.Rule], map[string]reflect.Type{"": reflect.TypeFor[meta.Rule]()}},
	{"role", decoder[meta.Role], map[string]reflect.Type{
		"": reflect.TypeFor[meta.Role](), "rights": reflect.TypeFor[meta.FormRights](), "grant": reflect.TypeFor[meta.Grant](),
	}},
	{"form", decoder[meta.Form], map[string]reflect.Type{
		"": reflect.TypeFor[meta.Form](), "field": reflect.TypeFor[meta.Field](), "option": reflect.TypeFor[meta.Option](),
		"rule": reflect.TypeFor[meta.Rule](), "section": reflect.TypeFor[meta.Section](), "holders": reflect.TypeFor[meta.Holders](),
	}},
}

func decoder[T any](data []byte) fault.Issues {
	_, issues := meta.Decode[T](data)
	return issues
}

func TestSchemasAndStructsAgree(t *testing.T) {
	for _, d := range documented {
		schema := readSchema(t, d.kind)
		for part, typ := range d.parts {
			object := schema
			if part != "" {
				object = schema["$defs"].(map[string]any)[part].(map[string]any)
			}
			have := slices.Sorted(maps.Keys(object["properties"].(map[string]any)))
			want := slices.Sorted(maps.Keys(meta.Keys(typ)))
			if !slices.Equal(have, want) {
				t.Errorf("%s %s: the schema has %v, the struct %v", d.kind, part, have, want)
			}
			if object["additionalProperties"] != false {
				t.Errorf("%s %s: the decoder is strict, the schema is not", d.kind, part)
			}
		}
	}
}

func TestSchemaListsTheFieldKinds(t *testing.T) {
	kind := readSchema(t, "form")["$defs"].(map[string]any)["fieldKind"].(map[string]any)
	var names []string
	for _, k := range field.Kinds() {
		names = append(names, string(k.Name()))
		if !strings.Contains(kind["description"].(string), string(k.Name())+": ") {
			t.Errorf("%s is not described", k.Name())
		}
	}
	var listed []string
	for _, name := range kind["enum"].([]any) {
		listed = append(listed, name.(string))
	}
	slices.Sort(names)
	slices.Sort(listed)
	if !slices.Equal(names, listed) {
		t.Errorf("the schema lists %v, the engine has %v", listed, names)
	}
}

func TestEveryKeyIsDescribed(t *testing.T) {
	for _, d := range documented {
		undescribed(t, d.kind, readSchema(t, d.kind))
	}
}

func undescribed(t *testing.T, at string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for key, p := range properties {
		property := p.(map[string]any)
		_, refers := property["$ref"]
		if property["description"] == nil && !refers && at != "form/label" && !strings.HasSuffix(at, "/label") {
			t.Errorf("%s: %s has no description", at, key)
		}
		undescribed(t, at+"/"+key, property)
	}
	defs, _ := schema["$defs"].(map[string]any)
	for key, def := range defs {
		undescribed(t, at+"/"+key, def.(map[string]any))
	}
}

// TestSamples holds that schema and decoder accept each valid sample and that each invalid one fails in both.
func TestSamples(t *testing.T) {
	for _, d := range documented {
		schema := compileOf(t, d.kind)
		for _, folder := range []string{"valid", "invalid"} {
			files, err := filepath.Glob(filepath.Join("..", "..", "schemas", "testdata", folder, d.kind+".*.json"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no %s samples of %s: %v", folder, d.kind, err)
			}
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				invalid, issues := schema.Validate(tree(t, data)), d.decode(data)
				if bySchema := invalid == nil; bySchema != (folder == "valid") {
					t.Errorf("%s: the schema says %v", file, invalid)
				}
				if byDecoder := len(issues) == 0; byDecoder != (folder == "valid") {
					t.Errorf("%s: the decoder says %v", file, issues)
				}
			}
		}
	}
}

func readSchema(t *testing.T, kind string) map[string]any {
	t.Helper()
	data, err := fs.ReadFile(schemas.FS, kind+".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return tree(t, data).(map[string]any)
}

func compileOf(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	data, err := fs.ReadFile(schemas.FS, kind+".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	if err := compiler.AddResource(kind, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(kind)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func tree(t *testing.T, data []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
