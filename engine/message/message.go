// Package message turns codes of faults into sentences, in the reader's language.
//
// It holds texts and no logic of the engine: who faults chooses the code and its args, who answers
// chooses the locale. Labels that tenants give to their forms and fields are not here, they travel as
// args.
//
// To add a code: put one line into zh-CN.json and one into en.json, at its place in the order of keys
// and with the same placeholders in both; the tests hold order, placeholders and that every code the
// module uses has its text. A placeholder {name} shows the arg of that name; {name:group} shows the
// text of the code "group.<arg>" where there is one ({want:type} with "date" shows type.date), and the
// arg itself where not. Say what is wrong and what to do about it, and blame nobody.
package message

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"tidewater/engine/fault"
)

//go:embed zh-CN.json en.json
var files embed.FS

// Fallback is the locale of readers whose language is not spoken here.
const Fallback = "en"

// Locales lists the languages there are texts in; the first is the fallback.
func Locales() []string { return []string{Fallback, "zh-CN"} }

// Catalog holds the texts of every locale. It is immutable and safe for concurrent use.
type Catalog struct {
	texts   map[string]map[string]template // by locale, by code
	matcher language.Matcher
}

// Load reads the embedded texts. An error is a mistake in them that the tests would show.
func Load() (*Catalog, error) {
	c := &Catalog{texts: make(map[string]map[string]template)}
	var tags []language.Tag
	for _, locale := range Locales() {
		data, err := files.ReadFile(locale + ".json")
		if err != nil {
			return nil, fmt.Errorf("message: %w", err)
		}
		texts, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("message: %s: %w", locale, err)
		}
		c.texts[locale] = texts
		tags = append(tags, language.Make(locale))
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func parse(data []byte) (map[string]template, error) {
	var raw map[string]string
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	texts := make(map[string]template, len(raw))
	for code, text := range raw {
		parsed, err := parseTemplate(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
		texts[code] = parsed
	}
	return texts, nil
}

// maxAccept bounds what is read of a client's wish, in bytes.
const maxAccept = 256

// Match returns the locale here that serves a wish best: a BCP 47 tag ("zh-Hans-SG") or the value of an
// Accept-Language header ("fr, zh;q=0.8"). What cannot be read or is not spoken gets the fallback.
func (c *Catalog) Match(wish string) string {
	if _, exact := c.texts[wish]; exact {
		return wish
	}
	if wish == "" || len(wish) > maxAccept {
		return Fallback
	}
	tags, _, err := language.ParseAcceptLanguage(wish)
	if err != nil {
		return Fallback
	}
	_, index, confidence := c.matcher.Match(tags...)
	if confidence == language.No {
		return Fallback
	}
	return Locales()[index]
}

// Text returns the sentence of a code, filled with args, in the locale that serves the wish best (see
// Match). A code without text gives a general sentence that names it. A missing arg shows as "…".
func (c *Catalog) Text(locale, code string, args fault.Args) string {
	locale = c.Match(locale)
	text, known := c.texts[locale][code]
	if !known {
		text, args = c.texts[locale]["error.unknown"], fault.Args{"code": code}
	}
	return c.fill(locale, text, args)
}

// Label returns a text without args in every language, by locale.
func (c *Catalog) Label(code string) map[string]string {
	out := make(map[string]string, len(c.texts))
	for locale := range c.texts {
		out[locale] = c.Text(locale, code, nil)
	}
	return out
}

// Title returns a short heading for a kind of fault.
func (c *Catalog) Title(locale string, kind fault.Kind) string {
	return c.Text(locale, "title."+string(kind), nil)
}

// Knows tells whether the code has a text.
func (c *Catalog) Knows(code string) bool {
	_, known := c.texts[Fallback][code]
	return known
}

// Fault returns the sentence of a fault, and of any other error that of an internal one: its inside is
// never shown.
func (c *Catalog) Fault(locale string, err error) string {
	e, ok := asFault(err)
	if !ok {
		return c.Text(locale, "internal", nil)
	}
	args := e.Args
	if _, given := args["count"]; !given && len(e.Issues) > 0 {
		args = fault.Args{"count": len(e.Issues)}
		for name, value := range e.Args {
			args[name] = value
		}
	}
	return c.Text(locale, e.Code, args)
}

func (c *Catalog) fill(locale string, t template, args fault.Args) string {
	var b strings.Builder
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		shown := show(locale, args[p.name])
		if word, known := c.texts[locale][p.group+"."+shown]; known && p.group != "" {
			shown = c.fill(locale, word, nil)
		}
		b.WriteString(shown)
	}
	return b.String()
}
