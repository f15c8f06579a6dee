package script

import (
	"strconv"
	"strings"
)

// Mutant is a source with one constant or comparison changed, to see whether its tests notice.
type Mutant struct {
	Line, Col int    // from 1, in characters
	Was, Now  string // long texts are cut short
	Source    string
}

// swaps are what a comparison or connective becomes.
var swaps = map[string]string{
	"<=": "<", ">=": ">", "==": "~=", "~=": "==", "<": "<=", ">": ">=", "and": "or", "or": "and", "true": "false", "false": "true",
}

// Mutants are the sources that differ in one number, text, comparison or connective. The source is only read letter by
// letter: what is Lua and what is not, a worker tells.
func Mutants(source string) []Mutant {
	var out []Mutant
	for at := 0; at < len(source); {
		size, token := nextToken(source[at:])
		if now := changed(token); now != "" {
			before := source[:at]
			line := strings.Count(before, "\n")
			column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
			out = append(out, Mutant{Line: line + 1, Col: column + 1, Was: brief(token), Now: brief(now), Source: before + now + source[at+size:]})
		}
		at += size
	}
	return out
}

// changed is what a token becomes in a mutant; "" for one that stays.
func changed(token string) string {
	if now, swapped := swaps[token]; swapped {
		return now
	}
	if token == "" {
		return ""
	}
	switch c := token[0]; {
	case c == '"' || c == '\'':
		return lengthened(token, string(c))
	case c == '[':
		level, _ := longOpening(token)
		return lengthened(token, "]"+strings.Repeat("=", level)+"]")
	case c < '0' || c > '9':
		return ""
	}
	if n, err := strconv.ParseInt(token, 10, 64); err == nil {
		return strconv.FormatInt(n+1, 10)
	}
	if n, err := strconv.ParseFloat(token, 64); err == nil {
		return strconv.FormatFloat(n+1, 'f', -1, 64)
	}
	return ""
}

// lengthened is a text with one letter more; "" for one that does not end.
func lengthened(token, closing string) string {
	text, ends := strings.CutSuffix(token, closing)
	if !ends || text == "" {
		return ""
	}
	return text + "x" + closing
}

// brief is what people are shown of a token.
func brief(token string) string {
	const most = 60
	letters := []rune(token)
	if len(letters) <= most {
		return token
	}
	return string(letters[:most/2]) + "…" + string(letters[len(letters)-most/2:])
}

// nextToken measures what a source begins with; the token is "" for what never changes: comments and space.
func nextToken(source string) (size int, token string) {
	switch c := source[0]; {
	case strings.HasPrefix(source, "--"):
		if level, isLong := longOpening(source[2:]); isLong {
			return 2 + longSize(source[2:], level), ""
		}
		return lineSize(source), ""
	case c == '"' || c == '\'':
		size = quotedSize(source, c)
		return size, source[:size]
	case c == '[':
		if level, isLong := longOpening(source); isLong {
			size = longSize(source, level)
			return size, source[:size]
		}
	case isWord(c):
		for size < len(source) && (isWord(source[size]) || source[size] == '.' && c >= '0' && c <= '9') {
			size++
		}
		return size, source[:size]
	case len(source) > 1 && source[1] == '=' && strings.IndexByte("<>=~", c) >= 0:
		return 2, source[:2]
	case c == '<' || c == '>':
		return 1, source[:1]
	}
	return 1, ""
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func lineSize(source string) int {
	if at := strings.IndexByte(source, '\n'); at >= 0 {
		return at
	}
	return len(source)
}

func quotedSize(source string, quote byte) int {
	for n := 1; n < len(source); n++ {
		switch source[n] {
		case '\\':
			n++
		case quote, '\n':
			return n + 1
		}
	}
	return len(source)
}

// longOpening tells whether a long bracket begins, [[ or [==[, and how many signs it has.
func longOpening(source string) (level int, ok bool) {
	if source == "" || source[0] != '[' {
		return 0, false
	}
	for level+1 < len(source) && source[level+1] == '=' {
		level++
	}
	return level, level+1 < len(source) && source[level+1] == '['
}

func longSize(source string, level int) int {
	closing := "]" + strings.Repeat("=", level) + "]"
	if at := strings.Index(source, closing); at >= 0 {
		return at + len(closing)
	}
	return len(source)
}
