package field

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tidewater/engine/fault"
	"tidewater/engine/text"
)

// clean returns text as it is stored: NFC, ends trimmed, line ends as \n, or as blanks when lines is
// false. Characters that nobody sees and that change what is read are refused, at the ends they go.
func clean(raw any, lines bool) (string, fault.Issues) {
	s, ok := raw.(string)
	if !ok {
		return "", wrongType("text")
	}
	if text.IsOrdinary(s) {
		return strings.Trim(s, " "), nil
	}
	s = strings.TrimFunc(norm.NFC.String(s), func(r rune) bool { return unicode.IsSpace(r) || isZeroWidth(r) })
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if !lines {
		s = strings.Map(blank, s)
	}
	if strings.ContainsFunc(s, isUnseen) {
		return "", refused("field.characters")
	}
	return s, nil
}

// narrow is clean for codes and numbers: full-width digits and letters become plain ones.
func narrow(raw any) (string, fault.Issues) {
	s, issues := clean(raw, false)
	return strings.TrimSpace(norm.NFKC.String(s)), issues
}

func blank(r rune) rune {
	if r == '\n' || r == '\t' {
		return ' '
	}
	return r
}

// isUnseen tells control characters but line ends and tabs, characters without width that no script
// needs, overrides of the writing direction, and what stands for bytes that are not UTF-8.
func isUnseen(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar:
		return true
	}
	return unicode.IsControl(r) || isZeroWidth(r)
}

// isZeroWidth leaves out the joiners U+200C and U+200D, which scripts and emoji need.
func isZeroWidth(r rune) bool { return r == 0x200b || r == 0x2060 || r == 0xfeff }
