package text

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// class tells how a character is indexed.
type class uint8

const (
	separator class = iota
	sign
	word
)

// signs are the scripts written without blanks between words, and symbols.
var signs = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.So,
}

// classOf depends on the one character only: this is what makes the runs of a term parts of the runs of
// every text that holds it.
func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return word
		}
		return separator
	case isPlainHan(r): // for speed
		return sign
	case unicode.In(r, signs...):
		return sign
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return word
	}
	return separator
}

// run is a longest stretch of signs or of word characters.
type run struct {
	class class
	text  string
	first bool // nothing stands before it, so in a longer text the word may have begun earlier
}

// eachRun visits the runs of a folded text in order until visit returns false.
func eachRun(folded string, visit func(run) bool) {
	start, current := 0, separator
	for i, r := range folded {
		next := classOf(r)
		if next == current {
			continue
		}
		if current != separator && !visit(run{class: current, text: folded[start:i], first: start == 0}) {
			return
		}
		start, current = i, next
	}
	if current != separator {
		visit(run{class: current, text: folded[start:], first: start == 0})
	}
}

// hasRun tells whether a folded text has anything but separators.
func hasRun(folded string) bool {
	found := false
	eachRun(folded, func(run) bool { found = true; return false })
	return found
}

// index adds the tokens under which a text with this run is found, until the set is full.
func (r run) index(tokens *tokenSet) bool {
	var before rune
	for i, c := range r.text {
		// A word begins at the run's start and where letters and digits meet.
		begins := i == 0 || unicode.IsNumber(c) != unicode.IsNumber(before)
		before = c
		if r.class == sign || begins {
			if !tokens.add(part(r.text[i:], 1)) || !tokens.add(part(r.text[i:], 2)) {
				return false
			}
		}
		if r.class == word && !tokens.add(part(r.text[i:], 3)) {
			return false
		}
	}
	return true
}

// ask adds the tokens that every text holding this run as part of a term must have, until the set is full.
func (r run) ask(tokens *tokenSet) bool {
	size := 2
	if r.class == word {
		size = 3
	}
	short := part(r.text, size) == ""
	if short && (r.class == sign || !r.first) {
		return tokens.add(r.text)
	}
	for i := range r.text {
		if !tokens.add(part(r.text[i:], size)) {
			return false
		}
	}
	return true
}

// part returns the first size characters of s, or "" where there are fewer.
func part(s string, size int) string {
	end := 0
	for range size {
		_, n := utf8.DecodeRuneInString(s[end:])
		if n == 0 {
			return ""
		}
		end += n
	}
	return s[:end]
}

// tokenSet collects distinct tokens up to a limit. A list does for nearly all texts; a map takes over
// when doubles alone could fill it.
type tokenSet struct {
	limit int
	list  []string
	seen  map[string]struct{}
}

// add takes a token, if it is not empty; false says that there was no room for it.
func (t *tokenSet) add(token string) bool {
	if token == "" {
		return true
	}
	if len(t.list) >= t.limit && t.seen == nil {
		t.compact()
	}
	if t.seen == nil {
		t.list = append(t.list, token)
		return true
	}
	if _, double := t.seen[token]; double {
		return true
	}
	if len(t.list) >= t.limit {
		return false
	}
	t.seen[token] = struct{}{}
	t.list = append(t.list, token)
	return true
}

func (t *tokenSet) compact() {
	t.list = t.sorted()
	t.seen = make(map[string]struct{}, t.limit)
	for _, token := range t.list {
		t.seen[token] = struct{}{}
	}
}

// sorted returns the tokens in order, without doubles; nil when there are none.
func (t *tokenSet) sorted() []string {
	slices.Sort(t.list)
	return slices.Compact(t.list)
}
