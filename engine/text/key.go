package text

import (
	"cmp"
	"slices"
	"strings"
)

// NameKey returns the form of a name under which doubles are found: folded; brackets, punctuation and
// white space dropped, what stands in brackets kept; and the given suffixes taken off the end, longest
// first and repeatedly, as long as something is left. A suffix that begins with a letter or digit is
// taken off only where a word begins ("Inc" from "Acme, Inc." but not from "Zinc"). Suffixes compare
// without punctuation and case too, so one spelling of each is enough. Empty when nothing is left.
func NameKey(s string, suffixes []string) string {
	name := spell(s)
	ends := make([]spelling, 0, len(suffixes))
	for _, suffix := range suffixes {
		if end := spell(suffix); len(end.runes) > 0 {
			ends = append(ends, end)
		}
	}
	slices.SortStableFunc(ends, func(a, b spelling) int { return cmp.Compare(len(b.runes), len(a.runes)) })
	for name.cutOne(ends) {
	}
	// Folded again: what stood apart may compose now.
	return Fold(string(name.runes))
}

// spelling is a text's signs and word characters, and where its words began.
type spelling struct {
	runes  []rune
	begins []bool
}

func spell(s string) spelling {
	var out spelling
	eachRun(Fold(s), func(r run) bool {
		for i, c := range r.text {
			out.runes = append(out.runes, c)
			out.begins = append(out.begins, i == 0 || r.class == sign)
		}
		return true
	})
	return out
}

// cutOne takes the first of ends off that s ends in; none, if that is all of s.
func (s *spelling) cutOne(ends []spelling) bool {
	for _, end := range ends {
		at := len(s.runes) - len(end.runes)
		if at < 0 || !s.begins[at] || !slices.Equal(s.runes[at:], end.runes) {
			continue
		}
		if at == 0 {
			return false
		}
		s.runes, s.begins = s.runes[:at], s.begins[:at]
		return true
	}
	return false
}

// PhoneKey returns the form of a telephone number under which doubles are found, for people in
// mainland China. Punctuation is dropped. A number of theirs loses its country prefix (+86, 0086, or a
// bare 86 before a whole number) and gets the 0 of its area code: "+86 10 6234-5678", "(010) 62345678" →
// "01062345678"; "0086 138 1234 5678" → "13812345678". Any other country prefix stays: "0044 (0)20 7946
// 0958" → "+442079460958". An extension ("转", "分机", "ext", "x", "#") stays behind an x:
// "01062345678x12", for it reaches somebody else. Of several numbers the first counts. Empty when there
// are no digits.
func PhoneKey(s string) string {
	number, extension := phoneParts(s)
	if number == "" {
		return ""
	}
	if extension != "" {
		return number + "x" + extension
	}
	return number
}

// phoneParts returns the number as PhoneKey writes it, and its extension's digits.
func phoneParts(s string) (number, extension string) {
	s = Fold(s)
	start := strings.IndexAny(s, "+0123456789")
	if start < 0 {
		return "", ""
	}
	s = s[start:]
	if end := strings.IndexAny(s, "/,;、"); end >= 0 {
		s = s[:end]
	}
	s, rest := cutWord(s)
	extension = digitsOf(rest)
	number = digitsOf(s)
	abroad := s[0] == '+' || strings.HasPrefix(number, "00")
	if abroad {
		number = strings.TrimLeft(digitsOf(strings.Replace(s, "(0)", "", 1)), "0")
	}
	home, prefixed := strings.CutPrefix(number, "86")
	switch {
	case number == "":
		return "", ""
	case prefixed && home != "" && (abroad || isWholeAtHome(home)):
		return atHome(home), extension
	case abroad:
		return "+" + number, extension
	}
	return number, extension
}

// cutWord cuts s before the first # or word that is not of digits: what follows is an extension.
func cutWord(s string) (before, after string) {
	at := strings.IndexFunc(s, func(r rune) bool {
		return r == '#' || classOf(r) != separator && (r < '0' || r > '9')
	})
	if at >= 0 {
		return s[:at], s[at:]
	}
	return s, ""
}

// isWholeAtHome tells whether digits can be a whole number of mainland China: a mobile one, or an area
// code without its 0 and a local number.
func isWholeAtHome(digits string) bool {
	if digits[0] == '1' {
		return isMobile(digits) || len(digits) == 10 && digits[1] == '0'
	}
	return digits[0] != '0' && (len(digits) == 10 || len(digits) == 11)
}

func isMobile(digits string) bool {
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// atHome writes a number of mainland China, given without country prefix, as it is dialled there.
func atHome(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	hotline := len(digits) == 10 && (strings.HasPrefix(digits, "400") || strings.HasPrefix(digits, "800"))
	if isMobile(digits) || hotline || len(digits) <= 8 {
		return digits
	}
	return "0" + digits
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
