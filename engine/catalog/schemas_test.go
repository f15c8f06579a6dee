package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// documented are the kinds of metadata: the struct of each and how it is decoded. Of the kinds held by their
// schemas at publish, the decoder need not find all that is wrong.
var documented = []struct {
	kind     string
	decode   func([]byte) (any, fault.Issues)
	typ      reflect.Type
	bySchema bool
}{
	{"app", decoder[meta.App], reflect.TypeFor[meta.App](), false},
	{"view", decoder[meta.View], reflect.TypeFor[meta.View](), false},
	{"rule", decoder[meta.Rule], reflect.TypeFor[meta.Rule](), false},
	{"table", decoder[meta.Table], reflect.TypeFor[meta.Table](), true},
	{"role", decoder[meta.Role], reflect.TypeFor[meta.Role](), false},
	{"form", decoder[meta.Form], reflect.TypeFor[meta.Form](), false},
	{"dashboard", decoder[meta.Dashboard], reflect.TypeFor[meta.Dashboard](), true},
	{"script", decoder[meta.Script], reflect.TypeFor[meta.Script](), true},
	{"test", decoder[meta.Test], reflect.TypeFor[meta.Test](), true},
	{"print", decoder[meta.Print], reflect.TypeFor[meta.Print](), true},
	{"pool", decoder[meta.Pool], reflect.TypeFor[meta.Pool](), true},
	{"flow", decoder[meta.Flow], reflect.TypeFor[meta.Flow](), true},
	{"job", decoder[meta.Job], reflect.TypeFor[meta.Job](), true},
}

func decoder[T any](data []byte) (any, fault.Issues) { return meta.Decode[T](data) }

// TestSchemasAndStructsAgree walks each schema and its struct side by side, to their leaves: neither has a
// key that the other has not, nor a type that the other cannot take.
func TestSchemasAndStructsAgree(t *testing.T) {
	for _, d := range documented {
		a := agreement{t, readSchema(t, d.kind), map[string]bool{}}
		a.hold(d.kind, a.schema, d.typ)
		for name := range a.defs() {
			if !a.seen[name] && name != "key" && name != "label" && name != "expr" {
				t.Errorf("%s: nothing refers to $defs/%s", d.kind, name)
			}
		}
	}
}

// agreement is the comparison of one schema with its struct.
type agreement struct {
	*testing.T
	schema map[string]any
	seen   map[string]bool // definitions that were met
}

func (a *agreement) defs() map[string]any {
	defs, _ := a.schema["$defs"].(map[string]any)
	return defs
}

func (a *agreement) hold(at string, node map[string]any, typ reflect.Type) {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if ref, ok := node["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/$defs/")
		if a.seen[name] {
			return
		}
		a.seen[name] = true
		a.hold(at+"("+name+")", a.defs()[name].(map[string]any), typ)
		return
	}
	if ways, ok := node["anyOf"].([]any); ok {
		types := meta.Ways(typ)
		if len(ways) != len(types) {
			a.Fatalf("%s: the schema has %d ways of writing, the struct %d", at, len(ways), len(types))
		}
		for n, way := range ways {
			a.hold(at, way.(map[string]any), types[n])
		}
		return
	}
	switch {
	case typ.Kind() == reflect.Interface, typ == reflect.TypeFor[json.RawMessage]():
	case typ.Kind() == reflect.Struct:
		a.object(at, node, typ)
	case typ.Kind() == reflect.Map:
		a.isOf(at, node, "object")
		if inner, ok := node["additionalProperties"].(map[string]any); ok {
			a.hold(at+"/*", inner, typ.Elem())
		}
	case typ.Kind() == reflect.Slice:
		a.isOf(at, node, "array")
		a.hold(at+"/0", node["items"].(map[string]any), typ.Elem())
	case typ == reflect.TypeFor[json.Number]():
		a.isOf(at, node, "number")
	case typ.Kind() == reflect.Int:
		a.isOf(at, node, "integer")
	case typ.Kind() == reflect.Bool:
		a.isOf(at, node, "boolean")
	case typ.Kind() == reflect.String:
		a.isOf(at, node, "string")
	}
}

// isOf holds the type that a schema states; enumerations and constants state texts.
func (a *agreement) isOf(at string, node map[string]any, want string) {
	stated := node["type"]
	if stated == nil && (node["enum"] != nil || node["const"] != nil) {
		stated = "string"
	}
	if stated != want {
		a.Errorf("%s: the schema says %v, the struct has %s", at, stated, want)
	}
}

func (a *agreement) object(at string, node map[string]any, typ reflect.Type) {
	properties, _ := node["properties"].(map[string]any)
	keys := meta.Keys(typ)
	have, want := slices.Sorted(maps.Keys(properties)), slices.Sorted(maps.Keys(keys))
	if !slices.Equal(have, want) {
		a.Errorf("%s: the schema has %v, the struct %v", at, have, want)
	}
	if node["additionalProperties"] != false {
		a.Errorf("%s: the decoder is strict, the schema is not", at)
	}
	for key, property := range properties {
		if inner, ok := keys[key]; ok {
			a.hold(at+"/"+key, property.(map[string]any), inner)
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
	files, err := fs.Glob(schemas.FS, "*.schema.json")
	if err != nil || len(files) <= len(documented) {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		kind := strings.TrimSuffix(file, ".schema.json")
		undescribed(t, kind, readSchema(t, kind))
	}
}

func undescribed(t *testing.T, at string, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	for key, p := range properties {
		property := p.(map[string]any)
		if property["description"] == nil && !strings.HasSuffix(at, "/label") {
			t.Errorf("%s: %s has no description", at, key)
		}
		undescribed(t, at+"/"+key, property)
	}
	defs, _ := schema["$defs"].(map[string]any)
	for key, def := range defs {
		undescribed(t, at+"/"+key, def.(map[string]any))
	}
}

// TestSettingsHaveExamples holds that whoever writes a setting by the manual alone finds one written: in the
// setting itself, in what it refers to, or, where it is one of some words or yes or no, nowhere.
func TestSettingsHaveExamples(t *testing.T) {
	for _, d := range documented {
		if !d.bySchema {
			continue
		}
		schema := readSchema(t, d.kind)
		defs := schema["$defs"].(map[string]any)
		objects := maps.Clone(defs)
		delete(objects, "label")
		objects[""] = schema
		for part, object := range objects {
			properties, _ := object.(map[string]any)["properties"].(map[string]any)
			for key, property := range properties {
				if !exemplified(property.(map[string]any), defs) {
					t.Errorf("%s %s/%s has no example", d.kind, part, key)
				}
				examplesFit(t, d.kind, part, key, property.(map[string]any))
			}
		}
	}
}

// examplesFit holds each example of a setting against the setting's own schema.
func examplesFit(t *testing.T, kind, part, key string, property map[string]any) {
	t.Helper()
	at := "#/properties/" + key
	if part != "" {
		at = "#/$defs/" + part + "/properties/" + key
	}
	examples, _ := property["examples"].([]any)
	if len(examples) == 0 {
		return
	}
	schema := compileOf(t, kind, at)
	for _, example := range examples {
		if err := schema.Validate(example); err != nil {
			t.Errorf("%s%s: the example %v: %v", kind, at, example, err)
		}
	}
}

func exemplified(node, defs map[string]any) bool {
	for _, enough := range []string{"examples", "enum", "anyOf", "properties"} {
		if node[enough] != nil {
			return true
		}
	}
	if items, ok := node["items"].(map[string]any); ok {
		return exemplified(items, defs)
	}
	name, refers := strings.CutPrefix(fmt.Sprint(node["$ref"]), "#/$defs/")
	if !refers || name == "key" || name == "expr" {
		return node["type"] == "boolean"
	}
	return exemplified(defs[name].(map[string]any), defs)
}

// TestWhatIsReadIsWrittenAgain holds that drafts and versions, which are kept as JSON, lose nothing.
func TestWhatIsReadIsWrittenAgain(t *testing.T) {
	for _, d := range documented {
		files, err := filepath.Glob(filepath.Join("..", "..", "schemas", "testdata", "valid", d.kind+".*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no samples of %s: %v", d.kind, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			read, _ := d.decode(data)
			again, issues := d.decode([]byte(asJSON(t, read)))
			if len(issues) > 0 || asJSON(t, read) != asJSON(t, again) {
				t.Errorf("%s: %v\nread    %s\nwritten %s", file, issues, asJSON(t, read), asJSON(t, again))
			}
		}
	}
}

// TestSamples holds that schema and decoder accept each valid sample and that each invalid one fails in both.
func TestSamples(t *testing.T) {
	for _, d := range documented {
		schema := compileOf(t, d.kind, "")
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
				invalid := schema.Validate(tree(t, data))
				_, issues := d.decode(data)
				if bySchema := invalid == nil; bySchema != (folder == "valid") {
					t.Errorf("%s: the schema says %v", file, invalid)
				}
				if byDecoder := len(issues) == 0; byDecoder != (folder == "valid") && (folder == "valid" || !d.bySchema) {
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

func compileOf(t *testing.T, kind, at string) *jsonschema.Schema {
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
	schema, err := compiler.Compile(kind + at)
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
