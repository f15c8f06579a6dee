package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tidewater/engine/value"
)

// Documents rest in SQLite's own binary JSON (https://sqlite.org/jsonb.html), written and read here
// directly: twice as fast as going through JSON text, and int64 stays exact. An element is a header
// (low four bits the kind, high four the size of the payload or how many bytes tell it) and a payload.
const (
	jsonNull    = 0
	jsonTrue    = 1
	jsonFalse   = 2
	jsonInt     = 3
	jsonText    = 7  // needs no escapes as JSON
	jsonTextRaw = 10 // may need them
	jsonArray   = 11
	jsonObject  = 12
)

// errJSONB says that a stored document cannot be read.
var errJSONB = errors.New("stored document is damaged")

// maxDepth bounds how deep documents nest: a record's rows hold groups at most.
const maxDepth = 64

// encode returns the document as JSONB, fields in order of their names, so that equal documents have
// equal bytes.
func encode(doc value.Doc) ([]byte, error) {
	return appendElement(make([]byte, 0, 512), doc, 0)
}

func appendElement(b []byte, v value.Value, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("a document nests deeper than %d", maxDepth)
	}
	switch v := v.(type) {
	case nil:
		return append(b, jsonNull), nil
	case bool:
		if v {
			return append(b, jsonTrue), nil
		}
		return append(b, jsonFalse), nil
	case int64:
		return appendInt(b, v), nil
	case string:
		return appendText(b, v), nil
	case value.List:
		return appendNested(b, jsonArray, func(b []byte) (_ []byte, err error) {
			for _, e := range v {
				if b, err = appendElement(b, e, depth+1); err != nil {
					return nil, err
				}
			}
			return b, nil
		})
	case value.Doc:
		var room [32]string
		keys := room[:0]
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return appendNested(b, jsonObject, func(b []byte) (_ []byte, err error) {
			for _, key := range keys {
				b = appendText(b, key)
				if b, err = appendElement(b, v[key], depth+1); err != nil {
					return nil, err
				}
			}
			return b, nil
		})
	}
	return nil, fmt.Errorf("a document holds a %T", v)
}

// appendNested writes a container whose size is known only after its inside: room for the widest
// header that we use is left before it.
func appendNested(b []byte, kind byte, inside func([]byte) ([]byte, error)) ([]byte, error) {
	const room = 5
	start := len(b)
	b = append(b, 0, 0, 0, 0, 0)
	b, err := inside(b)
	if err != nil {
		return nil, err
	}
	size := len(b) - start - room
	header := appendHeader(b[start:start:start+room], kind, size)
	copy(b[start+len(header):], b[start+room:])
	return b[:start+len(header)+size], nil
}

func appendHeader(b []byte, kind byte, size int) []byte {
	switch {
	case size <= 11:
		return append(b, byte(size)<<4|kind)
	case size <= 0xff:
		return append(b, 12<<4|kind, byte(size))
	case size <= 0xffff:
		return append(b, 13<<4|kind, byte(size>>8), byte(size))
	}
	return append(b, 14<<4|kind, byte(size>>24), byte(size>>16), byte(size>>8), byte(size))
}

func appendInt(b []byte, n int64) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	return append(appendHeader(b, jsonInt, len(text)), text...)
}

func appendText(b []byte, s string) []byte {
	kind := byte(jsonText)
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			kind = jsonTextRaw
			break
		}
	}
	return append(appendHeader(b, kind, len(s)), s...)
}

// decode reads a whole document; no bytes at all are a document without fields. Its texts and names are
// pieces of one string, which lives as long as any of them.
func decode(b []byte) (value.Doc, error) {
	if len(b) == 0 {
		return nil, nil
	}
	v, rest, err := readElement(string(b), 0)
	if err != nil {
		return nil, err
	}
	doc, ok := v.(value.Doc)
	if !ok || len(rest) > 0 {
		return nil, errJSONB
	}
	return doc, nil
}

// element takes the first element off b.
func element[T string | []byte](b T) (kind byte, payload, rest T, err error) {
	var none T
	if len(b) == 0 {
		return 0, none, none, errJSONB
	}
	kind, size, head := b[0]&15, uint64(b[0]>>4), 1
	if size >= 12 {
		if head = 1 + 1<<(size-12); size == 15 || len(b) < head {
			return 0, none, none, errJSONB
		}
		size = 0
		for i := 1; i < head; i++ {
			size = size<<8 | uint64(b[i])
		}
	}
	if size > uint64(len(b)-head) {
		return 0, none, none, errJSONB
	}
	end := head + int(size)
	return kind, b[head:end], b[end:], nil
}

func readElement(b string, depth int) (v value.Value, rest string, err error) {
	kind, payload, rest, err := element(b)
	if err != nil || depth > maxDepth {
		return nil, "", errJSONB
	}
	switch kind {
	case jsonNull:
		return nil, rest, nil
	case jsonTrue:
		return true, rest, nil
	case jsonFalse:
		return false, rest, nil
	case jsonInt:
		n, err := strconv.ParseInt(payload, 10, 64)
		if err != nil {
			return nil, "", errJSONB
		}
		return n, rest, nil
	case jsonText, jsonTextRaw:
		return payload, rest, nil
	case jsonArray:
		v, err = readArray(payload, depth)
		return v, rest, err
	case jsonObject:
		v, err = readObject(payload, depth)
		return v, rest, err
	}
	return nil, "", errJSONB
}

// count counts the elements of a container, so that room for them is made once.
func count(b string) (n int, err error) {
	for ; len(b) > 0; n++ {
		if _, _, b, err = element(b); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func readArray(b string, depth int) (value.Value, error) {
	n, err := count(b)
	if err != nil {
		return nil, err
	}
	list := make(value.List, 0, n)
	for len(b) > 0 {
		v, rest, err := readElement(b, depth+1)
		if err != nil {
			return nil, err
		}
		list, b = append(list, v), rest
	}
	return list, nil
}

func readObject(b string, depth int) (value.Value, error) {
	n, err := count(b)
	if err != nil {
		return nil, err
	}
	doc := make(value.Doc, n/2)
	for len(b) > 0 {
		_, key, rest, err := element(b)
		if err != nil {
			return nil, err
		}
		v, rest, err := readElement(rest, depth+1)
		if err != nil {
			return nil, err
		}
		doc[key], b = v, rest
	}
	return doc, nil
}

// member reads one field of a document without reading the others; absent is nil.
func member(b []byte, name string) (value.Value, error) {
	if len(b) == 0 {
		return nil, nil
	}
	_, b, _, err := element(b)
	for err == nil && len(b) > 0 {
		var key []byte
		if _, key, b, err = element(b); err != nil {
			break
		}
		at := b
		if _, _, b, err = element(b); err != nil {
			break
		}
		if string(key) == name {
			v, _, err := readElement(string(at[:len(at)-len(b)]), 1)
			return v, err
		}
	}
	return nil, err
}
