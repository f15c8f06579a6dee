// Package text prepares words for search, order and comparison: folding, search tokens, collation
// keys, keys that find duplicates, and masks.
//
// It knows characters, not fields or records: which fields are searchable and which suffixes a name
// may carry is told by its callers. All of it is pure and safe for concurrent use. What it returns is
// stored beside records, so a change of results is a change of data: raise TokensVersion or
// SortKeyVersion with it, and stores re-key.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which search compares: compatibility forms made one (NFKC: full width to
// half width, ligatures and circled digits apart), lower case, zero-width and control characters and
// bytes that are not UTF-8 dropped, runs of white space made one blank, ends trimmed. Fold of a folded
// text is that text.
func Fold(s string) string {
	if IsOrdinary(s) {
		return squeeze(strings.Map(foldOrdinary, s))
	}
	s = strings.ToValidUTF8(s, "")
	// Lower case and dropped characters can bring parts together that compose anew, so go on until
	// nothing moves; two rounds are the rule, the bound is for text made to annoy.
	for range 4 {
		next := strings.Map(lowerVisible, norm.NFKC.String(s))
		if next == s {
			break
		}
		s = next
	}
	return squeeze(s)
}

// IsOrdinary tells whether s is made of printable ASCII, the Han that all know, their full stop and comma, and
// full-width ASCII: text that is in NFC, and of which no character meets another, so that it needs no tables.
func IsOrdinary(s string) bool {
	for _, r := range s {
		if (r < ' ' || r > '~') && !isPlainHan(r) && !isFullWidth(r) && r != '、' && r != '。' {
			return false
		}
	}
	return true
}

// isPlainHan tells characters of the first block of Han, none of which is another one's compatibility form.
func isPlainHan(r rune) bool { return 0x4e00 <= r && r <= 0x9fff }

// isFullWidth tells the compatibility forms of printable ASCII, which stand in the same order.
func isFullWidth(r rune) bool { return '！' <= r && r <= '～' }

func foldOrdinary(r rune) rune {
	if isFullWidth(r) {
		r -= '！' - '!'
	}
	if 'A' <= r && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

func lowerVisible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case isInvisible(r):
		return -1
	}
	return unicode.ToLower(r)
}

// isInvisible tells characters that nobody sees and that would keep equal words apart.
func isInvisible(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// squeeze trims s and makes each run of white space one blank.
func squeeze(s string) string {
	if !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}
