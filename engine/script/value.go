package script

import (
	"encoding/json"
	"errors"
)

// Decimal is an exact number on its way into a script or out of it, as decimal text.
type Decimal string

// decimalKey marks a decimal on the wire; no field's key begins so.
const decimalKey = "$d"

// MarshalJSON writes the number so that it is told from text.
func (d Decimal) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{decimalKey: string(d)})
}

var errDecimal = errors.New("a decimal that is none")

// exact turns decoded JSON back: what is marked becomes a Decimal, everywhere inside.
func exact(v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if marked, ok := v[decimalKey]; ok {
			text, isText := marked.(string)
			if !isText || len(v) != 1 {
				return nil, errDecimal
			}
			return Decimal(text), nil
		}
		return exactMap(v)
	case []any:
		for n, e := range v {
			one, err := exact(e)
			if err != nil {
				return nil, err
			}
			v[n] = one
		}
	}
	return v, nil
}

func exactMap(m map[string]any) (map[string]any, error) {
	for key, e := range m {
		one, err := exact(e)
		if err != nil {
			return nil, err
		}
		m[key] = one
	}
	return m, nil
}

// Wire turns what a script gave into input as it comes from JSON: decimals become text.
func Wire(v any) any {
	switch v := v.(type) {
	case Decimal:
		return string(v)
	case map[string]any:
		return WireMap(v)
	case []any:
		out := make([]any, len(v))
		for n, e := range v {
			out[n] = Wire(e)
		}
		return out
	}
	return v
}

// WireMap is Wire of named values.
func WireMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for key, e := range m {
		out[key] = Wire(e)
	}
	return out
}
