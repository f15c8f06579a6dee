package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
)

// maxNesting bounds how deep a document of metadata may be.
const maxNesting = 64

// Decode reads one document of metadata into T, strictly: a key that T does not know, a key that stands
// twice and a value of the wrong type are issues, all of them at once, each with a JSON Pointer.
func Decode[T any](data []byte) (T, fault.Issues) {
	var out T
	tree, issues := parse(data)
	if len(issues) > 0 {
		return out, issues
	}
	issues = fit(reflect.TypeFor[T](), tree, "")
	if len(issues) > 0 {
		return out, issues
	}
	// Numbers of no stated type stay as they are written, and so exact.
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	if err := in.Decode(&out); err != nil {
		issues.Add("", "meta.malformed")
	}
	return out, issues
}

// parse reads JSON into maps, slices, strings, json.Number, bool and nil.
func parse(data []byte) (any, fault.Issues) {
	var issues fault.Issues
	if !utf8.Valid(data) {
		issues.Add("", "json.utf8")
		return nil, issues
	}
	p := parser{json.NewDecoder(bytes.NewReader(data)), nil}
	p.UseNumber()
	tree, err := p.value("", 0)
	if err == nil {
		if _, after := p.Token(); !errors.Is(after, io.EOF) {
			err = errTrailing
		}
	}
	switch {
	case errors.Is(err, errDepth):
		p.issues.Add("", "json.depth", "max", maxNesting)
	case errors.Is(err, errTrailing):
		p.issues.Add("", "json.trailing")
	case err != nil:
		p.issues.Add("", "meta.malformed")
	}
	return tree, p.issues
}

var (
	errDepth    = errors.New("nested too deeply")
	errTrailing = errors.New("something follows")
)

type parser struct {
	*json.Decoder
	issues fault.Issues
}

func (p *parser) value(path string, depth int) (any, error) {
	if depth > maxNesting {
		return nil, errDepth
	}
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return p.object(path, depth)
	case json.Delim('['):
		return p.array(path, depth)
	}
	return token, nil
}

func (p *parser) object(path string, depth int) (any, error) {
	out := map[string]any{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		at := path + "/" + fault.Escape(key)
		if _, twice := out[key]; twice {
			p.issues.Add(at, "json.duplicateKey", "key", key)
		}
		if out[key], err = p.value(at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return out, err
}

func (p *parser) array(path string, depth int) (any, error) {
	out := []any{}
	for p.More() {
		v, err := p.value(path+"/"+strconv.Itoa(len(out)), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := p.Token()
	return out, err
}

// fit finds what of a tree does not go into a type.
func fit(t reflect.Type, v any, path string) fault.Issues {
	switch {
	case t.Kind() == reflect.Pointer:
		if v == nil {
			return nil
		}
		return fit(t.Elem(), v, path)
	case t.Kind() == reflect.Interface, t == raw:
		return nil
	}
	t = meant(t, v)
	switch v := v.(type) {
	case map[string]any:
		return fitObject(t, v, path)
	case []any:
		if t.Kind() != reflect.Slice {
			return misfit(t, path)
		}
		var issues fault.Issues
		for n, e := range v {
			issues = append(issues, fit(t.Elem(), e, path+"/"+strconv.Itoa(n))...)
		}
		return issues
	case string:
		return fitScalar(t, path, t.Kind() == reflect.String && t != numbers)
	case bool:
		return fitScalar(t, path, t.Kind() == reflect.Bool)
	case json.Number:
		if t == numbers {
			return fitScalar(t, path, len(v) <= maxDigits)
		}
		_, err := strconv.ParseInt(v.String(), 10, 32)
		return fitScalar(t, path, t.Kind() == reflect.Int && err == nil)
	}
	return misfit(t, path)
}

// raw is what is left as it is written for those who know what it means.
var raw = reflect.TypeFor[json.RawMessage]()

// numbers are numbers with decimals, kept as they are written.
var numbers = reflect.TypeFor[json.Number]()

// maxDigits bounds how long such a number may be.
const maxDigits = 30

func fitScalar(t reflect.Type, path string, ok bool) fault.Issues {
	if ok {
		return nil
	}
	return misfit(t, path)
}

func fitObject(t reflect.Type, object map[string]any, path string) fault.Issues {
	if t.Kind() != reflect.Map && t.Kind() != reflect.Struct {
		return misfit(t, path)
	}
	var issues fault.Issues
	keys := Keys(t)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		at := path + "/" + fault.Escape(key)
		if t.Kind() == reflect.Map {
			issues = append(issues, fit(t.Elem(), object[key], at)...)
			continue
		}
		inner, known := keys[key]
		if !known {
			issues.Add(at, "meta.unknownKey", "key", key)
			continue
		}
		issues = append(issues, fit(inner, object[key], at)...)
	}
	return issues
}

// Keys lists the JSON keys of a struct type with the types of their values; none for other types.
func Keys(t reflect.Type) map[string]reflect.Type {
	if t.Kind() != reflect.Struct {
		return nil
	}
	out := make(map[string]reflect.Type, t.NumField())
	for n := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(n).Tag.Get("json"), ",")
		out[key] = t.Field(n).Type
	}
	return out
}

func misfit(t reflect.Type, path string) fault.Issues {
	want := map[reflect.Kind]string{
		reflect.String: "text", reflect.Bool: "boolean", reflect.Int: "integer",
		reflect.Slice: "list", reflect.Map: "object", reflect.Struct: "object",
	}[t.Kind()]
	if t == numbers {
		want = "number"
	}
	var issues fault.Issues
	issues.Add(path, "json.type", "want", want)
	return issues
}
