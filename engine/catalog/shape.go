package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/schemas"
)

// decodeInto reads a document into the struct of its kind and holds it against the schema of its kind, so
// that what the reference manual says of values is what publishing asks for.
func decodeInto[T any](c *compiler, into map[string]T, kind, path string) {
	doc, issues := meta.Decode[T](c.bundle[path])
	if len(issues) == 0 {
		issues = c.shape(kind, c.bundle[path])
	}
	c.add(path, issues)
	if len(issues) == 0 {
		into[path] = doc
	}
}

// shape holds a document that could be decoded against the schema of its kind.
func (c *compiler) shape(kind string, data []byte) fault.Issues {
	schema, err := c.schemaOf(kind)
	if err != nil {
		return fault.Issues{{Code: "meta.schema", Args: fault.Args{"message": err.Error()}}}
	}
	doc, err := treeOf(data)
	if err != nil {
		return fault.Issues{{Code: "meta.malformed"}}
	}
	var found *jsonschema.ValidationError
	if err := schema.compiled.Validate(doc); !errors.As(err, &found) {
		return nil
	}
	s := shape{schema: schema.text, doc: doc}
	s.visit(found)
	return sortedIssues(s.issues)
}

// schemaOfKind is the schema of one kind of metadata, compiled and as it is written.
type schemaOfKind struct {
	compiled *jsonschema.Schema
	text     any
}

func (c *compiler) schemaOf(kind string) (schemaOfKind, error) {
	if known, ok := c.kinds[kind]; ok {
		return known, nil
	}
	data, err := fs.ReadFile(schemas.FS, kind+".schema.json")
	if err != nil {
		return schemaOfKind{}, err
	}
	text, err := treeOf(data)
	if err != nil {
		return schemaOfKind{}, err
	}
	object, ok := text.(map[string]any)
	if !ok {
		return schemaOfKind{}, fmt.Errorf("the schema of %s is no object", kind)
	}
	compiled, err := compileSchema(kind, object)
	if err != nil {
		return schemaOfKind{}, err
	}
	c.kinds[kind] = schemaOfKind{compiled, text}
	return c.kinds[kind], nil
}

func treeOf(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var out any
	err := decoder.Decode(&out)
	return out, err
}

// shape turns the validator's errors about one document into issues.
type shape struct {
	schema, doc any
	issues      fault.Issues
}

func (s *shape) visit(e *jsonschema.ValidationError) {
	if keyword(e) == "anyOf" {
		s.visit(nearest(e))
		return
	}
	for _, cause := range e.Causes {
		s.visit(cause)
	}
	if len(e.Causes) == 0 {
		s.explain(e)
	}
}

// nearest is the way of writing that a value was meant in: the one whose type it has.
func nearest(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	for _, way := range e.Causes {
		wrongType := false
		eachLeaf(way, func(leaf *jsonschema.ValidationError) {
			wrongType = wrongType || keyword(leaf) == "type" && leaf.InstanceLocation == e.InstanceLocation
		})
		if !wrongType {
			return way
		}
	}
	return e.Causes[0]
}

func keyword(e *jsonschema.ValidationError) string {
	return e.KeywordLocation[strings.LastIndex(e.KeywordLocation, "/")+1:]
}

func (s *shape) explain(e *jsonschema.ValidationError) {
	_, pointer, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	limit, at := valueAt(s.schema, pointer), e.InstanceLocation
	switch name := keyword(e); name {
	case "required":
		s.missing(at, limit)
	case "enum", "const":
		s.issues.Add(at, "field.option", "value", valueAt(s.doc, at))
	default:
		said, ok := keywordCodes[name]
		if !ok {
			s.issues.Add(at, "field.invalid")
			return
		}
		issue := fault.Issue{Path: at, Code: said.code}
		if said.arg != "" {
			issue.Args = fault.Args{said.arg: limit}
		}
		s.issues = append(s.issues, issue)
	}
}

// missing names what an object lacks; the validator says only that it lacks some.
func (s *shape) missing(at string, required any) {
	object, _ := valueAt(s.doc, at).(map[string]any)
	names, _ := required.([]any)
	for _, name := range names {
		key, _ := name.(string)
		if _, ok := object[key]; !ok {
			s.issues.Add(at, "meta.missing", "key", key)
		}
	}
}
