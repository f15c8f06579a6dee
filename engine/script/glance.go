package script

import (
	"slices"
	"strings"
)

// Glance is what a source shows of itself to whoever reads it letter by letter, for warnings: what is worked out, or
// goes by another name, is not seen. What is Lua and what is not, a worker tells.
type Glance struct {
	// Fields are the fields of record and old that the source names, each once, where it names them first.
	Fields []FieldNamed
	// Writes are what it writes of forms that it names, each once.
	Writes []FormWritten
	// Texts are its quoted texts.
	Texts []string
}

// FieldNamed is a field as it stands in a source.
type FieldNamed struct {
	Name      string
	Line, Col int // from 1, in characters
}

// FormWritten is a form that a function of the host API writes: create, update, delete or act.
type FormWritten struct{ Op, Form string }

// GlanceAt looks through a source.
func GlanceAt(source string) Glance {
	words := wordsOf(source)
	var out Glance
	for n := range words {
		text, isText := words[n].quoted()
		switch {
		case isText:
			out.Texts = append(out.Texts, text)
		case words.inTable(n):
		case words[n].isOneOf("create", "update", "delete", "act") && words.at(n+1, "("):
			form, isText := words.get(n + 2).quoted()
			if one := (FormWritten{words[n].text, form}); isText && !slices.Contains(out.Writes, one) {
				out.Writes = append(out.Writes, one)
			}
		case words[n].isOneOf("record", "old") && words.at(n+1, ".") && !words.at(n+2, "."):
			out.names(words.get(n+2), words.isOwn(words[n].text))
		}
	}
	return out
}

func (g *Glance) names(field word, isOwn bool) {
	named := func(f FieldNamed) bool { return f.Name == field.text }
	if isOwn && field.text != "" && isWord(field.text[0]) && !slices.ContainsFunc(g.Fields, named) {
		g.Fields = append(g.Fields, FieldNamed{field.text, field.line, field.col})
	}
}

// word is a token of a source.
type word struct {
	text      string
	line, col int
}

type words []word

func (w word) isOneOf(all ...string) bool { return slices.Contains(all, w.text) }

// quoted is the text between quotes, as it is written.
func (w word) quoted() (string, bool) {
	if len(w.text) < 2 || w.text[0] != '"' && w.text[0] != '\'' || w.text[len(w.text)-1] != w.text[0] {
		return "", false
	}
	return w.text[1 : len(w.text)-1], true
}

func (w words) get(n int) word {
	if n < 0 || n >= len(w) {
		return word{}
	}
	return w[n]
}

func (w words) at(n int, text string) bool { return w.get(n).text == text }

// inTable tells whether a name is one of a table, after a dot that does not join texts.
func (w words) inTable(n int) bool { return w.at(n-1, ".") && !w.at(n-2, ".") }

// isOwn tells whether a name means what the run was given everywhere: a source that declares or sets it means
// something of its own by it.
func (w words) isOwn(name string) bool {
	for n := range w {
		if w[n].text != name || w.inTable(n) {
			continue
		}
		declared := w.get(n-1).isOneOf("local", "for") || w.at(n+1, "in")
		set := w.at(n+1, "=") && !w.get(n-1).isOneOf("{", ",") // in a table it is a key
		listed := w.get(n-1).isOneOf(",", "(") && w.get(n+1).isOneOf(",", ")") && w.isDeclared(n)
		if declared || set || listed {
			return false
		}
	}
	return true
}

// isDeclared tells whether a name in a list is one of a function's parameters, or of what local or for declare.
func (w words) isDeclared(n int) bool {
	for n--; n >= 0; n-- {
		switch {
		case w[n].isOneOf("local", "for"):
			return true
		case w[n].text == "(":
			return w.at(n-1, "function") || w.at(n-2, "function")
		case w[n].text != "," && !isWord(w[n].text[0]):
			return false
		}
	}
	return false
}

// wordsOf cuts a source into its tokens, without comments and space.
func wordsOf(source string) words {
	var out words
	line, begins := 1, 0
	for at := 0; at < len(source); {
		size, token := nextToken(source[at:])
		if c := source[at]; token == "" && size == 1 && strings.IndexByte(" \t\r\n", c) < 0 {
			token = string(c)
		}
		if token != "" {
			out = append(out, word{token, line, len([]rune(source[begins:at])) + 1})
		}
		if ends := strings.LastIndexByte(source[at:at+size], '\n'); ends >= 0 {
			line += strings.Count(source[at:at+size], "\n")
			begins = at + ends + 1
		}
		at += size
	}
	return out
}
