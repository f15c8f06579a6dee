package publish

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"tidewater/engine/fault"
)

// splice puts another value where a JSON Pointer leads to in a document, and leaves every other byte of it as
// its author has written it. Faults: NotFound "upkeep.cell" where nothing stands there.
func splice(document []byte, pointer string, next json.RawMessage) ([]byte, error) {
	from, to, ok := span(document, pointer)
	if !ok {
		return nil, fault.New(fault.NotFound, "upkeep.cell").In("publish.splice").At(pointer)
	}
	out := make([]byte, 0, len(document)+len(next))
	return append(append(append(out, document[:from]...), next...), document[to:]...), nil
}

// valueAt is what stands where a JSON Pointer leads to; nil for nothing.
func valueAt(document []byte, pointer string) json.RawMessage {
	from, to, ok := span(document, pointer)
	if !ok {
		return nil
	}
	return document[from:to]
}

// span is from where to where a value stands.
func span(document []byte, pointer string) (from, to int, ok bool) {
	in := json.NewDecoder(bytes.NewReader(document))
	for _, step := range strings.Split(pointer, "/")[1:] {
		if !enter(in, fault.Unescape(step)) {
			return 0, 0, false
		}
	}
	var v json.RawMessage
	if in.Decode(&v) != nil {
		return 0, 0, false
	}
	to = int(in.InputOffset())
	return to - len(v), to, true
}

// enter reads up to the value of a key, or of a place in a list.
func enter(in *json.Decoder, step string) bool {
	opened, err := in.Token()
	if err != nil {
		return false
	}
	for n := 0; in.More(); n++ {
		here := opened == json.Delim('[') && strconv.Itoa(n) == step
		if opened == json.Delim('{') {
			key, err := in.Token()
			if err != nil {
				return false
			}
			here = key == step
		}
		if here {
			return true
		}
		var passed json.RawMessage
		if in.Decode(&passed) != nil {
			return false
		}
	}
	return false
}
