package wire

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"tidewater/engine/fault"
)

// Body takes the parts of a JSON object by name and collects what is wrong with them. Ask for every part,
// then End says what nobody has asked for.
type Body struct {
	parts  map[string]any
	asked  map[string]bool
	path   string
	issues fault.Issues
}

// Read parses a body that must be a JSON object.
func Read(data []byte) (*Body, error) {
	v, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return Object("", v)
}

// Object takes the parts of a parsed value at path, which must be a JSON object.
func Object(path string, v any) (*Body, error) {
	parts, ok := v.(map[string]any)
	if !ok {
		return nil, malformed(path, "json.type", "want", "object")
	}
	return &Body{parts: parts, asked: map[string]bool{}, path: path}, nil
}

// take returns a part, and whether it is there and not null.
func take[T any](b *Body, key, want string) (out T, ok bool) {
	b.asked[key] = true
	v, there := b.parts[key]
	if !there || v == nil {
		return out, false
	}
	out, ok = v.(T)
	if !ok {
		b.issues.Add(b.path+"/"+fault.Escape(key), "json.type", "want", want)
	}
	return out, ok
}

// Has tells whether a part is there, be it null.
func (b *Body) Has(key string) bool {
	_, there := b.parts[key]
	return there
}

// Text returns a text, "" where there is none.
func (b *Body) Text(key string) string {
	s, _ := take[string](b, key, "text")
	return s
}

// Bool returns a truth, false where there is none.
func (b *Body) Bool(key string) bool {
	v, _ := take[bool](b, key, "boolean")
	return v
}

// Int returns a whole number, 0 where there is none.
func (b *Body) Int(key string) int64 {
	number, ok := take[json.Number](b, key, "integer")
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		b.issues.Add(b.path+"/"+fault.Escape(key), "json.type", "want", "integer")
	}
	return n
}

// Object returns a JSON object, nil where there is none.
func (b *Body) Object(key string) map[string]any {
	v, _ := take[map[string]any](b, key, "object")
	return v
}

// List returns a JSON array, nil where there is none.
func (b *Body) List(key string) []any {
	v, _ := take[[]any](b, key, "list")
	return v
}

// Texts returns a JSON array of texts, nil where there is none.
func (b *Body) Texts(key string) []string {
	list := b.List(key)
	out := make([]string, 0, len(list))
	for i, v := range list {
		s, ok := v.(string)
		if !ok {
			b.issues.Add(b.path+"/"+fault.Escape(key)+"/"+strconv.Itoa(i), "json.type", "want", "text")
		}
		out = append(out, s)
	}
	return out
}

// Any returns whatever is there, nil where there is nothing.
func (b *Body) Any(key string) any {
	b.asked[key] = true
	return b.parts[key]
}

// Each takes the objects of a JSON array one after the other; what is wrong with them is this body's fault.
func (b *Body) Each(key string, take func(item *Body)) {
	for i, v := range b.List(key) {
		path := b.path + "/" + fault.Escape(key) + "/" + strconv.Itoa(i)
		item, err := Object(path, v)
		if err != nil {
			b.issues.Add(path, "json.type", "want", "object")
			continue
		}
		take(item)
		item.unknown()
		b.issues = append(b.issues, item.issues...)
	}
}

// Part takes the object of one part, if there is one; what is wrong with it is this body's fault.
func (b *Body) Part(key string, take func(part *Body)) {
	part, err := Object(b.path+"/"+fault.Escape(key), b.Any(key))
	switch {
	case b.parts[key] == nil:
	case err != nil:
		b.issues.Add(b.path+"/"+fault.Escape(key), "json.type", "want", "object")
	default:
		take(part)
		part.unknown()
		b.issues = append(b.issues, part.issues...)
	}
}

// Keys lists what parts there are, in order.
func (b *Body) Keys() []string { return slices.Sorted(maps.Keys(b.parts)) }

// unknown notes the parts that nobody has asked for.
func (b *Body) unknown() {
	for key := range b.parts {
		if !b.asked[key] {
			b.issues.Add(b.path+"/"+fault.Escape(key), "json.unknownKey", "key", key)
		}
	}
}

// End returns all that is wrong as one Malformed fault, or nil.
func (b *Body) End() error {
	b.unknown()
	if len(b.issues) == 0 {
		return nil
	}
	first := b.issues[0]
	return &fault.Error{Kind: fault.Malformed, Code: first.Code, Op: "wire.body", Args: first.Args, Issues: b.issues}
}
