package publish

import (
	"bytes"
	"encoding/json"
	"testing"

	"tidewater/engine/fault"
)

const spaced = "{ \"a\" : [1,\t{\"b/c\": {\"~\":  \"x\"}} , [ ] ],\n \"a\\u0062\": null, \"n\":-1.50e2 }"

func TestSpliceChangesNothingElse(t *testing.T) {
	for pointer, was := range map[string]string{
		"/a/0": "1", "/a/1/b~1c/~0": `"x"`, "/a/1": `{"b/c": {"~":  "x"}}`, "/a/2": "[ ]", "/ab": "null", "/n": "-1.50e2",
	} {
		if got := valueAt([]byte(spaced), pointer); string(got) != was {
			t.Errorf("%s: %q, want %q", pointer, got, was)
		}
		out, err := splice([]byte(spaced), pointer, json.RawMessage(`true`))
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index([]byte(spaced), []byte(was))
		if want := spaced[:at] + "true" + spaced[at+len(was):]; string(out) != want {
			t.Errorf("%s: %q, want %q", pointer, out, want)
		}
	}
	for _, pointer := range []string{"/b", "/a/3", "/a/-1", "/a/00", "/a/0/x", "/n/x", "/a/1/b", "/a/1/b~1c/~0/0"} {
		if out, err := splice([]byte(spaced), pointer, json.RawMessage(`1`)); fault.CodeOf(err) != "upkeep.cell" {
			t.Errorf("%s: %s %v", pointer, out, err)
		}
	}
}

func FuzzSplice(f *testing.F) {
	f.Add([]byte(spaced), "/a/1/b~1c/~0")
	f.Add([]byte(`[`), "/0")
	f.Add([]byte(`{"a":1}{"a":2}`), "/a")
	f.Fuzz(func(t *testing.T, document []byte, pointer string) {
		if len(pointer) == 0 || pointer[0] != '/' || !json.Valid(document) {
			return
		}
		out, err := splice(document, pointer, json.RawMessage(`[7]`))
		if err != nil {
			return
		}
		if !json.Valid(out) || string(valueAt(out, pointer)) != "[7]" {
			t.Errorf("%q at %q: %q", document, pointer, out)
		}
	})
}
