package field

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// Bounds of a JSON value: bytes of its shortest text, levels, and the characters of a number.
const (
	maxJSON      = 65_536
	maxJSONDepth = 20
	maxJSONDigit = 40
)

// jsonKind holds a JSON value that another program gave, as its text without blanks: numbers keep every
// digit, keys their order. It travels as text too, for what reads JSON in a browser would round its numbers.
func jsonKind() Kind {
	return jsonField{spec{JSON, []string{"string", "object", "array"}, []string{"readOnly", "x-readOnlyIf", "x-mask"}}}
}

type jsonField struct{ spec }

// Decode takes text, or an object or list as it is. What is empty is absent.
func (k jsonField) Decode(_ *meta.Field, raw any) (value.Value, fault.Issues) {
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case string:
		return readJSON(raw)
	case map[string]any, []any:
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(raw); err != nil {
			return nil, refused("field.json")
		}
		return readJSON(text.String())
	}
	return nil, wrongType("object")
}

func readJSON(text string) (value.Value, fault.Issues) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	switch {
	case text == "":
		return nil, nil
	case len(text) > 2*maxJSON: // with as many blanks as it may have at most
		return nil, refused("field.jsonSize", "max", Bytes(maxJSON))
	case strings.ContainsFunc(text, isUnseen):
		return nil, refused("field.characters")
	}
	if issues := checkJSON(text); len(issues) > 0 {
		return nil, issues
	}
	var short bytes.Buffer
	if err := json.Compact(&short, []byte(text)); err != nil {
		return nil, refused("field.json")
	}
	switch {
	case short.Len() > maxJSON:
		return nil, refused("field.jsonSize", "max", Bytes(maxJSON))
	case slices.Contains([]string{"null", `""`, "{}", "[]"}, short.String()):
		return nil, nil
	}
	return short.String(), nil
}

// checkJSON reads a text token by token, so that depth costs no stack, and tells the first thing that is
// wrong: after it nothing can be said of the rest.
func checkJSON(text string) fault.Issues {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var open []jsonLevel
	for {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && len(open) == 0:
			return nil
		case err != nil:
			return refused("field.json")
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
		} else if issues := take(&open, token); len(issues) > 0 {
			return issues
		}
		if len(open) == 0 && decoder.More() {
			return refused("field.json") // a second value
		}
	}
}

// jsonLevel is an object or list that is being read.
type jsonLevel struct {
	keys    map[string]bool // of an object; nil for a list
	atValue bool            // of an object: a key was read
}

// take notes a token that begins a value, or is a key or a plain value.
func take(open *[]jsonLevel, token json.Token) fault.Issues {
	if depth := len(*open); depth > 0 && (*open)[depth-1].keys != nil {
		level := &(*open)[depth-1]
		level.atValue = !level.atValue
		if level.atValue {
			key, _ := token.(string)
			if level.keys[key] {
				return refused("field.jsonDuplicate", "key", key)
			}
			level.keys[key] = true
			return nil
		}
	}
	switch token := token.(type) {
	case json.Number:
		if len(token) > maxJSONDigit || !modest(token.String()) {
			return refused("field.jsonNumber")
		}
	case json.Delim:
		if len(*open) == maxJSONDepth {
			return refused("field.jsonDepth", "max", maxJSONDepth)
		}
		level := jsonLevel{}
		if token == '{' {
			level.keys = map[string]bool{}
		}
		*open = append(*open, level)
	}
	return nil
}

// modest tells whether a number's exponent is one that programs can read.
func modest(number string) bool {
	_, exponent, found := strings.Cut(strings.ToLower(number), "e")
	exponent = strings.TrimLeft(strings.TrimLeft(exponent, "+-"), "0")
	return !found || len(exponent) < 3 // up to 99
}

func (jsonField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (jsonField) JSONSchema(*meta.Field) map[string]any {
	return map[string]any{"type": "string", "contentMediaType": "application/json", "maxLength": maxJSON}
}

func (jsonField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: presence} }
