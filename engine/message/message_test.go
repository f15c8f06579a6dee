package message_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tidewater/engine/fault"
	"tidewater/engine/message"
)

func load(t *testing.T) *message.Catalog {
	t.Helper()
	c, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// entry is one line of a file of texts.
type entry struct{ code, text string }

// entries reads a file in its own order, doubles and all.
func entries(t *testing.T, locale string) []entry {
	t.Helper()
	data, err := os.ReadFile(locale + ".json")
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	var words []string
	for decoder.More() || len(words) == 0 {
		token, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		if word, ok := token.(string); ok {
			words = append(words, word)
		}
		if token == json.Delim('}') {
			break
		}
	}
	var out []entry
	for i := 0; i+1 < len(words); i += 2 {
		out = append(out, entry{words[i], words[i+1]})
	}
	return out
}

var (
	codeForm = regexp.MustCompile(`^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$`)
	holes    = regexp.MustCompile(`\{[^}]*\}`)
)

func TestFilesAreSortedAndTidy(t *testing.T) {
	for _, locale := range message.Locales() {
		before := ""
		for _, e := range entries(t, locale) {
			if e.code <= before {
				t.Errorf("%s: %q stands after %q: keep the keys in order, each once", locale, e.code, before)
			}
			before = e.code
			if !codeForm.MatchString(e.code) {
				t.Errorf("%s: %q is not a dotted camelCase code", locale, e.code)
			}
			if e.text == "" || e.text != strings.TrimSpace(e.text) {
				t.Errorf("%s: %s has the text %q", locale, e.code, e.text)
			}
		}
	}
}

func TestEveryLocaleHasTheSameCodesAndPlaceholders(t *testing.T) {
	holesOf := func(locale string) map[string][]string {
		out := make(map[string][]string)
		for _, e := range entries(t, locale) {
			found := holes.FindAllString(e.text, -1)
			slices.Sort(found)
			out[e.code] = slices.Compact(found)
		}
		return out
	}
	first := holesOf(message.Fallback)
	if len(first) < 100 {
		t.Fatalf("only %d texts were read", len(first))
	}
	for _, locale := range message.Locales()[1:] {
		other := holesOf(locale)
		for code, want := range first {
			got, known := other[code]
			if !known {
				t.Errorf("%s lacks %s", locale, code)
			} else if !slices.Equal(got, want) {
				t.Errorf("%s: %s has %q, in %s %q", locale, code, got, message.Fallback, want)
			}
		}
		for code := range other {
			if _, known := first[code]; !known {
				t.Errorf("%s lacks %s", message.Fallback, code)
			}
		}
	}
}

func TestEveryKindHasATitle(t *testing.T) {
	c := load(t)
	kinds := []fault.Kind{fault.Malformed, fault.Unknown, fault.Forbidden, fault.NotFound, fault.Conflict, fault.TooLarge,
		fault.Unsupported, fault.Invalid, fault.Precondition, fault.Throttled, fault.Unavailable, fault.Internal}
	for _, kind := range kinds {
		for _, locale := range message.Locales() {
			if title := c.Title(locale, kind); strings.Contains(title, string(kind)+")") {
				t.Errorf("%s: no title for %s: %q", locale, kind, title)
			}
		}
	}
}

func TestText(t *testing.T) {
	c := load(t)
	long := strings.Repeat("长", 500)
	cases := []struct {
		locale, code string
		args         fault.Args
		want         string
	}{
		{"en", "field.range", fault.Args{"min": 1, "max": int64(9)}, "Must be between 1 and 9."},
		{"zh-CN", "field.range", fault.Args{"min": 1, "max": "9.50"}, "必须在 1 与 9.50 之间。"},
		{"zh", "field.required", nil, "此项必填。"},
		{"zh-Hans-SG", "field.required", nil, "此项必填。"},
		{"fr, zh;q=0.8, en;q=0.5", "field.required", nil, "此项必填。"},
		{"en-GB", "field.required", nil, "This is required."},
		{"fr", "field.required", nil, "This is required."},
		{"", "field.required", nil, "This is required."},
		{"!!", "field.required", nil, "This is required."},
		{strings.Repeat("zh,", 1000), "field.required", nil, "This is required."},
		{"en", "no.such", fault.Args{"code": "x"}, "Something is not right (no.such)."},
		{"zh-CN", "no.such", nil, "出现了问题（no.such）。"},
		{"en", "field.max", nil, "Must be at most …."},
		{"en", "field.option", fault.Args{"value": "{max}", "max": 3}, `"{max}" is not one of the options.`},
		{"zh-CN", "field.type", fault.Args{"want": "date"}, "内容的类型不正确，应为日期。"},
		{"en", "field.type", fault.Args{"want": "quaternion"}, "The value has the wrong type; quaternion is expected."},
		{"zh-CN", "form.unknown", fault.Args{"form": map[string]string{"zh-CN": "资产", "en": "Asset"}}, "没有名为“资产”的表单。"},
		{"en", "form.unknown", fault.Args{"form": map[string]string{"zh-CN": "资产"}}, `There is no form "资产".`},
		{"zh-CN", "meta.cycle", fault.Args{"path": []string{"a", "b"}}, "循环引用：a、b"},
		{"en", "form.unknown", fault.Args{"form": long}, `There is no form "` + long[:120*len("长")] + `…".`},
	}
	for _, k := range cases {
		if got := c.Text(k.locale, k.code, k.args); got != k.want {
			t.Errorf("%s %s %v: %q, want %q", k.locale, k.code, k.args, got, k.want)
		}
	}
}

func TestFaultNeverShowsItsInside(t *testing.T) {
	c := load(t)
	inside := errors.New("disk sda1 at /secret")
	cases := []struct {
		err  error
		want string
	}{
		{inside, c.Text("en", "internal", nil)},
		{fault.Wrap("op", inside), c.Text("en", "internal", nil)},
		{fault.New(fault.NotFound, "record.notFound").Because(inside), c.Text("en", "record.notFound", nil)},
		{fault.Issues{{Code: "field.required"}, {Code: "field.date"}}.Fault("op", "record.invalid"), "Values that need a change: 2."},
	}
	for _, k := range cases {
		if got := c.Fault("en", k.err); got != k.want {
			t.Errorf("%v: %q, want %q", k.err, got, k.want)
		}
	}
}
