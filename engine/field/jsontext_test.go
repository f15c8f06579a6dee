package field

import (
	"strings"
	"testing"
)

func TestJSONIsBounded(t *testing.T) {
	cases := []struct{ name, text, code string }{
		{"as deep as may be", strings.Repeat("[", 20) + "1" + strings.Repeat("]", 20), ""},
		{"a level more", strings.Repeat("[", 21) + "1" + strings.Repeat("]", 21), "field.jsonDepth"},
		{"10,000 levels", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "field.jsonDepth"},
		{"10,000 levels of objects", strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), "field.jsonDepth"},
		{"as long as may be", `"` + strings.Repeat("x", maxJSON-2) + `"`, ""},
		{"a byte more", `"` + strings.Repeat("x", maxJSON-1) + `"`, "field.jsonSize"},
		{"10 MB", `"` + strings.Repeat("x", 10<<20) + `"`, "field.jsonSize"},
		{"40 digits", strings.Repeat("9", 40), ""},
		{"a number of 41 characters", strings.Repeat("9", 41), "field.jsonNumber"},
		{"what a direction override hides", `{"a":"\u202e"}`, ""},
		{"an override as such", "{\"a\":\"\u202e\"}", "field.characters"},
	}
	for _, c := range cases {
		v, issues := jsonField{}.Decode(nil, c.text)
		switch {
		case c.code == "" && (len(issues) > 0 || v == nil):
			t.Errorf("%s: %v", c.name, issues)
		case c.code != "" && (len(issues) != 1 || issues[0].Code != c.code || v != nil):
			t.Errorf("%s: %v, want %s", c.name, issues, c.code)
		}
	}
}
