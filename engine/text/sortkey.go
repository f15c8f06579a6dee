package text

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// SortKeyVersion names the order that SortKey makes. Stored keys of another version do not compare
// with these; stores keep the version and re-key when it changes.
const SortKeyVersion = 1

// sortedRunes bounds how much of a text takes part in its order.
const sortedRunes = 64

// SortKey returns a key of hexadecimal digits whose byte order is the order people expect of s:
// punctuation, then digits, Latin and other alphabets, then Han by pinyin; numbers by value (a9 before
// a10); case and accents only break ties. Only the first 64 characters count. Characters with several
// readings have one place (重庆 stands under zhong). Empty text has the empty key.
//
// Making a key takes under a microsecond; making a collator would take seven, hence the pool.
func SortKey(s string) string {
	// Normalised before it is cut: one character can stand for eighteen.
	s = head(squeeze(visible(norm.NFKC.String(head(s, 4*sortedRunes)))), sortedRunes)
	if s == "" {
		return ""
	}
	c := collators.Get().(*collator)
	defer collators.Put(c)
	c.buffer.Reset()
	return hex.EncodeToString(c.collator.KeyFromString(&c.buffer, s))
}

// collator is not safe for concurrent use, as collate.Collator is not.
type collator struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

var pinyin = language.MustParse("zh-u-co-pinyin")

var collators = sync.Pool{New: func() any {
	return &collator{collator: collate.New(pinyin, collate.Numeric)}
}}

// visible returns s without zero-width and control characters and what is not UTF-8, white space as blanks.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case isInvisible(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// head returns the first n characters of s.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
