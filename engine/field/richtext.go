package field

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"

	"tidewater/engine/fault"
	"tidewater/engine/meta"
	"tidewater/engine/store"
	"tidewater/engine/value"
)

// maxRich bounds what is kept, in characters of HTML, where the definition does not. Input that is many
// times as long is refused before it is read.
const (
	maxRich     = 100_000
	rawPerSaved = 4
)

// richtextKind holds formatted text, as the part of HTML that cannot do anything: paragraphs, headings,
// lists, quotes, code and links out. Whatever else was sent is left out, its text kept, scripts and styles
// whole.
func richtextKind() Kind {
	return richtextField{spec{RichText, []string{"string"}, words([]string{"x-default", "readOnly", "x-readOnlyIf", "x-mask"}, []string{"maxLength"}, searchable)}}
}

type richtextField struct{ spec }

// richPolicy is what may stay. It is what the editor of the web app can show, so that opening and saving a
// text loses nothing. A policy is never changed once it is made.
var richPolicy = newRichPolicy()

func newRichPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "h1", "h2", "h3", "strong", "b", "em", "i", "u", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,6}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

func (k richtextField) Decode(def *meta.Field, raw any) (value.Value, fault.Issues) {
	if raw == nil {
		return nil, nil
	}
	s, ok := raw.(string)
	if !ok {
		return nil, wrongType("text")
	}
	if most, long := richLimit(def), utf8.RuneCountInString(s); long > most*rawPerSaved {
		return nil, refused("field.tooLong", "max", most, "over", long-most)
	}
	s = strings.TrimSpace(richPolicy.Sanitize(strings.Map(seen, s)))
	if strings.TrimSpace(plainOf(s)) == "" && !strings.Contains(s, "<hr") {
		return nil, nil
	}
	return s, nil
}

func richLimit(def *meta.Field) int {
	if def.MaxLength != nil {
		return *def.MaxLength
	}
	return maxRich
}

// seen drops what isUnseen refuses elsewhere: what is pasted from a word processor is full of it.
func seen(r rune) rune {
	switch {
	case r == '\r':
		return '\n'
	case isUnseen(r):
		return -1
	}
	return r
}

// blocks are the elements that words on either side of do not belong together.
const blocks = " p br h1 h2 h3 pre blockquote ul ol li hr "

// plainOf is the text of sanitised HTML, a line for each block.
func plainOf(markup string) string {
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case html.ErrorToken: // the end, for reading from a text does not fail
			return strings.TrimSpace(out.String())
		case html.TextToken:
			out.Write(tokens.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if name, _ := tokens.TagName(); strings.Contains(blocks, " "+string(name)+" ") && !strings.HasSuffix(out.String(), "\n") {
				out.WriteByte('\n')
			}
		}
	}
}

func (richtextField) Encode(_ *meta.Field, v value.Value) any { return encodeText(v) }

func (richtextField) JSONSchema(def *meta.Field) map[string]any {
	return map[string]any{"type": "string", "maxLength": richLimit(def), "contentMediaType": "text/html"}
}

func (richtextField) Shape(*meta.Field) Shape { return Shape{Type: store.Text, Ops: presence} }

// Texts is what people read of it: nobody finds a record by the name of a tag.
func (k richtextField) Texts(def *meta.Field, v value.Value) []string {
	return oneText(textOrNil(k.Title(def, v, "")))
}

func (richtextField) Title(_ *meta.Field, v value.Value, _ string) string {
	s, _ := v.(string)
	return plainOf(s)
}
