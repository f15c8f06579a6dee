package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// DecodeDoc reads a document in stored form from JSON: numbers are int64, exactly; a fraction or an
// exponent is an error, because no stored value has one.
func DecodeDoc(data []byte) (Doc, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var raw any
	if err := decoder.Decode(&raw); err != nil {
		return nil, fmt.Errorf("stored document: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("stored document: more than one value")
	}
	v, err := fromJSON(raw)
	if err != nil || v == nil {
		return nil, err
	}
	doc, ok := v.(Doc)
	if !ok {
		return nil, fmt.Errorf("stored document: not an object")
	}
	return doc, nil
}

func fromJSON(raw any) (Value, error) {
	switch raw := raw.(type) {
	case json.Number:
		return strconv.ParseInt(raw.String(), 10, 64)
	case []any:
		out := make(List, len(raw))
		for i, e := range raw {
			v, err := fromJSON(e)
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case map[string]any:
		out := make(Doc, len(raw))
		for k, e := range raw {
			v, err := fromJSON(e)
			if err != nil {
				return nil, err
			}
			out[k] = v
		}
		return out, nil
	}
	return raw, nil
}

// UnmarshalJSON reads a document as DecodeDoc does, so that no way of decoding one loses a digit.
func (d *Doc) UnmarshalJSON(data []byte) error {
	doc, err := DecodeDoc(data)
	if err != nil {
		return err
	}
	*d = doc
	return nil
}
