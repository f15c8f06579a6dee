package message

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
)

// template is a text cut at its placeholders.
type template []piece

// piece is plain text, or a placeholder with a name and perhaps a group.
type piece struct {
	text, name, group string
}

var placeholder = regexp.MustCompile(`\{([a-z][A-Za-z0-9]*)(?::([a-z][A-Za-z0-9]*))?\}`)

func parseTemplate(s string) (template, error) {
	var t template
	rest := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		if at[0] > rest {
			t = append(t, piece{text: s[rest:at[0]]})
		}
		p := piece{name: s[at[2]:at[3]]}
		if at[4] >= 0 {
			p.group = s[at[4]:at[5]]
		}
		t = append(t, p)
		rest = at[1]
	}
	if rest < len(s) {
		t = append(t, piece{text: s[rest:]})
	}
	for _, p := range t {
		if strings.ContainsAny(p.text, "{}") {
			return nil, fmt.Errorf("a brace outside a placeholder in %q", s)
		}
	}
	return t, nil
}

// What an arg adds to a sentence at most, in characters: a value or a name, and what a tenant's author has said.
const (
	maxShown = 120
	maxSaid  = 600
)

// show writes an arg for people: a label map in the locale, a list with commas, the rest as Go prints it.
func show(locale string, arg any) string {
	switch arg := arg.(type) {
	case nil:
		return "…"
	case map[string]string:
		return clip(label(arg, locale), maxSaid)
	case meta.Label:
		return clip(label(arg, locale), maxSaid)
	case []string:
		separator := ", "
		if strings.HasPrefix(locale, "zh") {
			separator = "、"
		}
		return clip(strings.Join(arg, separator), maxShown)
	}
	return clip(fmt.Sprint(arg), maxShown)
}

// label picks from a label map: the locale's, the fallback's, or the first by key.
func label(labels map[string]string, locale string) string {
	for _, key := range []string{locale, Fallback} {
		if text, ok := labels[key]; ok {
			return text
		}
	}
	first := ""
	for key := range labels {
		if first == "" || key < first {
			first = key
		}
	}
	return labels[first]
}

func clip(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func asFault(err error) (*fault.Error, bool) {
	var e *fault.Error
	ok := errors.As(err, &e)
	return e, ok
}
